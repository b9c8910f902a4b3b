"""`copilot schedule`: an approved post gets its deliveries."""

from __future__ import annotations

import click

from copilot.cli.groups import Command
from copilot.cli.options import as_option, chosen, json_option
from copilot.cli.review import show_state, who
from copilot.cli.terminal import Terminal, pass_terminal


@click.command(cls=Command)
@click.argument("post", type=int)
@as_option
@click.option(
    "--destination", "destinations", multiple=True, metavar="SLUG", help="Only these; may be repeated."
)
@json_option
@pass_terminal
def command(terminal: Terminal, post: int, login: str, destinations: tuple[str, ...], as_json: bool) -> None:
    """Schedule an approved post for its slot, at all its approved destinations or at some."""
    services = terminal.services
    brand, actor = who(terminal, post, login)
    targets = chosen(destinations, services.brands.destinations(brand.id), field="destinations")
    deliveries = services.scheduling.schedule(post, brand=brand.id, actor=actor, destinations=targets)
    show_state(terminal, post, brand.id, as_json, deliveries=deliveries)
