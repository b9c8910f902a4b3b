"""The trace as rows: from a sentence of a post to its source, the revision, the approval, the deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.findings import Check, Verdict
from copilot.domain.messages import Message
from copilot.domain.waiving import Seats
from copilot.errors import NotFound
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.queries.marks import WaiverRow, waiver_row
from copilot.services.queries.rows import Seal, local, seal_of


@dataclass(frozen=True)
class Evidence:
    """A quote where it stands: the passage's text with the quote's offsets in it, and the source row or page."""

    passage: int
    text: str
    quote_start: int
    quote_end: int
    title: str
    material: int
    path: str
    kind: str
    heading: tuple[str, ...]
    locator: Mapping[str, Any]
    fields: Mapping[str, Any]
    revision: int
    revision_digest: str
    is_current: bool
    added_at: datetime
    added_by: str
    valid_from: datetime | None
    valid_until: datetime | None

    @property
    def quote(self) -> str:
        return self.text[self.quote_start : self.quote_end]


@dataclass(frozen=True)
class TracedClaim:
    id: int
    start: int
    end: int
    text: str
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    waivers: tuple[WaiverRow, ...] = ()
    """By whom it was let stand; nothing while anything that is missing in it still counts."""


@dataclass(frozen=True)
class TracedWaiver:
    """What the text was let stand with: the words, "" for the whole copy, their sentence, and what a check said."""

    text: str
    sentence: str
    said: Message
    waiver: WaiverRow


@dataclass(frozen=True)
class TraceDelivery:
    id: int
    destination: str
    channel: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    by: str
    digest: str


@dataclass(frozen=True)
class TraceEvent:
    """One audit row; `destination` is the place that a delivery's row is about."""

    at: datetime
    actor: str
    action: str
    data: Mapping[str, Any]
    destination: str = ""


@dataclass(frozen=True)
class TraceView:
    post: int
    column: str
    module: str
    starts_at: datetime
    state: str
    text: str
    revision: int
    digest: str
    origin: str
    author: str
    written_at: datetime
    provenance: Mapping[str, Any]
    claims: tuple[TracedClaim, ...]
    waived: tuple[TracedWaiver, ...]
    seal: Seal | None
    approved_window: tuple[datetime, datetime] | None
    approved_destinations: tuple[str, ...]
    deliveries: tuple[TraceDelivery, ...]
    events: tuple[TraceEvent, ...]


class TraceQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def view(self, post: int, *, brand: int) -> TraceView:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head = row.head
            if head is None:
                raise NotFound("revision", post)
            home = loading.one(session, models.Brand, brand)
            zone = home.zone
            names = {user.id: user.name for user in session.scalars(select(models.User))}
            approval = session.scalar(
                select(models.Approval)
                .where(models.Approval.post_id == post)
                .order_by(models.Approval.id.desc())
                .limit(1)
            )
            places = {
                place.id: place.name
                for place in session.scalars(
                    select(models.Destination).where(models.Destination.brand_id == brand)
                )
            }
            deliveries = session.scalars(
                select(models.Delivery).where(models.Delivery.post_id == post).order_by(models.Delivery.id)
            ).all()
            subjects = [("post", [post]), ("delivery", [one.id for one in deliveries])]
            if approval is not None:
                subjects.append(("approval", [approval.id]))
            given = session.scalars(select(models.Waiver.id).where(models.Waiver.post_id == post)).all()
            subjects.append(("waiver", list(given)))
            targets = {one.id: places[one.destination_id] for one in deliveries}
            events = [
                event
                for subject, ids in subjects
                for event in session.scalars(
                    select(models.Audit).where(
                        models.Audit.subject == subject, models.Audit.subject_id.in_(ids)
                    )
                )
            ]
            return TraceView(
                post=post,
                column=row.slot.column.name,
                module=row.slot.column.module,
                starts_at=local(row.slot.starts_at, zone),
                state=row.state,
                text=head.text,
                revision=head.number,
                digest=head.digest,
                origin=head.origin,
                author=names.get(head.author_id, ""),
                written_at=local(head.created_at, zone),
                provenance=head.provenance,
                claims=_claims(head, names, zone),
                waived=_waived(head, home),
                seal=seal_of(session, row, zone),
                approved_window=(local(approval.window_start, zone), local(approval.window_end, zone))
                if approval is not None
                else None,
                approved_destinations=tuple(places[one.destination_id] for one in approval.destinations)
                if approval is not None
                else (),
                deliveries=tuple(
                    TraceDelivery(
                        id=one.id,
                        destination=places[one.destination_id],
                        channel=one.destination.channel,
                        state=one.state,
                        due_at=local(one.due_at, zone),
                        sent_at=local(one.sent_at, zone) if one.sent_at is not None else None,
                        by=names.get(one.changed_by or 0, ""),
                        digest=one.digest,
                    )
                    for one in deliveries
                ),
                events=tuple(
                    TraceEvent(
                        at=local(event.at, zone),
                        actor=names.get(event.actor_id or 0, ""),
                        action=event.action,
                        data=event.data,
                        destination=targets.get(event.subject_id, "") if event.subject == "delivery" else "",
                    )
                    for event in sorted(events, key=lambda event: event.id)
                ),
            )


