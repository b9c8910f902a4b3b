"""The audit log: append-only, one row an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Audit(Base):
    """`action` is subject.event in the past tense, e.g. `post.approved`; `data` holds no secret and no password."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brand.id"))
    subject: Mapped[str]
    subject_id: Mapped[int]
    action: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
