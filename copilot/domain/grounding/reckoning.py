"""Prices and counts that no source spells out but that follow from what it says: a saving, a discount taken off, a share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from copilot.domain.grounding.matching import Evidence
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.quantities.figures import Figure, FigureKind

# A reckoning is believed where its words are there; among many numbers, some pair always differs by the right sum.
_DIFFERENCE = re.compile(
    r"省|便宜|立减|少花|少付|少了|贵|多花|多付|相差|差价|差了?|(?<![A-Za-z])(?:saves?|saving|less|cheaper|off|more|dearer|extra|under|over|difference)(?![A-Za-z])",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"合|折合|每|平均|均摊|一[个件节杯包袋瓶片支盒次天]|单[个件节杯包袋瓶片支盒]|(?<![A-Za-z])(?:each|apiece|per|an?|works? out|comes? to|one)(?![A-Za-z])",
    re.IGNORECASE,
)
_TAKEN_OFF = re.compile(r"减|省|优惠|抵|降|(?<![A-Za-z])(?:off|less|discount|save)(?![A-Za-z])", re.IGNORECASE)
_AROUND = 40
_MOST = 14
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class _Operand:
    figure: Figure
    reading: Reading
    sentence: int
    taken_off: bool


class Reckoning:
    """The figures of the valid sources as terms of small sums."""

    def __init__(self, evidence: Evidence, copy: Reading) -> None:
        self._evidence = evidence
        self._copy = copy

    def quote(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """The sentence of a source from which the figure follows. `near` are figures of the copy about it."""
        if place.figure.high is not None:
            return None
        if place.figure.kind is FigureKind.COUNT:
            return self._bought(place, near)
        if place.figure.kind is not FigureKind.PRICE:
            return None
        return next(self._sums(place, near), None)

    def _sums(self, place: Place, near: Sequence[Place]) -> Iterator[tuple[Reading, int]]:
        wanted, around = place.figure.value, self._around(place)
        prices = self._operands(place, FigureKind.PRICE)
        if not prices or wanted <= 0:
            return
        counts = self._counts(prices, near)
        for offer in self._offers(place, near):
            for price in prices:
                if _is(price.figure.value * offer / 100, wanted):
                    yield price.reading, price.sentence
        for price, other in permutations(prices, 2):
            # Taken off a price: 749 with 75 off is 674.
            if other.taken_off and not price.taken_off and _is(price.figure.value - other.figure.value, wanted):
                yield price.reading, price.sentence
        for price in prices:
            for count in counts:
                if _SHARE.search(around) and _is_rounded(price.figure.value / count, place.figure):
                    yield price.reading, price.sentence
                if _is(price.figure.value * count, wanted):
                    yield price.reading, price.sentence
        if not _DIFFERENCE.search(around):
            return
        for price, other in permutations(prices, 2):
            if _is(price.figure.value - other.figure.value, wanted):
                yield price.reading, price.sentence
            for count in counts:
                whole, parts = other.figure.value, price.figure.value * count
                if _is(abs(parts - whole), wanted) or _is(abs(price.figure.value - whole / count), wanted):
                    yield price.reading, price.sentence

    def _bought(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """Buy two and get a third free are three in all, and two that are bought."""
        for other in near:
            figure = other.figure
            if figure.kind is FigureKind.OFFER and figure.unit == "buy" and figure.high is not None:
                if place.figure.value in (figure.value, figure.high, figure.value + figure.high):
                    match = self._evidence.rule(other).match
                    if match is not None:
                        return match.reading, match.place.sentence
        return None

    def _around(self, place: Place) -> str:
        start, end = place.figure.start, place.figure.end
        low, high = self._copy.sentences[place.sentence]
        return self._copy.text[max(low, start - _AROUND) : start] + self._copy.text[end : min(high, end + _AROUND)]

    def _operands(self, place: Place, kind: FigureKind) -> list[_Operand]:
        """The sources' figures of a kind that may be about what the copy speaks of, few and each once."""
        named = place.names or frozenset().union(
            *(one.names for one in self._copy.places if one.sentence == place.sentence)
        )
        found: dict[tuple[Decimal, bool], _Operand] = {}
        for reading in self._evidence.readings:
            for other in reading.places:
                figure = other.figure
                if figure.kind is not kind or figure.high is not None:
                    continue
                if figure.unit not in ("", place.figure.unit) and place.figure.unit:
                    continue
                if named and other.groups and not named & other.names:
                    continue
                before = reading.text[max(0, figure.start - 6) : figure.start]
                after = reading.text[figure.end : figure.end + 8]
                taken_off = bool(_TAKEN_OFF.search(before) or _TAKEN_OFF.match(after.lstrip()))
                found.setdefault((figure.value, taken_off), _Operand(figure, reading, other.sentence, taken_off))
        return list(found.values())[:_MOST]

    def _counts(self, prices: Sequence[_Operand], near: Sequence[Place]) -> list[Decimal]:
        """How many there are of something: as the copy says near the figure, or a source beside one of the prices."""
        beside = [
            other.figure
            for operand in prices
            for other in operand.reading.places
            if other.sentence == operand.sentence
        ]
        ours = [other.figure for other in near]
        counted = [one for one in (*ours, *beside) if one.kind is FigureKind.COUNT and one.high is None]
        offered = [one for one in ours if one.kind is FigureKind.OFFER and one.unit == "buy"]
        values = dict.fromkeys(one.value for one in (*counted, *offered) if 1 < one.value <= 1000)
        return list(values)[:_MOST]

    def _offers(self, place: Place, near: Sequence[Place]) -> list[Decimal]:
        """Percents of a price that are paid: by the copy's own words near the figure, or by a source's."""
        ours = [other.figure for other in near]
        theirs = [operand.figure for operand in self._operands_of_offers(place)]
        return list(
            dict.fromkeys(
                one.value for one in (*ours, *theirs) if one.kind is FigureKind.OFFER and one.unit == "pay"
            )
        )[:_MOST]

    def _operands_of_offers(self, place: Place) -> list[_Operand]:
        return [
            _Operand(other.figure, reading, other.sentence, False)
            for reading in self._evidence.readings
            for other in reading.places
            if other.figure.kind is FigureKind.OFFER
            and not (place.names and other.groups and not place.names & other.names)
        ][:_MOST]


def _is(value: Decimal, wanted: Decimal) -> bool:
    return value > 0 and abs(value - wanted) < _CENT


def _is_rounded(value: Decimal, figure: Figure) -> bool:
    """A share may be told to as many places as the figure has."""
    places = -int(figure.value.as_tuple().exponent)  # type: ignore[arg-type]
    return abs(value - figure.value) <= Decimal(1).scaleb(-places) / 2
