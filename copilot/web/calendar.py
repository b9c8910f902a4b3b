"""The calendar: a week of slots, and the way into one."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.permissions import Permission
from copilot.web import weeks
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.flow import act

pages = Blueprint("calendar", __name__, url_prefix="/b/<brand>")


@pages.get("/calendar")
@requires(Permission.READ)
def page() -> str:
    wanted = request.args.get("day", "")
    try:
        around = date.fromisoformat(wanted) if wanted else None
        week = services().calendar.week(brand=brand().id, around=around)
    except (ValueError, OverflowError):
        abort(404)
    occasions = services().almanac.week(brand=brand().id, start=week.start)
    return render_template(
        "calendar/page.html", week=week, one=weeks.compiled(week.start), occasions=occasions
    )


@pages.get("/slots/<int:slot>")
@requires(Permission.READ)
def slot(slot: int) -> str | Response:
    """A slot: its post's desk, or the page of one that nobody has written for yet."""
    card, column, starts_at = services().desk.card(slot, brand=brand().id)
    if card is not None and card.post is not None:
        return redirect(url_for("desk.page", brand=brand().slug, post=card.post), 303)
    return render_template("desk/empty.html", slot=slot, column=column, starts_at=starts_at)


@pages.post("/slots/<int:slot>/draft")
@requires(Permission.WRITE)
def draft(slot: int) -> Response:
    post = services().planning.open_post(slot, brand=brand().id, actor=actor())
    here = url_for("desk.page", brand=brand().slug, post=post)
    instruction = request.form.get("instruction", "")
    return act(
        lambda: services().drafting.start(post, brand=brand().id, actor=actor(), instruction=instruction),
        here,
    )
