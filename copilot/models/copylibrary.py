"""The copy library: approved copy and replies by scene, and what each rests on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base
from copilot.models.library import Passage


class CopyEntry(Base):
    """A text that may be said again. The guards refuse another text under a standing approval."""

    __tablename__ = "copy_entry"
    __table_args__ = (Index("ix_copy_entry_brand_status", "brand_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    scene: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    status: Mapped[str]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    citations: Mapped[list[CopyCitation]] = relationship(
        back_populates="entry", order_by="CopyCitation.id", cascade="all, delete-orphan"
    )


class CopyCitation(Base):
    """A passage that carries a sentence of an entry."""

    __tablename__ = "copy_citation"
    __table_args__ = (UniqueConstraint("entry_id", "passage_id", "quote"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("copy_entry.id"))
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), index=True)
    quote: Mapped[str]
    entry: Mapped[CopyEntry] = relationship(back_populates="citations")
    passage: Mapped[Passage] = relationship()
