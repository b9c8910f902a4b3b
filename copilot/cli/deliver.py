"""`copilot deliver`: what is due goes out."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from copilot.cli.groups import Command
from copilot.cli.options import json_option
from copilot.cli.terminal import FOUND, Terminal, pass_terminal
from copilot.errors import InvalidInput


@click.command(cls=Command)
@click.option("--once", is_flag=True, required=True, help="One round, then end.")
@click.option(
    "--now", metavar="TIME", help="As if it were then; this machine's zone unless it has an offset."
)
@json_option
@pass_terminal
def command(terminal: Terminal, once: bool, now: str | None, as_json: bool) -> int | None:
    """Claim and send what is due, once; prints how many deliveries came to which state."""
    services = terminal.services if now is None else terminal.house.at(_instant(now))
    counts = {str(state): count for state, count in services.delivering.tick().items()}
    if as_json:
        terminal.json(counts)
    elif counts:
        terminal.rows((terminal.word(f"delivery.{state}"), count) for state, count in counts.items())
    else:
        terminal.say("cli.nothing_due")
    return FOUND if counts.get("failed") or counts.get("unknown") else None


def _instant(text: str) -> datetime:
    """A time without an offset is this machine's own."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise InvalidInput({"now": "invalid.moment"}, value=text) from None
