"""Chooses which facts a post tells: about one thing, in an order, and others on other days."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.frames import Words
from copilot.adapters.llm.composer.reading import has, size
from copilot.adapters.llm.composer.scoring import alike, matters, rewarding, score
from copilot.domain.brands import Language
from copilot.domain.checks.structure import calls_to_action
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.sentences import sentences

_TELLS_TWICE = 0.3  # of four-grams shared: beyond it, one of two facts only repeats the other
_SHORTLIST = 16  # plans that rotate: enough for two weeks without a fact told twice

_NEARLY_AS_GOOD = 3.0  # Plans take turns only with their like.
_ANYWHERE = 20  # A list of what is earned, or of what it buys, may be told with gaps.
_LISTED_ALIKE = 0.6  # Its lines are built alike without telling the same.
_SOON = 24  # characters before a name that still make it the subject
_FAR = 2  # One sentence may be left out between two that are told; after more, the thread is lost.
# What these show is a thing; an event or a tale about the brand has columns of its own.
_OF_A_THING = frozenset({Form.SEEDING, Form.VIDEO_SCRIPT, Form.LIVE_TEASER})
_PRICED = re.compile(r"[£$€¥￥] ?\d|\d ?(?:元|块钱)")
_SAYS_ENOUGH = {Language.ZH: 20, Language.EN: 10}  # A shorter quotation does not carry a post alone.


@dataclass(frozen=True)
class Plan:
    """The facts of one post, and spare ones on the same matter for when it must be longer."""

    subject: str
    facts: tuple[Fact, ...]
    spare: tuple[Fact, ...]
    score: float


def position(brief: Brief) -> int:
    """Where this post stands in every rotation: one further each day; each attempt begins elsewhere."""
    shift = _number(str(brief.seed)) if brief.seed else 0
    return brief.starts_at.date().toordinal() + shift + _number(brief.column.slug)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:2])


def untold(facts: Sequence[Fact], recent: Sequence[str]) -> list[Fact]:
    """The facts that none of these texts tells, be it with the product's name left out."""
    cores = [_core(fact) for fact in facts]
    return [fact for fact, core in zip(facts, cores, strict=True) if not any(core in text for text in recent)]


def _core(fact: Fact) -> str:
    """The longest stretch of the fact without a product's name and without its last mark."""
    text = fact.text.rstrip("。.！!")
    parts = re.split("|".join(map(re.escape, fact.products)), text) if fact.products else [text]
    return max(parts, key=len).strip()


def asked_for(facts: Sequence[Fact], brief: Brief) -> list[Fact]:
    """The facts about the products that the instruction names; all of them when it names none we know."""
    named = [name for name in brief.brand.products if has(brief.instruction, name)]
    about = [fact for fact in facts if fact.subject in named or set(named) & set(fact.products)]
    return about or list(facts)


def fresh(
    found: Sequence[Fact], brief: Brief, make: Callable[[Sequence[Fact], bool], list[Plan]]
) -> list[Plan]:
    """Plans from facts that no recent text told; when these run out, what was told longest ago comes back."""
    kept = len(brief.recent)
    if brief.column.form is Form.OFFER:
        return make(found, True)  # an offer stays the same until it ends; only the words around it change
    while kept:
        if made := make(untold(found, brief.recent[:kept]), False):
            return made
        kept //= 2
    return make(found, True)


def plans(facts: Sequence[Fact], brief: Brief, words: Words, mixed: bool) -> list[Plan]:
    """Facts that stand side by side in their material, the best first; each fact is in one plan only.

    Only when there is no such plan, and `mixed` allows it, others on one subject or the two best make one.
    """
    form = brief.column.form
    facts = suited(facts, brief, words)
    scores = {fact: score(fact, brief, words) for fact in facts}
    if form is Form.OFFER:
        best = _offers(facts, scores, brief)
    else:
        best = _neighbours(facts, scores, brief)
        if form in _OF_A_THING:
            best = [plan for plan in best if plan.subject in brief.brand.products] or best
    if not best and mixed and len(facts) > 1:
        first, second, *spare = sorted(facts, key=lambda fact: -scores[fact])
        second = next((fact for fact in (second, *spare) if fact.subject == first.subject), second)
        spare = [fact for fact in facts if fact not in (first, second)]
        best = [Plan("", in_order((first, second), ""), tuple(spare), 0.0)]
    best.sort(key=lambda plan: -plan.score)
    return _interleaved([plan for plan in best[:_SHORTLIST] if plan.score > best[0].score - _NEARLY_AS_GOOD])


