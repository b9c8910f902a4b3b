"""Posts, their immutable revisions, and what the checks said of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.domain.findings import Severity
from copilot.models.base import Base
from copilot.models.library import Passage
from copilot.models.rules import Waiver
from copilot.models.sop import Slot


class Post(Base):
    """The copy for a slot and channel. `head` is its newest revision: the only one that may be delivered."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("slot_id", "channel"),
        Index("ix_post_brand_state", "brand_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    channel: Mapped[str]
    state: Mapped[str]
    head_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, name="fk_post_head")
    )
    created_at: Mapped[datetime]
    slot: Mapped[Slot] = relationship()
    revisions: Mapped[list[Revision]] = relationship(
        back_populates="post", foreign_keys="Revision.post_id", order_by="Revision.number"
    )
    head: Mapped[Revision | None] = relationship(foreign_keys=[head_id], post_update=True)


class Revision(Base):
    """One immutable state of the text. `origin` is composer, model or person."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    text: Mapped[str]
    media: Mapped[list[str]] = mapped_column(default=list)
    channel: Mapped[str]
    digest: Mapped[str]
    origin: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    provenance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    post: Mapped[Post] = relationship(back_populates="revisions", foreign_keys=[post_id])
    claims: Mapped[list[Claim]] = relationship(order_by="Claim.start")
    findings: Mapped[list[Finding]] = relationship(order_by="Finding.start")


class Claim(Base):
    """A sentence of a revision in the ledger; one row for each passage that carries it.

    `method` says how it was decided; "" in rows from before that was kept.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    verdict: Mapped[str]
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passage.id"), index=True)
    quote: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="")
    passage: Mapped[Passage | None] = relationship()


class Finding(Base):
    """What a check said of a revision; with a waiver, a person let it stand in this seat.

    `seat` is "" in rows from before it was kept.
    """

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    check: Mapped[str]
    rule: Mapped[str]
    severity: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    reason: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    suggestion: Mapped[str | None]
    seat: Mapped[str] = mapped_column(default="")
    waiver_id: Mapped[int | None] = mapped_column(ForeignKey("waiver.id"))
    waiver: Mapped[Waiver | None] = relationship()

    @property
    def is_blocking(self) -> bool:
        """Whether it stops its revision. A waiver that was taken back is no waiver of any finding."""
        return self.severity == Severity.BLOCK and self.waiver_id is None
