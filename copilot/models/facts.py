"""Facts: what a person pinned down from a material, and each change that the material made since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base
from copilot.models.library import Material, Passage


class Fact(Base):
    """`key` identifies it across revisions of its material; `passage_id` is the passage that says it now."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_brand_status", "brand_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), index=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), index=True)
    key: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    name: Mapped[str]
    value: Mapped[str]
    amount: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    quote: Mapped[str]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    status: Mapped[str]
    origin: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    material: Mapped[Material] = relationship()
    passage: Mapped[Passage] = relationship()
    changes: Mapped[list[FactChange]] = relationship(back_populates="fact", order_by="FactChange.id")


class FactChange(Base):
    """A confirmed fact's material says something else now; `after` is empty where it says nothing.

    The fact keeps its value until a person accepts the change or dismisses it.
    """

    __tablename__ = "fact_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"), index=True)
    before: Mapped[str]
    before_quote: Mapped[str]
    before_passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"))
    after: Mapped[str] = mapped_column(default="")
    after_amount: Mapped[str] = mapped_column(default="")
    after_unit: Mapped[str] = mapped_column(default="")
    after_quote: Mapped[str] = mapped_column(default="")
    after_passage_id: Mapped[int | None] = mapped_column(ForeignKey("passage.id"))
    state: Mapped[str]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    fact: Mapped[Fact] = relationship(back_populates="changes")
