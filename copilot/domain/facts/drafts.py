"""A fact in the making: what was read, before it is bound to its passage."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.domain.facts.values import FactKind

_YEAR = re.compile(r"^[0-9]{4}-(?=[0-9]{2}-[0-9]{2}$)")


@dataclass(frozen=True)
class Said:
    """`prose` is False for a table's cell; `is_window` is a cell that says when the row itself is valid."""

    kind: FactKind
    subject: str
    name: str
    value: str
    amount: str
    unit: str
    quote: str
    prose: bool = True
    is_window: bool = False

    @property
    def day(self) -> str:
        """The day of a date without its year: a row's window and its sentence rarely write it alike."""
        return _YEAR.sub("", self.amount) if self.kind is FactKind.DATE else ""
