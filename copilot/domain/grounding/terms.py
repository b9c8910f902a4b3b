"""The terms of small sums: the figures of the valid sources that are about what a copy speaks of, and the copy's own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.domain.grounding.matching import Evidence
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.quantities.figures import Figure, FigureKind, Role

# A reckoning is believed where its words are there; among many numbers, some pair always differs by the right sum.
_DIFFERENCE = re.compile(
    r"比[^，。！？]{1,16}[重轻多少长短高低矮厚薄大小晚早快慢新老][^，。！？]{0,2}(?:了|出)?$|省|便宜|立减|少花|少付|少了|贵|多花|多付|再凑|还差|相差|差价|差了?"
)
_EN_DIFFERENCE_BEFORE = re.compile(
    r"(?:saves?|saving|keep|pocket|difference(?: is| of)?)(?:[ ][a-z]{1,8}){0,2}[ ]$", re.IGNORECASE
)
_EN_DIFFERENCE_AFTER = re.compile(
    r"^[ ](?:more(?=[.,!;)]|$)|less|cheaper|off|more than|dearer|extra|lighter|heavier|shorter|longer|bigger|smaller|saved|under|over)(?![A-Za-z])",
    re.IGNORECASE,
)
_VOUCHER = re.compile(r"券|红包|(?<![A-Za-z])(?:vouchers?|coupons?|codes?)(?![A-Za-z])", re.IGNORECASE)
A_YEAR = re.compile(r"[一每/]年|年费|a year|per year|annual", re.IGNORECASE)
_COUNT_IN_NAME = re.compile(r"(?<![0-9.])([1-9][0-9]?)(?=[次节课片包袋支])")  # 团课10次卡
_AROUND = 40
MOST = 14
_MOST_COUNTED = 500


@dataclass(frozen=True)
class Operand:
    figure: Figure
    reading: Reading
    sentence: int
    taken_off: bool
    names: frozenset[str]
    row: bool


class Terms:
    """The figures that a figure of the copy may follow from, few and each once."""

    def __init__(self, evidence: Evidence, copy: Reading, names: Catalogue) -> None:
        self.readings = evidence.readings
        self.copy = copy
        self._names = names
        self._named_in: dict[int, frozenset[str]] = {}
        self._names_told: dict[int, frozenset[str]] = defaultdict(frozenset)
        for place in copy.places:
            self._names_told[place.sentence] |= place.names

    def named(self, place: Place) -> frozenset[str]:
        """Everything that the sentence names: of two things compared, one has no figure in the copy."""
        low, high = self.copy.sentences[place.sentence]
        if place.sentence not in self._named_in:
            mentions = self._names.mentions(self.copy.text[low:high])
            if not mentions and place.sentence:
                before, _ = self.copy.sentences[place.sentence - 1]
                mentions = self._names.mentions(self.copy.text[before:high])
            self._named_in[place.sentence] = frozenset().union(*(mention.names for mention in mentions))
        return self._named_in[place.sentence]

    def around(self, place: Place) -> str:
        start, end = place.figure.start, place.figure.end
        low, high = self.copy.sentences[place.sentence]
        return (
            self.copy.text[max(low, start - _AROUND) : start] + self.copy.text[end : min(high, end + _AROUND)]
        )

    def of_kind(self, place: Place, kind: FigureKind) -> list[Operand]:
        """The sources' figures of a kind that may be about what the copy speaks of, few and each once."""
        named = place.names | self._names_told[place.sentence] | self.named(place)
        found: dict[tuple[Decimal, bool], Operand] = {}
        for reading in self.readings:
            for other in reading.places:
                figure = other.figure
                if figure.kind is not kind or figure.high is not None:
                    continue
                if figure.unit not in ("", place.figure.unit) and place.figure.unit:
                    continue
                if (
                    named
                    and other.groups
                    and not named & other.names
                    and not self._is_hinted_row(place, other)
                ):
                    continue
                key = (figure.value, other.taken_off)
                found.setdefault(
                    key, Operand(figure, reading, other.sentence, other.taken_off, other.names, other.row)
                )
        return list(found.values())[:MOST]

    def vouchers(self, place: Place, near: Sequence[Place]) -> list[tuple[Decimal, Decimal]]:
        """What a voucher that the copy tells of takes off, and the least that a source asks to be spent for it."""
        low, high = self.copy.sentences[place.sentence]
        if not _VOUCHER.search(self.copy.text, low, high):
            return []
        told = {one.figure.value for one in near if one.figure.kind is FigureKind.PRICE}
        found = []
        for reading in self.readings:
            for other in reading.places:
                start, end = reading.sentences[other.sentence]
                if (
                    other.figure.kind is FigureKind.PRICE
                    and other.figure.value in told
                    and other.figure.role is not Role.LEAST
                    and _VOUCHER.search(reading.text, start, end)
                ):
                    bounds = (p.figure for p in reading.places if p.sentence == other.sentence)
                    asked = (f.value for f in bounds if f.kind is FigureKind.PRICE and f.role is Role.LEAST)
                    found.append((other.figure.value, max(asked, default=Decimal(0))))
        return found[:MOST]

    def _is_hinted(self, name: str, sentence: str) -> bool:
        """Whether a part of a product's name that no other has is in the sentence: 普通款 means 普通床笠."""
        others = [other.lower() for other in self._names.names if other != name and name not in other]
        if name.isascii():
            parts = [word for word in name.lower().split() if len(word) > 3]
        else:
            parts = [name[at : at + 2] for at in range(len(name) - 1)]
        return any(part in sentence and not any(part in other for other in others) for part in parts)

    def _is_hinted_row(self, place: Place, other: Place) -> bool:
        """Whether a row is of what the sentence holds the named thing against: 比普通款贵三十块."""
        low, high = self.copy.sentences[place.sentence]
        said = self.copy.text[low:high].lower()
        return (
            other.row
            and self.tells_difference(place)
            and any(self._is_hinted(name, said) for name in other.names)
        )

    def counts(self, prices: Sequence[Operand], near: Sequence[Place]) -> list[Decimal]:
        """How many there are of something: as the copy says near the figure, or a source beside one of the prices."""
        beside = [
            other.figure
            for operand in prices
            for other in operand.reading.places
            if other.sentence == operand.sentence
        ]
        ours = [other.figure for other in near]
        counted = [
            one
            for one in (*ours, *beside)
            if one.kind in (FigureKind.COUNT, FigureKind.NUMBER)
            and one.high is None
            and one.value <= _MOST_COUNTED
        ]
        named = [
            Decimal(number)
            for operand in prices
            for name in operand.names
            for number in _COUNT_IN_NAME.findall(name)
        ]
        sizes = [one for one in beside if one.kind is FigureKind.MEASURE and one.high is None]
        periods = [Decimal(12)] if any(A_YEAR.search(operand.reading.text) for operand in prices) else []
        values = dict.fromkeys(
            value
            for value in (
                *(one.value for one in (*counted, *sizes)),
                *(value for one in ours if one.kind is FigureKind.OFFER for value in taken(one)),
                *periods,
                *named,
            )
            if 1 < value <= 2000
        )
        return list(values)[:MOST]

    def offers(self, place: Place, near: Sequence[Place]) -> list[Figure]:
        """What is paid of a price: by the copy's own words near the figure, or by a source's."""
        ours = [other.figure for other in near if other.figure.kind is FigureKind.OFFER]
        theirs = [operand.figure for operand in self.of_offers(place)]
        return [*ours, *theirs][:MOST]

    def of_offers(self, place: Place) -> list[Operand]:
        return [
            Operand(other.figure, reading, other.sentence, False, other.names, other.row)
            for reading in self.readings
            for other in reading.places
            if other.figure.kind is FigureKind.OFFER
            and not (place.names and other.groups and not place.names & other.names)
        ][:MOST]

    def are_compared(self, place: Place, one: Operand, other: Operand) -> bool:
        """Whether two rows may be held against each other: both are of what the sentence names."""
        named = self.named(place) | place.names
        low, high = self.copy.sentences[place.sentence]
        hinted = self.copy.text[low:high].lower()
        if (
            one.names & named
            and other.row
            and any(self._is_hinted(name, hinted) for name in other.names - one.names)
        ):
            return True
        if (
            other.names & named
            and one.row
            and any(self._is_hinted(name, hinted) for name in one.names - other.names)
        ):
            return True
        if one.names & other.names and (not place.names or one.names & place.names):
            return True
        return bool(named and one.names & named and other.names & named)

    def tells_difference(self, place: Place) -> bool:
        text, figure = self.copy.text, place.figure
        return bool(
            _DIFFERENCE.search(self.around(place))
            or _DIFFERENCE.search(text[max(0, figure.start - 24) : figure.start])
            or _EN_DIFFERENCE_BEFORE.search(text[max(0, figure.start - 30) : figure.start])
            or _EN_DIFFERENCE_AFTER.match(text[figure.end : figure.end + 16])
        )

    def first_named(self, place: Place) -> frozenset[str] | None:
        """What a comparison is about: the first thing that its sentence names."""
        low, high = self.copy.sentences[place.sentence]
        mentions = self._names.mentions(self.copy.text[low:high])
        return mentions[0].names if mentions else None

    @staticmethod
    def is_about_another(place: Place, other: Place) -> bool:
        return bool(place.explicit and place.names and other.groups and not place.names & other.names)

    def is_linked(self, place: Place, other: Place) -> bool:
        """Whether the copy speaks of what the source does: of the same thing, in its words, or of its hours."""
        if self.is_about_another(place, other):
            return False
        if place.names & other.names or place.sentence_words & (other.sentence_words | other.context_words):
            return True
        return any(
            one.figure.kind is FigureKind.TIME and abs(one.sentence - place.sentence) <= 1
            for one in self.copy.places
        )

    @staticmethod
    def told_counts(place: Place, near: Sequence[Place]) -> set[Decimal]:
        """How many the sentence counts itself: 第一杯六块，续一杯三块，两杯一共九块."""
        return {
            p.figure.value
            for p in near
            if p.sentence == place.sentence and p.figure.kind is FigureKind.COUNT and p.figure.value > 1
        }


def taken(figure: Figure) -> tuple[Decimal, ...]:
    """How many are taken home: as many as are counted; of an offer those that are paid, those given, and all."""
    if figure.kind is FigureKind.COUNT and figure.high is None:
        return (figure.value,)
    if figure.unit == "buy" and figure.high is not None:
        return (figure.value, figure.value + figure.high)
    if figure.unit.startswith("nth"):
        return (Decimal(figure.unit.removeprefix("nth")),)
    return ()
