"""Facts as rows: what waits for a decision, what was confirmed, and whom a change concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.delivery import DeliveryState
from copilot.domain.facts import FactKind, FactStatus
from copilot.domain.flags import Cause
from copilot.domain.materials import MaterialStatus
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import contesting, loading, values
from copilot.services.queries.elsewhere import Elsewhere, still_said
from copilot.services.queries.rows import local

PAGE = 60
_MOST_SENT = 12
_TAKEN_LATELY = timedelta(days=60)
_MOST_TAKEN = 12
_LOOKED_BACK = 400
"""Texts that were sent and are read again for the old value of a changed fact: some months of a busy brand."""


@dataclass(frozen=True)
class FactRow:
    """`change` is the open question of a material's fact that is said otherwise by now."""

    id: int
    kind: str
    subject: str
    name: str
    value: str
    quote: str
    status: str
    origin: str
    owner: str
    material: int
    title: str
    material_kind: str
    passage: int
    locator: Mapping[str, Any]
    valid_until: datetime | None
    is_over: bool
    is_source_gone: bool
    change: int | None = None


@dataclass(frozen=True)
class ConcernedPost:
    """A post that says what has changed. `flag` and `patches` are those of an unsent one."""

    post: int
    name: str
    module: str
    starts_at: datetime
    state: str
    quote: str
    flag: int | None = None
    patches: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class ChangeRow:
    """A confirmed fact against what its material says now; `after` is empty where it says nothing."""

    id: int
    fact: FactRow
    before: str
    before_quote: str
    after: str
    after_quote: str
    at: datetime
    unsent: tuple[ConcernedPost, ...]
    sent: tuple[ConcernedPost, ...]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class TakenRow:
    """A change that somebody has taken while other places of the library still give the old value."""

    fact: FactRow
    before: str
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class FactsView:
    rows: tuple[FactRow, ...]
    counts: Mapping[str, int]
    changes: tuple[ChangeRow, ...]
    taken: tuple[TakenRow, ...]
    page: int
    pages: int
    found: int


class FactQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def view(
        self,
        *,
        brand: int,
        status: FactStatus = FactStatus.SUGGESTED,
        kind: FactKind | None = None,
        material: int | None = None,
        page: int = 1,
    ) -> FactsView:
        """A page of the facts of one status, by material and place, every open change, and what was taken but not everywhere."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            chosen = _of(brand).where(models.Fact.status == status)
            if status is FactStatus.SUGGESTED:
                # What nobody can write from needs no decision yet.
                chosen = chosen.where(models.Material.status == MaterialStatus.ACTIVE)
            if kind is not None:
                chosen = chosen.where(models.Fact.kind == kind)
            if material is not None:
                chosen = chosen.where(models.Fact.material_id == material)
            found = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
            pages = max(1, -(-found // PAGE))
            page = min(max(page, 1), pages)
            rows = session.scalars(
                chosen.order_by(models.Material.title, models.Fact.passage_id, models.Fact.id)
                .offset((page - 1) * PAGE)
                .limit(PAGE)
            )
            return FactsView(
                rows=tuple(self._row(session, row, zone) for row in rows),
                counts=_counts(session, brand),
                changes=tuple(self._changes(session, brand, zone)),
                taken=tuple(self._taken(session, brand, zone)),
                page=page,
                pages=pages,
                found=found,
            )

    def fact(self, fact: int, *, brand: int) -> FactRow:
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            return self._row(session, loading.one(session, models.Fact, fact, brand=brand), zone)

    def of_material(self, material: int, *, brand: int) -> tuple[FactRow, ...]:
        """What a material pins down, decided or not; what was dismissed is left out."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = session.scalars(
                _of(brand)
                .where(models.Fact.material_id == material, models.Fact.status != FactStatus.DISMISSED)
                .order_by(models.Fact.passage_id, models.Fact.id)
            )
            changes = dict(
                session.execute(
                    select(models.FactChange.fact_id, models.FactChange.id)
                    .join(models.Fact, models.Fact.id == models.FactChange.fact_id)
                    .where(models.Fact.material_id == material, models.FactChange.state == "open")
                ).all()
            )
            return tuple(replace(self._row(session, row, zone), change=changes.get(row.id)) for row in rows)

    def _row(self, session: Session, row: models.Fact, zone: str) -> FactRow:
        owner = session.get(models.User, row.owner_id) if row.owner_id is not None else None
        return FactRow(
            id=row.id,
            kind=row.kind,
            subject=row.subject,
            name=row.name,
            value=row.value,
            quote=row.quote,
            status=row.status,
            origin=row.origin,
            owner=owner.name if owner is not None else "",
            material=row.material_id,
            title=row.material.title,
            material_kind=row.material.kind,
            passage=row.passage_id,
            locator=row.passage.locator,
            valid_until=local(row.valid_until, zone) if row.valid_until is not None else None,
            is_over=row.valid_until is not None and row.valid_until <= self._clock(),
            is_source_gone=row.material.status != MaterialStatus.ACTIVE,
        )

    def _changes(self, session: Session, brand: int, zone: str) -> list[ChangeRow]:
        rows = session.scalars(
            select(models.FactChange)
            .where(models.FactChange.brand_id == brand, models.FactChange.state == "open")
            .order_by(models.FactChange.id.desc())
        ).all()
        return [
            ChangeRow(
                id=row.id,
                fact=self._row(session, row.fact, zone),
                before=row.before,
                before_quote=row.before_quote,
                after=row.after,
                after_quote=row.after_quote,
                at=local(row.created_at, zone),
                unsent=_unsent(session, row, zone),
                sent=_sent(session, row, zone),
                elsewhere=still_said(session, row, now=self._clock()),
            )
            for row in rows
        ]

    def _taken(self, session: Session, brand: int, zone: str) -> Iterator[TakenRow]:
        """The newest first; what was taken long ago is no news to anybody."""
        now = self._clock()
        taken = [
            row
            for row in contesting.standing_changes(session, brand)
            if row.decided_at is not None and row.decided_at > now - _TAKEN_LATELY
        ]
        for row in reversed(taken[-_MOST_TAKEN:]):
            elsewhere = still_said(session, row, now=now)
            if elsewhere:
                yield TakenRow(self._row(session, row.fact, zone), row.before, elsewhere)


