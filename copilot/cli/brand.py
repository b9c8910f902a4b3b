"""`copilot brand`: the tenants."""

from __future__ import annotations

import click

from copilot.cli.groups import Group
from copilot.cli.options import json_option
from copilot.cli.terminal import Terminal, pass_terminal


@click.group(cls=Group)
def command() -> None:
    """Brands."""


@command.command()
@click.argument("slug")
@click.option("--name", required=True, help="As people write it.")
@click.option("--zone", required=True, metavar="ZONE", help="Time zone, such as Asia/Shanghai.")
@click.option("--language", required=True, metavar="zh|en", help="The language its copy is written in.")
@json_option
@pass_terminal
def create(terminal: Terminal, slug: str, name: str, zone: str, language: str, as_json: bool) -> None:
    """Create a brand with an empty library and a plain voice."""
    terminal.services.brands.create(slug=slug, name=name, zone=zone, language=language)
    if as_json:
        terminal.json({"slug": slug, "name": name.strip(), "zone": zone, "language": language})
    else:
        terminal.say("cli.brand_created", brand=slug)


@command.command("list")
@json_option
@pass_terminal
def list_(terminal: Terminal, as_json: bool) -> None:
    """List the brands."""
    rows = terminal.services.brands.all()
    if as_json:
        terminal.json(
            [
                {"slug": row.slug, "name": row.name, "zone": row.zone, "language": str(row.language)}
                for row in rows
            ]
        )
    else:
        terminal.rows((row.slug, row.name, row.zone, row.language) for row in rows)
