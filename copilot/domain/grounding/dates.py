"""Dates as figures give them, made into days: the year a copy leaves out is the one nearest to its slot."""

from __future__ import annotations

from datetime import date, datetime

from copilot.domain.quantities.figures import Figure


def same_date(one: Figure, other: Figure, at: datetime) -> bool:
    if one.unit == "year" or other.unit == "year":
        return (one.year or 0) == (other.year or -1)
    if one.unit == "month" or other.unit == "month":
        months = [int(f.value) if f.unit == "month" else int(f.value) // 100 for f in (one, other)]
        # A whole month is no evidence for one of its days.
        return months[0] == months[1] and not (one.unit != "month" and other.unit == "month")
    return bool(set(_days(one, at)) & set(_days(other, at)))


def _days(figure: Figure, at: datetime) -> list[date]:
    if figure.unit == "dom":
        # "The 21st" is of this month, the last or the next: the reader knows which is spoken of.
        return [day for year, month in _months(at) if (day := _day(year, month, int(figure.value)))]
    days = [resolve(figure, at)]
    if figure.unit == "day?":
        swapped = (figure.value % 100) * 100 + figure.value // 100
        days.append(_nearest_day(int(swapped) // 100, int(swapped) % 100, figure.year, at))
    return [day for day in days if day is not None]


def resolve(figure: Figure, at: datetime) -> date | None:
    """The day that a date means: without a year the one nearest to `at`. None for months and years."""
    if figure.unit in ("day", "day?"):
        return _nearest_day(int(figure.value) // 100, int(figure.value) % 100, figure.year, at)
    if figure.unit == "dom":
        days = [day for year, month in _months(at) if (day := _day(year, month, int(figure.value)))]
        return min(days, key=lambda day: abs((day - at.date()).days - 5), default=None)
    return None


def _months(at: datetime) -> list[tuple[int, int]]:
    """The month before, this one and the next, as (year, month)."""
    return [(at.year + (at.month - 1 + step) // 12, (at.month - 1 + step) % 12 + 1) for step in (-1, 0, 1)]


def _nearest_day(month: int, number: int, year: int | None, at: datetime) -> date | None:
    if year is not None:
        return _day(year, month, number)
    days = [day for step in (-1, 0, 1) if (day := _day(at.year + step, month, number))]
    return min(days, key=lambda day: abs((day - at.date()).days), default=None)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
