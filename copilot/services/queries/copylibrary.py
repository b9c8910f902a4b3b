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
        now = self._clock()
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            held = grounds(session, brand=brand, now=now)
            everything = _lines(session, brand, held)
            shown = [line for line in everything if _belongs(line, show)]
            answering = shown
            scores: dict[int, float] = {}
            if query.strip():
                scores = ranked(words(query), (Searchable(line.id, line.title, line.text) for line in shown))
                answering = [line for line in shown if line.id in scores]
            chosen = [line for line in answering if scene is None or line.scene == scene]
            chosen.sort(key=lambda line: _place(line, scores))
            end = start + most
            wanted = [line.id for line in chosen[start:end]]
            rows = {
                row.id: row
                for row in session.scalars(select(models.CopyEntry).where(models.CopyEntry.id.in_(wanted)))
            }
            names = _names(session)
            return Shelf(
                rows=tuple(
                    _row(rows[identity], held.get(identity, Grounds()), names, zone, now)
                    for identity in wanted
                ),
                found=len(chosen),
                following=end if end < len(chosen) else None,
                by_standing=Counter(line.standing for line in everything),
                by_scene=Counter(Scene(line.scene) for line in answering),
            )

    def entry(self, entry: int, *, brand: int) -> EntryView:
        """One entry with what it cites, in the brand's zone, and who did what to it."""
        now = self._clock()
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            row = loading.one(session, models.CopyEntry, entry, brand=brand)
            held = grounds(session, brand=brand, now=now, entry=entry).get(entry, Grounds())
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


@dataclass(frozen=True)
class _Line:
    """The little of an entry that a shelf of thousands is chosen and sorted by."""

    id: int
    scene: str
    title: str
    text: str
    uses: int
    standing: Standing


def _lines(session: Session, brand: int, held: Mapping[int, Grounds]) -> list[_Line]:
    """Every entry of the brand, the one changed last first."""
    rows = session.execute(
        select(
            models.CopyEntry.id,
            models.CopyEntry.scene,
            models.CopyEntry.title,
            models.CopyEntry.text,
            models.CopyEntry.uses,
            models.CopyEntry.status,
        )
        .where(models.CopyEntry.brand_id == brand)
        .order_by(models.CopyEntry.changed_at.desc(), models.CopyEntry.id)
    )
    return [
        _Line(
            identity,
            scene,
            title,
            text,
            uses,
            standing(EntryStatus(status), held.get(identity, Grounds()).lost),
        )
        for identity, scene, title, text, uses, status in rows
    ]


def _belongs(line: _Line, show: Standing | None) -> bool:
    return line.standing is show if show is not None else line.standing in (Standing.READY, Standing.LOOK)


def _place(line: _Line, scores: Mapping[int, float]) -> tuple[bool, float, int]:
    """Sorts the ready before the others, then by score and use; what is alike keeps its order."""
    return line.standing is not Standing.READY, -scores.get(line.id, 0.0), -line.uses


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
