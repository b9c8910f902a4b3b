"""What models were asked and what it cost, and how their drafts scored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Usage(Base):
    """One call of a model. `cost` is in millionths of the currency that prices are given in, None where the price
    or the tokens are not known. `outcome` is done, stopped, or the reason of the failure."""

    __tablename__ = "usage"
    __table_args__ = (Index("ix_usage_brand_at", "brand_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    at: Mapped[datetime]
    model: Mapped[str]
    purpose: Mapped[str]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cost: Mapped[int | None]
    seconds: Mapped[float]
    outcome: Mapped[str]


class Evaluation(Base):
    """A set of briefs, drafted and scored by one writer with one set of prompts, to be compared with another."""

    __tablename__ = "evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    name: Mapped[str]
    writer: Mapped[str]
    prompts: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    drafts: Mapped[list[dict[str, Any]]]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
