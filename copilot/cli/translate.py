"""`copilot translate`: linked versions of one post for other positions."""

from __future__ import annotations

import click

from copilot.cli.findings import fallen_back, show_findings
from copilot.cli.groups import Command
from copilot.cli.options import CHANNELS, json_option
from copilot.cli.people import writer
from copilot.cli.terminal import Terminal, pass_terminal


@click.command(cls=Command)
@click.option("--post", type=int, required=True, help="The post to tell again, by its number.")
@click.option(
    "--channel", "channels", type=CHANNELS, multiple=True, required=True, help="As often as needed."
)
@click.option("--instruction", default="", help="What to mind in all of them.")
@click.option("--as", "login", metavar="LOGIN", help="Who asks for it; a copywriter of the brand by default.")
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    post: int,
    channels: tuple[str, ...],
    instruction: str,
    login: str | None,
    as_json: bool,
) -> int | None:
    """Tell a post again in other positions, each in its own form and with the same facts."""
    brand = terminal.services.brands.of_post(post)
    payload = {
        "brand": brand.id,
        "user": writer(terminal, login, brand=brand.id).id,
        "post": post,
        "channels": list(channels),
        "instruction": instruction,
    }
    drafts = terminal.carry_out("translate", payload, brand=brand.id)
    if as_json:
        terminal.json(drafts)
    else:
        for draft in drafts:
            terminal.print(f"# {draft['channel']}")
            terminal.print(draft["text"])
            show_findings(terminal, draft["findings"])
            terminal.print()
    return fallen_back(drafts)
