"""Dates and times of day, in the ways Chinese and English copy writes them."""

from __future__ import annotations

import re
from decimal import Decimal

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.numerals import HAN, read

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = (
    r"(?:"
    + "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS)
    + r"|sept)\.?"
)
_TH = r"(?:st|nd|rd|th)?"
_TO = r"[ ]?(?:-|–|—|~|至|到|to|through)[ ]?"
_N2 = rf"(?:[0-9]{{1,2}}|{HAN}{{1,3}})"
_I = re.IGNORECASE

_FULL = re.compile(
    r"(?<![0-9A-Za-z])(?P<y>[0-9]{4}|[二一][零〇一二九八][零〇一二三四五六七八九]{2})[ ]?(?:[-/.]|年)[ ]?"
    rf"(?P<m>{_N2})[ ]?(?:[-/.]|月)[ ]?(?P<d>{_N2})(?:[ ]?[日号])?(?![0-9])(?:{_TO}(?:(?P<m2>{_N2})月)?(?P<d2>{_N2})[日号])?"
)
_HAN_DAY = re.compile(
    rf"(?<![0-9])(?P<m>{_N2})[ ]?月[ ]?(?P<d>{_N2})(?:[ ]?[日号]|(?![0-9个.]))(?:{_TO}(?:(?P<m2>{_N2})[ ]?月[ ]?)?(?P<d2>{_N2})[ ]?[日号])?"
)
_HAN_SPAN = re.compile(rf"(?<![0-9])(?P<m>{_N2})[ ]?月[ ]?(?P<d>{_N2}){_TO}(?P<d2>{_N2})[日号]")
_DAY_MONTH = re.compile(
    rf"(?<![0-9A-Za-z.£$€¥])(?P<d>[0-9]{{1,2}}){_TH}(?:{_TO}(?P<d2>[0-9]{{1,2}}){_TH})?[ ](?:of[ ])?(?P<mon>{_MONTH})(?![A-Za-z])"
    r"(?:,?[ ](?P<y>(?:19|20)[0-9]{2})(?![0-9]))?",
    _I,
)
_MONTH_DAY = re.compile(
    rf"(?<![A-Za-z])(?P<mon>{_MONTH})[ ](?:the[ ])?(?P<d>[0-9]{{1,2}}){_TH}(?![0-9A-Za-z%]|:[0-9])(?:{_TO}(?P<d2>[0-9]{{1,2}}){_TH}(?![0-9A-Za-z%]))?"
    r"(?:,?[ ](?P<y>(?:19|20)[0-9]{2})(?![0-9]))?",
    _I,
)
_DOTS = re.compile(
    r"(?<![0-9.])(?P<m>1[0-2]|0?[1-9])\.(?P<d>[0-3]?[0-9])[ ]?[-–—~至到][ ]?(?P<m2>1[0-2]|0?[1-9])\.(?P<d2>[0-3]?[0-9])(?![0-9.元块])"
)
_SLASH = re.compile(r"(?<![0-9/])(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?:/(?P<y>[0-9]{4}|[0-9]{2}))?(?![0-9/])")
_HAN_MONTH = re.compile(
    rf"(?:(?P<y>[0-9]{{4}})年)?(?<![0-9])(?P<m>{_N2})月(?:份|底|初|中旬|上旬|下旬)?(?![ ]?[0-9一二三])"
)
_EN_MONTH = re.compile(
    r"(?<![A-Za-z])(?:in|since|until|till|from|to|end of|by|through|early|late|mid|of|every|each|this|next|last)[ -]"
    rf"(?P<mon>{_MONTH})(?![A-Za-z])(?:,?[ ](?P<y>(?:19|20)[0-9]{{2}}))?",
    _I,
)
_YEAR = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})[ ]?年(?!前|后|来)|(?<![0-9])(?P<y2>[一二][九〇零][零〇一二三四五六七八九]{2})年"
)
_EN_YEAR = re.compile(
    r"(?<![A-Za-z])(?:in|since|from|until|by|of|year|est\.?|established|founded)[ ](?P<y>(?:19|20)[0-9]{2})(?![0-9A-Za-z%])",
    _I,
)
_HAN_DOM = re.compile(
    r"(?<![0-9A-Za-z.第])(?<![0-9一二三四五六七八九十]月)(?P<d>[12]?[0-9]|3[01]|(?:二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])(?=号))[ ]?(?:日(?=[（(](?:周|星期)|收尾|结束|为止|当天|之前|前)|(?<=[到至][0-9])日(?!常|期)|(?<=[到至][0-9][0-9])日(?!常|期)|(?<=每月[0-9])日|(?<=每月[0-9][0-9])日|(?<=每月 [0-9][0-9] )日|(?<=每月 [0-9] )日|号(?!楼|线|店|色|门|机|位|桌|仓|链|库|厅|院|码|柜|货)|日(?=截止|开售|开抢|起|止|上线|发货))"
)
_EN_DOM = re.compile(
    r"(?<![A-Za-z])(?:on|by|until|till|from|to|before|(?:mon|tues|wednes|thurs|fri|satur|sun)day)[ ]the[ ](?P<d>[12]?[0-9]|3[01])(?:st|nd|rd|th)(?![A-Za-z])"
    # 4 December for Canada and the 17th for Europe
    r"|(?<=[ ])(?:and|or)[ ]the[ ](?P<d2>[12]?[0-9]|3[01])(?:st|nd|rd|th)(?=[ ]for[ ]|[.,;!?])",
    _I,
)

