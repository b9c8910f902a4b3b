"""A rule book put to work: the packs with what a brand changed of them, and its own rules as one more pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.domain.checks.rules import Pack, Rule
from copilot.domain.rulebook import OWN, Change, OwnRule, RuleBook


def packs_on(packs: Sequence[Pack], book: RuleBook, language: str) -> tuple[Pack, ...]:
    """Those of these packs that the book has switched on, in their own order."""
    if book.packs is None:
        return tuple(pack for pack in packs if pack.language == language)
    return tuple(pack for pack in packs if pack.name in book.packs)


def switched(packs: Sequence[Pack], book: RuleBook, language: str, name: str, on: bool) -> RuleBook:
    """The book with one pack on or off. Back at the packs of the language, it goes along with whatever these become."""
    held = {pack.name for pack in packs_on(packs, book, language)}
    wanted = held | {name} if on else held - {name}
    usual = {pack.name for pack in packs_on(packs, RuleBook(), language)}
    names = tuple(pack.name for pack in packs if pack.name in wanted)
    return replace(book, packs=None if wanted == usual else names)


def in_force(packs: Sequence[Pack], book: RuleBook, language: str) -> tuple[Pack, ...]:
    """These packs as the book has them: switched-off rules gone, severities and exceptions the brand's.

    A change of a rule that no pack has by now changes nothing.
    """
    changes = {change.rule: change for change in book.changes}
    changed = [
        replace(
            pack,
            rules=tuple(
                _changed(rule, changes.get(rule.id))
                for rule in pack.rules
                if not (rule.id in changes and changes[rule.id].is_off)
            ),
        )
        for pack in packs
    ]
    return (*changed, own_pack(book.own, language)) if book.own else tuple(changed)


def own_pack(own: Sequence[OwnRule], language: str) -> Pack:
    rules = tuple(as_rule(one) for one in own)
    return Pack(OWN.rstrip("."), 1, language, {}, {}, rules)


def as_rule(one: OwnRule) -> Rule:
    """A brand's rule is worded once, in the language that its people speak."""
    return Rule(
        id=one.id,
        category=OWN.rstrip("."),
        severity=one.severity,
        reason={"en": one.reason, "zh": one.reason},
        basis={"en": one.basis, "zh": one.basis},
        positive=one.positive,
        negative=one.negative,
        terms=one.terms,
        exceptions=one.exceptions,
        alternatives=one.alternatives,
        fixes={} if one.instead is None else dict.fromkeys(one.terms, one.instead),
    )


def _changed(rule: Rule, change: Change | None) -> Rule:
    if change is None:
        return rule
    return replace(
        rule,
        severity=change.severity or rule.severity,
        exceptions=(*rule.exceptions, *change.exceptions),
    )