def _claims(head: models.Revision, names: Mapping[int, str], zone: str) -> tuple[TracedClaim, ...]:
    grouped: dict[tuple[int, int], list[models.Claim]] = {}
    for row in head.claims:
        grouped.setdefault((row.start, row.end), []).append(row)
    return tuple(
        TracedClaim(
            id=rows[0].id,
            start=start,
            end=end,
            text=head.text[start:end],
            verdict=Verdict(rows[0].verdict),
            evidence=tuple(_evidence(row, names, zone) for row in rows if row.passage is not None),
            waivers=_waivers(head, start, end, zone) if rows[0].verdict == Verdict.UNSUPPORTED else (),
        )
        for (start, end), rows in grouped.items()
    )


def _waivers(head: models.Revision, start: int, end: int, zone: str) -> tuple[WaiverRow, ...]:
    """As the desk draws it: a sentence stands once all that it claims does."""
    said = [
        row
        for row in head.findings
        if row.check in (Check.CLAIMS, Check.FRESHNESS) and start <= row.start and row.end <= end
    ]
    given = {row.waiver.id: row.waiver for row in said if row.waiver is not None}
    if any(row.waiver is None for row in said):
        return ()
    return tuple(waiver_row(one, zone) for one in given.values())


def _waived(head: models.Revision, home: models.Brand) -> tuple[TracedWaiver, ...]:
    """Every waiver that the text stands with, once, in the order of the text."""
    seats = Seats(head.text, Language(home.language))
    covered = {row.waiver_id: row for row in sorted(head.findings, key=lambda row: -row.start)}
    return tuple(
        TracedWaiver(
            text=row.text,
            sentence=seats.sentence(row.start, row.end) if row.text else "",
            said=Message(row.reason, row.params),
            waiver=waiver_row(row.waiver, home.zone),
        )
        for row in sorted(covered.values(), key=lambda row: row.start)
        if row.waiver is not None
    )


def _evidence(row: models.Claim, names: Mapping[int, str], zone: str) -> Evidence:
    passage = row.passage
    assert passage is not None
    revision = passage.revision
    material = revision.material
    start = max(passage.text.find(row.quote), 0)
    return Evidence(
        passage=passage.id,
        text=passage.text,
        quote_start=start,
        quote_end=start + len(row.quote),
        title=material.title,
        material=material.id,
        path=material.path,
        kind=passage.kind,
        heading=tuple(passage.heading),
        locator=passage.locator,
        fields=passage.fields,
        revision=revision.number,
        revision_digest=revision.digest,
        is_current=material.current_id == revision.id and passage.live,
        added_at=local(revision.created_at, zone),
        added_by=names.get(revision.created_by or 0, ""),
        valid_from=local(passage.valid_from, zone) if passage.valid_from is not None else None,
        valid_until=local(passage.valid_until, zone) if passage.valid_until is not None else None,
    )
