"""`copilot person`: the people who may sign in, and their role in each brand."""

from __future__ import annotations

import getpass
import sys
import warnings

import click

from copilot.cli.groups import Group
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.domain.messages import Message
from copilot.domain.permissions import Role
from copilot.errors import InvalidInput


@click.group(cls=Group)
def command() -> None:
    """People."""


@command.command()
@click.argument("login")
@click.option("--name", help="As the seal and the trace show it; needed for somebody new.")
@click.option("--brand", required=True, metavar="BRAND", help="The brand in which the role holds.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option(
    "--password",
    envvar="COPILOT_PASSWORD",
    help="Asked for when not given; COPILOT_PASSWORD or a pipe keeps it out of the shell's history.",
)
@pass_terminal
def add(
    terminal: Terminal, login: str, name: str | None, brand: str, role: str, password: str | None
) -> None:
    """Let somebody sign in; for a person who is there already, give the role in this brand as well.

    A person who is there keeps name and password, so neither is needed.
    """
    accounts, home = terminal.services.accounts, terminal.brand(brand)
    known = accounts.person_by_login(login)
    if known is None:
        if name is None:
            raise InvalidInput({"name": "invalid.new_person_name"}, login=login)
        accounts.add_person(
            login=login,
            name=name,
            password=_asked(login) if password is None else password,
            roles={home.id: Role(role)},
        )
        terminal.say("cli.person_added", name=name, login=login.strip().lower(), brand=brand)
        return
    before = accounts.give_role(known.id, Role(role), brand=home.id)
    said = "cli.person_joined" if before is None else "cli.person_role"
    terminal.say(said, name=known.name, brand=brand, role=Message(f"role.{role}"))
    if password is not None or (name is not None and name.strip() != known.name):
        terminal.say("cli.person_kept", login=known.login)


def _asked(login: str) -> str:
    """A password that somebody types twice, or the line that a script pipes in; InvalidInput where neither is."""
    nobody = InvalidInput({"password": "invalid.new_person_password"}, login=login)
    with warnings.catch_warnings():
        # It warns where there is no terminal, before it reads anything.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        except getpass.GetPassWarning:
            answer = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
            if not answer:
                raise nobody from None
        except click.Abort:
            if sys.stdin is not None and sys.stdin.isatty():
                raise
            raise nobody from None
    return answer
