"""Which rules hold for a brand, and what people let stand although a rule objects to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base
from copilot.models.people import User


class RuleBook(Base):
    """One version of the rules that hold for a brand; the newest is in force, and the list of them is the log.

    A brand without any keeps to the packs of its language. `note` says why there is a new one.
    """

    __tablename__ = "rule_book"
    __table_args__ = (UniqueConstraint("brand_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    version: Mapped[int]
    rules: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class Waiver(Base):
    """A person's word that what a rule objects to may stand in one post: these words, under this rule, in this seat.

    The seat is the digest of the sentence that they read, or of the whole copy; "" in rows from before it was kept.
    It is given once and may be taken back once; nothing else of it changes.
    """

    __tablename__ = "waiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    check: Mapped[str]
    rule: Mapped[str]
    text: Mapped[str]
    seat: Mapped[str]
    reason: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author: Mapped[User] = relationship(foreign_keys=[author_id])
