"""What crosses from one process to another, written down as plain JSON: errors, messages, and checked copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from copilot.domain.findings import Finding
from copilot.domain.messages import Message, storable
from copilot.errors import CopilotError, ExternalError

if TYPE_CHECKING:
    from copilot.services.queries.marks import ClaimRow, FindingRow


class ReportedError(CopilotError):
    """A failure that another process met and wrote down; `external` tells whose fault it was."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error)
        self.message_id = str(error["id"])
        self.external = bool(error.get("external"))
        self._params = dict(error.get("params", {}))

    @property
    def params(self) -> Mapping[str, Any]:
        return self._params


def reported(exc: CopilotError) -> dict[str, Any]:
    """An error as plain JSON, to be raised again as ReportedError wherever it is read."""
    return {"id": exc.message_id, "params": dict(exc.params), "external": isinstance(exc, ExternalError)}


def message_json(message: Message | None) -> dict[str, Any] | None:
    """A message stays an id with its params until a command or page words it."""
    return storable(message) if message is not None else None


def finding_json(finding: Finding | FindingRow) -> dict[str, Any]:
    return {
        "check": str(finding.check),
        "rule": finding.rule,
        "severity": str(finding.severity),
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "reason": message_json(finding.reason),
        "suggestion": finding.suggestion,
    }


def post_finding_json(finding: FindingRow) -> dict[str, Any]:
    """A finding of a post: with the number that a waiver takes, and who let it stand."""
    waiver = finding.waiver
    return {
        "finding": finding.id,
        **finding_json(finding),
        "waived": {"by": waiver.author, "reason": waiver.reason} if waiver is not None else None,
    }


def copy_json(text: str, claims: Iterable[ClaimRow], findings: Iterable[FindingRow]) -> dict[str, Any]:
    """Copy as drafts and replies are printed: what each sentence rests on, and what the checks say."""
    claims = list(claims)
    return {
        "text": text,
        "citations": [
            {"sentence": claim.text, "passage": passage, "quote": quote}
            for claim in claims
            for passage, quote in claim.quotes
        ],
        "claims": [
            {"sentence": claim.text, "verdict": str(claim.verdict), "method": claim.method}
            for claim in claims
        ],
        "findings": [finding_json(finding) for finding in findings],
    }
