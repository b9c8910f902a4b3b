"""What is said around posts: questions that members asked, and scripts for the staff who keep a group alive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Question(Base):
    """A member's question and the reply that was found for it. `state` is answered, open (no material covers it),
    covered or dismissed; an open one is a gap of the library."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_brand_state", "brand_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    text: Mapped[str]
    state: Mapped[str]
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked: Mapped[int] = mapped_column(default=1)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_at: Mapped[datetime | None]


class Script(Base):
    """Follow-up lines for named staff around one revision of a post; each line has a person, minutes and text."""

    __tablename__ = "script"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    lines: Mapped[list[dict[str, Any]]]
    provenance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
