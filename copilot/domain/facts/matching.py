"""Pairs the known facts of a material with what its new revision says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

from copilot.domain.facts.canonical import dimension
from copilot.domain.facts.identity import key, normalised, same_value
from copilot.domain.facts.values import Matched, Outcome, Pinned, SuggestedFact

_LIKE = 0.6
_TELLING = 5


def changes(before: Sequence[Pinned], after: Sequence[SuggestedFact]) -> tuple[Matched, ...]:
    """What became of each known fact, in order, then what is new.

    A fact is paired with one of the same key and value, then of the same key (as many of them as
    before are paired in their order), then with the one candidate left of the same kind, subject and
    unit that reads alike: a column that was renamed keeps its facts.
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
    """Whether the names, or the sentences without their values, are much the same: 会员价 became 会员专享价,
    but a price that is gone did not become the postage that is new."""
    names = SequenceMatcher(None, normalised(fact.name), normalised(other.name)).ratio()
    mine, its = (normalised(one.quote.replace(one.value, " ")) for one in (fact, other))
    told = min(len(mine), len(its)) > _TELLING and SequenceMatcher(None, mine, its).ratio() >= _LIKE
    return told or names >= _LIKE


def _same(fact: Pinned, other: SuggestedFact) -> bool:
    return same_value(fact.amount, fact.unit, fact.value, other.amount, other.unit, other.value)


def _told(fact: Pinned, counterpart: SuggestedFact | None) -> Matched:
    if counterpart is None:
        return Matched(Outcome.GONE, fact, None)
    return Matched(Outcome.UNCHANGED if _same(fact, counterpart) else Outcome.CHANGED, fact, counterpart)
