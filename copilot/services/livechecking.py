"""The live check: what the gate's own checks say of a text while it is being typed, from what the draft already has."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.annotating import annotate
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.findings import Check, Claim, Finding, Method, Severity, Verdict
from copilot.domain.grounding.entailing import Kept
from copilot.domain.materials import Kind, Source
from copilot.domain.messages import Message
from copilot.domain.waiving import Seats, Waiver, needed_to_waive
from copilot.errors import InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading, values
from copilot.services.besides import Beside, read_beside
from copilot.services.checking import Checked, Checking
from copilot.services.queries.desk import DeskQueries, PostView
from copilot.services.queries.marks import ClaimRow, FindingRow, WaiverRow, reminded
from copilot.services.queries.rows import local
from copilot.services.sourcing import standing

MOST = 20_000
"""The longest text that is checked while it is typed, in characters."""

_KEPT = 128

# What every kind of figure is looked for in, and what nothing bears out: both go the whole way.
_SAMPLES = {
    Language.ZH: "这只锅 239 元，能装 1.2 升。坏了包换，用着放心。",
    Language.EN: "This pot is £42 and holds 1.2 litres. We replace what breaks. It is a joy to use.",
}


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
        blocks nothing before the text is saved. InvalidInput for a text longer than MOST.
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
        borne = {claim.text for claim in view.claims if claim.verdict is Verdict.SUPPORTED}
        rows = _finding_rows(checked, view.findings, ground.waived, borne)
        findings = reminded(rows, ground.waivers)
        # What is wrong with the pictures stays so, whatever is typed beside them.
        pictured = [row for row in view.findings if row.check == Check.PICTURES]
        return _live(view, text, _moved(claims, lead), [*_moved(findings, lead), *pictured], is_saved=False)

    def warm(self, *, brand: int) -> None:
        """Reads the brand's rules and words once, so that whoever types first does not wait for it.

        That is nearly all compiling patterns, which a process keeps.
        """
        with self._db.read() as session:
            home, voice = loading.brand_and_voice(session, brand)
        sample = _SAMPLES[home.language]
        now = self._clock()
        source = Source(0, sample, Kind.SELLING_POINT, sample)
        self._checking.check(
            sample, brand=home, voice=voice, channel=Channel.COMMUNITY, at=now, sources=[source]
        )

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
        return checked.along_with(beside).let_stand(ground.waivers, Seats(copy, ground.brand.language))

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
        Waiver(row.id, row.check, row.rule, row.text, row.seat): WaiverRow(
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
    checked: Checked, stored: Iterable[FindingRow], waived: Mapping[int, WaiverRow], borne: AbstractSet[str]
) -> list[FindingRow]:
    """As `_claim_rows`; what is open only warns, and says that the library has still to be asked.

    `borne` are the sentences of the stored text that were borne out: where the fix would make one of them again,
    somebody mistyped what was right, and that stands against it at once.
    """
    known: defaultdict[tuple[str, str, str], list[FindingRow]] = defaultdict(list)
    for row in stored:
        known[row.check, row.rule, row.text].append(row)
    rows = []
    for finding in checked.findings:
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
            seat=finding.seat,
            waiver=waived[finding.waiver] if finding.waiver is not None else None,
            needs=needed_to_waive(finding.check, finding.rule),
        )
        is_mistyped = any(_mended(claim, finding) in borne for claim in checked.claims)
        rows.append(_asking(row) if row.is_open and not is_mistyped else row)
    return sorted(rows, key=lambda row: row.start)


def _mended(claim: Claim, finding: Finding) -> str | None:
    """The sentence with the finding's fix; None where the finding is not in it or has none."""
    if finding.suggestion is None or not claim.start <= finding.start < finding.end <= claim.end:
        return None
    before, after = finding.start - claim.start, finding.end - claim.start
    return claim.sentence[:before] + finding.suggestion + claim.sentence[after:]


def _asking(row: FindingRow) -> FindingRow:
    """What the few sources at hand say of something like it proves nothing: a price list holds many prices."""
    figure = row.reason.params.get("figure")
    reason = Message("claims.open_figure", {"figure": figure}) if figure else Message("claims.open_statement")
    return replace(row, severity=Severity.WARN, reason=reason, suggestion=None)


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
