"""`copilot column`: the columns of a brand's active SOP, and the templates to begin with."""

from __future__ import annotations

from dataclasses import asdict

import click

from copilot.cli.groups import Group
from copilot.cli.options import actor_option, brand_option, json_option
from copilot.cli.terminal import Terminal, complain, pass_terminal
from copilot.errors import InvalidInput


@click.group(cls=Group)
def command() -> None:
    """A brand's columns."""


@command.command("list")
@brand_option
@json_option
@pass_terminal
def list_(terminal: Terminal, brand: str, as_json: bool) -> None:
    """List the columns of the active SOP."""
    rows = [asdict(row) for row in terminal.services.brands.columns(terminal.brand(brand).id)]
    if as_json:
        terminal.json(rows)
    else:
        terminal.rows(tuple(row.values()) for row in rows)


@command.command()
@brand_option
@click.option("--template", required=True, metavar="TEMPLATE", help="One of `column templates`.")
@click.option("--time", "time", default="", metavar="HH:MM", help="Another time than the template's.")
@actor_option
@json_option
@pass_terminal
def add(terminal: Terminal, brand: str, template: str, time: str, login: str | None, as_json: bool) -> None:
    """Add a column from a template, for the brand's own destinations; it is in the calendar at once."""
    from copilot.services.columntemplates import all_templates

    known = [one.slug for one in all_templates()]
    if template not in known:
        raise InvalidInput({"template": "invalid.unknown_name"}, value=template, known=", ".join(known))
    home, services = terminal.brand(brand), terminal.services
    actor = services.accounts.actor_by_login(login, brand=home.id) if login is not None else None
    added = services.sops.add_template(template, brand=home.id, actor=actor, at=time)
    for clash in services.timetable.column(added, brand=home.id).row.clashes:
        complain(terminal.word("cli.column_meets", other=clash.name, day=clash.day.isoformat()))
    row = next(row for row in services.brands.columns(home.id) if row.slug == added)
    if as_json:
        terminal.json(asdict(row))
    else:
        terminal.say("cli.column_added", name=row.name, slug=row.slug, cadence=row.cadence, time=row.time)


@command.command()
@json_option
@pass_terminal
def templates(terminal: Terminal, as_json: bool) -> None:
    """List the templates; of several times, --time says which is meant."""
    from copilot.domain.brands import Language
    from copilot.services.columntemplates import all_templates

    rows = [
        {
            "template": one.slug,
            "name": one.words[Language(terminal.language)].name,
            "module": str(one.module),
            "form": str(one.form),
            "cadence": str(one.cadence),
            "times": [at.strftime("%H:%M") for at in one.times],
            "why": one.words[Language(terminal.language)].why,
        }
        for one in all_templates()
    ]
    if as_json:
        terminal.json(rows)
    else:
        terminal.rows(
            [" / ".join(value) if isinstance(value, list) else value for value in row.values()]
            for row in rows
        )
