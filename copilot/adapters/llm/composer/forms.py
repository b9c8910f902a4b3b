"""What a post of each form is built like: which parts, in which order, around which facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.planning import Plan
from copilot.adapters.llm.composer.stage import Stage
from copilot.adapters.llm.composer.welcoming import WelcomePlan


@dataclass(frozen=True)
class Piece:
    """A stretch of copy; `source` is the passage that grounds it, 0 when it is the brand's own talk."""

    text: str
    source: int = 0
    copied: int = 0

    @property
    def marked(self) -> str:
        return f"{self.text}[{self.source}]" if self.source else self.text


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True)
class Shape:
    """One attempt at a post: how many facts, which optional parts, and how far every rotation is turned."""

    facts: int = 2
    scene: bool = True
    closing: bool = True
    step: int = 0


STEPS = 3


def shapes(step: int, plan: Plan, *, whole: bool = False) -> Iterator[Shape]:
    """From the usual post to longer ones; `whole` begins with all that there is to say. Last, without a scene."""
    most = min(4, len(plan.facts) + len(plan.spare))
    counts = list(range(min(2, most), most + 1))
    for facts in reversed(counts) if whole else counts:
        yield Shape(facts, step=step)
        yield Shape(facts, closing=False, step=step)
    if step == STEPS - 1:
        yield Shape(2, scene=False, closing=False, step=step)


def plain(stage: Stage, plan: Plan, shape: Shape) -> list[Paragraph] | None:
    """Opening and scene, the facts, then a closing with the call to action."""
    opening = stage.opening(shape.step)
    scene = stage.frame(stage.frames.scenes, "scenes", shape.step) if shape.scene else ""
    facts = tell(stage, (*plan.facts, *plan.spare)[: shape.facts], named=names(stage, opening))
    if facts is None or not opening:
        return None
    return [own(opening), (*own(scene), *facts), *ending(stage, shape)]


def names(stage: Stage, opening: str) -> bool:
    return bool(stage.product) and stage.product in opening


def own(*texts: str) -> Paragraph:
    return tuple(Piece(text) for text in texts if text)


def ending(stage: Stage, shape: Shape) -> list[Paragraph]:
    closing = stage.closing(shape.step) if shape.closing else ""
    return [own(closing, stage.brief.column.call_to_action), own(stage.voice.sign_off)]


def tell(stage: Stage, facts: Sequence[Fact], *, named: bool, led: bool = True) -> Paragraph | None:
    pieces: list[Piece] = []
    before: Fact | None = None
    for fact in facts:
        text = stage.told(fact, first=before is None, after=before, named=named) if led else fact.text
        if text is None:
            return None
        pieces.append(Piece(text, fact.source, fact.copied))
        before = fact
        named = named or fact.named
    return tuple(pieces)


def welcome(stage: Stage, plan: WelcomePlan, shape: Shape) -> list[Paragraph] | None:
    """Welfare first, what people ask in the middle, the rules last."""
    parts = [own(stage.opening(shape.step), stage.frame(stage.frames.scenes, "scenes", shape.step))]
    gifts, answers, manners = {5: (2, 2, 2), 4: (2, 1, 2), 3: (2, 1, 1), 2: (1, 1, 1)}[shape.facts]
    gifts = max(gifts, 2 - len(plan.service))
    parts.append(tell(stage, plan.welfare[:gifts], named=True, led=False) or ())
    if plan.service:
        question = stage.lead_to(plan.service[0], stage.frames.questions, "questions", shape.step)
        parts.append((*own(question), *(tell(stage, plan.service[:answers], named=True, led=False) or ())))
    if plan.rules:
        lead = stage.lead_to(plan.rules[0], stage.frames.rules, "rules", shape.step)
        parts.append((*own(lead), *(tell(stage, plan.rules[:manners], named=True, led=False) or ())))
    else:
        parts.append(own(stage.pick(stage.frames.fallback_rules, "fallback", shape.step)))
    return [*parts, *ending(stage, shape)]
