"""Every term that a copy is read for, the law's and the brand's own, in one automaton and one pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from copilot.domain.checks.compliance import RuleSet
from copilot.domain.checks.matching import Hit, Lexicon, Reading
from copilot.domain.checks.terms import TermSet


@dataclass(frozen=True)
class Scan:
    """What one pass over a text met; each set's hits are keyed by the places of its own terms."""

    reading: Reading
    rules: tuple[Hit, ...]
    terms: tuple[Hit, ...]


class Vocabulary:
    """The terms of a set of rules and of a voice together. Costly to build and cheap to use."""

    def __init__(self, rules: RuleSet, known: TermSet) -> None:
        self._chinese = rules.chinese
        self._first_of_known = len(rules.terms)
        self._lexicon = Lexicon((*rules.terms, *known.terms), rules.chinese)

    def scan(self, text: str) -> Scan:
        reading = Reading.of(text, self._chinese)
        of_rules: list[Hit] = []
        of_known: list[Hit] = []
        for hit in self._lexicon.find(reading):
            if hit.key < self._first_of_known:
                of_rules.append(hit)
            else:
                of_known.append(replace(hit, key=hit.key - self._first_of_known))
        return Scan(reading, tuple(of_rules), tuple(of_known))


@lru_cache(maxsize=64)
def vocabulary(rules: RuleSet, known: TermSet) -> Vocabulary:
    """One automaton for each pair of a brand's rules and its voice, not one for each check."""
    return Vocabulary(rules, known)
