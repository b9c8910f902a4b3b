"""Takes materials in: each is read, split and embedded before a transaction opens, then stored and put in the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from copilot import models
from copilot.domain.brands import Brand
from copilot.domain.materials import Kind, MaterialStatus
from copilot.domain.messages import Message
from copilot.errors import Conflict, InvalidInput, Unreadable
from copilot.models.database import Database
from copilot.ports import Blobs, Clock, Progress, Reader
from copilot.services import loading, values
from copilot.services.ahead import ahead
from copilot.services.embedding import CachedEmbedder
from copilot.services.holdings import Held, by_path, held_under
from copilot.services.indexing import Indexing
from copilot.services.readings import Reading, reading_of
from copilot.services.storing import restate, shelve, store
from copilot.services.terms import (
    ByHand,
    Terms,
    Upload,
    days_as_window,
    standing_terms,
    terms_of_file,
)

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
    """A file read under the terms of a moment; `before` is the revision that stood then."""

    upload: Upload
    digest: str
    reading: Reading
    before: int | None


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
        one. A member's story that has no consent under its new terms is a draft from now on. InvalidInput
        names the field; Conflict when the new kind's shelf holds such a file already, when the material is
        deleted, or when it has changed while it was read again.
        """
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            row = loading.one(session, models.Material, material, brand=brand)
            current = row.current
            if current is None:
                raise Conflict("error.no_revision")
            _refuse_deleted(row)
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
        reading = None
        if (new.title, new.kind, new.window) != (old.title, old.kind, old.window):
            reading = self._reading(PurePosixPath(path).name, self._blobs.get(digest), home, new)
            self._embedder.passages(reading.findables)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            _refuse_deleted(row)
            # Written over what came meanwhile, the old words, or a consent taken back, would stand again.
            if row.current is None or row.current.id != current.id or standing_terms(row, row.current) != old:
                raise Conflict("error.material_moved", title=row.title)
            if reading is None:
                unsettled = restate(session, row, new, now=now, actor=actor)
            else:
                if new.kind is not old.kind:
                    shelved = f"{new.kind}/{path.partition('/')[2]}"
                    shelve(session, row, shelved, now=now, actor=actor)
                unsettled = store(
                    session,
                    row,
                    reading,
                    digest=digest,
                    size=size,
                    cause="settings",
                    wanted=MaterialStatus(row.status),
                    now=now,
                    actor=actor,
                )
        self._indexing.agree(unsettled)

    def held(self, files: Mapping[str, str], *, brand: int) -> dict[str, FileResult]:
        """What the library holds of these files to the letter, path to digest, whatever its status.

        Whoever asks first need not read, send or hash again what would change nothing.
        """
        _, known = self._known(brand, list(files))
        return {path: _unchanged(path, one) for path, one in known.items() if one.digest == files[path]}

    def _known(self, brand: int, paths: Sequence[str]) -> tuple[Brand, dict[str, Held]]:
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            return home, held_under(session, brand, paths, home.zone)

    def _opened(self, upload: Upload, home: Brand, known: dict[str, Held]) -> _Opened | FileResult:
        """The file read, or its result already, where it is held as it is or cannot be read."""
        digest = self._blobs.put(upload.data)
        # Asked once: of a path that comes twice, the second file revises the first.
        held = known.pop(upload.path, None)
        if held is not None and held.same_as(upload, digest, home.zone):
            return _unchanged(upload.path, held)
        by_hand = held.by_hand if held is not None else {}
        given = replace(upload, title=held.terms.title) if upload.standing and held is not None else upload
        try:
            reading = self._reading(PurePosixPath(upload.path).name, upload.data, home, given, by_hand)
        except (Unreadable, InvalidInput) as exc:
            return FileResult(upload.path, FileStatus.REFUSED, Message(exc.message_id, exc.params))
        return _Opened(upload, digest, reading, held.current if held is not None else None)

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
        upload, reading, now = opened.upload, opened.reading, self._clock()
        with self._db.write() as session:
            row = by_path(session, home.id, upload.path)
            is_moved = (row.current_id if row is not None else None) != opened.before
            if not is_moved:
                if row is None:
                    row = models.Material(
                        brand_id=home.id,
                        path=upload.path,
                        kind=reading.terms.kind,
                        title=reading.terms.title,
                        status=MaterialStatus.DRAFT,
                        created_at=now,
                    )
                    session.add(row)
                    session.flush()
                elif upload.standing:
                    stands = replace(reading.terms, attribution=row.attribution, consent=row.consent)
                    reading = replace(reading, terms=stands)
                unsettled = store(
                    session,
                    row,
                    reading,
                    digest=opened.digest,
                    size=len(upload.data),
                    cause="file",
                    wanted=MaterialStatus.DRAFT if upload.hold else MaterialStatus.ACTIVE,
                    now=now,
                    actor=actor,
                )
                material = row.id
        if is_moved:
            # The path came twice, or a person gave the material other terms: the file is read under what stands now.
            again = self._opened(upload, *self._known(home.id, [upload.path]))
            self._embed([again], None)
            return self._add(again, home, actor)
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

    def _reading(
        self,
        name: str,
        data: bytes,
        home: Brand,
        given: Upload | Terms,
        by_hand: Mapping[str, ByHand] | None = None,
    ) -> Reading:
        """Reads and splits outside any transaction; raises Unreadable, or InvalidInput for dates that are none."""
        document = self._read(name, data)
        today = self._clock().astimezone(ZoneInfo(home.zone)).date()
        terms = (
            given if isinstance(given, Terms) else terms_of_file(given, document, home.zone, today, by_hand)
        )
        return reading_of(document, terms, home)


def _refuse_deleted(row: models.Material) -> None:
    """Other terms would compute and keep vectors of what nobody has any more."""
    if row.status == MaterialStatus.DELETED:
        raise Conflict("error.material_deleted", title=row.title)


def _unchanged(path: str, held: Held) -> FileResult:
    waits = held.status is MaterialStatus.DRAFT and held.terms.needs_consent
    warning = held.warning or ("consent_needed" if waits else "")
    return FileResult(
        path=path,
        status=FileStatus.WARNED if warning else FileStatus.INDEXED,
        reason=Message(f"warning.{warning}") if warning else None,
        material=held.material,
        passages=held.passages,
        characters=held.characters,
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
