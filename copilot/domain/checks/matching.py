"""Finds many terms and patterns in one pass, also where a writer has broken them up to hide them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from copilot.domain.checks.normalize import Even, Folding, View, fold, join
from copilot.domain.checks.spellings import hyphenations

Words = Callable[[str], Sequence[str]]
"""Cuts Chinese text into words, such as `rjieba.cut`; joined again they must give the text."""

_PAIR = 2
_MARGIN = 8  # Characters on each side that are cut into words together with a broken-up match.


@dataclass(frozen=True)
class Chinese:
    """What matching knows of Chinese: how characters are read, and where words end."""

    folding: Folding
    words: Words

    def fold(self, text: str) -> str:
        return fold(text, self.folding).text


@dataclass(frozen=True)
class Reading:
    """A text with its folded view and, if anything separates Han characters, its joined view."""

    typed: str
    folded: View
    joined: View | None
    chinese: Chinese

    @classmethod
    def of(cls, text: str, chinese: Chinese) -> Reading:
        folded = fold(text, chinese.folding)
        return cls(text, folded, join(folded), chinese)

    @property
    def views(self) -> tuple[View, ...]:
        return (self.folded,) if self.joined is None else (self.folded, self.joined)

    def plausible(self, view: View, start: int, end: int) -> bool:
        """Whether a match is one a reader would read as one.

        Two characters that belong to two words are none in any view (模特供图, 独特 供应 are no 特供).
        Otherwise, in the folded view all are. In the joined view only what is broken up is news, and then
        single characters at its edges must not belong to a neighbouring word, unless they are spelt out
        one by one. Across the end of a clause every character has to stand alone (最、专、业).
        """
        if end - start == _PAIR and self._is_between_words(view, start, end):
            return False
        if view is self.folded:
            return True
        pieces = view.pieces(start, end)
        if len(pieces) == 1:
            return False
        spelt_out = all(length == 1 for length in pieces)
        if view.crosses_hard(start, end):
            if not spelt_out or (len(pieces) < 3 and view.text[start] != "最"):
                return False
        elif spelt_out and (len(pieces) >= 3 or self._is_word_once_joined(view, start, end)):
            return True
        return self._ends_words(view, start, end, pieces)

    def _is_between_words(self, view: View, start: int, end: int) -> bool:
        """Whether the end of one word and the beginning of another only happen to stand together."""
        left = max(0, start - _MARGIN)
        edges = self._edges(view.text[left : end + _MARGIN], left)
        return start not in edges and end not in edges

    def _is_word_once_joined(self, view: View, start: int, end: int) -> bool:
        """Whether a reader who overlooks what stands between (最💥佳之选) reads a word; a mere space parts words."""
        between = self.folded.text[view.base[start] + 1 : view.base[end - 1]]
        left = max(0, start - _MARGIN)
        edges = self._edges(view.text[left : end + _MARGIN], left)
        return not between.isspace() and start in edges and end in edges and start + 1 not in edges

    def _edges(self, text: str, at: int) -> set[int]:
        """Where words begin and end in a stretch that begins at `at`."""
        edges = {at}
        for word in self.chinese.words(text):
            at += len(word)
            edges.add(at)
        return edges

    def _ends_words(self, view: View, start: int, end: int, pieces: Sequence[int]) -> bool:
        first, last = view.base[start], view.base[end - 1] + 1
        left = max(0, first - _MARGIN)
        at = left
        for word in self.chinese.words(self.folded.text[left : last + _MARGIN]):
            after = at + len(word)
            if pieces[0] == 1 and at < first < after:
                return False
            if pieces[-1] == 1 and at < last < after:
                return False
            at = after
        return True


@dataclass(frozen=True)
class Hit:
    """Term or pattern number `key` found at `start:end` of `view`."""

    key: int
    view: View
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return self.view.span(self.start, self.end)

    @property
    def words(self) -> str:
        """What was found, as terms are spelt."""
        return Even.of(self.view.text[self.start : self.end]).text


class Lexicon:
    """An automaton over folded terms, costly to build and cheap to use. A hit's key is the term's place.

    A term with a hyphen is met without it, one with a space over a line's end.
    """

    def __init__(self, terms: Sequence[str], chinese: Chinese) -> None:
        self._keys: dict[str, list[int]] = {}
        for key, term in enumerate(terms):
            folded = Even.of(chinese.fold(term).strip()).text
            for spelt in hyphenations(folded) if folded else ():
                self._keys.setdefault(spelt, []).append(key)
        self._folded = list(self._keys)
        self._automaton = AhoCorasick(self._folded) if self._folded else None

    def find(self, reading: Reading) -> Iterator[Hit]:
        if self._automaton is None:
            return
        for view in reading.views:
            even = Even.of(view.text)
            for number, first, last in self._automaton.find_matches_as_indexes(even.text, overlapping=True):
                start, end = even.place(first), even.place(last - 1) + 1
                if _whole(view.text, start, end) and reading.plausible(view, start, end):
                    for key in self._keys[self._folded[number]]:
                        yield Hit(key, view, start, end)


def _whole(text: str, start: int, end: int) -> bool:
    """Latin words and numbers match whole only; Chinese knows no such edges."""
    return not (
        (start > 0 and _latin(text[start]) and _latin(text[start - 1]))
        or (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))
    )


def _latin(character: str) -> bool:
    return character.isalnum() and character < "\u2e80"
