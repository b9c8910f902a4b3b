"""`copilot person`: the people who may sign in, and their role in each brand."""

from __future__ import annotations

import click

from copilot.cli.groups import Group
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.domain.permissions import Role


@click.group(cls=Group)
def command() -> None:
    """People."""


@command.command()
@click.argument("login")
@click.option("--name", required=True, help="As the seal and the trace show it.")
@click.option("--brand", required=True, metavar="BRAND", help="The brand in which the role holds.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option(
    "--password",
    envvar="COPILOT_PASSWORD",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when not given; COPILOT_PASSWORD keeps it out of the shell's history.",
)
@pass_terminal
def add(terminal: Terminal, login: str, name: str, brand: str, role: str, password: str) -> None:
    """Let somebody sign in; for a person who is there already, give the role in this brand as well."""
    home = terminal.services.brands.by_slug(brand)
    terminal.services.accounts.add_person(
        login=login, name=name, password=password, roles={home.id: Role(role)}
    )
    terminal.say("cli.person_added", name=name, login=login.strip().lower(), brand=brand)
