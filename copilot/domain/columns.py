"""Columns: the recurring programmes of a community's day, and when they occur."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from copilot.domain.channels import Channel
from copilot.domain.festivals import FESTIVALS, falls_on
from copilot.domain.materials import Kind


class Module(StrEnum):
    WELCOME = "welcome"
    SEEDING = "seeding"
    INTERACTION = "interaction"
    WELFARE = "welfare"
    CONVERSION = "conversion"
    NOTIFICATION = "notification"


class Value(StrEnum):
    WELFARE = "welfare"
    KNOWLEDGE = "knowledge"
    SOCIAL = "social"


class Form(StrEnum):
    """What a post of this column is built like."""

    TEXT = "text"
    CHECK_IN = "check_in"
    POINTS = "points"
    TOPIC = "topic"
    SEEDING = "seeding"
    QUIZ = "quiz"
    POLL = "poll"
    OFFER = "offer"
    WELCOME = "welcome"
    ANNOUNCEMENT = "announcement"
    SOLITAIRE = "solitaire"  # 成语接龙: each answers with what begins where the last one ended
    DICE = "dice"
    LOTTERY = "lottery"
    RED_ENVELOPE = "red_envelope"
    PHOTO_REWARD = "photo_reward"
    VIDEO_SCRIPT = "video_script"
    LIVE_TEASER = "live_teaser"
    ARTICLE = "article"


class Every(StrEnum):
    DAY = "day"
    WEEKDAY = "weekday"
    WEEK = "week"
    MONTH = "month"
    FESTIVAL = "festival"
    ONCE = "once"
    JOIN = "join"  # an event, not a time: such a column has no dated slots of its own


@dataclass(frozen=True)
class Cadence:
    """How often a column occurs; each list belongs to one `every`, which cannot do without it.

    `weekdays` are ISO ones (1 is Monday); a day of `month_days` that a month does not have means its last;
    `festivals` are slugs. ValueError for a list that is missing, out of place or out of range: such a column
    would never come, or not when its author meant.
    """

    every: Every
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    festivals: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        lists: Mapping[Every, tuple[object, ...]] = {
            Every.WEEK: self.weekdays,
            Every.MONTH: self.month_days,
            Every.FESTIVAL: self.festivals,
            Every.ONCE: self.dates,
        }
        fits = all((every is self.every) == bool(listed) for every, listed in lists.items())
        if not (
            fits
            and all(1 <= day <= 7 for day in self.weekdays)
            and all(1 <= day <= 31 for day in self.month_days)
            and all(slug in FESTIVALS for slug in self.festivals)
        ):
            raise ValueError(f"cadence {self}")

    def __str__(self) -> str:
        """In one word, as lists on a terminal have it: `day`, `week:1,5`, `month:15`, `once:2026-12-01`."""
        listed = (*self.weekdays, *self.month_days, *self.festivals, *self.dates)
        return f"{self.every}:{','.join(map(str, listed))}" if listed else str(self.every)

    def occurs(self, day: date) -> bool:
        match self.every:
            case Every.DAY:
                return True
            case Every.WEEKDAY:
                return day.isoweekday() <= 5
            case Every.WEEK:
                return day.isoweekday() in self.weekdays
            case Every.MONTH:
                is_last = (day + timedelta(days=1)).day == 1
                return day.day in self.month_days or (is_last and max(self.month_days) > day.day)
            case Every.FESTIVAL:
                return any(falls_on(slug, day) for slug in self.festivals)
            case Every.ONCE:
                return day in self.dates
            case Every.JOIN:
                return False


@dataclass(frozen=True)
class Column:
    """One recurring programme. `length` is (least, most) in characters (Chinese) or words (English).

    A column that is `alone` never shares its minute with another one for the same destination.
    """

    id: int
    slug: str
    name: str
    module: Module
    value: Value
    form: Form
    cadence: Cadence
    time: time
    channel: Channel
    purpose: str
    kinds: tuple[Kind, ...]
    length: tuple[int, int]
    call_to_action: str
    structure: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    owner: str = ""
    kpi: str = ""
    tolerance: timedelta = timedelta(hours=2)
    alone: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_standing(self) -> bool:
        """Whether its copy answers an event and not a day: written once, it holds until it is written anew."""
        return self.cadence.every is Every.JOIN


def occurrences(column: Column, start: date, days: int, zone: str) -> Iterator[datetime]:
    """The UTC instants at which the column occurs on `days` local days from `start`.

    A wall time that a daylight-saving change skips is read with the offset before the change,
    one that it repeats means the first of the two, as PEP 495 has it with fold=0.
    """
    tz = ZoneInfo(zone)
    for offset in range(days):
        day = start + timedelta(days=offset)
        if column.cadence.occurs(day):
            yield datetime.combine(day, column.time, tzinfo=tz).astimezone(UTC)


def occurs_at(column: Column, at: datetime, zone: str) -> bool:
    """Whether this instant is one of the column's occurrences."""
    # A wall time that is skipped can come to stand on the next day.
    return at in occurrences(column, at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1), 2, zone)
