"""What entries of the copy library rest on, as the brand's library has it at one instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.copylibrary import Lost, loss_of
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


class _Holding(NamedTuple):
    passage: int
    window: Window


class _Cited(NamedTuple):
    entry: int
    quote: str
    passage: int
    live: bool
    valid_from: datetime | None
    valid_until: datetime | None
    material: int
    title: str
    kind: str
    status: str
    revised_at: datetime | None


def grounds(session: Session, entries: Sequence[int], *, brand: int, now: datetime) -> dict[int, Grounds]:
    """Grounds by entry, for these entries of the brand. Reads rows and no objects: a shelf may hold thousands."""
    cited = _cited(session, set(entries), brand)
    successors = _successors(session, [row for row in cited if not row.live])
    left = _left(session, {row.material for row in cited if row.status != MaterialStatus.ACTIVE})
    found: dict[int, list[Citation]] = {}
    for row in cited:
        own = _Holding(row.passage, Window(row.valid_from, row.valid_until)) if row.live else None
        holding = own or successors.get((row.material, row.quote))
        window = holding.window if holding is not None else None
        loss = loss_of(window, MaterialStatus(row.status), now)
        since = {
            "changed": row.revised_at,
            "expired": window.end if window is not None else None,
            "early": window.start if window is not None else None,
        }
        lost = None
        if loss is not None:
            at = since.get(loss, left.get(row.material))
            lost = Lost(loss, row.title, row.material, row.quote, at)
        found.setdefault(row.entry, []).append(
            Citation(
                passage=holding.passage if holding is not None else row.passage,
                material=row.material,
                title=row.title,
                kind=row.kind,
                quote=row.quote,
                valid_until=window.end if window is not None else None,
                lost=lost,
            )
        )
    return {
        entry: Grounds(tuple(citations), tuple(one.lost for one in citations if one.lost is not None))
        for entry, citations in found.items()
    }


def _cited(session: Session, entries: Collection[int], brand: int) -> list[_Cited]:
    """Every citation of these entries; filtered here, because a list of thousands of ids is no fit query."""
    current = models.MaterialRevision.__table__.alias("current")
    rows = session.execute(
        select(
            models.CopyCitation.entry_id,
            models.CopyCitation.quote,
            models.Passage.id,
            models.Passage.live,
            models.Passage.valid_from,
            models.Passage.valid_until,
            models.Material.id,
            models.Material.title,
            models.Passage.kind,
            models.Material.status,
            current.c.created_at,
        )
        .join(models.CopyEntry, models.CopyEntry.id == models.CopyCitation.entry_id)
        .join(models.Passage, models.Passage.id == models.CopyCitation.passage_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .join(models.Material, models.Material.id == models.MaterialRevision.material_id)
        .outerjoin(current, current.c.id == models.Material.current_id)
        .where(models.CopyEntry.brand_id == brand)
        .order_by(models.CopyCitation.id)
    )
    return [_Cited(*row) for row in rows if row[0] in entries]


def _successors(session: Session, gone: Iterable[_Cited]) -> dict[tuple[int, str], _Holding]:
    """For quotes whose passage was superseded: the live passage of the same material that still has them.

    Of several, the one that holds longest: a sentence is true as long as any passage says so.
    """
    wanted: dict[int, set[str]] = {}
    for row in gone:
        wanted.setdefault(row.material, set()).add(row.quote)
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
