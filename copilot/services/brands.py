"""Brands: creating one by hand, and what lists of brands and columns show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from copilot import models
from copilot.domain.brands import Language
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading
from copilot.services.queries.rows import BrandRow, brand_row

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class ColumnRow:
    slug: str
    name: str
    module: str
    cadence: str
    time: str


class Brands:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def create(self, *, slug: str, name: str, zone: str, language: str) -> int:
        """A brand with an empty library and a plain voice. InvalidInput names each field that does not fit."""
        problems: dict[str, str] = {}
        if not _SLUG.fullmatch(slug):
            problems["slug"] = "invalid.slug"
        if not name.strip():
            problems["name"] = "invalid.empty"
        if language not in set(Language):
            problems["language"] = "invalid.language"
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            problems["zone"] = "invalid.zone"
        if problems:
            raise InvalidInput(problems, value=", ".join(sorted(problems)))
        now = self._clock()
        with self._db.write() as session:
            if session.scalar(select(models.Brand.id).where(models.Brand.slug == slug)) is not None:
                raise Conflict("error.brand_exists", slug=slug)
            row = models.Brand(slug=slug, name=name.strip(), zone=zone, language=language, created_at=now)
            session.add(row)
            session.flush()
            voice = {"persona": name.strip(), "address": "你" if language == Language.ZH else "you"}
            session.add(models.Voice(brand_id=row.id, version=1, profile=voice, created_at=now))
            auditing.record(
                session, at=now, actor=None, brand=row.id, subject="brand", identity=row.id, event="created"
            )
            return row.id

    def by_slug(self, slug: str) -> BrandRow:
        with self._db.read() as session:
            return brand_row(loading.brand_by_slug(session, slug))

    def all(self) -> list[BrandRow]:
        with self._db.read() as session:
            return [brand_row(row) for row in session.scalars(select(models.Brand).order_by(models.Brand.id))]

    def of_post(self, post: int) -> BrandRow:
        """The brand that a post belongs to, for whoever has nothing but the post's number."""
        with self._db.read() as session:
            row = loading.one(session, models.Post, post)
            return brand_row(loading.one(session, models.Brand, row.brand_id))

    def destinations(self, brand: int) -> dict[str, int]:
        """The ids of the brand's destinations by slug."""
        with self._db.read() as session:
            rows = session.execute(
                select(models.Destination.slug, models.Destination.id).where(
                    models.Destination.brand_id == brand
                )
            )
            return {row.slug: row.id for row in rows}

    def of_person(self, user: int) -> list[BrandRow]:
        """The brands in which this person has a role."""
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Brand)
                .join(models.Membership, models.Membership.brand_id == models.Brand.id)
                .where(models.Membership.user_id == user)
                .order_by(models.Brand.id)
            )
            return [brand_row(row) for row in rows]

    def columns(self, brand: int) -> list[ColumnRow]:
        """The active SOP's columns in their order."""
        with self._db.read() as session:
            columns = [loading.column(row) for row in loading.active_columns(session, brand)]
        return [
            ColumnRow(
                slug=column.slug,
                name=column.name,
                module=column.module,
                cadence=str(column.cadence),
                time=column.time.strftime("%H:%M"),
            )
            for column in columns
        ]
