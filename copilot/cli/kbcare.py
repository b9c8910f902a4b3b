"""`copilot kb`, looking after what is there: list, show, retire, restore, delete, window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from copilot.cli.groups import Command
from copilot.cli.options import (
    KINDS,
    actor_option,
    brand_option,
    curator,
    day,
    days,
    first_day,
    json_option,
    last_day,
)
from copilot.cli.terminal import FOUND, Terminal, pass_terminal
from copilot.domain.materials import Kind
from copilot.errors import InvalidInput, NotFound

_HEALTH = click.Choice(
    ["active", "expiring", "expired", "draft", "image_only", "unfindable", "future", "retired", "deleted"]
)


@click.command("list", cls=Command)
@brand_option
@click.option("--health", type=_HEALTH, help="Only these; all but the retired and deleted by default.")
@click.option("--kind", type=KINDS, help="Only this kind.")
@json_option
@pass_terminal
def list_(terminal: Terminal, brand: str, health: str | None, kind: str | None, as_json: bool) -> None:
    """List the materials, each with its health and last day."""
    from copilot.services.queries.shelf import Look, Wish

    home = terminal.brand(brand)
    wish = Wish(look=Look(health) if health else None, kind=Kind(kind) if kind else None)
    library = terminal.services.library
    rows = library.some(library.chosen(wish, list(Kind), brand=home.id), brand=home.id)
    if as_json:
        terminal.json([_row(row) for row in rows])
    else:
        terminal.rows(
            (row.id, row.path, row.title, row.health, row.passages, last_day(row.valid_until) or "–")
            for row in rows
        )


@click.command(cls=Command)
@brand_option
@click.argument("material")
@json_option
@pass_terminal
def show(terminal: Terminal, brand: str, material: str, as_json: bool) -> None:
    """Show a material's terms, revisions, passages and who cites it.

    MATERIAL is a number or a path in the library.
    """
    home = terminal.brand(brand)
    (identity,) = _materials(terminal, home.id, [material])
    view = terminal.services.library.material(identity, brand=home.id)
    shown = {
        **_row(view.material),
        "attribution": view.attribution,
        "consent": view.consent,
        "names": list(view.names),
        "revisions": [
            {
                "number": one.number,
                "at": one.at.isoformat(),
                "by": one.by,
                "cause": one.cause,
                "title": one.title,
                "kind": str(one.kind),
                "valid_from": first_day(one.valid_from),
                "valid_until": last_day(one.valid_until),
                "digest": one.digest,
            }
            for one in view.revisions
        ],
        "posts": [
            {
                "post": post.id,
                "column": post.name,
                "slot": post.starts_at.isoformat(),
                "state": str(post.state),
            }
            for post in view.posts.values()
        ],
    }
    if as_json:
        terminal.json(shown)
        return
    terminal.rows((key, _cell(value)) for key, value in shown.items() if not isinstance(value, list))
    for key in ("names", "revisions", "posts"):
        terminal.rows((key, *(_cells(one))) for one in shown[key])


@click.command(cls=Command)
@brand_option
@actor_option
@click.argument("materials", nargs=-1, required=True, metavar="MATERIAL...")
@json_option
@pass_terminal
def retire(
    terminal: Terminal, brand: str, login: str | None, materials: tuple[str, ...], as_json: bool
) -> None:
    """Take materials out of every search; what cites them is flagged. `restore` brings them back."""
    _tend(terminal, "retire", brand, login, materials, as_json)


@click.command(cls=Command)
@brand_option
@actor_option
@click.argument("materials", nargs=-1, required=True, metavar="MATERIAL...")
@json_option
@pass_terminal
def restore(
    terminal: Terminal, brand: str, login: str | None, materials: tuple[str, ...], as_json: bool
) -> None:
    """Bring retired or deleted materials back; a member's story without consent comes back as a draft."""
    _tend(terminal, "restore", brand, login, materials, as_json)


@click.command(cls=Command)
@brand_option
@actor_option
@click.argument("materials", nargs=-1, required=True, metavar="MATERIAL...")
@json_option
@pass_terminal
def delete(
    terminal: Terminal, brand: str, login: str | None, materials: tuple[str, ...], as_json: bool
) -> None:
    """Take materials out of every list as well; their vectors are gone at once."""
    _tend(terminal, "delete", brand, login, materials, as_json)


