"""Reads a column that a person filled in, field by field, so that each fault stands beside what it is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from copilot.domain.brands import Language
from copilot.domain.channels import LIMITS, Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.delivery import LONG_OVER
from copilot.domain.festivals import FESTIVALS
from copilot.domain.materials import Kind
from copilot.domain.timetable import clashes, free_minute
from copilot.domain.welcome import structure_in_order
from copilot.errors import InvalidInput
from copilot.services import values

Choice = TypeVar("Choice", bound=StrEnum)

MOST_NAME = 40
MOST_TEXT = 400
MOST_PARTS = 12
MOST_PART = 40
MOST_DATES = 60
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_WHOLE = re.compile(r"\d{1,7}")
# What a unit of length takes at least, so that a length which can never fit its channel is refused.
_BYTES = {Language.ZH: 3, Language.EN: 5}
_CHARACTERS = {Language.ZH: 1, Language.EN: 5}
_KNOWN = frozenset({one.name for one in fields(Column)} | {"tolerance_minutes"})


@dataclass(frozen=True)
class Home:
    """What a brand's column has to fit into; `others` are the columns beside it."""

    language: Language
    destinations: Mapping[str, Channel]
    others: Sequence[Column]
    today: date


def read(profile: Mapping[str, Any], home: Home) -> Column:
    """The column of a profile as `columns.yaml` has it, numbers as text allowed.

    InvalidInput names every field that does not fit: `every`, `weekdays`, `days`, `festivals` and `dates` stand
    for the cadence.
    """
    reading = _Reading(profile, home)
    column = reading.column()
    if column is not None:
        reading.meet(column)
    if reading.problems or column is None:
        raise InvalidInput(reading.problems, **reading.values)
    return column


