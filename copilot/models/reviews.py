"""Approvals with what each covers, and the notes people leave on a revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base
from copilot.models.people import User


class Approval(Base):
    """A person's yes to one digest, for its destinations and a time window. Only withdrawal may change it."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    digest: Mapped[str]
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    approver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approver: Mapped[User] = relationship(foreign_keys=[approver_id])
    destinations: Mapped[list[ApprovalDestination]] = relationship()


class ApprovalDestination(Base):
    __tablename__ = "approval_destination"

    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), primary_key=True)
    destination_id: Mapped[int] = mapped_column(ForeignKey("destination.id"), primary_key=True)


class Note(Base):
    """What a reviewer asked for, or an author answered, about one revision."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str]
    created_at: Mapped[datetime]
    author: Mapped[User] = relationship()
