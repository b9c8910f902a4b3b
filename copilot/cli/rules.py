"""`copilot rules`: the packs, what a brand changed of them, and its own rules, as data in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from copilot.cli.groups import Group
from copilot.cli.options import FILE, as_option, brand_option, json_option
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.domain.findings import Severity
from copilot.domain.rulebook import Change, RuleBook
from copilot.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from copilot.services.queries.rulings import OwnRow, RuleRow, RulesView

_DEFAULT, _OFF = "default", "off"
_SEVERITIES = click.Choice([*(str(one) for one in Severity), _OFF, _DEFAULT])


@click.group(cls=Group)
def command() -> None:
    """Which rules hold for a brand's copy."""


def _reason_option(function: Any) -> Any:
    return click.option("--reason", "note", required=True, help="Why; it stands in the log.")(function)


@command.command("list")
@brand_option
@json_option
@pass_terminal
def list_(terminal: Terminal, brand: str, as_json: bool) -> None:
    """List the packs, and the rules that hold with their severity in force.

    A rule that is switched off is listed as off; the rules of a pack that is off are not listed.
    """
    view = terminal.services.rulesheet.view(brand=terminal.brand(brand).id)
    if as_json:
        terminal.json(
            {
                "version": view.version,
                "packs": [
                    {"pack": row.pack.name, "on": row.is_on, "rules": row.count, "changed": row.changed}
                    for row in view.packs
                ],
                "rules": [_rule_json(row, terminal.language) for row in _rows(view)],
                "declaration": view.book.declaration,
            }
        )
        return
    for row in view.packs:
        state = terminal.word("cli.rules_on" if row.is_on else "cli.rules_off")
        terminal.rows([(row.pack.name, state, row.pack.title[terminal.language])])
    terminal.rows((_severity(row), _id(row), _reason(row, terminal.language)) for row in _rows(view))
    if view.book.declaration:
        terminal.say("cli.rules_declaration", text=view.book.declaration)


@command.command()
@brand_option
@click.argument("rule")
@json_option
@pass_terminal
def show(terminal: Terminal, brand: str, rule: str, as_json: bool) -> None:
    """Show RULE: what it looks for, why, what the brand changed, and its examples."""
    view = terminal.services.rulesheet.view(brand=terminal.brand(brand).id)
    row = view.rule(rule)
    if row is None:
        raise NotFound("rule", rule)
    shown = _rule_json(row, terminal.language)
    if as_json:
        terminal.json(shown)
        return
    terminal.rows(
        (name, line)
        for name, value in shown.items()
        for line in (value if isinstance(value, list) else [value])
        if line not in ("", None)
    )


@command.command()
@brand_option
@click.argument("pack")
@click.argument("state", type=click.Choice(["on", "off"]))
@_reason_option
@as_option
@pass_terminal
def switch(terminal: Terminal, brand: str, pack: str, state: str, note: str, login: str) -> None:
    """Switch PACK on or off as a whole."""
    home, services = terminal.brand(brand), terminal.services
    actor = services.accounts.actor_by_login(login, brand=home.id)
    before = services.rulings.version(brand=home.id)
    after = services.rulings.switch_pack(pack, state == "on", brand=home.id, actor=actor, note=note)
    _say(terminal, before, after)


