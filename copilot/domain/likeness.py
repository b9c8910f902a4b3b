"""How alike two texts are to somebody who reads both."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.domain.brands import Language
from copilot.domain.sentences import sentences

TOO_ALIKE = 0.35
"""The share from which on readers notice that they read it before."""

_WIDTH = 4
_GREETING = 8  # Characters: "大家早上好呀" may be said every day.


def pieces(text: str) -> frozenset[str]:
    """The four-character pieces of a text without its white space."""
    bare = "".join(text.split())
    return frozenset(bare[at : at + _WIDTH] for at in range(len(bare) - _WIDTH + 1))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all pieces that both texts have."""
    return len(one & other) / max(1, len(one | other))


def repeated(
    text: str, others: Iterable[str], language: Language, *, allowed: Iterable[str] = ()
) -> list[str]:
    """The sentences of a text that another one says word for word.

    What stands in `allowed` (a sign-off, a call to action) and what is as short as a greeting may come again.
    """
    own = [one for one in allowed if one]
    said = [text[start:end].strip() for start, end in sentences(text, language)]
    told = {theirs[a:b].strip() for theirs in others for a, b in sentences(theirs, language)}
    return [
        one
        for one in said
        if one in told and len(one) > _GREETING and not any(one in phrase or phrase in one for phrase in own)
    ]
