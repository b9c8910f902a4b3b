"""Prices that no source spells out but that follow from what it says: a saving, a discount taken off, a share, a sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.terms import MOST, Operand, Terms
from copilot.domain.quantities.figures import Figure, FigureKind

# A reckoning is believed where its words are there; among many numbers, some pair always differs by the right sum.
IN_ALL = re.compile(
    r"一共|总共|合计|加起来|拢共|到账|算下来|(?<![A-Za-z])comes? to(?![A-Za-z])|(?<![A-Za-z])(?:together|altogether|in all|in total|total)(?![A-Za-z])",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"合|折合|每|平均|均摊|摊|一[个件节杯包袋瓶片支盒次天晚人克颗斤升粒张束枝朵份只条双套]|单[个件节杯包袋瓶片支盒]|(?<![A-Za-z])(?:each|apiece|per|an?|works? out|comes? to|one)(?![A-Za-z])",
    re.IGNORECASE,
)
_ALMOST = re.compile(r"(?:不到|不足|差不多|under|less than|just under|almost)[ ]?$", re.IGNORECASE)
_SOME_MORE = re.compile(r"^[ ]?(?:多|出头|有余|and a bit|or so)", re.IGNORECASE)
_ADDED = re.compile(
    r"加(?!入|油|热|湿|班|急|工|速|固|盟|群|微|我|了|购)|和|(?<![A-Za-z])(?:plus|and|with)(?![A-Za-z])",
    re.IGNORECASE,
)
_LARGE = 10  # Smaller bare numbers are no prices.
_CENT = Decimal("0.01")
_BASES = (
    (re.compile(r"[一每]斤|按斤"), Decimal(500)),
    (re.compile(r"[一每]公斤|per kilo|a kilo|/kg", re.IGNORECASE), Decimal(1000)),
    (re.compile(r"[一每]?百克|每?100 ?克|per 100 ?(?:g|ml)|a hundred grams", re.IGNORECASE), Decimal(100)),
    (re.compile(r"[一每]升|per lit(?:re|er)|a lit(?:re|er)", re.IGNORECASE), Decimal(1000)),
)


class Prices:
    """Whether a price of the copy is a small sum of its terms."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def quote(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """The sentence of a source that has a term of the sum; `near` are figures of the copy about it."""
        return None if place.figure.high is not None else next(self._sums(place, near), None)

    def _sums(self, place: Place, near: Sequence[Place]) -> Iterator[tuple[Reading, int]]:
        wanted, around = place.figure.value, self._terms.around(place)
        prices = self._terms.of_kind(place, FigureKind.PRICE)
        if not prices or wanted <= 0:
            return
        counts = self._terms.counts(prices, near)
        # A total of prices that the sentence tells is their sum, and nothing else.
        terms = [p for p in near if p.sentence == place.sentence and p.figure.kind is FigureKind.PRICE]
        if IN_ALL.search(around) and (
            not any(is_sum(price.figure.value * count, wanted) for price in prices for count in counts)
            or Decimal(len(terms)) in self._terms.told_counts(place, near)
        ):
            if len(terms) > 1:
                if is_sum(sum((p.figure.value for p in terms), Decimal(0)), wanted):
                    yield prices[0].reading, prices[0].sentence
                return
            for price, other in permutations(prices, 2):
                together = price.reading is other.reading or self._terms.are_compared(place, price, other)
                if together and is_sum(price.figure.value + other.figure.value, wanted):
                    yield price.reading, price.sentence
        offers = self._terms.offers(place, near)
        for price in prices:
            if any(
                is_sum(price.figure.value * offer.value / 100, wanted)
                for offer in offers
                if offer.unit == "pay"
            ):
                yield price.reading, price.sentence
            for offer in offers:
                # The second at half price: two cost one and a half, and each its half of that.
                pair = price.figure.value * (100 + offer.value) / 100
                if offer.unit == "nth2" and (is_sum(pair, wanted) or is_sum(pair / 2, wanted)):
                    yield price.reading, price.sentence
                off = offer.high if offer.unit == "over-less" else None
                if off is not None and any(
                    is_sum(price.figure.value * n - off, wanted) for n in (Decimal(1), *counts)
                ):
                    yield price.reading, price.sentence
        for price, other in permutations(prices, 2):
            # Taken off a price: 749 with 75 off is 674. Where another material says so, one of the two is told, too.
            is_told = any(p.figure.value in (price.figure.value, other.figure.value) for p in near)
            if (
                other.taken_off
                and not price.taken_off
                and (
                    price.reading is other.reading
                    or (is_told and self._terms.are_compared(place, price, other))
                )
                and is_sum(price.figure.value - other.figure.value, wanted)
            ):
                yield price.reading, price.sentence
        for off, least in self._terms.vouchers(place, near):
            for price in prices:
                # A voucher holds for anything that costs as much as it asks for.
                if price.figure.value >= least and is_sum(price.figure.value - off, wanted):
                    yield price.reading, price.sentence
        told = [
            p.figure.value
            for p in near
            if p.figure.kind is FigureKind.PRICE
            or (p.figure.kind is FigureKind.NUMBER and p.figure.high is None and p.figure.value >= _LARGE)
        ]
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
                if is_sum(price.figure.value * count, wanted):
                    yield price.reading, price.sentence
            for base in _bases(around):
                if any(self._is_about(price.figure.value * base / size, place.figure) for size in sizes):
                    yield price.reading, price.sentence
                if self._terms.tells_difference(place) and any(
                    self._is_about(abs(_each(price, base) - _each(other, base)), place.figure)
                    for other in prices
                ):
                    yield price.reading, price.sentence
        if any(is_sum(one - other, wanted) for one, other in permutations(told[:MOST], 2)):
            # What lies between two prices that were told just before needs no word that says so.
            yield prices[0].reading, prices[0].sentence
        if _ADDED.search(around):
            for price, other in permutations(prices, 2):
                if self._terms.are_compared(place, price, other) and is_sum(
                    price.figure.value + other.figure.value, wanted
                ):
                    yield price.reading, price.sentence
        if not self._terms.tells_difference(place):
            return
        for price, other in permutations(prices, 2):
            if price.reading is not other.reading and not self._terms.are_compared(place, price, other):
                continue
            if is_sum(price.figure.value - other.figure.value, wanted):
                yield price.reading, price.sentence
            for count in counts:
                whole, parts = other.figure.value, price.figure.value * count
                if is_sum(abs(parts - whole), wanted) or is_sum(
                    abs(price.figure.value - whole / count), wanted
                ):
                    yield price.reading, price.sentence

    def _is_about(self, value: Decimal, figure: Figure) -> bool:
        """A share as it is told: to as many places as the figure has, or as a little more or less than it."""
        if _ALMOST.search(self._terms.copy.text[max(0, figure.start - 12) : figure.start]):
            return figure.value * Decimal("0.85") <= value <= figure.value
        if _SOME_MORE.match(self._terms.copy.text[figure.end : figure.end + 12]):
            return figure.value <= value <= figure.value * Decimal("1.25")
        return _is_rounded(value, figure)


def _bases(around: str) -> list[Decimal]:
    """The amounts, in grams or millilitres, for which prices are compared."""
    return [amount for said, amount in _BASES if said.search(around)]


def _each(price: Operand, base: Decimal) -> Decimal:
    """What `base` grams or millilitres cost at this price; nothing where its row names no size."""
    sizes = [
        other.figure.value
        for other in price.reading.places
        if other.sentence == price.sentence and other.figure.kind is FigureKind.MEASURE and other.figure.value
    ]
    return price.figure.value * base / sizes[0] if len(sizes) == 1 else Decimal(0)


def _is_rounded(value: Decimal, figure: Figure) -> bool:
    """A share may be told to as many places as the figure has."""
    places = max(0, -int(figure.value.as_tuple().exponent))
    if not places:
        return is_sum(value, figure.value)
    return abs(value - figure.value) <= Decimal(1).scaleb(-places) / 2


def is_sum(value: Decimal, wanted: Decimal) -> bool:
    return value > 0 and abs(value - wanted) < _CENT
