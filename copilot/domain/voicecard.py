"""A voice card: what sample posts show of a voice, trait by trait, each with the posts that show it. No model needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from copilot.domain.brands import Language, Voice
from copilot.domain.voicecounts import measured
from copilot.domain.voicehabits import habits
from copilot.domain.voiceprofile import with_part
from copilot.domain.voicetraits import Trait, posts_of


def learn(
    samples: Sequence[str],
    language: Language,
    *,
    others: Sequence[str] = (),
    names: Sequence[str] = (),
) -> tuple[Trait, ...]:
    """The traits of samples that `voicesamples.faults` found sound; the same samples always give the same card.

    `others` are posts of the brand beside them: a word is a favourite only where these use it less. `names`
    are products and people, which are no habit of speech.
    """
    posts = posts_of(samples, language)
    return (*measured(posts, language), *habits(posts, language, others=others, names=names))


def accepted(voice: Voice, traits: Iterable[Trait], names: Collection[str]) -> Voice:
    """The voice with what a person ticked of a card; a trait that fills in nothing changes nothing."""
    for trait in traits:
        if trait.name in names and trait.part is not None:
            voice = with_part(voice, trait.part, trait.value)
    return voice
