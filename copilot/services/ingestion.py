"""Takes materials in: reads, splits, embeds, and keeps database and indexes of one mind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from copilot import models
from copilot.domain.brands import Brand
from copilot.domain.materials import Document, Kind, MaterialStatus, Window
from copilot.domain.messages import Message
from copilot.domain.splitting import Piece, language_of, split
from copilot.errors import InvalidInput, Unreadable
from copilot.models import search
from copilot.models.database import Database
from copilot.ports import OPEN_END, Blobs, Clock, IndexEntry, PassageIndex, Progress, Reader
from copilot.services import auditing, loading, values
from copilot.services.embedding import CachedEmbedder, text_digest


class FileStatus(StrEnum):
    INDEXED = "indexed"
    WARNED = "warned"
    REFUSED = "refused"


@dataclass(frozen=True)
class Upload:
    """One file to take in. `path` is its name in the brand's library; days are inclusive, in the brand's zone."""

    path: str
    data: bytes
    kind: Kind
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class FileResult:
    path: str
    status: FileStatus
    reason: Message | None = None
    material: int | None = None
    passages: int = 0
    characters: int = 0
    unchanged: bool = False


class Ingestion:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        read: Reader,
        embedder: CachedEmbedder,
        index: PassageIndex,
        blobs: Blobs,
    ) -> None:
        self._db = db
        self._clock = clock
        self._read = read
        self._embedder = embedder
        self._index = index
        self._blobs = blobs

    def add(
        self, upload: Upload, *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> FileResult:
        """Adds a material, or a revision of the one with this path; the same content again changes nothing.

        A file that cannot be read is a result with the reason, not an exception, and leaves no trace.
        """
        digest = self._blobs.put(upload.data)
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            known = _unchanged(session, brand, upload, digest)
        if known is not None:
            return known
        try:
            document = self._read(PurePosixPath(upload.path).name, upload.data)
            window = _window(upload, document, home.zone)
            pieces = () if "image_only" in document.warnings else split(document, home.language)
            drafts = [_passage(home, upload.kind, document, piece, window) for piece in pieces]
        except (Unreadable, InvalidInput) as exc:
            return FileResult(upload.path, FileStatus.REFUSED, Message(exc.message_id, exc.params))
        # Computed before any transaction opens; afterwards the index only looks its vectors up.
        self._embedder.passages([findable for _, findable in drafts], progress)
        with self._db.write() as session:
            revision, replaced = self._store(session, home, upload, digest, document, window, drafts, actor)
            identity, material = revision.id, revision.material_id
        self._index.remove(replaced)
        self._finish(identity)
        warning = document.warnings[0] if document.warnings else ""
        return FileResult(
            path=upload.path,
            status=FileStatus.WARNED if warning else FileStatus.INDEXED,
            reason=Message(f"warning.{warning}") if warning else None,
            material=material,
            passages=len(drafts),
            characters=document.characters,
        )

    def add_all(
        self, uploads: Sequence[Upload], *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> list[FileResult]:
        """Adds one after the other; a file that fails does not stop the rest."""
        results: list[FileResult] = []
        for upload in uploads:
            results.append(self.add(upload, brand=brand, actor=actor))
            if progress is not None:
                progress(len(results), len(uploads))
        return results

    def sync(
        self, uploads: Sequence[Upload], *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> list[FileResult]:
        """Makes the library match these files: adds and revises them, retires the materials that are not there."""
        results = self.add_all(uploads, brand=brand, actor=actor, progress=progress)
        present = {upload.path for upload in uploads}
        with self._db.read() as session:
            gone = list(
                session.scalars(
                    select(models.Material.id).where(
                        models.Material.brand_id == brand,
                        models.Material.status == MaterialStatus.ACTIVE,
                        models.Material.path.not_in(present),
                    )
                )
            )
        for material in gone:
            self.retire(material, brand=brand, actor=actor)
        return results

    def retire(self, material: int, *, brand: int, actor: int | None) -> None:
        """Takes a material out of every search at once; what cites it keeps its trace."""
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            row.status = MaterialStatus.RETIRED
            removed = _take_out(session, material)
            self._audit(session, row, actor, "retired")
        self._index.remove(removed)

    def restore(self, material: int, *, brand: int, actor: int | None) -> None:
        """Brings a retired material back with its newest revision."""
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            row.status = MaterialStatus.ACTIVE
            if row.current is not None:
                for passage in row.current.passages:
                    passage.live = True
                row.current.indexed_at = None
                search.put(
                    session, [(passage.id, _findable(row.title, passage)) for passage in row.current.passages]
                )
            self._audit(session, row, actor, "restored")
            current = row.current_id
        if current is not None:
            self._finish(current)

    def catch_up(self) -> int:
        """Indexes what a crash left between database and index; returns how many revisions that were."""
        with self._db.read() as session:
            waiting = list(
                session.scalars(
                    select(models.MaterialRevision.id)
                    .join(models.Material, models.Material.current_id == models.MaterialRevision.id)
                    .where(models.MaterialRevision.indexed_at.is_(None))
                )
            )
        for revision in waiting:
            self._finish(revision)
        return len(waiting)

    def reindex(self, *, brand: int, progress: Progress | None = None) -> int:
        """Rebuilds both indexes of a brand from the database; returns how many passages they hold."""
        with self._db.write() as session:
            rows = session.scalars(
                select(models.Passage)
                .where(models.Passage.brand_id == brand, models.Passage.live.is_(True))
                .options(selectinload(models.Passage.revision).selectinload(models.MaterialRevision.material))
            ).all()
            entries = [_entry(row, row.revision.material.title) for row in rows]
            search.remove(session, [row.id for row in rows])
            search.put(session, [(entry.passage, entry.text) for entry in entries])
        stale = self._index.passages(brand).keys() - {entry.passage for entry in entries}
        self._index.remove(sorted(stale))
        self._embedder.passages([entry.text for entry in entries], progress)
        self._index.put(entries)
        return len(entries)

    def _store(
        self,
        session: Session,
        brand: Brand,
        upload: Upload,
        digest: str,
        document: Document,
        window: Window,
        drafts: Sequence[tuple[models.Passage, str]],
        actor: int | None,
    ) -> tuple[models.MaterialRevision, list[int]]:
        now = self._clock()
        title = str(document.meta.get("title") or document.title)
        row = _by_path(session, brand.id, upload.path)
        if row is None:
            row = models.Material(brand_id=brand.id, path=upload.path, created_at=now)
            session.add(row)
        row.kind, row.title, row.status = upload.kind, title, MaterialStatus.ACTIVE
        row.attribution = str(document.meta.get("attribution") or "")
        row.consent = str(document.meta.get("consent") or "")
        session.flush()
        replaced = _take_out(session, row.id)
        revision = models.MaterialRevision(
            material_id=row.id,
            number=len(row.revisions) + 1,
            kind=row.kind,
            title=title,
            digest=digest,
            size=len(upload.data),
            characters=document.characters,
            warning=document.warnings[0] if document.warnings else "",
            valid_from=window.start,
            valid_until=window.end,
            created_by=actor,
            created_at=now,
            passages=[passage for passage, _ in drafts],
        )
        session.add(revision)
        session.flush()
        row.current_id = revision.id
        search.put(session, [(passage.id, findable) for passage, findable in drafts])
        self._audit(
            session, row, actor, "revised" if revision.number > 1 else "added", revision=revision.number
        )
        return revision, replaced

    def _finish(self, revision: int) -> None:
        """Writes a revision's live passages to the index, then says so in the database."""
        with self._db.read() as session:
            row = loading.one(session, models.MaterialRevision, revision)
            entries = [_entry(passage, row.material.title) for passage in row.passages if passage.live]
        self._index.put(entries)
        with self._db.write() as session:
            session.execute(
                update(models.MaterialRevision)
                .where(models.MaterialRevision.id == revision)
                .values(indexed_at=self._clock())
            )

    def _audit(
        self, session: Session, row: models.Material, actor: int | None, event: str, **data: object
    ) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor,
            brand=row.brand_id,
            subject="material",
            identity=row.id,
            event=event,
            path=row.path,
            **data,
        )


