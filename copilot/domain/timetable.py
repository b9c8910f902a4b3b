"""The timetable of an SOP: which columns meet in one minute, where a minute is free, and a week as it hangs on the wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from copilot.domain.columns import Column

_AHEAD_DAYS = 400
"""How far ahead a meeting is looked for: a festival that was just over comes again within it."""

_STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class Clash:
    """Two columns that reach the same people in the same minute, for the first time on `day`."""

    slug: str
    name: str
    day: date
    is_refused: bool


def clashes(column: Column, others: Iterable[Column], today: date) -> tuple[Clash, ...]:
    """Whom the column would meet from today on, itself left out; refused where one of the two stands alone."""
    return tuple(
        Clash(other.slug, other.name, day, column.alone or other.alone)
        for other in others
        if other.slug != column.slug
        and other.time == column.time
        and _share_readers(column, other)
        and (day := _first_meeting(column, other, today)) is not None
    )


def free_minute(column: Column, others: Sequence[Column], today: date) -> time:
    """The column's own time, or the next step of five minutes at which it meets nobody; its own where there is none."""
    at = datetime.combine(today, column.time)
    tried = (at + step * _STEP for step in range(24 * 12))
    free = (one.time() for one in tried if not clashes(replace(column, time=one.time()), others, today))
    return next(free, column.time)


@dataclass(frozen=True)
class Run:
    """A stretch of the week: `days` from the one numbered `first` (0 is Monday), on which a column occurs or not."""

    first: int
    days: int
    occurs: bool


@dataclass(frozen=True)
class Line:
    """One column's line in the week."""

    column: Column
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Hour:
    """A time of the day with the columns that occur at it."""

    time: time
    lines: tuple[Line, ...]


def week(columns: Iterable[Column], monday: date) -> tuple[Hour, ...]:
    """The week that begins on this Monday, its times in order; a column that does not occur in it is left out."""
    days = [monday + timedelta(days=offset) for offset in range(7)]
    lines = [
        Line(column, _runs([column.cadence.occurs(day) for day in days]))
        for column in sorted(columns, key=lambda one: one.time)
        if any(column.cadence.occurs(day) for day in days)
    ]
    return tuple(Hour(at, tuple(found)) for at, found in groupby(lines, key=lambda line: line.column.time))


def next_day(column: Column, today: date) -> date | None:
    """The day on which the column comes next, today included; None where that is more than a year off, or never."""
    days = (today + timedelta(days=offset) for offset in range(_AHEAD_DAYS))
    return next((day for day in days if column.cadence.occurs(day)), None)


def _runs(marks: Sequence[bool]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for occurs, found in groupby(range(len(marks)), key=marks.__getitem__):
        listed = list(found)
        if occurs:
            runs.append(Run(listed[0], len(listed), True))
        else:
            # Days without it stay apart, so that the lines between the days can be seen.
            runs += [Run(day, 1, False) for day in listed]
    return tuple(runs)


def _share_readers(one: Column, other: Column) -> bool:
    """A column that names no destination reaches whoever its channel does."""
    if one.destinations and other.destinations:
        return not set(one.destinations).isdisjoint(other.destinations)
    return one.channel is other.channel


def _first_meeting(one: Column, other: Column, today: date) -> date | None:
    days = (today + timedelta(days=offset) for offset in range(_AHEAD_DAYS))
    return next((day for day in days if one.cadence.occurs(day) and other.cadence.occurs(day)), None)
