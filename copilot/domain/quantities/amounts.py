"""Durations, measures, model codes and plain numbers in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.numerals import DIGITS, HAN, NUMBER, WORDS, read
from copilot.domain.quantities.ranges import (
    IGNORE,
    Patterns,
    compiled,
    put_range,
    scan_units,
)
from copilot.domain.quantities.units import DURATIONS, MEASURES

_HALF_SPAN = re.compile(
    r"(?:(?P<n>(?<![0-9])[0-9]{1,4}|[一二两三四五六七八九十]{1,4})个?半(?P<u2>小时|钟头|天|月)|(?P<y>(?<![0-9])[0-9]{1,4}|[一二两三四五六七八九十]{1,4})年半|半(?P<u>个?小时|个?钟头|年|个月)|(?P<q>一刻钟))"
)

_EN_HALF = re.compile(
    rf"(?<![A-Za-z])(?:half[ -](?:an?[ -])?(?P<u>hour|year|day)|(?P<n>{NUMBER})[ ]and[ ]a[ ]half[ ](?P<u2>hour|year|day|month|week|minute)s?"
    r"|an?[ ](?P<u3>hour|year|day|month|week)[ ]and[ ]a[ ]half|(?P<n4>{NUMBER})[ ]and[ ]a[ ]half(?=[ ](?P<u4>hour|year|day|month|week|minute)s?)|(?P<fort>(?:a|every|per|each|one)[ ]fortnight))(?![A-Za-z])",
    IGNORE,
)

# Compound spans: 3 minutes 30 seconds, 1小时20分钟, an hour and a quarter, three and a half minutes.
# Under-16s, and 16 to 18s; aged 7 to 12 is a range of ages.
_AGED = re.compile(
    r"(?<![A-Za-z])(?:under|over)[- ](?P<a>[0-9]{1,2})s(?![A-Za-z])|(?<=[0-9][ ]to[ ])(?P<b>[0-9]{1,2})s(?![A-Za-z])"
    rf"|(?<![A-Za-z])age[ds]?[ ](?P<c>{DIGITS}|{WORDS})[ ]?(?:to|through|until|-|–|—)[ ]?(?P<d>{DIGITS}|{WORDS})(?![A-Za-z0-9])",
    IGNORE,
)
_COMPOUND = re.compile(
    rf"(?P<h>{NUMBER})[ ]?(?:个?小时|个?钟头|hours?|hrs?|h)(?:[ ]|又|零|,[ ]|[ ]and[ ])?(?P<m>{NUMBER})[ ]?(?:分钟|分(?!之)|minutes?|mins?)(?![A-Za-z])"
    rf"|(?P<m2>{NUMBER})[ ]?(?:分钟?|minutes?|mins?)(?:[ ]|又|零|,[ ]|[ ]and[ ])?(?P<s2>{NUMBER})[ ]?(?:秒钟?|seconds?|secs?)(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<hq>an|one)[ ]hour[ ]and[ ](?P<q>a[ ]quarter|three[ ]quarters)(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<tq>three[- ]quarters|a[ ]quarter)[ -]of[ ]an[ ]hour(?![A-Za-z])"
    rf"|(?P<z>{HAN}{{1,3}}|[0-9]{{1,2}})刻钟"
    r"|(?<![A-Za-z])(?P<cy>(?:a[ ]quarter[ ]of[ ]|half[ ])?a[ ]century|a[ ]decade)(?![A-Za-z])|(?P<hc>半个世纪)"
    rf"|(?P<mh>{HAN}{{1,3}}|[0-9]{{1,2}})分半钟?|(?P<sh>{HAN}{{1,3}}|[0-9]{{1,2}})秒半",
    IGNORE,
)

# 两个多月 and 十多分钟 are more than so many.
_AND_MORE = re.compile(rf"(?P<a>{NUMBER})(?:个多|多个?)[ ]?(?P<u>月|小时|钟头|星期|分钟|天|年)")
_MORE_UNITS = {"月": ("month", 1), "年": ("month", 12), "小时": ("s", 3600), "钟头": ("s", 3600), "星期": ("s", 604800),
               "分钟": ("s", 60), "天": ("s", 86400)}  # fmt: skip

_WITHIN_A = re.compile(
    r"(?<![A-Za-z])(?:within|in[ ]under|under|over|after|in[ ]about|up[ ]to)[ ](?P<a>an?)[ ](?P<u>second|minute|hour|day|week|month|year)(?![A-Za-z])",
    IGNORE,
)

# 12 x 8 cm and 12 by 8 cm are sides of one unit; 12 cm by 8 cm are two measures anyway.
_TIMES = r"(?:[ ]?(?:cm|mm|m|厘米|毫米|米|in)?[ ]?[x×*X乘][ ]?|[ ]by[ ])"
_SIZE = re.compile(
    rf"(?P<a>{DIGITS}){_TIMES}(?P<b>{DIGITS})(?:{_TIMES}(?P<c>{DIGITS}))?[ ]?(?P<u>cm|CM|mm|厘米|毫米|公分|米|m|inch(?:es)?|in)(?![A-Za-z])"
)

_SIZE_FACTORS = {
    "cm": ("mm", 10),
    "mm": ("mm", 1),
    "厘米": ("mm", 10),
    "公分": ("mm", 10),
    "毫米": ("mm", 1),
    "米": ("mm", 1000),
    "m": ("mm", 1000),
}

# A kilo of it is a size; a metre away is one, too.
_SINGLE_UNITS: dict[str, tuple[str, int]] = {
    "inch": ("in", 1), "kilo": ("g", 1000), "kilogram": ("g", 1000), "litre": ("ml", 1000), "liter": ("ml", 1000), "pound": ("oz", 16), "ounce": ("oz", 1),
    "metre": ("mm", 1000), "meter": ("mm", 1000),
}  # fmt: skip
_SINGLE = re.compile(
    rf"(?<![A-Za-z])(?:(?P<q>(?:a[ ])?quarter)[ -](?:of[ ]an[ ])?|(?:(?P<h>half)[ ])?(?:an?|one)[ ](?:full[ ]|whole[ ])?)(?P<u>{'|'.join(_SINGLE_UNITS)})(?![A-Za-z])",
    IGNORE,
)

_POUNDS = re.compile(
    rf"(?P<a>{DIGITS})[ ]?(?:lbs?|pounds?)[ ,]{{0,2}}(?P<b>{DIGITS})[ ]?(?:oz|ounces?)(?![A-Za-z])", IGNORE
)

# 半公斤, 一斤半 and 两升半.
_HAN_HALF = re.compile(
    rf"(?:(?P<a>[0-9]{{1,3}}|{HAN}{{1,3}})(?P<u>公斤|千克|斤|升|米(?![饭粉面]))半(?!价|折)|(?<![0-9一二两三四五六七八九十])半(?P<u2>公斤|千克|斤|升))"
)
_HALVED = {"公斤": ("g", 1000), "千克": ("g", 1000), "斤": ("g", 500), "升": ("ml", 1000), "米": ("mm", 1000)}

# 两米四 is 2.4 m.
_METRES = re.compile(
    rf"(?P<a>[0-9]{{1,3}}|{HAN}{{1,3}})(?P<u>米)(?P<b>[1-9一二三四五六七八九]{{1,2}})(?![0-9个.百十米])"
    rf"|(?P<a2>[0-9]{{1,3}}|{HAN}{{1,3}})(?P<u2>克|公斤|斤|升)(?P<b2>[1-9一二三四五六七八九]{{1,2}})(?=[，。！；、,;!）)]|$)"
)

_SPLIT_UNITS = {"米": ("mm", 1000), "克": ("g", 1), "公斤": ("g", 1000), "斤": ("g", 500), "升": ("ml", 1000)}

# 一点五千克 is 1.5 kg, and no hour.
_HAN_DECIMAL = re.compile(
    r"(?P<a>[零一二两三四五六七八九十]{1,3})点(?P<b>[零一二三四五六七八九]{1,3})(?P<u>公斤|千克|斤|克|升|米)(?![饭粉面])"
)
_BELOW_ZERO = re.compile(
    rf"(?:零下|(?<![0-9A-Za-z])-)[ ]?(?P<a>{DIGITS}|{HAN}{{1,12}})[ ]?(?:°[ ]?C|℃|度|摄氏度|°)"
)

_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:SPF|PA|IPX?|pH|USB|PM)[ ]?[0-9]{1,9}(?:\.[0-9]+)?\+*|[A-Za-z]{1,8}-?[0-9]{1,12}(?:\.[0-9]{1,6})?[A-Za-z0-9]{0,12}\+*|(?<![0-9])[0-9]{1,12}[A-Za-z][A-Za-z0-9]{0,12})(?![A-Za-z])"
)

_TELEPHONE = re.compile(
    r"(?<![0-9])(?:\+?[0-9]{2,4}[- ])?[0-9]{3,4}-[0-9]{3,4}(?:-[0-9]{3,4})?(?![0-9])|(?<![0-9.])[0-9]{7,20}(?![0-9])"
)


# Five kilometres are a 5K.
_RUN = re.compile(r"(?<![0-9A-Za-z£$€])(?P<a>[0-9]{1,2})[kK](?![A-Za-z0-9])")

_PLAIN = re.compile(rf"(?<![0-9A-Za-z.])(?P<a>{DIGITS}(?:[ ]?[万亿])?)(?:(?:-|–|—|~|至|到)(?P<b>{DIGITS}))?")

# Seats two to six: a range of what the sentence speaks of.
_WORD_RANGE = re.compile(rf"(?P<a>{WORDS})[ ]to[ ](?P<b>{WORDS})(?![ -][A-Za-z])")

_OR_MORE = re.compile(
    rf"(?<![A-Za-z])(?P<a>{WORDS})(?=[ ](?:or|and)[ ](?:more|fewer|over|under|up|above|older|younger)(?![A-Za-z]))",
    IGNORE,
)

_SERVES = re.compile(rf"(?<![A-Za-z])(?:feeds|serves|seats|sleeps)[ ](?P<a>{WORDS})(?![ -][A-Za-z])", IGNORE)

_LONG_HAN = re.compile(r"(?:[一二两三四五六七八九][十百千万亿][零一二三四五六七八九十百千万亿]{0,11})")


@cache
def _duration_patterns() -> Patterns:
    return compiled(DURATIONS, IGNORE)


@cache
def _measure_patterns() -> Patterns:
    return compiled(MEASURES, alternatives=False)


_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def scan_decimals(sheet: Sheet) -> None:
    """Before anything takes their parts for hours."""

    def decimal(match: re.Match[str]) -> None:
        whole = read(match["a"])
        unit, factor = _SPLIT_UNITS["公斤" if match["u"] == "千克" else match["u"]]
        if whole is not None:
            shown = whole + Decimal("0." + "".join(str("零一二三四五六七八九".index(c)) for c in match["b"]))
            sheet.put(match.start(), match.end(), FigureKind.MEASURE, shown * factor, unit, shown=shown)

    sheet.each((_HAN_DECIMAL,), decimal)


def scan_compounds(sheet: Sheet) -> None:
    """Spans of time said in two units, before anything takes their parts for figures of their own."""

    def compound(match: re.Match[str]) -> None:
        groups = match.groupdict()
        if groups["h"]:
            parts = [(groups["h"], 3600), (groups["m"], 60)]
        elif groups["m2"]:
            parts = [(groups["m2"], 60), (groups["s2"], 1)]
        elif groups["z"]:
            parts = [(groups["z"], 900)]
        elif groups["cy"] or groups["hc"]:
            spoken = (groups["cy"] or "half").lower()
            years = (
                10 if "decade" in spoken else 25 if "quarter" in spoken else 50 if "half" in spoken else 100
            )
            sheet.put(match.start(), match.end(), FigureKind.DURATION, 12 * years, "month")
            return
        elif groups["mh"] or groups["sh"]:
            whole, unit = read(groups["mh"] or groups["sh"]), 60 if groups["mh"] else 1
            if whole is not None:
                value = (whole + Decimal("0.5")) * unit
                sheet.put(match.start(), match.end(), FigureKind.DURATION, value, "s")
            return
        else:
            quarters = 1 if (groups["q"] or groups["tq"]).lower().startswith("a") else 3
            sheet.put(
                match.start(),
                match.end(),
                FigureKind.DURATION,
                (3600 if groups["hq"] else 0) + 900 * quarters,
                "s",
            )
            return
        values = [read(number) for number, _ in parts]
        if all(value is not None for value in values):
            total = sum((value or 0) * unit for value, (_, unit) in zip(values, parts, strict=True))
            sheet.put(match.start(), match.end(), FigureKind.DURATION, total, "s")

    def aged(match: re.Match[str]) -> None:
        if match["c"]:
            low, high = read(match["c"]), read(match["d"])
            if low is not None and high is not None:
                sheet.put(match.start("c"), match.end("d"), FigureKind.DURATION, low, "age", high)
            return
        name = "a" if match["a"] else "b"
        sheet.put(match.start(name), match.end(name) + 1, FigureKind.NUMBER, int(match[name]))

    sheet.each((_AGED,), aged)
    sheet.each((_COMPOUND,), compound)


def scan_durations(sheet: Sheet) -> None:
    def half(match: re.Match[str]) -> None:
        groups = match.groupdict()
        if groups.get("fort"):
            sheet.put(match.start(), match.end(), FigureKind.DURATION, 14 * 86400, "s")
            return
        if groups.get("q"):
            sheet.put(match.start(), match.end(), FigureKind.DURATION, 900, "s")
            return
        unit = groups.get("u") or groups.get("u2") or groups.get("u3") or groups.get("u4") or "year"
        spoken = groups.get("n") or groups.get("n4") or groups.get("y")
        end = match.end("u4") if groups.get("u4") else match.end()
        if groups.get("u4") and sheet.folded[end : end + 1] == "s":
            end += 1
        whole = read(spoken) if spoken else Decimal(1 if groups.get("u3") else 0)
        if whole is None:
            return
        amount = whole + Decimal("0.5")
        if "月" in unit or unit == "month":
            sheet.put(match.start(), end, FigureKind.DURATION, amount, "month")
        elif "年" in unit or unit == "year":
            sheet.put(match.start(), end, FigureKind.DURATION, amount * 12, "month")
        else:
            english = "hour" if ("时" in unit or "钟" in unit) else "day" if "天" in unit else unit
            sheet.put(match.start(), end, FigureKind.DURATION, amount * _SECONDS[english.lower()], "s")

    def within(match: re.Match[str]) -> None:
        unit = match["u"].lower()
        value = _SECONDS.get(unit)
        if value is None:
            sheet.put(
                match.start("a"), match.end(), FigureKind.DURATION, 12 if unit == "year" else 1, "month"
            )
        else:
            sheet.put(match.start("a"), match.end(), FigureKind.DURATION, value, "s")

    def and_more(match: re.Match[str]) -> None:
        unit, factor = _MORE_UNITS[match["u"]]
        least = read(match["a"])
        if least is not None:
            sheet.put(match.start(), match.end(), FigureKind.DURATION, least * factor, unit, shown=least)

    sheet.each((_AND_MORE,), and_more)
    sheet.each((_HALF_SPAN, _EN_HALF), half)
    sheet.each((_WITHIN_A,), within)
    scan_units(sheet, _duration_patterns(), FigureKind.DURATION)


def scan_measures(sheet: Sheet) -> None:
    def size(match: re.Match[str]) -> None:
        unit, factor = _SIZE_FACTORS.get(match["u"].lower(), ("in", 1))
        last = "c" if match["c"] else "b"
        for name in ("a", "b", "c"):
            value = read(match[name]) if match[name] else None
            if value is not None:
                end = match.end() if name == last else match.end(name)
                sheet.put(match.start(name), end, FigureKind.MEASURE, value * factor, unit)

    def below(match: re.Match[str]) -> None:
        value = read(match["a"])
        if value is not None:
            sheet.put(match.start(), match.end(), FigureKind.MEASURE, -value, "C")

    def single(match: re.Match[str]) -> None:
        unit, factor = _SINGLE_UNITS[match["u"].lower()]
        shown = Decimal("0.5") if match["h"] else Decimal("0.25") if match["q"] else Decimal(1)
        sheet.put(match.start(), match.end("u"), FigureKind.MEASURE, factor * shown, unit, shown=shown)

    def pounds(match: re.Match[str]) -> None:
        low, rest = read(match["a"]), read(match["b"])
        if low is not None and rest is not None:
            sheet.put(match.start(), match.end(), FigureKind.MEASURE, low * 16 + rest, "oz")

    def halved(match: re.Match[str]) -> None:
        unit, factor = _HALVED[match["u"] or match["u2"]]
        whole = read(match["a"]) if match["a"] else Decimal(0)
        if whole is not None:
            shown = whole + Decimal("0.5")
            sheet.put(match.start(), match.end(), FigureKind.MEASURE, shown * factor, unit, shown=shown)

    sheet.each((_SIZE,), size)
    sheet.each((_HAN_HALF,), halved)

    def metres(match: re.Match[str]) -> None:
        whole, tenths = read(match["a"] or match["a2"]), read(match["b"] or match["b2"])
        unit, factor = _SPLIT_UNITS[match["u"] or match["u2"]]
        if whole is not None and tenths is not None:
            value = whole + tenths / 10 ** len(match["b"] or match["b2"])
            sheet.put(match.start(), match.end(), FigureKind.MEASURE, value * factor, unit, shown=value)

    sheet.each(
        (_RUN,),
        lambda match: sheet.put(
            match.start(),
            match.end(),
            FigureKind.MEASURE,
            int(match["a"]) * 1_000_000,
            "mm",
            shown=Decimal(match["a"]),
        ),
    )
    sheet.each((_POUNDS,), pounds)
    sheet.each((_METRES,), metres)
    sheet.each((_SINGLE,), single)
    sheet.each((_BELOW_ZERO,), below)
    scan_units(sheet, _measure_patterns(), FigureKind.MEASURE)


def scan_codes(sheet: Sheet) -> None:
    def code(match: re.Match[str]) -> None:
        name = re.sub(r"[ -]", "", match.group()).upper()
        digits = "".join(c for c in name if c.isdigit())
        sheet.put(match.start(), match.end(), FigureKind.CODE, int(digits[:18] or 0), name)

    sheet.each((_TELEPHONE, _CODE), code)


def scan_plain(sheet: Sheet) -> None:
    def plain(match: re.Match[str]) -> None:
        put_range(sheet, match, FigureKind.NUMBER, "", Decimal(1))

    def spelled(match: re.Match[str]) -> None:
        value = read(match.group())
        if value is not None and len(match.group()) > 1:
            sheet.put(match.start(), match.end(), FigureKind.NUMBER, value)

    sheet.each((_WORD_RANGE,), plain)
    sheet.each(
        (_SERVES, _OR_MORE),
        lambda match: sheet.put(match.start("a"), match.end("a"), FigureKind.NUMBER, read(match["a"]) or 0),
    )
    sheet.each((_PLAIN,), plain)
    sheet.each((_LONG_HAN,), spelled)
