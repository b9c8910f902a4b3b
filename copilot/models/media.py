"""Media: pictures with their alt text, and the materials they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Media(Base):
    """A picture of a brand. `digest` names its bytes among the blobs; `retired_at` takes it out of every choice."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("brand_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    digest: Mapped[str]
    name: Mapped[str]
    mime: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class MaterialMedia(Base):
    """A picture that belongs to a material, in its place among the material's pictures."""

    __tablename__ = "material_media"

    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
