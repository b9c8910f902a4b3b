"""Brands, the versions of their voice, and their destinations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Brand(Base):
    """`rest_days` is how long a selling point rests before the same people read it again; `model_budget` what
    models may cost in a calendar month, in millionths of the currency that prices are given in, None for no limit.
    """

    __tablename__ = "brand"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str]
    language: Mapped[str]
    members_called: Mapped[str] = mapped_column(default="")
    products: Mapped[list[str]] = mapped_column(default=list)
    rest_days: Mapped[int] = mapped_column(default=14)
    model_budget: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class Voice(Base):
    """One version of a brand's voice; the newest is the one in force. `note` says why there is a new one."""

    __tablename__ = "voice"
    __table_args__ = (UniqueConstraint("brand_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    version: Mapped[int]
    profile: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class Destination(Base):
    __tablename__ = "destination"
    __table_args__ = (UniqueConstraint("brand_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    slug: Mapped[str]
    name: Mapped[str]
    channel: Mapped[str]
    adapter: Mapped[str] = mapped_column(default="manual")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    enabled: Mapped[bool] = mapped_column(default=True)
