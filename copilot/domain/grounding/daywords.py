"""Weekdays and relative days in copy, held against the calendar and the slot's own day."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.grounding.dates import resolve
from copilot.domain.grounding.places import Reading
from copilot.domain.messages import Message
from copilot.domain.quantities.figures import Figure, FigureKind

_HAN_DAYS = "一二三四五六日"
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_SHORT = r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun"
_HAN_WEEKDAY = re.compile(
    r"(?P<pre>每个?|逢|上个?|这个?|本|下下?个?)?(?P<stem>周|星期|礼拜)(?P<day>[一二三四五六日天])(?!年)"
)
_EN_WEEKDAY = re.compile(
    rf"(?:(?P<pre>every|each|last|this|next|on|happy)[ ])?(?<![A-Za-z])(?P<day>(?:{_EN_SHORT})day)(?P<s>s)?(?![A-Za-z])"
    r"|(?<=[(（])(?P<short>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?=[)）])",
    re.IGNORECASE,
)
_RELATIVE = {
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "后天": 2, "昨天": -1, "昨日": -1, "昨晚": -1,
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2,
    "the day before yesterday": -2,
}  # fmt: skip
_RELATIVE_WORD = re.compile(
    r"大后天|今天|今日|今晚|今早|明天|明日|明晚|明早|后天|昨天|昨日|昨晚|(?<![A-Za-z])(?:the[ ]day[ ](?:after[ ]tomorrow|before[ ]yesterday)|today|tonight|tomorrow|yesterday)(?![A-Za-z])",
    re.I,
)
_BESIDE = re.compile(r"[ ]?(?:和|、|及|与|或|,|and|or|&)[ ]?", re.IGNORECASE)
_WEEKS_FROM = re.compile(r"(?<![A-Za-z])(a|one|two|three)[ ]weeks?[ ]from[ ]$", re.IGNORECASE)
_WEEKS = {"a": 1, "one": 1, "two": 2, "three": 3}
_MOST_DEADLINES = 60  # No copy has more; the bound keeps hostile text cheap.
_SAME_DAY = re.compile(
    r"^[ ]?(?:[（(,，就]|是|\bis\b|即|，就是|——|–|-)?[ ]?(?:\bthe\b)?[ ]?(?:的)?[（(]?[ ]?$", re.IGNORECASE
)
_DEADLINE = re.compile(
    r"截止|截至|结束|收官|收尾|最后[一1]?天|为止|最后机会|仅限|只限|只有|(?<![A-Za-z])(?:ends?|ending|closes?|closing|wraps? up|finishes|runs? out|last day|last chance|final day|only|until)(?![A-Za-z])",
    re.I,
)


@dataclass(frozen=True)
class DayWord:
    """A weekday (1 is Monday) or a relative day; `day` is the date it means at the slot, if it means one."""

    start: int
    end: int
    text: str
    weekday: int | None
    day: date | None
    repeated: bool = False


def day_words(text: str, at: datetime) -> list[DayWord]:
    today = at.date()
    found: list[DayWord] = []
    for match in _RELATIVE_WORD.finditer(text):
        word = match.group().lower()
        step = 3 if word == "大后天" else _RELATIVE[word]
        later = _WEEKS_FROM.search(text[max(0, match.start() - 18) : match.start()])
        step += 7 * _WEEKS[later[1].lower()] if later else 0
        found.append(DayWord(match.start(), match.end(), match.group(), None, today + timedelta(days=step)))
    for match in _HAN_WEEKDAY.finditer(text):
        weekday = _HAN_DAYS.find(match["day"].replace("天", "日")) + 1
        pre = match["pre"] or ""
        found.append(_weekday_word(match.start(), match.end(), match.group(), weekday, pre, today))
    for match in _EN_WEEKDAY.finditer(text):
        name = (match["day"] or match["short"]).lower()[:3]
        weekday = next(n for n, full in enumerate(_EN_DAYS, start=1) if full.lower().startswith(name))
        pre = (match["pre"] or "").lower()
        start = match.start("day") if match["day"] else match.start("short")
        if pre in ("this", "next", "last"):
            start = match.start()
        end = match.end()
        repeated = bool(match["s"]) or pre in ("every", "each")
        found.append(_weekday_word(start, end, text[start:end], weekday, "每" if repeated else pre, today))
    return _joined(text, sorted(found, key=lambda word: word.start))


def _joined(text: str, words: Sequence[DayWord]) -> list[DayWord]:
    """The same, where a weekday that stands beside one that comes back comes back, too: 每周二和周五."""
    result: list[DayWord] = []
    for word in words:
        last = result[-1] if result else None
        beside = last is not None and bool(_BESIDE.fullmatch(text, last.end, word.start))
        if last is not None and last.repeated and beside and word.weekday is not None:
            word = replace(word, day=None, repeated=True)
        result.append(word)
    return result


def _weekday_word(start: int, end: int, text: str, weekday: int, pre: str, today: date) -> DayWord:
    monday = today - timedelta(days=today.isoweekday() - 1)
    weeks = {
        "本": 0,
        "这": 0,
        "这个": 0,
        "下": 1,
        "下个": 1,
        "下下": 2,
        "下下个": 2,
        "上": -1,
        "上个": -1,
        "last": -1,
    }
    if pre in weeks:
        return DayWord(start, end, text, weekday, monday + timedelta(days=weekday - 1 + 7 * weeks[pre]))
    if pre == "this":
        return DayWord(start, end, text, weekday, today + timedelta(days=(weekday - today.isoweekday()) % 7))
    # "next Friday" means either of two Fridays in English, so only its weekday is held against a date.
    return DayWord(start, end, text, weekday, None, repeated=pre in ("每", "每个", "逢"))


def meant(word: DayWord, at: datetime) -> date | None:
    """The day that a word means to whoever reads it at the slot; a bare weekday is the next such day."""
    if word.day is not None or word.weekday is None or word.repeated:
        return word.day
    return at.date() + timedelta(days=(word.weekday - at.isoweekday()) % 7)


def day_findings(reading: Reading, valid: Sequence[Reading], at: datetime) -> list[Finding]:
    """Weekdays that contradict their dates, relative days that contradict, and deadlines the sources deny."""
    words = day_words(reading.text, at)
    dates = [p.figure for p in reading.places if p.figure.kind is FigureKind.DATE and resolve(p.figure, at)]
    starts = [figure.start for figure in dates]
    findings: list[Finding] = []
    for number, word in enumerate(words):
        near = bisect_right(starts, word.start)
        finding = _against_dates(reading.text, word, dates[max(0, near - 2) : near + 2], at)
        if finding is None:
            finding = _against_today(reading.text, word, words[max(0, number - 2) : number + 3], at)
        if finding is None and number < _MOST_DEADLINES:
            finding = _against_deadlines(reading, word, valid, at)
        if finding is not None:
            findings.append(finding)
    return findings


def _against_dates(text: str, word: DayWord, dates: Sequence[Figure], at: datetime) -> Finding | None:
    for figure in dates:
        if not _touching(text, word, figure.start, figure.end):
            continue
        options = [resolve(figure, at)]
        if figure.unit == "day?":
            options.append(
                resolve(
                    Figure(
                        0, 0, "", FigureKind.DATE, (figure.value % 100) * 100 + figure.value // 100, "day"
                    ),
                    at,
                )
            )
        days = [day for day in options if day]
        if (
            word.weekday is not None
            and not word.repeated
            and all(d.isoweekday() != word.weekday for d in days)
        ):
            return _wrong_weekday(word, days[0], figure.text)
        if word.weekday is None and word.day is not None and word.day not in days:
            return _wrong_relative(word, figure.text, days[0], at)
    return None


def _against_today(text: str, word: DayWord, words: Sequence[DayWord], at: datetime) -> Finding | None:
    """今天周五 and "Happy Friday" speak of the slot's own day; a relative day beside a weekday speaks of that day."""
    if word.weekday is None or word.repeated:
        return None
    for other in words:
        if other.weekday is None and other.day is not None and _touching(text, word, other.start, other.end):
            if other.day.isoweekday() != word.weekday:
                return _wrong_weekday(word, other.day, other.text)
            return None
    greeting = re.match(r"(?:快乐|好[呀啊！，。~]|愉快|早安)", text[word.end :]) or re.search(
        r"happy[ ]$", text[: word.start], re.I
    )
    if greeting and at.isoweekday() != word.weekday:
        return _wrong_weekday(word, at.date(), at.date().isoformat())
    return None


