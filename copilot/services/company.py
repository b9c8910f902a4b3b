"""The drafts of one piece of work, such as a week: what each tells, and how it reads, so that no two are alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import inf
from typing import Protocol, TypeVar

from copilot.domain.drafts import Brief, Outline
from copilot.domain.likeness import TOO_ALIKE, jaccard, pieces, repeated
from copilot.errors import ExternalError

_TURNS = 4  # A fifth that reads like another post is taken for what the materials give.
_CLOSE = TOO_ALIKE - 0.05  # With some room, since people change texts afterwards.


class Text(Protocol):
    @property
    def text(self) -> str: ...


_Text = TypeVar("_Text", bound=Text)


class Company:
    """The drafts of one piece of work, as its threads know of each other: what each tells, and how it reads.

    `texts` are those that were there before.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._told: list[str] = []
        self._texts = list(texts)
        self._bodies = [_bare(text, ()) for text in self._texts]
        self._lock = threading.Lock()
        self._composing = threading.Lock()

    def take(self, choose: Callable[[tuple[str, ...]], Outline]) -> Outline:
        """What `choose` wants to tell, given what the others took; nobody else will be offered it."""
        with self._lock:
            outline = choose(tuple(self._told))
            self._told += outline.takes
            return outline

    def leave(self, points: Iterable[str]) -> None:
        """Gives back what was taken and not told."""
        with self._lock:
            self._told = [one for one in self._told if one not in set(points)]

    def is_too_alike(self, text: str, *, but: Iterable[str] = ()) -> bool:
        """Whether this draft reads too much like another, so that a new one is worth its price.

        These phrases are left out, as another draft would have the call to act and the sign-off, too. One that is
        another to the letter comes from a server that answers everything alike.
        """
        return _bare(text, but) not in self._bodies and not self.is_apart(text, but=but)

    def is_apart(self, text: str, *, but: Iterable[str] = ()) -> bool:
        """Whether no other draft reads too much like this one, these phrases left out."""
        with self._lock:
            bodies = tuple(self._bodies)
        return _likeness(_bare(text, but), bodies) < TOO_ALIKE

    def join(self, text: str, *, but: Iterable[str] = ()) -> None:
        """Makes a draft known; `but` are phrases of it that any other may have."""
        with self._lock:
            if text not in self._texts:
                self._texts.append(text)
                self._bodies.append(_bare(text, but))

    def compose(self, briefs: Sequence[Brief], write: Callable[[Brief], _Text]) -> _Text:
        """What `write` makes of one of the briefs once it knows the others: the first text that is apart.

        Each brief has a few turns; where none brings such a text, it is the one that comes nearest to it. Raises
        what `write` raised where nothing came at all. One at a time, or two that are written at once would not
        know of each other. What comes has joined.
        """
        with self._composing:
            others = self._known()
            best: _Text | None = None
            failure: ExternalError | None = None
            least = inf
            for brief in briefs:
                known = replace(brief, recent=tuple(dict.fromkeys((*others, *brief.recent))), beside=others)
                for turn in range(_TURNS):
                    try:
                        made = write(replace(known, seed=known.seed + turn))
                    except ExternalError as exc:
                        failure = exc
                        break
                    near = _nearness(made.text, known)
                    if near < least:
                        best, least = made, near
                    if not near:
                        break
                if not least:
                    break
            if best is None:
                assert failure is not None
                raise failure
            self.join(best.text)
            return best

    def _known(self) -> tuple[str, ...]:
        """The newest first."""
        with self._lock:
            return tuple(reversed(self._texts))


def _bare(text: str, but: Iterable[str]) -> str:
    """The text without these phrases and without white space."""
    for phrase in filter(None, but):
        text = text.replace(phrase, "")
    return "".join(text.split())


def _nearness(text: str, brief: Brief) -> float:
    """0 for a text that is apart: no sentence of another one in it, and not much like any."""
    closing = (brief.column.call_to_action, brief.voice.sign_off)
    again = repeated(text, brief.beside, brief.brand.language, allowed=closing)
    return len(again) + max(0.0, _likeness(text, brief.beside) - _CLOSE)


def _likeness(text: str, others: Iterable[str]) -> float:
    own = pieces(text)
    return max((jaccard(own, pieces(other)) for other in others), default=0.0)
