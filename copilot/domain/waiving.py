"""Waivers: who may let stand what a check objects to, and which findings a waiver covers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from copilot.domain.findings import Check, Finding
from copilot.domain.permissions import Permission
from copilot.domain.posts import UNSENT, PostState

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
_IN_HAND = frozenset({PostState.DRAFT, PostState.CHANGES_REQUESTED})

MOST_REASON = 300
"""The longest reason, in characters."""


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


def is_waivable(state: PostState) -> bool:
    """Whether a finding may still be let stand: what is decided for good is history."""
    return state in UNSENT


def is_revocable(state: PostState) -> bool:
    """Whether a waiver may be taken back: not once the copy is handed on, for a reviewer goes by what was let stand."""
    return state in _IN_HAND


def fingerprint(check: str, rule: str, text: str) -> str:
    """Names what a finding says, so that a waiver never falls on another one that came to bear its number."""
    return hashlib.sha256("\n".join((check, rule, text)).encode("utf-8")).hexdigest()[:16]
