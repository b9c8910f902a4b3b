"""What gives a week its colour: the community's own days, decisions on featured columns, and the main line."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Node(Base):
    """A day of the community's own: its first meeting, an anniversary, a vote. `kind` is one of those or other."""

    __tablename__ = "node"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    day: Mapped[date] = mapped_column(Date)
    yearly: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class FeaturedDecision(Base):
    """What a person said to the proposal of a featured column; `key` is its occasion and day, `state` accepted or
    dismissed. `column` is the slug of the column that an accepted one became."""

    __tablename__ = "featured_decision"
    __table_args__ = (UniqueConstraint("brand_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    key: Mapped[str]
    state: Mapped[str]
    column: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]


class MainLine(Base):
    """The one thing that ties a week's posts together; `week` is its Monday."""

    __tablename__ = "main_line"
    __table_args__ = (UniqueConstraint("brand_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    week: Mapped[date] = mapped_column(Date)
    line: Mapped[str]
    set_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime]