def _against_deadlines(
    reading: Reading, word: DayWord, valid: Sequence[Reading], at: datetime
) -> Finding | None:
    """ "Ends tomorrow" is held against the end that the sources give for the same products."""
    if word.day is None:
        return None
    start, end = next(((a, b) for a, b in reading.sentences if a <= word.start < b), (0, 0))
    if not _DEADLINE.search(reading.text, max(start, word.start - 12), min(end, word.end + 12)):
        return None
    about = {name for place in reading.places for name in place.names if start <= place.figure.start < end}
    ends: dict[date, str] = {}
    for source in valid:
        for place in source.places:
            day = resolve(place.figure, at) if place.figure.kind is FigureKind.DATE else None
            if day and place.figure.role == "end" and (not about or not place.groups or about & place.names):
                ends[day] = place.figure.text
        window = source.source.window.end if source.source else None
        if window is not None and source.source is not None and "offer" in source.source.kind:
            last = (window.astimezone(at.tzinfo) - timedelta(microseconds=1)).date()
            ends.setdefault(last, last.isoformat())
    if not ends or word.day in ends:
        return None
    nearest = min(ends)
    return _wrong_relative(word, ends[nearest], nearest, at)


def _touching(text: str, word: DayWord, start: int, end: int) -> bool:
    low, high = (word.end, start) if word.end <= start else (end, word.start)
    return low <= high and high - low <= 8 and bool(_SAME_DAY.match(text[low:high]))


