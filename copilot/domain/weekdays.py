"""The weekday that stands beside a date, corrected when the date moves."""

from __future__ import annotations

import re
from datetime import date

from copilot.domain.quantities.figures import Figure

_HAN_DAYS = "一二三四五六日"
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HAN_DAY = r"(?:周|星期|礼拜)(?P<han>[一二三四五六日天])"
_EN_DAY = r"(?P<en>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)(?![A-Za-z])"
_AFTER = re.compile(
    rf"(?P<open>[ ]?[（(][ ]?|,?[ ]?)(?:{_HAN_DAY}|{_EN_DAY})(?P<close>[ ]?[）)])?", re.IGNORECASE
)
_BEFORE = re.compile(
    rf"(?<![A-Za-z每])(?:{_HAN_DAY}|{_EN_DAY})(?P<gap>[ ]?[（(][ ]?|,?[ ]?(?:the[ ])?)$", re.IGNORECASE
)
_REACH = 18
_ANY_YEAR = 2026
_HALF_YEAR = 182


def weekday_patch(copy: str, figure: Figure, old: Figure, new: Figure) -> tuple[int, int, str, str] | None:
    """(start, end, text, replacement) for the weekday at a date that moves from `old` to `new`, if there is one.

    Where the new weekday cannot be told, the word is taken out: no weekday is better than a wrong one.
    """
    after = _AFTER.match(copy, figure.end)
    begin = max(0, figure.start - _REACH)
    before = None if after else _BEFORE.search(copy[begin : figure.start])
    match, offset = (after, 0) if after else (before, begin)
    if match is None:
        return None
    name = "han" if match["han"] else "en"
    word = match[name]
    right = _moved(word, figure, old, new)
    low, high = match.start(name) + offset, match.end(name) + offset
    if right is not None:
        return low, high, copy[low:high], _spelled(word, right)
    low, high = match.start() + offset, match.end() + offset
    return low, high, copy[low:high], ""


def _moved(word: str, figure: Figure, old: Figure, new: Figure) -> int | None:
    """The new weekday, 0 for Monday: from the year where one is told, else by the days between the dates."""
    year = new.year or figure.year
    try:
        if year:
            return date(year, int(new.value) // 100, int(new.value) % 100).weekday()
        days = [date(_ANY_YEAR, int(one.value) // 100, int(one.value) % 100) for one in (old, new)]
    except ValueError:
        return None
    leap = (date(_ANY_YEAR, 2, 28), date(_ANY_YEAR, 3, 1))
    crosses = min(days) <= leap[0] and max(days) >= leap[1]
    if crosses or abs((days[1] - days[0]).days) > _HALF_YEAR:
        return None
    return (_number(word) + (days[1] - days[0]).days) % 7


def _number(word: str) -> int:
    if word[0] in "一二三四五六日天":
        return _HAN_DAYS.index(word.replace("天", "日"))
    return next(n for n, full in enumerate(_EN_DAYS) if full.lower().startswith(word.lower()[:3]))


def _spelled(word: str, day: int) -> str:
    if word[0] in "一二三四五六日天":
        return "天" if word == "天" and day == len(_HAN_DAYS) - 1 else _HAN_DAYS[day]
    name = _EN_DAYS[day] if word.lower().endswith("day") else _EN_DAYS[day][:3]
    return name.upper() if word.isupper() else name.lower() if word.islower() else name
