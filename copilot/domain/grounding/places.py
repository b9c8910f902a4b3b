"""Figures in their places: what a figure is about, and a text that was read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from copilot.domain.materials import Source
from copilot.domain.quantities.figures import Figure

_MOST_NEAR = 60  # What is further off than so many figures explains nothing.


@dataclass(frozen=True)
class Place:
    """A figure where it stands.

    `groups` are the products it is about, one frozenset of synonymous names each; `explicit` says
    that its own sentence names them. `company` are the other figures near it, as words; `sizes` are
    the measures and counts near it, nearest first; `taken_off` is an amount by which a price falls, `row` says that it stands in a row of a table, `own_sizes` that its own sentence has some of the sizes.
    `sorts` are the opposite sorts (standard, express) that its clause speaks of, or else its sentence; `denied`
    says that its clause forbids what it goes on to name, or more than it. `side` is "before" or "after"
    for a span that is so long before or after something, `basis` what a price is for: a night, a stay.
    """

    figure: Figure
    sentence: int
    clause: tuple[int, int]
    clause_words: frozenset[str]
    sentence_words: frozenset[str]
    context_words: frozenset[str]
    groups: tuple[frozenset[str], ...]
    explicit: bool
    topic: str
    clause_topics: frozenset[str]
    company: frozenset[str]
    sizes: tuple[Figure, ...]
    clause_sizes: tuple[Figure, ...]
    taken_off: bool = False
    row: bool = False
    own_sizes: bool = True
    sorts: frozenset[str] = frozenset()
    denied: bool = False
    side: str = ""
    basis: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*self.groups)


@dataclass(frozen=True)
class Reading:
    """A text read once: its sentences, and its figures in their places."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    sentence_words: tuple[frozenset[str], ...]
    places: tuple[Place, ...]
    source: Source | None = None


class Neighbours:
    """The figures of a copy by the sentences they stand in, few enough to be gone through for each of them."""

    def __init__(self, by_sentence: Mapping[int, Sequence[Place]]) -> None:
        self._by_sentence = by_sentence

    def of(self, first: int, last: int) -> list[Place]:
        """Those in the sentences from the first to the last."""
        found = (place for number in range(first, last + 1) for place in self._by_sentence.get(number, ()))
        return list(islice(found, _MOST_NEAR))

    def all(self) -> list[Place]:
        return self.of(0, max(self._by_sentence, default=0))


def figure_key(figure: Figure) -> str:
    """A figure as a word, so that "100 ml" tells clauses apart like any other word."""
    return f"#{figure.kind}:{figure.unit}:{figure.value.normalize()}"
