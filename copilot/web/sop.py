"""The SOP: the week as a timetable, its columns and their forms, templates, and versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Every, Form, Module, Value
from copilot.domain.columntemplates import Shelf
from copilot.domain.materials import KINDS_BY_FAMILY
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, NotFound
from copilot.services import values
from copilot.services.columnreading import MOST_NAME, MOST_TEXT
from copilot.services.sops import MOST_NOTE
from copilot.web.access import actor, brand, requires
from copilot.web.columnform import blank_profile, filled, typed_profile
from copilot.web.columnwords import when
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, message, status
from copilot.web.flow import act
from copilot.wording import language as spoken

pages = Blueprint("sop", __name__, url_prefix="/b/<brand>/sop")

Answer = Response | tuple[str, int]

DONE = frozenset({"begun", "added", "changed", "same", "removed", "restored", "back", "moved"})
"""What a page can say was just done, by its `done`."""


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    view = services().timetable.view(brand=brand().id)
    done = request.args.get("done", "")
    return render_template(
        "sop/page.html",
        view=view,
        when=when,
        # Undoing takes the newest version back, so it is offered only while that is the one just made.
        done=done if done in DONE and request.args.get("made", type=int) == view.version else None,
        chosen=request.args.get("column", ""),
    )


@pages.get("/add")
@requires(Permission.READ)
def add() -> str:
    return _shelves()


@pages.post("/add")
@requires(Permission.PLAN)
def take() -> Answer:
    """Adds a column from a template at once; a refusal stands beside the template that was pressed."""
    template, at = request.form.get("template", ""), request.form.get("time", "")
    try:
        slug = services().sops.add_template(template, brand=brand().id, actor=actor(), at=at)
    except NotFound:
        raise
    except CopilotError as exc:
        return _shelves(exc), status(exc)
    return _back("added", slug)


@pages.post("/begin")
@requires(Permission.PLAN)
def begin() -> Response:
    """The seed's day: five columns at once."""
    return _decide("begun", "", lambda: services().sops.begin_day(brand=brand().id, actor=actor()))


@pages.get("/new")
@requires(Permission.READ)
def new() -> str:
    """The form of a new column, filled in from a template where one is named."""
    wanted = request.args.get("template", "")
    if wanted:
        profile = values.column_profile(services().timetable.from_template(wanted, brand=brand().id).column)
        profile |= {"time": request.args.get("time") or profile["time"]}
    else:
        destinations = services().timetable.destinations(brand=brand().id)
        profile = blank_profile(Language(brand().language), destinations)
    return _form(profile, template=wanted)


@pages.post("/new")
@requires(Permission.PLAN)
def create() -> Answer:
    profile = typed_profile(request.form)
    try:
        slug = services().sops.add(
            profile, brand=brand().id, actor=actor(), note=request.form.get("note", "")
        )
    except CopilotError as exc:
        return _form(profile, template=request.form.get("template", ""), error=exc), status(exc)
    return _back("added", slug)


@pages.get("/columns/<column>")
@requires(Permission.READ)
def column(column: str) -> str:
    return _column(column)


