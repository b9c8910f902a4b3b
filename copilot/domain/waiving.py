"""Waivers: who may let stand what a check objects to, and which findings a waiver covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from copilot.domain.findings import Check, Finding
from copilot.domain.permissions import Permission

# Words and manners are a matter of judgement, facts one for whoever keeps the library. What a platform would
# refuse, and what must not leave the house, nobody can let stand: it has to be mended.
_JUDGEMENT = frozenset(
    {
        Check.COMPLIANCE,
        Check.TERMS,
        Check.VOICE,
        Check.TYPOGRAPHY,
        Check.STRUCTURE,
        Check.REPETITION,
    }
)
_FACTS = frozenset({Check.CLAIMS, Check.FRESHNESS})
_NEVER = frozenset({(Check.STRUCTURE, "markup")})


@dataclass(frozen=True)
class Waiver:
    """What was let stand: these words under this rule; a finding about the whole copy has none."""

    id: int
    check: str
    rule: str
    text: str


def needed_to_waive(check: str, rule: str) -> Permission | None:
    """What somebody needs to let such a finding stand; None where nobody may."""
    if (check, rule) in _NEVER:
        return None
    if check in _JUDGEMENT:
        return Permission.REVIEW
    return Permission.CURATE if check in _FACTS else None


def waive(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[Finding, ...]:
    """The findings, each with the waiver that covers it: the newest for the same words under the same rule."""
    given = {(one.check, one.rule, one.text): one.id for one in sorted(waivers, key=lambda one: one.id)}
    return tuple(
        replace(finding, waiver=given.get((finding.check, finding.rule, finding.text)))
        for finding in findings
    )
