"""The gap report as rows: what each column of the active SOP will lack in the coming days, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.columns import Column, Every, occurrences
from copilot.domain.gaps import (
    REST,
    STORIES,
    Demand,
    Lack,
    Line,
    Lot,
    Mark,
    Occasion,
    Reason,
    Supply,
    survey,
)
from copilot.domain.materials import Kind, Window
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.queries.calendar import midnight
from copilot.services.queries.rows import local
from copilot.services.tellings import UNREAD, readers, tellings

HORIZON_DAYS = 14


@dataclass(frozen=True)
class LackRow:
    """A lack with its column's name; times in the brand's zone. `since` is when the last of it is used or runs out."""

    column: str
    name: str
    slot: datetime
    reason: Reason
    kinds: tuple[Kind, ...]
    slots: int
    since: datetime | None
    is_for_newcomers: bool


@dataclass(frozen=True)
class GapDay:
    """A column's day: `mark` is its worst slot's, and None on a day without one."""

    date: date
    mark: Mark | None
    supplies: tuple[Supply, ...]


@dataclass(frozen=True)
class ColumnGaps:
    slug: str
    name: str
    module: str
    is_for_newcomers: bool
    draws_on_stories: bool
    days: tuple[GapDay, ...]
    lacks: tuple[LackRow, ...]

    @property
    def slots(self) -> int:
        return sum(len(day.supplies) for day in self.days)

    def count(self, mark: Mark) -> int:
        return sum(supply.mark is mark for day in self.days for supply in day.supplies)


@dataclass(frozen=True)
class GapReport:
    dates: tuple[date, ...]
    columns: tuple[ColumnGaps, ...]

    @property
    def lacks(self) -> tuple[LackRow, ...]:
        """Of all columns, soonest first."""
        return tuple(sorted((one for row in self.columns for one in row.lacks), key=lambda one: one.slot))


class GapQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def report(self, *, brand: int, days: int = HORIZON_DAYS) -> GapReport:
        """From now through the last of these local days, today being the first."""
        with self._db.read() as session:
            return report(session, loading.one(session, models.Brand, brand), self._clock(), days)


def report(session: Session, brand: models.Brand, now: datetime, days: int = HORIZON_DAYS) -> GapReport:
    """As `GapQueries.report`, for whoever has a session open already."""
    zone = ZoneInfo(brand.zone)
    today = now.astimezone(zone).date()
    dates = tuple(today + timedelta(days=offset) for offset in range(days))
    end = midnight(today + timedelta(days=days), zone)
    columns = [loading.column(row) for row in loading.active_columns(session, brand.id)]
    written = _written(session, brand.id, now, end)
    demands = [
        Demand(
            slug=column.slug,
            kinds=tuple(kind for kind in column.kinds if kind is not Kind.COMPETITOR_NOTE),
            readers=readers(column),
            occasions=tuple(_occasions(column, dates, brand.zone, now, end, written.get(column.slug, {}))),
            is_for_newcomers=column.cadence.every is Every.JOIN,
        )
        for column in columns
    ]
    lines = survey(demands, _lots(session, brand.id, now, end))
    return GapReport(
        dates=dates,
        columns=tuple(
            _column(column, line, dates, brand.zone) for column, line in zip(columns, lines, strict=True)
        ),
    )


def _column(column: Column, line: Line, dates: Iterable[date], zone: str) -> ColumnGaps:
    joins = column.cadence.every is Every.JOIN
    by_day: dict[date, list[Supply]] = defaultdict(list)
    for supply in line.supplies:
        by_day[local(supply.at, zone).date()].append(supply)
    order = (Mark.NOTHING, Mark.THIN, Mark.ENOUGH, Mark.WRITTEN)
    return ColumnGaps(
        slug=column.slug,
        name=column.name,
        module=column.module,
        is_for_newcomers=joins,
        draws_on_stories=not STORIES.isdisjoint(column.kinds),
        days=tuple(
            GapDay(
                date=day,
                mark=min((supply.mark for supply in by_day[day]), key=order.index, default=None),
                supplies=tuple(by_day[day]),
            )
            for day in dates
        ),
        lacks=tuple(_lack(lack, column, joins, zone) for lack in line.lacks),
    )


def _lack(lack: Lack, column: Column, joins: bool, zone: str) -> LackRow:
    return LackRow(
        column=column.slug,
        name=column.name,
        slot=local(lack.at, zone),
        reason=lack.reason,
        kinds=lack.kinds,
        slots=lack.slots,
        since=local(lack.since, zone) if lack.since is not None else None,
        is_for_newcomers=joins,
    )


def _occasions(
    column: Column,
    dates: tuple[date, ...],
    zone: str,
    now: datetime,
    end: datetime,
    written: dict[datetime, bool],
) -> Iterable[Occasion]:
    """The column's slots of these days, whether or not the calendar holds them yet; for newcomers each day is one."""
    if column.cadence.every is Every.JOIN:
        days = (midnight(day, ZoneInfo(zone)) for day in dates[1:])
        return [Occasion(at) for at in (now, *days)]
    planned = {at for at in occurrences(column, dates[0], len(dates), zone) if now <= at < end}
    return [Occasion(at, written.get(at, False)) for at in sorted(planned | written.keys())]


def _written(session: Session, brand: int, now: datetime, end: datetime) -> dict[str, dict[datetime, bool]]:
    """The calendar's slots of these days by column, of whichever version, and whether someone wrote for each."""
    rows = session.execute(
        select(models.Column.slug, models.Slot.starts_at, func.count(models.Post.head_id))
        .join(models.Slot, models.Slot.column_id == models.Column.id)
        .outerjoin(models.Post, (models.Post.slot_id == models.Slot.id) & models.Post.state.not_in(UNREAD))
        .where(models.Slot.brand_id == brand, models.Slot.starts_at >= now, models.Slot.starts_at < end)
        .group_by(models.Slot.id)
    )
    found: dict[str, dict[datetime, bool]] = defaultdict(dict)
    for column, at, posts in rows:
        found[column][at] = found[column].get(at, False) or posts > 0
    return found


def _lots(session: Session, brand: int, now: datetime, end: datetime) -> list[Lot]:
    """All that can be found, grouped by kind and window; what was told lately and each story stand alone."""
    told_of = tellings(session, brand, now - REST, end)
    by_digest, by_story = told_of.by_digest, told_of.by_story
    passage = models.Passage
    findable = (passage.brand_id == brand, passage.live.is_(True))
    edges = (passage.kind, passage.valid_from, passage.valid_until)
    stories = [str(kind) for kind in STORIES]
    fresh = session.execute(
        select(*edges, func.count())
        .where(*findable, passage.kind.not_in(stories), passage.digest.not_in(by_digest))
        .group_by(*edges)
    )
    lots = [Lot(Kind(kind), Window(start, until), count, count) for kind, start, until, count in fresh]
    told = session.execute(
        select(*edges, passage.digest).where(
            *findable, passage.kind.not_in(stories), passage.digest.in_(by_digest)
        )
    )
    lots += [
        Lot(Kind(kind), Window(start, until), told=tuple(by_digest[digest]))
        for kind, start, until, digest in told
    ]
    material = models.MaterialRevision.material_id
    members = session.execute(
        select(*edges, func.count(), material)
        .join(models.MaterialRevision, models.MaterialRevision.id == passage.revision_id)
        .where(*findable, passage.kind.in_(stories))
        .group_by(*edges, material)
    )
    lots += [
        Lot(Kind(kind), Window(start, until), count, 1, tuple(by_story.get(story, ())))
        for kind, start, until, count, story in members
    ]
    return lots
