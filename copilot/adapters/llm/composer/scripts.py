"""Scripts of short videos: one line a shot, with what is seen, what is said and how long that takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt, Paragraph, names, own, tell
from copilot.adapters.llm.composer.reading import size
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language

_PLANS_TRIED = 8
_STEPS = 2
_A_SECOND = {Language.ZH: 4.5, Language.EN: 2.5}  # characters or words, spoken calmly
_SECONDS_AT_LEAST = 3


def scripts(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """A greeting, one fact to a shot, and the call to action: four shots on most days, up to six."""
    for step, plan in product(range(_STEPS), desk.fresh_plans(found, _PLANS_TRIED)):
        facts = (*plan.facts, *plan.spare)
        for count, closing in product(range(2, len(facts) + 1), (True, False)):
            stage = desk.stage(desk.brief.column.form, plan.subject, facts[0].about)
            opening = stage.opening(step)
            told = tell(stage, facts[:count], named=names(stage, opening))
            if told is None or not opening:
                continue
            last = stage.closing(step) if closing else ""
            ending = own(last, desk.call, desk.brief.voice.sign_off)
            spoken = [own(opening), *((piece,) for piece in told), ending]
            seen = ["greeting", *(fact.about for fact in _shown(facts[:count], told)), "parting"]
            yield Attempt(
                [
                    _shot(stage, at, stage.line("pictures", step + at, about=about), words)
                    for at, (about, words) in enumerate(zip(seen, spoken, strict=True))
                ]
            )


def _shown(facts: Sequence[Fact], told: Paragraph) -> list[Fact]:
    """The first fact behind each spoken piece: one member's sentences are one quotation."""
    sources = [piece.source for piece in told]
    if len(sources) == len(facts):
        return list(facts)
    return [next(fact for fact in facts if fact.source == source) for source in sources]


def _shot(stage: Stage, at: int, picture: str, spoken: Paragraph) -> Paragraph:
    said = sum(size(piece.text, stage.language) for piece in spoken)
    seconds = max(_SECONDS_AT_LEAST, math.ceil(said / _A_SECOND[stage.language]))
    head = stage.words.shot.format(number=stage.words.shots[at], seconds=seconds, picture=picture)
    first, *rest = spoken
    return (replace(first, text=head + first.text, listed=True), *rest)