_PERIODS = {
    "凌晨": 0, "清晨": 0, "早上": 0, "早晨": 0, "上午": 0, "今早": 0, "明早": 0, "每早": 0, "早": 0, "中午": 12, "正午": 12, "下午": 12,
    "午后": 12, "傍晚": 12, "晚上": 12, "晚间": 12, "今晚": 12, "明晚": 12, "当晚": 12, "每晚": 12, "夜里": 12, "深夜": 12, "夜晚": 12,
    "晚": 12, "周五晚": 12,
}  # fmt: skip
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_AMPM = r"(?:[ap]\.?m\.?)(?![A-Za-z])"
_COLON = re.compile(
    rf"(?:(?P<p>{_PERIOD})[ ]?)?(?<![0-9])(?<![0-9]:)(?P<h>[0-9]{{1,2}}):(?P<min>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])(?:[ ]?(?P<x>{_AMPM}))?",
    _I,
)
_HAN_CLOCK = re.compile(
    rf"(?:(?P<p>{_PERIOD})[ ]?)?(?<![0-9.第几有])(?P<h>{_N2})[ ]?(?P<u>点(?!积分|建议|原因|理由|好处|提醒|注意|小|优势|不同|变化|要求|心得|体会|赞|评|击|餐|单|亮|燃|缀|心|滴|[ ]?[0-9]%)"
    rf"|时(?=许|整|分|起|止|前|后|至|到|[，。,.、）)]|$|[0-9]))(?P<r>钟|整|半|一刻|三刻|(?P<min>[0-5]?[0-9]|{HAN}{{1,3}})分(?!钟[内之]))?"
)
_EN_SPAN = re.compile(
    rf"(?<![0-9A-Za-z:.])(?P<h>[0-9]{{1,2}})[ ]?(?:-|–|—|to)[ ]?(?P<h2>[0-9]{{1,2}})[ ]?(?P<x>{_AMPM})", _I
)
# The hour before its end: 7 to 8:30 p.m.
_EN_TO_CLOCK = re.compile(
    rf"(?<![0-9A-Za-z:.£$€])(?P<h>[0-9]{{1,2}})(?=[ ]?(?:-|–|—|to|until|till)[ ]?[0-9]{{1,2}}[:.][0-5][0-9][ ]?(?P<x>{_AMPM}))",
    _I,
)
_EN_CLOCK = re.compile(
    rf"(?<![0-9A-Za-z:.£$€¥])(?P<h>[0-9]{{1,2}})(?:[:.](?P<min>[0-5][0-9]))?[ ]?(?P<x>{_AMPM})", _I
)
_HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_EN_WORD_CLOCK = re.compile(
    rf"(?<![A-Za-z0-9:.])(?P<w>{'|'.join(_HOURS)}|[0-9]{{1,2}})[ ]?(?:[ ](?P<x3>in[ ]the[ ](?:morning|evening|afternoon)|at[ ]night)(?![A-Za-z])|o['’]clock(?P<x1>[ ]in[ ]the[ ](?:morning|evening|afternoon)|[ ]at[ ]night)?|(?P<x2>{_AMPM}))",
    _I,
)
_EN_AT = re.compile(
    rf"(?<![A-Za-z])(?:at|until|till)[ ](?P<w>{'|'.join(_HOURS[1:])}|[0-9]{{1,2}})(?=[ ](?P<x>tonight|this[ ](?:morning|evening|afternoon)|tomorrow|today|sharp|in[ ]the[ ](?:morning|evening|afternoon)|every)|[,.!?;]?$|[,.!?;][ ])",
    _I,
)
_EN_PAST = re.compile(
    rf"(?<![A-Za-z])(?P<part>half|(?:a[ ])?quarter|ten|twenty)[ ](?:(?P<dir>past|to|after)[ ]|(?<=half[ ]))(?P<w>{'|'.join(_HOURS)}|[0-9]{{1,2}})(?![A-Za-z0-9])(?:[ ](?P<d>in[ ]the[ ](?:morning|evening|afternoon)|at[ ]night)(?![A-Za-z]))?",
    _I,
)
_EN_DAYTIME = re.compile(
    rf"(?<![A-Za-z0-9:.])(?P<w>{'|'.join(_HOURS)}|[0-9]{{1,2}})(?=[ ](?:tomorrow|this|on[ ][A-Za-z]+day)[ ](?P<half>morning|evening|afternoon|night))",
    _I,
)
_EN_DAY_AT = re.compile(
    rf"(?<![A-Za-z])(?P<x>tonight|tomorrow|today|(?:mon|tues|wednes|thurs|fri|satur|sun)day|morning|afternoon|evening|night)s?[ ](?:at|from|by)[ ](?P<w>{'|'.join(_HOURS)}|[0-9]{{1,2}})(?![A-Za-z0-9%]|:[0-9]|[ ]?(?:am|pm|a\.m|p\.m|cm|kg|g|°|past|percent))",
    _I,
)
_HOUR = rf"(?:{'|'.join(_HOURS)}|[0-9]{{1,2}})"
# From 10 to 3: hours of a day, where a day or a place in it is spoken of.
_EN_HOURS = re.compile(
    rf"(?<![A-Za-z])from[ ](?P<h>{'|'.join(_HOURS)}|[0-9]{{1,2}})[ ](?:to|till|until)[ ](?:(?P<h2>{'|'.join(_HOURS)}|[0-9]{{1,2}})(?![A-Za-z0-9%:/°-]|\.[0-9])(?![ ]?(?:cm|mm|g|kg|ml|l|°|years?|months?|days?|hours?|minutes?|weeks?|people|inches|lb|miles?|km|stops?|pages?|pounds?|euros?))|(?=(?:half|quarter|a[ ]quarter)[ ]))"
    rf"|(?<![A-Za-z0-9])(?P<h3>{'|'.join(_HOURS)}|[0-9]{{1,2}})[ ](?:till?|until)[ ](?P<h4>{'|'.join(_HOURS)}|[0-9]{{1,2}})(?![A-Za-z0-9%:/-])"
    rf"|(?<![A-Za-z])(?:open|here|road|run|running|it['’]s|we['’]re|there)[ ](?P<ha>{_HOUR})[ ]to[ ](?P<hb>{_HOUR})(?=[.,;!?]|$|[ ](?:as|in|on|every|daily|each|most)(?![A-Za-z]))"
    rf"|(?<=day)s?,?[ ](?:between[ ])?(?P<h5>{_HOUR})[ ](?:to|and)[ ](?P<h6>{_HOUR})(?![A-Za-z0-9%:/-])(?![ ](?!on|and|at|in|or|every|if|for|but|with)[a-z])"
    rf"|(?<![A-Za-z0-9£$€.])(?P<h7>{_HOUR})[ ]to[ ](?P<h8>{_HOUR})(?=[ ](?:Central|Eastern|Pacific|Mountain|GMT|daily|every[ ]day|on[ ](?:week|[A-Z][a-z]+day))(?![A-Za-z]))",
    _I,
)
_HAN = re.compile(r"[一-鿿]")
_AFTERNOON = re.compile(r"(?<![0-9:])(?:1[3-9]|2[0-4]):[0-5][0-9]")
_LATIN_AFTER = re.compile(r"[ ]?[A-Za-z]|[,.;!?)][ ]|[,.;!?)]?$|[-–—]")
_COLON_TO = re.compile(
    r"(?<=[0-9]:[0-9]{2})[ ]?(?:to|till|until|-|–)[ ]?(?P<h>[0-9]{1,2})(?![0-9:%A-Za-z]|[ ]?(?:am|pm|a\.m|p\.m))"
)
_NAMED = re.compile(
    r"(?<![A-Za-z])(?P<noon>noon|midday)(?![A-Za-z])|(?P<mid>midnight)(?![A-Za-z])|(?P<zero>零点)|(?P<zn>正午)",
    _I,
)


