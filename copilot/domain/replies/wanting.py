"""What sort of answer a question wants (a price, a span of time, a day, a weight …), and whether a text has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind

_CLOCKED = frozenset({"minute", "hour", "day", "week"})
_MONEY = {
    Language.ZH: r"多少钱|什么价|价格|怎么卖|[邮运]费(?:要|是)?(?:多少|几)|几块|贵|便宜",
    Language.EN: r"how much (?:is|are|does|do|to)\b|\bpric|what do i pay|\bpay for|dearer|cheaper|expensive",
}
_SPAN = {
    Language.ZH: r"多久|几天|几个月|几年|多长时间|多少[天年]|几分钟|几小时|什么时候到",
    Language.EN: r"how (?:long|soon|fast|often|quickly)|how many (?:days|hours|minutes|weeks|months|years)",
}
_MOMENT = {
    Language.ZH: r"几点|哪天|几号|什么时候(?!到)",
    Language.EN: r"^when\b|\bwhen(?:'s| is| are| do)\b|what (?:time|date|day)",
}
_CONTACT = {
    Language.ZH: r"电话|微信号|手机号|抖音号",
    Language.EN: r"(?:tele)?phone number|number to call",
}
_COUNTED = {
    Language.ZH: re.compile(r"(?<!我有)(?<!我还有)(?:几|多少)(积分|[遍顿度卡克斤勺杯](?!钟))"),
    Language.EN: re.compile(
        r"how many (?!days|hours|minutes|weeks|months|years)([a-z]+?)s?\b", re.IGNORECASE
    ),
}
_EXTENTS = {
    Language.ZH: ((r"多重", r"克|千克|斤|公斤"), (r"多少度|温度", r"°C|℃|度")),
    Language.EN: (
        (r"how heavy|what does \w+ weigh", r"k?g\b"),
        (r"how (?:big|tall|wide|long is)|what size", r"(?:cm|mm|l|ml|litres?)\b"),
        (r"hottest|temperature|how hot", r"°"),
        (r"how much (?!is|are|does|do|to)\w", r"(?:k?g|ml|l|%)\b"),
    ),
}
_OFTEN = re.compile(r"once a (?:day|week|month)|every (?:day|week|month)|every \d")
_DAYS = re.compile(r"(?:周|星期)[一二三四五六日天]|(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)


@dataclass(frozen=True)
class Want:
    """`valued`: the answer is a figure of the very thing that is asked about, and of no other."""

    has: Callable[[str], bool]
    valued: bool = False
    money: bool = False


def wants(question: str, language: Language) -> list[Want]:
    """What an answer must have; nothing for a question that any sentence may answer."""
    asked = question.lower()
    found: list[Want] = []
    if re.search(_MONEY[language], asked):
        found.append(Want(_has(FigureKind.PRICE), valued=True, money=True))
    if re.search(_SPAN[language], asked):
        found.append(Want(lambda text: bool(_OFTEN.search(text)) or _has(FigureKind.DURATION)(text)))
    if re.search(_MOMENT[language], asked):
        when = _has(FigureKind.DATE, FigureKind.TIME, FigureKind.DURATION)
        found.append(Want(lambda text: when(text) or bool(_DAYS.search(text))))
    if re.search(_CONTACT[language], asked):
        found.append(Want(lambda text: bool(re.search(r"\d{5,}", text)), valued=True))
    if counted := _COUNTED[language].search(asked):
        found.append(
            Want(_matches(rf"(?:\d|\bone\b)[\d,.]* ?个?(?:\w+ ){{0,2}}{re.escape(counted[1])}"), valued=True)
        )
    for pattern, unit in _EXTENTS[language]:
        if re.search(pattern, asked):
            found.append(Want(_matches(rf"\d ?(?:{unit})"), valued=True))
            break
    return found


@lru_cache(maxsize=4096)
def sizes(text: str) -> frozenset[tuple[str, str]]:
    """The measures that a text gives, by value and unit: a question about 450 g is about nothing else."""
    return frozenset(
        (str(figure.value.normalize()), figure.unit)
        for figure in figures(text)
        if figure.kind is FigureKind.MEASURE or (figure.kind is FigureKind.COUNT and figure.value > 1)
    )


def _has(*kinds: FigureKind) -> Callable[[str], bool]:
    return lambda text: not _kinds(text).isdisjoint(kinds)


@lru_cache(maxsize=4096)
def _kinds(text: str) -> frozenset[FigureKind]:
    return frozenset(_kind(figure) for figure in figures(text))


def _kind(figure: Figure) -> FigureKind:
    """Working hours are counted, and yet a span of time."""
    return FigureKind.DURATION if figure.unit in _CLOCKED else figure.kind


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.search(text) is not None
