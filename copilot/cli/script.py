"""`copilot script`: lines for named staff around one post."""

from __future__ import annotations

import click

from copilot.cli.groups import Command
from copilot.cli.options import json_option
from copilot.cli.people import writer
from copilot.cli.terminal import OUTSIDE, Terminal, complain, pass_terminal


@click.command(cls=Command)
@click.option("--post", type=int, required=True, help="The post to speak around, by its number.")
@click.option(
    "--person",
    "people",
    metavar="NAME:ROLE",
    multiple=True,
    help="Who speaks, up to three; those of the brand's last script by default.",
)
@click.option("--as", "login", metavar="LOGIN", help="Who asks for it; a copywriter of the brand by default.")
@json_option
@pass_terminal
def command(
    terminal: Terminal, post: int, people: tuple[str, ...], login: str | None, as_json: bool
) -> int | None:
    """Write what your staff say in the minutes after a post, openly as staff, in place of any lines it had.

    Exit codes: 0 written, 2 wrong input, 3 the model failed and the offline lines stand in.
    """
    brand = terminal.services.brands.of_post(post)
    cast = [one.replace("：", ":").partition(":") for one in people]
    payload = {
        "brand": brand.id,
        "user": writer(terminal, login, brand=brand.id).id,
        "post": post,
        "people": [{"name": name.strip(), "role": role.strip()} for name, _, role in cast],
    }
    script = terminal.carry_out("script", payload, brand=brand.id)
    failed = script.pop("failed")
    if as_json:
        terminal.json(script)
    else:
        terminal.rows((line["at"][11:], line["name"], line["role"], line["text"]) for line in script["lines"])
    if script["fell_back"]:
        complain(script["fell_back"])
    return OUTSIDE if failed else None
