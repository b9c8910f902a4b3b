"""Writes a whole brand as a folder like `knowledge_base/<brand>/`, or as a zip of it; the same library, the same bytes."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.daydates import resolve
from copilot.domain.materials import SHORT_LIVES, Family, Kind, MaterialStatus
from copilot.errors import Conflict, InvalidInput, Unreadable
from copilot.models.database import Database
from copilot.ports import Blobs, Progress, Reader
from copilot.services import loading
from copilot.services.brandcontents import AS_WRITTEN, DATED, MATERIALS, PATH
from copilot.services.brandtrees import MEGABYTE, MOST_RATIO
from copilot.services.brandyaml import dump
from copilot.services.exportnames import material_names, names_for
from copilot.services.exportrows import brand_files, is_hidden
from copilot.services.terms import Terms, Upload, standing_terms, terms_of_file, window_as_days

_PACKED = frozenset({".docx", ".pptx", ".xlsx", ".png", ".jpg", ".jpeg", ".webp", ".gif"})
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class ExportedFile:
    """A file of the folder and the digest that its bytes are kept under.

    `agreed` says that it is a member's story and that it left with the member's consent.
    """

    name: str
    digest: str
    agreed: bool = False


@dataclass(frozen=True)
class _Kept:
    """A material with the file that it was read from."""

    id: int
    path: str
    name: str
    digest: str
    status: MaterialStatus
    terms: Terms

    @property
    def place(self) -> str:
        """Its name under materials/."""
        return self.name.removeprefix("materials/")

    @property
    def is_agreed(self) -> bool:
        return self.terms.kind.family is Family.UGC and self.terms.consent != ""


class Exporting:
    def __init__(self, *, db: Database, read: Reader, blobs: Blobs) -> None:
        self._db = db
        self._read = read
        self._blobs = blobs

    def files(self, *, brand: int, progress: Progress | None = None) -> list[ExportedFile]:
        """The brand as files, sorted by name. What was deleted is not among them, and neither is any secret.

        Each material is read again, because materials.yaml says only what its file does not say itself.
        """
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            zone, language = home.zone, Language(home.language)
            kept = _materials(session, brand)
            written, pictures = brand_files(session, home, {one.id: one.place for one in kept})
        settled: dict[str, Any] = {}
        for done, one in enumerate(kept):
            if progress is not None:
                progress(done, len(kept))
            said = self._settled(one, zone, language)
            if said:
                settled[one.place] = said
        if settled:
            written[MATERIALS] = {"materials": settled}
        found = [ExportedFile(name, self._blobs.put(dump(content))) for name, content in written.items()]
        found += [ExportedFile(one.name, one.digest, one.is_agreed) for one in kept]
        found += [ExportedFile(name, digest) for name, digest in pictures.items()]
        return sorted(found, key=lambda one: one.name)

    def require_free(self, path: Path) -> None:
        """Conflict for what is there already, unless it is an empty folder: what is gone from the brand would stay
        in it, and an older zip is often the only one that holds what was deleted since.
        """
        if path.exists() and (not path.is_dir() or path.suffix.lower() == ".zip"):
            raise Conflict("error.export_exists", path=path.name)
        if path.exists() and any(path.iterdir()):
            raise Conflict("error.export_not_empty", path=path.name)

    def write_folder(self, files: Sequence[ExportedFile], folder: Path) -> None:
        """As a new folder, or into an empty one."""
        self.require_free(folder)
        for one in files:
            target = folder / one.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._blobs.get(one.digest))

    def write_zip(self, files: Sequence[ExportedFile], path: Path) -> None:
        """As a new zip, which is there only once it is whole."""
        self.require_free(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                self.zip_into(files, file)
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
        path.chmod(0o644)

    def zip_into(self, files: Sequence[ExportedFile], target: Any) -> None:
        """Writes the zip into an open file. Times and rights are fixed, so that equal content gives equal bytes."""
        with zipfile.ZipFile(target, "w") as archive:
            for one in files:
                data = self._blobs.get(one.digest)
                member = zipfile.ZipInfo(one.name, _NO_TIME)
                member.create_system, member.external_attr = 3, 0o644 << 16
                member.compress_type = (
                    zipfile.ZIP_STORED if _is_stored(one.name, data) else zipfile.ZIP_DEFLATED
                )
                archive.writestr(member, data)

    def require_current(self, files: Sequence[ExportedFile], *, brand: int) -> None:
        """Conflict when something was deleted since, or a consent withdrawn: an old export must not bring it back.

        Told by the bytes, whatever their material is called by now; what else stands with the same bytes may leave.
        """
        with self._db.read() as session:
            rows = session.execute(
                select(models.Material, models.MaterialRevision.id, models.MaterialRevision.digest)
                .join(models.MaterialRevision, models.MaterialRevision.material_id == models.Material.id)
                .where(models.Material.brand_id == brand)
            )
            stands, agreed, deleted, withdrawn = set[str](), set[str](), set[str](), set[str]()
            for row, revision, digest in rows:
                if row.status == MaterialStatus.DELETED:
                    deleted.add(digest)
                elif revision == row.current_id:
                    stands.add(digest)
                    agreed |= {digest} if row.consent else set()
                if not row.consent:
                    withdrawn.add(digest)
        gone, untold = deleted - stands, withdrawn - agreed
        if any(one.digest in gone or (one.agreed and one.digest in untold) for one in files):
            raise Conflict("error.export_stale")

    def _settled(self, one: _Kept, zone: str, language: Language) -> dict[str, Any]:
        """What stands about a material and reading its file alone would not give."""
        data = self._blobs.get(one.digest)
        said, stands = self._said(one, data, zone), one.terms
        found: dict[str, Any] = {}
        if stands.title != said.title or is_hidden(one.name):
            found["title"] = stands.title
        if one.path != one.place:
            found[PATH] = one.path
        first, last = window_as_days(stands.window, zone)
        if stands.window.start != said.window.start:
            found["valid_from"] = first
        # A short life begins on the day of reading, so its end is always written down.
        if stands.window.end != said.window.end or (stands.kind in SHORT_LIVES and said.window.end is None):
            found["valid_until"] = last
        for key in ("attribution", "consent"):
            if getattr(stands, key) != getattr(said, key):
                found[key] = getattr(stands, key)
        if stands.names != said.names:
            found["names"] = list(stands.names)
        waits = stands.kind.family is Family.UGC and not stands.consent and not said.consent
        if one.status is MaterialStatus.RETIRED or (one.status is MaterialStatus.DRAFT and not waits):
            found["status"] = str(one.status)
        if PurePosixPath(one.name).suffix in DATED and _has_placeholders(data, language):
            found[AS_WRITTEN] = True
        return found

    def _said(self, one: _Kept, data: bytes, zone: str) -> Terms:
        """What the file says of itself, whenever it is read."""
        try:
            document = self._read(PurePosixPath(one.path).name, data)
            # Read as a kind that lasts: what an export says must not depend on the day it is made.
            upload = Upload(path=one.path, data=b"", kind=Kind.STORY)
            return terms_of_file(upload, document, zone, _ANY_DAY)
        except (Unreadable, InvalidInput):
            return Terms("", one.terms.kind, one.terms.window)


def _materials(session: Session, brand: int) -> list[_Kept]:
    rows = session.execute(
        select(models.Material, models.MaterialRevision)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Material.current_id)
        .where(models.Material.brand_id == brand, models.Material.status != MaterialStatus.DELETED)
        .order_by(models.Material.path)
    ).all()
    names = names_for({row.id: material_names(row.path, row.kind) for row, _ in rows})
    return [
        _Kept(
            id=row.id,
            path=row.path,
            name=names[row.id],
            digest=current.digest,
            status=MaterialStatus(row.status),
            terms=standing_terms(row, current),
        )
        for row, current in rows
    ]


def _has_placeholders(data: bytes, language: Language) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return resolve(text, _ANY_DAY, language) != text


def _is_stored(name: str, data: bytes) -> bool:
    """What is packed already, and what would shrink so far that every reader takes it for a bomb."""
    if PurePosixPath(name).suffix.lower() in _PACKED:
        return True
    return len(data) > MEGABYTE and len(zlib.compress(data)) * MOST_RATIO < len(data)