def _by_path(session: Session, brand: int, path: str) -> models.Material | None:
    return session.scalar(
        select(models.Material).where(models.Material.brand_id == brand, models.Material.path == path)
    )


def _unchanged(session: Session, brand: int, upload: Upload, digest: str) -> FileResult | None:
    """What was taken in before under this path, if nothing about it is new."""
    row = _by_path(session, brand, upload.path)
    if row is None or row.current is None or row.status != MaterialStatus.ACTIVE:
        return None
    same = row.current.digest == digest and row.kind == upload.kind
    if not same or upload.valid_from is not None or upload.valid_until is not None:
        return None
    return FileResult(
        path=upload.path,
        status=FileStatus.WARNED if row.current.warning else FileStatus.INDEXED,
        reason=Message(f"warning.{row.current.warning}") if row.current.warning else None,
        material=row.id,
        passages=len(row.current.passages),
        characters=row.current.characters,
        unchanged=True,
    )


def _take_out(session: Session, material: int) -> list[int]:
    """Makes a material's passages unfindable; returns their ids, so that the index can forget them."""
    rows = session.scalars(
        select(models.Passage)
        .join(models.MaterialRevision)
        .where(models.MaterialRevision.material_id == material, models.Passage.live.is_(True))
    ).all()
    for row in rows:
        row.live = False
    search.remove(session, [row.id for row in rows])
    return [row.id for row in rows]


