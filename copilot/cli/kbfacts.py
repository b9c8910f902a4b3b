"""`copilot kb`, what the materials pin down: facts, confirm."""

from __future__ import annotations

from typing import Any

import click

from copilot.cli.groups import Command
from copilot.cli.options import as_option, brand_option, json_option, last_day
from copilot.cli.terminal import Terminal, pass_terminal

# The facts' own words; their module brings every rule that reads figures along, for which `--help` need not wait.
_STATUSES = click.Choice(["suggested", "confirmed", "dismissed", "lapsed"])


@click.command(cls=Command)
@brand_option
@click.option("--status", type=_STATUSES, help="Only these; all of them by default.")
@json_option
@pass_terminal
def facts(terminal: Terminal, brand: str, status: str | None, as_json: bool) -> None:
    """List the facts that the materials pin down, with their source quotes."""
    home = terminal.brand(brand)
    wanted = [status] if status else list(_STATUSES.choices)
    rows = [row for one in wanted for row in _facts(terminal, home.id, one)]
    if as_json:
        terminal.json(
            [
                {
                    "fact": row.id,
                    "kind": row.kind,
                    "subject": row.subject,
                    "name": row.name,
                    "value": row.value,
                    "status": row.status,
                    "owner": row.owner,
                    "material": row.material,
                    "passage": row.passage,
                    "quote": row.quote,
                    "valid_until": last_day(row.valid_until),
                }
                for row in rows
            ]
        )
    else:
        terminal.rows(
            (row.id, row.status, row.kind, row.subject, row.name, row.value, row.quote) for row in rows
        )


@click.command(cls=Command)
@brand_option
@as_option
@click.argument("facts", nargs=-1, required=True, type=int, metavar="FACT...")
@json_option
@pass_terminal
def confirm(terminal: Terminal, brand: str, login: str, facts: tuple[int, ...], as_json: bool) -> None:
    """Stand for facts: their numbers are those of `kb facts`."""
    home = terminal.brand(brand)
    actor = terminal.services.accounts.actor_by_login(login, brand=home.id)
    terminal.services.facts.confirm(facts, brand=home.id, actor=actor)
    rows = [terminal.services.factsheet.fact(fact, brand=home.id) for fact in dict.fromkeys(facts)]
    if as_json:
        terminal.json([{"fact": row.id, "status": row.status, "owner": row.owner} for row in rows])
    else:
        terminal.rows((row.id, row.status, row.subject, row.name, row.value, row.owner) for row in rows)


COMMANDS = (facts, confirm)


def _facts(terminal: Terminal, brand: int, status: str) -> list[Any]:
    from copilot.domain.facts import FactStatus

    rows: list[Any] = []
    page = 1
    while True:
        view = terminal.services.factsheet.view(brand=brand, status=FactStatus(status), page=page)
        rows += view.rows
        if page >= view.pages:
            return rows
        page += 1
