"""`copilot draft`: one draft through the whole path."""

from __future__ import annotations

import click

from copilot.cli.findings import fallen_back, show_findings
from copilot.cli.groups import Command
from copilot.cli.options import CHANNELS, brand_option, column_named, json_option, moment
from copilot.cli.people import writer
from copilot.cli.terminal import Terminal, pass_terminal


@click.command(cls=Command)
@brand_option
@click.option("--column", required=True, metavar="SLUG", help="The column of the active SOP.")
@click.option("--at", required=True, metavar="TIME", help="The slot: 2026-11-24T15:00 in the brand's zone.")
@click.option("--channel", type=CHANNELS, help="The column's own by default.")
@click.option("--instruction", default="", help="What this one should be about.")
@click.option("--as", "login", metavar="LOGIN", help="Who asks for it; a copywriter of the brand by default.")
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    brand: str,
    column: str,
    at: str,
    channel: str | None,
    instruction: str,
    login: str | None,
    as_json: bool,
) -> int | None:
    """Write one draft from the library, checked and traced.

    A day without a time means the column's own time.
    """
    home = terminal.brand(brand)
    own_time = column_named(terminal, column, home.id).time
    payload = {
        "brand": home.id,
        "user": writer(terminal, login, brand=home.id).id,
        "column": column,
        "at": moment(at, home.zone, hour=own_time).isoformat(),
        "channel": channel,
        "instruction": instruction,
    }
    draft = terminal.carry_out("draft", payload, brand=home.id)
    if as_json:
        terminal.json(draft)
    else:
        terminal.print(draft["text"])
        terminal.print()
        show_findings(terminal, draft["findings"])
        terminal.say("cli.drafted", post=draft["post"])
    return fallen_back([draft])
