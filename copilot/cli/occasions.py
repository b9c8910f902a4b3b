"""`copilot occasions`: what the coming weeks hold for a community, and the main line of a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from copilot.cli.groups import Group
from copilot.cli.options import actor_option, brand_option, day, json_option
from copilot.cli.terminal import Terminal, pass_terminal


@click.group(cls=Group)
def command() -> None:
    """Featured columns, quiet days and main lines."""


@command.command("list")
@brand_option
@click.option("--weeks", default=2, type=click.IntRange(1, 8), show_default=True, help="How far ahead.")
@json_option
@pass_terminal
def list_(terminal: Terminal, brand: str, weeks: int, as_json: bool) -> None:
    """List what the coming weeks hold, and the columns that are proposed for it."""
    from copilot.wording import word

    home = terminal.brand(brand)
    # This week may be nearly over: one more holds the last of the days asked for.
    view = terminal.services.almanac.view(brand=home.id, weeks=weeks + 1, ahead=weeks * 7)
    last = view.today + timedelta(weeks=weeks)
    name = terminal.language
    days: list[dict[str, Any]] = [
        {
            "date": one.date.isoformat(),
            "occasions": [met.zh if name == "zh" else met.en for met in one.happenings],
            "promotion": one.quiet is None,
        }
        for week in view.weeks
        for one in week
        if view.today <= one.date <= last and one.happenings
    ]
    proposals = [
        {
            "key": one.key,
            "date": one.day.isoformat(),
            "occasion": one.occasion,
            "why": word(one.why, name),
            "column": dict(one.profile),
        }
        for one in view.proposals
    ]
    lines = [
        {"week": row.week.isoformat(), "line": row.line, "suggestion": row.suggestion} for row in view.lines
    ]
    if as_json:
        terminal.json({"days": days, "proposals": proposals, "lines": lines})
        return
    for row in view.lines:
        terminal.rows([(row.week, terminal.word("cli.line"), row.line or "–")])
    for one in days:
        mark = "" if one["promotion"] else terminal.word("cli.no_promotion")
        terminal.rows([(one["date"], ", ".join(one["occasions"]), mark)])
    for offered in view.proposals:
        column = offered.profile
        terminal.rows([(offered.day, column["time"], column["name"], column["purpose"])])


@command.command()
@brand_option
@click.option("--week", required=True, metavar="DATE", help="A day of the week, such as 2026-11-24.")
@click.argument("text", required=False)
@actor_option
@json_option
@pass_terminal
def line(
    terminal: Terminal, brand: str, week: str, text: str | None, login: str | None, as_json: bool
) -> None:
    """Show the main line of a week, or set it to TEXT; "" takes it away. Setting one needs --as."""
    from datetime import date

    from copilot.domain.occasions import monday
    from copilot.errors import InvalidInput

    services, home = terminal.services, terminal.brand(brand)
    first = monday(date.fromisoformat(day(week, field="week") or week))
    if text is not None:
        if login is None:
            raise InvalidInput({"login": "invalid.actor_needed"})
        actor = services.accounts.actor_by_login(login, brand=home.id)
        services.occasions.set_line(first, text, brand=home.id, actor=actor)
    said = services.occasions.line(first, brand=home.id)
    if as_json:
        terminal.json({"week": first.isoformat(), "line": said})
    elif said:
        terminal.say("cli.line_set", week=first, line=said)
    else:
        terminal.say("cli.line_removed", week=first)
