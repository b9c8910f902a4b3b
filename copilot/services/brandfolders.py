"""Reads a brand from a folder like `knowledge_base/<brand>/`: settings, voice, columns, materials, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.daydates import resolve
from copilot.domain.materials import Kind
from copilot.errors import InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, values
from copilot.services.media import PictureFile
from copilot.services.terms import Upload

_DATED = frozenset({".md", ".csv"})


class BrandFolders:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def load(self, folder: Path) -> int:
        """Creates the brand, or gives it a new voice and SOP version where the folder's differ. Returns its id.

        InvalidInput names the file and key that do not fit; nothing is changed then.
        """
        settings = _yaml(folder / "brand.yaml")
        voice = _yaml(folder / "voice.yaml")
        columns = list(_yaml(folder / "columns.yaml")["columns"])
        values.voice(voice)
        for profile in columns:
            values.column(0, profile)
        now = self._clock()
        with self._db.write() as session:
            row = session.scalar(select(models.Brand).where(models.Brand.slug == settings["slug"]))
            if row is None:
                row = models.Brand(slug=settings["slug"], created_at=now)
                session.add(row)
            row.name, row.zone, row.language = (
                settings["name"],
                settings["zone"],
                Language(settings["language"]),
            )
            row.members_called = settings.get("members_called", "")
            row.products = list(settings.get("products", ()))
            session.flush()
            _destinations(session, row.id, settings.get("destinations", ()))
            self._voice(session, row.id, voice)
            self._columns(session, row.id, columns)
            auditing.record(
                session, at=now, actor=None, brand=row.id, subject="brand", identity=row.id, event="loaded"
            )
            return row.id

    def _voice(self, session: Session, brand: int, profile: Mapping[str, Any]) -> None:
        newest = session.scalar(
            select(models.Voice)
            .where(models.Voice.brand_id == brand)
            .order_by(models.Voice.version.desc())
            .limit(1)
        )
        if newest is None or newest.profile != profile:
            version = newest.version + 1 if newest is not None else 1
            session.add(
                models.Voice(brand_id=brand, version=version, profile=dict(profile), created_at=self._clock())
            )

    def _columns(self, session: Session, brand: int, profiles: list[dict[str, Any]]) -> None:
        newest = session.scalar(
            select(models.Sop)
            .where(models.Sop.brand_id == brand)
            .order_by(models.Sop.version.desc())
            .limit(1)
        )
        if newest is not None and [column.profile for column in newest.columns] == profiles:
            return
        if newest is not None:
            newest.active = False
        session.add(
            models.Sop(
                brand_id=brand,
                version=newest.version + 1 if newest is not None else 1,
                created_at=self._clock(),
                columns=[
                    models.Column(
                        position=position,
                        slug=profile["slug"],
                        name=profile["name"],
                        module=profile["module"],
                        channel=profile["channel"],
                        profile=profile,
                    )
                    for position, profile in enumerate(profiles)
                ],
            )
        )


def slug_of(folder: Path) -> str | None:
    """The brand that a folder describes completely; None where one of its three files is missing."""
    if not all((folder / name).is_file() for name in ("brand.yaml", "voice.yaml", "columns.yaml")):
        return None
    return str(_yaml(folder / "brand.yaml").get("slug", ""))


def uploads(folder: Path, *, today: date, language: Language) -> list[Upload]:
    """The materials of a brand folder; each one's kind is its folder's name, dates are put in for today.

    A folder without `materials` in it is taken for the materials folder itself.
    """
    found: list[Upload] = []
    root = folder / "materials" if (folder / "materials").is_dir() else folder
    for path in sorted(file for file in root.rglob("*") if file.is_file() and not file.name.startswith(".")):
        name = path.relative_to(root)
        try:
            kind = Kind(name.parts[0])
        except ValueError:
            raise InvalidInput({"kind": "invalid.kind"}, value=name.parts[0]) from None
        data = path.read_bytes()
        if path.suffix in _DATED:
            # A table in another encoding has no dates of ours in it; the reader knows how to read it.
            with suppress(UnicodeDecodeError):
                data = resolve(data.decode("utf-8"), today, language).encode("utf-8")
        found.append(Upload(path=name.as_posix(), data=data, kind=kind))
    return found


def pictures(folder: Path) -> list[PictureFile]:
    """What media.yaml lists, in its order; nothing where the folder has none.

    InvalidInput names the entry that does not fit: a file that is not in `media`, or a material that is
    not in `materials`.
    """
    listing = folder / "media.yaml"
    if not listing.is_file():
        return []
    found: list[PictureFile] = []
    for entry in _yaml(listing).get("pictures") or ():
        try:
            name, paths = str(entry["file"]), tuple(str(path) for path in entry.get("materials") or ())
            alt = str(entry.get("alt") or "")
        except (KeyError, TypeError, AttributeError) as exc:
            raise InvalidInput({"media.yaml": "invalid.profile"}, detail=repr(exc)) from exc
        file = _inside(folder / "media", name)
        for path in paths:
            _inside(folder / "materials", path)
        found.append(PictureFile(PurePosixPath(name).name, file.read_bytes(), alt, paths))
    return found


def _inside(root: Path, name: str) -> Path:
    """A file of this folder. A listing may come from anywhere: it names what lies here, and nothing else."""
    path = root / name
    if not (path.is_file() and path.resolve().is_relative_to(root.resolve())):
        raise InvalidInput({"media.yaml": "invalid.file"}, detail=name)
    return path


def _destinations(session: Session, brand: int, entries: Any) -> None:
    known = {
        row.slug: row
        for row in session.scalars(select(models.Destination).where(models.Destination.brand_id == brand))
    }
    for entry in entries:
        row = known.get(entry["slug"])
        if row is None:
            row = models.Destination(brand_id=brand, slug=entry["slug"])
            session.add(row)
        row.name, row.channel, row.adapter = entry["name"], entry["channel"], entry.get("adapter", "manual")


def _yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as exc:
        raise InvalidInput({path.name: "invalid.file"}, detail=str(exc)) from exc
    if not isinstance(content, dict):
        raise InvalidInput({path.name: "invalid.file"}, detail="no mapping")
    return content
