"""`copilot model`: whether it answers, what it cost, and how well-known services are set."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from copilot.cli.groups import Group
from copilot.cli.options import brand_option, json_option
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.errors import InvalidInput

if TYPE_CHECKING:
    from copilot.services.queries.usage import Tally


@click.group(cls=Group)
def command() -> None:
    """The model that writes."""


@command.command("try")
@brand_option
@json_option
@pass_terminal
def try_(terminal: Terminal, brand: str, as_json: bool) -> None:
    """Ask the model one small thing, on the brand's account."""
    home = terminal.brand(brand)
    trial = terminal.services.settings.try_model(brand=home.id, actor=None)
    if as_json:
        terminal.json(
            {
                "model": trial.model,
                "text": trial.text,
                "first_seconds": trial.first,
                "seconds": trial.seconds,
                "input_tokens": trial.input_tokens,
                "output_tokens": trial.output_tokens,
                "cost": _whole(trial.cost),
                "currency": terminal.services.care.prices.currency,
            }
        )
        return
    terminal.print(trial.text)
    terminal.say("cli.model_answered", model=trial.model, first=trial.first, seconds=trial.seconds)


@command.command()
@brand_option
@click.option("--month", metavar="YYYY-MM", help="The present month by default.")
@json_option
@pass_terminal
def usage(terminal: Terminal, brand: str, month: str | None, as_json: bool) -> None:
    """What the brand's calls of a month were for, and what they cost."""
    home, services = terminal.brand(brand), terminal.services
    if month is None:
        row = services.usage.months(brand=home.id, count=1)[0]
    else:
        row = services.usage.month(_first_day(month), brand=home.id)
    view = services.settings.view(brand=home.id)
    if as_json:
        terminal.json(
            {
                "brand": brand,
                "month": row.first.isoformat()[:7],
                "currency": view.prices.currency,
                **_tally(row.total),
                "limit": _whole(view.limit),
                "failures": dict(row.failures),
                "purposes": [{"purpose": purpose, **_tally(tally)} for purpose, tally in row.purposes],
            }
        )
        return
    for purpose, tally in (*row.purposes, (terminal.word("cli.model_total"), row.total)):
        cost = f"{_whole(tally.cost)} {view.prices.currency}".strip() if tally.is_priced else "–"
        terminal.rows([(purpose, tally.calls, tally.input_tokens, tally.output_tokens, cost)])
    for reason, count in row.failures:
        terminal.say("cli.model_failed", reason=reason, count=count)


@command.command()
@json_option
@pass_terminal
def presets(terminal: Terminal, as_json: bool) -> None:
    """Well-known services: set COPILOT_LLM_BASE_URL to a short name or an address."""
    from copilot.domain.endpoints import PRESETS

    if as_json:
        terminal.json(
            [
                {
                    "preset": one.slug,
                    "name": terminal.word(f"preset.{one.slug}"),
                    "base_url": one.base_url,
                    "elsewhere": list(one.elsewhere),
                    "model": one.model,
                    "key_page": one.key_page,
                    "refuses": sorted(one.refuses),
                    "max_tokens": one.max_tokens,
                }
                for one in PRESETS
            ]
        )
        return
    terminal.rows((one.slug, one.base_url, one.model, terminal.word(f"preset.{one.slug}")) for one in PRESETS)


def _first_day(month: str) -> date:
    try:
        year, number = month.split("-")
        return date(int(year), int(number), 1)
    except ValueError:
        raise InvalidInput({"month": "invalid.month"}, value=month) from None


def _tally(tally: Tally) -> dict[str, Any]:
    """`cost` leaves out the unpriced calls; null where none was priced."""
    return {
        "calls": tally.calls,
        "input_tokens": tally.input_tokens,
        "output_tokens": tally.output_tokens,
        "cost": _whole(tally.cost) if tally.is_priced else None,
        "unpriced": tally.unpriced,
        "seconds": round(tally.seconds, 3),
    }


def _whole(amount: int | None) -> float | None:
    """An amount of millionths in whole units of the currency."""
    return None if amount is None else amount / 1_000_000
