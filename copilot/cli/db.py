"""`copilot db`: the database's schema."""

from __future__ import annotations

import click

from copilot.cli.groups import Group
from copilot.cli.terminal import Terminal, pass_terminal


@click.group(cls=Group)
def command() -> None:
    """The database."""


@command.command()
@pass_terminal
def upgrade(terminal: Terminal) -> None:
    """Bring the database to the newest schema; running it again changes nothing."""
    terminal.house.prepare()
    terminal.say("cli.upgraded")
