"""Typography: notes on slips in how a copy is set, each with the stretch as it should read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from copilot.domain.brands import Language
from copilot.domain.checks.english import missing_space, repeated, small_letters
from copilot.domain.checks.marks import doubled, forms, full_width, half_width
from copilot.domain.checks.measures import Span
from copilot.domain.checks.pairs import brackets, quotes, unbalanced
from copilot.domain.checks.proof import MARKS, Edit, Proof, Slip, is_han
from copilot.domain.checks.spaces import invisible, spaces, times, uneven, within_words
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

# Where two rules would change one place, the former does; the other has its turn on what that leaves.
_RULES = (
    invisible,
    forms,
    doubled,
    full_width,
    brackets,
    quotes,
    half_width,
    times,
    spaces,
    within_words,
    uneven,
    missing_space,
    repeated,
    small_letters,
)
_ROUNDS = 8
_SINGLY = 5  # Slips that are told one by one.
_REACHES = (40, 100)  # Characters of a stretch that many slips are told in.
_CONTEXT, _HAN = 16, 4  # Letters, and Han characters, of what stands beside a space.
_MOST_UNSURE = 3
_DECIMAL = re.compile(r"\d[.,]\d")
_BLANK = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")


@dataclass(frozen=True)
class _Stretch:
    """A stretch of the text as typed in which slips were found; without a suggestion where none is certain."""

    start: int
    end: int
    rule: str
    count: int = 1
    is_sure: bool = True

    def with_(self, other: _Stretch) -> _Stretch:
        rule = self.rule if self.rule == other.rule else "several"
        return replace(self, end=max(self.end, other.end), rule=rule, count=self.count + other.count)


class _Sheet:
    """A text as typed and, beside each of its characters, what stands there now."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.typed = text
        self.stretches: list[_Stretch] = []
        self._cells = list(text)
        self._places: Sequence[int] = range(len(text))
        self._is_changed = bytearray(len(text))
        self._is_even = True  # Each character still stands for one.

    def whole(self, edit: Edit) -> Edit:
        """The edit widened to all that now stands for the characters it touches."""
        start, end = edit.start, edit.end
        while start and self._places[start - 1] == self._places[start]:
            start -= 1
        while end < len(self.text) and self._places[end] == self._places[end - 1]:
            end += 1
        return Edit(start, end, self.text[start : edit.start] + edit.new + self.text[edit.end : end])

    def change(self, slips: Sequence[Slip]) -> None:
        """Makes the edits of all these slips, of which no two overlap."""
        for slip in slips:
            is_known = True
            for edit in slip.edits:
                first, last = self.typed_at(edit.start, edit.end)
                is_known = is_known and all(self._is_changed[first:last])
                self._is_changed[first:last] = b"\x01" * (last - first)
                one_by_one = len(edit.new) == last - first
                self._cells[first:last] = edit.new if one_by_one else [edit.new, *[""] * (last - first - 1)]
                self._is_even = self._is_even and one_by_one
            if not is_known:  # What an earlier rule changed here already counts as one slip.
                start, end = self.typed_at(slip.edits[0].start, slip.edits[-1].end)
                self.stretches.append(_Stretch(start, end, slip.rule))
        self.text = "".join(self._cells)
        if not self._is_even:
            self._places = [place for place, cell in enumerate(self._cells) for _ in cell]

    def typed_at(self, start: int, end: int) -> Span:
        """Where in the text as typed the characters stand that `start:end` now reads for."""
        return self._places[start], self._places[end - 1] + 1

    def reads(self, start: int, end: int) -> str:
        """What this stretch of the text as typed reads now."""
        return "".join(self._cells[start:end])


def typography(text: str, language: Language) -> tuple[Finding, ...]:
    """Notes only. Their stretches do not overlap, and a copy that takes every suggestion has none left to take.

    A few slips are told one by one, many in stretches of several, so that they do not bury each other.
    """
    sheet = _Sheet(text)
    proof = Proof(text, language)
    for _ in range(_ROUNDS):
        slips = _slips(proof, sheet)
        if not slips:
            break
        sheet.change(slips)
        proof = Proof(sheet.text, language)
    sure = _told(sheet)
    return tuple(_findings(sheet, sorted([*sure, *_unsure(proof, sheet, sure)], key=lambda one: one.start)))


