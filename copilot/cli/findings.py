"""Findings as lines of a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from copilot.cli.terminal import OUTSIDE, Terminal, complain


def show_findings(terminal: Terminal, findings: Sequence[Mapping[str, Any]]) -> None:
    """One line a finding: how grave, which check, where, what, why."""
    terminal.rows(
        (
            terminal.word(f"severity.{finding['severity']}"),
            terminal.word(f"check.{finding['check']}"),
            f"{finding['start']}–{finding['end']}",
            finding["text"],
            finding["reason"],
        )
        for finding in findings
    )


def fallen_back(drafts: Sequence[Mapping[str, Any]]) -> int | None:
    """Says on stderr why the composer wrote in the model's place; the exit code, None where it did not."""
    reasons = [draft["provenance"]["fell_back"] for draft in drafts if draft["provenance"].get("fell_back")]
    for reason in dict.fromkeys(str(reason) for reason in reasons):
        complain(reason)
    return OUTSIDE if reasons else None
