"""Facts: what a passage pins down, and what became of it in a new revision."""

from copilot.domain.facts.answers import parse
from copilot.domain.facts.identity import amount_of, key, same_value
from copilot.domain.facts.matching import changes
from copilot.domain.facts.suggesting import suggest
from copilot.domain.facts.values import (
    FactDelta,
    FactKind,
    FactOrigin,
    FactStatus,
    Matched,
    Outcome,
    Pinned,
    SuggestedFact,
)

__all__ = [
    "FactDelta",
    "FactKind",
    "FactOrigin",
    "FactStatus",
    "Matched",
    "Outcome",
    "Pinned",
    "SuggestedFact",
    "amount_of",
    "changes",
    "key",
    "parse",
    "same_value",
    "suggest",
]
