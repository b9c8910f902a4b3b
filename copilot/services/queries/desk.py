"""The desk and the review queue as rows: a post with everything a person decides on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.annotating import Stretch, annotate
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.checks import safe_fixes
from copilot.domain.checks.measures import length
from copilot.domain.columns import Column, Form
from copilot.domain.comparing import Change, compare
from copilot.domain.delivery import has_expired
from copilot.domain.messages import Message, stored_message
from copilot.domain.posts import PostEvent, PostState, allowed
from copilot.domain.selfcheck import Question, self_check
from copilot.domain.sentences import sentences
from copilot.domain.waiving import is_revocable, is_waivable
from copilot.domain.welcome import Welcome, welcome
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.briefs import Wanted
from copilot.services.queries.beside import (
    SiblingRow,
    VariantRow,
    VariantRun,
    siblings_of,
    variant_runs,
    variants_of,
)
from copilot.services.queries.flags import FlagRow, flags_of
from copilot.services.queries.marks import ClaimRow, FindingRow, marks_of
from copilot.services.queries.outgoing import outgoing
from copilot.services.queries.rows import BrandRow, Seal, SlotCard, brand_row, local, post_card, seal_of
from copilot.services.queries.sources import SourceRow, sources_of
from copilot.services.targets import destinations_of
from copilot.services.waiving import standing_waivers


@dataclass(frozen=True)
class RevisionRow:
    id: int
    number: int
    text: str
    digest: str
    origin: str
    author: str
    author_id: int
    created_at: datetime
    provenance: Mapping[str, Any]


@dataclass(frozen=True)
class NoteRow:
    author: str
    text: str
    at: datetime
    revision: int


@dataclass(frozen=True)
class GenerationRow:
    """The newest try at a draft; `is_past` when a person wrote on after it, so that its failure is old news.

    `text` is what came so far and `seq` the last event in it, so that a reader can go on from there.
    """

    id: int
    state: str
    instruction: str
    error: Message | None
    text: str
    seq: int
    is_past: bool


@dataclass(frozen=True)
class DestinationRow:
    id: int
    name: str
    channel: str
    state: str | None


@dataclass(frozen=True)
class WelcomeRow:
    """The copy of a welcome as one; it `holds` while its approval does, its sources bear it out and its time is not over."""

    copy: Welcome
    holds: bool


@dataclass(frozen=True)
class PostView:
    """A post as the desk and the review show it; `head` is None until something was written."""

    brand: BrandRow
    card: SlotCard
    column: Column
    state: PostState
    events: frozenset[PostEvent]
    head: RevisionRow | None
    stretches: tuple[Stretch[ClaimRow, FindingRow], ...]
    claims: tuple[ClaimRow, ...]
    findings: tuple[FindingRow, ...]
    sources: tuple[SourceRow, ...]
    revisions: tuple[RevisionRow, ...]
    notes: tuple[NoteRow, ...]
    generation: GenerationRow | None
    destinations: tuple[DestinationRow, ...]
    seal: Seal | None
    last_approved: RevisionRow | None
    following: int | None
    flags: tuple[FlagRow, ...] = ()
    variants: tuple[VariantRow, ...] = ()
    variant_runs: tuple[VariantRun, ...] = ()
    siblings: tuple[SiblingRow, ...] = ()
    sentences: tuple[tuple[int, int, str], ...] = ()
    welcome: WelcomeRow | None = None

    @property
    def fell_back(self) -> Message | None:
        """Why the composer wrote the newest text although there is a model."""
        if self.head is None or self.head.origin == "person":
            return None
        return stored_message(self.head.provenance.get("fell_back"))

    def length(self, text: str) -> int:
        """How long a text of this brand is, as its columns ask for and the checks count."""
        return length(text, Language(self.brand.language))

    @property
    def elsewhere(self) -> tuple[Channel, ...]:
        """The positions in which this slot has no copy yet."""
        taken = {one.channel for one in self.siblings if not one.is_empty}
        return tuple(one for one in Channel if one not in taken and one != self.card.channel)

    @property
    def blocking(self) -> int:
        """How many findings stop it: those that somebody let stand do not."""
        return sum(finding.is_blocking for finding in self.findings)

    @property
    def objections(self) -> tuple[FindingRow, ...]:
        """What the checks object to and nobody let stand."""
        return tuple(finding for finding in self.findings if finding.waiver is None)

    @property
    def waived(self) -> tuple[FindingRow, ...]:
        """What somebody let stand, each waiver once, by the first place that it covers."""
        first = {finding.waiver.id: finding for finding in reversed(self.findings) if finding.waiver}
        return tuple(finding for finding in self.findings if finding in first.values())

    @property
    def safe(self) -> tuple[FindingRow, ...]:
        """The findings that can be mended together without a look at each."""
        return safe_fixes("".join(stretch.text for stretch in self.stretches), self.findings)

    @property
    def is_waivable(self) -> bool:
        return is_waivable(self.state)

    @property
    def is_revocable(self) -> bool:
        """Whether what was let stand may be taken back now."""
        return is_revocable(self.state)

    @property
    def id(self) -> int:
        assert self.card.post is not None
        return self.card.post


class DeskQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def post(self, post: int, *, brand: int) -> PostView:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            return self._view(session, row)

    def card(self, slot: int, *, brand: int) -> tuple[SlotCard | None, Column, datetime]:
        """A slot nobody has written for yet: its column and local time, and its post's card if there is one."""
        with self._db.read() as session:
            row = loading.one(session, models.Slot, slot, brand=brand)
            home = loading.one(session, models.Brand, brand)
            post = session.scalar(select(models.Post).where(models.Post.slot_id == slot).limit(1))
            card = post_card(session, home, post, self._clock()) if post is not None else None
            return card, loading.column(row.column), local(row.starts_at, home.zone)

    def review_queue(self, *, brand: int) -> list[PostView]:
        """What waits for a reviewer, the nearest slot first."""
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Post)
                .join(models.Slot)
                .where(models.Post.brand_id == brand, models.Post.state == PostState.IN_REVIEW)
                .order_by(models.Slot.starts_at, models.Post.id)
            ).all()
            return [self._view(session, row) for row in rows]

    def changes(self, view: PostView) -> tuple[Change, ...]:
        """What differs from the revision that was approved last; empty where none was, or nothing does."""
        if view.last_approved is None or view.head is None or view.last_approved.text == view.head.text:
            return ()
        return compare(view.last_approved.text, view.head.text)

    def self_check(self, view: PostView) -> tuple[Question, ...]:
        """What a reviewer asks before the seal, with what is known of this post and of the day around it."""
        with self._db.read() as session:
            return self_check(outgoing(session, view))

    def _view(self, session: Session, row: models.Post) -> PostView:
        home = loading.one(session, models.Brand, row.brand_id)
        revisions = session.scalars(
            select(models.Revision)
            .where(models.Revision.post_id == row.id)
            .order_by(models.Revision.number.desc())
        ).all()
        names: dict[int, str] = {user.id: user.name for user in session.scalars(select(models.User))}
        listed = tuple(_revision(revision, names, home.zone) for revision in revisions)
        head = next((one for one in listed if one.id == row.head_id), None)
        text = row.head.text if row.head is not None else ""
        waivers = standing_waivers(session, row.id)
        claims, findings = marks_of(row.head, home, waivers)
        column = loading.column(row.slot.column)
        seal = seal_of(session, row, home.zone)
        sources = sources_of(
            session, row.head, _quotes(claims), at=max(row.slot.starts_at, self._clock()), zone=home.zone
        )
        holds = (
            seal is not None
            and not seal.broken
            and not any(source.cited and _is_void(source, self._clock()) for source in sources)
            and not has_expired(row.slot.starts_at, column.tolerance, self._clock())
        )
        return PostView(
            brand=brand_row(home),
            card=post_card(session, home, row, self._clock()),
            column=column,
            state=PostState(row.state),
            events=allowed(PostState(row.state)),
            head=head,
            stretches=annotate(text, claims, findings),
            claims=claims,
            findings=findings,
            sources=sources,
            revisions=listed,
            notes=_notes(session, row.id, home.zone),
            generation=_generation(session, row),
            destinations=_destinations(session, row, column),
            seal=seal,
            last_approved=_last_approved(session, row.id, listed),
            following=_following(session, row),
            flags=flags_of(session, row.head_id, home.zone),
            variants=variants_of(session, row.id, home, waivers),
            variant_runs=variant_runs(session, row.id),
            siblings=siblings_of(session, row),
            sentences=tuple((a, b, text[a:b]) for a, b in sentences(text, Language(home.language))),
            welcome=WelcomeRow(welcome(text, Language(home.language)), holds)
            if text and column.form is Form.WELCOME
            else None,
        )