def scan_dates(sheet: Sheet) -> None:
    def day(start: int, end: int, month: int, number: int, year: int | None, unit: str = "day") -> None:
        if 1 <= month <= 12 and 1 <= number <= 31:
            sheet.put(start, end, FigureKind.DATE, month * 100 + number, unit, year=year)

    def take(match: re.Match[str]) -> None:
        groups = match.groupdict()
        year = _year(groups.get("y"))
        month = _MONTHS_BY_NAME[groups["mon"].lower()[:3]] if groups.get("mon") else _int(groups.get("m"))
        number = _int(groups["d"])
        second = groups.get("d2")
        if second:
            # Each end of a span is a figure of its own, so that a wrong end can be marked and mended alone.
            month2 = _int(groups.get("m2")) if groups.get("m2") else month
            cut = match.start("m2") if groups.get("m2") else match.start("d2")
            if groups.get("mon") and match.start("mon") > match.start("d2"):
                day(match.start(), match.end("d"), month, number, year)
                day(match.start("d2"), match.end(), month, _int(second), year)
                return
            head = re.sub(_TO + r"$", "", sheet.folded[match.start() : cut], flags=_I)
            day(match.start(), match.start() + len(head), month, number, year)
            year2 = year + 1 if year and month2 < month else year
            day(cut, match.end(), month2, _int(second), year2)
            return
        day(match.start(), match.end(), month, number, year)

    sheet.each((_FULL, _HAN_SPAN, _HAN_DAY, _DAY_MONTH, _MONTH_DAY, _DOTS), take)

    def slash(match: re.Match[str]) -> None:
        first, second = int(match["a"]), int(match["b"])
        if not match["y"] and (first, second) in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4)):
            sheet.put(match.start(), match.end(), FigureKind.NUMBER, Decimal(first) / Decimal(second))
        elif 1 <= first <= 12 and 1 <= second <= 31:
            both = second <= 12 and first != second
            day(match.start(), match.end(), first, second, _year(match["y"]), "day?" if both else "day")
        elif 1 <= second <= 12 and 1 <= first <= 31:
            day(match.start(), match.end(), second, first, _year(match["y"]))

    sheet.each((_SLASH,), slash)

    def coarse(match: re.Match[str]) -> None:
        groups = match.groupdict()
        start = match.start("mon") if groups.get("mon") else match.start()
        month = _MONTHS_BY_NAME[groups["mon"].lower()[:3]] if groups.get("mon") else _int(groups.get("m"))
        if 1 <= month <= 12:
            sheet.put(start, match.end(), FigureKind.DATE, month, "month", year=_year(groups.get("y")))

    sheet.each((_HAN_MONTH, _EN_MONTH), coarse)

    def year_only(match: re.Match[str]) -> None:
        name = "y2" if match.re is _YEAR and match["y2"] else "y"
        value = _int(match[name])
        if 1800 <= value <= 2199:
            start = match.start(name)
            sheet.put(start, match.end(), FigureKind.DATE, value, "year", year=value)

    sheet.each((_YEAR, _EN_YEAR), year_only)

    def of_month(match: re.Match[str]) -> None:
        name = "d2" if match.re is _EN_DOM and match["d2"] else "d"
        sheet.put(match.start(name), match.end(), FigureKind.DATE, _int(match[name]), "dom")

    sheet.each((_HAN_DOM, _EN_DOM), of_month)


