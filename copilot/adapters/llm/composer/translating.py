"""Tells a post again in another position: the same facts, in the form and within the limits of that place."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.adapters.llm.composer import planning
from copilot.adapters.llm.composer.frames import Book, book
from copilot.adapters.llm.composer.paging import Page
from copilot.adapters.llm.composer.positioning import Manner, Setting
from copilot.adapters.llm.composer.retelling import Retelling
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.channels import Channel, limits_of
from copilot.domain.checks.limits import limits
from copilot.domain.checks.voice import voice
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.findings import Finding, Severity
from copilot.domain.grounding import ledger
from copilot.domain.markers import unmarked
from copilot.domain.shapes import shape_of
from copilot.errors import Permanent

_LONG = frozenset({Channel.OFFICIAL_ACCOUNT, Channel.EMAIL})
# Openings of these suit any position; others call for something that is only done in the column's own.
_OPENED = frozenset({Form.POINTS, Form.SEEDING, Form.OFFER, Form.QUIZ, Form.POLL, Form.WELCOME})
_STEPS = 3
_SPARES = 4
_APART = 5  # Positions begin at different places of every rotation, so that siblings do not sound alike.
_REFUSED = 1_000_000.0
_AROUND = 6  # characters that a position cannot do without
_LESS = 0.5  # Of two texts that are as good, the one that says more is better.


def translated(brief: Brief) -> str:
    """The original of the brief as copy for `brief.channel`, with its `[n]` markers.

    Permanent `nothing_to_translate` when the original states nothing, and `too_long_for_position` when all that it
    states cannot be said within what the platform takes.
    """
    frames = book(brief.brand.language)
    told = Retelling(brief, frames.words)
    if not told.told:
        raise Permanent("composer", "nothing_to_translate", column=brief.column.name)
    judge = _Judge(told)
    best, least = "", float("inf")
    for manner in _manners(brief, frames):
        made = Page if brief.channel in _LONG else Setting
        text = made(told, _stage(brief, frames, told), manner).text()
        fault = _LESS * manner.spare
        fault += judge.fault(unmarked(text), worst=least - fault)
        if fault < least:
            best, least = text, fault
        if fault < _LESS * (manner.spare + 1):
            break
    if least >= _REFUSED:
        raise Permanent("composer", "too_long_for_position", column=brief.column.name)
    return best


def _manners(brief: Brief, frames: Book) -> Iterator[Manner]:
    shorter = any(word in brief.instruction.lower() for word in frames.words.shorter)
    for spare in range(int(shorter), _SPARES):
        for step in range(_STEPS):
            yield Manner(step, spare)


def _stage(brief: Brief, frames: Book, told: Retelling) -> Stage:
    form = brief.column.form if brief.column.form in _OPENED else Form.TEXT
    turn = planning.position(brief) + _APART * list(Channel).index(brief.channel)
    return Stage(brief, frames, form=form, turn=turn, subject=told.product(), about=told.about())


class _Judge:
    """Says how far a text is from right: what the platform would refuse weighs most, then evidence, then form."""

    def __init__(self, told: Retelling) -> None:
        brief = told.brief
        self._brief = brief
        self._language = told.language
        self._limits = limits_of(brief.channel, brief.brand.language)
        self._comfortable = self._limits.comfortable or 0
        # Where the facts alone are more than reads well, being sparing around them helps nobody.
        self._reachable = sum(len(fact.whole) for fact in told.told) < self._comfortable - _AROUND
        own = (brief.column.call_to_action, brief.voice.sign_off, *brief.voice.greetings)
        self._own = tuple(phrase for phrase in own if phrase)
        # What the original was taken with is not for its translation to mend.
        self._taken = {finding.text for finding in self._claims(told.original.text)}

    def fault(self, text: str, *, worst: float) -> float:
        """0 is right. The evidence is only looked at below a fault of `worst`."""
        fault = 0.0
        for finding in limits(text, self._limits, self._language):
            if finding.severity is Severity.BLOCK:
                fault += _REFUSED
            elif finding.rule != "comfortable":
                fault += 8.0
            elif self._reachable:
                fault += 8.0 + finding.reason.params["over"] / self._comfortable
        fault += 20.0 * len(shape_of(self._brief.channel, text, self._language))
        manners = voice(text, self._brief.voice, self._language)
        fault += sum(finding.severity is Severity.WARN for finding in manners)
        if fault >= worst:
            return fault
        found = [finding for finding in self._claims(text) if finding.text not in self._taken]
        return fault + sum(50.0 if finding.severity is Severity.BLOCK else 10.0 for finding in found)

    def _claims(self, text: str) -> tuple[Finding, ...]:
        brief = self._brief
        return ledger(
            text,
            brief.sources,
            at=brief.starts_at,
            language=self._language,
            products=brief.brand.products,
            furniture=self._own,
        ).findings
