"""How alike two texts are to somebody who reads both."""

from __future__ import annotations

import re
from collections.abc import Iterable

from copilot.domain.brands import Language
from copilot.domain.sentences import EMOJI, sentences

TOO_ALIKE = 0.35
"""The share from which on readers notice that they read it before."""

_WIDTH = 4
_EMOJI = re.compile(f"[{EMOJI}\ufe0f]")


def pieces(text: str) -> frozenset[str]:
    """The four-character pieces of a text without its white space."""
    bare = "".join(text.split())
    return frozenset(bare[at : at + _WIDTH] for at in range(len(bare) - _WIDTH + 1))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all pieces that both texts have."""
    return len(one & other) / max(1, len(one | other))


def said(text: str, language: Language, *, allowed: Iterable[str] = ()) -> list[str]:
    """The sentences of a text, greetings and a quiz's options among them, without their emoji.

    What stands in `allowed` (a sign-off, a call to action) may be in many texts and is left out.
    """
    own = [one for one in allowed if one]
    found = [_EMOJI.sub("", text[start:end]).strip() for start, end in sentences(text, language)]
    return [one for one in found if one and not any(one in phrase or phrase in one for phrase in own)]


def repeated(
    text: str, others: Iterable[str], language: Language, *, allowed: Iterable[str] = ()
) -> list[str]:
    """The sentences of a text that another one says word for word."""
    told = {one for theirs in others for one in said(theirs, language)}
    return [one for one in said(text, language, allowed=allowed) if one in told]
