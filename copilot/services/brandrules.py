"""What rules.yaml says: a brand's rule book, found to fit before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from copilot import rulepacks
from copilot.domain.brands import Brand
from copilot.domain.checks.bookfaults import faults
from copilot.domain.findings import Severity
from copilot.domain.rulebook import RuleBook
from copilot.errors import InvalidInput
from copilot.services.brandyaml import Keys

RULES = "rules.yaml"
KEYS = ("packs", "changes", "own", "declaration")

_CHANGE = ("rule", "severity", "silent", "exceptions")
_LISTS = ("terms", "exceptions", "alternatives", "positive", "negative")
_OWN: Mapping[str, Callable[[Keys, str], Any]] = {
    **dict.fromkeys(("id", "severity", "reason", "basis", "instead"), Keys.text),
    **dict.fromkeys(_LISTS, Keys.texts),
}


def read_rules(keys: Keys, home: Brand) -> RuleBook:
    """The book in its one form. InvalidInput names the file, and the key or the example in it that does not fit."""
    plain: dict[str, Any] = {
        "changes": [_change(entry) for entry in keys.entries("changes", known=_CHANGE)],
        "own": [_own(entry) for entry in keys.entries("own", known=tuple(_OWN))],
        "declaration": keys.text("declaration"),
    }
    if "packs" in keys:
        plain["packs"] = keys.texts("packs")
    book = RuleBook.from_json(plain).tidy()
    packs = [rulepacks.shipped(name) for name in rulepacks.PACKS]
    for fault in faults(book, home, packs, rulepacks.chinese()):
        raise InvalidInput({keys.file: "invalid.rules_file"}, key=fault.field, detail=fault.message)
    return book


def _change(entry: Keys) -> dict[str, Any]:
    return {
        "rule": entry.text("rule", needed=True),
        "severity": str(entry.one_of("severity", tuple(Severity))) if "severity" in entry else "",
        "silent": entry.switch("silent"),
        "exceptions": entry.texts("exceptions"),
    }


def _own(entry: Keys) -> dict[str, Any]:
    entry.one_of("severity", tuple(Severity))
    return entry.read(_OWN, needed=("id", "reason"))
