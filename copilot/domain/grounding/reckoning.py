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
    r"比[^，。！？]{1,16}[重轻多少长短高矮厚薄大小晚早快慢新老][^，。！？]{0,2}(?:了|出)?$|省|便宜|立减|少花|少付|少了|贵|多花|多付|相差|差价|差了?"
)
_EN_DIFFERENCE_BEFORE = re.compile(
    r"(?:saves?|saving|keep|pocket|difference(?: is| of)?)(?:[ ][a-z]{1,8}){0,2}[ ]$", re.IGNORECASE
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
    r"合|折合|每|平均|均摊|摊|一[个件节杯包袋瓶片支盒次天克颗斤升粒张]|单[个件节杯包袋瓶片支盒]|(?<![A-Za-z])(?:each|apiece|per|an?|works? out|comes? to|one)(?![A-Za-z])",
    re.IGNORECASE,
)
_ALMOST = re.compile(r"(?:不到|不足|差不多|under|less than|just under|almost)[ ]?$", re.IGNORECASE)
_SOME_MORE = re.compile(r"^[ ]?(?:多|出头|有余|and a bit|or so)", re.IGNORECASE)
_A_YEAR = re.compile(r"[一每/]年|年费|a year|per year|annual", re.IGNORECASE)
_ADDED = re.compile(
    r"加(?!入|油|热|湿|班|急|工|速|固|盟|群|微|我|了|购)|和|(?<![A-Za-z])(?:plus|and|with)(?![A-Za-z])",
    re.IGNORECASE,
)
_THE_REST = re.compile(
    r"其余|剩下|另外|另有|(?<![A-Za-z])(?:other|rest|remaining)(?![A-Za-z])", re.IGNORECASE
)
_LATER = re.compile(r"[晚迟新][^，。]{0,3}$|later|newer|younger", re.IGNORECASE)
_TIMES = "倍"
_MORE_BEFORE = re.compile(r"[多高大长重贵久快][^，。！？0-9]{0,3}$")
_EVERY = re.compile(
    r"每个?(?P<z>季度|月)|(?<![A-Za-z])(?:every|each|per|an?)[ ](?P<e>quarter|month|week)(?![A-Za-z])",
    re.IGNORECASE,
)
_COUNT_IN_NAME = re.compile(r"(?<![0-9.])([1-9][0-9]?)(?=[次节课片包袋支])")  # 团课10次卡
_IN_A_YEAR = {"季度": 4, "月": 12, "quarter": 4, "month": 12, "week": 52}
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
            return (
                self._bought(place, near)
                or self._multiplied(place, near)
                or self._packed(place, near)
                or self._times(place)
                or self._yearly(place)
            )
        if place.figure.kind is FigureKind.DURATION:
            return self._lasting(place) or self._measured(place)
        if place.figure.kind is FigureKind.MEASURE:
            return self._measured(place)
        if place.figure.kind is FigureKind.NUMBER and (packed := self._packed(place, near)) is not None:
            return packed
        if place.figure.kind is FigureKind.NUMBER and any(one.figure.kind in _PRICED for one in near):
            # 买三只一百三十五: among prices and offers, a bare number is a price.
            place = replace(place, figure=replace(place.figure, kind=FigureKind.PRICE))
        if place.figure.kind is FigureKind.PERCENT:
            return self._remaining(place)
        if place.figure.kind is not FigureKind.PRICE:
            return None
        return next(self._sums(place, near), None)

    def _sums(self, place: Place, near: Sequence[Place]) -> Iterator[tuple[Reading, int]]:
        wanted, around = place.figure.value, self._around(place)
        prices = self._operands(place, FigureKind.PRICE)
        if not prices or wanted <= 0:
            return
        counts = self._counts(prices, near)
        # A total of prices that the sentence tells is their sum, and nothing else.
        terms = [p for p in near if p.sentence == place.sentence and p.figure.kind is FigureKind.PRICE]
        if _IN_ALL.search(around) and (
            not any(_is(price.figure.value * count, wanted) for price in prices for count in counts)
            or Decimal(len(terms)) in self._told_counts(place, near)
        ):
            if len(terms) > 1:
                if _is(sum((p.figure.value for p in terms), Decimal(0)), wanted):
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
        told = [p.figure.value for p in near if p.figure.kind is FigureKind.PRICE]
        sizes = [size for size in counts if size > 1]
        if any(
            self._is_about(one * base / size, place.figure)
            for one in told
            for base in _bases(around)
            for size in sizes
        ) or (
            _SHARE.search(around)
            and any(self._is_about(one / size, place.figure) for one in told for size in sizes)
        ):
            yield prices[0].reading, prices[0].sentence
        for price in prices:
            for count in counts:
                if _SHARE.search(around) and self._is_about(price.figure.value / count, place.figure):
                    yield price.reading, price.sentence
                if _is(price.figure.value * count, wanted):
                    yield price.reading, price.sentence
            for base in _bases(around):
                if any(self._is_about(price.figure.value * base / size, place.figure) for size in sizes):
                    yield price.reading, price.sentence
                if self._tells_difference(place) and any(
                    self._is_about(abs(_each(price, base) - _each(other, base)), place.figure)
                    for other in prices
                ):
                    yield price.reading, price.sentence
        if any(_is(one - other, wanted) for one, other in permutations(told[:_MOST], 2)):
            # What lies between two prices that were told just before needs no word that says so.
            yield prices[0].reading, prices[0].sentence
        if _ADDED.search(around):
            for price, other in permutations(prices, 2):
                if self._are_compared(place, price, other) and _is(
                    price.figure.value + other.figure.value, wanted
                ):
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

    @staticmethod
    def _told_counts(place: Place, near: Sequence[Place]) -> set[Decimal]:
        """How many the sentence counts itself: 第一杯六块，续一杯三块，两杯一共九块."""
        return {
            p.figure.value
            for p in near
            if p.sentence == place.sentence and p.figure.kind is FigureKind.COUNT and p.figure.value > 1
        }

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
        if any(f"nth{place.figure.value}" == other.figure.unit for other in self._copy.places):
            found = next(
                (
                    one
                    for one in self._operands_of_offers(place)
                    if one.figure.unit == f"nth{place.figure.value}"
                ),
                None,
            )
            if found is not None:
                return found.reading, found.sentence
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
                if any(_is(one.figure.value * place.figure.value, other.figure.value) for one in operands):
                    return found
                if found is not None and self.quote(other, without) is None:
                    return found
        return None

    def _remaining(self, place: Place) -> tuple[Reading, int] | None:
        """The other 6% are what 94% leave."""
        if not _THE_REST.search(self._around(place)):
            return None
        whole = self._operands(place, FigureKind.PERCENT)
        found = next((one for one in whole if one.figure.value == 100 - place.figure.value), None)
        return None if found is None else (found.reading, found.sentence)

    def _packed(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """Three packs of 14 are 42, where the copy speaks of three packs, or of two with a third one free."""
        taken = {
            value
            for other in near
            for value in _taken(other.figure)
            if other.sentence == place.sentence and value > 1 and other.figure.unit != place.figure.unit
        }
        each = [*self._operands(place, FigureKind.COUNT), *self._operands(place, FigureKind.NUMBER)]
        for operand in each if taken else ():
            if any(operand.figure.value * times == place.figure.value for times in taken):
                return operand.reading, operand.sentence
        return None

    def _times(self, place: Place) -> tuple[Reading, int] | None:
        """多装一倍 and twice as much: how often one thing's figure goes into another's."""
        figure = place.figure
        if figure.unit != _TIMES:
            return None
        before = self._copy.text[max(0, figure.start - 6) : figure.start]
        ratio = figure.value + 1 if _MORE_BEFORE.search(before) else figure.value
        first = self._first_named(place)
        any_unit = replace(place, figure=replace(figure, unit=""))
        for kind in (FigureKind.MEASURE, FigureKind.PRICE, FigureKind.DURATION, FigureKind.COUNT):
            for one, other in permutations(self._operands(any_unit, kind), 2):
                is_other = first is not None and not one.names & first and bool(other.names & first)
                if is_other or one.figure.unit != other.figure.unit:
                    continue
                if other.figure.value * ratio == one.figure.value:
                    return one.reading, one.sentence
        return None

    def _yearly(self, place: Place) -> tuple[Reading, int] | None:
        """A parcel every quarter is four parcels, where the copy speaks of a year."""
        low = self._copy.sentences[max(0, place.sentence - 1)][0]
        if not _A_YEAR.search(self._copy.text, low, self._copy.sentences[place.sentence][1]):
            return None
        counted = place.figure.unit
        for reading in self._evidence.readings:
            for number, (start, end) in enumerate(reading.sentences):
                every = _EVERY.search(reading.text, start, end)
                if every is None or _IN_A_YEAR[every.group(every.lastgroup or 0)] != place.figure.value:
                    continue
                if counted in reading.sentence_words[number] or not counted.isascii():
                    return reading, number
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
        if figure.unit == "month" and figure.value % 12 == 0 and self._tells_difference(place):
            return self._years_apart(place)
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
                if follows and minutes == figure.value / 60 and self._is_linked(place, first):
                    return reading, first.sentence
        return None

    def _years_apart(self, place: Place) -> tuple[Reading, int] | None:
        """早压了三年: of two years that the sources give for the things named."""
        named = self._named(place) | place.names
        years = [
            (other.figure.value, reading, other.sentence, other.names)
            for reading in self._evidence.readings
            for other in reading.places
            if other.figure.kind is FigureKind.DATE
            and other.figure.unit == "year"
            and (not named or not other.groups or named & other.names)
        ][:_MOST]
        apart = place.figure.value / 12
        before = self._copy.text[max(0, place.figure.start - 6) : place.figure.start]
        first = self._first_named(place)
        for one, two in permutations(years, 2):
            is_told_so = first is None or bool(one[3] & first) == bool(_LATER.search(before))
            if one[0] - two[0] == apart and is_told_so:
                return two[1], two[2]
        return None

    def _first_named(self, place: Place) -> frozenset[str] | None:
        """What a comparison is about: the first thing that its sentence names."""
        low, high = self._copy.sentences[place.sentence]
        mentions = self._names.mentions(self._copy.text[low:high])
        return mentions[0].names if mentions else None

    @staticmethod
    def _is_about_another(place: Place, other: Place) -> bool:
        return bool(place.explicit and place.names and other.groups and not place.names & other.names)

    def _is_linked(self, place: Place, other: Place) -> bool:
        """Whether the copy speaks of what the source does: of the same thing, in its words, or of its hours."""
        if self._is_about_another(place, other):
            return False
        if place.names & other.names or place.sentence_words & (other.sentence_words | other.context_words):
            return True
        return any(
            one.figure.kind is FigureKind.TIME and abs(one.sentence - place.sentence) <= 1
            for one in self._copy.places
        )

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
                if (
                    named
                    and other.groups
                    and not named & other.names
                    and not self._is_hinted_row(place, other)
                ):
                    continue
                key = (figure.value, other.taken_off)
                found.setdefault(
                    key, _Operand(figure, reading, other.sentence, other.taken_off, other.names, other.row)
                )
        return list(found.values())[:_MOST]

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
        low, high = self._copy.sentences[place.sentence]
        said = self._copy.text[low:high].lower()
        return (
            other.row
            and self._tells_difference(place)
            and any(self._is_hinted(name, said) for name in other.names)
        )

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
        named = [
            Decimal(number)
            for operand in prices
            for name in operand.names
            for number in _COUNT_IN_NAME.findall(name)
        ]
        sizes = [one for one in beside if one.kind is FigureKind.MEASURE and one.high is None]
        periods = [Decimal(12)] if any(_A_YEAR.search(operand.reading.text) for operand in prices) else []
        values = dict.fromkeys(
            value
            for value in (
                *(one.value for one in (*counted, *sizes)),
                *(value for one in ours if one.kind is FigureKind.OFFER for value in _taken(one)),
                *periods,
                *named,
            )
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
    (re.compile(r"[一每]?百克|每?100 ?克|per 100 ?(?:g|ml)|a hundred grams", re.IGNORECASE), Decimal(100)),
    (re.compile(r"[一每]升|per lit(?:re|er)|a lit(?:re|er)", re.IGNORECASE), Decimal(1000)),
)


def _bases(around: str) -> list[Decimal]:
    """The amounts, in grams or millilitres, for which prices are compared."""
    return [amount for said, amount in _BASES if said.search(around)]


def _each(price: _Operand, base: Decimal) -> Decimal:
    """What `base` grams or millilitres cost at this price; nothing where its row names no size."""
    sizes = [
        other.figure.value
        for other in price.reading.places
        if other.sentence == price.sentence and other.figure.kind is FigureKind.MEASURE and other.figure.value
    ]
    return price.figure.value * base / sizes[0] if len(sizes) == 1 else Decimal(0)


def _taken(figure: Figure) -> tuple[Decimal, ...]:
    """How many are taken home: as many as are counted; of an offer those that are paid, those given, and all."""
    if figure.kind is FigureKind.COUNT and figure.high is None:
        return (figure.value,)
    if figure.unit == "buy" and figure.high is not None:
        return (figure.value, figure.value + figure.high)
    if figure.unit.startswith("nth"):
        return (Decimal(figure.unit.removeprefix("nth")),)
    return ()


def _is(value: Decimal, wanted: Decimal) -> bool:
    return value > 0 and abs(value - wanted) < _CENT


def _is_rounded(value: Decimal, figure: Figure) -> bool:
    """A share may be told to as many places as the figure has."""
    places = max(0, -int(figure.value.as_tuple().exponent))
    if not places:
        return _is(value, figure.value)
    return abs(value - figure.value) <= Decimal(1).scaleb(-places) / 2
