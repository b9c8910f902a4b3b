"""The order of a welcome: welfare, questions, rules."""

from __future__ import annotations

from copilot.domain.brands import Language
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from copilot.domain.welcome import in_order, places


def welcome_order(text: str, language: Language) -> tuple[Finding, ...]:
    """Warns at the first part that comes after one it should stand before; a part that is missing is no finding."""
    told = places(text, language)
    for count, place in enumerate(told, 1):
        if not in_order([one.part for one in told[:count]]):
            reason = Message("finding.structure.welcome_order")
            return (
                Finding(
                    Check.STRUCTURE,
                    "welcome_order",
                    Severity.WARN,
                    place.start,
                    place.end,
                    place.text,
                    reason,
                ),
            )
    return ()
