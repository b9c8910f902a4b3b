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
from itertools import permutations

from copilot.domain.grounding.clauses import clauses
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
_TOLD_OTHERWISE = (FigureKind.NUMBER, FigureKind.PERCENT, FigureKind.OFFER)
_SHARES = (FigureKind.PERCENT, FigureKind.OFFER)
_SIZES = (FigureKind.MEASURE, FigureKind.COUNT, FigureKind.CODE)
_NUMBERED = (FigureKind.NUMBER, FigureKind.COUNT, FigureKind.PRICE, FigureKind.POINTS)
_FEW = 2
_EITHER = re.compile(r"[/、|]")
_DIGIT = re.compile(r"[0-9]")
_DAYS = {
    "@weekdays": re.compile(
        r"工作日|周一[至到](?:周)?五|weekdays?(?![a-z])|monday (?:to|through|until) friday|mon[-–]fri"
    ),
    "@weekend": re.compile(
        r"周末|周六[、和及至到](?:周)?日|weekends?(?![a-z])|saturdays? (?:and|or|to|through|&) sundays?|sat[-–]sun"
    ),
}
_COMPANY = 2
_BARE = "#="
_MOST = 200
_MOST_SIDES = 8
# A copy with more figures than this is no copy, and holding each against all lines would cost squared time.
MOST_FIGURES = 100


@dataclass(frozen=True)
class Line:
    """A figure of a source with all that its line says: a row, or a part of a sentence that stands on its own."""

    reading: Reading
    place: Place
    words: frozenset[str]
    title: frozenset[str]
    cells: frozenset[str]
    passage: frozenset[str]
    figures: frozenset[str]

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
            figures = frozenset().union(*(_keys(place.figure) for place in reading.places))
            for place in reading.places:
                span = _segment(reading, place)
                if span not in heard:
                    heard[span] = _said(reading, span)
                cells = _cells(reading)
                line = Line(reading, place, heard[span], place.context_words, cells, passage, figures)
                self._lines.append(line)
        distinct = {(id(line.reading), line.words) for line in self._lines}
        counts = Counter(word for _, said in distinct for word in said)
        self._weights = {word: 1.0 / (1.0 + math.log2(count)) for word, count in counts.items()}

    def denies(self, copy: Reading, place: Place) -> tuple[Line, Line] | None:
        """(the line that has the figure, the sibling that the copy speaks of), where the copy mixes the two."""
        if len(copy.places) > MOST_FIGURES:
            return None
        figure = place.figure
        said = [other.figure for other in copy.places]
        own = [line for line in self._lines if same(figure, line.place.figure, self._at)][:_MOST]
        if (
            figure.role in (Role.START, Role.END)
            and (sides := self._other_side(copy, place, own)) is not None
        ):
            return sides
        kinds = {line.place.figure.kind for line in own}
        if figure.kind in _TOLD_OTHERWISE and len(kinds) == 1:
            # 一百九十九 is money, and 便宜一成半 is 8.5折, where the only lines that have it say so.
            figure = own[0].place.figure
        alike = _SHARES if figure.kind in _SHARES else (figure.kind,)
        lines = [line for line in self._lines if line.place.figure.kind in alike][:_MOST]
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
            scores = [self._points_away(place, heard, line, rival) for line in own if heard is not None]
            least = min(scores)
            if least > 0 and (best is None or least > best[0]):
                best = least, own[scores.index(least)], rival
        return None if best is None else best[1:]

    def _other_side(self, copy: Reading, place: Place, own: Sequence[Line]) -> tuple[Line, Line] | None:
        """Paid before four it is sent today, after four tomorrow: one hour with two sides, each with its own words."""
        heard = _heard(copy, place)
        for one, other in permutations(own[:_MOST_SIDES], 2):
            mine, theirs = one.place.clause_words, other.place.clause_words
            if (
                one.reading is other.reading
                and one.place.sentence == other.place.sentence
                and one.place.figure.role is place.figure.role
                and {one.place.figure.role, other.place.figure.role} in _OPPOSED
                and any(word[0] != "#" for word in mine - theirs)
                and any(heard.holds(word) for word in theirs - mine)
                and not any(heard.holds(word) for word in mine - theirs)
            ):
                return one, other
        return None

    def _points_away(self, copy_place: Place, heard: _Heard, own: Line, rival: Line) -> float:
        """How surely the copy speaks of the rival's line and not of this one; 0 where it may be either."""
        mine, theirs = own.words | own.title, rival.words | rival.title
        if own.reading is not rival.reading:
            mine |= own.passage  # What the passage goes on to say speaks for all of its figures.
        if own.reading is rival.reading and own.words == rival.words:
            # The converter holds 0.8 ml, a cartridge 0.5: of two figures of one line, each has its own clause.
            mine, theirs = own.place.clause_words, rival.place.clause_words
            if not any(word[0] != "#" for word in mine - theirs):
                return 0.0  # What stands before the first of them is the head of both.
        if _is_sibling_by_title(copy_place, own, rival):
            return _POINTS
        own_keys, rival_keys = _keys(own.place.figure), _keys(rival.place.figure)
        shared = own.words & rival.words
        alike = len(shared) >= _ALIKE * min(len(own.words), len(rival.words)) and bool(shared)
        mine_alone, theirs_alone = mine - theirs - own_keys, theirs - mine - rival_keys
        told = [word for word in mine_alone if heard.holds(word)]
        if told and own.reading is rival.reading and rival.place.figure.start < own.place.figure.start:
            # What stands in the first clause of a line may be said of all that it goes on to tell.
            return 0.0
        if told and not ((alike or _are_together(own, rival)) and heard.is_nearer(theirs_alone, mine_alone)):
            return 0.0
        if any(cell in heard.text for cell in own.cells - rival.cells):
            return 0.0
        weight = sum(self._weights.get(word, 0.5) for word in theirs_alone if heard.holds(word))
        said = own.reading.text.lower()
        weight += sum(_POINTS for cell in rival.cells - own.cells if cell in heard.text and cell not in said)
        if alike or _are_together(own, rival) or (weight and heard.keeps_company_with(rival, own)):
            return weight if weight >= _POINTS else 0.0
        return weight if weight >= _POINTS_APART else 0.0


