"""`copilot voice`: the profile that is in force."""

from __future__ import annotations

import click

from copilot.cli.groups import Group
from copilot.cli.options import brand_option, json_option
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.domain.voicechanges import lines
from copilot.domain.voiceprofile import FIELDS


@click.group(cls=Group)
def command() -> None:
    """A brand's voice."""


@command.command()
@brand_option
@json_option
@pass_terminal
def show(terminal: Terminal, brand: str, as_json: bool) -> None:
    """Show the profile in force and its version, as voice.yaml has it."""
    view = terminal.services.voicesheet.view(brand=terminal.brand(brand).id)
    if as_json:
        terminal.json(
            {
                "version": view.version,
                "note": view.note,
                "author": view.author,
                "at": view.at.isoformat(),
                "profile": view.profile,
            }
        )
        return
    terminal.rows(
        [("version", view.version), *((name, line) for name in FIELDS for line in lines(view.voice, name))]
    )
