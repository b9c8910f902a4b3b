"""Waivers: who may let stand what a check objects to, and which findings a waiver covers."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from copilot.domain.brands import Language
from copilot.domain.findings import Check, Finding
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.posts import IN_HAND, UNSENT, PostState
from copilot.domain.sentences import sentences

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
_NEVER = frozenset({(Check.STRUCTURE, "markup"), (Check.STRUCTURE, "wordless")})
_UNDECIDED = IN_HAND | {PostState.IN_REVIEW}

# 它日常价 199 元: what it is stands before.
_GOES_ON = re.compile(
    r"它|[这那此该][款种个些两](?=[的日现今只卖原价是有都也，]| ?[0-9])|两者|前者|后者|同款"
    r"|(?<![A-Za-z])(?:it|its|they|them|their|(?:this|these|that|those)(?= (?:is|are|costs?|comes?|has|have|one)(?![A-Za-z])))(?![A-Za-z])",
    re.IGNORECASE,
)

MOST_REASON = 300
"""The longest reason, in characters."""

OUTGROWN = Message("waiver.outgrown")
"""Why a finding stands although somebody let these words stand before."""


@dataclass(frozen=True)
class Waiver:
    """What was let stand: these words under this rule, in this seat; a finding about the whole copy has no words.

    A waiver from before seats were kept has "" for its seat, which is nobody's.
    """

    id: int
    check: str
    rule: str
    text: str
    seat: str


class Seats:
    """What the findings of a text stand in, as a digest: whoever lets one stand has read this, and no more than this.

    A finding with words stands in the sentence, or the sentences, that they lie in, and in those before that tell what
    "it" is; one about the whole copy in all of it. White space counts as one space, so that a sentence which is only
    moved about keeps its seat.
    """

    def __init__(self, text: str, language: Language) -> None:
        self._text = text
        self._starts, self._ends = [0], [len(text)]
        if found := sentences(text, language):
            self._starts, self._ends = [start for start, _ in found], [end for _, end in found]
        self._known: dict[tuple[int, int], str] = {}

    def of(self, start: int, end: int) -> str:
        """The seat of what stands from `start` to `end`; 0 and 0 are the whole copy."""
        return self._digest(*(self._told(*self._around(start, end)) if end else (0, len(self._text))))

    def sentence(self, start: int, end: int) -> str:
        """The words that somebody read who let this stand."""
        first, last = self._around(start, end)
        return self._text[first:last].strip()

    def _around(self, start: int, end: int) -> tuple[int, int]:
        first = min(bisect_right(self._ends, start), len(self._ends) - 1)
        last = max(bisect_left(self._starts, max(end, start + 1)) - 1, 0)
        # What lies between two sentences belongs to both.
        return self._starts[min(first, last)], self._ends[max(first, last)]

    def _told(self, start: int, end: int) -> tuple[int, int]:
        """The same with the sentences before it, as far as each goes on about what stands in front of it."""
        at = bisect_left(self._starts, start)
        while at and _GOES_ON.search(self._text, self._starts[at], self._ends[at]):
            at -= 1
        return self._starts[at], end

    def _digest(self, start: int, end: int) -> str:
        if (start, end) not in self._known:
            words = " ".join(self._text[start:end].split())
            self._known[start, end] = hashlib.sha256(words.encode("utf-8")).hexdigest()
        return self._known[start, end]


def needed_to_waive(check: str, rule: str) -> Permission | None:
    """What somebody needs to let such a finding stand; None where nobody may."""
    if (check, rule) in _NEVER:
        return None
    if check in _JUDGEMENT:
        return Permission.REVIEW
    return Permission.CURATE if check in _FACTS else None


def waive(findings: Iterable[Finding], waivers: Iterable[Waiver], seats: Seats) -> tuple[Finding, ...]:
    """The findings, each with its seat and the waiver that covers it: the newest for these words, this rule and seat."""
    given = {
        (one.check, one.rule, one.text, one.seat): one.id for one in sorted(waivers, key=lambda one: one.id)
    }
    return tuple(
        replace(one, seat=seat, waiver=given.get((one.check, one.rule, one.text, seat)))
        for one, seat in ((finding, seats.of(finding.start, finding.end)) for finding in findings)
    )


def outgrown(waivers: Iterable[Waiver], covering: Collection[int]) -> frozenset[tuple[str, str, str]]:
    """Check, rule and words of what was let stand in a text that reads otherwise by now.

    `covering` are the waivers that cover a finding of the text as it is.
    """
    return frozenset((one.check, one.rule, one.text) for one in waivers if one.id not in covering)


def is_waivable(state: PostState) -> bool:
    """Whether a finding may still be let stand: what is decided for good is history."""
    return state in UNSENT


def is_revocable(state: PostState) -> bool:
    """Whether a waiver may be taken back: not once the copy is approved, for the approval rests on what was let stand."""
    return state in _UNDECIDED


def fingerprint(check: str, rule: str, text: str, seat: str = "") -> str:
    """Names what a finding says, so that no press falls on another one that came to bear its number.

    With its seat it names the one place that a waiver is for; without, wherever the copy says it.
    """
    return hashlib.sha256("\n".join((check, rule, text, seat)).encode("utf-8")).hexdigest()[:16]
