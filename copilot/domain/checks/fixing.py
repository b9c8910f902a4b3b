"""Fixes: which suggestions go together, which change no fact, and the text with them in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

from copilot.domain.checks.seams import SEAM, closed, leaves_seam
from copilot.domain.findings import Check, Severity

_GRAVITY: dict[str, int] = {Severity.BLOCK: 2, Severity.WARN: 1, Severity.NOTE: 0}
# These mend words and manners. What a source says instead, and whether it still holds, is for a person to see.
_MANNERS = frozenset(
    {Check.TERMS, Check.COMPLIANCE, Check.PRIVACY, Check.VOICE, Check.TYPOGRAPHY, Check.STRUCTURE}
)
_DIGIT = re.compile(r"\d")
# Words that something has to follow, and what does not.
_LEADS_TO = re.compile(
    r"[是为很更最叫属于]$|(?<![A-Za-z])(?:is|are|was|were|be|been|being|['’]s|['’]re|an?|the|of|with|for|to|and|or|as|by|in|very|so)[ ]+$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\s*的?\s*(?:[，。！？；：、…,.!?;:)）\n]|$)")
_REACH = 12


class Fixable(Protocol):
    """What a finding has to say to be fixed: one of the domain, or a row of a page."""

    @property
    def check(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def suggestion(self) -> str | None: ...
    @property
    def waiver(self) -> object | None: ...


F = TypeVar("F", bound=Fixable)


def is_safe(finding: Fixable) -> bool:
    """Whether its suggestion may be put in unread: it changes no fact, and nobody let the words stand as they are.

    A fix that would touch a digit is safe only where it hides personal data.
    """
    if finding.suggestion is None or finding.check not in _MANNERS or finding.waiver is not None:
        return False
    return finding.check == Check.PRIVACY or _DIGIT.findall(finding.text) == _DIGIT.findall(
        finding.suggestion
    )


def safe_fixes(text: str, findings: Iterable[F]) -> tuple[F, ...]:
    """The safe ones among the findings that can be applied together, in the order of the text."""
    return chosen_fixes(text, [finding for finding in findings if is_safe(finding)])


def severs(text: str, start: int, end: int) -> bool:
    """Whether a sentence is left without what it says where this is taken out: the starter is … ."""
    return bool(_LEADS_TO.search(text[max(0, start - _REACH) : start]) and _ENDED.match(text, end))


def chosen_fixes(text: str, findings: Iterable[F]) -> tuple[F, ...]:
    """The findings whose suggestions do not clash with a graver, earlier or wider one, in the order of the text.

    The order in which they come makes no difference, and neither does the one in which they are applied: no two
    overlap. Findings about another text are left out.
    """
    fixes = [
        finding
        for finding in findings
        if finding.suggestion is not None
        and finding.start < finding.end
        and text[finding.start : finding.end] == finding.text
    ]
    taken = bytearray(len(text))
    chosen: list[F] = []
    for finding in sorted(
        fixes, key=lambda f: (-_GRAVITY[f.severity], f.start, -f.end, f.check, f.rule, f.suggestion or "")
    ):
        if not any(taken[finding.start : finding.end]):
            taken[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
            chosen.append(finding)
    return tuple(sorted(chosen, key=lambda f: f.start))


def apply_fixes(text: str, findings: Iterable[Fixable]) -> str:
    """The text with the suggestions of `chosen_fixes` in it; where one takes words out, their marks go with them."""
    seam = "" if SEAM in text else SEAM
    for finding in reversed(chosen_fixes(text, findings)):
        put = finding.suggestion or (seam if leaves_seam(finding.text) else "")
        text = text[: finding.start] + put + text[finding.end :]
    return closed(text) if seam else text
