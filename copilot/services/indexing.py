"""Keeps the indexes of one mind with the database, which is the truth: after each change, after a crash, at will."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from copilot import models
from copilot.models import search
from copilot.models.database import Database
from copilot.ports import OPEN_END, Clock, IndexEntry, PassageIndex, Progress
from copilot.services.embedding import CachedEmbedder

_BATCH = 500
"""Passages whose words are written in one transaction."""
_TOGETHER = 50
"""Revisions that the index is told of in one call; it bounds what is held in memory."""


class Indexing:
    def __init__(self, *, db: Database, clock: Clock, embedder: CachedEmbedder, index: PassageIndex) -> None:
        self._db = db
        self._clock = clock
        self._embedder = embedder
        self._index = index

    def agree(self, revisions: Iterable[int]) -> None:
        """Makes the dense index hold the live passages of these revisions and none of their others.

        A change of the library clears `indexed_at` in its own transaction and calls this afterwards, so
        that a crash in between leaves a mark for `catch_up`.
        """
        changed = sorted(set(revisions))
        for start in range(0, len(changed), _TOGETHER):
            self._agree(changed[start : start + _TOGETHER])

    def _agree(self, revisions: Sequence[int]) -> None:
        gone: dict[int, list[int]] = {}
        entries: list[IndexEntry] = []
        with self._db.read() as session:
            rows = session.scalars(
                select(models.MaterialRevision)
                .where(models.MaterialRevision.id.in_(revisions))
                .options(
                    selectinload(models.MaterialRevision.passages),
                    joinedload(models.MaterialRevision.material),
                )
            )
            for row in rows:
                stale = [passage.id for passage in row.passages if not passage.live]
                gone.setdefault(row.material.brand_id, []).extend(stale)
                entries += [entry(passage, row.title) for passage in row.passages if passage.live]
        for brand, passages in gone.items():
            self._index.remove(passages, brand=brand)
        self._index.put(entries)
        with self._db.write() as session:
            session.execute(
                update(models.MaterialRevision)
                .where(models.MaterialRevision.id.in_(revisions))
                .values(indexed_at=self._clock())
            )

    def catch_up(self) -> int:
        """Mends what a crash left between database and index; returns how many revisions that were.

        A brand that has passages and none in the index, because the index's folder was deleted or another
        embedder was configured, is indexed anew.
        """
        with self._db.read() as session:
            waiting = session.scalars(
                select(models.MaterialRevision.id).where(models.MaterialRevision.indexed_at.is_(None))
            ).all()
            brands = session.scalars(
                select(models.Passage.brand_id).where(models.Passage.live.is_(True)).distinct()
            ).all()
        for brand in brands:
            if not self._index.passages(brand):
                self.reindex(brand=brand)
        self.agree(waiting)
        return len(waiting)

    def reindex(self, *, brand: int, progress: Progress | None = None) -> int:
        """Rebuilds both indexes of a brand from the database; returns how many passages they hold."""
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Passage)
                .where(models.Passage.brand_id == brand, models.Passage.live.is_(True))
                .options(selectinload(models.Passage.revision))
            ).all()
            entries = [entry(row, row.revision.title) for row in rows]
        # In small transactions, so that a large library does not keep people's writes waiting.
        for start in range(0, len(entries), _BATCH):
            with self._db.write() as session:
                search.put(session, [(one.passage, one.text) for one in entries[start : start + _BATCH]])
        stale = self._index.passages(brand) - {one.passage for one in entries}
        self._index.remove(sorted(stale), brand=brand)
        self._embedder.passages([one.text for one in entries], progress)
        self._index.put(entries)
        return len(entries)


def findable(title: str, heading: Sequence[str], text: str) -> str:
    """What a passage is found by: its own text, and above it what it is about."""
    return "\n".join([" › ".join([title, *heading]), text])


def entry(passage: models.Passage, title: str) -> IndexEntry:
    return IndexEntry(
        passage=passage.id,
        brand=passage.brand_id,
        kind=passage.kind,
        language=passage.language,
        digest=passage.digest,
        text=findable(title, passage.heading, passage.text),
        valid_from=int(passage.valid_from.timestamp()) if passage.valid_from else 0,
        valid_until=int(passage.valid_until.timestamp()) if passage.valid_until else OPEN_END,
    )


def take_out(session: Session, material: models.Material) -> list[int]:
    """Makes a material's passages unfindable; returns the revisions that the index must agree on afterwards."""
    rows = session.scalars(
        select(models.Passage)
        .join(models.MaterialRevision)
        .where(models.MaterialRevision.material_id == material.id, models.Passage.live.is_(True))
    ).all()
    for row in rows:
        row.live = False
    search.remove(session, [row.id for row in rows])
    return _unsettled(session, {row.revision_id for row in rows})


def put_in(session: Session, revision: models.MaterialRevision) -> list[int]:
    """Makes a revision's passages findable; returns the revisions that the index must agree on afterwards."""
    for passage in revision.passages:
        passage.live = True
    session.flush()
    search.put(
        session,
        [
            (passage.id, findable(revision.title, passage.heading, passage.text))
            for passage in revision.passages
        ],
    )
    return _unsettled(session, {revision.id})


def forget_vectors(session: Session, material: int) -> None:
    """Deletes the cached vectors of a material's texts, but for those that another findable passage shares."""
    digests = set(
        session.scalars(
            select(models.Passage.digest)
            .join(models.MaterialRevision)
            .where(models.MaterialRevision.material_id == material)
        )
    )
    shared = session.scalars(
        select(models.Passage.digest).where(models.Passage.digest.in_(digests), models.Passage.live.is_(True))
    )
    session.execute(delete(models.CachedVector).where(models.CachedVector.digest.in_(digests - set(shared))))


def _unsettled(session: Session, revisions: set[int]) -> list[int]:
    session.execute(
        update(models.MaterialRevision)
        .where(models.MaterialRevision.id.in_(revisions))
        .values(indexed_at=None)
    )
    return sorted(revisions)
