"""Settings of an administrator: which model writes, whether it answers, and what it costs."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from babel import dates, numbers
from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from copilot import wording
from copilot.domain.endpoints import PRESETS
from copilot.domain.messages import Message, stored_message
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError
from copilot.services.modelcare import MILLIONTHS
from copilot.services.queries.usage import MonthRow
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, status

pages = Blueprint("settings", __name__, url_prefix="/b/<brand>/settings")

_TRIED = "model-tried"


@pages.get("")
@requires(Permission.ADMINISTER)
def page() -> str:
    return _render()


@pages.post("/try")
@requires(Permission.ADMINISTER)
def try_model() -> Response:
    """Asks the model one small thing; what came of it is told on the page that follows, and only once."""
    try:
        trial = services().settings.try_model(brand=brand().id, actor=actor())
        session[_TRIED] = {"brand": brand().id, "said": asdict(trial)}
    except CopilotError as exc:
        refused = {"id": exc.message_id, "params": dict(exc.params)}
        session[_TRIED] = {"brand": brand().id, "refused": refused}
    return redirect(f"{url_for('settings.page', brand=brand().slug)}#tried", 303)


@pages.post("/limit")
@requires(Permission.ADMINISTER)
def set_limit() -> Response | tuple[str, int]:
    try:
        services().settings.set_limit(request.form.get("limit", ""), brand=brand().id, actor=actor())
    except CopilotError as exc:
        return _render(exc), status(exc)
    return redirect(f"{url_for('settings.page', brand=brand().slug, done='limit')}#cost", 303)


def _render(error: CopilotError | None = None) -> str:
    view = services().settings.view(brand=brand().id)
    months = services().usage.months(brand=brand().id)
    tried = session.get(_TRIED) or {}
    if tried:
        # Leaving it would tell an old answer beside tomorrow's settings.
        del session[_TRIED]
    mine = tried if tried.get("brand") == brand().id else {}
    typed = request.form.get("limit") if error is not None else None
    return render_template(
        "settings/page.html",
        view=view,
        months=months,
        chosen=_chosen(months),
        presets=PRESETS,
        said=mine.get("said"),
        refused=stored_message(mine["refused"]) if "refused" in mine else None,
        faults=field_messages(error) if error is not None else {},
        typed=_plain(view.limit) if typed is None else typed,
        done=request.args.get("done") == "limit",
        money=_money,
        count=lambda number: numbers.format_decimal(number, locale=locale()),
        month=lambda first: dates.format_skeleton("yMMMM", first, locale=locale()),
        outcome=_outcome,
    )


def _chosen(months: tuple[MonthRow, ...]) -> MonthRow:
    """The month whose purposes are shown: the one in the address, else this one."""
    wanted = request.args.get("month", "")
    return next((row for row in months if row.first.isoformat()[:7] == wanted), months[0])


def _money(amount: int) -> str:
    """An amount of millionths as the reader writes money; small ones keep the digits that they need."""
    value, currency = Decimal(amount) / MILLIONTHS, services().care.prices.currency
    places = "0.00" if not amount or abs(value) >= 1 else "0.0000"
    if not currency:
        return str(numbers.format_decimal(value, f"#,##{places}", locale=locale()))
    return str(
        numbers.format_currency(
            value, currency.upper(), f"¤#,##{places}", locale=locale(), currency_digits=False
        )
    )


def _plain(limit: int | None) -> str:
    """The limit as it is typed into its field."""
    return "" if limit is None else f"{(Decimal(limit) / MILLIONTHS).normalize():f}"


def _outcome(reason: str) -> str:
    known = f"outcome.{reason}" in wording.sentences()
    return wording.word(Message(f"outcome.{reason}" if known else "outcome.other"), locale())
