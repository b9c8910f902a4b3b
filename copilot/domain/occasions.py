"""Occasions: what the coming days hold for a community, which of them are quiet, and what ties a week together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from copilot.domain import festivals
from copilot.domain.brands import Language
from copilot.domain.columns import Module
from copilot.domain.festivals import Festival, FestivalKind
from copilot.domain.ideas import FESTIVAL_IDEAS, HOT_IDEAS, NEW_PRODUCT_LINES, NODE_IDEAS, Idea
from copilot.domain.materials import Kind
from copilot.domain.messages import Message

AHEAD_DAYS = 14
QUIET_MODULES = frozenset({Module.CONVERSION, Module.WELFARE, Module.SEEDING})
"""What a day without promotion does without."""
MOST_LINE: Mapping[Language, int] = {Language.ZH: 60, Language.EN: 20}
"""The longest main line, in characters and words."""
_MOST_CHARACTERS = 200


class NodeKind(StrEnum):
    FIRST_MEETING = "first_meeting"
    ANNIVERSARY = "anniversary"
    VOTE = "vote"
    OTHER = "other"


class Origin(StrEnum):
    """Where an occasion comes from; of two on one day the community's own is told first."""

    NODE = "node"
    FESTIVAL = "festival"
    HOT = "hot"


@dataclass(frozen=True)
class Node:
    """A day of the community's own. A yearly one on 29 February is kept on the 28th where there is none."""

    id: int
    kind: NodeKind
    name: str
    day: date
    yearly: bool = False

    def days(self, start: date, end: date) -> list[date]:
        """Its days from `start` to `end`, both included; never one before it came into being."""
        years = range(max(start.year, self.day.year), end.year + 1) if self.yearly else [self.day.year]
        return [day for year in years if start <= (day := self._in(year)) <= end]

    def _in(self, year: int) -> date:
        try:
            return self.day.replace(year=year)
        except ValueError:
            return date(year, 2, 28)


@dataclass(frozen=True)
class Hot:
    """A hot event of the library with the first and the last day on which it may be told."""

    material: int
    kind: Kind
    title: str
    first: date
    last: date


@dataclass(frozen=True)
class Happening:
    """Something on a day. Without an idea nothing is proposed for it; on a quiet one nothing is sold.

    `returns` where the same column fits every year; `until` is the last day of what may be told on several.
    """

    day: date
    slug: str
    origin: Origin
    kind: str
    zh: str
    en: str
    idea: Idea | None
    is_quiet: bool = False
    lead_days: int = AHEAD_DAYS
    returns: bool = False
    until: date | None = None

    def name(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en

    @property
    def key(self) -> str:
        """What a decision about it is known by: a day that stays, however long people take to decide."""
        return f"{self.slug}:{(self.until or self.day).isoformat()}"

    @property
    def rank(self) -> tuple[date, int, bool, str]:
        """A day's own occasions come first and its solar terms last."""
        return self.day, list(Origin).index(self.origin), self.kind == FestivalKind.SOLAR_TERM, self.slug


@dataclass(frozen=True)
class Quiet:
    """A day without promotion: which modules rest on it, and why."""

    festival: Festival
    modules: frozenset[Module]
    reason: Message


def quiet(day: date, audience: Language) -> Quiet | None:
    """Why nothing should be sold to these readers on this day; None for a day like others."""
    for _, festival in festivals.between(day, day, audience):
        if not festival.promotes:
            reason = Message("featured.quiet", {"name": festival.name(audience)})
            return Quiet(festival, QUIET_MODULES, reason)
    return None


def rest(module: Module, day: date, audience: Language) -> Message | None:
    """Why a column of this module rests on this day; None where it does not."""
    found = quiet(day, audience)
    return found.reason if found is not None and module in found.modules else None


def is_quiet(day: date, audience: Language) -> bool:
    return quiet(day, audience) is not None


def happenings(start: date, end: date, audience: Language, nodes: Iterable[Node] = ()) -> list[Happening]:
    """Festivals and the community's own days from `start` to `end`, in the order of days and rank."""
    shared = [_shared(day, festival, audience) for day, festival in festivals.between(start, end, audience)]
    own = [
        Happening(
            day=day,
            slug=f"node-{node.id}",
            origin=Origin.NODE,
            kind=node.kind,
            zh=node.name,
            en=node.name,
            idea=NODE_IDEAS[audience][node.kind].about(node.name),
        )
        for node in nodes
        for day in node.days(start, end)
    ]
    return sorted([*shared, *own], key=lambda one: one.rank)


def heard(events: Iterable[Hot], start: date, end: date, language: Language) -> Iterator[Happening]:
    """Hot events on the first day from `start` on that they may be told and that is not a quiet one."""
    for event in events:
        day, last = max(start, event.first), min(end, event.last)
        while day <= last and is_quiet(day, language):
            day += timedelta(days=1)
        if day <= last:
            yield Happening(
                day=day,
                slug=f"hot-{event.material}",
                origin=Origin.HOT,
                kind=event.kind,
                zh=event.title,
                en=event.title,
                idea=HOT_IDEAS[language].about(event.title),
                until=event.last,
            )


def suggest_line(
    week: date,
    language: Language,
    nodes: Sequence[Node],
    hot: Sequence[Hot],
    new_products: Iterable[str],
    *,
    today: date,
) -> str:
    """What could tie the week that begins on this Monday together; "" where nothing offers itself.

    The nearest occasion of the week, else a hot event, else the nearest occasion of the week after it, else a
    new product.
    """
    first, last = max(week, today), week + timedelta(days=6)
    here = happenings(first, last, language, nodes)
    soon = happenings(last + timedelta(days=1), last + timedelta(days=7), language, nodes)
    # A hot event is told in the first week that it can be, and not week after week.
    news = [one for one in heard(hot, today, last, language) if one.day >= first]
    met = [*here, *news, *soon]
    lines = [_lines(one, language) for one in met if not one.is_quiet]
    lines += [[NEW_PRODUCT_LINES[language].format(name=name), name] for name in new_products]
    return next((line for choices in lines for line in choices if line_fits(line, language)), "")


def line_fits(line: str, language: Language) -> bool:
    size = len(line) if language is Language.ZH else len(line.split())
    return size <= MOST_LINE[language] and len(line) <= _MOST_CHARACTERS


def monday(day: date) -> date:
    """The Monday of the day's week, by which a week is known."""
    return day - timedelta(days=day.weekday())


def _shared(day: date, festival: Festival, audience: Language) -> Happening:
    return Happening(
        day=day,
        slug=festival.slug,
        origin=Origin.FESTIVAL,
        kind=festival.kind,
        zh=festival.zh,
        en=festival.en,
        idea=FESTIVAL_IDEAS[audience].get(festival.slug),
        is_quiet=not festival.promotes,
        lead_days=festival.lead_days,
        # The terms of a sale are other ones every year; what people do on a festival is not.
        returns=festival.kind is not FestivalKind.RETAIL,
    )


def _lines(one: Happening, language: Language) -> list[str]:
    """A main line from an occasion, and a shorter one for a name that leaves no room."""
    if one.idea is None:
        return []
    name = one.name(language)
    if one.origin is not Origin.FESTIVAL:
        return [one.idea.purpose, name]
    purpose = one.idea.purpose
    joined = f"{name}：{purpose}" if language is Language.ZH else f"{name}: {purpose[0].lower()}{purpose[1:]}"
    return [joined, name]