@pages.post("/columns/<column>")
@requires(Permission.PLAN)
def change(column: str) -> Answer:
    profile = typed_profile(request.form)
    based_on = request.form.get("based_on", type=int, default=0)
    before = services().timetable.version(brand=brand().id)
    try:
        services().sops.change(
            column,
            brand=brand().id,
            actor=actor(),
            profile=profile,
            based_on=based_on,
            note=request.form.get("note", ""),
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return _column(column, profile, exc), status(exc)
    made = services().timetable.version(brand=brand().id)
    return _back("changed" if made != before else "same", column)


@pages.post("/columns/<column>/remove")
@requires(Permission.PLAN)
def remove(column: str) -> Response:
    """Asks nothing, because the page that it leads to offers to undo it."""
    return _decide("removed", column, lambda: services().sops.remove(column, brand=brand().id, actor=actor()))


@pages.post("/columns/<column>/restore")
@requires(Permission.PLAN)
def restore(column: str) -> Response:
    version = request.form.get("version", type=int, default=0)
    return _decide(
        "restored",
        column,
        lambda: services().sops.restore(column, version=version, brand=brand().id, actor=actor()),
    )


@pages.post("/columns/<column>/move")
@requires(Permission.PLAN)
def move(column: str) -> Response:
    """One place up or down."""
    slugs = [row.column.slug for row in services().timetable.view(brand=brand().id).columns]
    if column not in slugs:
        raise NotFound("column", column)
    place = slugs.index(column)
    to = min(max(place + (-1 if request.form.get("to") == "up" else 1), 0), len(slugs) - 1)
    slugs[place], slugs[to] = slugs[to], slugs[place]
    return _decide("moved", column, lambda: services().sops.reorder(slugs, brand=brand().id, actor=actor()))


@pages.post("/columns/<column>/write")
@requires(Permission.WRITE)
def write(column: str) -> Response:
    """The one place where a column that answers an event is written."""
    slot = services().planning.standing_slot(column, brand=brand().id, actor=actor())
    return redirect(url_for("calendar.slot", brand=brand().slug, slot=slot), 303)


@pages.get("/versions")
@requires(Permission.READ)
def versions() -> str:
    return render_template(
        "sop/versions.html",
        versions=services().timetable.versions(brand=brand().id),
        removed=services().timetable.removed(brand=brand().id),
    )


@pages.get("/compare")
@requires(Permission.READ)
def compare() -> str:
    """Two versions side by side; the two newest where none are named."""
    listed = services().timetable.versions(brand=brand().id)
    newest = listed[0].number if listed else 0
    newer = request.args.get("newer", type=int, default=newest)
    older = request.args.get("older", type=int, default=max(newer - 1, 1))
    return render_template(
        "sop/compare.html",
        when=when,
        versions=listed,
        made=services().timetable.compare(older, newer, brand=brand().id),
        names={row.slug: row.name for row in services().timetable.destinations(brand=brand().id)},
    )


@pages.post("/bring-back")
@requires(Permission.PLAN)
def bring_back() -> Response:
    version = request.form.get("version", type=int, default=0)
    return _decide("back", "", lambda: services().sops.bring_back(version, brand=brand().id, actor=actor()))


def _shelves(error: CopilotError | None = None) -> str:
    rows = services().timetable.templates(brand=brand().id)
    said = [*field_messages(error).values()] or [message(error)] if error is not None else []
    return render_template(
        "sop/add.html",
        when=when,
        shelves=[(str(shelf), [row for row in rows if row.template.shelf is shelf]) for shelf in Shelf],
        reads=Language(spoken(locale())),
        said=said,
        at=request.form.get("template", ""),
    )


def _column(slug: str, typed: Mapping[str, Any] | None = None, error: CopilotError | None = None) -> str:
    """A column's page; after a refusal with what was typed, and why it was refused."""
    view = services().timetable.column(slug, brand=brand().id)
    profile = typed if typed is not None else values.column_profile(view.row.column)
    return _form(profile, view=view, error=error)


def _form(
    profile: Mapping[str, Any], *, template: str = "", view: Any = None, error: CopilotError | None = None
) -> str:
    said = field_messages(error) if error is not None else {}
    language = Language(brand().language)
    destinations = services().timetable.destinations(brand=brand().id)
    return render_template(
        "sop/column.html",
        when=when,
        shown=filled(profile),
        view=view,
        template=template,
        fields=said,
        error=message(error) if error is not None and not said else None,
        note=request.form.get("note", ""),
        choices={"module": list(Module), "value": list(Value), "form": list(Form), "every": list(Every)},
        families=KINDS_BY_FAMILY,
        channels=[
            (str(channel), [row for row in destinations if row.channel is channel]) for channel in Channel
        ],
        festivals=services().timetable.festivals(
            brand=brand().id, also=profile["cadence"].get("festivals", ())
        ),
        language=str(language),
        most={"name": MOST_NAME, "text": MOST_TEXT, "note": MOST_NOTE},
    )


def _decide(done: str, column: str, deed: Callable[[], Any]) -> Response:
    """Does it and goes back to the timetable, where it can be undone; a refusal is said there."""
    before = services().timetable.version(brand=brand().id)
    return act(
        deed,
        url_for("sop.page", brand=brand().slug, done=done, column=column or None, made=before + 1),
    )


def _back(done: str, column: str) -> Response:
    made = services().timetable.version(brand=brand().id)
    return redirect(url_for("sop.page", brand=brand().slug, done=done, column=column, made=made), 303)
