"""Brand terms: what the voice bans, what it would rather say, and competitors it never names."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from copilot.domain.brands import Voice
from copilot.domain.checks.matching import Chinese, Hit, Lexicon, Reading
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message


@dataclass(frozen=True)
class _Term:
    rule: str
    severity: Severity
    suggestion: str | None
    params: tuple[tuple[str, Any], ...] = ()


class TermSet:
    """The terms of one voice in one automaton. Build it once for a voice version and share it."""

    def __init__(self, voice: Voice, chinese: Chinese) -> None:
        self.chinese = chinese
        written: list[str] = []
        self._terms: list[_Term] = []

        def add(text: str, term: _Term) -> None:
            written.append(text)
            self._terms.append(term)

        for banned in voice.banned:
            rule = "banned_reason" if banned.reason else "banned"
            add(banned.term, _Term(rule, Severity.BLOCK, banned.instead, (("reason", banned.reason),)))
        for preferred in voice.preferred:
            for instead_of in preferred.instead_of:
                params = (("use", preferred.use), ("reason", preferred.reason))
                rule = "preferred_reason" if preferred.reason else "preferred"
                add(instead_of, _Term(rule, Severity.WARN, preferred.use, params))
        for competitor in voice.competitors:
            add(competitor, _Term("competitor", Severity.BLOCK, None))
        # A better term may contain the worse one (茶友们 for 茶友): inside it there is nothing to mend.
        self._uses = [preferred.use for preferred in voice.preferred if preferred.use]
        self.terms: tuple[str, ...] = (*written, *self._uses)

    @classmethod
    def compile(cls, voice: Voice, chinese: Chinese) -> TermSet:
        return cls(voice, chinese)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self.terms, self.chinese)

    def find(self, text: str) -> tuple[Finding, ...]:
        """What the voice objects to in a text that is read for nothing else."""
        reading = Reading.of(text, self.chinese)
        return self.judge(reading, self._lexicon.find(reading))

    def judge(self, reading: Reading, found: Iterable[Hit]) -> tuple[Finding, ...]:
        """What the voice objects to among these hits, whose keys are places in `terms`."""
        text, wrong = reading.typed, []
        good: dict[str, list[tuple[int, int]]] = {}
        for hit in found:
            if hit.key < len(self._terms):
                wrong.append(hit)
            else:
                good.setdefault(self._uses[hit.key - len(self._terms)], []).append(hit.span)
        good = {use: sorted(spans) for use, spans in good.items()}
        taken = bytearray(len(text))
        findings: list[Finding] = []
        for hit in sorted(wrong, key=self._gravest_first):
            start, end = hit.span
            term = self._terms[hit.key]
            if all(taken[start:end]) or _covered(good.get(term.suggestion or "", ()), start, end):
                continue
            taken[start:end] = b"\x01" * (end - start)
            params = {"term": text[start:end], **dict(term.params)}
            reason = Message(f"finding.terms.{term.rule}", params)
            findings.append(
                Finding(
                    Check.TERMS,
                    term.rule.removesuffix("_reason"),
                    term.severity,
                    start,
                    end,
                    text[start:end],
                    reason,
                    term.suggestion,
                )
            )
        return tuple(sorted(findings, key=lambda finding: finding.start))

    def _gravest_first(self, hit: Hit) -> tuple[bool, int, int]:
        start, end = hit.span
        return self._terms[hit.key].severity is not Severity.BLOCK, start, -end


def _covered(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of these ordered spans reaches over `start:end`; of equal text, they do not nest."""
    before = bisect_right(spans, (start, sys.maxsize))
    return before > 0 and spans[before - 1][1] >= end


def terms(text: str, known: TermSet) -> tuple[Finding, ...]:
    """Banned terms and competitors block; a term with a better one warns and offers it."""
    return known.find(text)
