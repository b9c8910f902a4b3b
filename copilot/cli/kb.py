"""`copilot kb`: the library of materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from copilot.cli import kbcare, kbfacts
from copilot.cli.groups import Group
from copilot.cli.importing import show_imported, take_in
from copilot.cli.options import (
    FILE_OR_FOLDER,
    FOLDER,
    KINDS,
    actor_option,
    brand_option,
    curator,
    day,
    days,
    json_option,
    last_day,
    moment,
)
from copilot.cli.terminal import FOUND, Terminal, pass_terminal
from copilot.domain.brands import Language
from copilot.errors import InvalidInput


@click.group(cls=Group)
def command() -> None:
    """The library of materials."""


@command.command()
@brand_option
@click.option("--kind", required=True, type=KINDS, help="What kind of material these are.")
@click.option("--valid-from", metavar="DAY", help="First day they are true, in the brand's zone.")
@click.option("--valid-until", metavar="DAY", help="Last day they are true.")
@click.option("--title", default="", help="What the material is called; for a single file.")
@click.option("--attribution", default="", help="Who says it, such as the member of a story.")
@click.option("--consent", default="", help="When and how a member agreed; without it a story stays a draft.")
@click.argument("paths", nargs=-1, required=True, type=FILE_OR_FOLDER)
@json_option
@pass_terminal
def add(
    terminal: Terminal,
    brand: str,
    kind: str,
    valid_from: str | None,
    valid_until: str | None,
    title: str,
    attribution: str,
    consent: str,
    paths: tuple[Path, ...],
    as_json: bool,
) -> int | None:
    """Add files, or all files of folders.

    A file is known in the library as KIND/NAME, one of a folder as KIND/PATH-IN-THE-FOLDER; adding a
    known name again makes a new revision of that material.
    """
    home = terminal.brand(brand)
    named = _named(paths)
    if title.strip() and len(named) > 1:
        raise InvalidInput({"title": "invalid.title_of_one"})
    first, last = days(
        day(valid_from, field="valid_from"), day(valid_until, field="valid_until"), field="valid_until"
    )
    terms = {
        "valid_from": first,
        "valid_until": last,
        "title": title.strip(),
        "attribution": attribution.strip(),
        "consent": consent.strip(),
    }
    blobs = terminal.services.parts.blobs
    files = [
        {"path": f"{kind}/{name}", "digest": blobs.put(path.read_bytes()), "kind": kind, **terms}
        for name, path in named
    ]
    results = terminal.carry_out("ingest", {"brand": home.id, "files": files}, brand=home.id)
    return _show_files(terminal, results, as_json, brand=home.id)


@command.command()
@brand_option
@actor_option
@click.argument("folder", type=FOLDER)
@json_option
@pass_terminal
def sync(terminal: Terminal, brand: str, login: str | None, folder: Path, as_json: bool) -> int | None:
    """Make the library match FOLDER: adds and revises its files, retires what is not in it.

    FOLDER has the form of knowledge_base/BRAND/ with materials/KIND/ in it, or is that materials folder.
    Where brand.yaml, voice.yaml and columns.yaml of this brand stand beside the materials, they are loaded,
    and so is what materials.yaml and media.yaml list. What facts.yaml and copy.yaml list needs somebody who
    stands for it: --as.
    """
    from copilot.services.brandcontents import read_contents
    from copilot.services.brandsettings import read_settings, slug_of
    from copilot.services.brandtrees import FolderTree

    services, home = terminal.services, terminal.brand(brand)
    curator(terminal, login, home.id)
    tree = FolderTree(folder)
    if not (folder / "materials").is_dir() and folder.resolve().name == "materials":
        above = FolderTree(folder.resolve().parent)
        tree = above if slug_of(above) == home.slug else tree
    contents = read_contents(tree)
    if not contents.materials:
        # An empty folder is far more often a wrong path than the wish to retire a whole library.
        raise InvalidInput({"folder": "invalid.no_file"})
    plan = services.importing.plan(
        tree,
        contents,
        slug=home.slug,
        settings=read_settings(tree) if slug_of(tree) == home.slug else None,
        zone=home.zone,
        language=Language(home.language),
        retire=True,
    )
    return show_imported(
        terminal, take_in(terminal, plan, login, brand=home.id, as_owner=True), as_json, is_sync=True
    )


@command.command()
@brand_option
@click.argument("query")
@click.option(
    "--kind", "kinds", multiple=True, type=KINDS, help="Only these kinds; may be given several times."
)
@click.option(
    "-k", "count", default=10, show_default=True, type=click.IntRange(1, 100), help="How many at most."
)
@click.option("--at", metavar="TIME", help="Only what is valid then; now by default.")
@json_option
@pass_terminal
def search(
    terminal: Terminal,
    brand: str,
    query: str,
    kinds: tuple[str, ...],
    count: int,
    at: str | None,
    as_json: bool,
) -> None:
    """Find passages by meaning and by words."""
    home = terminal.brand(brand)
    if not query.strip():
        raise InvalidInput({"query": "invalid.no_query"})
    instant = moment(at, home.zone) if at is not None else terminal.services.parts.clock()
    payload = {
        "brand": home.id,
        "query": query,
        "kinds": list(kinds),
        "k": count,
        "at": instant.isoformat(),
    }
    hits = terminal.carry_out("search", payload, brand=home.id)
    if as_json:
        terminal.json(hits)
    else:
        terminal.rows((hit["passage"], hit["path"], f"{hit['score']:.4f}", hit["text"]) for hit in hits)


@command.command()
@brand_option
@json_option
@pass_terminal
def reindex(terminal: Terminal, brand: str, as_json: bool) -> None:
    """Rebuild the indexes from the database."""
    home = terminal.brand(brand)
    result = terminal.carry_out("reindex", {"brand": home.id}, brand=home.id)
    if as_json:
        terminal.json(result)
    else:
        terminal.say("cli.reindexed", passages=result["passages"])


@command.command()
@brand_option
@click.option(
    "--days", default=14, show_default=True, type=click.IntRange(1, 60), help="How many days, from today."
)
@json_option
@pass_terminal
def gaps(terminal: Terminal, brand: str, days: int, as_json: bool) -> None:
    """List what the columns of the coming days will lack, soonest first."""
    home = terminal.brand(brand)
    lacks = terminal.services.gaps.report(brand=home.id, days=days).lacks
    if as_json:
        terminal.json(
            [{**asdict(lack), "slot": lack.slot.isoformat(), "since": _iso(lack.since)} for lack in lacks]
        )
    elif lacks:
        terminal.rows(
            (
                f"{lack.slot:%Y-%m-%d %H:%M}",
                lack.name,
                terminal.word(f"gap.{lack.reason}"),
                ", ".join(lack.kinds),
            )
            for lack in lacks
        )
    else:
        terminal.say("cli.no_gaps", days=days)


def _named(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Every file with its name in the library; InvalidInput for none at all, or for two of one name."""
    found: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_dir():
            found += [(file.relative_to(path).as_posix(), file) for file in _files(path)]
        else:
            found.append((path.name, path))
    if not found:
        raise InvalidInput({"paths": "invalid.no_file"})
    taken: set[str] = set()
    for name, _ in found:
        if name in taken:
            raise InvalidInput({"paths": "invalid.same_name"}, value=name)
        taken.add(name)
    return found


def _files(folder: Path) -> list[Path]:
    """The files under a folder, without hidden ones such as a desktop's own."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _over(terminal: Terminal, materials: Sequence[int], brand: int) -> dict[int, str]:
    """What to say of those whose window has ended: they are indexed, and no search finds them."""
    return {
        row.id: terminal.word("cli.material_over", day=last_day(row.valid_until))
        for row in terminal.services.library.some(materials, brand=brand)
        if row.health == "expired"
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


for _one in (*kbcare.COMMANDS, *kbfacts.COMMANDS):
    command.add_command(_one)


def _show_files(
    terminal: Terminal, results: list[dict[str, Any]], as_json: bool, *, brand: int
) -> int | None:
    if as_json:
        terminal.json(results)
    else:
        over = _over(terminal, [one["material"] for one in results if one["material"] is not None], brand)
        terminal.rows(
            (
                result["status"],
                result["path"],
                result["passages"],
                result["reason"] or over.get(result["material"], ""),
            )
            for result in results
        )
    return FOUND if any(result["status"] == "refused" for result in results) else None
