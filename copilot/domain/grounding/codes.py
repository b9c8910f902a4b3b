"""Prices that only a code gets, told as if anybody paid them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.domain.grounding.places import Place, Reading
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import FigureKind

_CODE_HEADER = re.compile(r"code|voucher|coupon|优惠码|口令|券码|暗号", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{3,23}")
_DEAL_HEADER = re.compile(r"member|offer|deal|sale|discount|优惠价|活动价|会员价|到手|券后", re.IGNORECASE)


@dataclass(frozen=True)
class Coded:
    """A row's code, and the prices that it gets."""

    reading: Reading
    code: str
    prices: frozenset[Decimal]


class Codes:
    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self._rows = [row for reading in readings if (row := _coded(reading)) is not None]

    def untold(self, copy: str, place: Place) -> Coded | None:
        """The row that has this price for those who tell a code, where the copy leaves it out and nobody else gets it."""
        if place.figure.kind is not FigureKind.PRICE:
            return None
        rows = [
            row
            for row in self._rows
            if place.figure.value in row.prices and any(place.names & p.names for p in row.reading.places)
        ]
        lowered = copy.lower()
        if not rows or any(row.code.lower() in lowered for row in rows):
            return None
        return None if any(self._without(place, rows)) else rows[0]

    def _without(self, place: Place, rows: Sequence[Coded]) -> Iterator[Place]:
        """Where the price stands for the same thing, and beside none of these codes."""
        own = {id(row.reading) for row in rows}
        for reading in self._readings:
            for other in reading.places if id(reading) not in own else ():
                price = (other.figure.kind, other.figure.value) == (place.figure.kind, place.figure.value)
                if price and place.names & other.names:
                    told = reading.text[slice(*reading.sentences[other.sentence])].lower()
                    if not any(row.code.lower() in told for row in rows):
                        yield other


def _coded(reading: Reading) -> Coded | None:
    fields = reading.source.fields if reading.source is not None else {}
    codes = [cell.strip() for header, cell in fields.items() if _CODE_HEADER.search(header)]
    prices = frozenset(
        figure.value
        for header, cell in fields.items()
        if _DEAL_HEADER.search(header)
        for figure in figures(cell)
        if figure.kind is FigureKind.PRICE
    )
    code = next((code for code in codes if _CODE.fullmatch(code)), None)
    return Coded(reading, code, prices) if code and prices else None
