"""The library as rows: materials by kind with their health, a material's passages and who cites them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import Family, Kind, MaterialStatus
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.queries.rows import local

_SOON = timedelta(days=3)


class Health(StrEnum):
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FUTURE = "future"
    IMAGE_ONLY = "image_only"
    RETIRED = "retired"


@dataclass(frozen=True)
class MaterialRow:
    """`lapsed` counts the passages of the current revision, such as rows of a price list, that ran out."""

    id: int
    path: str
    kind: Kind
    title: str
    health: Health
    passages: int
    characters: int
    revision: int
    valid_from: datetime | None
    valid_until: datetime | None
    indexed: bool
    cited_by: int
    changed_at: datetime
    lapsed: int = 0

    @property
    def family(self) -> Family:
        return self.kind.family


@dataclass(frozen=True)
class PassageRow:
    id: int
    ordinal: int
    text: str
    heading: tuple[str, ...]
    locator: Mapping[str, Any]
    valid_from: datetime | None
    valid_until: datetime | None
    is_valid: bool
    cited_by: tuple[int, ...]
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CitingPost:
    """A post whose newest text cites the material."""

    id: int
    name: str
    module: str
    starts_at: datetime
    state: str


@dataclass(frozen=True)
class RevisionLine:
    number: int
    at: datetime
    by: str
    digest: str
    characters: int


@dataclass(frozen=True)
class MaterialView:
    """`posts` holds, by id, every post that `cited_by` of a passage names."""

    material: MaterialRow
    attribution: str
    consent: str
    passages: tuple[PassageRow, ...]
    revisions: tuple[RevisionLine, ...]
    posts: Mapping[int, CitingPost]


class LibraryQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def materials(self, *, brand: int) -> list[MaterialRow]:
        """All materials of the brand, by kind and title; retired ones last."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = session.scalars(
                select(models.Material)
                .where(models.Material.brand_id == brand)
                .order_by(models.Material.title)
            ).all()
            return sorted(
                (self._row(session, row, zone) for row in rows),
                key=lambda row: (row.health is Health.RETIRED, list(Kind).index(row.kind), row.title),
            )

    def material(self, material: int, *, brand: int) -> MaterialView:
        now = self._clock()
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            row = loading.one(session, models.Material, material, brand=brand)
            names = {user.id: user.name for user in session.scalars(select(models.User))}
            passages = row.current.passages if row.current is not None else []
            cited = _citing_posts(session, [passage.id for passage in passages])
            return MaterialView(
                material=self._row(session, row, zone),
                attribution=row.attribution,
                consent=row.consent,
                passages=tuple(
                    PassageRow(
                        id=passage.id,
                        ordinal=passage.ordinal,
                        text=passage.text,
                        heading=tuple(passage.heading),
                        locator=passage.locator,
                        valid_from=_local(passage.valid_from, zone),
                        valid_until=_local(passage.valid_until, zone),
                        is_valid=passage.live
                        and (passage.valid_from is None or passage.valid_from <= now)
                        and (passage.valid_until is None or passage.valid_until > now),
                        cited_by=cited.get(passage.id, ()),
                        fields=passage.fields,
                    )
                    for passage in passages
                ),
                revisions=tuple(
                    RevisionLine(
                        number=revision.number,
                        at=local(revision.created_at, zone),
                        by=names.get(revision.created_by or 0, ""),
                        digest=revision.digest,
                        characters=revision.characters,
                    )
                    for revision in reversed(row.revisions)
                ),
                posts=_posts(session, cited, zone),
            )

    def _row(self, session: Session, row: models.Material, zone: str) -> MaterialRow:
        current = row.current
        passages = session.execute(
            select(func.count(), func.count().filter(models.Passage.valid_until <= self._clock())).where(
                models.Passage.revision_id == row.current_id
            )
        ).one()
        cited = session.scalar(
            select(func.count(func.distinct(models.Revision.post_id)))
            .join(models.Claim, models.Claim.revision_id == models.Revision.id)
            .join(models.Post, models.Post.head_id == models.Revision.id)
            .join(models.Passage, models.Passage.id == models.Claim.passage_id)
            .where(models.Passage.revision_id == row.current_id)
        )
        return MaterialRow(
            id=row.id,
            path=row.path,
            kind=Kind(row.kind),
            title=row.title,
            health=_health(row, self._clock()),
            passages=int(passages[0]),
            characters=current.characters if current is not None else 0,
            revision=current.number if current is not None else 0,
            valid_from=_local(current.valid_from, zone) if current is not None else None,
            valid_until=_local(current.valid_until, zone) if current is not None else None,
            indexed=current is not None and current.indexed_at is not None,
            cited_by=int(cited or 0),
            changed_at=local(current.created_at if current is not None else row.created_at, zone),
            lapsed=int(passages[1]),
        )


def _health(row: models.Material, now: datetime) -> Health:
    current = row.current
    if row.status == MaterialStatus.RETIRED or current is None:
        return Health.RETIRED
    if current.warning == "image_only":
        return Health.IMAGE_ONLY
    if current.valid_until is not None and current.valid_until <= now:
        return Health.EXPIRED
    if current.valid_from is not None and current.valid_from > now:
        return Health.FUTURE
    if current.valid_until is not None and current.valid_until - now < _SOON:
        return Health.EXPIRING
    return Health.ACTIVE


def _citing_posts(session: Session, passages: list[int]) -> dict[int, tuple[int, ...]]:
    """The posts whose newest text cites each passage."""
    rows = session.execute(
        select(models.Claim.passage_id, models.Post.id)
        .join(models.Post, models.Post.head_id == models.Claim.revision_id)
        .where(models.Claim.passage_id.in_(passages))
        .distinct()
        .order_by(models.Post.id)
    )
    cited: dict[int, tuple[int, ...]] = {}
    for passage, post in rows:
        if passage is not None:
            cited[passage] = (*cited.get(passage, ()), post)
    return cited


def _posts(session: Session, cited: Mapping[int, tuple[int, ...]], zone: str) -> Mapping[int, CitingPost]:
    rows = session.scalars(
        select(models.Post)
        .join(models.Slot)
        .where(models.Post.id.in_({post for posts in cited.values() for post in posts}))
        .order_by(models.Slot.starts_at.desc(), models.Post.id)
    )
    return {
        row.id: CitingPost(
            id=row.id,
            name=row.slot.column.name,
            module=row.slot.column.module,
            starts_at=local(row.slot.starts_at, zone),
            state=row.state,
        )
        for row in rows
    }


def _local(at: datetime | None, zone: str) -> datetime | None:
    return local(at, zone) if at is not None else None