@click.command(cls=Command)
@brand_option
@actor_option
@click.argument("material")
@click.option("--valid-from", metavar="DAY", help="First day it is true, in the brand's zone.")
@click.option("--valid-until", metavar="DAY", help="Last day it is true.")
@click.option("--no-start", is_flag=True, help="True from ever.")
@click.option("--no-end", is_flag=True, help="True until it is retired.")
@json_option
@pass_terminal
def window(
    terminal: Terminal,
    brand: str,
    login: str | None,
    material: str,
    valid_from: str | None,
    valid_until: str | None,
    no_start: bool,
    no_end: bool,
    as_json: bool,
) -> int | None:
    """Set the days on which a material is true; an edge that is not named stays."""
    if (valid_from and no_start) or (valid_until and no_end):
        raise InvalidInput({"no_start" if valid_from and no_start else "no_end": "invalid.one_of_two"})
    if not (valid_from or valid_until or no_start or no_end):
        raise InvalidInput({"valid_until": "invalid.no_window"})
    home = terminal.brand(brand)
    actor = curator(terminal, login, home.id)
    (identity,) = _materials(terminal, home.id, [material])
    row = terminal.services.library.material(identity, brand=home.id).material
    first, last = days(
        None if no_start else day(valid_from, field="valid_from") or first_day(row.valid_from),
        None if no_end else day(valid_until, field="valid_until") or last_day(row.valid_until),
        field="valid_until" if valid_until else "valid_from",
    )
    payload = {
        "brand": home.id,
        "actor": actor,
        "files": [{"material": identity, "path": row.path, "window": [first, last]}],
    }
    (line,) = terminal.carry_out("settle", payload, brand=home.id)
    if as_json:
        terminal.json({**line, "valid_from": first, "valid_until": last})
    else:
        terminal.rows([(line["status"], row.path, first or "–", last or "–", line["reason"] or "")])
    return FOUND if line["status"] == "refused" else None


COMMANDS = (list_, show, retire, restore, delete, window)


def _tend(
    terminal: Terminal, deed: str, brand: str, login: str | None, named: Sequence[str], as_json: bool
) -> None:
    home = terminal.brand(brand)
    actor, materials = curator(terminal, login, home.id), _materials(terminal, home.id, named)
    payload = {"brand": home.id, "actor": actor, "deed": deed, "materials": materials}
    terminal.carry_out("tend", payload, brand=home.id)
    rows = terminal.services.library.some(materials, brand=home.id)
    if as_json:
        terminal.json([{"material": row.id, "path": row.path, "health": str(row.health)} for row in rows])
    else:
        terminal.rows((row.id, row.path, row.health) for row in rows)


def _materials(terminal: Terminal, brand: int, named: Sequence[str]) -> list[int]:
    """Materials by number or by path, deleted ones too; NotFound names the first that is not there."""
    from copilot.services.queries.shelf import Look, Wish

    library = terminal.services.library
    deleted = library.some(library.chosen(Wish(look=Look.DELETED), list(Kind), brand=brand), brand=brand)
    known = {one.path: one.id for one in (*deleted, *library.materials(brand=brand))}
    ids = set(known.values())
    found: list[int] = []
    for name in named:
        identity = known.get(name) or (int(name) if name.isdecimal() else None)
        if identity is None or identity not in ids:
            raise NotFound("material", name)
        found.append(identity)
    return list(dict.fromkeys(found))


def _row(row: Any) -> dict[str, Any]:
    return {
        "material": row.id,
        "path": row.path,
        "kind": str(row.kind),
        "title": row.title,
        "health": str(row.health),
        "valid_from": first_day(row.valid_from),
        "valid_until": last_day(row.valid_until),
        "revision": row.revision,
        "passages": row.passages,
        "lapsed": row.lapsed,
        "cited_by": row.cited_by,
    }


def _cell(value: object) -> object:
    return "–" if value in (None, "") else value


def _cells(one: object) -> list[object]:
    return [_cell(value) for value in one.values()] if isinstance(one, dict) else [one]
