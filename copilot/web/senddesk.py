"""The send desk: copy, post, tick."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.permissions import Permission
from copilot.errors import CopilotError
from copilot.services.queries.senddesk import SendDesk
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import message, status

pages = Blueprint("senddesk", __name__, url_prefix="/b/<brand>/send-desk")

Answer = Response | tuple[str, int]


def _render(*, failed: str = "", error: CopilotError | None = None) -> str:
    """The desk. `failed` names the delivery or the post that an action was refused for."""
    desk = services().senddesk.view(brand=brand().id)
    return render_template(
        "senddesk/page.html",
        desk=desk,
        seen=_state(desk),
        just=request.args.get("just", type=int),
        ticked=request.args.get("tick", type=int),
        failed=failed,
        error=message(error) if error is not None else None,
        reason=request.form.get("reason", ""),
    )


def _do(failed: str, deed: Callable[[], Any], *, just: int | None = None, tick: int | None = None) -> Answer:
    """Acts, and goes back to the desk, which then offers to undo: `just` is the post, `tick` the delivery."""
    try:
        deed()
    except CopilotError as exc:
        return _render(failed=failed, error=exc), status(exc)
    return redirect(url_for("senddesk.page", brand=brand().slug, just=just, tick=tick), 303)


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.get("/changes")
@requires(Permission.READ)
def changes() -> Answer:
    """Whether the desk still looks as the page shows it: 204, or a notice that it does not.

    Two people may hold this page in their hands; a stale one is how a post goes out twice.
    """
    if _state(services().senddesk.view(brand=brand().id)) == request.args.get("seen"):
        return "", 204
    return render_template("senddesk/_changed.html"), 200


@pages.post("/deliveries/<int:delivery>/sent")
@requires(Permission.SEND)
def sent(delivery: int) -> Answer:
    return _do(
        f"delivery-{delivery}",
        lambda: services().delivering.mark_sent(delivery, brand=brand().id, actor=actor()),
        just=request.form.get("post", type=int),
        tick=delivery,
    )


@pages.post("/posts/<int:post>/sent")
@requires(Permission.SEND)
def all_sent(post: int) -> Answer:
    return _do(
        f"post-{post}",
        lambda: services().delivering.mark_all_sent(post, brand=brand().id, actor=actor()),
        just=post,
    )


@pages.post("/deliveries/<int:delivery>/skip")
@requires(Permission.SEND)
def skip(delivery: int) -> Answer:
    reason = request.form.get("reason", "")
    return _do(
        f"delivery-{delivery}",
        lambda: services().delivering.skip(delivery, brand=brand().id, actor=actor(), reason=reason),
        just=request.form.get("post", type=int),
        tick=delivery,
    )


@pages.post("/deliveries/<int:delivery>/undo")
@requires(Permission.SEND)
def undo(delivery: int) -> Answer:
    return _do(
        f"delivery-{delivery}",
        lambda: services().delivering.undo(delivery, brand=brand().id, actor=actor()),
    )


@pages.post("/deliveries/<int:delivery>/resolve")
@requires(Permission.SEND)
def resolve(delivery: int) -> Answer:
    was_sent = request.form.get("was") == "sent"
    return _do(
        f"delivery-{delivery}",
        lambda: services().delivering.resolve_unknown(
            delivery, brand=brand().id, actor=actor(), was_sent=was_sent
        ),
    )


def _state(desk: SendDesk) -> str:
    """A short name for what the desk shows: it changes when anything on it does, or turns late."""
    parts = [
        f"{tick.delivery}:{tick.state}:{task.late}"
        for task in (*desk.due, *desk.unknown, *desk.held, *desk.coming, *desk.done)
        for tick in task.ticks
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
