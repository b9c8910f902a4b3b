"""The declaration that a machine helped to write, where a platform asks for one."""

from __future__ import annotations

from copilot.domain.channels import Channel
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

ASKED_ON = frozenset({Channel.OFFICIAL_ACCOUNT, Channel.VIDEO_CHANNEL, Channel.LIVE})
"""Platforms where content is published to everybody: the labelling measures in force since 2025-09-01."""


def undeclared(text: str, channel: Channel, declaration: str) -> tuple[Finding, ...]:
    """Notes that a generated text does not say so, and offers the brand's sentence at its end; "" asks for none."""
    last = text.rstrip()
    if not declaration or channel not in ASKED_ON or not last or declaration in text:
        return ()
    # A suggestion replaces a span, so the last character comes back with the sentence behind it.
    start, end = len(last) - 1, len(last)
    reason = Message("finding.structure.undeclared", {"declaration": declaration})
    suggestion = f"{last[-1]}\n{declaration}"
    return (
        Finding(
            Check.STRUCTURE, "undeclared", Severity.NOTE, start, end, text[start:end], reason, suggestion
        ),
    )
