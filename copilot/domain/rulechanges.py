"""What differs between two versions of a rule book, in sentences that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copilot.domain.messages import Message
from copilot.domain.rulebook import Change, OwnRule, RuleBook

_OWN_PARTS = (
    *("severity", "reason", "basis", "terms", "exceptions", "instead", "alternatives"),
    *("positive", "negative"),
)


def compare_books(before: RuleBook, after: RuleBook, usual: Sequence[str] = ()) -> list[Message]:
    """One sentence for each difference, in the order of a book; equal books have none.

    `usual` are the packs that hold where a book names none.
    """
    return [
        *_packs(before, after, usual),
        *(
            said
            for rule in sorted({one.rule for one in (*before.changes, *after.changes)})
            for said in _changes(before.change_of(rule), after.change_of(rule))
        ),
        *_own(before, after),
        *_declaration(before.declaration, after.declaration),
    ]


def _packs(before: RuleBook, after: RuleBook, usual: Sequence[str]) -> Iterator[Message]:
    old = usual if before.packs is None else before.packs
    new = usual if after.packs is None else after.packs
    for name in old:
        if name not in new:
            yield Message("rulechange.pack_off", {"pack": Message("pack", {"pack": name})})
    for name in new:
        if name not in old:
            yield Message("rulechange.pack_on", {"pack": Message("pack", {"pack": name})})


def _changes(old: Change, new: Change) -> Iterator[Message]:
    rule = new.rule
    if new.is_off and not old.is_off:
        yield Message("rulechange.off", {"rule": rule})
    elif old.is_off and not new.is_off:
        yield Message("rulechange.on", {"rule": rule})
    if new.severity != old.severity:
        if new.severity is None:
            yield Message("rulechange.as_shipped", {"rule": rule})
        else:
            level = Message(f"severity.{new.severity}")
            yield Message("rulechange.severity", {"rule": rule, "level": level})
    for text in new.exceptions:
        if text not in old.exceptions:
            yield Message("rulechange.exception", {"rule": rule, "text": text})
    for text in old.exceptions:
        if text not in new.exceptions:
            yield Message("rulechange.no_exception", {"rule": rule, "text": text})


def _own(before: RuleBook, after: RuleBook) -> Iterator[Message]:
    for one in before.own:
        if after.own_of(one.id) is None:
            yield Message("rulechange.own_gone", {"rule": one.id, "reason": one.reason})
    for one in after.own:
        held = before.own_of(one.id)
        if held is None:
            yield Message("rulechange.own_new", {"rule": one.id, "reason": one.reason})
        else:
            yield from _own_parts(held, one)
    kept = [one.id for one in before.own if after.own_of(one.id) is not None]
    if kept != [one.id for one in after.own if before.own_of(one.id) is not None]:
        yield Message("rulechange.own_order")


def differing(one: OwnRule, other: OwnRule) -> tuple[str, ...]:
    """The parts in which two own rules differ."""
    return tuple(part for part in _OWN_PARTS if getattr(one, part) != getattr(other, part))


def _own_parts(old: OwnRule, new: OwnRule) -> Iterator[Message]:
    if new.severity != old.severity:
        level = Message(f"severity.{new.severity}")
        yield Message("rulechange.severity", {"rule": new.id, "level": level})
    for part in differing(old, new):
        about = {"rule": new.id, "part": Message(f"rulepart.{part}")}
        before, after = getattr(old, part), getattr(new, part)
        if isinstance(after, tuple):
            more, less = (
                [one for one in after if one not in before],
                [one for one in before if one not in after],
            )
            yield from (Message("rulechange.own_more", {**about, "text": one}) for one in more)
            yield from (Message("rulechange.own_less", {**about, "text": one}) for one in less)
            if not (more or less):
                yield Message("rulechange.own_sorted", about)
        elif part != "severity":
            # An empty replacement takes the words out, and none is none.
            told = "own_text" if after else "own_empty" if part == "instead" and after == "" else "own_none"
            yield Message(f"rulechange.{told}", {**about, "text": after} if after else about)


def _declaration(old: str, new: str) -> Iterator[Message]:
    if new and new != old:
        yield Message("rulechange.declaration", {"text": new})
    elif old and not new:
        yield Message("rulechange.no_declaration")
