"""`copilot review`: the same gate as the pages."""

from __future__ import annotations

from typing import Any

import click

from copilot.cli.groups import Group
from copilot.cli.options import as_option, brand_option, json_option
from copilot.cli.terminal import Terminal, pass_terminal, worded
from copilot.domain.permissions import Actor
from copilot.services.queries.marks import FindingRow
from copilot.services.queries.rows import BrandRow
from copilot.services.reporting import post_finding_json
from copilot.wording import word


@click.group(cls=Group)
def command() -> None:
    """The gate between a draft and the members."""


@command.command("list")
@brand_option
@json_option
@pass_terminal
def list_(terminal: Terminal, brand: str, as_json: bool) -> None:
    """List what waits for a reviewer, the nearest slot first."""
    views = terminal.services.desk.review_queue(brand=terminal.brand(brand).id)
    rows: list[dict[str, Any]] = [
        {
            "post": view.id,
            "column": view.card.column,
            "channel": view.card.channel,
            "slot": view.card.starts_at.isoformat(),
            "author": view.head.author if view.head is not None else "",
            "blocking": view.blocking,
            "text": view.head.text if view.head is not None else "",
        }
        for view in views
    ]
    if as_json:
        terminal.json(rows)
    else:
        terminal.rows((row["post"], row["slot"], row["column"], row["author"], row["text"]) for row in rows)


@command.command()
@click.argument("post", type=int)
@as_option
@json_option
@pass_terminal
def submit(terminal: Terminal, post: int, login: str, as_json: bool) -> None:
    """Hand the newest revision to review."""
    brand, actor = who(terminal, post, login)
    terminal.carry_out("submit", {"brand": brand.id, "user": actor.id, "post": post}, brand=brand.id)
    show_state(terminal, post, brand.id, as_json)


@command.command()
@click.argument("post", type=int)
@as_option
@json_option
@pass_terminal
def approve(terminal: Terminal, post: int, login: str, as_json: bool) -> None:
    """Seal the newest revision for all destinations of its column."""
    brand, actor = who(terminal, post, login)
    head = terminal.services.desk.post(post, brand=brand.id).head
    payload = {
        "brand": brand.id,
        "user": actor.id,
        "post": post,
        "revision": head.id if head is not None else 0,
    }
    terminal.carry_out("approve", payload, brand=brand.id)
    show_state(terminal, post, brand.id, as_json)


@command.command("request-changes")
@click.argument("post", type=int)
@as_option
@click.option("--note", required=True, help="What should change.")
@json_option
@pass_terminal
def request_changes(terminal: Terminal, post: int, login: str, note: str, as_json: bool) -> None:
    """Send the post back with what should change."""
    brand, actor = who(terminal, post, login)
    terminal.services.reviewing.request_changes(post, brand=brand.id, actor=actor, note=note)
    show_state(terminal, post, brand.id, as_json)


@command.command()
@click.argument("post", type=int)
@as_option
@json_option
@pass_terminal
def withdraw(terminal: Terminal, post: int, login: str, as_json: bool) -> None:
    """Take an approval back; what was not yet sent is held."""
    brand, actor = who(terminal, post, login)
    terminal.services.reviewing.withdraw(post, brand=brand.id, actor=actor)
    show_state(terminal, post, brand.id, as_json)


@command.command()
@click.argument("post", type=int)
@json_option
@pass_terminal
def findings(terminal: Terminal, post: int, as_json: bool) -> None:
    """List what the checks object to in the newest text, by the number that `waive` takes.

    What was let stand says who did, and by which waiver; what was let stand before its sentence changed says so.
    """
    brand = terminal.services.brands.of_post(post)
    found = terminal.services.desk.post(post, brand=brand.id).findings
    if as_json:
        listed = [
            {
                **post_finding_json(one),
                "waiver": one.waiver.id if one.waiver is not None else None,
                "let_stand_before": one.reminder is not None,
            }
            for one in found
        ]
        terminal.json(worded(listed, terminal.language))
    elif found:
        terminal.rows(_row(terminal, one) for one in found)
    else:
        terminal.say("cli.nothing_found")


@command.command()
@click.argument("post", type=int)
@click.argument("finding", type=int)
@as_option
@click.option("--reason", required=True, help="Why it may stand; the approver reads it.")
@json_option
@pass_terminal
def waive(terminal: Terminal, post: int, finding: int, login: str, reason: str, as_json: bool) -> None:
    """Let one finding stand, so that it stops nothing.

    It covers these words under this rule in their sentence, and ends when the sentence changes. `copilot review
    findings POST` has the numbers.
    """
    brand, actor = who(terminal, post, login)
    waiver = terminal.services.waiving.waive(post, finding, brand=brand.id, actor=actor, reason=reason)
    show_waiver(terminal, waiver, post, brand.id, as_json)


@command.command("take-back")
@click.argument("waiver", type=int)
@as_option
@json_option
@pass_terminal
def take_back(terminal: Terminal, waiver: int, login: str, as_json: bool) -> None:
    """Take back what was let stand, until the post is approved; it stops the post again."""
    post = terminal.services.waiving.post_of(waiver)
    brand, actor = who(terminal, post, login)
    terminal.services.waiving.take_back(waiver, brand=brand.id, actor=actor)
    show_waiver(terminal, waiver, post, brand.id, as_json)


def who(terminal: Terminal, post: int, login: str) -> tuple[BrandRow, Actor]:
    """The brand of a post, and the person with the role they have in it."""
    brand = terminal.services.brands.of_post(post)
    return brand, terminal.services.accounts.actor_by_login(login, brand=brand.id)


def show_state(terminal: Terminal, post: int, brand: int, as_json: bool, **more: object) -> None:
    state = str(terminal.services.desk.post(post, brand=brand).state)
    if as_json:
        terminal.json({"post": post, "state": state, **more})
    else:
        terminal.rows([(post, terminal.word(f"state.{state}"))])


def show_waiver(terminal: Terminal, waiver: int, post: int, brand: int, as_json: bool) -> None:
    """The waiver, its post, and how many findings stop that one now."""
    left = terminal.services.desk.post(post, brand=brand).blocking
    if as_json:
        terminal.json({"waiver": waiver, "post": post, "blocking": left})
    else:
        terminal.rows([(waiver, post, left)])


def _row(terminal: Terminal, finding: FindingRow) -> tuple[object, ...]:
    waiver = finding.waiver
    return (
        finding.id,
        terminal.word(f"severity.{finding.severity}"),
        terminal.word(f"check.{finding.check}"),
        finding.text,
        word(finding.reason, terminal.language),
        *((waiver.id, waiver.author, waiver.reason) if waiver is not None else ()),
        *((word(finding.reminder, terminal.language),) if finding.reminder is not None else ()),
    )
