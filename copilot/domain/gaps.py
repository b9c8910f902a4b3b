"""Gaps: what the columns of the coming days will lack, played through slot by slot before anyone has to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from copilot.domain.materials import KINDS_BY_FAMILY, Family, Kind, Window

STORIES = frozenset(KINDS_BY_FAMILY[Family.UGC])
REST = timedelta(days=14)
"""How long a passage rests between two tellings to the same people."""
STORY_EVERY = timedelta(days=7)
"""How often a column that draws on members' stories should carry one."""


class Mark(StrEnum):
    """How a slot is supplied. Thin: it can be written, but not with anything that its readers have not read."""

    WRITTEN = "written"
    ENOUGH = "enough"
    THIN = "thin"
    NOTHING = "nothing"


class Reason(StrEnum):
    """Why a slot lacks something; the first three leave it with nothing at all to write from."""

    MISSING = "missing"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    USED = "used"
    STORY_MISSING = "story_missing"
    STORY_USED = "story_used"


@dataclass(frozen=True)
class Telling:
    """A passage in a post: when its slot is, in which column (by slug), and who reads it."""

    at: datetime
    column: str
    readers: frozenset[str]


@dataclass(frozen=True)
class Lot:
    """Passages of one kind and window that stand or fall together, and can carry `tellings` posts anew.

    A member's story is one lot with one telling, however many passages it has: told once, it is told.
    """

    kind: Kind
    window: Window
    passages: int = 1
    tellings: int = 1
    told: tuple[Telling, ...] = ()


@dataclass(frozen=True)
class Occasion:
    """A slot to come. A written one needs nothing more."""

    at: datetime
    is_written: bool = False


@dataclass(frozen=True)
class Demand:
    """A column with its slots of these days. Of one for newcomers everything is new: nothing in it is ever used up."""

    slug: str
    kinds: tuple[Kind, ...]
    readers: frozenset[str]
    occasions: tuple[Occasion, ...]
    is_for_newcomers: bool = False


@dataclass(frozen=True)
class Supply:
    """What a slot can be written from: valid passages, the fresh among them, and fresh members' stories."""

    at: datetime
    mark: Mark
    valid: int
    fresh: int
    stories: int
    reason: Reason | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Lack:
    """What to add before `at`, and for how many slots it is missing. `since`: when the last of it is used or expires."""

    column: str
    at: datetime
    reason: Reason
    kinds: tuple[Kind, ...]
    slots: int
    since: datetime | None


@dataclass(frozen=True)
class Line:
    """One column's days: a supply for each of its slots, and what it lacks, soonest first."""

    column: str
    supplies: tuple[Supply, ...]
    lacks: tuple[Lack, ...]


@dataclass
class _Stock:
    """A lot as the days go by: `taken` counts, by reader, the tellings that slots still to be written will use."""

    lot: Lot
    taken: Counter[str] = field(default_factory=Counter)
    last: datetime | None = None

    def left(self, demand: Demand, at: datetime) -> int:
        """How many more posts to these readers it can carry at this time."""
        if demand.is_for_newcomers:
            return self.lot.tellings
        if any(told.at > at - REST and told.readers & demand.readers for told in self.lot.told):
            return 0
        return self.lot.tellings - max((self.taken[reader] for reader in demand.readers), default=0)

    def fresh(self, demand: Demand, at: datetime) -> int:
        """The same in passages."""
        return self.lot.passages * self.left(demand, at) // self.lot.tellings

    def take(self, demand: Demand, at: datetime) -> None:
        used = max((self.taken[reader] for reader in demand.readers), default=0) + 1
        self.taken.update({reader: used - self.taken[reader] for reader in demand.readers})
        self.last = at

    def last_told(self, demand: Demand, before: datetime) -> datetime | None:
        """When its last telling to these readers before this time is, one still to be written included."""
        told = [one.at for one in self.lot.told if one.at < before and one.readers & demand.readers]
        if self.last is not None and any(self.taken[reader] for reader in demand.readers):
            told.append(self.last)
        return max(told, default=None)


