"""What no source spells out but a small sum does: prices, counts, spans and shares, each from its own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from copilot.domain.grounding.counting import Amounts
from copilot.domain.grounding.matching import Evidence
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.pricing import Prices
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.grounding.terms import Terms
from copilot.domain.quantities.figures import FigureKind

_PRICED = (FigureKind.PRICE, FigureKind.OFFER)
# Among numbers as large as these, another one is a price, too: 一百五十九，一束不到四十.
_LARGE = 10


class Reckoning:
    """The figures of the valid sources as terms of small sums."""

    def __init__(
        self, evidence: Evidence, copy: Reading, names: Catalogue, matched: Mapping[int, object]
    ) -> None:
        """`matched` are the figures of the copy that a source spells out, by their identity: they are no sums."""
        terms = Terms(evidence, copy, names)
        self._prices = Prices(terms)
        self._amounts = Amounts(terms, self._prices, matched)

    def quote(self, place: Place, near: Sequence[Place]) -> tuple[Reading, int] | None:
        """The sentence of a source from which the figure follows. `near` are figures of the copy about it."""
        kind = place.figure.kind
        if place.figure.high is not None:
            return None
        if kind is FigureKind.COUNT:
            return self._amounts.count(place, near)
        if kind is FigureKind.DURATION:
            return self._amounts.span(place)
        if kind is FigureKind.MEASURE:
            return self._amounts.measure(place)
        if kind is FigureKind.PERCENT:
            return self._amounts.share(place)
        if kind is FigureKind.NUMBER:
            if (packed := self._amounts.packed(place, near)) is not None:
                return packed
            if any(_may_be_price(one) for one in near):
                # 买三只一百三十五: among prices and offers, a bare number is a price.
                place = replace(place, figure=replace(place.figure, kind=FigureKind.PRICE))
        return self._prices.quote(place, near) if place.figure.kind is FigureKind.PRICE else None


def _may_be_price(place: Place) -> bool:
    figure = place.figure
    return figure.kind in _PRICED or (figure.kind is FigureKind.NUMBER and figure.value >= _LARGE)
