"""`copilot demo`: the sample brands."""

from __future__ import annotations

import click

from copilot.cli.groups import Group
from copilot.cli.people import demo_people
from copilot.cli.terminal import FOUND, Terminal, pass_terminal, progress


@click.group(cls=Group)
def command() -> None:
    """The sample brands and their people."""


@command.command()
@pass_terminal
def load(terminal: Terminal) -> int | None:
    """Load the sample brands, their people and a living fortnight; loading again doubles nothing.

    The index has one owner, so stop a running server first.
    """
    services = terminal.services
    services.ownership.take("command")
    refused = False
    for loaded in services.demo.load(progress()):
        terminal.say("cli.demo_brand", brand=loaded.brand, files=len(loaded.files), posts=loaded.posts)
        for file in loaded.files:
            if file.status == "refused":
                refused = True
                terminal.rows([(file.path, file.status)])
    for line in demo_people(terminal, services.accounts):
        click.echo(line)
    return FOUND if refused else None