def scan_times(sheet: Sheet) -> None:
    def clock(start: int, end: int, hour: int, minute: int, half: str, *, exact: bool) -> None:
        """`half` is am, pm or a Chinese period's word; without one a small hour may be either half of the day."""
        if hour > 24 or minute > 59:
            return
        half = half.lower().replace(".", "").strip()
        later = (
            half == "pm" or _PERIODS.get(half) == 12 or half in ("tonight", "evening", "night", "afternoon")
        )
        if later and hour < 12 and not (half in ("中午", "正午") and hour == 11):
            hour += 12
        elif later and hour == 12 and (half.endswith("晚") or half in ("晚上", "深夜", "夜里")):
            hour = 24
        elif hour == 12 and (half == "am" or half == "凌晨"):
            hour = 0
        known = exact or bool(half) or hour > 12 or hour == 0
        value = (hour % 24) * 60 + minute
        sheet.put(
            start, end, FigureKind.TIME, value if known else value % 720, "clock" if known else "clock12"
        )

    # Where one hour of a text is past twelve, or the text is Chinese, its hours are those of the whole day.
    by_day = bool(_HAN.search(sheet.folded) or _AFTERNOON.search(sheet.folded))

    def colon(match: re.Match[str]) -> None:
        clock(
            match.start(),
            match.end(),
            int(match["h"]),
            int(match["min"]),
            match["p"] or match["x"] or "",
            # In English 6:30 may be either half of the day; in Chinese it is the morning's.
            exact=by_day
            or not (
                _LATIN_AFTER.match(match.string[match.end() : match.end() + 3])
                and 1 <= int(match["h"]) < 12
                and match["h"][0] != "0"
            ),
        )

    def han(match: re.Match[str]) -> None:
        hour = read(match["h"])
        spelled = not match["h"][0].isdigit()
        after = sheet.folded[match.end() : match.end() + 2]
        if hour is None or hour != int(hour):
            return
        if spelled and not match["p"] and not match["r"] and not after.startswith(_CLOCK_FOLLOWS) and after:
            return
        rest = match["r"] or ""
        minute = {"半": 30, "一刻": 15, "三刻": 45}.get(rest, 0)
        if match["min"]:
            minute = _int(match["min"])
        clock(match.start(), match.end(), int(hour), minute, match["p"] or "", exact=False)

    def span(match: re.Match[str]) -> None:
        first, second, half = int(match["h"]), int(match["h2"]), match["x"]
        before = half if first <= second else ("am" if half.lower().startswith("p") else half)
        clock(match.start("h"), match.end("h"), first, 0, before, exact=True)
        clock(match.start("h2"), match.end(), second, 0, half, exact=True)

    def western(match: re.Match[str]) -> None:
        clock(match.start(), match.end(), int(match["h"]), int(match["min"] or 0), match["x"], exact=True)

    def word(match: re.Match[str]) -> None:
        groups = match.groupdict()
        tail = next((groups[x] for x in ("x1", "x2", "x3", "x") if groups.get(x)), "").lower()
        half = next((h for h in ("tonight", "evening", "afternoon", "night") if h in tail), "")
        half = half or ("am" if "morning" in tail else groups.get("x2") or "")
        name = match["w"].lower()
        hour = _HOURS.index(name) + 1 if name in _HOURS else int(name)
        clock(match.start("w"), match.end(), hour, 0, half, exact=False)

    def named(match: re.Match[str]) -> None:
        clock(match.start(), match.end(), 12 if match["noon"] or match["zn"] else 0, 0, "", exact=True)

    def hour_of(name: str) -> int:
        return _HOURS.index(name.lower()) + 1 if name.lower() in _HOURS else int(name)

    def past(match: re.Match[str]) -> None:
        part = match["part"].lower()
        minutes = {"half": 30, "ten": 10, "twenty": 20}.get(part, 15)
        hour = hour_of(match["w"])
        if (match["dir"] or "").lower() == "to":
            hour, minutes = (hour - 1) or 12, 60 - minutes
        said = (match["d"] or "").lower()
        half = "am" if "morning" in said else said.rpartition(" ")[2]
        clock(match.start(), match.end(), hour, minutes, half, exact=False)

    def daytime(match: re.Match[str]) -> None:
        half = "am" if match["half"].lower() == "morning" else match["half"]
        clock(match.start("w"), match.end("w"), hour_of(match["w"]), 0, half, exact=False)

    def hours(match: re.Match[str]) -> None:
        for name in ("h", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "ha", "hb"):
            if match[name]:
                clock(match.start(name), match.end(name), hour_of(match[name]), 0, "", exact=False)

    def to_clock(match: re.Match[str]) -> None:
        clock(match.start(), match.end(), int(match["h"]), 0, match["x"], exact=True)

    sheet.each((_EN_TO_CLOCK,), to_clock)
    sheet.each((_COLON,), colon)
    sheet.each((_EN_PAST,), past)
    sheet.each(
        (_COLON_TO,),
        lambda match: clock(match.start("h"), match.end("h"), int(match["h"]), 0, "", exact=False),
    )

    def day_at(match: re.Match[str]) -> None:
        half = {"tonight": "tonight", "evening": "evening", "night": "night", "afternoon": "afternoon"}.get(
            match["x"].lower(), "am" if match["x"].lower() == "morning" else ""
        )
        clock(match.start("w"), match.end("w"), hour_of(match["w"]), 0, half, exact=False)

    sheet.each((_EN_DAYTIME,), daytime)
    sheet.each((_EN_DAY_AT,), day_at)
    sheet.each((_EN_HOURS,), hours)
    sheet.each((_HAN_CLOCK,), han)
    sheet.each((_EN_SPAN,), span)
    sheet.each((_EN_CLOCK,), western)
    sheet.each((_EN_WORD_CLOCK, _EN_AT), word)
    sheet.each((_NAMED,), named)


_CLOCK_FOLLOWS = (
    "前",
    "后",
    "起",
    "准",
    "开",
    "到",
    "至",
    "之",
    "见",
    "，",
    "。",
    "！",
    "-",
    "~",
    "—",
    "–",
    "截",
    "结",
    "发",
)
_MONTHS_BY_NAME = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}


def _int(text: str | None) -> int:
    number = read(text) if text else None
    return 0 if number is None or number != int(number) else int(number)


def _year(text: str | None) -> int | None:
    number = _int(text)
    if not number:
        return None
    return number + 2000 if number < 100 else number
