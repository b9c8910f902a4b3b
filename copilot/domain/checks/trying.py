"""Rules on trial: which of them speak about a sentence and which keep silent, and what an example makes of its rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.checks.compliance import RuleSet
from copilot.domain.checks.matching import Chinese
from copilot.domain.checks.rules import Pack, Rule
from copilot.domain.checks.ruling import own_pack
from copilot.domain.findings import Finding
from copilot.domain.rulebook import OwnRule, RuleBook


class Silence(StrEnum):
    """Why a rule that knows the words says nothing: its pack is off, the rule is, or the brand made an exception."""

    PACK = "pack"
    RULE = "rule"
    EXCEPTION = "exception"


@dataclass(frozen=True)
class Heard:
    """One hit of one rule. `silence` is None where the rule speaks; `pack` is "own" for the brand's."""

    finding: Finding
    rule: Rule
    pack: str
    silence: Silence | None = None


def try_text(
    text: str, *, force: RuleSet, every: RuleSet, on: Iterable[str], book: RuleBook
) -> tuple[Heard, ...]:
    """What the rules in `force` say of a text, then what those of `every` would say if the book let them.

    `on` are the packs that the brand has switched on.
    """
    home = {rule.id: pack.name for rules in (every, force) for pack in rules.packs for rule in pack.rules}
    spoken = force.find(text)
    said = {(finding.rule, finding.start, finding.end) for finding in spoken}
    switched_on = set(on)
    heard = [Heard(one, _rule(force, one.rule), home[one.rule]) for one in spoken]
    for one in every.find(text):
        if (one.rule, one.start, one.end) in said:
            continue
        silence = Silence.EXCEPTION
        if home[one.rule] not in switched_on:
            silence = Silence.PACK
        elif book.change_of(one.rule).is_off:
            silence = Silence.RULE
        heard.append(Heard(one, _rule(every, one.rule), home[one.rule], silence))
    return tuple(heard)


@dataclass(frozen=True)
class Example:
    """One example of an own rule, read by it. `found` are the words that raised it, `others` the rules that spoke beside."""

    text: str
    is_positive: bool
    found: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return bool(self.found) == self.is_positive


def try_examples(rule: OwnRule, others: RuleSet, language: str, chinese: Chinese) -> tuple[Example, ...]:
    """Each example as the rule reads it; `others` are the rules that hold beside it."""
    terms = [term for term in rule.terms if term.strip()]
    alone = RuleSet.compile([own_pack([rule], language)] if terms else (), chinese)
    return tuple(
        Example(
            text=text,
            is_positive=is_positive,
            found=_unlike(finding.text for finding in alone.find(text)),
            others=_unlike(finding.rule for finding in others.find(text) if finding.rule != rule.id),
        )
        for texts, is_positive in ((rule.positive, True), (rule.negative, False))
        for text in texts
    )


def found_in_examples(pack: Pack, chinese: Chinese) -> dict[str, tuple[str, ...]]:
    """What each rule of a pack finds in its own examples: shows what a pattern looks for without a pattern."""
    rules = RuleSet.compile([pack], chinese)
    return {
        rule.id: _unlike(
            finding.text for text in rule.positive for finding in rules.find(text) if finding.rule == rule.id
        )
        for rule in pack.rules
    }


def _rule(rules: RuleSet, name: str) -> Rule:
    found = rules.rule(name)
    assert found is not None
    return found


def _unlike(items: Iterable[str] | Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
