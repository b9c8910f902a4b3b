"""What does not fit in a rule book: each fault names its field, and an own rule is tested by its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.domain.brands import Brand
from copilot.domain.checks.compliance import RuleSet
from copilot.domain.checks.matching import Chinese
from copilot.domain.checks.rules import Pack, Rule
from copilot.domain.checks.ruling import in_force, own_pack, packs_on
from copilot.domain.checks.spellings import spellings
from copilot.domain.findings import Severity
from copilot.domain.messages import Message
from copilot.domain.rulebook import OWN, Change, OwnRule, RuleBook

LONGEST_TERM, LONGEST_LINE, LONGEST_EXAMPLE, LONGEST_DECLARATION = 60, 200, 300, 100
MOST_TERMS, MOST_OWN = 100, 60
LEAST_EXAMPLES, MOST_EXAMPLES = 3, 20

_ID = re.compile(re.escape(OWN) + r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LISTED = ("terms", "exceptions", "alternatives")
_EXAMPLES = ("positive", "negative")
_PARTS = (*_LISTED, *_EXAMPLES, "reason", "basis", "instead")


@dataclass(frozen=True)
class Fault:
    """`field` is the way to what does not fit: own.refill.positive.2 is the second positive example of that rule."""

    field: str
    message: Message

    @property
    def part(self) -> str:
        """The part of an own rule that it is about, such as `terms`; "" for anything else."""
        _, *rest = self.field.removeprefix(OWN).split(".")
        return rest[0] if self.field.startswith(OWN) and rest and rest[0] in _PARTS else ""

    @property
    def is_of_example(self) -> bool:
        return self.part in _EXAMPLES and self.field[-1].isdecimal()


def faults(book: RuleBook, brand: Brand, packs: Sequence[Pack], chinese: Chinese) -> tuple[Fault, ...]:
    """Everything that does not fit, in the order of the book. `packs` are all that there are, on or off."""
    return tuple(_faults(book, brand, packs, chinese))


def _faults(book: RuleBook, brand: Brand, packs: Sequence[Pack], chinese: Chinese) -> Iterator[Fault]:
    known_packs = {pack.name for pack in packs}
    for name in book.packs or ():
        if name not in known_packs:
            yield Fault(
                f"packs.{name}",
                Message("invalid.rules_pack", {"pack": name, "known": ", ".join(sorted(known_packs))}),
            )
    known = {rule.id: rule for pack in packs for rule in pack.rules}
    taken: set[str] = set()
    for change in book.changes:
        yield from _change_faults(change, known, taken, chinese)
        taken.add(change.rule)
    if len(book.own) > MOST_OWN:
        yield Fault("own", Message("invalid.rules_own_many", {"most": MOST_OWN}))
    sound: list[OwnRule] = []
    ids: set[str] = set()
    for number, rule in enumerate(book.own, start=1):
        found = list(_own_faults(rule, number, ids, brand, chinese))
        ids.add(rule.id)
        yield from found
        if not found:
            sound.append(rule)
    said = [(f"{rule.id}.instead", rule.instead, rule.id) for rule in sound if rule.instead]
    is_too_long = len(book.declaration) > LONGEST_DECLARATION
    if book.declaration and not is_too_long:
        said.append(("declaration", book.declaration, ""))
    if said:
        # What does not stand by itself is not compiled with the rest.
        changes = RuleBook(changes=book.tidy().changes)
        others = in_force(packs_on(packs, book, brand.language), changes, brand.language)
        every = RuleSet.compile((*others, own_pack(sound, brand.language)), chinese)
        for field, text, itself in said:
            yield from _said(field, text, every, itself)
    if is_too_long:
        yield Fault("declaration", Message("invalid.rules_declaration", {"declaration": LONGEST_DECLARATION}))


def _change_faults(
    change: Change, known: dict[str, Rule], taken: set[str], chinese: Chinese
) -> Iterator[Fault]:
    place = f"changes.{change.rule}"
    rule = known.get(change.rule)
    if rule is None:
        yield Fault(place, Message("invalid.rules_unknown", {"rule": change.rule}))
    elif change.rule in taken:
        yield Fault(place, Message("invalid.rules_double", {"rule": change.rule}))
    if len(change.exceptions) > MOST_TERMS:
        yield Fault(f"{place}.exceptions", Message("invalid.rules_many", {"items": MOST_TERMS}))
    for number, text in enumerate(change.exceptions, start=1):
        fault = _phrase_fault(text)
        if fault is None and rule is not None:
            fault = _exception_fault(text, rule, chinese)
        if fault is not None:
            yield Fault(f"{place}.exceptions.{number}", fault)


def _own_faults(rule: OwnRule, number: int, ids: set[str], brand: Brand, chinese: Chinese) -> Iterator[Fault]:
    if not _ID.fullmatch(rule.id):
        yield Fault(f"own.{number}.id", Message("invalid.rules_id"))
        return
    if rule.id in ids:
        yield Fault(f"{rule.id}.id", Message("invalid.rules_own_taken", {"rule": rule.id}))
        return
    ill_formed = list(_form_faults(rule))
    yield from ill_formed
    for place, text in enumerate(rule.exceptions, start=1):
        if chinese.fold(text).strip() in {chinese.fold(term).strip() for term in rule.terms if term.strip()}:
            yield Fault(f"{rule.id}.exceptions.{place}", Message("invalid.rules_exception_own"))
            return
    if not any(fault.field.startswith((f"{rule.id}.terms", f"{rule.id}.exceptions")) for fault in ill_formed):
        yield from _example_faults(rule, brand, chinese)


def _form_faults(rule: OwnRule) -> Iterator[Fault]:
    """What can be seen without running the rule."""
    if not rule.reason.strip():
        yield Fault(f"{rule.id}.reason", Message("invalid.rules_reason"))
    if not rule.terms:
        yield Fault(f"{rule.id}.terms", Message("invalid.rules_no_terms"))
    for name in ("reason", "basis"):
        if len(getattr(rule, name)) > LONGEST_LINE:
            yield Fault(f"{rule.id}.{name}", Message("invalid.rules_line", {"line": LONGEST_LINE}))
    for name in _LISTED:
        items: tuple[str, ...] = getattr(rule, name)
        if len(items) > MOST_TERMS:
            yield Fault(f"{rule.id}.{name}", Message("invalid.rules_many", {"items": MOST_TERMS}))
        for number, text in enumerate(items, start=1):
            fault = _phrase_fault(text)
            if fault is None and name == "terms" and sum(map(str.isalnum, text)) < 2:
                fault = Message("invalid.rules_short")
            if fault is not None:
                yield Fault(f"{rule.id}.{name}.{number}", fault)
    if rule.instead is not None and len(rule.instead) > LONGEST_TERM:
        yield Fault(f"{rule.id}.instead", Message("invalid.rules_term", {"term": LONGEST_TERM}))
    for name in _EXAMPLES:
        examples: tuple[str, ...] = getattr(rule, name)
        if not LEAST_EXAMPLES <= len(examples) <= MOST_EXAMPLES:
            least_most = {"least": LEAST_EXAMPLES, "most_examples": MOST_EXAMPLES}
            yield Fault(f"{rule.id}.{name}", Message("invalid.rules_examples", least_most))
        for number, text in enumerate(examples, start=1):
            if not text.strip():
                yield Fault(f"{rule.id}.{name}.{number}", Message("invalid.rules_empty"))
            elif len(text) > LONGEST_EXAMPLE:
                long = Message("invalid.rules_example_long", {"example": LONGEST_EXAMPLE})
                yield Fault(f"{rule.id}.{name}.{number}", long)


def _example_faults(rule: OwnRule, brand: Brand, chinese: Chinese) -> Iterator[Fault]:
    """What shows when the rule reads its examples, and the names that copy of the brand cannot do without."""
    alone = RuleSet.compile([own_pack([rule], brand.language)], chinese)
    for name in _EXAMPLES:
        for number, text in enumerate(getattr(rule, name), start=1):
            if text.strip() and bool(alone.find(text)) != (name == "positive"):
                said = Message("invalid.rules_silent" if name == "positive" else "invalid.rules_speaks")
                yield Fault(f"{rule.id}.{name}.{number}", said)
    for own in (brand.name, *brand.products):
        if own.strip() and alone.find(own):
            yield Fault(f"{rule.id}.terms", Message("invalid.rules_own_name", {"own": own}))
            return


def _said(field: str, text: str, every: RuleSet, itself: str) -> Iterator[Fault]:
    """Copy that says this for us must not be stopped by it."""
    for finding in every.find(text):
        if finding.severity is Severity.BLOCK or finding.rule == itself:
            yield Fault(field, Message("invalid.rules_blocked", {"by": finding.rule}))
            return


def _phrase_fault(text: str) -> Message | None:
    if not text.strip():
        return Message("invalid.rules_empty")
    return Message("invalid.rules_term", {"term": LONGEST_TERM}) if len(text) > LONGEST_TERM else None


def _exception_fault(text: str, rule: Rule, chinese: Chinese) -> Message | None:
    """An exception covers what lies inside it: a phrase around a term. The term alone would be off in silence."""
    folded = chinese.fold(text).strip()
    spelt = (word for term, letters in rule.pinyin.items() for word in spellings(term, letters))
    terms = [chinese.fold(term).strip() for term in (*rule.terms, *spelt)]
    if folded in terms:
        return Message("invalid.rules_exception_term")
    # What patterns and functions find is not foretold.
    if rule.patterns or rule.function or any(term in folded for term in terms):
        return None
    return Message("invalid.rules_exception")
