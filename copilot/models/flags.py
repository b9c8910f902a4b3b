"""Flags: what an unsent post was written from has changed, and what became of that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base
from copilot.models.library import Material
from copilot.models.posts import Post


class Flag(Base):
    """One quote of one revision of a post that its material no longer bears out.

    While it is open the guards refuse every approval and delivery of that revision. `now` is what the
    material says instead, empty where it says nothing; `patches` are the edits that would follow it,
    each {"start", "end", "text", "replacement"} in code points of the revision's text.
    """

    __tablename__ = "flag"
    __table_args__ = (Index("ix_flag_revision_resolved", "revision_id", "resolved_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), index=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"))
    cause: Mapped[str]
    quote: Mapped[str]
    now: Mapped[str] = mapped_column(default="")
    patches: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    resolution: Mapped[str] = mapped_column(default="")
    post: Mapped[Post] = relationship()
    material: Mapped[Material] = relationship()