def _of(brand: int) -> Select[models.Fact]:
    return (
        select(models.Fact)
        .join(models.Material, models.Material.id == models.Fact.material_id)
        .where(models.Fact.brand_id == brand)
        .options(joinedload(models.Fact.material), joinedload(models.Fact.passage))
    )


def _counts(session: Session, brand: int) -> Mapping[str, int]:
    rows = session.execute(
        select(models.Fact.status, func.count())
        .join(models.Material, models.Material.id == models.Fact.material_id)
        .where(
            models.Fact.brand_id == brand,
            (models.Fact.status != FactStatus.SUGGESTED) | (models.Material.status == MaterialStatus.ACTIVE),
        )
        .group_by(models.Fact.status)
    ).all()
    return {str(status): 0 for status in FactStatus} | {row[0]: row[1] for row in rows}


def _unsent(session: Session, change: models.FactChange, zone: str) -> tuple[ConcernedPost, ...]:
    rows = session.scalars(
        select(models.Flag)
        .join(models.Post, models.Post.id == models.Flag.post_id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(models.Flag.material_id == change.fact.material_id, models.Flag.resolved_at.is_(None))
        .order_by(models.Slot.starts_at, models.Flag.id)
    )
    return tuple(
        _concerned(row.post, row.quote, zone, flag=row.id, patches=tuple(row.patches))
        for row in rows
        if (row.cause == Cause.CONTESTED and row.now == change.after_quote) or _says(change, row.quote)
    )


def _sent(session: Session, change: models.FactChange, zone: str) -> tuple[ConcernedPost, ...]:
    """Posts that went out with the old value, the latest first: a person decides whether they need a correction.

    On the word of this material or of another one: members read the price, not its source.
    """
    sent = (
        select(models.Post)
        .join(models.Delivery, models.Delivery.post_id == models.Post.id)
        .where(models.Post.brand_id == change.brand_id, models.Delivery.state == DeliveryState.SENT)
        .distinct()
        .order_by(models.Post.id.desc())
    )
    by_quote = session.execute(
        sent.join(models.Claim, models.Claim.revision_id == models.Delivery.revision_id)
        .join(models.Passage, models.Passage.id == models.Claim.passage_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(models.MaterialRevision.material_id == change.fact.material_id)
        .add_columns(models.Claim.quote)
    ).all()
    by_text = session.execute(
        sent.join(models.Revision, models.Revision.id == models.Delivery.revision_id)
        .add_columns(models.Revision.text)
        .limit(_LOOKED_BACK)
    ).all()
    found = {post.id: _concerned(post, quote, zone) for post, quote in by_quote if _says(change, quote)}
    brand = values.brand(loading.one(session, models.Brand, change.brand_id))
    for post, text in by_text:
        places = () if post.id in found else contesting.gives_old(text, change, brand).places
        if places:
            found[post.id] = _concerned(post, text[slice(*places[0])], zone)
    return tuple(sorted(found.values(), key=lambda one: one.starts_at, reverse=True)[:_MOST_SENT])


def _says(change: models.FactChange, quote: str) -> bool:
    """Whether a quote that a post rests on is the one that has changed, or holds it."""
    return change.before_quote in quote or quote in change.before_quote


def _concerned(
    post: models.Post,
    quote: str,
    zone: str,
    *,
    flag: int | None = None,
    patches: Sequence[Mapping[str, Any]] = (),
) -> ConcernedPost:
    return ConcernedPost(
        post=post.id,
        name=post.slot.column.name,
        module=post.slot.column.module,
        starts_at=local(post.slot.starts_at, zone),
        state=post.state,
        quote=quote,
        flag=flag,
        patches=tuple(patches),
    )