def _passage(
    brand: Brand, kind: Kind, document: Document, piece: Piece, window: Window
) -> tuple[models.Passage, str]:
    own = _days(piece.valid_from, piece.valid_until, brand.zone).within(window)
    row = models.Passage(
        brand_id=brand.id,
        ordinal=piece.ordinal,
        kind=kind,
        language=language_of(piece.text),
        text=piece.text,
        heading=list(piece.heading),
        locator=dict(piece.locator),
        fields=dict(piece.fields),
        valid_from=own.start,
        valid_until=own.end,
        live=True,
    )
    findable = _findable(str(document.meta.get("title") or document.title), row)
    row.digest = text_digest(findable)
    return row, findable


def _findable(title: str, passage: models.Passage) -> str:
    """What a passage is found by: its own text, and above it what it is about."""
    return "\n".join([" › ".join([title, *passage.heading]), passage.text])


def _entry(passage: models.Passage, title: str) -> IndexEntry:
    return IndexEntry(
        passage=passage.id,
        brand=passage.brand_id,
        kind=passage.kind,
        language=passage.language,
        digest=passage.digest,
        text=_findable(title, passage),
        valid_from=int(passage.valid_from.timestamp()) if passage.valid_from else 0,
        valid_until=int(passage.valid_until.timestamp()) if passage.valid_until else OPEN_END,
    )


def _window(upload: Upload, document: Document, zone: str) -> Window:
    """The window given with the file; failing that, the one the file itself names."""

    def edge(given: date | None, key: str) -> str | None:
        written = document.meta.get(key)
        return given.isoformat() if given is not None else str(written) if written else None

    return _days(edge(upload.valid_from, "valid_from"), edge(upload.valid_until, "valid_until"), zone)


def _days(first: str | None, last: str | None, zone: str) -> Window:
    """Inclusive local days as a half-open window of instants; InvalidInput for what is no ISO date."""

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)

    try:
        start = midnight(date.fromisoformat(first)) if first else None
        end = midnight(date.fromisoformat(last) + timedelta(days=1)) if last else None
    except ValueError:
        raise InvalidInput({"valid_until": "invalid.date"}, value=f"{first or ''} – {last or ''}") from None
    if start is not None and end is not None and end <= start:
        raise InvalidInput({"valid_until": "invalid.window"}, value=f"{first} – {last}")
    return Window(start, end)
