"""Chooses which facts a post tells: about one thing, in an order, and others on other days."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.frames import Words
from copilot.adapters.llm.composer.reading import has, size
from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.sentences import sentences

_DIGIT = re.compile(r"\d")
_COMMAS = re.compile(r"[，,、；;]")
_TELLS_TWICE = 0.3  # of four-grams shared: beyond it, one of two facts only repeats the other
_SHORTLIST = 16  # plans that rotate: enough for two weeks without a fact told twice

_WANTED: dict[Form, dict[str, float]] = {
    Form.CHECK_IN: {"how": 0.6, "care": 0.5, "story": 0.3, "price": -1.0, "service": -0.6},
    Form.TOPIC: {"how": 0.5, "care": 0.4, "news": 0.4, "story": 0.3, "price": -1.0},
    Form.SEEDING: {"what": 0.8, "said": 0.9, "price": -0.2, "how": 0.2},
    Form.QUIZ: {"what": 0.5, "how": 0.5, "care": 0.5, "price": -0.5},
    Form.POLL: {"what": 0.6, "how": 0.3, "price": -0.5},
    Form.OFFER: {"price": 1.0},
    Form.POINTS: {"price": 0.1, "service": 0.4},
}
_FIGURES = {Form.SEEDING: 0.5, Form.OFFER: 0.8, Form.POINTS: 0.6, Form.QUIZ: 0.3}
# A member's words and a price go with whatever else is said of the same thing.
_MIXES = frozenset({"said", "price"})
_HOWS = frozenset({Form.CHECK_IN, Form.TOPIC, Form.QUIZ})


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
    return [fact for fact in facts if not any(_core(fact) in text for text in recent)]


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
    """Pairs of facts that belong together, the best of every subject first; each fact is in one pair only.

    Only when there is no such pair, and `mixed` allows it, the two best facts make one.
    """
    form = brief.column.form
    if form is Form.POINTS:
        facts = rewarding(facts, brief, words)
    scores = {fact: score(fact, brief, words) for fact in facts}
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(_group(fact, form), []).append(fact)
    if form is Form.SEEDING and any(name in brief.brand.products for name in groups):
        # What is recommended is a thing; an event or a tale about the brand has columns of its own.
        groups = {name: group for name, group in groups.items() if name in brief.brand.products}
    if form is Form.OFFER:
        groups = {name: _with_its_product(group, facts, brief) for name, group in groups.items()}
    by_group = [_pairs(subject, group, scores, brief) for subject, group in groups.items()]
    best = sorted((plan for pairs in by_group for plan in pairs), key=lambda plan: -plan.score)[:_SHORTLIST]
    if form is Form.OFFER:
        best = [plan for plan in best if plan.facts[0].windowed] or best
        best = [plan for plan in best if plan.facts[0].label == brief.column.name] or best
    if not best and mixed and len(facts) > 1:
        first, second, *spare = sorted(facts, key=lambda fact: -scores[fact])
        best = [Plan("", in_order((first, second), ""), tuple(spare), 0.0)]
    return _interleaved(best)


def _with_its_product(group: list[Fact], facts: Sequence[Fact], brief: Brief) -> list[Fact]:
    """A row that says all in one fact is told together with the product that it is about."""
    if len(group) > 1 or len(sentences(group[0].text, brief.brand.language)) > 1:
        return group
    return group + [fact for fact in facts if fact.subject == group[0].subject and fact not in group][:1]


def _group(fact: Fact, form: Form) -> str:
    """What a fact is told together with: its subject; for an offer its own row, for rewards its section."""
    if form in (Form.OFFER, Form.POINTS) and fact.row and fact.windowed:
        return f"{fact.place} {fact.source}"
    return fact.place if form is Form.POINTS else fact.subject


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
        fitting = [fact for fact in left if _together(first, fact, language)]
        if not fitting:
            continue
        second = max(fitting, key=lambda fact: scores[fact] + affinity(first, fact))
        left.remove(second)
        pair = in_order((first, second), subject)
        places = {fact.place for fact in pair}
        spare = [
            fact
            for fact in sorted(group, key=lambda fact: (fact.place not in places, -scores[fact]))
            if fact not in pair and all(_together(one, fact, language) for one in pair)
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


def _together(one: Fact, other: Fact, language: Language) -> bool:
    if one.attribution and other.attribution:
        return False
    if one.place != other.place and one.about != other.about and not {one.about, other.about} & _MIXES:
        return False
    if (
        one.row
        and other.row
        and one.source != other.source
        and one.place == other.place
        and one.about == "what"
    ):
        return False
    return alike(one.text, other.text, language) < _TELLS_TWICE


def alike(one: str, other: str, language: Language) -> float:
    """The share of the shorter text's pieces (characters or words, in pairs) that the other has, too."""
    left, right = _grams(one, language), _grams(other, language)
    return len(left & right) / max(1, min(len(left), len(right)))


def _grams(text: str, language: Language, width: int = 0) -> set[tuple[str, ...]]:
    chinese = language is Language.ZH
    units = list(text) if chinese else re.findall(r"\w+", text.lower())
    width = width or (4 if chinese else 3)
    return {tuple(units[at : at + width]) for at in range(len(units) - width + 1)}


def matters(brief: Brief, words: Words) -> tuple[str, ...]:
    """The words that rewards go by: the language's, and the names that the column's purpose gives them."""
    named = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", brief.column.purpose)
    return (*words.points, *named)


def rewarding(facts: Sequence[Fact], brief: Brief, words: Words) -> list[Fact]:
    """The facts that speak of rewards or prices; all of them when these are too few."""
    terms = matters(brief, words)
    about = [fact for fact in facts if has(fact.text, *terms) or (fact.about == "price" and fact.windowed)]
    return about if len(about) > 1 else list(facts)


def score(fact: Fact, brief: Brief, words: Words) -> float:
    """How much this form of post wants the fact: concrete, of a good length, to the purpose."""
    form, language = brief.column.form, brief.brand.language
    total = 1.5 * (1 - (fact.source - 1) / max(1, len(brief.sources)))
    total += _WANTED.get(form, {}).get(fact.about, 0.0)
    least, most = (14, 36) if language is Language.ZH else (8, 20)
    total += 0.6 if least <= size(fact.text, language) <= most else 0.0
    total += _FIGURES.get(form, 0.2) if _DIGIT.search(fact.text) else 0.0
    total += 0.6 if fact.named else 0.0
    total += 0.4 if form in _HOWS and has(fact.text, *words.hows) else 0.0
    total -= 0.3 if len(_COMMAS.findall(fact.text)) > 3 else 0.0
    total -= 0.5 if fact.answers else 0.0
    if fact.about in ("news", "story") and not _grams(fact.place, language, 2) & _grams(
        fact.text, language, 2
    ):
        total -= 0.8  # it does not say which event or whose story it belongs to
    if form is Form.OFFER and fact.windowed:
        total += 2.0
    if form is Form.POINTS and has(fact.text, *matters(brief, words)):
        total += 1.5
    width = 2 if language is Language.ZH else 1
    wanted = _grams(brief.column.purpose, language, width)
    total += 1.5 * len(wanted & _grams(fact.text, language, width)) / max(1, min(len(wanted), 12))
    return total
