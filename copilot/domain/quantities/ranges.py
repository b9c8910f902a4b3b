"""Numbers with their units, alone and in ranges, and the 一 and "one" that are only articles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.numerals import NUMBER, approximate, read
from copilot.domain.quantities.units import CLASSIFIERS

IGNORE = re.IGNORECASE
_RATED = frozenset("0123456789元块")
_PACKS, _WEIGHTS = frozenset("扎包袋盒罐瓶桶箱份只个条块束重约"), frozenset("斤克升米")
_RATES = frozenset("晚天次")

# three extra working days, a further two weeks
_BETWEEN = r"(?:extra|more|further|full|whole|long|short|good|quick|heaped|level|rounded)[ ]"

Patterns = list[tuple[re.Pattern[str], str, Decimal]]
"""Each with its unit, and the factor that makes it one of that unit."""

TO = r"[ ]?(?:-|–|—|~|至|到|(?<=[ ])to|(?<=[ ])or)[ ]?"

CLASSIFIER = "[" + "".join(CLASSIFIERS) + "]"

# Before these, even 一 and "one" count; without them 一杯 and "one cup" are loose articles.
_COUNTS_ONE = re.compile(
    r"(?:每[次天日人位周月]|仅|只需|只要|限购?|买|加赠|满|共|含|内含|各|减|享|无理由|质保|保修|保质期|有效期|长达|不到|需|约|近|超过?|最[多少]|间隔|隔)[ ]?$"
)

_ONE_AFTER = re.compile(r"^[ ]?(?:内|装|以内|之内|后|前|起|质保|保修|无理由|试用|有效|免费|以上)")

# One hour is a length of time and one spoon of it a measure; one day is as often an article as not.
_ONE_OF_IT = re.compile(
    r"one[ -](?:second|minute|hour|week|month|year|(?:heaped |level |rounded )?(?:tea|table)spoon)", IGNORE
)

_EN_COUNTS_ONE = re.compile(
    r"(?:only|limit|buy|just|per|every|within|in|under|for|a|up to|plus|get|least|exactly)[ ]$", IGNORE
)


def compiled(
    table: Sequence[tuple[str, str, Decimal]], flags: int = 0, *, alternatives: bool = True
) -> Patterns:
    """Patterns of a hundred spellings take their time: call this when the first text is read, and keep them.

    One or two days are a range of days; 20 or 26 cm are two sizes, where `alternatives` are none.
    """
    to = TO if alternatives else TO.replace(r"|(?<=[ ])or", "")
    return [
        (
            re.compile(
                rf"(?P<a>{NUMBER})(?:[ ]?(?:{spelling})?{to}(?P<b>{NUMBER}))?[ ]?-?(?:{_BETWEEN})?(?P<u>{spelling})",
                flags,
            ),
            unit,
            factor,
        )
        for spelling, unit, factor in table
    ]


def scan_units(sheet: Sheet, patterns: Patterns, kind: FigureKind) -> None:
    starts = sheet.numbers()
    for pattern, unit, factor in patterns:
        sheet.each_number(pattern, starts, _taker(sheet, kind, unit, factor))


def _taker(sheet: Sheet, kind: FigureKind, unit: str, factor: Decimal) -> Callable[[re.Match[str]], None]:
    def take(match: re.Match[str]) -> None:
        if kind in (FigureKind.DURATION, FigureKind.MEASURE) and loose_one(
            sheet, match.start("a"), match["a"], match.end()
        ):
            return
        put_range(sheet, match, kind, unit, factor)

    return take


def put_range(
    sheet: Sheet,
    match: re.Match[str],
    kind: FigureKind,
    unit: str,
    factor: Decimal,
    end: int | None = None,
) -> None:
    groups = match.groupdict()
    pair = approximate(match["a"])
    low = pair[0] if pair else read(match["a"])
    high = pair[1] if pair else (read(groups["b"]) if groups.get("b") else None)
    if low is not None:
        upper = None if high is None else high * factor
        sheet.put(match.start(), end or match.end(), kind, low * factor, unit, upper, shown=low)


def loose_one(sheet: Sheet, start: int, number: str, end: int) -> bool:
    """Whether 一 or "one" stands as an article here: 一杯, 一天, one evening."""
    if number == "一":
        before = sheet.folded[max(0, start - 6) : start]
        if before[-1:] in _PACKS and sheet.folded[end - 1 : end] in _WEIGHTS:
            return False  # 一扎一公斤: how much is in one.
        if before[-1:] in _RATED and sheet.folded[end - 1 : end] in _RATES:
            return True  # 888一晚: what a price is for.
        return not (_COUNTS_ONE.search(before) or _ONE_AFTER.search(sheet.folded[end : end + 4]))
    if number.lower() != "one" or _ONE_OF_IT.search(sheet.folded, start, end):
        return False
    return not counts_one(sheet, start)


def counts_one(sheet: Sheet, start: int) -> bool:
    return bool(_EN_COUNTS_ONE.search(sheet.folded[max(0, start - 10) : start]))


def stem(word: str) -> str:
    """An English noun without its plural, enough to tell refills from bottles."""
    word = word.lower().strip("'’-")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
