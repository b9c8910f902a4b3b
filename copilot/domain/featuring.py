"""Featured columns: what an occasion asks for, as a column that fits between those that the SOP has already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.festivals import FESTIVALS
from copilot.domain.ideas import KPIS, LENGTHS, STRUCTURES, Idea
from copilot.domain.messages import Message
from copilot.domain.occasions import (
    AHEAD_DAYS,
    Happening,
    Hot,
    Node,
    Origin,
    happenings,
    heard,
    rest,
)


@dataclass(frozen=True)
class Setting:
    """What a proposal has to fit into: the brand's columns, and its destinations with their channels."""

    language: Language
    columns: tuple[Column, ...] = ()
    destinations: Mapping[str, Channel] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A featured column as `columns.yaml` would have it, and the occasion that asks for it."""

    key: str
    day: date
    origin: Origin
    occasion: str
    why: Message
    profile: Mapping[str, Any]


def featured(
    setting: Setting, nodes: Sequence[Node], hot: Iterable[Hot], *, today: date, days: int = AHEAD_DAYS
) -> tuple[Proposal, ...]:
    """Featured columns for the days after today, soonest first: a function of these values alone.

    A festival that needs more preparation is proposed earlier than `days` ahead. One that the SOP has a column
    for already is not proposed again. On days without promotion nothing is that seeds, gives or sells.
    """
    language, tomorrow = setting.language, today + timedelta(days=1)
    furthest = max(days, *(festival.lead_days for festival in FESTIVALS.values()))
    there = {slug for column in setting.columns for slug in column.cadence.festivals}
    there |= {column.extra["occasion"] for column in setting.columns if "occasion" in column.extra}
    met = [
        *happenings(tomorrow, today + timedelta(days=furthest), language, nodes),
        *heard(hot, tomorrow, today + timedelta(days=days), language),
    ]
    found: list[Proposal] = []
    held = [(column.cadence, column.time) for column in setting.columns]
    slugs = {column.slug for column in setting.columns}
    for one in sorted(met, key=lambda one: one.rank):
        if one.idea is None or one.slug in there or one.key in there:
            continue
        if one.day > today + timedelta(days=max(days, one.lead_days)):
            continue
        if rest(one.idea.module, one.day, language) is not None:
            continue
        cadence = _cadence(one, one.idea, today)
        minute = free_minute([at for other, at in held if _meet(cadence, other)], _WANTED[one.idea.module])
        slug = _free_slug(one.slug if one.returns else f"{one.slug}-{one.day.year}", slugs)
        held.append((cadence, minute))
        slugs.add(slug)
        found.append(_proposal(setting, one, one.idea, slug, cadence, minute))
    return tuple(found)


def free_minute(taken: Iterable[time], wanted: time) -> time:
    """The minute nearest to the wanted one that is not taken.

    Where it can be, it keeps its distance from those that are, and from the full and half hour.
    """
    gone = {_minutes(one) for one in taken}
    aim, by_day = _minutes(wanted), range(8 * 60, 22 * 60 + 1)
    apart = [minute for minute in by_day if all(abs(minute - other) > _APART for other in gone)]
    for pool in ([minute for minute in apart if minute % 30 == _OFF], apart, by_day, range(24 * 60)):
        free = [minute for minute in pool if minute not in gone]
        if free:
            best = min(free, key=lambda minute: (abs(minute - aim), minute))
            return time(best // 60, best % 60)
    return wanted


_APART = 30  # Minutes between two posts to the same people; less of it feels like a flood.
_OFF = 6  # Minutes past the full and half hour, when everybody else sends.
_WANTED: Mapping[Module, time] = {
    Module.INTERACTION: time(12, 36),
    Module.NOTIFICATION: time(9, 36),
    Module.WELFARE: time(12, 36),
    Module.CONVERSION: time(20, 6),
    Module.SEEDING: time(16, 36),
    Module.WELCOME: time(9, 36),
}
_KIN: Mapping[Module, tuple[Module, ...]] = {
    Module.CONVERSION: (Module.WELFARE, Module.SEEDING),
    Module.WELFARE: (Module.CONVERSION, Module.SEEDING),
    Module.NOTIFICATION: (Module.INTERACTION,),
}
_VALUES: Mapping[Module, Value] = {
    Module.INTERACTION: Value.SOCIAL,
    Module.NOTIFICATION: Value.KNOWLEDGE,
    Module.WELFARE: Value.WELFARE,
    Module.CONVERSION: Value.WELFARE,
    Module.SEEDING: Value.KNOWLEDGE,
    Module.WELCOME: Value.WELFARE,
}


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _cadence(one: Happening, idea: Idea, today: date) -> Cadence:
    if one.returns:
        return Cadence(Every.FESTIVAL, festivals=(one.slug,))
    days = [one.day - timedelta(days=number) for number in idea.before]
    return Cadence(Every.ONCE, dates=(*(day for day in days if day > today), one.day))


def _meet(mine: Cadence, other: Cadence) -> bool:
    """Whether the two can have a post on one day: those that return meet in one year or another."""
    if mine.every is Every.ONCE:
        return any(other.occurs(day) for day in mine.dates)
    if other.every is Every.ONCE:
        return any(mine.occurs(day) for day in other.dates)
    return other.every is not Every.JOIN


def _free_slug(wanted: str, taken: Collection[str]) -> str:
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _proposal(
    setting: Setting, one: Happening, idea: Idea, slug: str, cadence: Cadence, minute: time
) -> Proposal:
    language, home = setting.language, _home(setting.columns, idea.module)
    channel = home.channel if home else next(iter(setting.destinations.values()), Channel.COMMUNITY)
    places = [slug for slug, of in setting.destinations.items() if of is channel]
    return Proposal(
        key=one.key,
        day=one.day,
        origin=one.origin,
        occasion=one.name(language),
        why=_why(one, language),
        profile={
            "slug": slug,
            "name": idea.name,
            "module": str(idea.module),
            "value": str(Value.KNOWLEDGE if idea.form is Form.QUIZ else _VALUES[idea.module]),
            "form": str(idea.form),
            "cadence": {"every": str(cadence.every), "festivals": list(cadence.festivals)}
            if cadence.festivals
            else {"every": str(cadence.every), "dates": [day.isoformat() for day in cadence.dates]},
            "time": f"{minute:%H:%M}",
            "channel": str(channel),
            "destinations": [slug for slug in places if home is None or slug in home.destinations],
            "purpose": idea.purpose,
            "kinds": [str(kind) for kind in idea.kinds],
            "length": list(home.length if home else LENGTHS[language]),
            "structure": list(STRUCTURES[language][idea.form]),
            "call_to_action": idea.call_to_action,
            "owner": home.owner if home else "",
            "kpi": KPIS[language][idea.module],
            # Says later which occasion the column came from, whatever people rename it to.
            "occasion": one.key,
        },
    )


def _home(columns: Sequence[Column], module: Module) -> Column | None:
    """The daily column whose readers and owner a featured one borrows: of its own module, else of one like it."""
    dated = [column for column in columns if column.cadence.every is not Every.JOIN]
    daily = [column for column in dated if column.cadence.every is Every.DAY] or dated
    alike = (column for kin in (module, *_KIN.get(module, ())) for column in daily if column.module is kin)
    return next(alike, daily[0] if daily else None)


def _why(one: Happening, language: Language) -> Message:
    if one.origin is Origin.FESTIVAL:
        return Message(f"featured.{'quiet' if one.is_quiet else one.kind}", {"name": one.name(language)})
    return Message(f"featured.{one.kind}", {"name": one.name(language)})
