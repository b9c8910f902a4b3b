"""Counts, spans and measures that follow from what a source says: as many as are bought, how long hours last, a share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, permutations

from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.pricing import IN_ALL, Prices, is_sum
from copilot.domain.grounding.terms import A_YEAR, MOST, Terms, taken
from copilot.domain.quantities.figures import FigureKind, Role

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
_IN_A_YEAR = {"季度": 4, "月": 12, "quarter": 4, "month": 12, "week": 52}
# 每个月四本 are twelve a quarter.
_PERIODS = (
    (re.compile(r"季度|每季|一季|quarter", re.IGNORECASE), 3),
    (re.compile(r"[一全每]年|年度|a year|per year", re.IGNORECASE), 12),
)
_FEW = 10


class Amounts:
    """Whether an amount of the copy follows from its terms."""

    def __init__(self, terms: Terms, prices: Prices, matched: Mapping[int, object]) -> None:
        """`matched` are the figures of the copy that a source spells out, by their identity: they are no sums."""
        self._terms, self._prices, self._matched = terms, prices, matched

    def count(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        return (
            self._bought(place, near)
            or self._multiplied(place, near)
            or self.packed(place, near)
            or self._times(place)
            or self._yearly(place)
        )

    def span(self, place: Place) -> tuple[Reading, int] | None:
        return self._lasting(place) or self.measure(place)

    def _bought(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """Buy two and get a third free are three in all, two that are bought and one that is given."""
        said = any(other.figure.unit == "buy" for other in near)
        if any(f"nth{place.figure.value}" == other.figure.unit for other in self._terms.copy.places):
            found = next(
                (
                    one
                    for one in self._terms.of_offers(place)
                    if one.figure.unit == f"nth{place.figure.value}"
                ),
                None,
            )
            if found is not None:
                return found.reading, found.sentence
        for reading in self._terms.readings:
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
        around = self._terms.around(place)
        for period, months in _PERIODS:
            if period.search(around) and place.figure.value % months == 0:
                each = place.figure.value / months
                said = self._terms.of_kind(place, FigureKind.COUNT)
                operand = next((one for one in said if one.figure.value == each), None)
                if operand is not None:
                    return operand.reading, operand.sentence
        for other in near:
            is_open = id(other) not in self._matched
            if is_open and other.sentence == place.sentence and other.figure.kind is FigureKind.PRICE:
                without = [one for one in near if one is not other]
                found = self._prices.quote(other, [*without, place])
                if (
                    found is not None
                    and 1 < place.figure.value <= _FEW
                    and IN_ALL.search(self._terms.around(other))
                ):
                    return found
                operands = self._terms.of_kind(other, FigureKind.PRICE)
                if found is not None and place.figure.value in self._terms.counts(operands, without):
                    return found
                if any(is_sum(one.figure.value * place.figure.value, other.figure.value) for one in operands):
                    return found
                if found is not None and self._prices.quote(other, without) is None:
                    return found
        return None

    def share(self, place: Place) -> tuple[Reading, int] | None:
        """The other 6% are what 94% leave."""
        if not _THE_REST.search(self._terms.around(place)):
            return None
        whole = self._terms.of_kind(place, FigureKind.PERCENT)
        found = next((one for one in whole if one.figure.value == 100 - place.figure.value), None)
        return None if found is None else (found.reading, found.sentence)

    def packed(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """Three packs of 14 are 42, where the copy speaks of three packs, or of two with a third one free."""
        carried = {
            value
            for other in near
            for value in taken(other.figure)
            if other.sentence == place.sentence and value > 1 and other.figure.unit != place.figure.unit
        }
        each = [*self._terms.of_kind(place, FigureKind.COUNT), *self._terms.of_kind(place, FigureKind.NUMBER)]
        for operand in each if carried else ():
            if any(operand.figure.value * times == place.figure.value for times in carried):
                return operand.reading, operand.sentence
        return None

    def _times(self, place: Place) -> tuple[Reading, int] | None:
        """多装一倍 and twice as much: how often one thing's figure goes into another's."""
        figure = place.figure
        if figure.unit != _TIMES:
            return None
        before = self._terms.copy.text[max(0, figure.start - 6) : figure.start]
        ratio = figure.value + 1 if _MORE_BEFORE.search(before) else figure.value
        first = self._terms.first_named(place)
        any_unit = replace(place, figure=replace(figure, unit=""))
        for kind in (FigureKind.MEASURE, FigureKind.PRICE, FigureKind.DURATION, FigureKind.COUNT):
            for one, other in permutations(self._terms.of_kind(any_unit, kind), 2):
                is_other = first is not None and not one.names & first and bool(other.names & first)
                if is_other or one.figure.unit != other.figure.unit:
                    continue
                if other.figure.value * ratio == one.figure.value:
                    return one.reading, one.sentence
        return None

    def _yearly(self, place: Place) -> tuple[Reading, int] | None:
        """A parcel every quarter is four parcels, where the copy speaks of a year."""
        low = self._terms.copy.sentences[max(0, place.sentence - 1)][0]
        if not A_YEAR.search(self._terms.copy.text, low, self._terms.copy.sentences[place.sentence][1]):
            return None
        counted = place.figure.unit
        for reading in self._terms.readings:
            for number, (start, end) in enumerate(reading.sentences):
                every = _EVERY.search(reading.text, start, end)
                if every is None or _IN_A_YEAR[every.group(every.lastgroup or 0)] != place.figure.value:
                    continue
                if counted in reading.sentence_words[number] or not counted.isascii():
                    return reading, number
        return None

    def measure(self, place: Place) -> tuple[Reading, int] | None:
        """Two bags of 250 g are half a kilo; 3 lb 4 oz are 14 oz less than 4 lb 2 oz."""
        sizes = self._terms.of_kind(place, place.figure.kind)
        wanted = place.figure.value
        for size in sizes:
            beside = [p.figure for p in size.reading.places if p.sentence == size.sentence]
            counts = [one.value for one in beside if one.kind is FigureKind.COUNT and one.high is None]
            if any(size.figure.value * count == wanted for count in counts):
                return size.reading, size.sentence
        if self._terms.tells_difference(place):
            for one, other in permutations(sizes, 2):
                if is_sum(one.figure.value - other.figure.value, wanted):
                    return one.reading, one.sentence
        return None

    def _lasting(self, place: Place) -> tuple[Reading, int] | None:
        """From 11:00 to 12:30 lasts an hour and a half."""
        figure = place.figure
        if figure.unit == "month" and figure.value % 12 == 0 and self._terms.tells_difference(place):
            return self._years_apart(place)
        if figure.unit != "s" or figure.value % 60:
            return None
        for reading in self._terms.readings:
            if not reading.places:
                continue
            times = [p for p in reading.places if p.figure.kind is FigureKind.TIME]
            if self._terms.tells_difference(place) and not self._terms.is_about_another(
                place, reading.places[0]
            ):
                # Open until 22:00 instead of 20:30: an hour and a half later.
                for one, other in permutations(times[:MOST], 2):
                    if one.figure.value - other.figure.value == figure.value / 60:
                        return reading, one.sentence
            for first, last in pairwise(times):
                roles = (first.figure.role, last.figure.role)
                minutes = (last.figure.value - first.figure.value) % 1440
                follows = roles == (Role.START, Role.END) and first.sentence == last.sentence
                if follows and minutes == figure.value / 60 and self._terms.is_linked(place, first):
                    return reading, first.sentence
        return None

    def _years_apart(self, place: Place) -> tuple[Reading, int] | None:
        """早压了三年: of two years that the sources give for the things named."""
        named = self._terms.named(place) | place.names
        years = [
            (other.figure.value, reading, other.sentence, other.names)
            for reading in self._terms.readings
            for other in reading.places
            if other.figure.kind is FigureKind.DATE
            and other.figure.unit == "year"
            and (not named or not other.groups or named & other.names)
        ][:MOST]
        apart = place.figure.value / 12
        before = self._terms.copy.text[max(0, place.figure.start - 6) : place.figure.start]
        first = self._terms.first_named(place)
        for one, two in permutations(years, 2):
            is_told_so = first is None or bool(one[3] & first) == bool(_LATER.search(before))
            if one[0] - two[0] == apart and is_told_so:
                return two[1], two[2]
        return None
