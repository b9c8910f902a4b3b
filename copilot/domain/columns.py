"""Columns: the recurring programmes of a community's day, and when they occur."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from copilot.domain.channels import Channel
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
    """How often a column occurs; `weekdays` are ISO ones (1 is Monday), and only `Every.WEEK` has any.

    ValueError for a week without weekdays: such a column would never come.
    """

    every: Every
    weekdays: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if (self.every is Every.WEEK) != bool(self.weekdays) or not all(
            1 <= day <= 7 for day in self.weekdays
        ):
            raise ValueError(f"cadence {self.every} with weekdays {self.weekdays}")

    def occurs(self, day: date) -> bool:
        match self.every:
            case Every.DAY:
                return True
            case Every.WEEKDAY:
                return day.isoweekday() <= 5
            case Every.WEEK:
                return day.isoweekday() in self.weekdays
            case Every.MONTH | Every.FESTIVAL | Every.ONCE | Every.JOIN:
                return False


@dataclass(frozen=True)
class Column:
    """One recurring programme. `length` is (least, most) in characters (Chinese) or words (English)."""

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
    extra: Mapping[str, Any] = field(default_factory=dict)


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