def survey(demands: Sequence[Demand], lots: Iterable[Lot]) -> tuple[Line, ...]:
    """Plays the slots of all columns through in the order of time; every one not yet written uses one fresh passage.

    A slot that can choose takes what runs out soonest, then what the fewest columns can use, and leaves
    members' stories to the slots that are due one.
    """
    stocks = [_Stock(lot) for lot in lots]
    wanted = Counter(kind for demand in demands for kind in demand.kinds)
    stores = {
        demand.slug: sorted(
            (stock for stock in stocks if stock.lot.kind in demand.kinds),
            key=lambda stock: (stock.lot.kind in STORIES, _end(stock.lot.window), wanted[stock.lot.kind]),
        )
        for demand in demands
    }
    stories = {demand.slug: _own_stories(demand, stores[demand.slug]) for demand in demands}
    supplies: dict[str, list[Supply]] = {demand.slug: [] for demand in demands}
    events = [(one, demand) for demand in demands for one in demand.occasions]
    for occasion, demand in sorted(events, key=lambda event: event[0].at):
        supplies[demand.slug].append(_supply(occasion, demand, stores[demand.slug], stories[demand.slug]))
    return tuple(
        Line(demand.slug, tuple(supplies[demand.slug]), _lacks(demand, supplies[demand.slug]))
        for demand in demands
    )


def _supply(occasion: Occasion, demand: Demand, store: Sequence[_Stock], told: list[datetime]) -> Supply:
    at = occasion.at
    valid = [stock for stock in store if stock.lot.window.covers(at)]
    fresh = [stock for stock in valid if stock.left(demand, at) > 0]
    mark, reason, since = Mark.ENOUGH, None, None
    due = not demand.is_for_newcomers and _is_due(demand, at, told)
    if occasion.is_written:
        mark = Mark.WRITTEN
    elif not valid:
        mark = Mark.NOTHING
        reason, since = _why_nothing(store, at)
    elif not fresh:
        mark, reason, since = Mark.THIN, Reason.USED, _last(valid, demand, at)
        if STORIES.issuperset(demand.kinds):
            reason = Reason.STORY_USED
    elif due and not any(stock.lot.kind in STORIES for stock in fresh):
        mark = Mark.THIN
        since = _last([stock for stock in valid if stock.lot.kind in STORIES], demand, at)
        reason = Reason.STORY_USED if since is not None else Reason.STORY_MISSING
    supply = Supply(
        at=at,
        mark=mark,
        valid=sum(stock.lot.passages for stock in valid),
        fresh=sum(stock.fresh(demand, at) for stock in fresh),
        stories=sum(stock.left(demand, at) for stock in fresh if stock.lot.kind in STORIES),
        reason=reason,
        since=since,
    )
    if not occasion.is_written and not demand.is_for_newcomers:
        if due:
            # Told or missed, the next one is due a week on: one lack is said once, not every day after.
            told.append(at)
        choice = next((stock for stock in fresh if due and stock.lot.kind in STORIES), None) or next(
            iter(fresh), None
        )
        if choice is not None:
            choice.take(demand, at)
    return supply


def _is_due(demand: Demand, at: datetime, told: Sequence[datetime]) -> bool:
    """Whether this slot should carry a member's story: its column draws on them, and had none within a week."""
    draws = not STORIES.isdisjoint(demand.kinds)
    return draws and all(abs(at - one) >= STORY_EVERY for one in told)


def _own_stories(demand: Demand, store: Iterable[_Stock]) -> list[datetime]:
    """When this column told members' stories, or will."""
    return [
        told.at
        for stock in store
        if stock.lot.kind in STORIES
        for told in stock.lot.told
        if told.column == demand.slug
    ]


def _why_nothing(store: Sequence[_Stock], at: datetime) -> tuple[Reason, datetime | None]:
    ends = [end for stock in store if (end := stock.lot.window.end) is not None and end <= at]
    starts = [start for stock in store if (start := stock.lot.window.start) is not None and start > at]
    if ends:
        return Reason.EXPIRED, max(ends)
    return (Reason.NOT_YET, min(starts)) if starts else (Reason.MISSING, None)


def _last(stocks: Iterable[_Stock], demand: Demand, at: datetime) -> datetime | None:
    return max((told for stock in stocks if (told := stock.last_told(demand, at)) is not None), default=None)


def _lacks(demand: Demand, supplies: Sequence[Supply]) -> tuple[Lack, ...]:
    """One lack for each reason: the first slot that it meets says by when, the others are counted."""
    by_reason: dict[Reason, list[Supply]] = {}
    for supply in supplies:
        if supply.reason is not None:
            by_reason.setdefault(supply.reason, []).append(supply)
    return tuple(
        Lack(
            column=demand.slug,
            at=met[0].at,
            reason=reason,
            kinds=_to_add(demand, reason),
            slots=len(met),
            since=met[0].since,
        )
        for reason, met in by_reason.items()
    )


def _to_add(demand: Demand, reason: Reason) -> tuple[Kind, ...]:
    if reason in (Reason.STORY_MISSING, Reason.STORY_USED):
        return tuple(kind for kind in demand.kinds if kind in STORIES)
    return demand.kinds


def _end(window: Window) -> float:
    return window.end.timestamp() if window.end is not None else float("inf")
