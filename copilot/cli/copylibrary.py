"""`copilot copy`: the copy library, what may be said again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from copilot.cli.check import text_of
from copilot.cli.groups import Group
from copilot.cli.options import FILE_OR_INPUT, as_option, brand_option, json_option
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.domain.copylibrary import Scene, Standing
from copilot.services.queries.copylibrary import EntryRow

_SCENES = click.Choice([str(scene) for scene in Scene])
_STANDINGS = click.Choice([str(one) for one in Standing])
_MOST = click.IntRange(1, 10_000)


@click.group(cls=Group)
def command() -> None:
    """Approved copy and replies by scene."""


@command.command("list")
@brand_option
@click.option("--scene", type=_SCENES, help="Only this scene.")
@click.option("--show", type=_STANDINGS, help="Only these; else what may be used and what needs a look.")
@click.option("-n", "count", default=100, show_default=True, type=_MOST, help="How many at most.")
@json_option
@pass_terminal
def list_(
    terminal: Terminal, brand: str, scene: str | None, show: str | None, count: int, as_json: bool
) -> None:
    """List entries, what may be used first."""
    _show(terminal, brand, query="", scene=scene, show=show, count=count, as_json=as_json)


@command.command()
@brand_option
@click.argument("query")
@click.option("--scene", type=_SCENES, help="Only this scene.")
@click.option("-n", "count", default=10, show_default=True, type=_MOST, help="How many at most.")
@json_option
@pass_terminal
def search(terminal: Terminal, brand: str, query: str, scene: str | None, count: int, as_json: bool) -> None:
    """Find entries by their words, best first."""
    _show(terminal, brand, query=query, scene=scene, show=None, count=count, as_json=as_json)


@command.command()
@brand_option
@as_option
@click.option("--scene", required=True, type=_SCENES)
@click.option("--title", required=True, help="What it answers, at a glance.")
@click.argument("text", metavar="FILE", type=FILE_OR_INPUT)
@json_option
@pass_terminal
def add(
    terminal: Terminal, brand: str, login: str, scene: str, title: str, text: Path, as_json: bool
) -> None:
    """Add the reply in FILE (- reads standard input); it waits for another person's yes."""
    home = terminal.brand(brand)
    actor = terminal.services.accounts.actor_by_login(login, brand=home.id)
    payload = {
        "brand": home.id,
        "user": actor.id,
        "scene": scene,
        "title": title,
        "text": text_of(text, field="text").strip(),
    }
    entry = terminal.carry_out("copy_add", payload, brand=home.id)["entry"]
    _show_one(terminal, entry, home.id, as_json)


@command.command()
@brand_option
@as_option
@click.argument("entry", type=int)
@json_option
@pass_terminal
def approve(terminal: Terminal, brand: str, login: str, entry: int, as_json: bool) -> None:
    """Approve the text of ENTRY as it stands; whoever wrote it cannot."""
    home = terminal.brand(brand)
    actor = terminal.services.accounts.actor_by_login(login, brand=home.id)
    seen = terminal.services.copyshelf.entry(entry, brand=home.id).row.seen
    payload = {"brand": home.id, "user": actor.id, "entry": entry, "seen": seen}
    terminal.carry_out("copy_approve", payload, brand=home.id)
    _show_one(terminal, entry, home.id, as_json)


@command.command()
@brand_option
@as_option
@click.argument("entry", type=int)
@json_option
@pass_terminal
def retire(terminal: Terminal, brand: str, login: str, entry: int, as_json: bool) -> None:
    """Put ENTRY away."""
    home = terminal.brand(brand)
    actor = terminal.services.accounts.actor_by_login(login, brand=home.id)
    terminal.services.copylibrary.retire(entry, brand=home.id, actor=actor)
    _show_one(terminal, entry, home.id, as_json)


@command.command()
@brand_option
@as_option
@click.argument("entry", type=int)
@json_option
@pass_terminal
def restore(terminal: Terminal, brand: str, login: str, entry: int, as_json: bool) -> None:
    """Bring ENTRY back as it was."""
    home = terminal.brand(brand)
    actor = terminal.services.accounts.actor_by_login(login, brand=home.id)
    terminal.services.copylibrary.restore(entry, brand=home.id, actor=actor)
    _show_one(terminal, entry, home.id, as_json)


def _show(
    terminal: Terminal,
    brand: str,
    *,
    query: str,
    scene: str | None,
    show: str | None,
    count: int,
    as_json: bool,
) -> None:
    shelf = terminal.services.copyshelf.shelf(
        brand=terminal.brand(brand).id,
        query=query,
        scene=Scene(scene) if scene is not None else None,
        show=Standing(show) if show is not None else None,
        most=count,
    )
    if as_json:
        terminal.json([_json(row) for row in shelf.rows])
    else:
        terminal.rows(_line(terminal, row) for row in shelf.rows)


def _show_one(terminal: Terminal, entry: int, brand: int, as_json: bool) -> None:
    row = terminal.services.copyshelf.entry(entry, brand=brand).row
    if as_json:
        terminal.json(_json(row))
    else:
        terminal.rows([_line(terminal, row)])


def _line(terminal: Terminal, row: EntryRow) -> tuple[object, ...]:
    return (
        row.id,
        terminal.word(f"standing.{row.standing}"),
        terminal.word(f"scene.{row.scene}"),
        row.until.isoformat() if row.until is not None else "",
        row.title,
        row.text,
    )


def _json(row: EntryRow) -> dict[str, Any]:
    return {
        "entry": row.id,
        "scene": str(row.scene),
        "title": row.title,
        "text": row.text,
        "standing": str(row.standing),
        "until": row.until.isoformat() if row.until is not None else None,
        "uses": row.uses,
        "author": row.author,
        "approver": row.approver or None,
        "lost": [
            {
                "loss": str(one.loss),
                "material": one.material,
                "title": one.title,
                "quote": one.quote,
                "at": one.at.isoformat() if one.at is not None else None,
            }
            for one in row.lost
        ],
    }