def _slips(proof: Proof, sheet: _Sheet) -> list[Slip]:
    """What the rules find now, each place changed by one of them."""
    chosen: list[Slip] = []
    taken = bytearray()
    for rule in _RULES:
        for slip in rule(proof):
            taken = taken or bytearray(len(proof.text))
            edits = tuple(sheet.whole(edit) for edit in slip.edits)
            if not any(any(taken[edit.start : edit.end]) for edit in edits):
                chosen.append(replace(slip, edits=edits))
                for edit in edits:
                    taken[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
    return chosen


def _told(sheet: _Sheet) -> list[_Stretch]:
    """What was mended; where that is much, as stretches of what lies near each other."""
    told = _joined(sheet.stretches, 0)
    for reach in _REACHES:
        if len(told) > _SINGLY:
            told = _joined(told, reach)
    return [one for one in told if sheet.reads(one.start, one.end) != sheet.typed[one.start : one.end]]


def _joined(stretches: Sequence[_Stretch], reach: int) -> list[_Stretch]:
    """Those that overlap as one, and those that lie within `reach` characters together."""
    joined: list[_Stretch] = []
    for stretch in sorted(stretches, key=lambda one: (one.start, -one.end)):
        last = joined[-1] if joined else None
        if last and (stretch.start < last.end or stretch.end - last.start <= reach):
            joined[-1] = last.with_(stretch)
        else:
            joined.append(stretch)
    return joined


def _unsure(proof: Proof, sheet: _Sheet, sure: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """What only a person can put right, as far as no suggestion covers it."""
    for start, end in islice(unbalanced(proof), _MOST_UNSURE):
        first, last = sheet.typed_at(start, end)
        if not any(one.start < last and first < one.end for one in sure):
            yield _Stretch(first, last, "unbalanced", is_sure=False)


def _findings(sheet: _Sheet, stretches: Sequence[_Stretch]) -> Iterator[Finding]:
    least = 0
    for index, stretch in enumerate(stretches):
        most = stretches[index + 1].start if index + 1 < len(stretches) else len(sheet.typed)
        start, end = stretch.start, stretch.end
        suggestion = sheet.reads(start, end) if stretch.is_sure else None
        if suggestion is not None and _BLANK.sub("", suggestion) == _BLANK.sub("", sheet.typed[start:end]):
            # Nobody can see a space alone, so it is quoted with what stands beside it.
            start, end = _beside(sheet.typed, start, end, least, most)
            suggestion = sheet.reads(start, end)
        found, least = sheet.typed[start:end], end
        params = {"found": found, "suggestion": suggestion, "count": stretch.count}
        reason = Message(f"finding.typography.{stretch.rule}", params)
        yield Finding(Check.TYPOGRAPHY, stretch.rule, Severity.NOTE, start, end, found, reason, suggestion)


def _beside(text: str, start: int, end: int, least: int, most: int) -> Span:
    """The stretch with the words on its sides, or with a mark where one stands there."""
    least, most = max(least, start - _CONTEXT), min(most, end + _CONTEXT)
    first, last = start, end
    while first > least and _goes_on(text, first - 1, start - first):
        first -= 1
    while last < most and _goes_on(text, last, last - end):
        last += 1
    if first == start > least and text[start - 1] in MARKS:
        first -= 1
    if last == end < most and text[end] in MARKS:
        last += 1
    return first, last


def _goes_on(text: str, at: int, distance: int) -> bool:
    """Whether a word or a number goes on with this character; of Han, a few say where it is."""
    if is_han(text[at]):
        return distance < _HAN
    return text[at].isalnum() or (text[at] in ".," and bool(_DECIMAL.match(text, at - 1)))
