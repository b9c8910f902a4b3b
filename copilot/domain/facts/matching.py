"""Pairs the known facts of a material with what its new revision says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

from copilot.domain.facts import naming
from copilot.domain.facts.canonical import dimension
from copilot.domain.facts.identity import key, normalised, same_value
from copilot.domain.facts.values import FactKind, Matched, Outcome, Pinned, SuggestedFact
from copilot.domain.grounding.topics import topics

_LIKE = 0.6
_TELLING = 5


def changes(before: Sequence[Pinned], after: Sequence[SuggestedFact]) -> tuple[Matched, ...]:
    """What became of each known fact, in order, then what is new.

    A fact is paired with one of the same key and value, then of the same key (as many of them as
    before are paired in their order), then with the one candidate left of the same kind, subject and
    unit that is called alike: a column that was renamed keeps its facts.
    """
    pairs: dict[int, int] = {}

    def pair(
        known_by: Callable[[Pinned], Hashable],
        found_by: Callable[[SuggestedFact], Hashable],
        *,
        akin: bool = False,
    ) -> None:
        known: dict[Hashable, list[int]] = {}
        found: dict[Hashable, list[int]] = {}
        for number, fact in enumerate(before):
            if number not in pairs:
                known.setdefault(known_by(fact), []).append(number)
        taken = set(pairs.values())
        for number, suggestion in enumerate(after):
            if number not in taken:
                found.setdefault(found_by(suggestion), []).append(number)
        for identity, numbers in known.items():
            others = found.get(identity, [])
            if len(numbers) == len(others) and (len(numbers) == 1 or not akin):
                pairs.update(
                    (one, other)
                    for one, other in zip(numbers, others, strict=True)
                    if not akin or _alike(before[one], after[other])
                )

    _pair_equal(before, after, pairs)
    pair(lambda f: key(f.kind, f.subject, f.name), lambda f: key(f.kind, f.subject, f.name))
    pair(
        lambda f: (f.kind, normalised(f.subject), dimension(f.unit)),
        lambda f: (f.kind, normalised(f.subject), dimension(f.unit)),
        akin=True,
    )
    taken = set(pairs.values())
    told = [
        _told(fact, after[pairs[number]] if number in pairs else None) for number, fact in enumerate(before)
    ]
    fresh = [Matched(Outcome.NEW, None, fact) for number, fact in enumerate(after) if number not in taken]
    return (*told, *fresh)


def _pair_equal(before: Sequence[Pinned], after: Sequence[SuggestedFact], pairs: dict[int, int]) -> None:
    """Same key and same value: these two are one fact, however many share the key."""
    by_key: dict[str, list[int]] = {}
    for number, suggestion in enumerate(after):
        by_key.setdefault(key(suggestion.kind, suggestion.subject, suggestion.name), []).append(number)
    for number, fact in enumerate(before):
        candidates = by_key.get(key(fact.kind, fact.subject, fact.name), [])
        equal = next((other for other in candidates if _same(fact, after[other])), None)
        if equal is not None:
            pairs[number] = equal
            candidates.remove(equal)


def _alike(fact: Pinned, other: SuggestedFact) -> bool:
    """Whether these two are one fact by another name: 会员价 became 会员专享价.

    That two sentences are built alike says nothing of a price or a measure, for a material says all of them
    in the same words: 门店价是 299 元 did not become 会员价是 239 元. It counts for promises about one topic,
    whose names are but the words around the figure.
    """
    if naming.alike(fact.name, other.name) or (_same(fact, other) and fact.quote == other.quote):
        return True
    if fact.kind is not FactKind.PROMISE or not _share_a_topic(fact.name, other.name):
        return False
    mine, its = (normalised(one.quote.replace(one.value, " ")) for one in (fact, other))
    return min(len(mine), len(its)) > _TELLING and SequenceMatcher(None, mine, its).ratio() >= _LIKE


def _share_a_topic(one: str, other: str) -> bool:
    return bool({topic.name for topic in topics(one)} & {topic.name for topic in topics(other)})


def _same(fact: Pinned, other: SuggestedFact) -> bool:
    return same_value(fact.amount, fact.unit, fact.value, other.amount, other.unit, other.value)


def _told(fact: Pinned, counterpart: SuggestedFact | None) -> Matched:
    if counterpart is None:
        return Matched(Outcome.GONE, fact, None)
    return Matched(Outcome.UNCHANGED if _same(fact, counterpart) else Outcome.CHANGED, fact, counterpart)
