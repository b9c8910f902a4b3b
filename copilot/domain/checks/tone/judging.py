"""A model's verdict on the tone of a copy, taken line by line: what it cannot point at is not believed, and rules weigh more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from copilot.domain.brands import Language
from copilot.domain.checks.tone.values import TOLERANCE, Marker, ToneScore, Trait, wanted_of

MOST_MOVED = TOLERANCE // 2
"""How far a model can move the score of the rules: never from one side of what is wanted to the other."""

_TRAITS = {
    **{trait.value: trait for trait in (Trait.FRIENDLY, Trait.HUMOROUS, Trait.LITERARY)},
    "friendliness": Trait.FRIENDLY,
    "humour": Trait.HUMOROUS,
    "humor": Trait.HUMOROUS,
    "亲切": Trait.FRIENDLY,
    "幽默": Trait.HUMOROUS,
    "文采": Trait.LITERARY,
}
_NONE = frozenset({"", "无", "没有", "none", "-", "—", "n/a"})
_MOST_LINES = 20
_MOST_WITHOUT = 2  # Nobody sees a trait in a copy without a word that shows it.
_SHORTEST = {Language.ZH: 2, Language.EN: 3}  # In characters: a quote of less stands in every copy.
_LONGEST = 160
_HIGH = 3

_BULLET = re.compile(r"^\s*(?:[-*•·]|\d[.)、])?\s*")
_SEPARATOR = re.compile(r"[|｜]|(?<=\w)\s*[:：](?=\s*[1-5１-５]\b)")
_LEVEL = re.compile(r"\D{0,4}([1-5１-５])\s*(?:分|/\s*5)?\D{0,2}")
_WRAPPING = " \t`*\"'“”「」『』‘’"


@dataclass(frozen=True)
class Judgement:
    """A level from 1 to 5, and the words of the copy that show it; (0, 0) where the model says that none do."""

    trait: Trait
    level: int
    start: int = 0
    end: int = 0

    @property
    def score(self) -> int:
        return wanted_of(self.level)


def parse(answer: str, text: str, language: Language) -> tuple[Judgement, ...]:
    """From lines of `trait | level | quote`, the first of each trait; a quote that is not the text's own drops its line."""
    found: dict[Trait, Judgement] = {}
    for line in answer.splitlines()[:_MOST_LINES]:
        cells = [
            cell.strip(_WRAPPING) for cell in _SEPARATOR.split(_BULLET.sub("", line, count=1), maxsplit=2)
        ]
        trait = _TRAITS.get(cells[0].lower()) if len(cells) == 3 else None
        level = _LEVEL.fullmatch(cells[1]) if trait is not None else None
        if trait is None or level is None:
            continue
        span = _span(cells[2], text, language)
        steps = int(level[1])
        if span is not None and (span != (0, 0) or steps <= _MOST_WITHOUT):
            found.setdefault(trait, Judgement(trait, steps, *span))
    return tuple(found.values())


def _span(quote: str, text: str, language: Language) -> tuple[int, int] | None:
    """Where the quote stands, letter for letter; None for words that are not in the text."""
    if quote.lower().rstrip("。.") in _NONE:
        return 0, 0
    if not _SHORTEST[language] <= len(quote) <= _LONGEST:
        return None
    at = text.find(quote)
    return (at, at + len(quote)) if at >= 0 else None


def with_judgements(scores: Iterable[ToneScore], judgements: Sequence[Judgement]) -> tuple[ToneScore, ...]:
    """The scores of the rules, each moved a little towards the model's, with its words as a marker.

    What the rules do not score stays unscored: a model is never the only judge.
    """
    by_trait = {one.trait: one for one in judgements}
    return tuple(
        _moved(score, by_trait[score.trait]) if score.trait in by_trait and score.score is not None else score
        for score in scores
    )


def _moved(score: ToneScore, judgement: Judgement) -> ToneScore:
    by_rules = score.score or 0
    moved = by_rules + max(-MOST_MOVED, min(MOST_MOVED, judgement.score - by_rules))
    markers = score.markers
    if judgement.end > judgement.start:
        shown = Marker(judgement.start, judgement.end, judgement.level >= _HIGH, 1.0, None, judgement.trait)
        markers = tuple(sorted((*markers, shown), key=lambda marker: (marker.start, marker.end)))
    return replace(score, score=moved, markers=markers)
