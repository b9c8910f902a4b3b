"""Brings a brand to what a folder like `knowledge_base/<brand>/` says of it: settings, voice, rules, columns, destinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.permissions import Role
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading, values
from copilot.services.brandcontents import material_bytes, material_files, read_contents
from copilot.services.brandsettings import Settings, read_settings
from copilot.services.brandtrees import FolderTree
from copilot.services.media import PictureFile
from copilot.services.rulings import put_in_force
from copilot.services.sopversions import newest_sop, publish
from copilot.services.terms import Upload

_ADMINISTERED = ("zone", "language")


@dataclass(frozen=True)
class Settled:
    """A brand after its settings came in.

    `changed` names what became different in a brand that was here, `kept` what the settings say otherwise and
    only an administrator could have changed.
    """

    brand: int
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


class BrandFolders:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def load(self, folder: Path) -> int:
        """Creates the brand, or gives it a new voice, SOP and rule book where the folder's differ. Returns its id.

        InvalidInput names the file and key that do not fit; nothing is changed then.
        """
        settings = read_settings(FolderTree(folder))
        return self.settle(settings, slug=settings.slug, actor=None).brand

    def settle(
        self,
        settings: Settings,
        *,
        slug: str,
        actor: int | None,
        founder: tuple[int, Role] | None = None,
        administers: bool = True,
    ) -> Settled:
        """Makes the brand with this slug what the settings say; `founder` gets the role in a brand that is new.

        A destination keeps its secrets, which no folder holds, and one that the folder does not name stays.
        Where and when a brand that is here speaks changes only for whoever `administers` it: its zone and
        language stay, so do its destinations, and one that is added is posted to by hand.
        """
        now = self._clock()
        said = settings.brand
        with self._db.write() as session:
            row = session.scalar(select(models.Brand).where(models.Brand.slug == slug))
            is_new = row is None
            if row is None:
                row = models.Brand(slug=slug, created_at=now)
                session.add(row)
            wanted = {
                "name": said["name"],
                "zone": said["zone"],
                "language": Language(said["language"]),
                "members_called": said.get("members_called") or "",
                "products": list(said.get("products") or ()),
            }
            differs = [key for key, value in wanted.items() if is_new or getattr(row, key) != value]
            kept = [] if is_new or administers else [key for key in differs if key in _ADMINISTERED]
            changed = [key for key in differs if key not in kept]
            for key in changed:
                setattr(row, key, wanted[key])
            session.flush()
            if is_new and founder is not None:
                session.add(models.Membership(user_id=founder[0], brand_id=row.id, role=founder[1]))
            is_changed, is_kept = _destinations(
                session, row.id, said["destinations"], administers=is_new or administers
            )
            changed += ["destinations"] if is_changed else []
            kept += ["destinations"] if is_kept else []
            changed += ["voice"] if self._voice(session, row.id, settings.voice) else []
            changed += ["rules"] if _rules(session, row.id, settings.rules, now, actor) else []
            columns = [dict(profile) for profile in settings.columns]
            changed += ["columns"] if _columns(session, row, columns, now, actor) else []
            auditing.record(
                session, at=now, actor=actor, brand=row.id, subject="brand", identity=row.id, event="loaded"
            )
            return Settled(row.id, () if is_new else tuple(changed), tuple(kept))

    def _voice(self, session: Session, brand: int, profile: Mapping[str, Any]) -> bool:
        """Whether it is another voice than the newest."""
        newest = session.scalar(
            select(models.Voice)
            .where(models.Voice.brand_id == brand)
            .order_by(models.Voice.version.desc())
            .limit(1)
        )
        if newest is not None and newest.profile == profile:
            return False
        version = newest.version + 1 if newest is not None else 1
        session.add(
            models.Voice(brand_id=brand, version=version, profile=dict(profile), created_at=self._clock())
        )
        return True


def _rules(
    session: Session, brand: int, rules: Mapping[str, Any] | None, now: datetime, actor: int | None
) -> bool:
    """Whether they are other rules than those in force; a folder that says nothing of them changes none."""
    if rules is None:
        return False
    book = values.rule_book(rules)
    if book == loading.rule_book(session, brand).tidy():
        return False
    put_in_force(session, book, brand=brand, actor=actor, note="", now=now, event="loaded")
    return True


def _columns(
    session: Session, brand: models.Brand, profiles: list[dict[str, Any]], now: datetime, actor: int | None
) -> bool:
    """Whether they are other columns than those of the newest SOP."""
    newest = newest_sop(session, brand.id)
    if [column.profile for column in newest.columns] == profiles if newest is not None else not profiles:
        return False
    publish(session, brand, profiles, now=now, author=actor)
    return True


def uploads(folder: Path, *, today: date, language: Language) -> list[Upload]:
    """The materials of a brand folder; each one's kind is its folder's name, dates are put in for today.

    A folder with neither `materials` nor brand.yaml in it is taken for the materials folder itself.
    """
    tree = FolderTree(folder)
    return [
        Upload(path=one.path, data=material_bytes(tree, one, today=today, language=language), kind=one.kind)
        for one in material_files(tree.names(), {})
    ]


def pictures(folder: Path) -> list[PictureFile]:
    """What media.yaml lists, in its order; nothing where the folder has none.

    InvalidInput names the entry that does not fit: a file that is not in `media`, or a material that is
    not in `materials`.
    """
    tree = FolderTree(folder)
    return [
        PictureFile(one.name, tree.read(one.file), one.alt, one.materials)
        for one in read_contents(tree).pictures
    ]


def _destinations(
    session: Session, brand: int, entries: Sequence[Mapping[str, Any]], *, administers: bool
) -> tuple[bool, bool]:
    """Whether any became different, and whether any stays that the entries have otherwise."""
    changed = kept = False
    known = {
        row.slug: row
        for row in session.scalars(select(models.Destination).where(models.Destination.brand_id == brand))
    }
    for entry in entries:
        row = known.get(entry["slug"])
        wanted = (entry["name"], entry["channel"], entry.get("adapter") or "manual")
        if row is not None and (row.name, row.channel, row.adapter) == wanted:
            continue
        if row is not None and not administers:
            kept = True
            continue
        if row is None:
            row = models.Destination(brand_id=brand, slug=entry["slug"])
            session.add(row)
        row.name, row.channel, adapter = wanted
        row.adapter = adapter if administers else "manual"
        kept = kept or row.adapter != adapter
        changed = True
    return changed, kept
