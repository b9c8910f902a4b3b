"""When things happen: the days that a text names, held against the days that its sources give for the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from copilot.domain.findings import Finding
from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.dates import resolve
from copilot.domain.grounding.daywords import DayWord, day_words, meant, wrong_day
from copilot.domain.grounding.places import Reading
from copilot.domain.materials import Source
from copilot.domain.quantities.figures import Figure, FigureKind, Role

# So much a sentence must share with a source's to be about the same happening; a shared figure counts double.
_LEAST_SHARED = 2
_SURELY = 4
_MOST_WORDS = 40
_BESIDE = 6  # Characters between a weekday and the date that it goes with.
_WEEKEND = re.compile(r"(?:这个?|本)周末|(?<![A-Za-z])this weekend(?![A-Za-z])", re.IGNORECASE)
_ENDS = re.compile(r"(?:through|until|till|to|by|到|至|截止到?)[ ]?$", re.IGNORECASE)
_THROUGH = re.compile(
    r"[ ,（(]*(?:\(?[A-Za-z]{3,9}\)?|周[一二三四五六日]|[）)])?[ ,]*(?:to|through|until|till|[-–—~]|至|到)[ ]?(?:[A-Za-z]{3,9},?)?[ ]?",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"休息|不接|不营业|不开|不发|闭馆|停|关门|排不了|(?<![A-Za-z])(?:closed|shut|off|no|not|don['’]t|doesn['’]t|never)(?![A-Za-z])",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"除了?$|(?:except|apart from|other than|but not|not on)(?:[ ]on)?[ ]$", re.IGNORECASE)
_CLOSED_BEFORE = re.compile(
    r"(?<![A-Za-z])(?:closed|shut)[ ](?:on[ ])?(?:[A-Za-z]+days?(?:,[ ]|[ ](?:and|or|&)[ ]))*$", re.IGNORECASE
)
_BESIDE_BY = re.compile(r"[ ]?(?:和|、|及|与|,|and|or|&)[ ]?", re.IGNORECASE)
_PART_END = re.compile(r"[；;。.!！，]")
_FEW_WORDS = 5
_NEXT_DAY = re.compile(r"next day|following day|day after|次日|第二天|隔天|隔日", re.IGNORECASE)
_GREETING_AFTER = re.compile(r"^(?:快乐|好[呀啊！，。~!,. ]|好$|愉快|早安|晚安)")
_GREETING_BEFORE = re.compile(r"(?:happy|good)[ ]$", re.IGNORECASE)


@dataclass(frozen=True)
class _Days:
    """What a sentence of a source says of days: single ones, spans, and weekdays that come back."""

    days: frozenset[date]
    spans: tuple[tuple[date, date], ...]
    weekdays: frozenset[int]
    closed: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.days or self.spans or self.weekdays or self.closed)

    def is_closed(self, weekday: int) -> bool:
        """Whether nothing happens on a weekday: the source says so, or names only others."""
        return weekday in self.closed or bool(
            not self.closed and self.weekdays and weekday not in self.weekdays
        )

    def fits(self, day: date | None, weekday: int | None) -> bool:
        if day is not None and (day in self.days or any(low <= day <= high for low, high in self.spans)):
            return True
        if weekday is not None and weekday in {one.isoweekday() for one in self.days} and day is None:
            return True
        return bool(self.weekdays) and (weekday or (day.isoweekday() if day else 0)) in self.weekdays


def days_said(copy: Reading, at: datetime) -> tuple[frozenset[date], ...]:
    """For each sentence of a copy the days that it names, in figures or in words."""
    found: list[set[date]] = [set() for _ in copy.sentences]
    for place in copy.places:
        day = resolve(place.figure, at) if place.figure.kind is FigureKind.DATE else None
        if day is not None:
            found[place.sentence].add(day)
    for word in day_words(copy.text, at):
        day, number = meant(word, at), _sentence_of(copy, word.start)
        if day is not None and number is not None:
            found[number].add(day)
    for match in _WEEKEND.finditer(copy.text):
        number = _sentence_of(copy, match.start())
        saturday = at.date() + timedelta(days=(6 - at.isoweekday()) % 7 if at.isoweekday() < 7 else -1)
        if number is not None:
            found[number] |= {saturday, saturday + timedelta(days=1)}
    return tuple(frozenset(days) for days in found)


def is_announced(source: Source, named: frozenset[date], at: datetime) -> bool:
    """Whether what a source says of a time to come may be told already: where the copy names the day it begins."""
    start = source.window.start
    return (
        start is not None
        and at < start
        and (source.window.end is None or at < source.window.end)
        and start.astimezone(at.tzinfo).date() in named
    )


def happening_findings(copy: Reading, sources: Sequence[Reading], at: datetime) -> Iterator[Finding]:
    """Days named for something that a source gives another day for."""
    words = [word for word in day_words(copy.text, at) if not _is_greeting(copy.text, word)][:_MOST_WORDS]
    if not words:
        return
    told = [(reading, number, days) for reading in sources for number, days in _told(reading, at)]
    for word in words:
        number = _sentence_of(copy, word.start)
        day = meant(word, at)
        if number is None or (day is None and not word.repeated) or (day is not None and day < at.date()):
            continue
        if _stands_by_a_date(copy, word):
            continue  # Whether the two agree is another question.
        about = _about(copy, number, told, hours=_clause_of(copy, word) if day == at.date() else None)
        if not about:
            continue
        if word.weekday is not None and _is_told_closed(copy, word):
            known = [days for days in about if days.weekdays or days.closed]
            if known and not any(days.is_closed(word.weekday) for days in known):
                yield wrong_day(word, None, at)
            continue
        if any(days.fits(day, word.weekday) for days in about):
            continue
        # Where the sentence names the right day beside, this word means something else.
        # A weekday may be named after its date in a clause of its own: from 8 June, so from that Monday.
        low, high = _clause_of(copy, word) if word.weekday is None else copy.sentences[number]
        others = [other for other in words if other is not word and low <= other.start < high]
        beside = {resolve(p.figure, at) for p in copy.places if low <= p.figure.start < high}
        named = [(meant(other, at), other.weekday) for other in others] + [
            (one, None) for one in beside if one
        ]
        beside_right = any(days.fits(one, weekday) for days in about for one, weekday in named)
        if (
            beside_right
            and not word.repeated
            and not _ENDS.search(copy.text[max(0, word.start - 10) : word.start])
        ):
            continue
        single = {one for days in about for one in days.days}
        yield wrong_day(
            word, min(single) if len(single) == 1 and not any(d.spans for d in about) else None, at
        )


def _about(
    copy: Reading, number: int, told: Sequence[tuple[Reading, int, _Days]], *, hours: tuple[int, int] | None
) -> list[_Days]:
    """The days of the source sentences that are most surely about what this sentence of the copy is about.

    What is said of today may be said of anything that holds today, so there the same hour has to be named in its clause
    (`hours`).
    """
    words = _bare(copy.sentence_words[number])
    figures = {_shared(p.figure) for p in copy.places if p.sentence == number}
    if len(words) < _FEW_WORDS and number and not figures:
        # "The bags ship on Saturday" goes on about a roast day.
        words |= _bare(copy.sentence_words[number - 1])
    low, high = hours or (0, 0)
    at_hours = {_shared(p.figure) for p in copy.places if low <= p.figure.start < high}
    scored = []
    for reading, at, days in told:
        theirs = {_shared(p.figure) for p in reading.places if p.sentence == at}
        is_hour_shared = any(kind is FigureKind.TIME for kind, _ in at_hours & theirs)
        if hours and not is_hour_shared and len(words & _bare(reading.sentence_words[at])) < _SURELY:
            continue
        said = _bare(reading.sentence_words[at])
        beside = words & _title_words(reading) - said
        shared = len(words & said) + 0.9 * len(beside) + 2 * len(figures & theirs)
        scored.append((shared, days))
    best = max((score for score, _ in scored), default=0)
    return [days for score, days in scored if score == best >= _LEAST_SHARED]


def _weekdays(sentence: str, at: datetime, dates: Sequence[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """The weekdays on which a source's sentence says that something happens, and those on which nothing does."""
    happens: set[int] = set()
    closed: set[int] = set()
    words = [word for word in _day_words_of(sentence, at) if word.weekday and not _stands_by(word, dates)]
    for number, word in enumerate(words):
        last = words[number - 1] if number else None
        first = word.weekday or 0
        if last is not None and last.weekday and _THROUGH.fullmatch(sentence, last.end, word.start):
            first = last.weekday
        days = {day % 7 + 1 for day in range(first - 1, first + ((word.weekday or 0) - first) % 7)}
        following = words[number + 1].start if number + 1 < len(words) else len(sentence)
        rest = _PART_END.split(sentence[word.end : following], maxsplit=1)[0]
        if last is not None and _BESIDE_BY.fullmatch(sentence, last.end, word.start):
            (closed if last.weekday in closed else happens).update(days)
        elif _CLOSED.search(rest) or _CLOSED_BEFORE.search(sentence[: word.start]):
            closed.update(days)
        else:
            happens.update(days)
    return happens, closed