def suited(facts: Sequence[Fact], brief: Brief, words: Words) -> list[Fact]:
    """The facts that this form of post may tell; the nearest wider choice when these are too few.

    The rules of the house, a newcomer's gift and a price are told where people look for them, and a row
    that says nothing but a price is told by an offer.
    """
    form = brief.column.form
    if form is Form.OFFER:
        return list(facts)
    spoken = [fact for fact in facts if fact.lifted and not has(fact.text, *words.newcomers)]
    if form is Form.POINTS:
        call = brief.column.call_to_action
        told = [fact for fact in spoken if alike(fact.text, call, brief.brand.language) < _TELLS_TWICE]
        own = [fact for fact in told if has(fact.text, *matters(brief, words)) and fact.about != "price"]
        choices = [own, rewarding(facts, brief, words)]
    else:
        calm = [fact for fact in spoken if fact.about not in ("service", "price") and not asks(fact, brief)]
        things = [fact for fact in calm if fact.about in ("what", "how", "care", "said")]
        choices = [things, calm, spoken] if form in _OF_A_THING else [calm, spoken]
    return next((choice for choice in choices if len(choice) > 1), list(facts))


def alone(facts: Sequence[Fact], brief: Brief, words: Words, *, useful: bool = False) -> list[Fact]:
    """Facts that are understood without a neighbour, the best first: they say at once what they are about.

    `useful` ones say how something is done; none of them, when there is none.
    """
    calm = suited(facts, brief, words)
    named = [fact for fact in calm if not fact.attribution and not fact.answers]
    named = [fact for fact in named if _opens_with_its_subject(fact) or brief.brand.name in fact.text[:_SOON]]
    named = [fact for fact in named if not _PRICED.search(fact.text)]
    if useful:
        named = [fact for fact in named if _helps(fact, brief, words)]
    scores = {fact: score(fact, brief, words) for fact in named}
    return sorted(named, key=lambda fact: -scores[fact])[:_SHORTLIST]


def _helps(fact: Fact, brief: Brief, words: Words) -> bool:
    """Whether the fact is advice: a guide's word on how to do it, or another's that begins with the doing."""
    if has(fact.text, *words.buying):
        return False
    if brief.brand.language is Language.ZH:
        return fact.about in ("how", "care", "what") and has(fact.text, *words.hows)
    if fact.about in ("how", "care"):
        return has(fact.text, *words.hows)
    return fact.about == "what" and has(fact.text.split()[0], *words.hows)


def asks(fact: Fact, brief: Brief) -> bool:
    """Whether the fact itself asks for something: a post asks for one thing, at its end."""
    return bool(calls_to_action(fact.text, brief.brand.language))


def _offers(facts: Sequence[Fact], scores: dict[Fact, float], brief: Brief) -> list[Plan]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        dated = fact.row and fact.windowed
        groups.setdefault(f"{fact.place} {fact.source}" if dated else fact.subject, []).append(fact)
    groups = {name: _with_its_product(group, facts, brief) for name, group in groups.items()}
    plans = [plan for subject, group in groups.items() for plan in _pairs(subject, group, scores, brief)]
    plans = [plan for plan in plans if plan.facts[0].windowed] or plans
    return [plan for plan in plans if plan.facts[0].label == brief.column.name] or plans


def _neighbours(facts: Sequence[Fact], scores: dict[Fact, float], brief: Brief) -> list[Plan]:
    """Facts told one after another by their source, as its author meant them to be read."""
    sources: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        sources.setdefault((fact.place, 0 if fact.row else fact.source), []).append(fact)
    made: list[Plan] = []
    for group in sources.values():
        left = sorted(group, key=lambda fact: (fact.source, fact.order))
        while left:
            first = left.pop(0)
            second = next((fact for fact in left if _follows(first, fact, brief)), None)
            if second is None:
                if (
                    first.attribution
                    and size(first.text, brief.brand.language) >= _SAYS_ENOUGH[brief.brand.language]
                ):
                    made.append(Plan(_subject((first,), brief), (first,), (), 2 * scores[first]))
                continue
            left.remove(second)
            if "›" not in first.place and not first.row and not _opens_with_its_subject(first):
                continue  # a step of a guide whose headings were lost: nobody would know of what
            pair = (first, second)
            spare = [fact for fact in left if _follows(second, fact, brief)] if not first.attribution else []
            total = scores[first] + scores[second] + affinity(first, second)
            total -= 1.5 * first.order if first.about == "news" else 0.0  # news is told from its beginning
            made.append(Plan(_subject(pair, brief), pair, tuple(spare[:2]), total))
    return made


