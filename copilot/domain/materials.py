"""Materials: the families and kinds of what a brand knows, validity windows, and what is cited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any


class Family(StrEnum):
    PUBLICITY = "publicity"
    PRODUCT = "product"
    OPERATION = "operation"
    OTHER = "other"
    UGC = "ugc"


class Kind(StrEnum):
    STORY = "story"
    CONCEPT = "concept"
    CULTURE = "culture"
    BRAND_FILE = "brand_file"
    EXPOSURE = "exposure"
    SELLING_POINT = "selling_point"
    HIGHLIGHT = "highlight"
    NEW_PRODUCT = "new_product"
    OFFER = "offer"
    BUNDLE = "bundle"
    COMPETITOR_NOTE = "competitor_note"
    USER_GUIDE = "user_guide"
    LOGISTICS = "logistics"
    MAINTENANCE = "maintenance"
    COMPLAINT = "complaint"
    NEWS = "news"
    TREND = "trend"
    POLICY = "policy"
    EXPERIENCE = "experience"
    PRAISE = "praise"

    @property
    def family(self) -> Family:
        return _FAMILY[self]


_MEMBERS = {
    Family.PUBLICITY: (Kind.STORY, Kind.CONCEPT, Kind.CULTURE, Kind.BRAND_FILE, Kind.EXPOSURE),
    Family.PRODUCT: (
        Kind.SELLING_POINT,
        Kind.HIGHLIGHT,
        Kind.NEW_PRODUCT,
        Kind.OFFER,
        Kind.BUNDLE,
        Kind.COMPETITOR_NOTE,
    ),
    Family.OPERATION: (Kind.USER_GUIDE, Kind.LOGISTICS, Kind.MAINTENANCE, Kind.COMPLAINT),
    Family.OTHER: (Kind.NEWS, Kind.TREND, Kind.POLICY),
    Family.UGC: (Kind.EXPERIENCE, Kind.PRAISE),
}
_FAMILY = {kind: family for family, kinds in _MEMBERS.items() for kind in kinds}

KINDS_BY_FAMILY: Mapping[Family, tuple[Kind, ...]] = _MEMBERS

CITABLE = tuple(kind for kind in Kind if kind is not Kind.COMPETITOR_NOTE)
"""What copy may be written from and checked against. A competitor note informs and is never cited."""


# What is news today is nobody's news next month: days that such a material holds unless it says otherwise.
SHORT_LIVES: Mapping[Kind, int] = {Kind.NEWS: 7, Kind.TREND: 14, Kind.POLICY: 90}


class MaterialStatus(StrEnum):
    """A draft is taken in but not yet found: a member's story without consent waits like that."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"
    DELETED = "deleted"


@dataclass(frozen=True)
class Window:
    """A half-open span of UTC instants, `start <= t < end`; None leaves that side open."""

    start: datetime | None = None
    end: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def within(self, other: Window) -> Window:
        """The part that both windows share; a passage is never valid longer than its material."""
        starts = [edge for edge in (self.start, other.start) if edge is not None]
        ends = [edge for edge in (self.end, other.end) if edge is not None]
        return Window(max(starts, default=None), min(ends, default=None))


def last_day(end: datetime) -> date:
    """The last day that a window ending at this instant holds something of, in the zone of the instant.

    The step back is taken in UTC: where clocks go forward at midnight, the next day begins at one o'clock.
    """
    return (end.astimezone(UTC) - timedelta(microseconds=1)).astimezone(end.tzinfo).date()


_FROM = frozenset({"validfrom", "有效期起"})
_UNTIL = frozenset({"validuntil", "有效期止"})


def window_edge(header: str) -> str | None:
    """Which edge of its row's window a column of this name holds, "from" or "until"; None for other columns."""
    key = re.sub(r"[\s_-]", "", header).lower()
    return "from" if key in _FROM else "until" if key in _UNTIL else None


@dataclass(frozen=True)
class Section:
    """A readable stretch of a document with its place.

    `heading` is the path of headings down to here; `locator` says where a person finds it:
    `{"page": 3}`, `{"slide": 2}`, `{"sheet": "价格", "row": 4}`, `{"line": 12}` (all 1-based).
    A table row is one section with `fields` (header to cell, in order) and `text` as
    `header：cell；header：cell` in Chinese, `header: cell; header: cell` otherwise.
    `valid_from`/`valid_until` are the row's own window as written (ISO dates), if it has one.
    """

    text: str
    heading: tuple[str, ...] = ()
    locator: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    valid_from: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True)
class Document:
    """What a reader made of a file. `meta` is front matter (md); `warnings` are message ids such as `image_only`."""

    title: str
    sections: tuple[Section, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        return sum(len(section.text) for section in self.sections)


@dataclass(frozen=True)
class Source:
    """A passage as evidence: what a draft may be written from and is checked against.

    `text` is the passage to the letter; quotes are substrings of it. `context` is the material's
    title and heading path: it says what the passage is about and is never quoted.
    """

    passage: int
    text: str
    kind: Kind
    title: str
    context: str = ""
    window: Window = Window()
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    attribution: str = ""
    score: float = 0.0
