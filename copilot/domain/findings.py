"""What a check says: findings that explain themselves, and the claim ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.messages import Message


class Check(StrEnum):
    LIMITS = "limits"
    TERMS = "terms"
    COMPLIANCE = "compliance"
    CLAIMS = "claims"
    VOICE = "voice"
    FRESHNESS = "freshness"
    REPETITION = "repetition"
    PRIVACY = "privacy"
    TYPOGRAPHY = "typography"
    STRUCTURE = "structure"
    PICTURES = "pictures"


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One result of a check on a text.

    `start`/`end` are code-point offsets of the text as typed, and `text == copy[start:end]`;
    a finding about the whole copy has start == end == 0. `suggestion` replaces exactly that span;
    None when there is no safe mechanical fix ("" deletes the span). `waiver` is that of the person who
    let the finding stand: it is still told, and stops nothing; `seat` is what it would be let stand in,
    "" while nobody asked.
    """

    check: Check
    rule: str
    severity: Severity
    start: int
    end: int
    text: str
    reason: Message
    suggestion: str | None = None
    waiver: int | None = None
    seat: str = ""


class Verdict(StrEnum):
    SUPPORTED = "supported"
    OPINION = "opinion"
    UNSUPPORTED = "unsupported"


class Method(StrEnum):
    """How a verdict was reached: by the figures, by the words both share, by likeness of meaning, by a model."""

    FIGURES = "figures"
    WORDS = "words"
    MEANING = "meaning"
    MODEL = "model"


@dataclass(frozen=True)
class Claim:
    """One sentence of the copy in the ledger.

    `sentence == copy[start:end]`. When supported, `quote` is, letter for letter, a substring of
    the text of the source `passage` (the first of `passages` when several figures have several sources).
    """

    start: int
    end: int
    sentence: str
    verdict: Verdict
    passage: int | None = None
    quote: str = ""
    evidence: tuple[tuple[int, str], ...] = ()
    method: Method = Method.WORDS


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop a submission: those that block and that nobody let stand."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK and finding.waiver is None]
