"""Findings as lines of a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from copilot.cli.terminal import Terminal


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