def _clause_of(copy: Reading, word: DayWord) -> tuple[int, int]:
    number = _sentence_of(copy, word.start)
    start, end = copy.sentences[number] if number is not None else (0, len(copy.text))
    return next(
        ((low, high) for low, high in clauses(copy.text, start, end) if low <= word.start < high),
        (start, end),
    )


def _is_told_closed(copy: Reading, word: DayWord) -> bool:
    """仓库周六休息, 除了周一: the copy says of the day that nothing happens then."""
    _, end = _clause_of(copy, word)
    before = copy.text[max(0, word.start - 40) : word.start]
    return bool(
        _EXCEPT.search(before) or _CLOSED_BEFORE.search(before) or _CLOSED.search(copy.text, word.end, end)
    )


def _bare(forms: frozenset[str]) -> frozenset[str]:
    """Words without what says that they are denied: "no plants are dispatched" is about plants, too."""
    return frozenset(form.removeprefix("¬") for form in forms)


def _shared(figure: Figure) -> tuple[FigureKind, Decimal]:
    """A figure as two texts may share it: an hour is the same before and after noon, for seven may be either."""
    return figure.kind, figure.value % 720 if figure.kind is FigureKind.TIME else figure.value


def _stands_by_a_date(copy: Reading, word: DayWord) -> bool:
    dates = (place.figure for place in copy.places if place.figure.kind is FigureKind.DATE)
    return _stands_by(word, [(figure.start, figure.end) for figure in dates])