def _opens_with_its_subject(fact: Fact) -> bool:
    return any(0 <= fact.text.find(product) <= _SOON for product in fact.products)


def _follows(first: Fact, second: Fact, brief: Brief) -> bool:
    """Whether the second fact goes on where the first stops. A member's words are only quoted unbroken."""
    gap = second.order - first.order
    if first.attribution:
        return gap == 1
    if first.row and second.row and first.source != second.source:
        near = first.subject == second.subject
    else:
        near = 0 < gap <= (_ANYWHERE if brief.column.form is Form.POINTS else _FAR)
    if brief.column.form in _OF_A_THING and first.products and second.products:
        near = near and bool(set(first.products) & set(second.products))
    most = _LISTED_ALIKE if brief.column.form is Form.POINTS else _TELLS_TWICE
    return near and alike(first.text, second.text, brief.brand.language) < most


def _subject(facts: Sequence[Fact], brief: Brief) -> str:
    named = [fact.subject for fact in facts if fact.subject in brief.brand.products]
    return named[0] if len(set(named)) == 1 else facts[0].place


def _with_its_product(group: list[Fact], facts: Sequence[Fact], brief: Brief) -> list[Fact]:
    """A row that says all in one fact is told together with the product that it is about."""
    if len(group) > 1 or len(sentences(group[0].text, brief.brand.language)) > 1:
        return group
    return group + [fact for fact in facts if fact.subject == group[0].subject and fact not in group][:1]


def _interleaved(best: Iterable[Plan]) -> list[Plan]:
    """The same plans, so that neighbours in the rotation are about different things."""
    queues: dict[str, list[Plan]] = {}
    for plan in best:
        queues.setdefault(plan.subject, []).append(plan)
    ordered: list[Plan] = []
    while any(queues.values()):
        for queue in sorted(queues.values(), key=len, reverse=True):
            if queue:
                ordered.append(queue.pop(0))
    return ordered


def _pairs(subject: str, group: list[Fact], scores: dict[Fact, float], brief: Brief) -> list[Plan]:
    language = brief.brand.language
    left = sorted(group, key=lambda fact: (-scores[fact], fact.source, fact.order))
    made: list[Plan] = []
    if len(left) == 1 and left[0].windowed and len(sentences(left[0].text, language)) > 1:
        return [Plan(subject, (left[0],), (), scores[left[0]])]  # what it costs, and until when
    while left:
        first = left.pop(0)
        fitting = [fact for fact in left if alike(first.text, fact.text, language) < _TELLS_TWICE]
        if not fitting:
            continue
        second = max(fitting, key=lambda fact: scores[fact] + affinity(first, fact))
        left.remove(second)
        pair = in_order((first, second), subject)
        spare = [
            fact
            for fact in sorted(group, key=lambda fact: -scores[fact])
            if fact not in pair and all(alike(one.text, fact.text, language) < _TELLS_TWICE for one in pair)
        ]
        made.append(
            Plan(subject, pair, tuple(spare), scores[first] + scores[second] + affinity(first, second))
        )
    return made


def in_order(facts: Sequence[Fact], subject: str) -> tuple[Fact, ...]:
    """Neighbours as the material has them, what names its subject first, a lasting price and quotes last.

    An offer that ends is the news of its post and goes before all else.
    """
    first = min(
        facts,
        key=lambda fact: (
            bool(fact.attribution),
            not (fact.row and fact.windowed),
            fact.row,
            subject not in fact.products,
        ),
    )
    return tuple(
        sorted(
            facts,
            key=lambda fact: (
                bool(fact.attribution),
                fact.row and fact.about == "price" and not fact.windowed,
                fact.source != first.source,
                fact.source,
                fact.order if fact.source == first.source else 0,
            ),
        )
    )


def affinity(one: Fact, other: Fact) -> float:
    """How well two facts of one subject read side by side."""
    told = 0.5 if one.about == other.about else 0.0
    if one.place == other.place:
        told += 0.8
    if one.source == other.source:
        told += 1.5 if one.row else 0.4 if abs(one.order - other.order) == 1 else 0.0
    return told
