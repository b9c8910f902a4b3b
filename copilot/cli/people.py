"""Who acts on the command line, and how the people of the demo sign in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from copilot.cli.terminal import Terminal
from copilot.domain.messages import Message
from copilot.domain.permissions import Actor, Permission, Role, may
from copilot.services.accounts import Accounts
from copilot.services.demo import PASSWORD

SYSTEM = "cli"


def demo_people(terminal: Terminal, accounts: Accounts) -> Iterator[str]:
    """One line for each person of the demo, with what to type at the sign-in page."""
    for person in accounts.demo_people():
        known = accounts.person(person.id)
        if known is not None:
            yield terminal.word(
                "cli.demo_person",
                name=person.name,
                role=Message(f"role.{person.role}"),
                login=known.login,
                password=PASSWORD,
            )


def writer(terminal: Terminal, login: str | None, *, brand: int) -> Actor:
    """The person named; else whoever writes for this brand; else a person of the command line's own."""
    accounts = terminal.services.accounts
    if login is not None:
        return accounts.actor_by_login(login, brand=brand)
    writing = [actor for actor in accounts.members(brand) if may(actor.role, Permission.WRITE)]
    if writing:
        return writing[0]
    # Nobody knows this password: the person exists to be named in the trace, not to sign in.
    accounts.add_person(
        login=SYSTEM, name=SYSTEM, password=secrets.token_urlsafe(32), roles={brand: Role.COPYWRITER}
    )
    return accounts.actor_by_login(SYSTEM, brand=brand)
