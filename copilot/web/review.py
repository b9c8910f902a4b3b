"""The review queue: what waits for a yes, one post at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.permissions import Permission
from copilot.domain.posts import PostEvent
from copilot.domain.quantities import figures
from copilot.domain.review import window_around
from copilot.errors import CopilotError, NotFound
from copilot.services.queries.desk import PostView
from copilot.web import waiverform
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.waiverform import of_finding

pages = Blueprint("review", __name__, url_prefix="/b/<brand>/review")


def _render(post: int | None, *, failed: str = "", error: CopilotError | None = None) -> str:
    queue = services().desk.review_queue(brand=brand().id)
    view = next((one for one in queue if one.id == post), queue[0] if queue and post is None else None)
    if view is None and post is not None:
        view = services().desk.post(post, brand=brand().id)
    return render_template(
        "review/page.html",
        queue=queue,
        view=view,
        changes=services().desk.changes(view) if view is not None else (),
        pictures=services().pictures.of_post(view.id, brand=brand().id) if view is not None else None,
        figures=_changed_figures(view) if view is not None else ((), ()),
        window=window_around(view.card.starts_at, view.column.tolerance) if view is not None else None,
        self_check=services().desk.self_check(view)
        if view is not None and PostEvent.APPROVE in view.events
        else (),
        checked=request.form.getlist("selfcheck"),
        decided=_decided(),
        failed=failed,
        error=message(error) if error is not None else None,
        fields=field_messages(error) if error is not None else {},
        note=request.form.get("note", ""),
        refused=waiverform.refused(view) if failed == "waive" and view is not None else None,
    )


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render(request.args.get("post", type=int))


@pages.post("/<int:post>/approve")
@requires(Permission.REVIEW)
def approve(post: int) -> Response | tuple[str, int]:
    """Approves, and schedules in the same breath where the reviewer asked for it and may."""

    def deed() -> None:
        services().reviewing.approve(
            post,
            brand=brand().id,
            actor=actor(),
            revision=request.form.get("revision", type=int, default=0),
            selfcheck=request.form.getlist("selfcheck"),
        )
        if request.form.get("then") == "schedule":
            services().scheduling.schedule(post, brand=brand().id, actor=actor())

    return _decide(post, "approve", deed)


@pages.post("/<int:post>/request-changes")
@requires(Permission.REVIEW)
def request_changes(post: int) -> Response | tuple[str, int]:
    note = request.form.get("note", "")
    return _decide(
        post,
        "request_changes",
        lambda: services().reviewing.request_changes(post, brand=brand().id, actor=actor(), note=note),
    )


@pages.post("/<int:post>/waive/<int:finding>")
@requires(Permission.REVIEW)
def waive(post: int, finding: int) -> Response | tuple[str, int]:
    return _judge(
        post,
        "waive",
        lambda: services().waiving.waive(
            post,
            finding,
            brand=brand().id,
            actor=actor(),
            reason=of_finding("reason"),
            seen=of_finding("seen"),
        ),
    )


@pages.post("/<int:post>/waivers/<int:waiver>/take-back")
@requires(Permission.REVIEW)
def take_back(post: int, waiver: int) -> Response | tuple[str, int]:
    return _judge(
        post, "take_back", lambda: services().waiving.take_back(waiver, brand=brand().id, actor=actor())
    )


def _judge(post: int, action: str, deed: Callable[[], Any]) -> Response | tuple[str, int]:
    """Judges a finding and comes back to the findings of the post, which is still to be decided on."""
    try:
        deed()
    except CopilotError as exc:
        return _render(post, failed=action, error=exc), status(exc)
    return redirect(url_for("review.page", brand=brand().slug, post=post, _anchor="checks"), 303)


def _decide(post: int, action: str, deed: Callable[[], Any]) -> Response | tuple[str, int]:
    """Decides on a post and goes on to the one after it: a queue is worked through without a detour."""
    waiting = [view.id for view in services().desk.review_queue(brand=brand().id)]
    try:
        deed()
    except CopilotError as exc:
        return _render(post, failed=action, error=exc), status(exc)
    after = waiting[waiting.index(post) + 1 :] if post in waiting else []
    following = after[0] if after else None
    return redirect(url_for("review.page", brand=brand().slug, post=following, decided=post), 303)


def _decided() -> PostView | None:
    """The post that was just decided on, to be named with its seal and a way back."""
    post = request.args.get("decided", type=int)
    if post is None:
        return None
    try:
        return services().desk.post(post, brand=brand().id)
    except NotFound:
        return None


def _changed_figures(view: PostView) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The figures that only the last approved text has, and those that only the newest one has."""
    if view.last_approved is None or view.head is None:
        return (), ()
    before = [figure.text for figure in figures(view.last_approved.text)]
    now = [figure.text for figure in figures(view.head.text)]
    return (
        tuple(dict.fromkeys(text for text in before if text not in now)),
        tuple(dict.fromkeys(text for text in now if text not in before)),
    )
