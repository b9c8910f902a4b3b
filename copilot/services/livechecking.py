"""The live check: what the gate's own checks say of a text while it is being typed, from what the draft already has."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.annotating import annotate
from copilot.domain.brands import Brand, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.findings import Check, Claim, Finding, Method, Severity
from copilot.domain.grounding.entailing import Kept
from copilot.domain.materials import Source
from copilot.domain.waiving import Waiver, needed_to_waive
from copilot.errors import InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading, values
from copilot.services.besides import Beside, read_beside
from copilot.services.checking import Checked, Checking
from copilot.services.queries.desk import ClaimRow, DeskQueries, FindingRow, PostView, WaiverRow
from copilot.services.queries.rows import local
from copilot.services.sourcing import standing

MOST = 20_000
"""The longest text that is checked while it is typed, in characters."""

_KEPT = 128


@dataclass(frozen=True)
class Live:
    """A post as it would stand with the text of an editor: `view` has that text's claims and findings.

    `text` is what stands in the editor, to the letter: the places of claims and findings are places in it.
    `is_saved` where it is the newest text, whose findings were written down when the library was searched for it.
    """

    view: PostView
    text: str
    is_saved: bool


@dataclass(frozen=True)
class _Ground:
    """All that a check of one post reads, as it was when the diary had so many lines."""

    lines: int
    view: PostView
    brand: Brand
    voice: Voice
    column: Column
    channel: Channel
    at: datetime
    sources: tuple[Source, ...]
    beside: Beside
    waivers: tuple[Waiver, ...]
    waived: Mapping[int, WaiverRow]


class LiveChecking:
    """Searches nothing, embeds nothing and writes nothing, so that it can answer at every pause in the typing.

    What it reads of a post is kept until the audit has another line: whatever changes a text, a voice, a rule, a
    material or a waiver writes one in its transaction.
    """

    def __init__(self, *, db: Database, clock: Clock, checking: Checking, desk: DeskQueries) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking
        self._desk = desk
        self._grounds: OrderedDict[tuple[int, int], _Ground] = OrderedDict()
        self._lock = Lock()

    def check(self, post: int, text: str, *, brand: int) -> Live:
        """What the gate's checks say of this text, grounded on the passages of the newest text alone.

        A figure or statement that these do not bear out may stand elsewhere in the library: it is told as open, and
        blocks only where they say otherwise. InvalidInput for a text longer than MOST.
        """
        text = text.replace("\r\n", "\n")
        if len(text) > MOST:
            raise InvalidInput({"text": "invalid.copy_too_long"}, most=MOST, actual=len(text))
        ground = self._ground(post, brand)
        view, copy = ground.view, text.strip()
        # What is saved is the text without the white space around it; places are counted in what is on the page.
        lead = len(text) - len(text.lstrip())
        if view.head is not None and copy == view.head.text:
            return _live(view, text, _moved(view.claims, lead), _moved(view.findings, lead), is_saved=True)
        if not copy:
            return _live(view, text, (), (), is_saved=False)
        checked = self._check(copy, ground)
        claims = _claim_rows(checked.claims, view.claims)
        findings = _finding_rows(checked.findings, view.findings, ground.waived)
        # What is wrong with the pictures stays so, whatever is typed beside them.
        pictured = [row for row in view.findings if row.check == Check.PICTURES]
        return _live(view, text, _moved(claims, lead), [*_moved(findings, lead), *pictured], is_saved=False)

    def _check(self, copy: str, ground: _Ground) -> Checked:
        checked = self._checking.check(
            copy,
            brand=ground.brand,
            voice=ground.voice,
            channel=ground.channel,
            at=self._said(ground),
            sources=ground.sources,
            column=ground.column,
        )
        # What meaning or a model settled stays settled as long as the sentence and its source are what they were.
        checked = self._checking.judged(
            checked, _judged(ground.view.claims), brand=ground.brand, at=self._said(ground)
        )
        beside = self._checking.beside(
            copy, ground.beside, ground.brand, ground.voice, ground.column, ground.channel
        )
        return checked.along_with(beside).let_stand(ground.waivers)

    def _said(self, ground: _Ground) -> datetime:
        """When the copy speaks. What answers an event is said to whoever comes next, to the minute from now on."""
        if not ground.column.is_standing:
            return ground.at
        return max(ground.at, self._clock().replace(second=0, microsecond=0))

    def _ground(self, post: int, brand: int) -> _Ground:
        key = (brand, post)
        with self._db.read() as session:
            lines = session.scalar(select(func.max(models.Audit.id))) or 0
        with self._lock:
            kept = self._grounds.get(key)
            if kept is not None and kept.lines == lines:
                self._grounds.move_to_end(key)
                return kept
        # The lines were counted first: what changes while this is read makes it old, and never wrong.
        read = self._read(post, brand, lines)
        with self._lock:
            self._grounds[key] = read
            while len(self._grounds) > _KEPT:
                self._grounds.popitem(last=False)
        return read

    def _read(self, post: int, brand: int, lines: int) -> _Ground:
        view = self._desk.post(post, brand=brand)
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            home, voice = loading.brand_and_voice(session, brand)
            column = loading.column(row.slot.column)
            waived = _standing_waivers(session, post, home.zone)
            return _Ground(
                lines=lines,
                view=view,
                brand=home,
                voice=voice,
                column=column,
                channel=Channel(row.channel),
                at=row.slot.starts_at,
                sources=_sources(session, view),
                beside=read_beside(session, row, column),
                waivers=tuple(waived),
                waived={waiver.id: row for waiver, row in waived.items()},
            )


def _sources(session: Session, view: PostView) -> tuple[Source, ...]:
    """The passages of the page as they stand now, each under the number by which the page knows it."""
    known = {row.text: row.passage for row in reversed(view.sources)}
    passages = standing(session, [row.passage for row in view.sources])
    rows = session.scalars(
        select(models.Passage)
        .where(models.Passage.id.in_(passages))
        .options(joinedload(models.Passage.revision).joinedload(models.MaterialRevision.material))
    )
    found = {row.id: values.source(row) for row in rows}
    read = [found[passage] for passage in dict.fromkeys(passages) if passage in found]
    return tuple(replace(source, passage=known.get(source.text, source.passage)) for source in read)


def _standing_waivers(session: Session, post: int, zone: str) -> dict[Waiver, WaiverRow]:
    rows = session.scalars(
        select(models.Waiver)
        .where(models.Waiver.post_id == post, models.Waiver.withdrawn_at.is_(None))
        .options(joinedload(models.Waiver.author))
        .order_by(models.Waiver.id)
    )
    return {
        Waiver(row.id, row.check, row.rule, row.text): WaiverRow(
            row.id, row.reason, row.author.name, local(row.created_at, zone)
        )
        for row in rows
    }


def _judged(claims: Iterable[ClaimRow]) -> list[Kept]:
    """What was judged of the text that was written down last."""
    judged = (claim for claim in claims if claim.method in (Method.MEANING, Method.MODEL))
    return [
        Kept(claim.text, Method(claim.method), *(claim.quotes[0] if claim.quotes else ())) for claim in judged
    ]


def _claim_rows(claims: Iterable[Claim], stored: Iterable[ClaimRow]) -> list[ClaimRow]:
    """The sentences as rows; one of which the same was written down bears the number of that row."""
    known: defaultdict[tuple[str, str], list[ClaimRow]] = defaultdict(list)
    for row in stored:
        known[row.text, row.verdict].append(row)
    return [
        ClaimRow(
            id=_nearest(known[claim.sentence, claim.verdict], claim.start),
            start=claim.start,
            end=claim.end,
            text=claim.sentence,
            verdict=claim.verdict,
            quotes=claim.evidence or (((claim.passage, claim.quote),) if claim.passage is not None else ()),
            method=claim.method,
        )
        for claim in claims
    ]


def _finding_rows(
    findings: Iterable[Finding], stored: Iterable[FindingRow], waived: Mapping[int, WaiverRow]
) -> list[FindingRow]:
    """As `_claim_rows`; what is open only warns, unless the sources at hand say something else instead."""
    known: defaultdict[tuple[str, str, str], list[FindingRow]] = defaultdict(list)
    for row in stored:
        known[row.check, row.rule, row.text].append(row)
    rows = []
    for finding in findings:
        row = FindingRow(
            id=_nearest(known[finding.check, finding.rule, finding.text], finding.start),
            check=finding.check,
            rule=finding.rule,
            severity=finding.severity,
            start=finding.start,
            end=finding.end,
            text=finding.text,
            reason=finding.reason,
            suggestion=finding.suggestion,
            waiver=waived[finding.waiver] if finding.waiver is not None else None,
            needs=needed_to_waive(finding.check, finding.rule),
        )
        is_denied = bool(finding.reason.params.get("nearest"))
        rows.append(replace(row, severity=Severity.WARN) if row.is_open and not is_denied else row)
    return sorted(rows, key=lambda row: row.start)


def _nearest(rows: Iterable[ClaimRow | FindingRow], start: int) -> int:
    """The number of the row that begins nearest; 0 where there is none."""
    return min(((abs(row.start - start), row.id) for row in rows), default=(0, 0))[1]


_Row = TypeVar("_Row", ClaimRow, FindingRow)


def _moved(rows: Iterable[_Row], by: int) -> tuple[_Row, ...]:
    """The rows with their places so much further on; what is about the whole copy has none."""
    if not by:
        return tuple(rows)
    return tuple(replace(row, start=row.start + by, end=row.end + by) if row.end else row for row in rows)


def _live(
    view: PostView, text: str, claims: Iterable[ClaimRow], findings: Iterable[FindingRow], *, is_saved: bool
) -> Live:
    told, found = tuple(claims), tuple(findings)
    shown = replace(view, claims=told, findings=found, stretches=annotate(text, told, found))
    return Live(shown, text, is_saved)
