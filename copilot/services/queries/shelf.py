"""The library's shelves: every material with its health, and what is chosen, counted and sorted of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import Family, Kind, MaterialStatus
from copilot.services.queries.rows import local

SOON = timedelta(days=14)
PAGE = 60
_KINDS = {kind: place for place, kind in enumerate(Kind)}
_NEVER = datetime.max.replace(tzinfo=UTC)


class Health(StrEnum):
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FUTURE = "future"
    IMAGE_ONLY = "image_only"
    DRAFT = "draft"
    RETIRED = "retired"
    DELETED = "deleted"


class Look(StrEnum):
    """A part of the library that can be looked at by itself. They overlap: what expires soon is active."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    DRAFT = "draft"
    IMAGE_ONLY = "image_only"
    UNFINDABLE = "unfindable"
    FUTURE = "future"
    RETIRED = "retired"
    DELETED = "deleted"


class Order(StrEnum):
    KIND = "kind"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class MaterialRow:
    """A material at one instant.

    `lapsed` counts the passages of the current revision, such as rows of a price list, that ran out;
    `ends` is the next end of the material or of one of its rows, or the one it had if it ran out.
    """

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
    ends: datetime | None = None
    ends_soon: bool = False

    @property
    def family(self) -> Family:
        return self.kind.family

    @property
    def file(self) -> str:
        """Its file with the folders it lies in, without the kind that the first of them stands for."""
        return self.path.partition("/")[2] or self.path

    @property
    def is_in_use(self) -> bool:
        return self.health not in (Health.RETIRED, Health.DELETED)

    @property
    def looks(self) -> frozenset[Look]:
        if not self.is_in_use:
            return frozenset({Look(self.health)})
        found = {Look(self.health)}
        if self.health is Health.EXPIRING or (self.health is Health.ACTIVE and self.ends_soon):
            found |= {Look.ACTIVE, Look.EXPIRING}
        if self.lapsed:
            found.add(Look.EXPIRED)
        if not self.indexed and self.passages and self.health is not Health.DRAFT:
            found.add(Look.UNFINDABLE)
        return frozenset(found)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see of the library. Without a look: all that is neither retired nor deleted."""

    look: Look | None = None
    family: Family | None = None
    kind: Kind | None = None
    words: str = ""
    order: Order = Order.KIND

    def includes(self, row: MaterialRow) -> bool:
        return self.leaves(row) and self.is_kind(row)

    def leaves(self, row: MaterialRow) -> bool:
        """Whether the row would be there for some kind: the counts beside the kinds are of these."""
        if not (row.is_in_use if self.look is None else self.look in row.looks):
            return False
        if not self.words:
            return True
        said = f"{row.title} {row.path}".casefold()
        return all(word in said for word in self.words.casefold().split())

    def is_kind(self, row: MaterialRow) -> bool:
        return (self.kind is None or row.kind is self.kind) and (
            self.family is None or row.family is self.family
        )


@dataclass(frozen=True)
class Shelf:
    """One page of rows. `found` is how many there are in all; `by_look` counts the whole library."""

    rows: tuple[MaterialRow, ...]
    found: int
    start: int
    in_use: int
    by_look: Mapping[Look, int]
    by_kind: Mapping[Kind, int]

    @property
    def is_empty(self) -> bool:
        return not self.by_look and not self.in_use

    @property
    def following(self) -> int | None:
        after = self.start + len(self.rows)
        return after if after < self.found else None


def arrange(rows: Sequence[MaterialRow], wish: Wish, start: int = 0) -> Shelf:
    """The page of the wished rows that begins with number `start`, counted from 0."""
    left = [row for row in rows if wish.leaves(row)]
    chosen = sorted(
        (row for row in left if wish.is_kind(row)),
        key=by_kind if wish.order is Order.KIND else _by_expiry,
    )
    start = start if 0 <= start < len(chosen) else 0
    return Shelf(
        rows=tuple(chosen[start : start + PAGE]),
        found=len(chosen),
        start=start,
        in_use=sum(row.is_in_use for row in rows),
        by_look=Counter(look for row in rows for look in row.looks),
        by_kind=Counter(row.kind for row in left),
    )


def read_rows(
    session: Session, brand: models.Brand, now: datetime, material: int | None = None
) -> list[MaterialRow]:
    """The brand's materials, or one of them, in no order: three statements, however many there are."""
    zone = brand.zone
    m, r, p = models.Material, models.MaterialRevision, models.Passage
    which = [m.brand_id == brand.id] + ([m.id == material] if material is not None else [])
    rows = session.execute(
        select(
            m.id,
            m.path,
            m.kind,
            m.title,
            m.status,
            r.id.label("current"),
            r.number,
            r.characters,
            r.warning,
            r.valid_from,
            r.valid_until,
            r.indexed_at,
            r.created_at,
        )
        .join(r, r.id == m.current_id)
        .where(*which)
    ).all()
    tallies = {
        row.revision_id: row
        for row in session.execute(
            select(
                p.revision_id,
                func.count().label("passages"),
                func.count().filter(p.valid_until <= now).label("lapsed"),
                func.min(p.valid_until).filter(p.valid_until > now).label("ends"),
            )
            .join(m, m.current_id == p.revision_id)
            .where(*which)
            .group_by(p.revision_id)
        )
    }
    # By any revision: what a post took from a former one, it took from this material.
    cited = {
        row.material_id: int(row.posts)
        for row in session.execute(
            select(r.material_id, func.count(func.distinct(models.Post.id)).label("posts"))
            .join(p, p.revision_id == r.id)
            .join(models.Claim, models.Claim.passage_id == p.id)
            .join(models.Post, models.Post.head_id == models.Claim.revision_id)
            .join(m, m.id == r.material_id)
            .where(*which)
            .group_by(r.material_id)
        )
    }
    found = []
    for row in rows:
        tally = tallies.get(row.current)
        health = _health(row.status, row.warning, row.valid_from, row.valid_until, now)
        ends = row.valid_until if health is Health.EXPIRED or tally is None else tally.ends
        found.append(
            MaterialRow(
                id=row.id,
                path=row.path,
                kind=Kind(row.kind),
                title=row.title,
                health=health,
                passages=int(tally.passages) if tally is not None else 0,
                characters=row.characters,
                revision=row.number,
                valid_from=_local(row.valid_from, zone),
                valid_until=_local(row.valid_until, zone),
                indexed=row.indexed_at is not None,
                cited_by=cited.get(row.id, 0),
                changed_at=local(row.created_at, zone),
                # A material that ran out says so itself; its rows need not say it again.
                lapsed=int(tally.lapsed)
                if tally is not None and health in (Health.ACTIVE, Health.EXPIRING)
                else 0,
                ends=_local(ends, zone),
                ends_soon=ends is not None and now < ends <= now + SOON,
            )
        )
    return found


def by_kind(row: MaterialRow) -> tuple[int, str, int]:
    return _KINDS[row.kind], row.title.casefold(), row.id


def _by_expiry(row: MaterialRow) -> tuple[datetime, int, str, int]:
    return row.ends or _NEVER, *by_kind(row)


def _health(
    status: str, warning: str, valid_from: datetime | None, valid_until: datetime | None, now: datetime
) -> Health:
    if status != MaterialStatus.ACTIVE:
        return Health(status)
    if warning == "image_only":
        return Health.IMAGE_ONLY
    if valid_until is not None and valid_until <= now:
        return Health.EXPIRED
    if valid_from is not None and valid_from > now:
        return Health.FUTURE
    if valid_until is not None and valid_until <= now + SOON:
        return Health.EXPIRING
    return Health.ACTIVE


def _local(at: datetime | None, zone: str) -> datetime | None:
    return local(at, zone) if at is not None else None
