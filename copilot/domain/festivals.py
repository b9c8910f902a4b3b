"""Festivals: the days that a community shares with everybody around it, and on which nothing is sold.

For Chinese readers the days of both calendars and of the big sales; for English ones those of Great Britain,
so that Mother's Day is Mothering Sunday in Lent there, and the second Sunday of May in China.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from copilot.domain.brands import Language
from copilot.domain.festivaltable import MOVING

Rule = Callable[[int], date | None]


class FestivalKind(StrEnum):
    LUNAR = "lunar"
    SOLAR = "solar"
    SOLAR_TERM = "solar_term"
    RETAIL = "retail"
    MEMORIAL = "memorial"


@dataclass(frozen=True)
class Festival:
    """A day that returns every year. Where `promotes` is false, nobody should be sold anything on it.

    `lead_days` is how long before the day it is worth thinking of: two weeks, longer for what needs preparing.
    """

    slug: str
    zh: str
    en: str
    audiences: tuple[Language, ...]
    kind: FestivalKind
    rule: Rule
    promotes: bool = True
    lead_days: int = 14

    def name(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en

    def day(self, year: int) -> date | None:
        """Its day in this year; None for a year that the table of moving days does not reach."""
        return self.rule(year)


def falls_on(slug: str, day: date) -> bool:
    """Whether the festival is on this day. KeyError for a slug that is not in FESTIVALS."""
    return FESTIVALS[slug].day(day.year) == day


def between(start: date, end: date, audience: Language) -> list[tuple[date, Festival]]:
    """This audience's festivals from `start` to `end`, both included, in the order of days."""
    years = range(start.year, end.year + 1)
    met = [
        (day, festival)
        for festival in FESTIVALS.values()
        if audience in festival.audiences
        for year in years
        if (day := festival.day(year)) is not None and start <= day <= end
    ]
    return sorted(met, key=lambda one: one[0])


def easter(year: int) -> date:
    """Easter Sunday of the western churches (the anonymous Gregorian computus)."""
    golden, century = year % 19, year // 100
    leaps = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + leaps + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Rule:
    return lambda year: date(year, month, day)


def _weekday(month: int, nth: int, weekday: int, *, plus: int = 0) -> Rule:
    """The nth ISO weekday of a month, the last one for -1; `plus` days after it."""

    def rule(year: int) -> date:
        first = date(year, month, 1)
        day = first + timedelta(days=(weekday - first.isoweekday()) % 7)
        if nth > 0:
            return day + timedelta(weeks=nth - 1, days=plus)
        while (day + timedelta(weeks=1)).month == month:
            day += timedelta(weeks=1)
        return day + timedelta(days=plus)

    return rule


def _from_easter(days: int) -> Rule:
    return lambda year: easter(year) + timedelta(days=days)


def _moving(slug: str) -> Rule:
    return MOVING[slug].get


_ZH, _EN = (Language.ZH,), (Language.EN,)
_BOTH = (Language.ZH, Language.EN)
_L, _S, _T = FestivalKind.LUNAR, FestivalKind.SOLAR, FestivalKind.SOLAR_TERM
_R, _M = FestivalKind.RETAIL, FestivalKind.MEMORIAL
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 1, 4, 6, 7
_LONG = 21


def _lunar(slug: str, zh: str, en: str, *, promotes: bool = True, lead_days: int = 14) -> Festival:
    return Festival(slug, zh, en, _ZH, _L, _moving(slug), promotes, lead_days)


def _term(slug: str, zh: str, en: str, *, promotes: bool = True) -> Festival:
    return Festival(slug, zh, en, _ZH, _T, _moving(slug), promotes)