def _is_void(source: SourceRow, now: datetime) -> bool:
    """Whether what was cited carries nothing now, be it that no worker has looked yet."""
    return source.gone is not None or (source.valid_until is not None and source.valid_until <= now)


def _revision(row: models.Revision, names: Mapping[int, str], zone: str) -> RevisionRow:
    return RevisionRow(
        id=row.id,
        number=row.number,
        text=row.text,
        digest=row.digest,
        origin=row.origin,
        author=names.get(row.author_id, ""),
        author_id=row.author_id,
        created_at=local(row.created_at, zone),
        provenance=row.provenance,
    )


def _quotes(claims: tuple[ClaimRow, ...]) -> dict[int, list[str]]:
    """The quotes by their passage, in the order of the copy."""
    cited: dict[int, list[str]] = {}
    for claim in claims:
        for passage, quote in claim.quotes:
            cited.setdefault(passage, []).append(quote)
    return cited


def _notes(session: Session, post: int, zone: str) -> tuple[NoteRow, ...]:
    rows = session.execute(
        select(models.Note, models.User.name, models.Revision.number)
        .join(models.User, models.User.id == models.Note.author_id)
        .join(models.Revision, models.Revision.id == models.Note.revision_id)
        .where(models.Note.post_id == post)
        .order_by(models.Note.id.desc())
    )
    return tuple(
        NoteRow(row.name, row.Note.text, local(row.Note.created_at, zone), row.number) for row in rows
    )


