"""What a brand's database holds beside its materials, in the form of the files of its folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from copilot import models
from copilot.domain.copylibrary import Scene
from copilot.domain.media import Mime
from copilot.services import loading
from copilot.services.brandcontents import COPY, DECIDED, FACTS, MEDIA
from copilot.services.brandrules import RULES
from copilot.services.brandsettings import BRAND, COLUMNS, VOICE
from copilot.services.exportnames import names_for, picture_names
from copilot.services.rulings import newest_version

Written = dict[str, dict[str, Any]]
"""File names with the content of the YAML that is to be written."""


Places = Mapping[int, str]
"""The materials that leave the house, by their names under materials/."""


def brand_files(session: Session, home: models.Brand, places: Places) -> tuple[Written, dict[str, str]]:
    """The YAML files of a brand but for materials.yaml, and its pictures as file name to digest."""
    written: Written = {
        BRAND: _brand(session, home),
        VOICE: _voice(session, home.id),
        COLUMNS: {"columns": [row.profile for row in loading.active_columns(session, home.id)]},
    }
    if newest_version(session, home.id):
        # Also one that says nothing: in another house it takes back what was changed there.
        written[RULES] = loading.rule_book(session, home.id).as_json()
    if facts := _facts(session, home.id, places):
        written[FACTS] = {"facts": facts}
    if entries := _copy(session, home.id, places):
        written[COPY] = {"entries": entries}
    pictures, files = _pictures(session, home.id, places)
    if pictures:
        written[MEDIA] = pictures
    return written, files


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


def _facts(session: Session, brand: int, places: Places) -> list[dict[str, Any]]:
    """What a person decided, as far as its material still says so: no fact travels without its source."""
    rows = session.execute(
        select(models.Fact, models.User.login)
        .join(models.Material, models.Material.id == models.Fact.material_id)
        .join(models.Passage, models.Passage.id == models.Fact.passage_id)
        .outerjoin(models.User, models.User.id == models.Fact.owner_id)
        .where(
            models.Fact.brand_id == brand,
            models.Fact.status.in_(DECIDED),
            models.Passage.revision_id == models.Material.current_id,
        )
    )
    found = [
        {
            "material": places[row.material_id],
            "kind": row.kind,
            "subject": row.subject,
            "name": row.name,
            "value": row.value,
            "quote": row.quote,
            "status": row.status,
            **({"owner": login} if login else {}),
        }
        for row, login in rows
        if row.material_id in places
    ]
    return sorted(found, key=lambda one: tuple(one.values()))


def _copy(session: Session, brand: int, places: Places) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(models.CopyEntry)
        .where(models.CopyEntry.brand_id == brand)
        .options(
            selectinload(models.CopyEntry.citations)
            .joinedload(models.CopyCitation.passage)
            .joinedload(models.Passage.revision)
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
                    {"material": places[one.passage.revision.material_id], "quote": one.quote}
                    for one in row.citations
                    if one.passage.revision.material_id in places
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


def _pictures(session: Session, brand: int, places: Places) -> tuple[dict[str, Any], dict[str, str]]:
    """The listing with what it cannot say by its own order, and each file with its digest."""
    rows = session.scalars(
        select(models.Media)
        .where(models.Media.brand_id == brand)
        .order_by(models.Media.name, models.Media.digest)
    ).all()
    names = names_for({row.id: picture_names(row.name, row.digest, Mime(row.mime).extension) for row in rows})
    shown: dict[str, list[int]] = defaultdict(list)
    links = session.scalars(
        select(models.MaterialMedia)
        .join(models.Media, models.Media.id == models.MaterialMedia.media_id)
        .where(models.Media.brand_id == brand)
        .order_by(models.MaterialMedia.position, models.MaterialMedia.media_id)
    )
    for link in links:
        if link.material_id in places:
            shown[places[link.material_id]].append(link.media_id)
    placed: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for place, pictures in shown.items():
        for position, picture in enumerate(pictures):
            placed[picture].append((place, position))
    # Those of no material come last, by their names.
    last = ("\U0010ffff", 0)
    rows = sorted(rows, key=lambda row: min(placed[row.id], default=last))
    listing = [
        {
            "file": names[row.id].removeprefix("media/"),
            "alt": row.alt,
            "materials": sorted(place for place, _ in placed[row.id]),
            **({"retired": True} if row.retired_at is not None else {}),
        }
        for row in rows
    ]
    listed = {row.id: number for number, row in enumerate(rows)}
    # One order cannot be that of every material: A may show first what B shows last.
    order = {
        place: [names[picture].removeprefix("media/") for picture in pictures]
        for place, pictures in sorted(shown.items())
        if pictures != sorted(pictures, key=listed.__getitem__)
    }
    files = {names[row.id]: row.digest for row in rows}
    return {"pictures": listing, **({"order": order} if order else {})} if rows else {}, files
