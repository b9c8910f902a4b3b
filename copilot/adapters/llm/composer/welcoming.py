"""Chooses what a newcomer is told: the welfare, what people ask, and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.frames import Words
from copilot.adapters.llm.composer.reading import has
from copilot.adapters.llm.composer.scoring import matters, score
from copilot.domain.drafts import Brief


@dataclass(frozen=True)
class WelcomePlan:
    """A welcome's three parts, in the order that newcomers need them."""

    welfare: tuple[Fact, ...]
    service: tuple[Fact, ...]
    rules: tuple[Fact, ...]


def plan(facts: Sequence[Fact], brief: Brief, words: Words, turn: int) -> WelcomePlan:
    """What a newcomer gets, what they will ask, and what is asked of them, each from one place."""
    parts: dict[str, list[tuple[float, Fact]]] = {"welfare": [], "service": [], "rules": []}
    for fact in facts:
        if fact.attribution:
            continue
        weights = _part(fact, words, matters(brief, words))
        part = max(weights, key=lambda name: weights[name])
        if weights[part] > 0:
            parts[part].append((weights[part] + score(fact, brief, words) / 4, fact))
    return WelcomePlan(
        welfare=_neighbours(parts["welfare"], 0, shortlist=1),
        service=_neighbours(parts["service"], turn, shortlist=5),
        rules=_neighbours(parts["rules"], turn, shortlist=3),
    )


def _part(fact: Fact, words: Words, rewards: tuple[str, ...]) -> dict[str, float]:
    """How much a fact belongs to each part, by its heading and its own words."""

    heading = fact.place.rsplit("›", 1)[-1]

    def weight(terms: tuple[str, ...]) -> float:
        inside = min(2, sum(has(fact.text, term) for term in terms))
        return inside + (1.5 if has(heading, *terms) else 0.0)

    newcomers = sum(1.5 for term in words.newcomers if has(fact.text, term))
    return {
        "rules": weight(words.rules) * 1.1,
        "service": weight(words.service) + (2.5 if fact.answers else 0.0),
        "welfare": weight((*words.welfare, *rewards)) + newcomers,
    }


def _neighbours(weighed: list[tuple[float, Fact]], turn: int, *, shortlist: int) -> tuple[Fact, ...]:
    """One of the best facts, by turn, and the one beside it in its material."""
    ranked = [fact for _, fact in sorted(weighed, key=lambda pair: (-pair[0], pair[1].source, pair[1].order))]
    if not ranked:
        return ()
    first = ranked[turn % min(shortlist, len(ranked))]
    beside = [fact for fact in ranked if fact is not first and fact.place == first.place]
    nearest = sorted(beside, key=lambda fact: (fact.source != first.source, abs(fact.order - first.order)))
    return tuple(sorted([first, *nearest[:1]], key=lambda fact: (fact.source, fact.order)))