def _wrong_weekday(word: DayWord, day: date, beside: str) -> Finding:
    return Finding(
        check=Check.FRESHNESS,
        rule="weekday_mismatch",
        severity=Severity.BLOCK,
        start=word.start,
        end=word.end,
        text=word.text,
        reason=Message(
            "claims.weekday_mismatch", {"written": word.text, "date": beside, "weekday": day.isoweekday()}
        ),
        suggestion=_spelled_like(word, day),
    )


def _wrong_relative(word: DayWord, beside: str, day: date, at: datetime) -> Finding:
    return Finding(
        check=Check.FRESHNESS,
        rule="relative_day_mismatch",
        severity=Severity.BLOCK,
        start=word.start,
        end=word.end,
        text=word.text,
        reason=Message(
            "claims.relative_day_mismatch",
            {
                "written": word.text,
                "date": beside,
                "meant": word.day.isoformat() if word.day else "",
                "slot": at.date().isoformat(),
            },
        ),
        suggestion=_relative_for(word, day, at),
    )


def wrong_day(word: DayWord, day: date | None, at: datetime) -> Finding:
    """A day named for something that happens on another; `day` is the right one where there is just one."""
    right = day.isoformat() if day is not None else ""
    if word.weekday is None:
        suggestion = _relative_for(word, day, at) if day is not None else None
    else:
        suggestion = _spelled_like(word, day) if day is not None and day != word.day else None
    return Finding(
        check=Check.FRESHNESS,
        rule="wrong_day",
        severity=Severity.BLOCK,
        start=word.start,
        end=word.end,
        text=word.text,
        reason=Message(
            "claims.wrong_day_known" if right else "claims.wrong_day", {"written": word.text, "date": right}
        ),
        suggestion=suggestion if suggestion != word.text else None,
    )


def _spelled_like(word: DayWord, day: date) -> str:
    if word.text[0].isascii():
        full = _EN_DAYS[day.isoweekday() - 1]
        head, _, last = word.text.rpartition(" ")
        name = full[:3] if len(last) == 3 else full
        return f"{head} {name}".strip()
    return word.text[:-1] + _HAN_DAYS[day.isoweekday() - 1]


def _relative_for(word: DayWord, day: date, at: datetime) -> str | None:
    step = (day - at.date()).days
    english = word.text[0].isascii()
    names = {0: "today", 1: "tomorrow"} if english else {0: "今天", 1: "明天", 2: "后天"}
    name = names.get(step)
    if name and word.text[0].isupper():
        return name.capitalize()
    return name
