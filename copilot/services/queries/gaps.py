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
    Telling,
    survey,
)
from copilot.domain.materials import Kind, Window
from copilot.domain.posts import PostState
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.queries.calendar import midnight
from copilot.services.queries.rows import local

HORIZON_DAYS = 14

# What was skipped or ran out of time was read by nobody.
_UNREAD = (PostState.SKIPPED, PostState.EXPIRED)


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
            readers=_readers(column),
            occasions=tuple(_occasions(column, dates, brand.zone, now, end, written.get(column.id, {}))),
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


def _readers(column: Column) -> frozenset[str]:
    """Who reads a column: its destinations, or whoever its channel reaches where it names none."""
    return frozenset(column.destinations or (str(column.channel),))


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


def _written(session: Session, brand: int, now: datetime, end: datetime) -> dict[int, dict[datetime, bool]]:
    """The calendar's slots of these days by column, and whether someone wrote for each."""
    rows = session.execute(
        select(models.Slot.column_id, models.Slot.starts_at, func.count(models.Post.head_id))
        .outerjoin(models.Post, (models.Post.slot_id == models.Slot.id) & models.Post.state.not_in(_UNREAD))
        .where(models.Slot.brand_id == brand, models.Slot.starts_at >= now, models.Slot.starts_at < end)
        .group_by(models.Slot.id)
    )
    found: dict[int, dict[datetime, bool]] = defaultdict(dict)
    for column, at, posts in rows:
        found[column][at] = posts > 0
    return found


def _lots(session: Session, brand: int, now: datetime, end: datetime) -> list[Lot]:
    """All that can be found, grouped by kind and window; what was told lately and each story stand alone."""
    by_digest, by_story = _tellings(session, brand, now, end)
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


def _tellings(
    session: Session, brand: int, now: datetime, end: datetime
) -> tuple[dict[str, set[Telling]], dict[int, set[Telling]]]:
    """Who reads or read what, from one rest before now on: by the text of a passage, and by the story's material.

    A post that is on its way is read where its deliveries go, one that is not yet where its column goes.
    """
    rows = session.execute(
        select(
            models.Post.id,
            models.Slot.starts_at,
            models.Column,
            models.Passage.digest,
            models.Passage.kind,
            models.MaterialRevision.material_id,
        )
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .join(models.Claim, models.Claim.revision_id == models.Post.head_id)
        .join(models.Passage, models.Passage.id == models.Claim.passage_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(
            models.Post.brand_id == brand,
            models.Post.state.not_in(_UNREAD),
            models.Slot.starts_at > now - REST,
            models.Slot.starts_at < end,
        )
    ).all()
    delivered: dict[int, set[str]] = defaultdict(set)
    for post, slug in session.execute(
        select(models.Delivery.post_id, models.Destination.slug)
        .join(models.Destination, models.Destination.id == models.Delivery.destination_id)
        .where(models.Delivery.post_id.in_({row[0] for row in rows}))
    ):
        delivered[post].add(slug)
    by_digest: dict[str, set[Telling]] = defaultdict(set)
    by_story: dict[int, set[Telling]] = defaultdict(set)
    columns = {row[2].id: loading.column(row[2]) for row in rows}
    for post, at, column, digest, kind, story in rows:
        readers = frozenset(delivered.get(post) or _readers(columns[column.id]))
        telling = Telling(at, column.slug, readers)
        if Kind(kind) in STORIES:
            by_story[story].add(telling)
        else:
            by_digest[digest].add(telling)
    return by_digest, by_story