def _generation(session: Session, post: models.Post) -> GenerationRow | None:
    """The newest generation, with the copy that came so far when it did not end as a revision."""
    row = session.scalar(
        select(models.Generation)
        .where(models.Generation.post_id == post.id, models.Generation.kind != Wanted.VARIANT)
        .order_by(models.Generation.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    text, seq = "", 0
    if row.state != "done":
        events = session.execute(
            select(models.GenerationEvent.seq, models.GenerationEvent.kind, models.GenerationEvent.data)
            .where(models.GenerationEvent.generation_id == row.id)
            .order_by(models.GenerationEvent.seq)
        )
        for event in events:
            seq = event.seq
            text = "" if event.kind == "restart" else text + (event.data if event.kind == "delta" else "")
    error = stored_message(row.error)
    is_past = post.head is not None and row.finished_at is not None and post.head.created_at > row.finished_at
    return GenerationRow(row.id, row.state, row.instruction, error, text, seq, is_past)


def _destinations(session: Session, post: models.Post, column: Column) -> tuple[DestinationRow, ...]:
    """Where the post goes, each with the state of its newest delivery of the head."""
    rows = session.scalars(destinations_of(post.brand_id, Channel(post.channel), column)).all()
    states = {
        delivery.destination_id: delivery.state
        for delivery in session.scalars(
            select(models.Delivery).where(models.Delivery.post_id == post.id).order_by(models.Delivery.id)
        )
    }
    return tuple(DestinationRow(row.id, row.name, row.channel, states.get(row.id)) for row in rows)


def _last_approved(session: Session, post: int, revisions: tuple[RevisionRow, ...]) -> RevisionRow | None:
    approved = session.scalar(
        select(models.Approval.revision_id)
        .where(models.Approval.post_id == post)
        .order_by(models.Approval.id.desc())
        .limit(1)
    )
    return next((revision for revision in revisions if revision.id == approved), None)


def _following(session: Session, post: models.Post) -> int | None:
    """The next slot of the calendar, for whoever works through the day by keyboard."""
    return session.scalar(
        select(models.Slot.id)
        .where(models.Slot.brand_id == post.brand_id, models.Slot.starts_at > post.slot.starts_at)
        .order_by(models.Slot.starts_at)
        .limit(1)
    )
