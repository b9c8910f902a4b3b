"""Reads a sentence as its language does: its length, the terms in it, whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from copilot.domain.brands import Language, Voice
from copilot.domain.likeness import said
from copilot.domain.sentences import HAN

HAN_CHARACTER = re.compile(f"[{HAN}]")
_RELATIVE = re.compile(r",\s+(?:which|who)\b")


def size(text: str, language: Language) -> int:
    """Length as columns and voices count it: characters in Chinese, words in English."""
    return len(text) if language is Language.ZH else len(text.split())


def has(text: str, *terms: str) -> bool:
    """Whether one of the terms stands in the text: Chinese ones anywhere, Latin ones as whole words."""
    pattern = _pattern(terms)
    return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=2048)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    parts = []
    for term in filter(None, terms):
        latin = HAN_CHARACTER.search(term) is None
        edge = r"(?<![A-Za-z0-9])" if latin and term[0].isalnum() else ""
        rest = r"(?![A-Za-z0-9])" if latin and term[-1].isalnum() else ""
        parts.append(edge + re.escape(term) + rest)
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


@lru_cache(maxsize=4)
def said_beside(texts: tuple[str, ...], language: Language) -> frozenset[str]:
    """All sentences of the texts of one piece of work; the many attempts at the next one ask for them."""
    return frozenset(one for text in texts for one in said(text, language))


def refused(voice: Voice) -> tuple[str, ...]:
    """Terms that this voice never writes, whoever wrote them first."""
    banned = [term.term for term in voice.banned]
    replaced = [old for term in voice.preferred for old in term.instead_of]
    return tuple(dict.fromkeys([*banned, *voice.competitors, *replaced]))


def has_verb(text: str, verbs: Collection[str]) -> bool:
    """Whether the main clause says something, as a list's line ("Rye flour, 110 g in all") does not."""
    tokens = re.findall(r"[a-z’']+", _RELATIVE.split(text.lower())[0])
    return any(form in verbs for token in tokens for form in _plain_forms(token))


def _plain_forms(token: str) -> list[str]:
    """What an English form may come from: bakes, washes, tries, baked, mixed."""
    ends = (("s", ""), ("es", ""), ("ies", "y"), ("d", ""), ("ed", ""))
    return [token, *(token[: -len(end)] + instead for end, instead in ends if token.endswith(end))]


def balanced(text: str) -> bool:
    """Whether every bracket and quotation mark that opens is closed."""
    return all(
        text.count(left) == text.count(right) for left, right in ("「」", "“”", "（）", "()", "《》", "『』")
    )
