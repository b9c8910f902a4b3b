"""The self-check before a post goes out: what the seeds would have a reviewer ask, and what the machine knows of it.

Their standard is threefold: it fits the brand and its customers, it leaves room to get better, it is deployed to
the right people at the right time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from copilot.domain.brands import Language
from copilot.domain.checks.structure import calls_to_action
from copilot.domain.columns import Column
from copilot.domain.findings import Check, Verdict
from copilot.domain.messages import Message
from copilot.domain.occasions import rest
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import FigureKind

CLOSE = timedelta(minutes=30)
"""Two posts to the same group within this time are one too many for whoever reads both."""
_MANNERS = frozenset({Check.VOICE, Check.TERMS})
_SALES = frozenset({FigureKind.PRICE, FigureKind.OFFER})


class Ask(StrEnum):
    """The questions in their order; `selfcheck.<ask>` words each, so that a tick is a yes."""

    TONE = "tone"
    CUSTOMERS = "customers"
    ONE_LINE = "one_line"
    VALUE_FIRST = "value_first"
    SOURCES = "sources"
    DISTURBANCE = "disturbance"
    EFFECT = "effect"
    DEPLOYMENT = "deployment"


@dataclass(frozen=True)
class Question:
    """One thing to look at. `answer` is what the machine knows of it, and `is_well` whether that speaks for a yes."""

    ask: Ask
    answer: Message | None = None
    is_well: bool = False

    @property
    def needs_eye(self) -> bool:
        """Whether only a person can say."""
        return self.answer is None


@dataclass(frozen=True)
class Beside:
    """Another post of the day and a place that both reach; `at` is in the brand's zone."""

    name: str
    place: str
    at: datetime


@dataclass(frozen=True)
class Sentence:
    """A sentence of the ledger, by where it starts."""

    start: int
    verdict: Verdict


@dataclass(frozen=True)
class Outgoing:
    """What is known of a post that is about to go out.

    `objections` are check and rule of each finding that nobody let stand; `at` is in the brand's zone.
    """

    text: str
    language: Language
    column: Column
    at: datetime
    is_late: bool
    places: tuple[str, ...]
    objections: Sequence[tuple[str, str]]
    sentences: Sequence[Sentence]
    beside: Sequence[Beside]


def self_check(post: Outgoing) -> tuple[Question, ...]:
    """Every question once, each with the machine's own answer where it has one."""
    return tuple(answer(post) for answer in _ANSWERS)


def _tone(post: Outgoing) -> Question:
    count = sum(check in _MANNERS for check, _ in post.objections)
    if count:
        return Question(Ask.TONE, Message("selfcheck.tone.marked", {"count": count}))
    return Question(Ask.TONE, Message("selfcheck.tone.clear"), is_well=True)


def _customers(post: Outgoing) -> Question:
    """Whether people want it nobody can compute; what the position does not take can be counted."""
    count = sum(check == Check.LIMITS for check, _ in post.objections)
    return Question(Ask.CUSTOMERS, Message("selfcheck.customers.limits", {"count": count}) if count else None)


def _one_line(post: Outgoing) -> Question:
    calls = sum(one == (Check.STRUCTURE, "calls_to_action") for one in post.objections)
    # The first call is no finding.
    return Question(
        Ask.ONE_LINE, Message("selfcheck.one_line.calls", {"count": calls + 1}) if calls else None
    )


def _value_first(post: Outgoing) -> Question:
    """What is told with a source before a price or an offer comes up: a greeting is no value."""
    sales = [figure.start for figure in figures(post.text) if figure.kind in _SALES]
    if not sales:
        return Question(Ask.VALUE_FIRST, Message("selfcheck.value_first.no_price"), is_well=True)
    begins = max((one.start for one in post.sentences if one.start <= sales[0]), default=0)
    count = sum(one.verdict is Verdict.SUPPORTED and one.start < begins for one in post.sentences)
    if count:
        before = Message("selfcheck.value_first.before", {"count": count})
        return Question(Ask.VALUE_FIRST, before, is_well=True)
    return Question(Ask.VALUE_FIRST, Message("selfcheck.value_first.price_first"))


def _sources(post: Outgoing) -> Question:
    claims = [one.verdict for one in post.sentences if one.verdict is not Verdict.OPINION]
    bare = claims.count(Verdict.UNSUPPORTED)
    if bare:
        answer = Message("selfcheck.sources.missing", {"missing": bare, "count": len(claims)})
        return Question(Ask.SOURCES, answer)
    if claims:
        return Question(Ask.SOURCES, Message("selfcheck.sources.all", {"count": len(claims)}), is_well=True)
    return Question(Ask.SOURCES, Message("selfcheck.sources.none"), is_well=True)


def _disturbance(post: Outgoing) -> Question:
    if post.column.is_standing:
        return Question(Ask.DISTURBANCE, Message("selfcheck.disturbance.event"), is_well=True)
    if not post.beside:
        return Question(Ask.DISTURBANCE, Message("selfcheck.disturbance.alone"), is_well=True)
    nearest = min(post.beside, key=lambda one: abs(one.at - post.at))
    apart = abs(nearest.at - post.at)
    told = {"name": nearest.name, "place": nearest.place, "time": f"{nearest.at:%H:%M}"}
    if apart <= CLOSE:
        minutes = int(apart.total_seconds() // 60)
        return Question(Ask.DISTURBANCE, Message("selfcheck.disturbance.close", {**told, "minutes": minutes}))
    others = {**told, "count": len({(one.name, one.at) for one in post.beside})}
    return Question(Ask.DISTURBANCE, Message("selfcheck.disturbance.others", others), is_well=True)


def _effect(post: Outgoing) -> Question:
    """A call to act can be answered, and answers can be counted; the column says as what."""
    call = post.column.call_to_action.strip()
    if not (call and call in post.text) and not calls_to_action(post.text, post.language):
        return Question(Ask.EFFECT, Message("selfcheck.effect.no_call"))
    if not post.column.kpi:
        return Question(Ask.EFFECT, Message("selfcheck.effect.no_measure"))
    return Question(
        Ask.EFFECT, Message("selfcheck.effect.measured", {"measure": post.column.kpi}), is_well=True
    )


def _deployment(post: Outgoing) -> Question:
    if not post.places:
        return Question(Ask.DEPLOYMENT, Message("selfcheck.deployment.nowhere"))
    places = ("、" if post.language is Language.ZH else ", ").join(post.places)
    if post.column.is_standing:
        answer = Message("selfcheck.deployment.event", {"places": places})
        return Question(Ask.DEPLOYMENT, answer, is_well=True)
    if post.is_late:
        return Question(Ask.DEPLOYMENT, Message("selfcheck.deployment.late"))
    quiet = rest(post.column.module, post.at.date(), post.language)
    if quiet is not None:
        return Question(Ask.DEPLOYMENT, quiet)
    answer = Message("selfcheck.deployment.planned", {"places": places, "time": f"{post.at:%H:%M}"})
    return Question(Ask.DEPLOYMENT, answer, is_well=True)


_ANSWERS: tuple[Callable[[Outgoing], Question], ...] = (
    _tone,
    _customers,
    _one_line,
    _value_first,
    _sources,
    _disturbance,
    _effect,
    _deployment,
)
