"""SOP versions, their columns, and the dated slots of the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base


class Sop(Base):
    """A versioned set of columns; the newest active one makes the calendar."""

    __tablename__ = "sop"
    __table_args__ = (UniqueConstraint("brand_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    version: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    columns: Mapped[list[Column]] = relationship(back_populates="sop", order_by="Column.position")


class Column(Base):
    """A column as data: what code decides on is in fields of its own, the rest in `profile`."""

    __tablename__ = "column"
    __table_args__ = (UniqueConstraint("sop_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"))
    position: Mapped[int]
    slug: Mapped[str]
    name: Mapped[str]
    module: Mapped[str]
    channel: Mapped[str]
    profile: Mapped[dict[str, Any]]
    sop: Mapped[Sop] = relationship(back_populates="columns")


class Slot(Base):
    """One dated occurrence of a column; unique, so that planning can run again at any time."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("column_id", "starts_at"),
        Index("ix_slot_brand_starts", "brand_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    column_id: Mapped[int] = mapped_column(ForeignKey("column.id"))
    starts_at: Mapped[datetime]
    column: Mapped[Column] = relationship()
