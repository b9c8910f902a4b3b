"""Takes materials in: reads, splits, embeds, stores a revision, and tells what was written from the former one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Brand
from copilot.domain.materials import Family, Kind, MaterialStatus, Window
from copilot.domain.messages import Message
from copilot.errors import Conflict, InvalidInput, Unreadable
from copilot.models.database import Database
from copilot.ports import Blobs, Clock, Progress, Reader
from copilot.services import loading, values
from copilot.services.ahead import ahead
from copilot.services.embedding import CachedEmbedder
from copilot.services.following import audit_material, follow
from copilot.services.indexing import Indexing, put_in, take_out
from copilot.services.readings import Reading, reading_of
from copilot.services.terms import Terms, Upload, days_as_window, standing_terms, terms_of_file

_SETTLED_TOGETHER = 16
"""Revisions after which the index is told: each call to it costs more than what it is told."""
_READ_AHEAD = 8
"""Files that are read while others are embedded; it bounds what is held in memory."""
_TEXTS_TOGETHER = 32
"""Passages that make a call to the embedder worth its while: short files are embedded together."""


class FileStatus(StrEnum):
    INDEXED = "indexed"
    WARNED = "warned"
    REFUSED = "refused"


@dataclass(frozen=True)
class FileResult:
    path: str
    status: FileStatus
    reason: Message | None = None
    material: int | None = None
    passages: int = 0
    characters: int = 0
    unchanged: bool = False


@dataclass(frozen=True)
class _Opened:
    upload: Upload
    digest: str
    reading: Reading


class Ingestion:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        read: Reader,
        embedder: CachedEmbedder,
        indexing: Indexing,
        blobs: Blobs,
    ) -> None:
        self._db = db
        self._clock = clock
        self._read = read
        self._embedder = embedder
        self._indexing = indexing
        self._blobs = blobs

    def add(
        self, upload: Upload, *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> FileResult:
        """Adds a material, or a revision of the one with this path; the same content again changes nothing.

        A file that cannot be read is a result with the reason, not an exception, and leaves no trace.
        A member's story without consent is kept as a draft.
        """
        home, known = self._known(brand, [upload.path])
        opened = self._opened(upload, home, known)
        self._embed([opened], progress)
        result, unsettled = self._add(opened, home, actor)
        self._indexing.agree(unsettled)
        return result

    def add_all(
        self, uploads: Sequence[Upload], *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> list[FileResult]:
        """Adds one after the other; a file that fails does not stop the rest."""
        results: list[FileResult] = []
        for result in self.add_each(uploads, brand=brand, actor=actor):
            results.append(result)
            if progress is not None:
                progress(len(results), len(uploads))
        return results

    def add_each(
        self, uploads: Sequence[Upload], *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> Iterator[FileResult]:
        """As `add_all`, for whoever watches: each result as soon as it is known.

        `progress` hears how many passages of the file at hand are embedded, where it is long enough to be
        embedded alone. The index is told of several files at once, so that a file may be known for a moment
        before it is found.
        """
        home, known = self._known(brand, [upload.path for upload in uploads])
        unsettled: list[int] = []
        try:
            # Reading waits for a child process and embedding for the model: each has time for the other.
            opened = ahead(lambda upload: self._opened(upload, home, known), uploads, steps=_READ_AHEAD)
            for group in _groups(opened):
                self._embed(group, progress)
                for one in group:
                    result, more = self._add(one, home, actor)
                    unsettled += more
                    if len(unsettled) >= _SETTLED_TOGETHER:
                        self._indexing.agree(unsettled)
                        unsettled = []
                    yield result
        finally:
            self._indexing.agree(unsettled)

    def settle(
        self,
        material: int,
        *,
        brand: int,
        actor: int | None,
        title: str | None = None,
        kind: Kind | None = None,
        window: tuple[date | None, date | None] | None = None,
        attribution: str | None = None,
        consent: str | None = None,
        names: Sequence[str] | None = None,
    ) -> None:
        """Gives a material other terms; what is None stays as it is. `window` holds its first and last day.

        Another title, kind or window is a revision of its own, because copy was written under the old
        one. InvalidInput names the field; Conflict when the new kind's shelf holds such a file already.
        """
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            row = loading.one(session, models.Material, material, brand=brand)
            current = row.current
            if current is None:
                raise Conflict("error.no_revision")
            old = standing_terms(row, current)
            path, digest, size = row.path, current.digest, current.size
        if title is not None and not title.strip():
            raise InvalidInput({"title": "invalid.empty"})
        new = replace(
            old,
            title=title.strip() if title is not None else old.title,
            kind=kind or old.kind,
            window=days_as_window(window, home.zone) if window is not None else old.window,
            attribution=attribution.strip() if attribution is not None else old.attribution,
            consent=consent.strip() if consent is not None else old.consent,
            names=tuple(names) if names is not None else old.names,
        )
        if new == old:
            return
        moved = f"{new.kind}/{path.partition('/')[2]}" if new.kind is not old.kind else path
        if (new.title, new.kind, new.window) == (old.title, old.kind, old.window):
            self._restate(material, brand, new, actor)
            return
        reading = self._reading(PurePosixPath(path).name, self._blobs.get(digest), home, new)
        self._embedder.passages(reading.findables)
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            if moved != row.path and _by_path(session, brand, moved) is not None:
                raise Conflict("error.path_taken", path=moved)
            row.path = moved
            unsettled = self._store(session, row, reading, digest, size, "settings", actor)
        self._indexing.agree(unsettled)

    def held(self, files: Mapping[str, str], *, brand: int) -> dict[str, FileResult]:
        """What the library holds of these files to the letter, path to digest, whatever its status.

        Whoever asks first need not read, send or hash again what would change nothing.
        """
        _, known = self._known(brand, list(files))
        return {path: one.result(path) for path, one in known.items() if one.digest == files[path]}

    def _known(self, brand: int, paths: Sequence[str]) -> tuple[Brand, dict[str, _Known]]:
        """The brand, and what its library holds under these paths, in two queries however many there are."""
        wanted = set(paths)
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            counted = (
                select(models.Passage.revision_id, func.count().label("passages"))
                .where(models.Passage.brand_id == brand)
                .group_by(models.Passage.revision_id)
                .subquery()
            )
            rows = session.execute(
                select(models.Material, models.MaterialRevision, func.coalesce(counted.c.passages, 0))
                .join(models.MaterialRevision, models.MaterialRevision.id == models.Material.current_id)
                .outerjoin(counted, counted.c.revision_id == models.Material.current_id)
                .where(models.Material.brand_id == brand)
            )
            known = {
                row.path: _Known(
                    material=row.id,
                    kind=row.kind,
                    status=row.status,
                    digest=current.digest,
                    warning=current.warning,
                    window=Window(current.valid_from, current.valid_until),
                    passages=int(passages),
                    characters=current.characters,
                )
                for row, current, passages in rows
                if row.path in wanted
            }
        return home, known

    def _opened(self, upload: Upload, home: Brand, known: dict[str, _Known]) -> _Opened | FileResult:
        """The file read, or its result already, where it is held as it is or cannot be read."""
        digest = self._blobs.put(upload.data)
        # Asked once: of a path that comes twice, the second file revises the first.
        held = known.pop(upload.path, None)
        if held is not None and held.same_as(upload, digest, home.zone):
            return held.result(upload.path)
        try:
            reading = self._reading(PurePosixPath(upload.path).name, upload.data, home, upload)
        except (Unreadable, InvalidInput) as exc:
            return FileResult(upload.path, FileStatus.REFUSED, Message(exc.message_id, exc.params))
        return _Opened(upload, digest, reading)

    def _embed(self, group: Sequence[_Opened | FileResult], progress: Progress | None) -> None:
        """Computes the vectors before any transaction opens; afterwards the index only looks them up."""
        texts = [text for one in group if isinstance(one, _Opened) for text in one.reading.findables]
        self._embedder.passages(texts, progress if len(group) == 1 else None)

    def _add(
        self, opened: _Opened | FileResult, home: Brand, actor: int | None
    ) -> tuple[FileResult, list[int]]:
        """What became of the file, and the revisions that the index has yet to agree on."""
        if isinstance(opened, FileResult):
            return opened, []
        upload, reading = opened.upload, opened.reading
        held = upload.hold or reading.terms.needs_consent
        with self._db.write() as session:
            row = _by_path(session, home.id, upload.path)
            if row is None:
                row = models.Material(
                    brand_id=home.id,
                    path=upload.path,
                    kind=reading.terms.kind,
                    title=reading.terms.title,
                    status=MaterialStatus.ACTIVE,
                    created_at=self._clock(),
                )
                session.add(row)
                session.flush()
            row.status = MaterialStatus.DRAFT if held else MaterialStatus.ACTIVE
            unsettled = self._store(session, row, reading, opened.digest, len(upload.data), "file", actor)
            material = row.id
        warning = reading.warning or ("consent_needed" if reading.terms.needs_consent else "")
        result = FileResult(
            path=upload.path,
            status=FileStatus.WARNED if warning else FileStatus.INDEXED,
            reason=Message(f"warning.{warning}") if warning else None,
            material=material,
            passages=len(reading.passages),
            characters=reading.document.characters,
        )
        return result, unsettled

    def _reading(self, name: str, data: bytes, home: Brand, given: Upload | Terms) -> Reading:
        """Reads and splits outside any transaction; raises Unreadable, or InvalidInput for dates that are none."""
        document = self._read(name, data)
        today = self._clock().astimezone(ZoneInfo(home.zone)).date()
        terms = given if isinstance(given, Terms) else terms_of_file(given, document, home.zone, today)
        return reading_of(document, terms, home)

    def _store(
        self,
        session: Session,
        row: models.Material,
        reading: Reading,
        digest: str,
        size: int,
        cause: str,
        actor: int | None,
    ) -> list[int]:
        """Writes the revision and all that follows from it; returns the revisions that the index must agree on."""
        now, terms = self._clock(), reading.terms
        row.kind, row.title = terms.kind, terms.title
        row.attribution, row.consent = terms.attribution, terms.consent
        if terms.names or cause == "settings":
            # A file that is silent about them does not allow copy to say them.
            row.names = list(terms.names)
        unsettled = take_out(session, row)
        revision = models.MaterialRevision(
            material_id=row.id,
            number=len(row.revisions) + 1,
            cause=cause,
            kind=terms.kind,
            title=terms.title,
            digest=digest,
            size=size,
            characters=reading.document.characters,
            warning=reading.warning,
            valid_from=terms.window.start,
            valid_until=terms.window.end,
            created_by=actor,
            created_at=now,
            passages=list(reading.passages),
        )
        session.add(revision)
        session.flush()
        row.current_id = revision.id
        session.refresh(row, ["current", "revisions"])
        if row.status == MaterialStatus.ACTIVE:
            unsettled += put_in(session, revision)
        audit_material(
            session, row, now, actor, "revised" if revision.number > 1 else "added", revision=revision.number
        )
        by_ordinal = {passage.ordinal: passage.id for passage in revision.passages}
        suggestions = [
            replace(suggestion, passage=by_ordinal[suggestion.passage]) for suggestion in reading.suggestions
        ]
        follow(session, row, now=now, actor=actor, suggestions=suggestions)
        return unsettled

    def _restate(self, material: int, brand: int, terms: Terms, actor: int | None) -> None:
        """Writes down who said it and who agreed; the text and where it is found stay."""
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            row.attribution, row.consent, row.names = terms.attribution, terms.consent, list(terms.names)
            audit_material(session, row, self._clock(), actor, "restated")


@dataclass(frozen=True)
class _Known:
    """What the library holds under a path."""

    material: int
    kind: str
    status: str
    digest: str
    warning: str
    window: Window
    passages: int
    characters: int

    def same_as(self, upload: Upload, digest: str, zone: str) -> bool:
        """Whether taking this upload in would change nothing."""
        if self.digest != digest or self.kind != upload.kind:
            return False
        if self.status not in (MaterialStatus.ACTIVE, MaterialStatus.DRAFT):
            return False
        if upload.title or upload.attribution or upload.consent or upload.hold:
            return False
        given = days_as_window((upload.valid_from, upload.valid_until), zone)
        return given.start in (None, self.window.start) and given.end in (None, self.window.end)

    def result(self, path: str) -> FileResult:
        waits = self.status == MaterialStatus.DRAFT and Kind(self.kind).family is Family.UGC
        warning = self.warning or ("consent_needed" if waits else "")
        return FileResult(
            path=path,
            status=FileStatus.WARNED if warning else FileStatus.INDEXED,
            reason=Message(f"warning.{warning}") if warning else None,
            material=self.material,
            passages=self.passages,
            characters=self.characters,
            unchanged=True,
        )


def _groups(opened: Iterable[_Opened | FileResult]) -> Iterator[list[_Opened | FileResult]]:
    """The files in their order, as many together as fill one call to the embedder.

    A result that needs no vectors keeps nobody waiting: it is handed on as soon as it is the next.
    """
    group: list[_Opened | FileResult] = []
    texts = 0
    for one in opened:
        more = len(one.reading.passages) if isinstance(one, _Opened) else 0
        if group and texts + more > _TEXTS_TOGETHER:
            yield group
            group, texts = [], 0
        group.append(one)
        texts += more
        if not texts:
            yield group
            group = []
    if group:
        yield group


def _by_path(session: Session, brand: int, path: str) -> models.Material | None:
    return session.scalar(
        select(models.Material).where(models.Material.brand_id == brand, models.Material.path == path)
    )
