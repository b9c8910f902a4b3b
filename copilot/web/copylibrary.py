"""The copy library: what the team may say again, found by words and scene, and copied with one tap."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.copylibrary import Scene, Standing
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, NotFound
from copilot.services.queries.copylibrary import PAGE
from copilot.web import desk
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.finding import highlighted
from copilot.web.flow import act

pages = Blueprint("copylibrary", __name__, url_prefix="/b/<brand>/library/copy")

Answer = Response | tuple[str, int]


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    query = request.args.get("q", "").strip()
    wanted, show = request.args.get("scene", ""), request.args.get("show", "")
    scene = Scene(wanted) if wanted in set(Scene) else None
    standing = Standing(show) if show in set(Standing) else None
    start = max(request.args.get("from", 0, type=int), 0)
    # The first tab lists as many as it counts; who searches learns of what needs a look as well, and why.
    wished = standing if standing is not None or query else Standing.READY
    shelf = services().copyshelf.shelf(
        brand=brand().id, query=query, scene=scene, show=wished, start=start, most=PAGE
    )
    return render_template(
        "copylibrary/page.html",
        shelf=shelf,
        query=query,
        scene=scene,
        show=standing,
        start=start,
        scenes=list(Scene),
        per_page=PAGE,
        here={"q": query or None, "scene": scene, "show": standing},
        runs=lambda text: highlighted(text, query),
    )


@pages.get("/new")
@requires(Permission.WRITE)
def new() -> str:
    return _form(request.args)


@pages.post("/new")
@requires(Permission.WRITE)
def add() -> Answer:
    typed = request.form
    try:
        entry = services().copylibrary.add(
            brand=brand().id,
            actor=actor(),
            scene=typed.get("scene", ""),
            title=typed.get("title", ""),
            text=typed.get("text", ""),
        )
    except CopilotError as exc:
        return _form(typed, exc), status(exc)
    return redirect(_here(entry), 303)


@pages.post("/keep")
@requires(Permission.REVIEW)
def keep() -> Answer:
    """Keeps an approved post; a refusal is told at the desk, beside the button that was pressed."""
    post = request.form.get("post", type=int, default=0)
    try:
        entry = services().copylibrary.keep(
            post,
            brand=brand().id,
            actor=actor(),
            scene=request.form.get("scene", ""),
            title=request.form.get("title", ""),
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return desk.render(post, failed="keep", error=exc), status(exc)
    return redirect(_here(entry), 303)


@pages.get("/<int:entry>")
@requires(Permission.READ)
def entry(entry: int) -> str:
    return _render(entry)


@pages.post("/<int:entry>/edit")
@requires(Permission.WRITE)
def edit(entry: int) -> Answer:
    typed = request.form
    try:
        services().copylibrary.edit(
            entry,
            brand=brand().id,
            actor=actor(),
            scene=typed.get("scene", ""),
            title=typed.get("title", ""),
            text=typed.get("text", ""),
            seen=typed.get("seen", ""),
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return _render(entry, failed="edit", error=exc), status(exc)
    return redirect(_here(entry), 303)


@pages.post("/<int:entry>/approve")
@requires(Permission.REVIEW)
def approve(entry: int) -> Answer:
    seen = request.form.get("seen", "")
    try:
        services().copylibrary.approve(entry, brand=brand().id, actor=actor(), seen=seen)
    except NotFound:
        raise
    except CopilotError as exc:
        return _render(entry, failed="approve", error=exc), status(exc)
    return redirect(_here(entry), 303)


@pages.post("/<int:entry>/retire")
@requires(Permission.WRITE)
def retire(entry: int) -> Response:
    return act(lambda: services().copylibrary.retire(entry, brand=brand().id, actor=actor()), _here(entry))


@pages.post("/<int:entry>/restore")
@requires(Permission.REVIEW)
def restore(entry: int) -> Response:
    return act(lambda: services().copylibrary.restore(entry, brand=brand().id, actor=actor()), _here(entry))


@pages.post("/<int:entry>/use")
@requires(Permission.READ)
def use(entry: int) -> str | Response | tuple[str, int]:
    """Counts a copy. Without a script the press leads to the text, ready to be selected."""
    try:
        uses = services().copylibrary.use(entry, brand=brand().id, actor=actor())
    except NotFound:
        raise
    except CopilotError as exc:
        return _render(entry, failed="use", error=exc), status(exc)
    if "HX-Request" in request.headers:
        return render_template("copylibrary/_uses.html", uses=uses)
    return redirect(url_for("copylibrary.entry", brand=brand().slug, entry=entry, taken=1) + "#text", 303)


def _here(entry: int) -> str:
    return url_for("copylibrary.entry", brand=brand().slug, entry=entry)


def _form(typed: dict[str, str], error: CopilotError | None = None) -> str:
    return render_template(
        "copylibrary/new.html",
        typed=typed,
        scenes=list(Scene),
        fields=field_messages(error) if error is not None else {},
        error=message(error) if error is not None else None,
    )


def _render(entry: int, *, failed: str = "", error: CopilotError | None = None) -> str:
    """One entry; what is not ready to be copied is checked anew, so that a reader sees what stands in its way."""
    view = services().copyshelf.entry(entry, brand=brand().id)
    unready = view.row.standing in (Standing.WAITING, Standing.LOOK)
    return render_template(
        "copylibrary/entry.html",
        view=view,
        row=view.row,
        scenes=list(Scene),
        findings=services().copylibrary.check(entry, brand=brand().id).findings if unready else (),
        failed=failed,
        error=message(error) if error is not None else None,
        fields=field_messages(error) if error is not None else {},
        typed=request.form if failed == "edit" else None,
        taken=request.args.get("taken", type=int),
    )
