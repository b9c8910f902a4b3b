"""Which rules hold for a brand: the packs that are on, what it changed of their rules, and its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from copilot.domain.findings import Severity

OWN = "own."
"""The ids of a brand's own rules begin with this, so that none is ever taken for a shipped one."""


@dataclass(frozen=True)
class Change:
    """What a brand changes of a shipped rule. A severity of None keeps the rule's own; `exceptions` come on top."""

    rule: str
    severity: Severity | None = None
    is_off: bool = False
    exceptions: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.severity is None and not self.is_off and not self.exceptions


@dataclass(frozen=True)
class OwnRule:
    """A rule that a brand wrote: terms with their exceptions. `instead` replaces any of them; None where nothing
    safe does, "" to take it out. The examples are its own test, as those of a shipped rule are."""

    id: str
    severity: Severity
    reason: str
    terms: tuple[str, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    instead: str | None = None
    alternatives: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class RuleBook:
    """`packs` None means those of the brand's language. `declaration` is the sentence that says a machine helped to
    write; it is asked for where a platform does, and "" asks for none."""

    packs: tuple[str, ...] | None = None
    changes: tuple[Change, ...] = ()
    own: tuple[OwnRule, ...] = ()
    declaration: str = ""

    def change_of(self, rule: str) -> Change:
        return next((change for change in self.changes if change.rule == rule), Change(rule))

    def own_of(self, rule: str) -> OwnRule | None:
        return next((one for one in self.own if one.id == rule), None)

    def changing(self, change: Change) -> RuleBook:
        """The book with this for its one change of the rule; an empty one takes back what was changed."""
        kept = [one for one in self.changes if one.rule != change.rule]
        return (
            replace(self, changes=(*kept, change))
            if not change.is_empty
            else replace(self, changes=tuple(kept))
        )

    def owning(self, rule: OwnRule) -> RuleBook:
        """The book with a rule of the brand's own, in the place of the one that has its id."""
        if self.own_of(rule.id) is None:
            return replace(self, own=(*self.own, rule))
        return replace(self, own=tuple(rule if one.id == rule.id else one for one in self.own))

    def without(self, rule: str) -> RuleBook:
        return replace(self, own=tuple(one for one in self.own if one.id != rule))

    def tidy(self) -> RuleBook:
        """The same in one form, however it was typed: blanks gone, nothing listed twice, no change that changes nothing.

        An equal book gives an equal one, so that what leaves the house and comes back is no new version.
        """
        changes = [
            replace(one, rule=one.rule.strip(), exceptions=_each(one.exceptions)) for one in self.changes
        ]
        return RuleBook(
            packs=None if self.packs is None else _each(self.packs),
            changes=tuple(sorted((one for one in changes if not one.is_empty), key=lambda one: one.rule)),
            own=tuple(_tidy(one) for one in self.own),
            declaration=_line(self.declaration),
        )

    def as_json(self) -> dict[str, Any]:
        """As `rules.yaml` has it; `from_json` makes the same of it. What is as by default is left out."""
        kept: dict[str, Any] = {}
        if self.packs is not None:
            kept["packs"] = list(self.packs)
        if self.changes:
            kept["changes"] = [_change(one) for one in self.changes if not one.is_empty]
        if self.own:
            kept["own"] = [_own(one) for one in self.own]
        if self.declaration:
            kept["declaration"] = self.declaration
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> RuleBook:
        """KeyError, TypeError or ValueError for what is none."""
        packs = kept.get("packs")
        return cls(
            packs=None if packs is None else tuple(packs),
            changes=tuple(
                Change(
                    rule=one["rule"],
                    severity=Severity(one["severity"]) if one.get("severity") else None,
                    is_off=bool(one.get("silent", False)),
                    exceptions=tuple(one.get("exceptions", ())),
                )
                for one in kept.get("changes", ())
            ),
            own=tuple(
                OwnRule(
                    id=one["id"],
                    severity=Severity(one["severity"]),
                    reason=one["reason"],
                    instead=one.get("instead"),
                    basis=one.get("basis", ""),
                    **{name: tuple(one.get(name, ())) for name in _LISTS},
                )
                for one in kept.get("own", ())
            ),
            declaration=kept.get("declaration", ""),
        )


_LISTS = ("terms", "exceptions", "alternatives", "positive", "negative")


def _change(one: Change) -> dict[str, Any]:
    kept = {
        "severity": one.severity and str(one.severity),
        "silent": one.is_off,
        "exceptions": [*one.exceptions],
    }
    return {"rule": one.rule, **{name: value for name, value in kept.items() if value}}


def _own(one: OwnRule) -> dict[str, Any]:
    kept: dict[str, Any] = {"id": one.id, "severity": str(one.severity), "reason": one.reason}
    kept |= {name: list(getattr(one, name)) for name in _LISTS if getattr(one, name)}
    if one.instead is not None:
        kept["instead"] = one.instead
    if one.basis:
        kept["basis"] = one.basis
    return kept


def _tidy(one: OwnRule) -> OwnRule:
    lists: dict[str, Any] = {name: _each(getattr(one, name)) for name in _LISTS}
    texts: dict[str, Any] = {name: _line(getattr(one, name)) for name in ("id", "reason", "basis")}
    return replace(one, **texts, **lists, instead=None if one.instead is None else _line(one.instead))


def _each(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said for item in items if (said := _line(item))))


def _line(text: str) -> str:
    return " ".join(text.split())
