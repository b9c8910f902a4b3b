"""How a text sounds in a voice: its place on each scale, and whether it is like the brand's own examples."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from copilot.domain.brands import Language, Voice
from copilot.domain.checks.measures import inside, quotations
from copilot.domain.checks.tone.habits import stray_habits
from copilot.domain.checks.tone.own import is_long_enough, names_of, own_score, profile_of
from copilot.domain.checks.tone.scoring import REMEMBERED, friendliness, scored, tone
from copilot.domain.checks.tone.values import OURS, Habit, Marker, ToneScore, Trait

_STRETCH = 15
"""By how much more than the tolerance the brand's own examples may widen a band: what they sound like is right."""

_READERS = {Language.ZH: ("你", "大家"), Language.EN: ("you", "your")}
_ADDRESS = 0.5

_HEARD_BY_MARKS = (Trait.HUMOROUS, Trait.LITERARY)
"""Where the examples score low in spite of the voice, its jokes and pictures have no marks, and no text's need to."""


def in_voice(text: str, voice: Voice, language: Language) -> tuple[ToneScore, ...]:
    """The scales as `tone` has them, with room for how the examples score, and `own` after them.

    `own` is not scored with fewer than three examples of some length.
    """
    scales = [
        _addressed(_with_room(score, voice.examples, language), text, voice, language)
        for score in tone(text, voice.scales, language)
    ]
    score, habits = (_own_once if len(text) <= REMEMBERED else _own)(
        text, voice.examples, names_of(voice), language
    )
    return (*scales, ToneScore(Trait.OWN, score, None, (OURS, 100), habits=habits))


def _own(
    text: str, examples: tuple[str, ...], names: tuple[str, ...], language: Language
) -> tuple[int | None, tuple[Habit, ...]]:
    profile = profile_of(examples, names, language) if is_long_enough(text, language) else None
    if profile is None:
        return None, ()
    score = own_score(text, profile, language)
    return score, stray_habits(text, profile, examples, language) if score < OURS else ()


# Once for a text: a check asks for its findings and again for its scores.
_own_once = lru_cache(maxsize=256)(_own)


def _with_room(score: ToneScore, examples: tuple[str, ...], language: Language) -> ToneScore:
    low, high = score.band
    least, most = _reach(examples, language).get(score.trait, (low, high))
    lowest = 0 if score.trait in _HEARD_BY_MARKS else low - _STRETCH
    return replace(score, band=(max(lowest, min(low, least)), min(high + _STRETCH, max(high, most))))


def _addressed(score: ToneScore, text: str, voice: Voice, language: Language) -> ToneScore:
    """A copy that speaks to its readers and has no official word is not official for want of a particle.

    Whom it speaks to makes no copy too friendly: it is counted only where that is what is missing.
    """
    if score.trait is not Trait.FRIENDLY or not score.is_low or any(not mark.high for mark in score.markers):
        return score
    quoted = quotations(text)
    spoken = [
        Marker(*match.span(), True, _ADDRESS, None)
        for match in _addresses(voice, language).finditer(text)
        if not inside(quoted, match.start())
        and not any(mark.start < match.end() and match.start() < mark.end for mark in score.markers)
    ]
    found = tuple(sorted((*score.markers, *spoken)))
    return replace(score, score=friendliness(text, found, language), markers=found) if spoken else score


@lru_cache(maxsize=64)
def _addresses(voice: Voice, language: Language) -> re.Pattern[str]:
    """How the voice speaks to people: its address, what its greetings call them, and who is speaking."""
    called = (one.use for one in voice.preferred if any(one.use in said for said in voice.greetings))
    names = {*_READERS[language], voice.address, voice.persona, *called} - {""}
    said = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(said if language is Language.ZH else rf"\b(?:{said})\b", re.IGNORECASE)


@lru_cache(maxsize=64)
def _reach(examples: tuple[str, ...], language: Language) -> dict[Trait, tuple[int, int]]:
    """From where to where the examples score on each scale."""
    found: dict[Trait, tuple[int, int]] = {}
    for one in examples:
        for trait, score, _ in scored(one, language):
            if score is not None:
                least, most = found.get(trait, (score, score))
                found[trait] = min(least, score), max(most, score)
    return found