def _stands_by(word: DayWord, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether one of these stretches stands right before or behind the word."""
    return any(start - word.end <= _BESIDE and word.start - end <= _BESIDE for start, end in spans)


def _title_words(reading: Reading) -> frozenset[str]:
    return reading.places[0].context_words if reading.places else frozenset()


@lru_cache(maxsize=4096)
def _day_words_of(sentence: str, at: datetime) -> tuple[DayWord, ...]:
    """Those of a source's sentence, which is read again for every copy that is held against it."""
    return tuple(day_words(sentence, at))


def _told(reading: Reading, at: datetime) -> Iterator[tuple[int, _Days]]:
    """The sentences of a source that speak of days."""
    for number, (start, end) in enumerate(reading.sentences):
        dates = [
            (place.figure, day)
            for place in reading.places
            if place.sentence == number
            and place.figure.kind is FigureKind.DATE
            and (day := resolve(place.figure, at)) is not None
        ]
        spans: list[tuple[date, date]] = []
        for (first, low), (last, high) in pairwise(dates):
            between = reading.text[first.end : last.start]
            is_span = first.role is Role.START and last.role is Role.END
            if low <= high and (is_span or _THROUGH.fullmatch(between)):
                spans.append((low, high))
        # A weekday beside a date is that date's; any other comes back: every Friday until 10 December.
        ends = [(figure.start - start, figure.end - start) for figure, _ in dates]
        weekdays, closed = _weekdays(reading.text[start:end], at, ends)
        if weekdays and _NEXT_DAY.search(reading.text, start, end):
            weekdays |= {weekday % 7 + 1 for weekday in weekdays}
        days = _Days(frozenset(day for _, day in dates), tuple(spans), frozenset(weekdays), frozenset(closed))
        if days:
            yield number, days


def days_left(at: datetime, ends: Sequence[datetime]) -> dict[int, datetime]:
    """How many days are left until each end, counted with today and without, as both are said."""
    found: dict[int, datetime] = {}
    for end in ends:
        last = (end.astimezone(at.tzinfo) - timedelta(microseconds=1)).date()
        for count in ((last - at.date()).days, (last - at.date()).days + 1):
            found.setdefault(count, end)
    return found


def _is_greeting(text: str, word: DayWord) -> bool:
    return bool(_GREETING_AFTER.search(text[word.end :]) or _GREETING_BEFORE.search(text[: word.start]))


def _sentence_of(reading: Reading, at: int) -> int | None:
    return next((n for n, (start, end) in enumerate(reading.sentences) if start <= at < end), None)
