"""A figure's value in one canonical writing: 29元, ¥29.00 and 二十九元 are all "29" of "CNY"."""

from __future__ import annotations

from decimal import Decimal

from copilot.domain.quantities.figures import Figure, FigureKind

# A base unit, and the larger ones that read better when the value comes out whole or long.
_LARGER: dict[str, tuple[tuple[str, Decimal], ...]] = {
    "s": (("day", Decimal(86400)), ("hour", Decimal(3600)), ("minute", Decimal(60))),
    "month": (("year", Decimal(12)),),
    "ml": (("l", Decimal(1000)),),
    "g": (("kg", Decimal(1000)),),
    "mm": (("m", Decimal(1000)), ("cm", Decimal(10))),
}
_BASE = {name: base for base, larger in _LARGER.items() for name, _ in larger}
_WHOLE = frozenset({"s", "month"})


def plain(number: Decimal) -> str:
    """A number without needless zeros and without an exponent: 29.00 is "29"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def canonical(figure: Figure) -> tuple[str, str]:
    """The (amount, unit) of a figure; equal figures have equal pairs, however they are written."""
    if figure.kind is FigureKind.DATE:
        return _date(figure), ""
    if figure.kind is FigureKind.TIME:
        return f"{int(figure.value) // 60:02d}:{int(figure.value) % 60:02d}", ""
    if figure.kind is FigureKind.OFFER:
        return _offer(figure)
    if figure.kind is FigureKind.CODE:
        return figure.unit, ""
    unit = "point" if figure.kind is FigureKind.POINTS else figure.unit
    ends = [figure.value] if figure.high is None else [figure.value, figure.high]
    for larger, factor in _LARGER.get(unit, ()):
        scaled = [end / factor for end in ends]
        whole = all(end == int(end) for end in scaled)
        if whole if unit in _WHOLE else all(end >= 1 for end in scaled):
            return "..".join(map(plain, scaled)), larger
    return "..".join(map(plain, ends)), unit


def dimension(unit: str) -> str:
    """What a unit measures: 48 hours and 3 days are both time."""
    return _BASE.get(unit, unit)


def _date(figure: Figure) -> str:
    value = int(figure.value)
    if figure.unit == "year":
        return str(value)
    if figure.unit == "dom":
        return f"--{value:02d}"
    if figure.unit == "month":
        return f"{figure.year}-{value:02d}" if figure.year else f"{value:02d}"
    day = f"{value // 100:02d}-{value % 100:02d}"
    return f"{figure.year}-{day}" if figure.year else day


def _offer(figure: Figure) -> tuple[str, str]:
    if figure.high is not None:
        return f"{plain(figure.value)}+{plain(figure.high)}", figure.unit
    return plain(figure.value), "%" if figure.unit == "pay" else figure.unit
