"""Sample posts as somebody pastes them: told apart, and sound enough to learn a voice from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.domain.brands import Language
from copilot.domain.checks.measures import length
from copilot.domain.sentences import language_of
from copilot.domain.voiceprofile import SOUND, Faults

LEAST, MOST = 5, 30
SHORTEST = {Language.ZH: 12, Language.EN: 6}
"""In characters or words: below, a post has no manner of its own."""
LONGEST = 3000

_RULE = re.compile(r"^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")


def split(text: str) -> list[str]:
    """The posts of a pasted text. Lines of --- part them where there are any; else empty lines do."""
    text = text.replace("\r\n", "\n")
    pieces = (_RULE if _RULE.search(text) else _BLANK).split(text)
    return [piece.strip() for piece in pieces if piece.strip()]


def unique(samples: Sequence[str]) -> list[str]:
    """Each post once, whatever its white space: a post that was pasted twice shows no habit."""
    seen: dict[str, str] = {}
    for sample in samples:
        seen.setdefault(" ".join(sample.split()), sample)
    return list(seen.values())


def faults(samples: Sequence[str], language: Language) -> Faults:
    """What a person has to mend before a card can be learnt; numbers of posts count from 1."""
    short = [n for n, one in enumerate(samples, 1) if length(one, language) < SHORTEST[language]]
    long = [n for n, one in enumerate(samples, 1) if len(one) > LONGEST]
    foreign = [n for n, one in enumerate(samples, 1) if language_of(one) is not language]
    values = {"count": len(samples), "least": LEAST, "most": MOST}
    if not samples:
        return Faults({"samples": "invalid.samples_none"}, values)
    if foreign:
        identity = "invalid.samples_foreign_zh" if language is Language.ZH else "invalid.samples_foreign_en"
        return Faults({"samples": identity}, {"which": _listed(foreign), **values})
    if short:
        identity = "invalid.samples_short_zh" if language is Language.ZH else "invalid.samples_short_en"
        return Faults(
            {"samples": identity}, {"which": _listed(short), "shortest": SHORTEST[language], **values}
        )
    if long:
        return Faults(
            {"samples": "invalid.samples_long"}, {"which": _listed(long), "longest": LONGEST, **values}
        )
    if len(samples) < LEAST:
        return Faults({"samples": "invalid.samples_few"}, values)
    if len(samples) > MOST:
        return Faults({"samples": "invalid.samples_many"}, values)
    return SOUND


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:8])
    return f"{shown} …" if len(numbers) > 8 else shown
