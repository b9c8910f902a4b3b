"""Brands, the versions of their voice, and their destinations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Brand(Base):
    __tablename__ = "brand"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str]
    language: Mapped[str]
    members_called: Mapped[str] = mapped_column(default="")
    products: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class Voice(Base):
    """One version of a brand's voice; the newest is the one in force."""

    __tablename__ = "voice"
    __table_args__ = (UniqueConstraint("brand_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    version: Mapped[int]
    profile: Mapped[dict[str, Any]]
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
