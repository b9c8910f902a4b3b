"""Mixed numbers: 1 3/4 inches, three and a third cups, three quarters of a pound, an inch and a half."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.numerals import WORDS, read
from copilot.domain.quantities.ranges import IGNORE, stem
from copilot.domain.quantities.units import MEASURES

_SIGNS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅛": (1, 8)}
_WORDS = {
    "half": (1, 2), "a half": (1, 2), "a third": (1, 3), "one third": (1, 3), "two thirds": (2, 3), "a quarter": (1, 4),
    "one quarter": (1, 4), "three quarters": (3, 4),
}  # fmt: skip
_NUMERIC = rf"[1-7]/[2-8](?![0-9/])|[{''.join(_SIGNS)}]"
_SPOKEN = "|".join(sorted(_WORDS, key=len, reverse=True)).replace(" ", "[- ]")
# 3 1/3 and 3½; a bare 3/4 is a number only before what it measures, for it may be a day.
_MIXED = re.compile(
    rf"(?<![0-9/.])(?:(?P<w>[0-9]{{1,3}})(?:[ -](?=[0-9])|(?=[^0-9/])))?(?P<f>{_NUMERIC})[ -]?(?:of[ ]an?[ ])?(?P<u>[A-Za-z°]{{1,12}})?"
    rf"|(?P<w2>{WORDS})[ ]and[ ](?P<f2>{_SPOKEN})(?![A-Za-z])(?:[ -](?P<u2>[A-Za-z]{{2,12}}))?"
    rf"|(?<![A-Za-z])(?P<f3>{_SPOKEN})[ ]of[ ]an?[ ](?P<u3>[A-Za-z]{{2,12}})"
    rf"|(?<![A-Za-z])an?[ ](?P<u4>[A-Za-z]{{3,12}})[ ]and[ ](?P<f4>{_SPOKEN})(?![A-Za-z])",
    IGNORE,
)
_CENT = Decimal("0.01")
_NO_UNIT = frozenset({"and", "or", "to", "the", "in", "on", "off", "of", "for", "per", "by", "at", "with"})


def scan_fractions(sheet: Sheet) -> None:
    """Before anything takes their parts for figures of their own."""

    def mixed(match: re.Match[str]) -> None:
        groups = match.groupdict()
        spoken = next(groups[name] for name in ("f", "f2", "f3", "f4") if groups[name])
        unit = next((groups[name] for name in ("u", "u2", "u3", "u4") if groups[name]), "")
        whole = (
            read(groups["w"] or groups["w2"] or "")
            if groups["w"] or groups["w2"]
            else Decimal(1 if groups["f4"] else 0)
        )
        part = _part(spoken)
        if whole is None or part is None:
            return
        shown = whole + part
        known = _measure(unit)
        end = match.end()
        if known is not None:
            sheet.put(
                match.start(),
                end,
                FigureKind.MEASURE,
                (shown * known[1]).quantize(_CENT),
                known[0],
                shown=shown.quantize(_CENT),
            )
        elif groups["f"] and groups["w"]:
            sheet.put(match.start(), match.end("f"), FigureKind.NUMBER, shown.quantize(_CENT))
        elif groups["f2"] and (not unit or unit.lower() in _NO_UNIT):
            sheet.put(match.start(), match.end("f2"), FigureKind.NUMBER, shown.quantize(_CENT))
        elif groups["f2"] and stem(unit) not in _TIMES:
            sheet.put(match.start(), end, FigureKind.COUNT, shown.quantize(_CENT), stem(unit))

    sheet.each((_MIXED,), mixed)


_TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})


def _part(spoken: str) -> Decimal | None:
    if spoken in _SIGNS:
        above, below = _SIGNS[spoken]
    elif "/" in spoken:
        above, below = (int(part) for part in spoken.split("/"))
    else:
        above, below = _WORDS[spoken.lower().replace("-", " ")]
    return Decimal(above) / Decimal(below) if above < below else None


@cache
def _measure(unit: str) -> tuple[str, Decimal] | None:
    """The canonical unit and its factor of a unit as it is spelled, if it is one that measures."""
    if unit.lower() in ("pound", "pounds"):
        return "oz", Decimal(16)  # Two and a half pounds of anything; money is told in pence.
    for spelling, canonical, factor in MEASURES if unit else ():
        if re.fullmatch(spelling, unit) or re.fullmatch(spelling, unit.lower()):
            return canonical, factor
    return None
