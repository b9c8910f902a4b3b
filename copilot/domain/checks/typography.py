"""Typography: notes on doubled marks and on half-width marks between Han characters, each with its fix."""

from __future__ import annotations

import re

from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_CLOSING = "[”’」』）》】]"
_DOUBLED = re.compile(r"([，,；;：、])\1+|。{2,}|(?<!\.)\.{2}(?!\.)|([！!])\2+|([？?])\3+")
_HALF_WIDTH = re.compile(
    rf"(?<={_HAN})([,;:!?]|\.(?!\.))(?={_HAN})|(?<={_HAN})([,;!?])(?=\s*$|\n|{_CLOSING})"
)
_FULL = str.maketrans(",;:!?.", "，；：！？。")


def typography(text: str) -> tuple[Finding, ...]:
    """Notes only: how a text is spaced is a house matter, a doubled comma is a slip."""
    findings = [
        _note(
            text,
            match.span(),
            "doubled",
            "……" if set(match[0]) == {"。"} and len(match[0]) > 2 else match[0][0],
        )
        for match in _DOUBLED.finditer(text)
    ]
    findings += [
        _note(text, match.span(), "half_width", match[0].translate(_FULL))
        for match in _HALF_WIDTH.finditer(text)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.start))


def _note(text: str, span: tuple[int, int], rule: str, suggestion: str) -> Finding:
    start, end = span
    found = text[start:end]
    reason = Message(f"finding.typography.{rule}", {"found": found, "suggestion": suggestion})
    return Finding(Check.TYPOGRAPHY, rule, Severity.NOTE, start, end, found, reason, suggestion)
