"""Figures of one thing told of its sibling: what a copy says beside a figure points at the other's line of the material.

A price list, opening hours, two classes of one school: their lines are alike but for a few words and the figures. A copy
that has the words of one line and the figure of another is wrong, whether or not anything in it is a product's name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain.grounding.places import Place, Reading, figure_key
from copilot.domain.grounding.sameness import comparable, same
from copilot.domain.grounding.words import words
from copilot.domain.quantities.figures import Figure, FigureKind, Role

_SEGMENT = re.compile(r"[;；\n]")
_OPPOSED = ({Role.START, Role.END}, {Role.LEAST, Role.MOST})
# How much of two lines' words must be the same for them to be siblings.
_ALIKE = 0.4
# How much must point at the other line, in rare words: of a sibling one, of any other line two.
_POINTS = 0.7
_POINTS_APART = 1.6
_SIZES = (FigureKind.MEASURE, FigureKind.COUNT, FigureKind.CODE)
_DIGIT = re.compile(r"[0-9]")
_DAYS = {
    "@weekdays": re.compile(
        r"工作日|周一[至到](?:周)?五|weekdays?(?![a-z])|monday (?:to|through|until) friday|mon[-–]fri"
    ),
    "@weekend": re.compile(
        r"周末|周六[、和及至到](?:周)?日|weekends?(?![a-z])|saturdays? (?:and|or|to|through|&) sundays?|sat[-–]sun"
    ),
}
_MOST = 200
_MOST_FIGURES = 100


@dataclass(frozen=True)
class Line:
    """A figure of a source with all that its line says: a row, or a part of a sentence that stands on its own."""

    reading: Reading
    place: Place
    words: frozenset[str]
    title: frozenset[str]
    cells: frozenset[str]
    passage: frozenset[str]

    def holds(self, figure: Figure, at: datetime) -> bool:
        beside = (place for place in self.reading.places if place.sentence == self.place.sentence)
        return any(same(figure, place.figure, at) for place in beside)


class Lines:
    """The lines of some sources, and how rare each of their words is among them."""

    def __init__(self, readings: Sequence[Reading], at: datetime) -> None:
        self._at = at
        self._lines: list[Line] = []
        for reading in readings:
            heard: dict[tuple[int, int], frozenset[str]] = {}
            passage = frozenset().union(*reading.sentence_words)
            for place in reading.places:
                span = _segment(reading, place)
                if span not in heard:
                    heard[span] = _said(reading, span)
                cells = _cells(reading)
                self._lines.append(Line(reading, place, heard[span], place.context_words, cells, passage))
        distinct = {(id(line.reading), line.words) for line in self._lines}
        counts = Counter(word for _, said in distinct for word in said)
        self._weights = {word: 1.0 / (1.0 + math.log2(count)) for word, count in counts.items()}

    def denies(self, copy: Reading, place: Place) -> tuple[Line, Line] | None:
        """(the line that has the figure, the sibling that the copy speaks of), where the copy mixes the two."""
        if len(copy.places) > _MOST_FIGURES:
            return None  # No copy has so many; a text that does is no copy, and would cost squared time.
        figure = place.figure
        said = [other.figure for other in copy.places]
        own = [line for line in self._lines if same(figure, line.place.figure, self._at)][:_MOST]
        if figure.kind is FigureKind.NUMBER and own:
            # 一百九十九 is money where the only lines that have it say so.
            kinds = {line.place.figure.kind for line in own}
            figure = own[0].place.figure if len(kinds) == 1 else figure
        lines = [line for line in self._lines if line.place.figure.kind is figure.kind][:_MOST]
        if not own or any(line.place.row and figure.kind in _SIZES for line in own):
            return None
        rivals = [
            line
            for line in lines
            if _is_rival(figure, line.place.figure)
            and line.place.taken_off == place.taken_off
            and not any(same(one, line.place.figure, self._at) for one in (figure, *said))
        ]
        heard = _heard(copy, place) if rivals else None
        best: tuple[float, Line, Line] | None = None
        for rival in rivals:
            scores = [self._points_away(heard, line, rival) for line in own if heard is not None]
            least = min(scores)
            if least > 0 and (best is None or least > best[0]):
                best = least, own[scores.index(least)], rival
        return None if best is None else best[1:]

    def _points_away(self, heard: _Heard, own: Line, rival: Line) -> float:
        """How surely the copy speaks of the rival's line and not of this one; 0 where it may be either."""
        mine, theirs = own.words | own.title, rival.words | rival.title
        if own.reading is not rival.reading:
            mine |= own.passage  # What the passage goes on to say speaks for all of its figures.
        own_key, rival_key = figure_key(own.place.figure), figure_key(rival.place.figure)
        if any(heard.holds(word) for word in mine - theirs - {own_key}):
            return 0.0
        if any(cell in heard.text for cell in own.cells - rival.cells):
            return 0.0
        pointing = [word for word in theirs - mine - {rival_key} if heard.holds(word)]
        weight = sum(self._weights.get(word, 0.5) for word in pointing)
        shared = own.words & rival.words
        alike = len(shared) >= _ALIKE * min(len(own.words), len(rival.words)) and bool(shared)
        return weight if weight >= (_POINTS if alike else _POINTS_APART) else 0.0


@dataclass(frozen=True)
class _Heard:
    """What the sentence of a copy says besides the figure that is asked about."""

    text: str
    words: frozenset[str]

    def holds(self, word: str) -> bool:
        """Chinese words are cut now so, now so: a line's word is there, too, where its characters are."""
        return word in self.words or (len(word) > 1 and not word.isascii() and word in self.text)


def _heard(copy: Reading, place: Place) -> _Heard:
    beside = {
        figure_key(other.figure)
        for other in copy.places
        if other.sentence == place.sentence and other is not place
    }
    start, end = copy.sentences[place.sentence]
    text = copy.text[start:end].lower()
    return _Heard(text, copy.sentence_words[place.sentence] | beside | _days(text))


def _days(text: str) -> frozenset[str]:
    """Weekdays and weekends, whatever they are called."""
    return frozenset(name for name, spelled in _DAYS.items() if spelled.search(text))


def _is_rival(figure: Figure, other: Figure) -> bool:
    if figure.unit != other.unit and figure.kind not in (FigureKind.TIME, FigureKind.DATE):
        return False
    return comparable(figure, other) and not any({figure.role, other.role} == pair for pair in _OPPOSED)


def _segment(reading: Reading, place: Place) -> tuple[int, int]:
    """The part of its sentence that a figure's line is; of a row the whole."""
    start, end = reading.sentences[place.sentence]
    if place.row:
        return start, end
    low = max((m.end() for m in _SEGMENT.finditer(reading.text, start, place.figure.start)), default=start)
    after = _SEGMENT.search(reading.text, place.figure.end, end)
    return low, after.start() if after else end


def _said(reading: Reading, span: tuple[int, int]) -> frozenset[str]:
    low, high = span
    figures = {figure_key(p.figure) for p in reading.places if low <= p.figure.start < high}
    text = reading.text[low:high]
    return frozenset(word.form for word in words(text)) | figures | _days(text.lower())


def _cells(reading: Reading) -> frozenset[str]:
    """What a row's cells say in words: "one-off" is a word of a copy, too."""
    fields = reading.source.fields if reading.source is not None else {}
    return frozenset(
        cell.strip().lower() for cell in fields.values() if len(cell.strip()) > 1 and not _DIGIT.search(cell)
    )
