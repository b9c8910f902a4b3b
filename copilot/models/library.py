"""Materials, their immutable revisions, the passages that are cited, and the cache of vectors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base


class Material(Base):
    """A source document. `path` is its name inside the brand's library and identifies it on a sync."""

    __tablename__ = "material"
    __table_args__ = (UniqueConstraint("brand_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    path: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    current_id: Mapped[int | None] = mapped_column(
        ForeignKey("material_revision.id", use_alter=True, name="fk_material_current")
    )
    attribution: Mapped[str] = mapped_column(default="")
    consent: Mapped[str] = mapped_column(default="")
    # Names that copy must never say, such as those of the competitors that a note is about.
    names: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    revisions: Mapped[list[MaterialRevision]] = relationship(
        back_populates="material",
        foreign_keys="MaterialRevision.material_id",
        order_by="MaterialRevision.number",
    )
    current: Mapped[MaterialRevision | None] = relationship(foreign_keys=[current_id], post_update=True)


class MaterialRevision(Base):
    """What a material said at one time, and under which kind, title and window.

    `cause` is `file` for new content and `settings` for a new window, title or kind of the same content.
    `indexed_at` is empty until its passages can be found.
    """

    __tablename__ = "material_revision"
    __table_args__ = (UniqueConstraint("material_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    number: Mapped[int]
    cause: Mapped[str] = mapped_column(default="file")
    kind: Mapped[str]
    title: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int]
    characters: Mapped[int]
    warning: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    indexed_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    material: Mapped[Material] = relationship(back_populates="revisions", foreign_keys=[material_id])
    passages: Mapped[list[Passage]] = relationship(back_populates="revision", order_by="Passage.ordinal")


class Passage(Base):
    """A chunk of a material revision: the unit that is embedded and cited.

    Passages of former revisions stay, because sent posts cite them; `live` says which can be found.
    """

    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_brand_live", "brand_id", "live"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("material_revision.id"), index=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    ordinal: Mapped[int]
    kind: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    digest: Mapped[str]
    heading: Mapped[list[str]] = mapped_column(default=list)
    locator: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    live: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[MaterialRevision] = relationship(back_populates="passages")


class CachedVector(Base):
    """A vector by embedder and content, so that nothing is embedded twice. Little-endian float32."""

    __tablename__ = "cached_vector"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
