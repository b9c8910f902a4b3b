"""Featured columns and the community's own days: what the coming weeks hold, and what people say to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.messages import Message
from copilot.domain.occasions import NodeKind
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, InvalidInput, NotFound
from copilot.services.occasions import MOST_NAME, OwnDay
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, message, status
from copilot.wording import word

pages = Blueprint("occasions", __name__, url_prefix="/b/<brand>/occasions")

DONE = frozenset({"accepted", "dismissed", "undone", "line", "added", "changed", "retired", "back"})
"""What a page can say was just done, by its `done`."""


def _render(error: CopilotError | None = None, *, at: str = "") -> str:
    """The page; `at` is the form beside which the error stands: `new`, `node-3` or `line-2026-11-23`."""
    said = field_messages(error) if error is not None else {}
    return render_template(
        "occasions/page.html",
        view=services().almanac.view(brand=brand().id),
        kinds=[(str(kind), word(Message(f"node.{kind}"), locale())) for kind in NodeKind],
        most=MOST_NAME,
        fields=said,
        error=message(error) if error is not None and not said else None,
        at=at,
        form=request.form,
        done=request.args.get("done") if request.args.get("done") in DONE else None,
        key=request.args.get("key", ""),
        chosen=request.args.get("node", type=int),
    )


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.post("/accept")
@requires(Permission.PLAN)
def accept() -> Response | tuple[str, int]:
    return _decide("accepted", services().occasions.accept)


@pages.post("/dismiss")
@requires(Permission.PLAN)
def dismiss() -> Response | tuple[str, int]:
    return _decide("dismissed", services().occasions.dismiss)


@pages.post("/undo")
@requires(Permission.PLAN)
def undo() -> Response | tuple[str, int]:
    return _decide("undone", services().occasions.undo)


@pages.post("/nodes")
@requires(Permission.PLAN)
def add() -> Response | tuple[str, int]:
    try:
        node = services().occasions.add_node(_own_day(), brand=brand().id, actor=actor())
    except InvalidInput as exc:
        return _render(exc, at="new"), status(exc)
    return _back("added", node=node)


@pages.post("/nodes/<int:node>")
@requires(Permission.PLAN)
def change(node: int) -> Response | tuple[str, int]:
    try:
        services().occasions.change_node(node, _own_day(), brand=brand().id, actor=actor())
    except InvalidInput as exc:
        return _render(exc, at=f"node-{node}"), status(exc)
    return _back("changed", node=node)


@pages.post("/nodes/<int:node>/retire")
@requires(Permission.PLAN)
def retire(node: int) -> Response:
    services().occasions.retire_node(node, brand=brand().id, actor=actor())
    return _back("retired", node=node)


@pages.post("/nodes/<int:node>/bring-back")
@requires(Permission.PLAN)
def bring_back(node: int) -> Response:
    services().occasions.bring_back_node(node, brand=brand().id, actor=actor())
    return _back("back", node=node)


@pages.post("/line")
@requires(Permission.PLAN)
def line() -> Response | tuple[str, int]:
    """The main line of a week; back to wherever it was typed."""
    week = _day(request.form.get("week", ""))
    if week is None:
        raise NotFound("week", request.form.get("week", ""))
    try:
        services().occasions.set_line(week, request.form.get("line", ""), brand=brand().id, actor=actor())
    except InvalidInput as exc:
        return _render(exc, at=f"line-{week.isoformat()}"), status(exc)
    if request.form.get("from") == "calendar":
        return redirect(url_for("calendar.page", brand=brand().slug, day=week.isoformat()), 303)
    return _back("line")


def _decide(done: str, deed: Callable[..., object]) -> Response | tuple[str, int]:
    key = request.form.get("key", "")
    try:
        deed(key, brand=brand().id, actor=actor())
    except CopilotError as exc:
        return _render(exc), status(exc)
    return _back(done, key=key)


def _back(done: str, **more: Any) -> Response:
    return redirect(url_for("occasions.page", brand=brand().slug, done=done, **more), 303)


def _own_day() -> OwnDay:
    form = request.form
    return OwnDay(
        kind=form.get("kind", ""),
        name=form.get("name", ""),
        day=_day(form.get("day", "")),
        yearly=bool(form.get("yearly")),
        note=form.get("note", ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