@dataclass(frozen=True)
class _Part:
    """Some text and its words; a line's word is there, too, where its characters are, for Chinese is cut now so, now so."""

    text: str
    words: frozenset[str]

    def holds(self, word: str) -> bool:
        return word in self.words or (len(word) > 1 and not word.isascii() and word in self.text)


@dataclass(frozen=True)
class _Heard(_Part):
    """What the sentence of a copy says besides the figure that is asked about; its clauses from that figure outwards."""

    beside: frozenset[str]
    clauses: tuple[_Part, ...]

    def is_nearer(self, theirs: frozenset[str], mine: frozenset[str]) -> bool:
        """Whether the nearest clause that speaks of either line speaks of theirs alone."""
        if any(word[0] == "#" and word in self.beside for word in mine):
            return False
        for clause in self.clauses:
            its = any(word[0] != "#" and clause.holds(word) for word in theirs)
            own = any(word[0] != "#" and clause.holds(word) for word in mine)
            if its or own:
                return its and not own
        return False

    def keeps_company_with(self, line: Line, other: Line) -> bool:
        """Whether the figures beside are of the passage of one line, and none of the other's."""
        shared = {key for key in self.beside & line.figures if not key.startswith(_BARE)}
        return len(shared) >= _COMPANY and not self.beside & other.figures


def _heard(copy: Reading, place: Place) -> _Heard:
    others = [p.figure for p in copy.places if p.sentence == place.sentence and p is not place]
    start, end = copy.sentences[place.sentence]
    own = place.figure
    blank = " " * (own.end - own.start)
    text = (copy.text[start : own.start] + blank + copy.text[own.end : end]).lower()
    spans = clauses(copy.text, start, end)
    here = next((n for n, (low, high) in enumerate(spans) if low <= own.start < high), 0)
    outwards = [spans[here], *reversed(spans[:here]), *spans[here + 1 :]]
    parts = [text[low - start : high - start] for low, high in outwards]
    return _Heard(
        text=text,
        words=copy.sentence_words[place.sentence] | frozenset().union(*map(_keys, others)) | _days(text),
        beside=frozenset().union(*map(_keys, others)),
        clauses=tuple(_Part(part, frozenset(word.form for word in words(part))) for part in parts),
    )


def _are_together(one: Line, other: Line) -> bool:
    """Whether two lines stand in one passage, or under one title."""
    return one.reading is other.reading or bool(one.title and one.title == other.title)


def _keys(figure: Figure) -> frozenset[str]:
    """A figure as words: three teas or more is as well three or more, and 买满两千 is 2000元."""
    if figure.kind is FigureKind.TIME:
        # Seven may be either half of the day.
        return frozenset({f"#time:{(figure.value % 720).normalize()}"})
    bare = (
        {f"{_BARE}{figure.value.normalize()}"} if figure.kind in _NUMBERED and figure.value > _FEW else set()
    )
    return frozenset({figure_key(figure), *bare})


def _days(text: str) -> frozenset[str]:
    """Weekdays and weekends, whatever they are called."""
    return frozenset(name for name, spelled in _DAYS.items() if spelled.search(text))


def _is_sibling_by_title(place: Place, own: Line, rival: Line) -> bool:
    """The espresso's recipe and the pour-over's: the copy names the product that one of them is for."""
    return (
        place.explicit
        and bool(place.names & rival.place.names)
        and rival.place.explicit
        and not own.place.groups
        and bool(own.title & rival.title)
        and bool(own.title - rival.title)
    )


def _is_rival(figure: Figure, other: Figure) -> bool:
    if figure.kind is not other.kind:
        return {figure.unit, other.unit} == {"pay", "%"}
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
    figures = frozenset().union(*(_keys(p.figure) for p in reading.places if low <= p.figure.start < high))
    text = reading.text[low:high]
    return frozenset(word.form for word in words(text)) | figures | _days(text.lower())


def _cells(reading: Reading) -> frozenset[str]:
    """What a row's cells say in words: "one-off" is a word of a copy, too."""
    fields = reading.source.fields if reading.source is not None else {}
    return frozenset(
        part.strip().lower()
        for cell in fields.values()
        for part in _EITHER.split(cell)
        if len(part.strip()) > 1 and not _DIGIT.search(cell)
    )
