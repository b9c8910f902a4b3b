"""`copilot week`: all slots of a week in one job, which goes on where it stopped."""

from __future__ import annotations

from typing import Any

import click

from copilot.cli.groups import Command
from copilot.cli.options import brand_option, day, json_option
from copilot.cli.people import writer
from copilot.cli.terminal import FOUND, Terminal, pass_terminal, progress, worded
from copilot.services.reporting import post_finding_json
from copilot.services.weeks import KIND

_WRITTEN = ("drafted", "kept")
_RESTING = "resting"


@click.command(cls=Command)
@brand_option
@click.option(
    "--start", required=True, metavar="DAY", help="The first of its seven days, in the brand's zone."
)
@click.option("--as", "login", metavar="LOGIN", help="Who asks for it; a copywriter of the brand by default.")
@json_option
@pass_terminal
def command(terminal: Terminal, brand: str, start: str, login: str | None, as_json: bool) -> int | None:
    """Draft every slot of a week that is still empty.

    Killed in the middle and called again, it goes on with the slots that are left.
    """
    home = terminal.brand(brand)
    user = writer(terminal, login, brand=home.id).id
    payload = {"brand": home.id, "user": user, "start": day(start, field="start")}
    job = terminal.services.jobs.once(KIND, payload, brand=home.id, requested_by=user, label=start)
    report = terminal.services.see_through(job, progress=progress())
    if as_json:
        terminal.json(worded(_printed(terminal, home.id, report), terminal.language))
    else:
        _show(terminal, report)
    return FOUND if _unwritten(report) else None


def _unwritten(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Slots that should have a draft and have none; one that rests is as it should be."""
    return [line for line in report["slots"] if line["state"] not in (*_WRITTEN, _RESTING)]


def _printed(terminal: Terminal, brand: int, report: dict[str, Any]) -> dict[str, Any]:
    posts = []
    for line in report["slots"]:
        if line["state"] not in _WRITTEN:
            continue
        view = terminal.services.desk.post(line["post"], brand=brand)
        posts.append(
            {
                "post": line["post"],
                "slot": line["slot"],
                "at": line["at"],
                "column": line["column"],
                "channel": view.card.channel,
                "state": line["state"],
                "text": view.head.text if view.head is not None else "",
                "findings": [post_finding_json(finding) for finding in view.findings],
            }
        )
    return {
        "drafted": sum(line["state"] == "drafted" for line in report["slots"]),
        "cancelled": report["cancelled"],
        "gaps": report["gaps"],
        "posts": posts,
        "resting": [line for line in report["slots"] if line["state"] == _RESTING],
        "unwritten": _unwritten(report),
        "balance": report["balance"],
    }


def _show(terminal: Terminal, report: dict[str, Any]) -> None:
    for line in report["slots"]:
        reason = worded(line["reason"], terminal.language) if line["reason"] else ""
        terminal.rows(
            [(line["at"], line["name"], terminal.word(f"week.{line['state']}"), line["post"] or "", reason)]
        )
    for gap in report["gaps"]:
        reason = worded(gap["reason"], terminal.language)
        terminal.say("cli.week_gap", name=gap["name"], at=gap["at"], reason=reason)
    _show_balance(terminal, report["balance"])
    terminal.say("cli.week_drafted", count=sum(line["state"] == "drafted" for line in report["slots"]))


def _show_balance(terminal: Terminal, balance: dict[str, Any]) -> None:
    def counts(family: str, of: dict[str, int]) -> str:
        return " · ".join(f"{terminal.word(f'{family}.{one}')} {count}" for one, count in of.items())

    terminal.say("cli.week_values", counts=counts("value", balance["values"]))
    terminal.say("cli.week_modules", counts=counts("module", balance["modules"]))
    for note in worded(balance["notes"], terminal.language):
        terminal.rows([(note,)])
