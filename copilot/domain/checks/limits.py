"""Channel limits: what the platform would refuse or cut blocks, what reads badly there warns."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.domain.brands import Language
from copilot.domain.channels import Limits
from copilot.domain.checks.measures import length
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message


def limits(text: str, channel: Limits, language: Language) -> tuple[Finding, ...]:
    """Too many bytes or characters block and mark the surplus; comfort and folding warn about the whole.

    A platform counts line ends and blanks. What reads well in Chinese is counted as a column's length is, without
    them, so that a person sees one figure for one text.
    """
    return tuple(_find(text, channel, language))


def _find(text: str, channel: Limits, language: Language) -> Iterator[Finding]:
    if channel.max_bytes is not None:
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > channel.max_bytes:
            yield _surplus(text, _fits(text, channel.max_bytes), "bytes", channel.max_bytes, size)
    if channel.max_characters is not None and len(text) > channel.max_characters:
        yield _surplus(text, channel.max_characters, "characters", channel.max_characters, len(text))
    elif channel.comfortable is not None:
        size = length(text, language) if language is Language.ZH else len(text)
        if size > channel.comfortable:
            yield _whole("comfortable", channel.comfortable, size)
    if channel.max_lines is not None:
        lines = len(text.strip().splitlines())
        if lines > channel.max_lines:
            yield _whole("lines", channel.max_lines, lines)


def _fits(text: str, size: int) -> int:
    """How many of the first characters take at most `size` bytes."""
    used = 0
    for index, character in enumerate(text):
        used += len(character.encode("utf-8", "surrogatepass"))
        if used > size:
            return index
    return len(text)


def _surplus(text: str, start: int, rule: str, most: int, actual: int) -> Finding:
    return Finding(
        Check.LIMITS, rule, Severity.BLOCK, start, len(text), text[start:], _message(rule, most, actual)
    )


def _whole(rule: str, most: int, actual: int) -> Finding:
    return Finding(Check.LIMITS, rule, Severity.WARN, 0, 0, "", _message(rule, most, actual))


def _message(rule: str, most: int, actual: int) -> Message:
    return Message(f"finding.limits.{rule}", {"most": most, "actual": actual, "over": actual - most})
