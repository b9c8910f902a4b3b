"""Deliveries: one attempt-tracked row for this revision, to this destination, at this time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.domain.delivery import LIVE
from copilot.models.base import Base
from copilot.models.brands import Destination
from copilot.models.posts import Post, Revision

LIVE_STATES = ", ".join(f"'{state}'" for state in sorted(LIVE))


class Delivery(Base):
    """`fence` grows with each claim, so that a worker whose lease ran out cannot write a result."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "uq_delivery_live",
            "slot_id",
            "destination_id",
            unique=True,
            sqlite_where=text(f"state IN ({LIVE_STATES})"),
            postgresql_where=text(f"state IN ({LIVE_STATES})"),
        ),
        Index("ix_delivery_state_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("destination.id"))
    digest: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    key: Mapped[str | None] = mapped_column(unique=True)
    outcome: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    post: Mapped[Post] = relationship()
    revision: Mapped[Revision] = relationship()
    destination: Mapped[Destination] = relationship()
