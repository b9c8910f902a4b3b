"""Repetition: what the same people read lately, or are to read, word for word or in much the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.checks.measures import length
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.likeness import TOO_ALIKE, jaccard, pieces
from copilot.domain.messages import Message
from copilot.domain.sentences import sentences

# Shorter sentences are greetings and turns of phrase, which a brand may well say every day.
_SHORTEST = {Language.ZH: 10, Language.EN: 6}
_LOOSE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Earlier:
    """A text that the same people get before this one: what it is called, and when it goes out in the brand's zone.

    Until it `is_sent` nobody read it, and it may still change.
    """

    text: str
    name: str
    at: datetime
    is_sent: bool


def repetition(
    text: str, earlier: Sequence[Earlier], language: Language, *, allowed: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Warns about sentences that stood in an earlier text, and about a text that reads like one as a whole.

    `allowed` phrases (a sign-off, a call to action) may come back.
    """
    newest_first = sorted(earlier, key=lambda one: one.at, reverse=True)
    return (
        *_whole(text, newest_first, language, tuple(allowed)),
        *_sentences(text, newest_first, language, allowed),
    )


def _whole(
    text: str, earlier: Sequence[Earlier], language: Language, allowed: tuple[str, ...]
) -> Iterator[Finding]:
    own = _body(text, language, allowed)
    alike = [(jaccard(own, _body(one.text, language, allowed)), one) for one in earlier]
    share, one = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    if one is not None and share >= TOO_ALIKE:
        params = {"share": round(100 * share), "name": one.name, "day": one.at.date().isoformat()}
        reason = Message(
            "finding.repetition.alike" if one.is_sent else "finding.repetition.alike_planned", params
        )
        yield Finding(Check.REPETITION, "alike", Severity.WARN, 0, 0, "", reason)


def _sentences(
    text: str, earlier: Sequence[Earlier], language: Language, allowed: Sequence[str]
) -> Iterator[Finding]:
    phrases = [_bare(phrase) for phrase in allowed if phrase]
    for start, end in sentences(text, language):
        said = _bare(text[start:end])
        if length(text[start:end], language) < _SHORTEST[language] or any(said in each for each in phrases):
            continue
        one = next((one for one in earlier if said in _said(one.text, language)), None)
        if one is not None:
            params = {"name": one.name, "day": one.at.date().isoformat()}
            told = "finding.repetition.sentence" if one.is_sent else "finding.repetition.sentence_planned"
            reason = Message(told, params)
            yield Finding(Check.REPETITION, "sentence", Severity.WARN, start, end, text[start:end], reason)


@lru_cache(maxsize=1024)
def _said(text: str, language: Language) -> frozenset[str]:
    """An earlier text's sentences; the same few are asked for with every key that somebody presses."""
    return frozenset(_bare(text[start:end]) for start, end in sentences(text, language))


@lru_cache(maxsize=1024)
def _body(text: str, language: Language, allowed: tuple[str, ...]) -> frozenset[str]:
    for phrase in allowed:
        text = text.replace(phrase, "") if phrase else text
    return pieces(text)


def _bare(text: str) -> str:
    return _LOOSE.sub("", text).lower()
