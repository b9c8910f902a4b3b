"""Durations, measures, points, counts, model codes and plain numbers in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.idioms import LOOSE_NOUNS
from copilot.domain.quantities.lists import listed
from copilot.domain.quantities.numerals import DIGITS, HAN, NUMBER, WORDS, approximate, read
from copilot.domain.quantities.ranges import (
    CLASSIFIER,
    IGNORE,
    TO,
    Patterns,
    compiled,
    counts_one,
    loose_one,
    put_range,
    scan_units,
    stem,
)
from copilot.domain.quantities.units import CLASSIFIERS, DURATIONS, MEASURES

_POINTS = re.compile(
    rf"(?P<a>{NUMBER})[ ]?(?:个|点)?[ ]?(?:积分|分(?!钟|之|享|别|类|开|布|明|辨|装|钱|店|秒|散|层|期|批|组|为|成|公|子|贝|割)|(?:loyalty[ ]|reward[ ]|bonus[ ]|extra[ ]|member[ ])?(?:points?|pts)(?![A-Za-z]))"
    rf"|积分[ ]?[+x×*:]?[ ]?(?P<b>{DIGITS})(?![0-9]*[ ]?(?:倍|元|件|折|天|月|点))",
    IGNORE,
)

_TIMES_MORE = re.compile(
    rf"(?P<a>{NUMBER})[ ]?(?:倍|(?:x|times)[ ](?:more|faster|longer|the|as|stronger|better|points))|(?P<d>double|twice[ ]as|two-fold)(?![A-Za-z])|(?P<t>triple|three[ ]times[ ]as)(?![A-Za-z])",
    IGNORE,
)

# How often: its unit holds the period, for once a week is not once a month.
_PERIODS = {
    "day": "day", "daily": "day", "天": "day", "日": "day", "晚": "day", "早": "day", "week": "week", "weekly": "week",
    "周": "week", "星期": "week", "礼拜": "week", "month": "month", "monthly": "month", "月": "month",
    "year": "year", "yearly": "year", "年": "year", "quarter": "quarter", "季度": "quarter", "季": "quarter",
}  # fmt: skip
_EN_PERIOD = r"(?:day|week|month|year|quarter)"
_FREQUENCY = re.compile(
    rf"(?<![A-Za-z])(?P<w>once|twice|(?P<a>{NUMBER})[ ]times)[ ](?:(?:an?|per|each|every)[ ](?P<p>{_EN_PERIOD})|(?P<l>daily|weekly|monthly|yearly))(?![A-Za-z])"
    rf"|每一?个?(?P<z>[天日晚早周月年季]|星期|礼拜|季度)[^，。！？；0-9一二两三四五六七八九十]{{0,3}}(?P<b>{NUMBER})(?:{TO}(?P<b2>{NUMBER}))?[ ]?[次遍回]"
    rf"|(?<!第)(?:一|1)个?(?P<z2>[天日周月年季]|星期|礼拜|季度)(?P<c>{NUMBER})[ ]?[次遍回]",
    IGNORE,
)

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

_SIZE = re.compile(
    rf"(?P<a>{DIGITS})[ ]?(?:cm|mm|m|厘米|毫米|米|in)?[ ]?[x×*X][ ]?(?P<b>{DIGITS})(?:[ ]?(?:cm|mm|m|厘米|毫米|米|in)?[ ]?[x×*X][ ]?(?P<c>{DIGITS}))?[ ]?(?P<u>cm|CM|mm|厘米|毫米|公分|米|m|inch(?:es)?|in)(?![A-Za-z])"
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

_COUNT_HAN = re.compile(
    rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?[ ]?(?P<u>{CLASSIFIER})(?!月|小时|钟头|星期|(?<=瓶)盖)"
)

_COUNT_EN = re.compile(
    rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?(?:[ ]?[x×][ ]?|[ -])(?P<n>[A-Za-z][A-Za-z'’-]*(?:[ -][A-Za-z][A-Za-z'’-]*){{0,3}})"
)

_DOZEN = re.compile(r"(?P<a>半|[一两二三四五六]|[1-9])打(?=[一-鿿]{2})(?![折卡扮包车烊理听印开造破])")
# Five kilometres are a 5K.
_RUN = re.compile(r"(?<![0-9A-Za-z£$€])(?P<a>[0-9]{1,2})[kK](?![A-Za-z0-9])")
# Three 250 g bags are three bags.
_PACKED = re.compile(
    rf"(?P<a>{WORDS}|[0-9]{{1,3}})[ ](?:of[ ](?:the|our|those|these)[ ])?(?:(?:small|little|large|big|full)[ ])?(?=[0-9.]+[ ]?(?:g|kg|ml|l|L|oz|lb|cm|mm)[ ](?P<n>[A-Za-z]+))"
)

_PLAIN = re.compile(rf"(?<![0-9A-Za-z.])(?P<a>{DIGITS}(?:[ ]?[万亿])?)(?:(?:-|–|—|~|至|到)(?P<b>{DIGITS}))?")

# Seats two to six: a range of what the sentence speaks of.
_WORD_RANGE = re.compile(rf"(?P<a>{WORDS})[ ]to[ ](?P<b>{WORDS})(?![ -][A-Za-z])")

_OR_MORE = re.compile(
    rf"(?<![A-Za-z])(?P<a>{WORDS})(?=[ ](?:or|and)[ ](?:more|fewer|over|under|up|above|older|younger)(?![A-Za-z]))",
    IGNORE,
)

_SERVES = re.compile(rf"(?<![A-Za-z])(?:feeds|serves|seats|sleeps)[ ](?P<a>{WORDS})(?![ -][A-Za-z])", IGNORE)

_LONG_HAN = re.compile(r"(?:[一二两三四五六七八九][十百千万亿][零一二三四五六七八九十百千万亿]{0,11})")

_STOP = frozenset(
    listed(
    "a an and any no none are as at be before but by can each every for from get has have if in into is "
    "it its left more most now of off on only or our out over per plus so than that the their "
    "then there these they this through to until up was we were when where which while who will "
    "with you your after about all am pm it's we're you'll tomorrow today tonight"
)
)  # fmt: skip


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


def scan_counts(sheet: Sheet) -> None:
    def points(match: re.Match[str]) -> None:
        value = read(match["a"] or match["b"])
        if value is not None:
            sheet.put(match.start(), match.end(), FigureKind.POINTS, value)

    def multiple(match: re.Match[str]) -> None:
        value = Decimal(2) if match["d"] else Decimal(3) if match["t"] else read(match["a"])
        if value is not None:
            sheet.put(match.start(), match.end(), FigureKind.COUNT, value, "倍")

    def frequency(match: re.Match[str]) -> None:
        spoken = match["a"] or match["b"] or match["c"]
        often = read(spoken) if spoken else Decimal(1 if match["w"].lower() == "once" else 2)
        period = _PERIODS[(match["p"] or match["l"] or match["z"] or match["z2"]).lower()]
        pair = approximate(spoken) if spoken else None
        high = pair[1] if pair else (read(match["b2"]) if match["b2"] else None)
        often = pair[0] if pair else often
        if often is not None:
            sheet.put(match.start(), match.end(), FigureKind.COUNT, often, f"次/{period}", high)

    def han(match: re.Match[str]) -> None:
        if not loose_one(sheet, match.start("a"), match["a"], match.end()):
            put_range(sheet, match, FigureKind.COUNT, CLASSIFIERS[match["u"]], Decimal(1))

    def english(match: re.Match[str]) -> None:
        spoken = not match["a"][0].isdigit()
        if spoken and ("一" <= match["a"][0] <= "鿿"):
            return
        words = re.split(r"[ -]", match["n"])
        kept: list[str] = []
        for word in words:
            if word.lower() in _STOP:
                break
            kept.append(word.lower())
        if not kept:
            return
        if kept[0] in LOOSE_NOUNS or (len(kept) > 1 and kept[1] in LOOSE_NOUNS):
            if spoken:
                return
            kept = kept[:1]
        if spoken and match["a"].lower() == "one" and not counts_one(sheet, match.start()):
            return
        head = next((w for w in kept if w.endswith("s") and not w.endswith("ss")), kept[0])
        end = match.start("n") + match["n"].lower().find(head) + len(head)
        put_range(sheet, match, FigureKind.COUNT, stem(head), Decimal(1), end)

    def dozen(match: re.Match[str]) -> None:
        often = Decimal("0.5") if match["a"] == "半" else read(match["a"])
        if often is not None:
            sheet.put(match.start(), match.end(), FigureKind.COUNT, often * 12, "个")

    sheet.each((_DOZEN,), dozen)

    def packed(match: re.Match[str]) -> None:
        count = read(match["a"])
        if count is not None and match["a"].lower() not in ("a", "an", "one"):
            noun = stem(match["n"].split()[-1])
            sheet.put(match.start("a"), match.end("a"), FigureKind.COUNT, count, noun)

    sheet.each((_PACKED,), packed)
    sheet.each((_POINTS,), points)
    sheet.each((_TIMES_MORE,), multiple)
    sheet.each((_FREQUENCY,), frequency)
    starts = sheet.numbers()
    sheet.each_number(_COUNT_HAN, starts, han)
    sheet.each_number(_COUNT_EN, starts, english)


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
