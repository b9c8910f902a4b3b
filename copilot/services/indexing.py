"""Keeps the indexes of one mind with the database, which is the truth: after each change, after a crash, at will."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from copilot import models
from copilot.domain.materials import MaterialStatus
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
        # Reading what is live, telling the index and marking it as told are not one transaction: of two threads
        # that do so at once, the one that read first could tell last, and leave what is deleted to be found.
        # A lock is enough, because one process owns the index.
        self._telling = threading.RLock()

    def agree(self, revisions: Iterable[int]) -> None:
        """Makes the dense index hold the live passages of these revisions and none of their others.

        A change of the library clears `indexed_at` in its own transaction and calls this afterwards, so
        that a crash in between leaves a mark for `catch_up`.
        """
        changed = sorted(set(revisions))
        for start in range(0, len(changed), _TOGETHER):
            waiting: Sequence[int] = changed[start : start + _TOGETHER]
            with self._telling:
                while waiting:
                    waiting = self._tell(waiting)

    def _tell(self, revisions: Sequence[int]) -> list[int]:
        """Tells the index what is live of these revisions; returns those of which that has changed meanwhile.

        Whoever changed them waits for the lock to tell it too, but might die before it does.
        """
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
            told: dict[int, set[int]] = {}
            for row in rows:
                stale = [passage.id for passage in row.passages if not passage.live]
                gone.setdefault(row.material.brand_id, []).extend(stale)
                entries += [entry(passage, row.title) for passage in row.passages if passage.live]
                told[row.id] = {passage.id for passage in row.passages if passage.live}
        for brand, passages in gone.items():
            self._index.remove(passages, brand=brand)
        self._index.put(entries)
        with self._db.write() as session:
            live = _live(session, revisions)
            moved = [revision for revision in told if told[revision] != live.get(revision, set())]
            session.execute(
                update(models.MaterialRevision)
                .where(models.MaterialRevision.id.in_(set(told).difference(moved)))
                .values(indexed_at=self._clock())
            )
            # Whoever told the index of it while it was deleted may have computed its vectors anew.
            for material in _deleted(session, list(told)):
                forget_vectors(session, material)
        return moved

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
        entries = self._entries(brand)
        # In small transactions, so that a large library does not keep people's writes waiting.
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            with self._db.write() as session:
                live = _still_live(session, [one.passage for one in batch])
                search.put(session, [(one.passage, one.text) for one in batch if one.passage in live])
        self._embedder.passages([one.text for one in entries], progress)
        # The vectors are there, so that nobody's change waits long for the index.
        with self._telling:
            entries = self._entries(brand)
            stale = self._index.passages(brand) - {one.passage for one in entries}
            self._index.remove(sorted(stale), brand=brand)
            self._index.put(entries)
        return len(entries)

    def _entries(self, brand: int) -> list[IndexEntry]:
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Passage)
                .where(models.Passage.brand_id == brand, models.Passage.live.is_(True))
                .options(selectinload(models.Passage.revision))
            )
            return [entry(row, row.revision.title) for row in rows]


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


def _live(session: Session, revisions: Sequence[int]) -> dict[int, set[int]]:
    """The live passages of these revisions."""
    rows = session.execute(
        select(models.Passage.revision_id, models.Passage.id).where(
            models.Passage.revision_id.in_(revisions), models.Passage.live.is_(True)
        )
    )
    found: dict[int, set[int]] = {}
    for revision, passage in rows:
        found.setdefault(revision, set()).add(passage)
    return found


def _still_live(session: Session, passages: Sequence[int]) -> set[int]:
    return set(
        session.scalars(
            select(models.Passage.id).where(models.Passage.id.in_(passages), models.Passage.live.is_(True))
        )
    )


def _deleted(session: Session, revisions: Sequence[int]) -> Sequence[int]:
    """The materials of these revisions that are deleted."""
    return session.scalars(
        select(models.Material.id)
        .join(models.MaterialRevision, models.MaterialRevision.material_id == models.Material.id)
        .where(models.MaterialRevision.id.in_(revisions), models.Material.status == MaterialStatus.DELETED)
        .distinct()
    ).all()
