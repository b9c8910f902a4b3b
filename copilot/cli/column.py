"""`copilot column`: the columns of a brand's active SOP."""

from __future__ import annotations

from dataclasses import asdict

import click

from copilot.cli.groups import Group
from copilot.cli.options import brand_option, json_option
from copilot.cli.terminal import Terminal, pass_terminal


@click.group(cls=Group)
def command() -> None:
    """A brand's columns."""


@command.command("list")
@brand_option
@json_option
@pass_terminal
def list_(terminal: Terminal, brand: str, as_json: bool) -> None:
    """List the columns of the active SOP."""
    rows = [asdict(row) for row in terminal.services.brands.columns(terminal.brand(brand).id)]
    if as_json:
        terminal.json(rows)
    else:
        terminal.rows(tuple(row.values()) for row in rows)
