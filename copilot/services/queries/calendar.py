"""The calendar as rows: a week of days, each with its slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copilot import models
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.queries.rows import SlotCard, slot_cards


@dataclass(frozen=True)
class Day:
    date: date
    is_today: bool
    is_past: bool
    slots: tuple[SlotCard, ...]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday in the brand's zone."""

    start: date
    days: tuple[Day, ...]

    @property
    def previous(self) -> date:
        return self.start - timedelta(days=7)

    @property
    def following(self) -> date:
        return self.start + timedelta(days=7)


class CalendarQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def week(self, *, brand: int, around: date | None = None) -> Week:
        """The week that holds `around`, or today where it is not given."""
        now = self._clock()
        with self._db.read() as session:
            row = loading.one(session, models.Brand, brand)
            zone = ZoneInfo(row.zone)
            today = now.astimezone(zone).date()
            day = around or today
            monday = day - timedelta(days=day.weekday())
            start, end = midnight(monday, zone), midnight(monday + timedelta(days=7), zone)
            cards = slot_cards(session, row, start, end, now)
        days = tuple(
            Day(
                date=(current := monday + timedelta(days=offset)),
                is_today=current == today,
                is_past=current < today,
                slots=tuple(card for card in cards if card.starts_at.date() == current),
            )
            for offset in range(7)
        )
        return Week(monday, days)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
