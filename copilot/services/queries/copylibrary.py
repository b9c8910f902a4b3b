"""The copy library as rows: what may be said again now, what waits, and what needs a look and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.copylibrary import (
    EntryStatus,
    Lost,
    Scene,
    Searchable,
    Standing,
    fingerprint,
    ranked,
    standing,
)
from copilot.models.database import Database
from copilot.models.search import words
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.copygrounds import Citation, Grounds, grounds
from copilot.services.queries.rows import local

_SOON = timedelta(days=3)
PAGE = 20


@dataclass(frozen=True)
class EntryRow:
    """An entry at one instant; `until` is the soonest end of what it cites, in the brand's zone."""

    id: int
    scene: Scene
    title: str
    text: str
    seen: str
    standing: Standing
    lost: tuple[Lost, ...]
    until: datetime | None
    ends_soon: bool
    uses: int
    author: str
    author_id: int
    approver: str
    approved_at: datetime | None
    changed_at: datetime
    citations: int


@dataclass(frozen=True)
class Shelf:
    """One page of entries; the counts are of the whole library, those by scene of the chosen standing."""

    rows: tuple[EntryRow, ...]
    found: int
    following: int | None
    by_standing: Mapping[Standing, int]
    by_scene: Mapping[Scene, int]

    @property
    def is_empty(self) -> bool:
        return not any(self.by_standing.values())


@dataclass(frozen=True)
class Deed:
    """A line of an entry's history."""

    action: str
    by: str
    at: datetime


@dataclass(frozen=True)
class EntryView:
    row: EntryRow
    citations: tuple[Citation, ...]
    post: int | None
    history: tuple[Deed, ...]


class CopyLibraryQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def shelf(
        self,
        *,
        brand: int,
        query: str = "",
        scene: Scene | None = None,
        show: Standing | None = None,
        start: int = 0,
        most: int = PAGE,
    ) -> Shelf:
        """Entries that answer the query, best first; without one, those most used first.

        Without `show`, what may be said now comes first, then what needs a look: who searches for a reply
        that ran out should learn why it is not offered.
        """
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            everything = self._rows(session, brand, zone)
        shown = [row for row in everything if _belongs(row, show)]
        scores = ranked(words(query), (Searchable(row.id, row.title, row.text) for row in shown))
        answering = [row for row in shown if row.id in scores] if query.strip() else shown
        chosen = [row for row in answering if scene is None or row.scene is scene]
        chosen.sort(key=lambda row: _place(row, scores))
        end = start + most
        return Shelf(
            rows=tuple(chosen[start:end]),
            found=len(chosen),
            following=end if end < len(chosen) else None,
            by_standing=Counter(row.standing for row in everything),
            by_scene=Counter(row.scene for row in answering),
        )

    def entry(self, entry: int, *, brand: int) -> EntryView:
        """One entry with what it cites, in the brand's zone, and who did what to it."""
        now = self._clock()
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            row = loading.one(session, models.CopyEntry, entry, brand=brand)
            held = grounds(session, [entry], brand=brand, now=now).get(entry, Grounds())
            names = _names(session)
            post = session.scalar(
                select(models.Revision.post_id).where(models.Revision.id == row.revision_id)
            )
            return EntryView(
                row=_row(row, held, names, zone, now),
                citations=tuple(_at_home(citation, zone) for citation in held.citations),
                post=post,
                history=_history(session, entry, names, zone),
            )

    def kept(self, post: int, *, brand: int) -> int | None:
        """The entry that a post's approved text was kept as, if it was and is still there."""
        with self._db.read() as session:
            return session.scalar(
                select(models.CopyEntry.id)
                .join(models.Revision, models.Revision.id == models.CopyEntry.revision_id)
                .where(
                    models.CopyEntry.brand_id == brand,
                    models.CopyEntry.status != EntryStatus.RETIRED,
                    models.Revision.post_id == post,
                )
                .order_by(models.CopyEntry.id.desc())
                .limit(1)
            )

    def _rows(self, session: Session, brand: int, zone: str) -> list[EntryRow]:
        now = self._clock()
        names = _names(session)
        rows = session.scalars(select(models.CopyEntry).where(models.CopyEntry.brand_id == brand)).all()
        held = grounds(session, [row.id for row in rows], brand=brand, now=now)
        return [_row(row, held.get(row.id, Grounds()), names, zone, now) for row in rows]


def _belongs(row: EntryRow, show: Standing | None) -> bool:
    return row.standing is show if show is not None else row.standing in (Standing.READY, Standing.LOOK)


def _place(row: EntryRow, scores: Mapping[int, float]) -> tuple[bool, float, int, float, int]:
    """Sorts the ready before the others, then by score, use and freshness."""
    return (
        row.standing is not Standing.READY,
        -scores.get(row.id, 0.0),
        -row.uses,
        -row.changed_at.timestamp(),
        row.id,
    )


def _row(
    row: models.CopyEntry, held: Grounds, names: Mapping[int, str], zone: str, now: datetime
) -> EntryRow:
    until = held.until
    return EntryRow(
        id=row.id,
        scene=Scene(row.scene),
        title=row.title,
        text=row.text,
        seen=fingerprint(row.text),
        standing=standing(EntryStatus(row.status), held.lost),
        lost=tuple(_once(held.lost, zone)),
        until=local(until, zone) if until is not None else None,
        ends_soon=until is not None and now < until < now + _SOON,
        uses=row.uses,
        author=names.get(row.author_id, ""),
        author_id=row.author_id,
        approver=names.get(row.approver_id or 0, ""),
        approved_at=local(row.approved_at, zone) if row.approved_at is not None else None,
        changed_at=local(row.changed_at, zone),
        citations=len(held.citations),
    )


def _once(lost: Sequence[Lost], zone: str) -> list[Lost]:
    """One line for a material and what became of it, however many of its quotes went with it."""
    kept: dict[tuple[int, str], Lost] = {}
    for one in lost:
        kept.setdefault((one.material, one.loss), _home(one, zone))
    return list(kept.values())


def _home(lost: Lost, zone: str) -> Lost:
    return replace(lost, at=local(lost.at, zone) if lost.at is not None else None)


def _at_home(citation: Citation, zone: str) -> Citation:
    until, lost = citation.valid_until, citation.lost
    return replace(
        citation,
        valid_until=local(until, zone) if until is not None else None,
        lost=_home(lost, zone) if lost is not None else None,
    )


def _names(session: Session) -> dict[int, str]:
    return {user.id: user.name for user in session.scalars(select(models.User))}


def _history(session: Session, entry: int, names: Mapping[int, str], zone: str) -> tuple[Deed, ...]:
    rows = session.scalars(
        select(models.Audit)
        .where(models.Audit.subject == "copy_entry", models.Audit.subject_id == entry)
        .order_by(models.Audit.id.desc())
    )
    return tuple(Deed(row.action, names.get(row.actor_id or 0, ""), local(row.at, zone)) for row in rows)
