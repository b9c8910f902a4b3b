"""One trait of a voice card with the posts that show it, and the sample posts that it is read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from copilot.domain.brands import Language
from copilot.domain.sentences import sentences

MOST_QUOTES = 3
"""Quotes of one trait; the numbers of all posts that show it are kept."""


@dataclass(frozen=True)
class Shown:
    """A post that shows a trait, by its number from 1, and its words letter for letter; "" for the post as a whole."""

    post: int
    quote: str = ""


@dataclass(frozen=True)
class Trait:
    """`name` is its own in a card. `part` of the profile takes `value`; None where there is only something to know.

    `kind` names the sentence that says what was seen, `said` are the values in it. `read` says that a model
    saw it, where the others were counted.
    """

    name: str
    kind: str
    part: str | None
    value: Any
    shown: tuple[Shown, ...]
    said: Mapping[str, Any] = field(default_factory=dict)
    read: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "part": self.part,
            "value": self.value,
            "shown": [[one.post, one.quote] for one in self.shown],
            "said": dict(self.said),
            "read": self.read,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Trait:
        return cls(**{**kept, "shown": tuple(Shown(post, quote) for post, quote in kept["shown"])})


@dataclass(frozen=True)
class Post:
    """A sample with what is read off it once."""

    number: int
    text: str
    sentences: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in (line.strip() for line in self.text.splitlines()) if line)

    def with_quote(self, wanted: Callable[[str], bool]) -> Shown | None:
        """The first sentence of which something is true."""
        found = next((one for one in self.sentences if wanted(one)), None)
        return Shown(self.number, found) if found is not None else None


def posts_of(samples: Sequence[str], language: Language) -> tuple[Post, ...]:
    return tuple(
        Post(n, text, tuple(text[start:end] for start, end in sentences(text, language)))
        for n, text in enumerate(samples, 1)
    )


def few_quotes(shown: Iterable[Shown]) -> tuple[Shown, ...]:
    """Every post that shows a trait, with the words of the first few, each said once: more are not read."""
    told: list[str] = []
    found = []
    for one in sorted_by_post(shown):
        is_news = one.quote and one.quote not in told and len(told) < MOST_QUOTES
        told += [one.quote] if is_news else []
        found.append(one if is_news else Shown(one.post))
    return tuple(found)


def sorted_by_post(shown: Iterable[Shown]) -> list[Shown]:
    return sorted({one.post: one for one in reversed(list(shown))}.values(), key=lambda one: one.post)


def usual_most(counts: Sequence[int], share: float = 0.9) -> int:
    """The least number that this share of the counts does not exceed."""
    ordered = sorted(counts)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