@dataclass
class _Reading:
    profile: Mapping[str, Any]
    home: Home
    problems: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(
        default_factory=lambda: {"most_name": MOST_NAME, "most_text": MOST_TEXT, "most_parts": MOST_PARTS}
    )

    def column(self) -> Column | None:
        """None where something that everything else hangs on is missing; the problems say what."""
        slug, name = self._slug(), self._text("name", needed=True, most=MOST_NAME)
        every = self._cadence()
        at = self._time(every)
        channel = self._choice(Channel, "channel")
        module, value = self._choice(Module, "module"), self._choice(Value, "value")
        form = self._choice(Form, "form")
        texts = {key: self._text(key) for key in ("call_to_action", "owner", "kpi")}
        purpose = self._text("purpose", needed=True)
        kinds = self._kinds()
        length = self._length(channel)
        structure = self._structure(form)
        destinations = self._destinations(channel)
        tolerance = self._tolerance(every)
        if (
            every is None
            or at is None
            or channel is None
            or length is None
            or module is None
            or value is None
            or form is None
        ):
            return None
        return Column(
            id=0,
            slug=slug,
            name=name,
            module=module,
            value=value,
            form=form,
            cadence=every,
            time=at,
            channel=channel,
            purpose=purpose,
            kinds=kinds,
            length=length,
            structure=structure,
            destinations=destinations,
            tolerance=tolerance,
            alone=bool(self.profile.get("alone")),
            extra={key: value for key, value in self.profile.items() if key not in _KNOWN},
            **texts,
        )

    def meet(self, column: Column) -> None:
        """A column that stands alone is not put into another one's minute, nor another one into its own."""
        refused = next(
            (one for one in clashes(column, self.home.others, self.home.today) if one.is_refused), None
        )
        if refused is not None:
            free = free_minute(column, self.home.others, self.home.today)
            self._refuse(
                "time",
                "invalid.column_minute",
                other=refused.name,
                taken=column.time.strftime("%H:%M"),
                free=free.strftime("%H:%M"),
            )

    def _refuse(self, field: str, message: str, **values: Any) -> None:
        self.problems[field] = message
        self.values.update(values)

    def _slug(self) -> str:
        slug = str(self.profile.get("slug") or "").strip()
        if not values.COLUMN_SLUG.fullmatch(slug):
            self._refuse("slug", "invalid.column_slug")
        elif any(other.slug == slug for other in self.home.others):
            self._refuse("slug", "invalid.column_double", slug=slug)
        return slug

    def _text(self, key: str, *, needed: bool = False, most: int = MOST_TEXT) -> str:
        said = str(self.profile.get(key) or "").strip()
        if needed and not said:
            self._refuse(key, "invalid.empty")
        elif len(said) > most:
            self._refuse(key, "invalid.column_name_long" if key == "name" else "invalid.column_text_long")
        return said

    def _choice(self, kind: type[Choice], key: str) -> Choice | None:
        try:
            return kind(str(self.profile.get(key)))
        except ValueError:
            self._refuse(key, "invalid.column_choice")
            return None

    def _cadence(self) -> Cadence | None:
        said = self.profile.get("cadence")
        said = said if isinstance(said, Mapping) else {}
        try:
            every = Every(str(said.get("every")))
        except ValueError:
            self._refuse("every", "invalid.column_choice")
            return None
        match every:
            case Every.WEEK:
                weekdays = self._numbers("weekdays", said, range(1, 8), "invalid.column_weekdays")
                return Cadence(every, weekdays=weekdays) if weekdays else None
            case Every.MONTH:
                days = self._numbers("days", said, range(1, 32), "invalid.column_days")
                return Cadence(every, month_days=days) if days else None
            case Every.FESTIVAL:
                festivals = tuple(dict.fromkeys(_listed(said.get("festivals"))))
                if not festivals or not all(slug in FESTIVALS for slug in festivals):
                    self._refuse("festivals", "invalid.column_festivals")
                    return None
                return Cadence(every, festivals=festivals)
            case Every.ONCE:
                dates = self._dates(said)
                return Cadence(every, dates=dates) if dates else None
            case Every.DAY | Every.WEEKDAY | Every.JOIN:
                return Cadence(every)

    def _numbers(
        self, key: str, said: Mapping[str, Any], allowed: Collection[int], message: str
    ) -> tuple[int, ...]:
        texts = _listed(said.get(key))
        if not texts or not all(_WHOLE.fullmatch(one) and int(one) in allowed for one in texts):
            self._refuse(key, message)
            return ()
        return tuple(sorted({int(one) for one in texts}))

    def _dates(self, said: Mapping[str, Any]) -> tuple[date, ...]:
        texts = _listed(said.get("dates"))
        try:
            dates = tuple(sorted({date.fromisoformat(one) for one in texts}))
        except ValueError:
            dates = ()
        if not 0 < len(dates) <= MOST_DATES:
            self._refuse("dates", "invalid.column_dates")
            return ()
        if dates[-1] < self.home.today:
            self._refuse("dates", "invalid.column_past")
        return dates

    def _time(self, every: Cadence | None) -> time | None:
        """Whoever joins does so at any hour: such a column has none."""
        if every is not None and every.every is Every.JOIN:
            return time()
        found = _TIME.fullmatch(str(self.profile.get("time") or "").strip())
        if found is None:
            self._refuse("time", "invalid.column_time")
            return None
        return time(int(found[1]), int(found[2]))

    def _kinds(self) -> tuple[Kind, ...]:
        said = _listed(self.profile.get("kinds"))
        known = tuple(dict.fromkeys(Kind(one) for one in said if one in set(Kind)))
        # A competitor note informs and is never drafted from, so it cannot be all that there is.
        if len(known) != len(set(said)) or not any(kind is not Kind.COMPETITOR_NOTE for kind in known):
            self._refuse("kinds", "invalid.column_kinds")
        return known

    def _length(self, channel: Channel | None) -> tuple[int, int] | None:
        said = _listed(self.profile.get("length"))
        if len(said) != 2 or not all(_WHOLE.fullmatch(one) for one in said):
            self._refuse("length", "invalid.column_length")
            return None
        least, most = int(said[0]), int(said[1])
        if not 1 <= least <= most:
            self._refuse("length", "invalid.column_length_order")
            return None
        limit = _longest(channel, self.home.language) if channel is not None else None
        if limit is not None and most > limit:
            self._refuse("length", "invalid.column_length_channel", limit=limit)
        return least, most

    def _structure(self, form: Form | None) -> tuple[str, ...]:
        parts = tuple(_listed(self.profile.get("structure")))
        if len(parts) > MOST_PARTS or any(len(part) > MOST_PART for part in parts):
            self._refuse("structure", "invalid.column_structure", most_part=MOST_PART)
        elif form is Form.WELCOME and not structure_in_order(parts):
            self._refuse("structure", "invalid.column_welcome_order")
        return parts

    def _destinations(self, channel: Channel | None) -> tuple[str, ...]:
        said = _listed(self.profile.get("destinations"))
        known = tuple(slug for slug in dict.fromkeys(said) if slug in self.home.destinations)
        if len(known) != len(set(said)):
            self._refuse("destinations", "invalid.column_destination")
        elif channel is not None and any(self.home.destinations[slug] is not channel for slug in known):
            self._refuse("destinations", "invalid.column_destination_channel")
        return known

    def _tolerance(self, every: Cadence | None) -> timedelta:
        default = values.tolerance_minutes(every) if every is not None else 0
        said = self.profile.get("tolerance_minutes")
        text = str(default if said in (None, "") else said).strip()
        # A day's post that is two days late reaches nobody, and what changes under it is no longer followed.
        most = max(default, LONG_OVER // timedelta(minutes=1))
        if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= most:
            if every is not None:
                self._refuse("tolerance_minutes", "invalid.column_tolerance", most_minutes=most)
            return timedelta(minutes=default)
        return timedelta(minutes=int(text))


def _listed(said: object) -> list[str]:
    """A list of texts, stripped, the empty ones left out; anything else is none."""
    if isinstance(said, str) or not isinstance(said, Iterable):
        return []
    return [text for one in said if (text := str(one).strip())]


def _longest(channel: Channel, language: Language) -> int | None:
    """How long a copy on this channel can be at most, in the language's own unit."""
    limits = LIMITS[channel]
    known = [
        limit // unit
        for limit, unit in (
            (limits.max_bytes, _BYTES[language]),
            (limits.max_characters, _CHARACTERS[language]),
        )
        if limit is not None
    ]
    return min(known, default=None)