_ALL = (
    # Both audiences.
    Festival("new-year", "元旦", "New Year's Day", _BOTH, _S, _fixed(1, 1)),
    Festival("valentines", "情人节", "Valentine's Day", _BOTH, _S, _fixed(2, 14)),
    Festival("fathers-day", "父亲节", "Father's Day", _BOTH, _S, _weekday(6, 3, _SUNDAY)),
    Festival("christmas", "圣诞节", "Christmas Day", _BOTH, _S, _fixed(12, 25)),
    # The Chinese calendar.
    _lunar("laba", "腊八", "Laba Festival"),
    _lunar("xiaonian", "小年", "Little New Year"),
    _lunar("chuxi", "除夕", "Lunar New Year's Eve", lead_days=_LONG),
    _lunar("spring-festival", "春节", "Spring Festival", lead_days=_LONG),
    _lunar("lantern", "元宵节", "Lantern Festival"),
    _lunar("longtaitou", "龙抬头", "Dragon Raises Its Head"),
    _lunar("dragon-boat", "端午节", "Dragon Boat Festival"),
    _lunar("qixi", "七夕", "Qixi Festival"),
    _lunar("zhongyuan", "中元节", "Zhongyuan Festival", promotes=False),
    _lunar("mid-autumn", "中秋节", "Mid-Autumn Festival", lead_days=_LONG),
    _lunar("chongyang", "重阳节", "Double Ninth Festival"),
    _term("lichun", "立春", "Start of Spring"),
    _term("qingming", "清明", "Qingming", promotes=False),
    _term("guyu", "谷雨", "Grain Rain"),
    _term("lixia", "立夏", "Start of Summer"),
    _term("xiazhi", "夏至", "Summer Solstice"),
    _term("liqiu", "立秋", "Start of Autumn"),
    _term("qiufen", "秋分·丰收节", "Autumn Equinox and Farmers' Harvest Festival"),
    _term("shuangjiang", "霜降", "Frost's Descent"),
    _term("lidong", "立冬", "Start of Winter"),
    _term("dongzhi", "冬至", "Winter Solstice"),
    Festival("38-sale", "妇女节·38大促", "Women's Day sale", _ZH, _R, _fixed(3, 8)),
    Festival("labour-day", "劳动节", "Labour Day", _ZH, _S, _fixed(5, 1)),
    Festival("mothers-day", "母亲节", "Mother's Day", _ZH, _S, _weekday(5, 2, _SUNDAY)),
    Festival("520", "520", "520, a day for saying I love you", _ZH, _R, _fixed(5, 20)),
    Festival("childrens-day", "儿童节", "Children's Day", _ZH, _S, _fixed(6, 1)),
    Festival("618", "618", "618 sale", _ZH, _R, _fixed(6, 18), lead_days=_LONG),
    Festival("teachers-day", "教师节", "Teachers' Day", _ZH, _S, _fixed(9, 10)),
    Festival("september-18", "九一八纪念日", "18 September Memorial", _ZH, _M, _fixed(9, 18), promotes=False),
    Festival("national-day", "国庆节", "National Day", _ZH, _S, _fixed(10, 1)),
    Festival("double-11", "双11", "Double 11", _ZH, _R, _fixed(11, 11), lead_days=_LONG),
    Festival("double-12", "双12", "Double 12", _ZH, _R, _fixed(12, 12)),
    Festival("memorial-day", "国家公祭日", "National Memorial Day", _ZH, _M, _fixed(12, 13), promotes=False),
    # The British year.
    Festival("burns-night", "彭斯之夜", "Burns Night", _EN, _S, _fixed(1, 25)),
    Festival("pancake-day", "薄饼日", "Pancake Day", _EN, _S, _from_easter(-47)),
    Festival("womens-day", "国际妇女节", "International Women's Day", _EN, _S, _fixed(3, 8)),
    Festival("mothering-sunday", "英国母亲节", "Mothering Sunday", _EN, _S, _from_easter(-21)),
    Festival("good-friday", "耶稣受难日", "Good Friday", _EN, _M, _from_easter(-2), promotes=False),
    Festival("easter", "复活节", "Easter Sunday", _EN, _S, _from_easter(0)),
    Festival("earth-day", "地球日", "Earth Day", _EN, _S, _fixed(4, 22)),
    Festival("early-may", "五月初银行假日", "Early May bank holiday", _EN, _S, _weekday(5, 1, _MONDAY)),
    Festival("spring-bank", "春季银行假日", "Spring bank holiday", _EN, _S, _weekday(5, -1, _MONDAY)),
    Festival("summer-bank", "夏季银行假日", "Summer bank holiday", _EN, _S, _weekday(8, -1, _MONDAY)),
    Festival("halloween", "万圣夜", "Halloween", _EN, _S, _fixed(10, 31)),
    Festival("bonfire-night", "篝火之夜", "Bonfire Night", _EN, _S, _fixed(11, 5)),
    Festival(
        "remembrance",
        "阵亡将士纪念日",
        "Remembrance Sunday",
        _EN,
        _M,
        _weekday(11, 2, _SUNDAY),
        promotes=False,
    ),
    Festival(
        "black-friday",
        "黑色星期五",
        "Black Friday",
        _EN,
        _R,
        _weekday(11, 4, _THURSDAY, plus=1),
        lead_days=_LONG,
    ),
    Festival("cyber-monday", "网络星期一", "Cyber Monday", _EN, _R, _weekday(11, 4, _THURSDAY, plus=4)),
    Festival(
        "small-business-saturday",
        "小商家星期六",
        "Small Business Saturday",
        _EN,
        _S,
        _weekday(12, 1, _SATURDAY),
    ),
    Festival("boxing-day", "节礼日", "Boxing Day", _EN, _S, _fixed(12, 26)),
    Festival("new-years-eve", "跨年夜", "New Year's Eve", _EN, _S, _fixed(12, 31)),
)

FESTIVALS: Mapping[str, Festival] = {festival.slug: festival for festival in _ALL}
"""Every festival by its slug."""
