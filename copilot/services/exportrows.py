"""What a brand's database holds beside its materials, in the form of the files of its folder."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from copilot import models
from copilot.domain.copylibrary import Scene
from copilot.domain.materials import MaterialStatus
from copilot.domain.media import Mime
from copilot.services import loading
from copilot.services.brandcontents import COPY, DECIDED, FACTS, MEDIA
from copilot.services.brandsettings import BRAND, COLUMNS, VOICE
from copilot.services.brandtrees import is_junk, is_portable

Written = dict[str, dict[str, Any]]
"""File names with the content of the YAML that is to be written."""


def brand_files(session: Session, home: models.Brand) -> tuple[Written, dict[str, str]]:
    """The YAML files of a brand but for materials.yaml, and its pictures as file name to digest."""
    written: Written = {
        BRAND: _brand(session, home),
        VOICE: _voice(session, home.id),
        COLUMNS: {"columns": [row.profile for row in loading.active_columns(session, home.id)]},
    }
    if facts := _facts(session, home.id):
        written[FACTS] = {"facts": facts}
    if entries := _copy(session, home.id):
        written[COPY] = {"entries": entries}
    pictures, files = _pictures(session, home.id)
    if pictures:
        written[MEDIA] = {"pictures": pictures}
    return written, files


def export_name(path: str, kind: str, digest: str) -> str:
    """Where a material lies in the folder: under its own path, if that is one everywhere."""
    name = PurePosixPath(path)
    if path.partition("/")[0] == kind and is_portable(path) and not is_junk(path):
        return f"materials/{path}"
    suffix = name.suffix if is_portable(f"a{name.suffix}") else ""
    return f"materials/{kind}/{digest[:16]}{suffix}"


def is_hidden(name: str) -> bool:
    """Whether a folder's hidden files would hide it: it is taken in only where materials.yaml names it."""
    return any(part.startswith(".") for part in name.split("/"))


def _brand(session: Session, home: models.Brand) -> dict[str, Any]:
    rows = session.scalars(
        select(models.Destination)
        .where(models.Destination.brand_id == home.id)
        .order_by(models.Destination.id)
    )
    return {
        "slug": home.slug,
        "name": home.name,
        "zone": home.zone,
        "language": home.language,
        "members_called": home.members_called,
        "products": list(home.products),
        # Their settings may hold keys and addresses of robots, which leave the house with nobody.
        "destinations": [
            {"slug": row.slug, "name": row.name, "channel": row.channel, "adapter": row.adapter}
            for row in rows
        ],
    }


def _voice(session: Session, brand: int) -> dict[str, Any]:
    profile = session.scalar(
        select(models.Voice.profile)
        .where(models.Voice.brand_id == brand)
        .order_by(models.Voice.version.desc())
        .limit(1)
    )
    return dict(profile or {})


def _facts(session: Session, brand: int) -> list[dict[str, Any]]:
    """What a person decided, as far as its material still says so: no fact travels without its source."""
    rows = session.execute(
        select(models.Fact, models.Material, models.User.login)
        .join(models.Material, models.Material.id == models.Fact.material_id)
        .join(models.Passage, models.Passage.id == models.Fact.passage_id)
        .outerjoin(models.User, models.User.id == models.Fact.owner_id)
        .where(
            models.Fact.brand_id == brand,
            models.Fact.status.in_(DECIDED),
            models.Material.status != MaterialStatus.DELETED,
            models.Passage.revision_id == models.Material.current_id,
        )
    )
    found = [
        {
            "material": _path(material),
            "kind": row.kind,
            "subject": row.subject,
            "name": row.name,
            "value": row.value,
            "quote": row.quote,
            "status": row.status,
            **({"owner": login} if login else {}),
        }
        for row, material, login in rows
    ]
    return sorted(found, key=lambda one: tuple(one.values()))


def _copy(session: Session, brand: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(models.CopyEntry)
        .where(models.CopyEntry.brand_id == brand)
        .options(
            selectinload(models.CopyEntry.citations)
            .joinedload(models.CopyCitation.passage)
            .joinedload(models.Passage.revision)
            .joinedload(models.MaterialRevision.material)
        )
    )
    found: list[dict[str, Any]] = [
        {
            "scene": row.scene,
            "title": row.title,
            "text": row.text,
            "status": row.status,
            "citations": sorted(
                (
                    {"material": _path(one.passage.revision.material), "quote": one.quote}
                    for one in row.citations
                    if one.passage.revision.material.status != MaterialStatus.DELETED
                ),
                key=lambda one: (one["material"], one["quote"]),
            ),
        }
        for row in rows
    ]
    order = list(Scene)
    return sorted(
        found, key=lambda one: (order.index(Scene(one["scene"])), one["title"], one["text"], one["status"])
    )


def _pictures(session: Session, brand: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The listing, and each file with its digest; pictures of one material stay in their order."""
    rows = session.scalars(select(models.Media).where(models.Media.brand_id == brand)).all()
    places: dict[int, list[tuple[str, int]]] = defaultdict(list)
    links = session.execute(
        select(models.MaterialMedia, models.Material)
        .join(models.Material, models.Material.id == models.MaterialMedia.material_id)
        .where(models.Material.brand_id == brand, models.Material.status != MaterialStatus.DELETED)
    )
    for link, material in links:
        places[link.media_id].append((_path(material), link.position))
    taken = Counter(_file_name(row).casefold() for row in rows)
    listing: list[dict[str, Any]] = []
    files: dict[str, str] = {}
    # Those of no material come last, by their names.
    last = ("\U0010ffff", 0)
    for row in sorted(rows, key=lambda row: (min(places[row.id], default=last), row.name, row.digest)):
        name = _file_name(row)
        file = name if taken[name.casefold()] == 1 else f"{row.digest[:12]}/{name}"
        files[f"media/{file}"] = row.digest
        listing.append(
            {
                "file": file,
                "alt": row.alt,
                "materials": sorted(path for path, _ in places[row.id]),
                **({"retired": True} if row.retired_at is not None else {}),
            }
        )
    return listing, files


def _file_name(row: models.Media) -> str:
    if "/" not in row.name and is_portable(row.name) and not is_junk(row.name):
        return row.name
    return f"{row.digest[:16]}{Mime(row.mime).extension}"


def _path(material: models.Material) -> str:
    """A material by the name that it has in the folder."""
    digest = material.current.digest if material.current is not None else ""
    return export_name(material.path, material.kind, digest).removeprefix("materials/")
