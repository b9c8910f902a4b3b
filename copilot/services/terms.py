"""Under which name, kind, window and consent a material stands: what was given, what the file says, what its kind means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copilot import models
from copilot.domain.materials import SHORT_LIVES, Document, Family, Kind, MaterialStatus, Window, last_day
from copilot.errors import InvalidInput


@dataclass(frozen=True)
class Upload:
    """One file to take in. `path` is its name in the brand's library; days are inclusive, in the brand's zone.

    What is given here goes before what the file says of itself, and what `cleared` names (`valid_from`,
    `valid_until`, `attribution`, `consent`) is as if the file did not say it, and has no short life either.
    `hold` keeps it a draft that nobody finds. `standing` is for a new file of a material that a person
    looks at: its title, who said it and who agreed stay as they are at the moment it is taken in.
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
    standing: bool = False

    def __post_init__(self) -> None:
        # A name typed on a Mac and the same name typed on Windows are one path, wherever the file comes from.
        object.__setattr__(self, "path", unicodedata.normalize("NFC", self.path))


@dataclass(frozen=True)
class ByHand:
    """A term that a person settled, and what stood there before; a day that was taken away is empty."""

    value: str
    instead_of: str


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


def terms_of_file(
    upload: Upload, document: Document, zone: str, today: date, by_hand: Mapping[str, ByHand] | None = None
) -> Terms:
    """The terms of a file that comes in, each from the first that speaks of it:

    1. what was given with the file;
    2. what the file says of itself, in its front matter, unless it only repeats what a person corrected;
    3. `by_hand`: the title and the days that a person settled in the library. A file that is silent does not
       undo a person's decision: an offer that was given an end would hold for ever. What a former file said
       and this one does not is gone, for the file knows;
    4. the document's own heading for a title, and its kind's short life for an end.

    Attribution and consent are never carried over unasked: they were given for the words of then.
    """
    settled = {key: one for key, one in (by_hand or {}).items() if key not in upload.cleared}
    kept = {key: one.value for key, one in settled.items()}
    meta = {
        key: value
        for key, value in document.meta.items()
        if key not in upload.cleared
        and not (key in settled and str(value).strip() == settled[key].instead_of)
    }

    def edge(given: date | None, key: str) -> str | None:
        written = meta.get(key) or kept.get(key)
        return given.isoformat() if given is not None else str(written) if written else None

    window = written_days_as_window(
        edge(upload.valid_from, "valid_from"), edge(upload.valid_until, "valid_until"), zone
    )
    is_endless = "valid_until" in upload.cleared or "valid_until" in kept
    days = SHORT_LIVES.get(upload.kind) if not is_endless else None
    if window.end is None and days is not None:
        window = Window(window.start, _midnight(max(today, _day(window.start, zone, today)), zone, days + 1))
    return Terms(
        title=(upload.title or str(meta.get("title") or kept.get("title") or document.title)).strip(),
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


def rightful_status(row: models.Material, wanted: MaterialStatus) -> MaterialStatus:
    """What becomes of a material that is to have this status, under the terms that are written on it.

    A member's words are found only as long as the member agrees; without consent they wait as a draft.
    Retired and deleted ones stay so, for nobody finds them.
    """
    lacks_consent = Kind(row.kind).family is Family.UGC and not row.consent
    return MaterialStatus.DRAFT if wanted is MaterialStatus.ACTIVE and lacks_consent else wanted


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
    home = ZoneInfo(zone)
    return (
        window.start.astimezone(home).date() if window.start is not None else None,
        last_day(window.end.astimezone(home)) if window.end is not None else None,
    )


def _edge(field: str, written: str | None, zone: str, days: int = 0) -> datetime | None:
    try:
        return _midnight(date.fromisoformat(written), zone, days) if written else None
    except (ValueError, OverflowError):
        raise InvalidInput({field: "invalid.date"}, value=written) from None


def written_days_as_window(first: str | None, last: str | None, zone: str) -> Window:
    """Inclusive local days as a half-open window of instants; InvalidInput for what is no ISO date."""
    start, end = _edge("valid_from", first, zone), _edge("valid_until", last, zone, 1)
    if start is not None and end is not None and end <= start:
        raise InvalidInput({"valid_until": "invalid.window"}, value=f"{first} – {last}")
    return Window(start, end)
