"""The options of a quiz: all but one of them are wrong on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.domain.findings import Claim, Finding, Verdict
from copilot.domain.grounding import Ledger


def settled(found: Ledger, options: Sequence[tuple[int, int]]) -> Ledger:
    """The ledger without what it says of wrong options, provided that a source supports one of them.

    Where no option agrees with any source, the quiz has no answer that could be proven: all findings stay.
    """
    supported = [claim for claim in found.claims if claim.verdict is Verdict.SUPPORTED]
    if not any(_inside(claim, options) for claim in supported):
        return found
    claims = tuple(
        replace(claim, verdict=Verdict.OPINION)
        if claim.verdict is Verdict.UNSUPPORTED and _inside(claim, options)
        else claim
        for claim in found.claims
    )
    findings = tuple(finding for finding in found.findings if not _inside(finding, options))
    notes = tuple(note for note in found.notes if not _inside(note, options))
    return Ledger(claims, findings, notes)


def _inside(one: Claim | Finding, places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= one.start < end for start, end in places)
