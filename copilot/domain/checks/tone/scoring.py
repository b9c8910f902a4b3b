"""Scores of the three scales of a voice, from 0 to 100, by the words that make them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.brands import Language, Scales
from copilot.domain.checks.measures import length, quotations
from copilot.domain.checks.tone import friendly, humorous, literary
from copilot.domain.checks.tone.lexicon import Lexicon, listed, lowered, weighed, words_of
from copilot.domain.checks.tone.values import Marker, ToneScore, Trait, around, wanted_of

_SHORTEST = {Language.ZH: 12, Language.EN: 6}  # Below, there is too little to judge.
_USUAL = {Language.ZH: 120, Language.EN: 60}  # Longer texts have more markers without being more so.
REMEMBERED = 2000
"""Characters: copy is scored by the check and for the page beside it; what nobody sends need not be kept."""


@dataclass(frozen=True)
class _Scale:
    """`high` and `low` are the weight of each side that a text is taken to have: two words do not make a tone.

    Where nothing is marked, a text stands at their ratio: in the middle between official and friendly, but
    nearer to serious than to humorous, and to plain than to literary.
    """

    lexicons: Mapping[Language, Lexicon]
    high: float
    low: float
    in_words: bool = True


_SCALES: Mapping[Trait, _Scale] = {
    Trait.FRIENDLY: _Scale(friendly.LEXICONS, 1.5, 1.5, in_words=False),
    Trait.HUMOROUS: _Scale(humorous.LEXICONS, 0.8, 1.9),
    Trait.LITERARY: _Scale(literary.LEXICONS, 0.8, 1.9),
}

# What a list of prices is made of beside its figures: neither serious nor humorous, neither plain nor literary.
_FIGURES = re.compile(r"[0-9][0-9.,:]*")
_ZH_WORDS = re.compile(r"[㐀-鿿]+")
_ZH_UNITS = tuple("元角分件份盒袋瓶罐只个张折价限款满减克斤升毫千每月日号至起")
_EN_UNITS = frozenset(
    listed("g kg ml l cm mm off each per price until from to and for pack set save spend jan feb mar apr")
)
# Words that are no units, in all and for each figure.
_FEWEST = {Language.ZH: (12, 4.0), Language.EN: (6, 2.5)}


def tone(text: str, scales: Scales, language: Language) -> tuple[ToneScore, ...]:
    """Every scale of the voice, friendly first."""
    return tuple(
        ToneScore(trait, score, wanted, around(wanted), found)
        for trait, score, found in scored(text, language)
        for wanted in (wanted_of(getattr(scales, trait)),)
    )


def markers(text: str, language: Language, trait: Trait = Trait.FRIENDLY) -> tuple[Marker, ...]:
    """What moves the text along a scale, in its order, without overlaps; quotations are left out."""
    return _SCALES[trait].lexicons[language].markers(text, lowered(text), quotations(text))


Scored = tuple[Trait, int | None, tuple[Marker, ...]]


def scored(text: str, language: Language) -> tuple[Scored, ...]:
    return _remembered(text, language) if len(text) <= REMEMBERED else _scored(text, language)


@lru_cache(maxsize=512)
def _remembered(text: str, language: Language) -> tuple[Scored, ...]:
    return _scored(text, language)


def _scored(text: str, language: Language) -> tuple[Scored, ...]:
    small, quoted, size = lowered(text), quotations(text), size_of(text, language)
    found: list[Scored] = []
    is_worded = has_words(small, language)
    for trait, scale in _SCALES.items():
        marked = scale.lexicons[language].markers(text, small, quoted)
        if size < _SHORTEST[language] or (scale.in_words and not is_worded):
            found.append((trait, None, marked))
            continue
        high, low = (sum(m.weight for m in marked if m.high), sum(m.weight for m in marked if not m.high))
        if scale.in_words:
            high, low = weighed(marked, text)
        found.append((trait, _placed(scale, high, low, size, language), marked))
    return tuple(found)


def friendliness(text: str, marked: Sequence[Marker], language: Language) -> int:
    """Where these markers put a text between official and friendly."""
    high, low = (sum(m.weight for m in marked if m.high), sum(m.weight for m in marked if not m.high))
    return _placed(_SCALES[Trait.FRIENDLY], high, low, size_of(text, language), language)


def _placed(scale: _Scale, high: float, low: float, size: int, language: Language) -> int:
    share = min(1.0, _USUAL[language] / size)
    high, low = share * high + scale.high, share * low + scale.low
    return round(100 * high / (high + low))


@lru_cache(maxsize=8)
def has_words(small: str, language: Language) -> bool:
    """Whether a text in small letters says enough in words to have a manner; a list of prices does not."""
    fewest, each = _FEWEST[language]
    least = max(fewest, each * len(_FIGURES.findall(small)))
    if language is Language.ZH:
        words = sum(map(len, _ZH_WORDS.findall(small)))
        # Units are never two words in three of a text, and counting them takes longer than all the rest.
        if words < 3 * least:
            words -= sum(map(small.count, _ZH_UNITS))
    else:
        words = sum([word not in _EN_UNITS for word in words_of(small)])
    return words >= least


def size_of(text: str, language: Language) -> int:
    """As `length` counts; white space is split away faster than it is looked at."""
    return len("".join(text.split())) if language is Language.ZH else length(text, language)
