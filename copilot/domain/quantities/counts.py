"""Points, multiples, how often, and how many of what, in a text."""

from __future__ import annotations

import re
from decimal import Decimal

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.idioms import LOOSE_NOUNS
from copilot.domain.quantities.lists import listed
from copilot.domain.quantities.numerals import DIGITS, NUMBER, WORDS, approximate, read
from copilot.domain.quantities.ranges import (
    CLASSIFIER,
    IGNORE,
    TO,
    counts_one,
    loose_one,
    put_range,
    stem,
)
from copilot.domain.quantities.units import CLASSIFIERS

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
    rf"|(?<!第)(?:一|1)个?(?P<z2>[天日周月年季]|星期|礼拜|季度)(?:(?:只|就|仅|能|可以?)?[种收产出长熟做]?)(?P<c>{NUMBER})[ ]?[次遍回季茬熟]",
    IGNORE,
)
_COUNT_HAN = re.compile(
    rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?[ ]?(?P<u>{CLASSIFIER})(?!月|小时|钟头|星期|(?<=瓶)盖)"
)
_COUNT_EN = re.compile(
    rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?(?:[ ]?[x×][ ]?|[ -])(?P<n>[A-Za-z][A-Za-z'’-]*(?:[ -][A-Za-z][A-Za-z'’-]*){{0,3}})"
)
_DOZEN = re.compile(r"(?P<a>半|[一两二三四五六]|[1-9])打(?=[一-鿿]{2})(?![折卡扮包车烊理听印开造破])")
# Three 250 g bags are three bags.
_PACKED = re.compile(
    rf"(?P<a>{WORDS}|[0-9]{{1,3}})[ ](?:of[ ](?:the|our|those|these)[ ])?(?:(?:small|little|large|big|full)[ ])?(?=[0-9.]+[ ]?(?:g|kg|ml|l|L|oz|lb|cm|mm)[ ](?P<n>[A-Za-z]+))"
)
_STOP = frozenset(
    listed(
    "a an and any no none are as at be before but by can each every for from get has have if in into is "
    "it its left more most now of off on only or our out over per plus so than that the their "
    "then there these they this through to until up was we were when where which while who will "
    "with you your after about all am pm it's we're you'll tomorrow today tonight"
)
)  # fmt: skip


# 双层盖: so many of what a thing is made with.
_FOLDED = re.compile(r"(?P<a>[单双])(?P<u>[层孔芯])(?!面|次|级)")


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

    def folded(match: re.Match[str]) -> None:
        count = Decimal(1 if match["a"] == "单" else 2)
        sheet.put(match.start(), match.end(), FigureKind.COUNT, count, match["u"])

    sheet.each((_FOLDED,), folded)
    sheet.each((_POINTS,), points)
    sheet.each((_TIMES_MORE,), multiple)
    sheet.each((_FREQUENCY,), frequency)
    starts = sheet.numbers()
    sheet.each_number(_COUNT_HAN, starts, han)
    sheet.each_number(_COUNT_EN, starts, english)
