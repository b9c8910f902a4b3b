"""The forms of the rules page: what was typed as a rule, and the faults of a book beside the fields they are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from copilot.domain.findings import Severity
from copilot.domain.messages import Message
from copilot.domain.rulebook import OWN, Change, OwnRule
from copilot.domain.rulechanges import differing
from copilot.services.queries.rulings import RulesView, VersionRow

TAKE_OUT = "out"
OFF = "off"

_LISTS = ("terms", "exceptions", "alternatives", "positive", "negative")
_NUMBERED_ID = re.compile(r"own\.\d+\.id")

Said = Mapping[str, list[tuple[int, Message]]]
"""By field, what does not fit: the line that it is about, 0 for all of the field, and the sentence."""


@dataclass(frozen=True)
class Typed:
    """One of the page's small forms that was refused: which, about what, and everything typed in it."""

    form: str
    about: str
    values: Mapping[str, str]
    said: Said = field(default_factory=dict)

    def has(self, form: str, about: str = "") -> bool:
        return (self.form, self.about) == (form, about)


@dataclass(frozen=True)
class Moved:
    """What somebody else made of an own rule while it was edited here: `held` is how it stands now, None once it is
    out; `parts` are those in which what was typed differs from it; `versions` came since."""

    held: OwnRule | None
    parts: tuple[str, ...]
    versions: tuple[VersionRow, ...]


def moved(view: RulesView, rule: OwnRule, based_on: int) -> Moved:
    held = view.book.own_of(rule.id)
    return Moved(
        held=held,
        parts=differing(held, rule) if held is not None else (),
        versions=tuple(one for one in view.versions if one.version > based_on),
    )


def change_of(form: MultiDict[str, str]) -> Change:
    """What a brand changes of a shipped rule; a severity that is none keeps the rule's own."""
    severity = form.get("severity", "")
    return Change(
        rule=form.get("rule", ""),
        severity=Severity(severity) if severity in set(Severity) else None,
        is_off=severity == OFF,
        exceptions=_lines(form.get("exceptions", "")),
    )


def own_of(form: MultiDict[str, str], taken: Collection[str]) -> OwnRule:
    """A rule of the brand's own. `rule` is the id of the one that is edited; a new one may leave its name to us."""
    lists = {name: _lines(form.get(name, "")) for name in _LISTS}
    severity = form.get("severity", "")
    instead = _line(form.get("instead", ""))
    name = _line(form.get("name", "")).lower().removeprefix(OWN)
    return OwnRule(
        id=form.get("rule", "") or (OWN + name if name else free_id(lists["terms"], taken)),
        severity=Severity(severity) if severity in set(Severity) else Severity.WARN,
        reason=_line(form.get("reason", "")),
        basis=_line(form.get("basis", "")),
        instead=instead or ("" if form.get("how") == TAKE_OUT else None),
        **lists,
    )


def free_id(terms: Collection[str], taken: Collection[str]) -> str:
    """An id that no rule has: after a word of the terms in Latin letters, or else a number."""
    words = (re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")[:24].strip("-") for term in terms)
    stem = OWN + next((word for word in words if len(word) > 1), "rule")
    numbered = (f"{stem}-{number}" for number in range(1 if stem == f"{OWN}rule" else 2, len(taken) + 3))
    wanted = numbered if stem == f"{OWN}rule" else (stem, *numbered)
    return next(one for one in wanted if one not in taken)


def beside(faults: Mapping[str, Message], place: str = "", *, typed: Mapping[str, str] | None = None) -> Said:
    """The faults of a book by the fields of one form; `place` is where in the book that form belongs.

    The book counts what it keeps of a field. A page that shows the field as it was `typed`, blank and repeated lines
    included, has it counted by that.
    """
    found: dict[str, list[tuple[int, Message]]] = {}
    for where, said in faults.items():
        name, line = where, 0
        if _NUMBERED_ID.fullmatch(where):
            name = "id"
        elif place and where.startswith(f"{place}."):
            name, _, number = where.removeprefix(f"{place}.").partition(".")
            line = int(number) if number.isdecimal() else 0
            if line and typed is not None:
                line = _line_of(line, typed.get(name, ""))
        elif where not in ("", "note", "declaration"):
            name = "other"
        found.setdefault(name, []).append((line, said))
    return found


def _lines(text: str) -> tuple[str, ...]:
    return tuple(_numbered(text))


def _numbered(text: str) -> dict[str, int]:
    """Each thing that a field says, with the line on which it stands first."""
    said: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if one := _line(line):
            said.setdefault(one, number)
    return said


def _line_of(kept: int, text: str) -> int:
    """The line, as it was typed, of the `kept`th thing that a field says."""
    lines = [*_numbered(text).values()]
    return lines[kept - 1] if kept <= len(lines) else 0


def _line(text: str) -> str:
    return " ".join(text.split())
