"""What a post of each form is built like: which parts, in which order, around which facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.planning import Plan
from copilot.adapters.llm.composer.stage import Stage
from copilot.adapters.llm.composer.welcoming import WelcomePlan
from copilot.domain.brands import Language
from copilot.domain.columns import Form


@dataclass(frozen=True)
class Piece:
    """A stretch of copy; `source` is the passage that grounds it, 0 when it is the brand's own talk."""

    text: str
    source: int = 0
    copied: int = 0
    listed: bool = False  # It begins a line that follows the one before without a gap.

    @property
    def marked(self) -> str:
        return f"{self.text}[{self.source}]" if self.source else self.text


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True)
class Attempt:
    """One way to write a post. `note` is for the operator: it is not part of the copy.

    Of a quiz, `right` is the right option and `proof` the sentence that says so.
    """

    paragraphs: Sequence[Paragraph]
    note: str = ""
    right: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Shape:
    """How one attempt is cut: how many facts, which optional parts, and how far every rotation is turned."""

    facts: int = 2
    scene: bool = True
    closing: bool = True
    step: int = 0


STEPS = 3


def shapes(step: int, plan: Plan, *, turn: int, form: Form) -> Iterator[Shape]:
    """From the usual post to longer ones; an offer begins with all that there is to say.

    A few posts have a word before the facts, a few have one after them, others say the thing and stop;
    the rest of these follow for when a post would be too short. Talk always needs its question.
    """
    most = min(4, len(plan.facts) + len(plan.spare))
    counts = list(range(min(2, most), most + 1))
    around = [(False, True), (True, True)] if form is Form.TOPIC else _turned_around(turn)
    for facts in reversed(counts) if form is Form.OFFER else counts:
        for scene, closing in around:
            yield Shape(facts, scene=scene, closing=closing, step=step)
    if step == STEPS - 1:
        yield Shape(2, scene=False, closing=False, step=step)


def _turned_around(turn: int) -> list[tuple[bool, bool]]:
    lone = [(True, False), (False, True), (False, False)]
    return [*lone[turn % 3 :], *lone[: turn % 3], (True, True)]


def plain(stage: Stage, plan: Plan, shape: Shape) -> list[Paragraph] | None:
    """Opening and scene, the facts, then a closing with the call to action."""
    opening = stage.opening(shape.step)
    scene = stage.scene(shape.step) if shape.scene else ""
    facts = tell(stage, (*plan.facts, *plan.spare)[: shape.facts], named=names(stage, opening))
    if facts is None or not (opening or stage.brief.beside):
        return None
    return [own(opening), (*own(scene), *facts), *ending(stage, shape)]


def names(stage: Stage, opening: str) -> bool:
    return bool(stage.product) and stage.product in opening


def own(*texts: str) -> Paragraph:
    return tuple(Piece(text) for text in texts if text)


def listed(*texts: str) -> Paragraph:
    """The same as a line of its own, right under the one before."""
    return tuple(replace(piece, listed=not at) for at, piece in enumerate(own(*texts)))


def ending(stage: Stage, shape: Shape, closing: str = "") -> list[Paragraph]:
    """A last word, the given one or one of the form's own, with the call to action; then the sign-off."""
    closing = closing or (stage.closing(shape.step) if shape.closing else "")
    return [own(closing, stage.brief.column.call_to_action), own(stage.voice.sign_off)]


def tell(stage: Stage, facts: Sequence[Fact], *, named: bool, led: bool = True) -> Paragraph | None:
    pieces: list[Piece] = []
    before: Fact | None = None
    for fact in _quoted(stage, facts):
        text = stage.told(fact, first=before is None, after=before, named=named) if led else fact.text
        if text is None:
            return None
        pieces.append(Piece(text, fact.source, min(fact.copied, len(text))))
        before = fact
        named = named or fact.named
    return tuple(pieces)


def _quoted(stage: Stage, facts: Sequence[Fact]) -> list[Fact]:
    """The facts, with one member's sentences made one quotation."""
    told: list[Fact] = []
    gap = "" if stage.language is Language.ZH else " "
    for fact in facts:
        if told and fact.attribution and told[-1].source == fact.source:
            last = told.pop()
            fact = replace(last, text=last.text + gap + fact.text, copied=last.copied + fact.copied)
        told.append(fact)
    return told


def welcome(stage: Stage, plan: WelcomePlan, shape: Shape) -> list[Paragraph] | None:
    """Welfare first, what people ask in the middle, the rules last."""
    parts = [own(stage.opening(shape.step), stage.line("scenes", shape.step))]
    gifts, answers, manners = {5: (2, 2, 2), 4: (2, 1, 2), 3: (2, 1, 1), 2: (1, 1, 1)}[shape.facts]
    gifts = max(gifts, 2 - len(plan.service))
    parts.append(tell(stage, plan.welfare[:gifts], named=True, led=False) or ())
    if plan.service:
        question = stage.lead_to(plan.service[0], stage.texts("questions"), "questions", shape.step)
        parts.append((*own(question), *(tell(stage, plan.service[:answers], named=True, led=False) or ())))
    if plan.rules:
        lead = stage.lead_to(plan.rules[0], stage.texts("rules"), "rules", shape.step)
        parts.append((*own(lead), *(tell(stage, plan.rules[:manners], named=True, led=False) or ())))
    else:
        parts.append(own(stage.pick(stage.texts("fallback_rules"), "fallback", shape.step)))
    return [*parts, *ending(stage, shape)]
