"""Facts as values: what a material pins down, with the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FactKind(StrEnum):
    PRICE = "price"
    OFFER = "offer"
    DATE = "date"
    SPECIFICATION = "specification"
    PROMISE = "promise"


class FactStatus(StrEnum):
    """`lapsed` means that the material it came from says it no longer."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


class FactOrigin(StrEnum):
    RULE = "rule"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True)
class SuggestedFact:
    """What a passage says that a brand manager may want to pin.

    `value` is as written ("239 元", "within 7 days"), `amount` and `unit` are canonical ("239", "CNY";
    "7..10", "day"; "2026-11-24", ""), both empty for a promise without figures. `quote` is, letter for
    letter, a substring of the passage's text. `start` and `end` are the passage's window.
    """

    kind: FactKind
    subject: str
    name: str
    value: str
    amount: str
    unit: str
    passage: int
    quote: str
    start: datetime | None = None
    end: datetime | None = None
    origin: FactOrigin = FactOrigin.RULE


@dataclass(frozen=True)
class Pinned:
    """A fact that is known already, as the database keeps it."""

    id: int
    kind: FactKind
    subject: str
    name: str
    value: str
    amount: str
    unit: str
    quote: str


class Outcome(StrEnum):
    """What became of a fact in a new revision of its material."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class FactDelta:
    """A known fact whose material says something else now; `after` is None when it says it no longer."""

    before: Pinned
    after: SuggestedFact | None


@dataclass(frozen=True)
class Matched:
    """A known fact and its counterpart; `before` is None for a new fact, `after` for one that is gone."""

    outcome: Outcome
    before: Pinned | None
    after: SuggestedFact | None

    @property
    def delta(self) -> FactDelta | None:
        """What the unsent posts have to learn: a change or a loss, and nothing else."""
        if self.before is None or self.outcome is Outcome.UNCHANGED:
            return None
        return FactDelta(self.before, self.after)
