"""What no source says in so many words but what follows from one: a saving, an edge of a window, days left, a sum."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from copilot.domain.grounding.dates import resolve
from copilot.domain.grounding.daywords import day_words
from copilot.domain.grounding.happenings import days_left
from copilot.domain.grounding.hearing import Heard, Lapsed
from copilot.domain.grounding.matches import Match, Ruling
from copilot.domain.grounding.places import Neighbours, Place, Reading
from copilot.domain.grounding.reckoning import Reckoning
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.quantities.figures import Figure, FigureKind, Role

_FEW = 10
_MOST_FIGURES = 200
_SAVING = re.compile(
    r"省|便宜|立减|少花|少付|(?<![A-Za-z])(?:saves?|saving|less|cheaper|off)(?![A-Za-z])", re.IGNORECASE
)
_DAY = Decimal(86400)
_WHOLE = re.compile(
    r"全额|全部|(?<![A-Za-z])(?:in full|all of|the whole|entire\w*)(?![A-Za-z])", re.IGNORECASE
)
_AGO = re.compile(r"^[ ]?(?:前|之前|ago)", re.IGNORECASE)
_SCARCE = re.compile(r"只有|仅|只?剩|余|最后|(?<![A-Za-z])(?:only|left|last)(?![A-Za-z])", re.IGNORECASE)
_OF_A_SORT = re.compile(
    r"[款种样类瓶只支个]$|(?:kinds?|sorts?|sizes?|flavou?rs?|colou?rs?|versions?)$", re.IGNORECASE
)
_OVER = re.compile(
    r"结束了|收官|截止了|落幕|过了|(?<![A-Za-z])(?:finished|ended|closed|wrapped up|is over|was)(?![A-Za-z])",
    re.IGNORECASE,
)
_BUDGET = re.compile(r"预算|以内|以下|budget|under|or less", re.IGNORECASE)
_LEFT_BEFORE = re.compile(r"(?:还剩|还有|只剩|仅剩|剩下?|最后|倒数|only|last|final|just)[ ]?$", re.IGNORECASE)
_LENGTH_BEFORE = re.compile(r"(?:连着|连续|为期|一共|共|限时|只有|仅|整整|for|just)[ ]?$", re.IGNORECASE)
_LEFT_AFTER = re.compile(r"^[ ]?(?:left|to go|remain\w*|more|倒计时|结束)", re.IGNORECASE)


Quote = tuple[Reading, int]
"""A sentence of a source by its number."""


class Inference:
    """The figures of one copy that follow from what the valid sources say."""

    def __init__(
        self,
        copy: Reading,
        heard: Heard,
        lapsed: Lapsed,
        names: Catalogue,
        at: datetime,
        *,
        days: Sequence[frozenset[date]],
        near: Neighbours,
        matched: Mapping[int, Match],
    ) -> None:
        """`days` are those that each sentence of the copy names; `matched` what a source spells out, by identity."""
        self._copy, self._heard, self._lapsed, self._names, self._at = copy, heard, lapsed, names, at
        self._days, self._near, self._matched = days, near, matched
        self._ages = [
            (reading, place)
            for reading in heard.readings
            for place in reading.places
            if place.figure.unit == "age" and place.figure.high is not None
        ]
        self._wholes = [
            (reading, number)
            for reading in heard.readings
            for number, (start, end) in enumerate(reading.sentences)
            if _WHOLE.search(reading.text, start, end)
        ]
        self._reckoning = Reckoning(heard.evidence, copy, names, matched)

    def quote(self, place: Place, ruling: Ruling) -> Quote | None:
        """The sentence of a source from which the figure follows, if one does."""
        window = None if ruling.contested else self._window(place)
        quote = self._saving(place) or window or self._days_left(place) or self._since(place)
        quote = quote or self._within(place)
        elsewhere = ruling.elsewhere.place if ruling.elsewhere is not None else None
        if quote is not None or (elsewhere is not None and elsewhere.names & place.names):
            return quote  # What stands there for another size of the thing is no sum.
        if (counted := self._counted(place) or self._kept_bound(place)) is not None:
            return counted
        if len(self._copy.places) > _MOST_FIGURES:
            return None  # No copy has so many; where it is a list of figures, some sum always fits.
        # A sum is told beside its terms: in the same sentence, or in the one before.
        near = [other for other in self._near.of(place.sentence - 1, place.sentence) if other is not place]
        return self._reckoning.quote(place, near)

    def _saving(self, place: Place) -> Quote | None:
        """比平时省10元 is supported by a sentence that gives both prices."""
        low, high = place.clause
        start, end = place.figure.start, place.figure.end
        if not _SAVING.search(self._copy.text, max(low, start - 30), min(high, end + 30)):
            return None
        match = self._heard.evidence.difference(place)
        return None if match is None else (match.reading, match.place.sentence)

    def _counted(self, place: Place) -> Quote | None:
        """两款笔, 两种规格: as many as the sources have of what the copy speaks of."""
        figure = place.figure
        if figure.kind is not FigureKind.COUNT or figure.high is not None or not 1 < figure.value <= _FEW:
            return None
        if figure.role is not Role.NONE or _SCARCE.search(self._copy.text, *place.clause):
            return None  # 限 2 只, 只剩两只: what can be had, and not what there are.
        named = place.names or frozenset().union(*(near.names for near in self._near.all()))
        rows: dict[tuple[str, ...], set[int]] = {}
        for reading in self._heard.readings:
            about = frozenset().union(*(other.names for other in reading.places))
            header = tuple(reading.source.fields) if reading.source is not None else ()
            if not header or not reading.places:
                continue
            rows.setdefault(header, set()).add(id(reading))
            if not named or about & named or not about:
                rows.setdefault((*header, "named"), set()).add(id(reading))
        alike = [len(found) for found in rows.values()]
        things = {
            min(other.names) for reading in self._heard.readings for other in reading.places if other.names
        }
        said = {min(mention.names) for mention in self._names.mentions(self._copy.text)}
        first = next((reading for reading in self._heard.readings if reading.sentences), None)
        if (
            first is not None
            and int(figure.value) in {*alike, len(things), len(said)}
            and _OF_A_SORT.search(figure.text)
        ):
            return first, 0
        return None

    def _kept_bound(self, place: Place) -> Quote | None:
        """预算二十块以内: a bound that the price told beside it keeps to, where it is the reader's and no offer's."""
        figure = place.figure
        if figure.kind is not FigureKind.PRICE or not _BUDGET.search(self._around(figure)):
            return None
        for other in self._near.of(place.sentence, place.sentence):
            match = self._matched.get(id(other))
            if (
                match is not None
                and other.figure.kind is FigureKind.PRICE
                and other.figure.value <= figure.value
            ):
                return match.reading, match.place.sentence
        return None

    def _around(self, figure: Figure) -> str:
        return self._copy.text[max(0, figure.start - 8) : figure.end + 8]

    def _days_left(self, place: Place) -> Quote | None:
        """还剩三天 follows from the day on which what a source says ends."""
        figure = place.figure
        if figure.kind is not FigureKind.DURATION or figure.unit != "s" or figure.value % 86400:
            return None
        before = self._copy.text[max(0, figure.start - 6) : figure.start]
        after = self._copy.text[figure.end : figure.end + 12]
        counted = int(figure.value // 86400)
        listed = day_words(self._copy.text[max(0, figure.start - 16) : figure.start], self._at)
        is_left = bool(_LEFT_BEFORE.search(before) or _LEFT_AFTER.search(after))
        is_length = bool(_LENGTH_BEFORE.search(before))
        for reading in self._heard.readings:
            if reading.source is None or not reading.sentences or reading.source.window.end is None:
                continue
            start, end = reading.source.window.start, reading.source.window.end
            if is_left and counted in days_left(self._at, [end]):
                return reading, 0
            if is_length and start is not None and round((end - start) / timedelta(days=1)) == counted:
                return reading, 0
        if len(listed) == counted > 1 and (
            first := next((r for r in self._heard.readings if r.sentences), None)
        ):
            return first, 0  # 周五、周六两天 counts the days that it names.
        return None

    def _since(self, place: Place) -> Quote | None:
        """二十分钟前开始了: so long ago a source's window began."""
        figure = place.figure
        after = self._copy.text[figure.end : figure.end + 16]
        if figure.kind is not FigureKind.DURATION or figure.unit != "s" or not _AGO.match(after):
            return None
        for reading in self._heard.readings:
            start = reading.source.window.start if reading.source is not None else None
            if start is not None and reading.sentences:
                passed = Decimal((self._at - start).total_seconds())
                if abs(passed - figure.value) < min(figure.value, _DAY) / 10:
                    return reading, 0
        return None

    def _within(self, place: Place) -> Quote | None:
        """A four-year-old is of an age from 4 to 6, and 100% is what counts in full."""
        figure = place.figure
        if figure.kind is FigureKind.PERCENT and figure.value == 100:
            wholes = ((r, n) for r, n in self._wholes if place.sentence_words & r.sentence_words[n])
            return next(wholes, None)
        is_age = figure.unit == "age" or (figure.kind is FigureKind.NUMBER and figure.text.endswith("s"))
        if not is_age or figure.high is not None:
            return None
        return next(
            (
                (reading, other.sentence)
                for reading, other in self._ages
                if other.figure.value <= figure.value <= (other.figure.high or 0)
            ),
            None,
        )

    def _window(self, place: Place) -> Quote | None:
        """A source's own window is evidence for the first and the last day of what it says, and for their hours."""
        if place.figure.kind is FigureKind.TIME:
            return self._window_hour(place)
        day = resolve(place.figure, self._at) if place.figure.kind is FigureKind.DATE else None
        if day is None:
            return None
        for reading in self._heard.readings:
            source = reading.source
            if source is None or not reading.sentences:
                continue
            edges = []
            if source.window.start is not None and place.figure.role != "end":
                edges.append(source.window.start.astimezone(self._at.tzinfo).date())
            if source.window.end is not None and place.figure.role != "start":
                edges.append(
                    (source.window.end.astimezone(self._at.tzinfo) - timedelta(microseconds=1)).date()
                )
            if day not in edges:
                continue
            named = {name for other in reading.places for name in other.names}
            shared = any(place.sentence_words & forms for forms in reading.sentence_words)
            if (place.names & named) or (not (place.explicit and named) and shared):
                return reading, 0
        return None

    def _window_hour(self, place: Place) -> Quote | None:
        """明晚十二点 is the end of what ends tomorrow at midnight."""
        days = self._days[place.sentence]
        start, end = self._copy.sentences[place.sentence]
        readings = [*self._heard.readings]
        if _OVER.search(self._copy.text, start, end):
            readings += self._lapsed.evidence.readings  # What has ended has ended at the hour of its window.
            days = days or frozenset({self._at.date(), self._at.date() - timedelta(days=1)})
        for reading in readings:
            if reading.source is None or not reading.sentences:
                continue
            window = reading.source.window
            for edge in (window.start, window.end):
                if edge is None:
                    continue
                local = edge.astimezone(self._at.tzinfo)
                # What ends at the last second of a day ends at midnight, and so does what ends at the next day's first.
                near = (local + timedelta(seconds=60)).replace(second=0)
                for moment, day in (
                    (local, local.date()),
                    (near, near.date()),
                    (near, (near - timedelta(minutes=1)).date()),
                ):
                    hour = Decimal(moment.hour * 60 + moment.minute)
                    if day in days and _same_hour(place.figure, hour):
                        return reading, 0
        return None


def _same_hour(figure: Figure, minutes: Decimal) -> bool:
    if figure.unit == "clock12":
        return figure.value % 720 == minutes % 720
    return figure.value % 1440 == minutes % 1440
