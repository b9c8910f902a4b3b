"""Prices and counts that no source spells out but that follow from what it says: a saving, a discount taken off, a share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, permutations

from copilot.domain.grounding.matching import Evidence
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.quantities.figures import Figure, FigureKind, Role

# A reckoning is believed where its words are there; among many numbers, some pair always differs by the right sum.
_DIFFERENCE = re.compile(
    r"比[^，。！？]{1,16}[重轻多少长短高矮厚薄大小晚早快慢][ ]?(?:了|出)?$|省|便宜|立减|少花|少付|少了|贵|多花|多付|相差|差价|差了?"
)
_EN_DIFFERENCE_BEFORE = re.compile(
    r"(?:saves?|saving|difference(?: is| of)?)(?:[ ][a-z]{1,8}){0,2}[ ]$", re.IGNORECASE
)
_EN_DIFFERENCE_AFTER = re.compile(
    r"^[ ](?:more(?=[.,!;)]|$)|less|cheaper|off|more than|dearer|extra|lighter|heavier|shorter|longer|bigger|smaller|saved|under|over)(?![A-Za-z])",
    re.IGNORECASE,
)
_IN_ALL = re.compile(
    r"一共|总共|合计|加起来|拢共|到账|算下来|(?<![A-Za-z])comes? to(?![A-Za-z])|(?<![A-Za-z])(?:together|altogether|in all|in total|total)(?![A-Za-z])",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"合|折合|每|平均|均摊|一[个件节杯包袋瓶片支盒次天克颗斤升粒张]|单[个件节杯包袋瓶片支盒]|(?<![A-Za-z])(?:each|apiece|per|an?|works? out|comes? to|one)(?![A-Za-z])",
    re.IGNORECASE,
)
_ALMOST = re.compile(r"(?:不到|不足|差不多|under|less than|just under|almost)[ ]?$", re.IGNORECASE)
_SOME_MORE = re.compile(r"^[ ]?(?:多|出头|有余|and a bit|or so)", re.IGNORECASE)
_A_YEAR = re.compile(r"[一每/]年|年费|a year|per year|annual", re.IGNORECASE)
_AROUND = 40
_MOST = 14
_PRICED = (FigureKind.PRICE, FigureKind.OFFER)
# 每个月四本 are twelve a quarter.
_PERIODS = (
    (re.compile(r"季度|每季|一季|quarter", re.IGNORECASE), 3),
    (re.compile(r"[一全每]年|年度|a year|per year", re.IGNORECASE), 12),
)
_FEW = 10
_MOST_COUNTED = 500
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class _Operand:
    figure: Figure
    reading: Reading
    sentence: int
    taken_off: bool
    names: frozenset[str]
    row: bool


class Reckoning:
    """The figures of the valid sources as terms of small sums."""

    def __init__(
        self, evidence: Evidence, copy: Reading, names: Catalogue, matched: Mapping[int, object]
    ) -> None:
        """`matched` are the figures of the copy that a source spells out, by their identity: they are no sums."""
        self._evidence_of = matched
        self._evidence = evidence
        self._copy = copy
        self._names = names
        self._named_in: dict[int, frozenset[str]] = {}

    def quote(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """The sentence of a source from which the figure follows. `near` are figures of the copy about it."""
        if place.figure.high is not None:
            return None
        if place.figure.kind is FigureKind.COUNT:
            return self._bought(place, near) or self._multiplied(place, near)
        if place.figure.kind is FigureKind.DURATION:
            return self._lasting(place) or self._measured(place)
        if place.figure.kind is FigureKind.MEASURE:
            return self._measured(place)
        if place.figure.kind is FigureKind.NUMBER and any(one.figure.kind in _PRICED for one in near):
            # 买三只一百三十五: among prices and offers, a bare number is a price.
            place = replace(place, figure=replace(place.figure, kind=FigureKind.PRICE))
        if place.figure.kind is not FigureKind.PRICE:
            return None
        return next(self._sums(place, near), None)

    def _sums(self, place: Place, near: Sequence[Place]) -> Iterator[tuple[Reading, int]]:
        wanted, around = place.figure.value, self._around(place)
        prices = self._operands(place, FigureKind.PRICE)
        if not prices or wanted <= 0:
            return
        counts = self._counts(prices, near)
        if _IN_ALL.search(around):
            # A total of prices that the sentence tells is their sum, and nothing else.
            told = [p for p in near if p.sentence == place.sentence and p.figure.kind is FigureKind.PRICE]
            if len(told) > 1:
                if _is(sum((p.figure.value for p in told), Decimal(0)), wanted):
                    yield prices[0].reading, prices[0].sentence
                return
            for price, other in permutations(prices, 2):
                together = price.reading is other.reading or self._are_compared(place, price, other)
                if together and _is(price.figure.value + other.figure.value, wanted):
                    yield price.reading, price.sentence
        offers = self._offers(place, near)
        for price in prices:
            if any(
                _is(price.figure.value * offer.value / 100, wanted) for offer in offers if offer.unit == "pay"
            ):
                yield price.reading, price.sentence
            for offer in offers:
                # The second at half price: two cost one and a half, and each its half of that.
                pair = price.figure.value * (100 + offer.value) / 100
                if offer.unit == "nth2" and (_is(pair, wanted) or _is(pair / 2, wanted)):
                    yield price.reading, price.sentence
                off = offer.high if offer.unit == "over-less" else None
                if off is not None and any(
                    _is(price.figure.value * n - off, wanted) for n in (Decimal(1), *counts)
                ):
                    yield price.reading, price.sentence
        for price, other in permutations(prices, 2):
            # Taken off a price: 749 with 75 off is 674.
            if (
                other.taken_off
                and not price.taken_off
                and _is(price.figure.value - other.figure.value, wanted)
            ):
                yield price.reading, price.sentence
        for price in prices:
            for count in counts:
                if _SHARE.search(around) and self._is_about(price.figure.value / count, place.figure):
                    yield price.reading, price.sentence
                if _is(price.figure.value * count, wanted):
                    yield price.reading, price.sentence
            for base in _bases(around):
                sizes = [count for count in counts if count > 1]
                if any(self._is_about(price.figure.value * base / size, place.figure) for size in sizes):
                    yield price.reading, price.sentence
        if not self._tells_difference(place):
            return
        for price, other in permutations(prices, 2):
            if price.reading is not other.reading and not self._are_compared(place, price, other):
                continue
            if _is(price.figure.value - other.figure.value, wanted):
                yield price.reading, price.sentence
            for count in counts:
                whole, parts = other.figure.value, price.figure.value * count
                if _is(abs(parts - whole), wanted) or _is(abs(price.figure.value - whole / count), wanted):
                    yield price.reading, price.sentence

    def _is_about(self, value: Decimal, figure: Figure) -> bool:
        """A share as it is told: to as many places as the figure has, or as a little more or less than it."""
        if _ALMOST.search(self._copy.text[max(0, figure.start - 12) : figure.start]):
            return figure.value * Decimal("0.85") <= value <= figure.value
        if _SOME_MORE.match(self._copy.text[figure.end : figure.end + 12]):
            return figure.value <= value <= figure.value * Decimal("1.25")
        return _is_rounded(value, figure)

    def _bought(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """Buy two and get a third free are three in all, two that are bought and one that is given."""
        said = any(other.figure.unit == "buy" for other in near)
        for reading in self._evidence.readings:
            for other in reading.places:
                figure = other.figure
                if figure.kind is not FigureKind.OFFER or figure.unit != "buy" or figure.high is None:
                    continue
                of_it = place.names & other.names if place.names and other.groups else said
                if of_it and place.figure.value in (figure.value, figure.high, figure.value + figure.high):
                    return reading, other.sentence
        return None

    def _multiplied(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """How many of something a sum in the same sentence was reckoned with: 买五次 of 比单袋买五次省15元.

        Where the sentence tells a total, a small number of them is as good as told.
        """
        around = self._around(place)
        for period, months in _PERIODS:
            if period.search(around) and place.figure.value % months == 0:
                each = place.figure.value / months
                said = self._operands(place, FigureKind.COUNT)
                operand = next((one for one in said if one.figure.value == each), None)
                if operand is not None:
                    return operand.reading, operand.sentence
        for other in near:
            is_open = id(other) not in self._evidence_of
            if is_open and other.sentence == place.sentence and other.figure.kind is FigureKind.PRICE:
                without = [one for one in near if one is not other]
                found = self.quote(other, [*without, place])
                if (
                    found is not None
                    and 1 < place.figure.value <= _FEW
                    and _IN_ALL.search(self._around(other))
                ):
                    return found
                operands = self._operands(other, FigureKind.PRICE)
                if found is not None and place.figure.value in self._counts(operands, without):
                    return found
                if found is not None and self.quote(other, without) is None:
                    return found
        return None

    def _measured(self, place: Place) -> tuple[Reading, int] | None:
        """Two bags of 250 g are half a kilo; 3 lb 4 oz are 14 oz less than 4 lb 2 oz."""
        sizes = self._operands(place, place.figure.kind)
        wanted = place.figure.value
        for size in sizes:
            beside = [p.figure for p in size.reading.places if p.sentence == size.sentence]
            counts = [one.value for one in beside if one.kind is FigureKind.COUNT and one.high is None]
            if any(size.figure.value * count == wanted for count in counts):
                return size.reading, size.sentence
        if self._tells_difference(place):
            for one, other in permutations(sizes, 2):
                if _is(one.figure.value - other.figure.value, wanted):
                    return one.reading, one.sentence
        return None

    def _lasting(self, place: Place) -> tuple[Reading, int] | None:
        """From 11:00 to 12:30 lasts an hour and a half."""
        figure = place.figure
        if figure.unit != "s" or figure.value % 60:
            return None
        for reading in self._evidence.readings:
            if not reading.places:
                continue
            times = [p for p in reading.places if p.figure.kind is FigureKind.TIME]
            if self._tells_difference(place) and not self._is_about_another(place, reading.places[0]):
                # Open until 22:00 instead of 20:30: an hour and a half later.
                for one, other in permutations(times[:_MOST], 2):
                    if one.figure.value - other.figure.value == figure.value / 60:
                        return reading, one.sentence
            for first, last in pairwise(times):
                roles = (first.figure.role, last.figure.role)
                minutes = (last.figure.value - first.figure.value) % 1440
                follows = roles == (Role.START, Role.END) and first.sentence == last.sentence
                if follows and minutes == figure.value / 60 and not self._is_about_another(place, first):
                    return reading, first.sentence
        return None

    @staticmethod
    def _is_about_another(place: Place, other: Place) -> bool:
        return bool(place.explicit and place.names and other.groups and not place.names & other.names)

    def _tells_difference(self, place: Place) -> bool:
        text, figure = self._copy.text, place.figure
        return bool(
            _DIFFERENCE.search(self._around(place))
            or _DIFFERENCE.search(text[max(0, figure.start - 24) : figure.start])
            or _EN_DIFFERENCE_BEFORE.search(text[max(0, figure.start - 30) : figure.start])
            or _EN_DIFFERENCE_AFTER.match(text[figure.end : figure.end + 16])
        )

    def _are_compared(self, place: Place, one: _Operand, other: _Operand) -> bool:
        """Whether two rows may be held against each other: both are of what the sentence names."""
        named = self._named(place) | place.names
        low, high = self._copy.sentences[place.sentence]
        hinted = self._copy.text[low:high].lower()
        if (
            one.names & named
            and other.row
            and any(_is_hinted(name, hinted) for name in other.names - one.names)
        ):
            return True
        if (
            other.names & named
            and one.row
            and any(_is_hinted(name, hinted) for name in one.names - other.names)
        ):
            return True
        if one.names & other.names and (not place.names or one.names & place.names):
            return True
        return bool(named and one.names & named and other.names & named)

    def _named(self, place: Place) -> frozenset[str]:
        """Everything that the sentence names: of two things compared, one has no figure in the copy."""
        low, high = self._copy.sentences[place.sentence]
        if place.sentence not in self._named_in:
            mentions = self._names.mentions(self._copy.text[low:high])
            if not mentions and place.sentence:
                before, _ = self._copy.sentences[place.sentence - 1]
                mentions = self._names.mentions(self._copy.text[before:high])
            self._named_in[place.sentence] = frozenset().union(*(mention.names for mention in mentions))
        return self._named_in[place.sentence]

    def _around(self, place: Place) -> str:
        start, end = place.figure.start, place.figure.end
        low, high = self._copy.sentences[place.sentence]
        return (
            self._copy.text[max(low, start - _AROUND) : start]
            + self._copy.text[end : min(high, end + _AROUND)]
        )

    def _operands(self, place: Place, kind: FigureKind) -> list[_Operand]:
        """The sources' figures of a kind that may be about what the copy speaks of, few and each once."""
        named = place.names.union(
            *(one.names for one in self._copy.places if one.sentence == place.sentence), self._named(place)
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
                key = (figure.value, other.taken_off)
                found.setdefault(
                    key, _Operand(figure, reading, other.sentence, other.taken_off, other.names, other.row)
                )
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
        counted = [
            one
            for one in (*ours, *beside)
            if one.kind in (FigureKind.COUNT, FigureKind.NUMBER)
            and one.high is None
            and one.value <= _MOST_COUNTED
        ]
        offered = [one for one in ours if one.kind is FigureKind.OFFER and one.unit == "buy"]
        sizes = [one for one in beside if one.kind is FigureKind.MEASURE and one.high is None]
        periods = [Decimal(12)] if any(_A_YEAR.search(operand.reading.text) for operand in prices) else []
        values = dict.fromkeys(
            value
            for value in (*(one.value for one in (*counted, *offered, *sizes)), *periods)
            if 1 < value <= 2000
        )
        return list(values)[:_MOST]

    def _offers(self, place: Place, near: Sequence[Place]) -> list[Figure]:
        """What is paid of a price: by the copy's own words near the figure, or by a source's."""
        ours = [other.figure for other in near if other.figure.kind is FigureKind.OFFER]
        theirs = [operand.figure for operand in self._operands_of_offers(place)]
        return [*ours, *theirs][:_MOST]

    def _operands_of_offers(self, place: Place) -> list[_Operand]:
        return [
            _Operand(other.figure, reading, other.sentence, False, other.names, other.row)
            for reading in self._evidence.readings
            for other in reading.places
            if other.figure.kind is FigureKind.OFFER
            and not (place.names and other.groups and not place.names & other.names)
        ][:_MOST]


_BASES = (
    (re.compile(r"[一每]斤|按斤"), Decimal(500)),
    (re.compile(r"[一每]公斤|per kilo|a kilo|/kg", re.IGNORECASE), Decimal(1000)),
    (re.compile(r"[一每]?百克|每?100 ?克|per 100 ?g|a hundred grams", re.IGNORECASE), Decimal(100)),
    (re.compile(r"[一每]升|per lit(?:re|er)|a lit(?:re|er)", re.IGNORECASE), Decimal(1000)),
)


def _bases(around: str) -> list[Decimal]:
    """The amounts, in grams or millilitres, for which prices are compared."""
    return [amount for said, amount in _BASES if said.search(around)]


def _is_hinted(name: str, sentence: str) -> bool:
    """Whether two characters or a long word of a product's name are in the sentence: 普通款 means 普通床笠."""
    if name.isascii():
        return any(len(word) > 3 and word in sentence for word in name.lower().split())
    return any(name[at : at + 2] in sentence for at in range(len(name) - 1))


def _is(value: Decimal, wanted: Decimal) -> bool:
    return value > 0 and abs(value - wanted) < _CENT


def _is_rounded(value: Decimal, figure: Figure) -> bool:
    """A share may be told to as many places as the figure has."""
    places = max(0, -int(figure.value.as_tuple().exponent))
    if not places:
        return _is(value, figure.value)
    return abs(value - figure.value) <= Decimal(1).scaleb(-places) / 2
