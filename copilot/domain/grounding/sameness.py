"""Whether two figures say the same, whatever their spelling, and how one is spelled like the other."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from copilot.domain.grounding.dates import same_date
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind
from copilot.domain.quantities.units import ANY_CLASSIFIER

_MEASURED = (FigureKind.MEASURE, FigureKind.DURATION)
_FAR = 12
_TIMES = "倍"
_NUMERAL = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+")


def same(one: Figure, other: Figure, at: datetime) -> bool:
    """Whether two figures say the same, whatever their spelling; `at` completes dates without a year."""
    if one.kind is FigureKind.DATE and other.kind is FigureKind.DATE:
        return same_date(one, other, at)
    if one.kind is FigureKind.TIME and other.kind is FigureKind.TIME:
        if "clock12" in (one.unit, other.unit):
            return one.value % 720 == other.value % 720
        return one.value == other.value
    if {one.kind, other.kind} == {FigureKind.OFFER, FigureKind.PERCENT}:
        offer, share = (one, other) if one.kind is FigureKind.OFFER else (other, one)
        return offer.unit == "pay" and share.value in (offer.value, 100 - offer.value)
    if {one.kind, other.kind} == {FigureKind.PRICE, FigureKind.MEASURE}:
        # Ten pounds are money or weight: the word does not say which.
        price, measure = (one, other) if one.kind is FigureKind.PRICE else (other, one)
        return measure.unit == "oz" and "pound" in price.text.lower() and price.value * 16 == measure.value
    if one.kind is other.kind is FigureKind.DURATION and {one.unit, other.unit} == {"s", "month"}:
        span, months = (one, other) if one.unit == "s" else (other, one)
        return span.high is None and months.high is None and span.value in _spans(months.value)
    if FigureKind.NUMBER in (one.kind, other.kind) and one.kind is not other.kind:
        bare, full = (one, other) if one.kind is FigureKind.NUMBER else (other, one)
        if full.kind in _MEASURED:
            return full.shown is not None and bare.value == full.shown and bare.high == _high_as_shown(full)
    if (one.value, one.high) != (other.value, other.high):
        return False
    if one.kind is FigureKind.CODE or other.kind is FigureKind.CODE:
        return one.kind is other.kind and one.unit == other.unit
    if one.kind is not other.kind:
        return FigureKind.NUMBER in (one.kind, other.kind)
    if one.kind is FigureKind.COUNT:
        return _same_count(one.unit, other.unit)
    return one.unit == other.unit or (one.kind is FigureKind.PRICE and not (one.unit and other.unit))


def _high_as_shown(figure: Figure) -> Decimal | None:
    """The upper end in the unit that the figure is written in: 9 of "6 to 9 years"."""
    if figure.high is None or not figure.value or figure.shown is None:
        return None
    return figure.high * figure.shown / figure.value


def _spans(months: Decimal) -> tuple[Decimal, ...]:
    """The numbers of seconds that people also call so many months: 30 days are a month, 365 a year."""
    days = [30 * months]
    if months % 12 == 0:
        days.append(365 * months / 12)
    return tuple(day * 86400 for day in days)


_LAYERS = "层"  # What is never counted by 个.


def _same_count(one: str, other: str) -> bool:
    if "/" in one and "/" in other:
        return one == other
    one, other = one.partition("/")[0], other.partition("/")[0]
    if one == other or (ANY_CLASSIFIER in (one, other) and _LAYERS not in (one, other)):
        return True
    # A Chinese measure word and an English noun cannot be compared; their values were.
    return bool(one and other) and one.isascii() != other.isascii()


def counts_alike(one: Figure, other: Figure) -> bool:
    """As many of things that are called otherwise, in English: 50 dogs and fifty pups."""
    are_counts = one.kind is other.kind is FigureKind.COUNT
    return (
        are_counts
        and (one.value, one.high) == (other.value, other.high)
        and (one.unit + other.unit).isascii()
    )


def is_of_its_sort(one: Figure, other: Figure) -> bool:
    """Whether the one may be a slip for the other: in the same unit, and no more than so many times as much."""
    if one.kind is FigureKind.COUNT:
        return _same_count(one.unit, other.unit) and (_TIMES in one.unit) is (_TIMES in other.unit)
    if one.kind in (FigureKind.MEASURE, FigureKind.NUMBER) and one.value > 0 and other.value > 0:
        return max(one.value, other.value) <= _FAR * min(one.value, other.value)
    return True


def comparable(one: Figure, other: Figure) -> bool:
    if one.kind is FigureKind.COUNT:
        return one.value == other.value or _same_count(one.unit, other.unit)
    if one.kind is FigureKind.DURATION and one.unit == other.unit and one.value > 0 and other.value > 0:
        # Minutes in a pan are no rival of days in a fridge.
        return max(one.value, other.value) <= _FAR * min(one.value, other.value)
    if one.kind is FigureKind.MEASURE:
        return one.unit == other.unit or one.value == other.value
    if one.kind is FigureKind.OFFER:
        return one.unit == other.unit or one.value == other.value
    if one.kind is FigureKind.CODE:
        return one.unit.rstrip("+0123456789.") == other.unit.rstrip("+0123456789.")
    if one.kind is FigureKind.DATE:
        return (one.unit in ("year", "month")) == (other.unit in ("year", "month"))
    return True


def keys(figure: Figure, at: datetime) -> list[Decimal]:
    """The keys under which a figure is found; a coarse or two-way date has several."""
    if figure.kind is FigureKind.DATE:
        if figure.unit == "day?":
            return [figure.value, (figure.value % 100) * 100 + figure.value // 100]
        if figure.unit == "dom":
            return [figure.value, *(Decimal(month * 100) + figure.value for month in range(1, 13))]
        if figure.unit == "day":
            keys = [figure.value, figure.value // 100, figure.value % 100]
            return [*keys, Decimal(figure.year)] if figure.year else keys
        return [figure.value]
    if figure.kind is FigureKind.DURATION and figure.unit == "month":
        return [figure.value, *_spans(figure.value), *([figure.shown] if figure.shown else [])]
    if figure.kind in _MEASURED and figure.shown is not None and figure.shown != figure.value:
        return [figure.value, figure.shown]
    if figure.kind is FigureKind.TIME:
        return list(dict.fromkeys([figure.value, figure.value % 720, figure.value % 720 + 720]))
    return [figure.value]


def written_like(wrong: Figure, right: Figure, at: datetime) -> str | None:
    """The right figure in the copy's own spelling where that is possible, else as the source has it."""
    number = _NUMERAL.search(right.text)
    if number:
        spelled = _NUMERAL.sub(number.group(), wrong.text, count=1)
        if _reads_as(spelled, right, at):
            return spelled
    return right.text if _reads_as(right.text, right, at) else None


def _reads_as(spelled: str, right: Figure, at: datetime) -> bool:
    read = figures(spelled)
    return (
        len(read) == 1 and read[0].text == spelled and read[0].kind is right.kind and same(read[0], right, at)
    )
