"""The passages behind a copy as rows, and whether their materials still say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.flags import Cause, bearing
from copilot.domain.materials import MaterialStatus
from copilot.services.following import said
from copilot.services.queries.rows import local

_GONE = {
    MaterialStatus.DRAFT: Cause.RETIRED,
    MaterialStatus.RETIRED: Cause.RETIRED,
    MaterialStatus.DELETED: Cause.DELETED,
}


@dataclass(frozen=True)
class SourceRow:
    """A passage the draft was written from or cites; `number` is its place on the page.

    `gone` is why its material no longer says it, None while it does, though in a newer file.
    """

    number: int
    passage: int
    material: int
    title: str
    path: str
    kind: str
    heading: tuple[str, ...]
    locator: Mapping[str, Any]
    text: str
    valid_until: datetime | None
    cited: bool
    gone: Cause | None


def sources_of(
    session: Session,
    head: models.Revision | None,
    cited: Mapping[int, Sequence[str]],
    *,
    at: datetime,
    zone: str,
) -> tuple[SourceRow, ...]:
    """The cited passages in the order of the copy, then the others that the writer was given.

    `cited` holds the quotes by their passage; `at` is when the copy goes out.
    """
    if head is None:
        return ()
    given = [passage for passage in head.provenance.get("passages", ()) if passage not in cited]
    rows = session.scalars(
        select(models.Passage)
        .where(models.Passage.id.in_([*cited, *given]))
        .options(joinedload(models.Passage.revision).joinedload(models.MaterialRevision.material))
    )
    found = {row.id: row for row in rows}
    today = _said_today(session, [row for row in found.values() if not row.live])
    return tuple(
        SourceRow(
            number=number,
            passage=row.id,
            material=row.revision.material_id,
            title=row.revision.material.title,
            path=row.revision.material.path,
            kind=row.kind,
            heading=tuple(row.heading),
            locator=row.locator,
            text=row.text,
            valid_until=local(row.valid_until, zone) if row.valid_until is not None else None,
            cited=row.id in cited,
            gone=_gone(row, cited.get(row.id, ()), today[row.revision.material_id], at),
        )
        for number, row in enumerate(
            (found[passage] for passage in [*cited, *given] if passage in found), start=1
        )
    )


def _said_today(session: Session, former: Sequence[models.Passage]) -> defaultdict[int, list[models.Passage]]:
    """What the materials of former passages have in their place, by material."""
    rows = session.scalars(
        select(models.Passage)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(
            models.Passage.live.is_(True),
            models.MaterialRevision.material_id.in_({row.revision.material_id for row in former}),
        )
        .options(joinedload(models.Passage.revision))
        .order_by(models.Passage.id)
    )
    today: defaultdict[int, list[models.Passage]] = defaultdict(list)
    for row in rows:
        today[row.revision.material_id].append(row)
    return today


def _gone(
    passage: models.Passage, quotes: Sequence[str], today: Sequence[models.Passage], at: datetime
) -> Cause | None:
    """Of a cited passage its quotes count, of another its whole text; a window alone makes nothing unsaid."""
    if passage.live:
        return None
    cause = _GONE.get(MaterialStatus(passage.revision.material.status))
    if cause is not None:
        return cause
    if any(row.text == passage.text for row in today):
        return None
    before, after = said(passage), [said(row) for row in today]
    broken = [bearing(quote, before, after, at) for quote in quotes if quote]
    if broken and all(one is None or one.cause is not Cause.CHANGED for one in broken):
        return None
    return Cause.CHANGED
