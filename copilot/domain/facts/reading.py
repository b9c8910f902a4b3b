"""Figures that say one value together, and the stretch of text that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.domain.facts.canonical import canonical
from copilot.domain.facts.wording import BOUND_AFTER, BOUND_BEFORE, DAY_AFTER, WEEKDAY
from copilot.domain.grounding.places import Place
from copilot.domain.quantities.figures import Figure, FigureKind

_TO = re.compile(r"^[ ]?[日号]?[ ]?(?:-|–|—|~|到|至|to|until|till|and)[ ]?$", re.IGNORECASE)
_BY = re.compile(r"^[ ]?(?:by|x|×|\*)[ ]?$", re.IGNORECASE)
_AND = re.compile(r"^[ ](?:and[ ])?$", re.IGNORECASE)
_DAY_MARK = " 日号"
_FAR = 16
_NEAR_DAY = re.compile(r"^[ ]?(?:的|at|from|,)?[ ]?$", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HAN_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Value:
    """One value as a text states it; `place` is where its first figure stands."""

    start: int
    end: int
    kind: FigureKind
    amount: str
    unit: str
    place: Place


def values(text: str, places: Sequence[Place]) -> Iterator[Value]:
    """The values of one statement, in order: sizes, spans and a day with its hour are one value each."""
    group: list[Place] = []
    for place in places:
        if group and not _belongs(text, group[-1].figure, place.figure):
            yield _value(text, group)
            group = []
        group.append(place)
    if group:
        yield _value(text, group)


def _belongs(text: str, one: Figure, other: Figure) -> bool:
    between = text[one.end : other.start]
    if one.kind is other.kind is FigureKind.MEASURE:
        return one.unit == other.unit and bool(_BY.match(between))
    if one.kind is other.kind and one.kind in (FigureKind.DATE, FigureKind.TIME):
        return bool(_TO.match(between)) and between.strip() != ""
    if one.kind is other.kind is FigureKind.DURATION:
        return one.unit == other.unit == "s" and one.value > other.value and bool(_AND.match(between))
    return one.kind is FigureKind.DATE and other.kind is FigureKind.TIME and not between.strip(_DAY_MARK)


def _value(text: str, group: Sequence[Place]) -> Value:
    found = [place.figure for place in group]
    start, end, kind = found[0].start, ending(text, found[-1]), found[0].kind
    amount, unit = stated(text, found)
    day = _weekday(text, start, end) if kind is FigureKind.TIME else None
    if day is not None:
        start, end = min(start, day[0]), max(end, day[1])
    return Value(start, end, kind, amount, unit, group[0])


def ending(text: str, figure: Figure) -> int:
    """Where a figure's words end: a day written with blanks ends with its 日."""
    if figure.kind is not FigureKind.DATE or not text[figure.end - 1].isdigit():
        return figure.end
    match = DAY_AFTER.match(text, figure.end)
    return match.end() if match else figure.end


def bounded(text: str, start: int, end: int, kind: FigureKind) -> tuple[int, int]:
    """Where a measure stands with the words that make it a limit: 25℃ 以下, up to 260 °C; other figures as they are."""
    if kind not in (FigureKind.MEASURE, FigureKind.DURATION):
        return start, end
    low = max(0, start - _FAR)
    before, after = BOUND_BEFORE.search(text[low:start]), BOUND_AFTER.match(text, end)
    return low + before.start() if before else start, after.end() if after else end


def stated(text: str, found: Sequence[Figure]) -> tuple[str, str]:
    """The (amount, unit) that figures of a text state together; an hour goes with the weekday beside it."""
    if not found:
        return "", ""
    amount, unit = joined(found)
    if found[0].kind is FigureKind.TIME:
        day = _weekday(text, found[0].start, found[-1].end)
        if day is not None:
            amount = f"{day[2]} {amount}"
    return amount, unit


def joined(found: Sequence[Figure]) -> tuple[str, str]:
    """The (amount, unit) of figures that make one value: "28x13x11" of "cm", "09:00..21:30", "2+12"."""
    if len(found) == 1:
        return canonical(found[0])
    if all(figure.kind is FigureKind.DURATION and figure.unit == "s" for figure in found):
        total = sum((figure.value for figure in found), start=found[0].value * 0)
        return canonical(Figure(0, 0, "", FigureKind.DURATION, total, "s"))
    pairs = [canonical(figure) for figure in found]
    if found[0].kind is FigureKind.DATE and found[-1].kind is FigureKind.TIME and len(found) == 2:
        return f"{pairs[0][0]} {pairs[1][0]}", ""
    kinds = {figure.kind for figure in found}
    if kinds <= {FigureKind.DATE, FigureKind.TIME}:
        return "..".join(amount for amount, _ in pairs), ""
    if len({unit for _, unit in pairs}) == 1:
        mark = "x" if kinds == {FigureKind.MEASURE} else "+"
        return mark.join(amount for amount, _ in pairs), pairs[0][1]
    return "+".join(f"{amount} {unit}".strip() for amount, unit in pairs), ""


def _weekday(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The weekday that stands right before or right after a time of day."""
    low = max(0, start - 24)
    for match in WEEKDAY.finditer(text, low, end + 24):
        before = match.end() <= start and _NEAR_DAY.match(text[match.end() : start])
        after = match.start() >= end and _NEAR_DAY.match(text[end : match.start()])
        if before or after:
            word = match.group().lower()
            name = next((day for day in _DAYS if day in word), None)
            if name is None:
                name = _DAYS[_HAN_DAYS.index(word[-1].replace("天", "日"))]
            return match.start(), match.end(), name
    return None
