"""Figures as values: what a number in a text says, in canonical units, and the sheet they are marked on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from copilot.domain.quantities.numerals import NUMBER_START
from copilot.domain.simplified import SIMPLIFIED


class FigureKind(StrEnum):
    PRICE = "price"
    PERCENT = "percent"
    OFFER = "offer"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    MEASURE = "measure"
    COUNT = "count"
    POINTS = "points"
    CODE = "code"
    NUMBER = "number"


class Role(StrEnum):
    """What a figure bounds: the two ends of a span of time, or the least and the most of an amount."""

    NONE = ""
    START = "start"
    END = "end"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True)
class Figure:
    """One figure of a text; `text == copy[start:end]`.

    `unit` is canonical: `CNY`, `%`, `ml`, `s` (seconds), `month`, a measure word, an English noun's stem.
    `value` is in that unit; `high` is the upper end of a range, or the second number of an offer.
    A date's value is month*100+day with unit `day` (`month`, `year` and `dom`, a bare day of a month,
    are coarser; `day?` is one like 3/4 that may be read both ways), its `year` is None when unsaid.
    A time's value is minutes after midnight, with unit `clock12` when morning and evening are both possible.
    `shown` is the number as it is written where a factor made it the canonical one: 6.1 of 6.1 kg.
    An offer's unit names its form: `pay` (percent of the price still paid), `nth2`, `buy`, `over-less`.
    """

    start: int
    end: int
    text: str
    kind: FigureKind
    value: Decimal
    unit: str = ""
    high: Decimal | None = None
    year: int | None = None
    role: Role = Role.NONE
    shown: Decimal | None = None


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？（）"}
_FOLD: dict[int, int | str] = {
    **_FULL_WIDTH,
    0xFFE5: "¥",
    0xFFE1: "£",
    0x3000: " ",
    0xA0: " ",
    0x202F: " ",
    0x2009: " ",
    0x2212: "-",
}
_FOLD |= {ord(traditional): simplified for traditional, simplified in SIMPLIFIED.items()}


# A single ① numbers a line; several in a row, and the numerals of bank notes, are how a price slips past a list.
_RINGED = re.compile(r"[⓪①-⑨❶-❾➀-➈➊-➒]{2,}")
_RINGED_DIGITS = {
    ord(ring): str(digit)
    for rings in ("①②③④⑤⑥⑦⑧⑨", "❶❷❸❹❺❻❼❽❾", "➀➁➂➃➄➅➆➇➈", "➊➋➌➍➎➏➐➑➒")
    for digit, ring in enumerate(rings, 1)
} | {ord("⓪"): "0"}
_FORMAL = re.compile(r"[壹贰貳叁參肆伍陆陸柒捌玖拾佰仟]{2,}")
_FORMAL_NUMERALS = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟", "一二二三三四五六六七八九十百千")


def fold(text: str) -> str:
    """Full width made half width, traditional units simplified, ringed and formal numerals made plain ones; one
    character for one: offsets stay true."""
    folded = _RINGED.sub(lambda ringed: ringed.group().translate(_RINGED_DIGITS), text.translate(_FOLD))
    return _FORMAL.sub(lambda formal: formal.group().translate(_FORMAL_NUMERALS), folded)


@dataclass
class Sheet:
    """A text while its figures are being found: each character belongs to one figure or mask at most."""

    text: str
    folded: str = ""
    found: list[Figure] = field(default_factory=list)
    taken: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.folded = fold(self.text)
        self.taken = bytearray(len(self.text))

    def free(self, start: int, end: int) -> bool:
        return end > start and not any(self.taken[start:end])

    def mask(self, start: int, end: int) -> None:
        self.taken[start:end] = b"\x01" * (end - start)

    def mask_all(self, pattern: re.Pattern[str], group: int = 0) -> None:
        for match in pattern.finditer(self.folded):
            if match.end(group) > match.start(group) >= 0:
                self.mask(match.start(group), match.end(group))

    def put(
        self,
        start: int,
        end: int,
        kind: FigureKind,
        value: Decimal | int,
        unit: str = "",
        high: Decimal | int | None = None,
        year: int | None = None,
        shown: Decimal | None = None,
    ) -> None:
        """Marks a figure, unless its characters are taken already."""
        # A full stop belongs to a figure only in "p.m.", never at a sentence's end.
        while end > start and (
            self.folded[end - 1] == " "
            or (self.folded[end - 1] == "." and self.folded[end - 3 : end - 2] != ".")
        ):
            end -= 1
        while start < end and self.folded[start] == " ":
            start += 1
        if self.free(start, end):
            self.mask(start, end)
            upper = None if high is None else Decimal(high)
            value = Decimal(value)
            if upper is not None and kind is not FigureKind.OFFER and upper < value:
                value, upper = upper, value
            self.found.append(
                Figure(start, end, self.text[start:end], kind, value, unit, upper, year, shown=shown)
            )

    def numbers(self) -> list[int]:
        """Where a free number may begin: tried there alone, the many unit patterns stay linear on any text."""
        starts: list[int] = []
        for match in NUMBER_START.finditer(self.folded):
            start = match.start()
            # A run of Chinese numerals whose head belongs to an idiom (万一两天) begins after it.
            while start < match.end() and self.taken[start]:
                start += 1
            if start < match.end():
                starts.append(start)
        return starts

    def each_number(
        self, pattern: re.Pattern[str], starts: Iterable[int], take: Callable[[re.Match[str]], None]
    ) -> None:
        for start in starts:
            if not self.taken[start]:
                match = pattern.match(self.folded, start)
                if match and self.free(match.start(), match.end()):
                    take(match)

    def each(self, patterns: Iterable[re.Pattern[str]], take: Callable[[re.Match[str]], None]) -> None:
        for pattern in patterns:
            for match in pattern.finditer(self.folded):
                if self.free(match.start(), match.end()):
                    take(match)
