"""Under which name, kind, window and consent a material stands: what was given, what the file says, what its kind means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copilot import models
from copilot.domain.materials import SHORT_LIVES, Document, Family, Kind, Window
from copilot.errors import InvalidInput


@dataclass(frozen=True)
class Upload:
    """One file to take in. `path` is its name in the brand's library; days are inclusive, in the brand's zone.

    What is given here goes before what the file says of itself, and what `cleared` names (`valid_from`,
    `valid_until`, `attribution`, `consent`) is as if the file did not say it, and has no short life either.
    `hold` keeps it a draft that nobody finds.
    """

    path: str
    data: bytes
    kind: Kind
    valid_from: date | None = None
    valid_until: date | None = None
    title: str = ""
    attribution: str = ""
    consent: str = ""
    hold: bool = False
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Terms:
    """Under which name, kind, window and consent a material stands."""

    title: str
    kind: Kind
    window: Window
    attribution: str = ""
    consent: str = ""
    names: tuple[str, ...] = ()

    @property
    def needs_consent(self) -> bool:
        return self.kind.family is Family.UGC and not self.consent


def terms_of_file(upload: Upload, document: Document, zone: str, today: date) -> Terms:
    """What was given with the file; failing that, what the file says of itself; failing that, its kind's short life."""
    meta = {key: value for key, value in document.meta.items() if key not in upload.cleared}

    def edge(given: date | None, key: str) -> str | None:
        written = meta.get(key)
        return given.isoformat() if given is not None else str(written) if written else None

    window = written_days_as_window(
        edge(upload.valid_from, "valid_from"), edge(upload.valid_until, "valid_until"), zone
    )
    days = SHORT_LIVES.get(upload.kind) if "valid_until" not in upload.cleared else None
    if window.end is None and days is not None:
        window = Window(window.start, _midnight(max(today, _day(window.start, zone, today)), zone, days + 1))
    return Terms(
        title=(upload.title or str(meta.get("title") or document.title)).strip(),
        kind=upload.kind,
        window=window,
        attribution=upload.attribution or str(meta.get("attribution") or ""),
        consent=upload.consent or str(meta.get("consent") or ""),
        names=_names(meta),
    )


def standing_terms(row: models.Material, current: models.MaterialRevision) -> Terms:
    return Terms(
        title=row.title,
        kind=Kind(row.kind),
        window=Window(current.valid_from, current.valid_until),
        attribution=row.attribution,
        consent=row.consent,
        names=tuple(row.names),
    )


def _names(meta: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that copy must not say; a list, or one name."""
    names = meta.get("names") or ()
    listed: Iterable[Any] = [names] if isinstance(names, str) else names if isinstance(names, list) else ()
    return tuple(str(name).strip() for name in listed if str(name).strip())


def _day(at: datetime | None, zone: str, default: date) -> date:
    return at.astimezone(ZoneInfo(zone)).date() if at is not None else default


def _midnight(day: date, zone: str, days: int = 0) -> datetime:
    """The instant at which a local day begins, `days` later."""
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days_as_window(days: tuple[date | None, date | None], zone: str) -> Window:
    first, last = (day.isoformat() if day is not None else None for day in days)
    return written_days_as_window(first, last, zone)


def window_as_days(window: Window, zone: str) -> tuple[date | None, date | None]:
    """The first and last local day that a window holds something of."""
    last = window.end - timedelta(microseconds=1) if window.end is not None else None
    first, last_day = (
        at.astimezone(ZoneInfo(zone)).date() if at is not None else None for at in (window.start, last)
    )
    return first, last_day


def written_days_as_window(first: str | None, last: str | None, zone: str) -> Window:
    """Inclusive local days as a half-open window of instants; InvalidInput for what is no ISO date."""
    try:
        start = _midnight(date.fromisoformat(first), zone) if first else None
        end = _midnight(date.fromisoformat(last), zone, 1) if last else None
    except (ValueError, OverflowError):
        raise InvalidInput({"valid_until": "invalid.date"}, value=f"{first or ''} – {last or ''}") from None
    if start is not None and end is not None and end <= start:
        raise InvalidInput({"valid_until": "invalid.window"}, value=f"{first} – {last}")
    return Window(start, end)