@command.command("set")
@brand_option
@click.argument("rule")
@click.option("--severity", type=_SEVERITIES, help="How grave it is here; default takes back every change.")
@click.option("--except", "exceptions", multiple=True, metavar="TERM", help="A phrase that may stand.")
@_reason_option
@as_option
@pass_terminal
def set_(
    terminal: Terminal,
    brand: str,
    rule: str,
    severity: str | None,
    exceptions: tuple[str, ...],
    note: str,
    login: str,
) -> None:
    """Change what a shipped RULE does for this brand.

    --except may be given several times and joins the exceptions that stand; with --severity default, those
    that are named are the only ones.
    """
    if severity is None and not exceptions:
        raise InvalidInput({"severity": "invalid.rules_no_change"})
    if not all(text.strip() for text in exceptions):
        raise InvalidInput({"exceptions": "invalid.empty"})
    home, services = terminal.brand(brand), terminal.services
    actor = services.accounts.actor_by_login(login, brand=home.id)
    view = services.rulesheet.view(brand=home.id)
    held = Change(rule) if severity == _DEFAULT else view.book.change_of(rule)
    given = Severity(severity) if severity in set(Severity) else None
    change = Change(
        rule=rule,
        severity=held.severity if severity is None else given,
        is_off=held.is_off if severity is None else severity == _OFF,
        exceptions=(*held.exceptions, *exceptions),
    )
    try:
        after = services.rulings.change_rule(
            change, brand=home.id, actor=actor, note=note, based_on=view.version
        )
    except InvalidInput as fault:
        raise _as_typed(fault, change) from fault
    _say(terminal, view.version, after)


@command.command("import")
@brand_option
@click.argument("file", type=FILE)
@_reason_option
@as_option
@pass_terminal
def import_(terminal: Terminal, brand: str, file: Path, note: str, login: str) -> None:
    """Put the rules of FILE, a rules.yaml, in force in the place of those that hold.

    All of it is checked first: a rule of the brand's own has to pass its own examples.
    """
    home, services = terminal.brand(brand), terminal.services
    actor = services.accounts.actor_by_login(login, brand=home.id)
    before = services.rulings.version(brand=home.id)
    book = services.rulings.read(file.read_bytes(), brand=home.id, file=file.name)
    after = services.rulings.save(book, brand=home.id, actor=actor, note=note, based_on=before)
    _say(terminal, before, after)


@command.command()
@brand_option
@pass_terminal
def export(terminal: Terminal, brand: str) -> None:
    """Print the brand's rules as rules.yaml has them: what it switched, what it changed, and its own."""
    from copilot.services.brandyaml import dump

    view = terminal.services.rulesheet.view(brand=terminal.brand(brand).id)
    click.echo(dump(view.book.as_json()).decode("utf-8"), nl=False)


def _as_typed(fault: InvalidInput, change: Change) -> InvalidInput:
    """The same of what was typed: of RULE, and of the phrase after an --except, where a book has a way of keys."""
    place = f"changes.{change.rule}"
    typed = {place: "rule", f"{place}.exceptions": "exceptions"}
    kept = RuleBook(changes=(change,)).tidy().change_of(change.rule).exceptions
    typed |= {f"{place}.exceptions.{number}": f"--except {text}" for number, text in enumerate(kept, start=1)}
    return InvalidInput(
        {typed.get(field, field): told for field, told in fault.fields.items()}, **fault.values
    )


def _say(terminal: Terminal, before: int, after: int) -> None:
    terminal.say("cli.rules_version" if after != before else "cli.rules_same", version=after)


def _rows(view: RulesView) -> list[RuleRow | OwnRow]:
    shipped = (row for pack in view.packs if pack.is_on for _, rows in pack.sections for row in rows)
    return [*view.own, *shipped]


def _id(row: RuleRow | OwnRow) -> str:
    return row.rule.id


def _severity(row: RuleRow | OwnRow) -> str:
    return str(row.severity) if not row.is_off else _OFF


def _reason(row: RuleRow | OwnRow, language: str) -> str:
    reason = row.rule.reason
    return reason if isinstance(reason, str) else reason[language]


def _rule_json(row: RuleRow | OwnRow, language: str) -> dict[str, Any]:
    rule = row.rule
    shown: dict[str, Any] = {
        "rule": rule.id,
        "pack": row.pack,
        "severity": _severity(row),
        "shipped": str(rule.severity),
        "reason": _reason(row, language),
        "basis": rule.basis if isinstance(rule.basis, str) else rule.basis[language],
        "finds": list(row.finds),
        "exceptions": [*rule.exceptions, *row.exceptions],
        "alternatives": list(rule.alternatives),
        "positive": list(rule.positive),
        "negative": list(rule.negative),
        "posts": row.use.posts,
        "waived": row.use.waived,
    }
    return shown
