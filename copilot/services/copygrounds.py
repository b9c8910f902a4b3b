"""What entries of the copy library rest on, as the brand's library has it at one instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from copilot import models
from copilot.domain.copylibrary import Loss, Lost, loss_of
from copilot.domain.materials import MaterialStatus, Window


@dataclass(frozen=True)
class Citation:
    """A quote with the passage that carries it now: the cited one, or a newer one that still says it."""

    passage: int
    material: int
    title: str
    kind: str
    quote: str
    valid_until: datetime | None
    lost: Lost | None


@dataclass(frozen=True)
class Grounds:
    citations: tuple[Citation, ...] = ()
    lost: tuple[Lost, ...] = field(default=())

    @property
    def until(self) -> datetime | None:
        """The soonest end of what is cited; None while nothing ends."""
        return min((one.valid_until for one in self.citations if one.valid_until is not None), default=None)


class _Cited(NamedTuple):
    entry: int
    quote: str
    passage: int


class _Stand(NamedTuple):
    """A cited passage as it is now, and the material that it came from."""

    passage: int
    live: bool
    window: Window
    material: int
    title: str
    kind: str
    status: MaterialStatus
    revised_at: datetime | None


class _Holding(NamedTuple):
    passage: int
    window: Window


def grounds(session: Session, *, brand: int, now: datetime, entry: int | None = None) -> dict[int, Grounds]:
    """Grounds by entry: of one entry, or of all that the brand has.

    Reads rows and no objects, and each passage once: a shelf may hold thousands of entries.
    """
    mine = models.CopyEntry.brand_id == brand
    if entry is not None:
        mine = and_(mine, models.CopyEntry.id == entry)
    cited = _cited(session, mine)
    stands = _stands(session, mine)
    successors = _successors(session, cited, stands)
    left = _left(session, {one.material for one in stands.values() if one.status != MaterialStatus.ACTIVE})
    found: dict[int, list[Citation]] = {}
    for row in cited:
        stand = stands[row.passage]
        if stand.live:
            holding: _Holding | None = _Holding(stand.passage, stand.window)
        else:
            holding = successors.get((stand.material, row.quote))
        found.setdefault(row.entry, []).append(_citation(row, stand, holding, left, now))
    return {
        identity: Grounds(tuple(citations), tuple(one.lost for one in citations if one.lost is not None))
        for identity, citations in found.items()
    }


def _citation(
    row: _Cited, stand: _Stand, holding: _Holding | None, left: Mapping[int, datetime], now: datetime
) -> Citation:
    window = holding.window if holding is not None else None
    loss = loss_of(window, stand.status, now)
    lost = None
    if loss is not None:
        since = {
            Loss.CHANGED: stand.revised_at,
            Loss.EXPIRED: window.end if window is not None else None,
            Loss.EARLY: window.start if window is not None else None,
        }
        at = since.get(loss, left.get(stand.material))
        lost = Lost(loss, stand.title, stand.material, row.quote, at)
    return Citation(
        passage=holding.passage if holding is not None else row.passage,
        material=stand.material,
        title=stand.title,
        kind=stand.kind,
        quote=row.quote,
        valid_until=window.end if window is not None else None,
        lost=lost,
    )


def _cited(session: Session, mine: ColumnElement[bool]) -> list[_Cited]:
    rows = session.execute(
        select(models.CopyCitation.entry_id, models.CopyCitation.quote, models.CopyCitation.passage_id)
        .join(models.CopyEntry, models.CopyEntry.id == models.CopyCitation.entry_id)
        .where(mine)
        .order_by(models.CopyCitation.id)
    )
    return [_Cited(*row) for row in rows]


def _stands(session: Session, mine: ColumnElement[bool]) -> dict[int, _Stand]:
    current = aliased(models.MaterialRevision)
    rows = session.execute(
        select(
            models.Passage.id,
            models.Passage.live,
            models.Passage.valid_from,
            models.Passage.valid_until,
            models.Material.id,
            models.Material.title,
            models.Passage.kind,
            models.Material.status,
            current.created_at,
        )
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .join(models.Material, models.Material.id == models.MaterialRevision.material_id)
        .outerjoin(current, current.id == models.Material.current_id)
        .where(
            models.Passage.id.in_(
                select(models.CopyCitation.passage_id)
                .join(models.CopyEntry, models.CopyEntry.id == models.CopyCitation.entry_id)
                .where(mine)
            )
        )
    )
    return {
        passage: _Stand(
            passage, live, Window(start, end), material, title, kind, MaterialStatus(status), revised
        )
        for passage, live, start, end, material, title, kind, status, revised in rows
    }


def _successors(
    session: Session, cited: Iterable[_Cited], stands: Mapping[int, _Stand]
) -> dict[tuple[int, str], _Holding]:
    """For quotes whose passage was superseded: the live passage of the same material that still has them.

    Of several, the one that holds longest: a sentence is true as long as any passage says so.
    """
    wanted: dict[int, set[str]] = {}
    for row in cited:
        if not stands[row.passage].live:
            wanted.setdefault(stands[row.passage].material, set()).add(row.quote)
    found: dict[tuple[int, str], _Holding] = {}
    if not wanted:
        return found
    rows = session.execute(
        select(
            models.Passage.id,
            models.MaterialRevision.material_id,
            models.Passage.text,
            models.Passage.valid_from,
            models.Passage.valid_until,
        )
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(models.Passage.live.is_(True), models.MaterialRevision.material_id.in_(wanted))
        .order_by(models.Passage.id)
    )
    for passage, material, text, start, end in rows:
        for quote in wanted[material]:
            known = found.get((material, quote))
            if quote in text and (known is None or _ends(end) > _ends(known.window.end)):
                found[material, quote] = _Holding(passage, Window(start, end))
    return found


def _ends(at: datetime | None) -> datetime:
    return at if at is not None else datetime.max.replace(tzinfo=UTC)


def _left(session: Session, materials: Collection[int]) -> dict[int, datetime]:
    """When materials that are no longer active were put away, by the audit log."""
    if not materials:
        return {}
    rows = session.execute(
        select(models.Audit.subject_id, func.max(models.Audit.at))
        .where(
            models.Audit.subject == "material",
            models.Audit.subject_id.in_(materials),
            models.Audit.action.in_(["material.retired", "material.deleted"]),
        )
        .group_by(models.Audit.subject_id)
    )
    return {row[0]: row[1] for row in rows}
