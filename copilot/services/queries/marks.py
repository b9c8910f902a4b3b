"""The marks on a copy as rows: its claims, its findings, and what somebody let stand of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.findings import Check, Severity, Verdict
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.waiving import OUTGROWN, Seats, Waiver, fingerprint, needed_to_waive, outgrown
from copilot.services.queries.rows import local

_OPEN = frozenset(
    {"unsupported_figure", "wrong_subject", "expired", "unsupported_statement", "unsupported_promise"}
)


@dataclass(frozen=True)
class ClaimRow:
    """A sentence in the ledger with the quotes that carry it, by passage; `id` is 0 while it is only being typed.

    `method` says how it was decided, "" where that was not kept.
    """

    id: int
    start: int
    end: int
    text: str
    verdict: Verdict
    quotes: tuple[tuple[int, str], ...]
    method: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the library has still to be asked for it: so far only the draft's own sources were."""
        return not self.id and self.verdict is Verdict.UNSUPPORTED


@dataclass(frozen=True)
class WaiverRow:
    """Who let a finding stand, why, and when in the brand's zone."""

    id: int
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True)
class FindingRow:
    """`needs` is what somebody needs to let it stand, None where nobody may; with a `waiver` somebody did.

    `id` is 0 for what is only being typed. `reminder` says why it stands although these words were let stand before.
    """

    id: int
    check: str
    rule: str
    severity: Severity
    start: int
    end: int
    text: str
    reason: Message
    suggestion: str | None
    seat: str = ""
    waiver: WaiverRow | None = None
    needs: Permission | None = None
    reminder: Message | None = None

    @property
    def is_blocking(self) -> bool:
        return self.severity is Severity.BLOCK and self.waiver is None

    @property
    def is_open(self) -> bool:
        """Whether the library may still bear out what it misses: so far only the draft's own sources were asked."""
        return not self.id and self.check == Check.CLAIMS and self.rule in _OPEN

    @property
    def seen(self) -> str:
        """Its fingerprint, for whoever is to say that they read this one in its sentence."""
        return fingerprint(self.check, self.rule, self.text, self.seat)

    @property
    def says(self) -> str:
        """The fingerprint of its words, which it keeps while its sentence is written."""
        return fingerprint(self.check, self.rule, self.text)

    @property
    def mark(self) -> str:
        """What its stretches in the copy are known by on the page."""
        return f"{self.start}-{self.end}-{self.says[:8]}"


def marks_of(
    head: models.Revision | None, home: models.Brand, waivers: Sequence[Waiver]
) -> tuple[tuple[ClaimRow, ...], tuple[FindingRow, ...]]:
    """What was written down of a text; `waivers` are those that stand in its post."""
    if head is None:
        return (), ()
    grouped: dict[tuple[int, int], list[models.Claim]] = {}
    for row in head.claims:
        grouped.setdefault((row.start, row.end), []).append(row)
    claims = tuple(
        ClaimRow(
            id=rows[0].id,
            start=start,
            end=end,
            text=head.text[start:end],
            verdict=Verdict(rows[0].verdict),
            quotes=tuple((row.passage_id, row.quote) for row in rows if row.passage_id is not None),
            method=rows[0].method,
        )
        for (start, end), rows in grouped.items()
    )
    # From the text, for a row from before its seat was kept has none.
    seats = Seats(head.text, Language(home.language))
    findings = tuple(
        FindingRow(
            id=row.id,
            check=row.check,
            rule=row.rule,
            severity=Severity(row.severity),
            start=row.start,
            end=row.end,
            text=row.text,
            reason=Message(row.reason, row.params),
            suggestion=row.suggestion,
            seat=seats.of(row.start, row.end),
            waiver=waiver_row(row.waiver, home.zone) if row.waiver is not None else None,
            needs=needed_to_waive(row.check, row.rule),
        )
        for row in head.findings
    )
    return claims, reminded(findings, waivers)


def reminded(findings: Iterable[FindingRow], waivers: Iterable[Waiver]) -> tuple[FindingRow, ...]:
    """The findings, each that was let stand in another wording with a word on why it stands again."""
    rows = tuple(findings)
    once = outgrown(waivers, {row.waiver.id for row in rows if row.waiver is not None})
    return tuple(
        replace(row, reminder=OUTGROWN)
        if row.waiver is None and (row.check, row.rule, row.text) in once
        else row
        for row in rows
    )


def waiver_row(row: models.Waiver, zone: str) -> WaiverRow:
    return WaiverRow(row.id, row.reason, row.author.name, local(row.created_at, zone))
