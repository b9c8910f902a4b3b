"""The SOP as rows: the week as a timetable, its columns, what could be added, and what each version changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.columntemplates import ColumnTemplate, column_of
from copilot.domain.festivals import Festival, between
from copilot.domain.timetable import Clash, Hour, clashes, free_minute, next_day, week
from copilot.domain.welcome import Part, part_of
from copilot.errors import NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.columntemplates import all_templates, template
from copilot.services.queries.rows import SlotCard, local, post_card
from copilot.services.queries.sopversions import (
    Comparison,
    RemovedRow,
    VersionRow,
    author_of,
    compared,
    removed_of,
    sops_of,
    versions_of,
)
from copilot.services.sopversions import newest_sop


@dataclass(frozen=True)
class DestinationRow:
    slug: str
    name: str
    channel: Channel
    enabled: bool


@dataclass(frozen=True)
class ColumnRow:
    """A column with the names of its destinations; `next_day` is None for one without days, or whose days are over."""

    column: Column
    destinations: tuple[str, ...]
    clashes: tuple[Clash, ...]
    next_day: date | None
    is_this_week: bool

    @property
    def welcome_parts(self) -> tuple[tuple[str, Part | None], ...]:
        return tuple((name, part_of(name)) for name in self.column.structure)


@dataclass(frozen=True)
class StandingRow:
    """A column that answers an event, and its newest copy if somebody began one."""

    row: ColumnRow
    card: SlotCard | None


@dataclass(frozen=True)
class SopView:
    """`version` is 0 for a brand without an SOP; `days` are those of the week that `hours` tells."""

    version: int
    at: datetime | None
    author: str
    note: str
    today: date
    days: tuple[date, ...]
    hours: tuple[Hour, ...]
    columns: tuple[ColumnRow, ...]
    standing: tuple[StandingRow, ...]
    removed: tuple[RemovedRow, ...]

    @property
    def later(self) -> tuple[ColumnRow, ...]:
        """What has days, but none of this week."""
        return tuple(row for row in self.columns if not row.is_this_week and not row.column.is_standing)


@dataclass(frozen=True)
class Choice:
    """A time at which a template can be added: the one it asks for, or the next free one after it."""

    asked: time
    free: time
    taken_by: str


@dataclass(frozen=True)
class TemplateRow:
    """A template as this brand would have it; `choices` is empty for a column that answers an event."""

    template: ColumnTemplate
    column: Column
    destinations: tuple[str, ...]
    choices: tuple[Choice, ...]
    is_there: bool


@dataclass(frozen=True)
class ColumnView:
    """One column with what its form needs, and the versions in which it became something else, newest first."""

    row: ColumnRow
    version: int
    history: tuple[VersionRow, ...]
    same_as_now: frozenset[int]


class SopQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def view(self, *, brand: int) -> SopView:
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            today = self._today(home)
            sops = sops_of(session, brand)
            newest = sops[-1] if sops else None
            rows = self._rows(session, home, today)
            monday = today - timedelta(days=today.weekday())
            return SopView(
                version=newest.version if newest is not None else 0,
                at=local(newest.created_at, home.zone) if newest is not None else None,
                author=author_of(session, newest) if newest is not None else "",
                note=newest.note if newest is not None else "",
                today=today,
                days=tuple(monday + timedelta(days=offset) for offset in range(7)),
                hours=week([row.column for row in rows], monday),
                columns=tuple(rows),
                standing=tuple(
                    StandingRow(row, self._standing_card(session, home, row.column.slug))
                    for row in rows
                    if row.column.is_standing
                ),
                removed=removed_of(sops),
            )

    def version(self, *, brand: int) -> int:
        """The number of the newest version, 0 for a brand without an SOP."""
        with self._db.read() as session:
            newest = newest_sop(session, brand)
            return newest.version if newest is not None else 0

    def column(self, slug: str, *, brand: int) -> ColumnView:
        """NotFound for a column that the newest version does not have."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            rows = self._rows(session, home, self._today(home))
            row = next((row for row in rows if row.column.slug == slug), None)
            if row is None:
                raise NotFound("column", slug)
            sops = sops_of(session, brand)
            profiles = {
                sop.version: next((one.profile for one in sop.columns if one.slug == slug), None)
                for sop in sops
            }
            current = profiles[sops[-1].version]
            versions = versions_of(session, sops, home.zone)
            told = [
                version
                for version in versions
                if profiles[version.number] is not None
                and profiles[version.number] != profiles.get(version.number - 1)
            ]
            return ColumnView(
                row=row,
                version=sops[-1].version,
                history=tuple(reversed(told)),
                same_as_now=frozenset(number for number, profile in profiles.items() if profile == current),
            )

    def destinations(self, *, brand: int) -> tuple[DestinationRow, ...]:
        with self._db.read() as session:
            return tuple(_destinations(session, brand).values())

    def festivals(self, *, brand: int, also: Collection[str] = ()) -> tuple[tuple[date, Festival], ...]:
        """The next day of each festival of the brand's audience, and of these others, in the order of days."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
        today = self._today(home)
        met = {
            festival.slug: (day, festival)
            for audience in Language
            for day, festival in reversed(between(today, today + timedelta(days=400), audience))
            if audience == home.language or festival.slug in also
        }
        return tuple(sorted(met.values(), key=lambda one: (one[0], one[1].slug)))

    def templates(self, *, brand: int) -> tuple[TemplateRow, ...]:
        """Every template as this brand would have it, and at which times it meets nobody."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            return tuple(self._template(session, home, one) for one in all_templates())

    def from_template(self, slug: str, *, brand: int) -> TemplateRow:
        with self._db.read() as session:
            return self._template(session, loading.one(session, models.Brand, brand), template(slug))

    def versions(self, *, brand: int) -> tuple[VersionRow, ...]:
        """Newest first."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            return tuple(reversed(versions_of(session, sops_of(session, brand), home.zone)))

    def removed(self, *, brand: int) -> tuple[RemovedRow, ...]:
        with self._db.read() as session:
            return removed_of(sops_of(session, brand))

    def compare(self, older: int, newer: int, *, brand: int) -> Comparison:
        """What two versions differ in; NotFound for one that there is not."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            return compared(session, brand, older, newer, home.zone)

    def _today(self, home: models.Brand) -> date:
        return self._clock().astimezone(ZoneInfo(home.zone)).date()

    def _rows(self, session: Session, home: models.Brand, today: date) -> list[ColumnRow]:
        columns = [loading.column(row) for row in loading.active_columns(session, home.id)]
        named = _destinations(session, home.id)
        monday = today - timedelta(days=today.weekday())
        days = [monday + timedelta(days=offset) for offset in range(7)]
        return [
            ColumnRow(
                column=column,
                destinations=tuple(named[slug].name for slug in column.destinations if slug in named),
                clashes=clashes(column, columns, today),
                next_day=next_day(column, today),
                is_this_week=any(column.cadence.occurs(day) for day in days),
            )
            for column in columns
        ]

    def _template(self, session: Session, home: models.Brand, wanted: ColumnTemplate) -> TemplateRow:
        today = self._today(home)
        columns = [loading.column(row) for row in loading.active_columns(session, home.id)]
        named = _destinations(session, home.id)
        enabled = [(row.slug, row.channel) for row in named.values() if row.enabled]
        language = Language(home.language)
        column = column_of(wanted, language, enabled)
        choices = []
        for asked in wanted.times if not column.is_standing else ():
            there = column_of(wanted, language, enabled, asked)
            met = clashes(there, columns, today)
            choices.append(Choice(asked, free_minute(there, columns, today), met[0].name if met else ""))
        return TemplateRow(
            template=wanted,
            column=column,
            destinations=tuple(named[slug].name for slug in column.destinations),
            choices=tuple(choices),
            is_there=any(one.slug == wanted.slug for one in columns),
        )

    def _standing_card(self, session: Session, home: models.Brand, slug: str) -> SlotCard | None:
        post = session.scalar(
            select(models.Post)
            .join(models.Slot, models.Slot.id == models.Post.slot_id)
            .join(models.Column, models.Column.id == models.Slot.column_id)
            .where(
                models.Post.brand_id == home.id, models.Column.slug == slug, models.Post.head_id.is_not(None)
            )
            .order_by(models.Slot.starts_at.desc(), models.Post.id)
            .limit(1)
        )
        return post_card(session, home, post, self._clock()) if post is not None else None


def _destinations(session: Session, brand: int) -> dict[str, DestinationRow]:
    rows = session.scalars(
        select(models.Destination).where(models.Destination.brand_id == brand).order_by(models.Destination.id)
    )
    return {row.slug: DestinationRow(row.slug, row.name, Channel(row.channel), row.enabled) for row in rows}
