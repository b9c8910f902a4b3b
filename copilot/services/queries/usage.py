"""What models were asked for and what it cost: a brand's calls by month, purpose and failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from copilot import models
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading

_WELL = ("done", "stopped")


@dataclass(frozen=True)
class Tally:
    """Sums over calls. `cost` is in millionths of the currency, and leaves out the `unpriced` calls."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    unpriced: int = 0
    seconds: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost + other.cost,
            self.unpriced + other.unpriced,
            self.seconds + other.seconds,
        )

    @property
    def is_priced(self) -> bool:
        return self.calls > self.unpriced


@dataclass(frozen=True)
class MonthRow:
    """A calendar month as the brand counts it, by its first day. Purposes and reasons come most frequent first."""

    first: date
    purposes: tuple[tuple[str, Tally], ...] = ()
    failures: tuple[tuple[str, int], ...] = ()
    total: Tally = field(default_factory=Tally)

    @property
    def failed(self) -> int:
        return sum(count for _, count in self.failures)


class UsageQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def months(self, *, brand: int, count: int = 12) -> tuple[MonthRow, ...]:
        """This month first, and then those of the last `count` in which a model was asked."""
        with self._db.read() as session:
            zone = ZoneInfo(loading.one(session, models.Brand, brand).zone)
        today = self._clock().astimezone(zone).date()
        firsts = [_months_before(today, back) for back in range(count)]
        rows = self._rows(brand, firsts, zone)
        return (rows[0], *(row for row in rows[1:] if row.total.calls))

    def month(self, first: date, *, brand: int) -> MonthRow:
        """The month that begins on this day."""
        with self._db.read() as session:
            zone = ZoneInfo(loading.one(session, models.Brand, brand).zone)
        return self._rows(brand, [first], zone)[0]

    def _rows(self, brand: int, firsts: list[date], zone: ZoneInfo) -> list[MonthRow]:
        """One row a month; `firsts` are first days without a gap, the latest first."""
        usage = models.Usage
        which = case(*((usage.at >= _begin(first, zone), place) for place, first in enumerate(firsts)))
        known = func.count(usage.cost)
        with self._db.read() as session:
            found = session.execute(
                select(
                    which.label("month"),
                    usage.purpose,
                    usage.outcome,
                    func.count(),
                    func.coalesce(func.sum(usage.input_tokens), 0),
                    func.coalesce(func.sum(usage.output_tokens), 0),
                    func.coalesce(func.sum(usage.cost), 0),
                    func.count() - known,
                    func.sum(usage.seconds),
                )
                .where(
                    usage.brand_id == brand,
                    usage.at >= _begin(firsts[-1], zone),
                    usage.at < _begin(_months_before(firsts[0], -1), zone),
                )
                .group_by("month", usage.purpose, usage.outcome)
            ).all()
        by_month: dict[int, list[tuple[str, str, Tally]]] = defaultdict(list)
        for month, purpose, outcome, *sums in found:
            by_month[month].append((purpose, outcome, Tally(*sums)))
        return [_row(first, by_month[place]) for place, first in enumerate(firsts)]


def _row(first: date, parts: Iterable[tuple[str, str, Tally]]) -> MonthRow:
    purposes: dict[str, Tally] = defaultdict(Tally)
    failures: dict[str, int] = defaultdict(int)
    for purpose, outcome, tally in parts:
        purposes[purpose] += tally
        if outcome not in _WELL:
            failures[outcome] += tally.calls
    return MonthRow(
        first,
        tuple(sorted(purposes.items(), key=lambda item: (-item[1].calls, item[0]))),
        tuple(sorted(failures.items(), key=lambda item: (-item[1], item[0]))),
        sum(purposes.values(), Tally()),
    )


def _months_before(day: date, back: int) -> date:
    """The first day of the month so many before this day's."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _begin(first: date, zone: ZoneInfo) -> datetime:
    return datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
