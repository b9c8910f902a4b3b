"""The library: its shelves, what is taken in, and what is done with many materials at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from copilot.domain.materials import KINDS_BY_FAMILY, SHORT_LIVES, Family, Kind
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, InvalidInput
from copilot.services.queries.shelf import PAGE, Look, MaterialRow, Order, Wish
from copilot.web import materials, uploading
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import spoken_day
from copilot.web.errors import field_messages, status, tell

pages = Blueprint("library", __name__, url_prefix="/b/<brand>/library")

_MOST_UNDONE = 300
"""How many materials an address can name, so that one press brings them back."""

_DEEDS = ("retire", "restore", "delete", "window")


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.post("")
@requires(Permission.CURATE)
def upload() -> Response | tuple[str, int]:
    """Keeps the files and hands them to a job: the page answers at once and shows how far it is."""
    try:
        job = uploading.take_in()
    except CopilotError as exc:
        return _render(exc), status(exc)
    return redirect(url_for("library.page", brand=brand().slug, job=job) + f"#job-{job}", 303)


@pages.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    """Says it beside the field."""
    uploading.drain()
    # The guard has not run: of the brand nothing is known yet but its name in the address.
    return redirect(
        url_for("library.page", brand=request.path.split("/")[2], wrong="too_large") + "#add", 303
    )


@pages.get("/jobs/<int:job>")
@requires(Permission.READ)
def job(job: int) -> str:
    """A fragment that asks again by itself until the job is over, and then has the page fetch its list anew."""
    one = uploading.view(services().jobs.view(job, brand=brand().id))
    part = "main" if request.args.get("part") == "main" else "shelf"
    return render_template("library/_job.html", one=one, part=part, fresh=one.is_over)


@pages.post("/bulk")
@requires(Permission.CURATE)
def bulk() -> Response | str | tuple[str, int]:
    """Does one thing with every material that was chosen; what cannot be taken back lightly is asked once."""
    deed = request.form.get("do", "")
    ids = _chosen()
    try:
        if deed not in _DEEDS or not ids:
            raise InvalidInput({"materials": "invalid.none_chosen"})
        if deed == "window":
            return _set_window(ids)
        if deed == "delete" and not request.form.get("sure"):
            return _ask(ids)
        {
            "retire": services().lifecycle.retire,
            "restore": services().lifecycle.restore,
            "delete": services().lifecycle.delete,
        }[deed](ids, brand=brand().id, actor=actor().id)
    except InvalidInput as exc:
        return _render(exc), status(exc)
    except CopilotError as exc:
        tell(exc)
        return redirect(_here(), 303)
    of = ids if len(ids) <= _MOST_UNDONE else []
    return redirect(_here(did=deed, count=len(ids), of=",".join(map(str, of)) or None), 303)


@pages.get("/<int:material>")
@requires(Permission.READ)
def material(material: int) -> str:
    return materials.render(material)


def _render(error: CopilotError | None = None) -> str:
    wish = _wish()
    shelf = services().library.shelf(
        wish, brand=brand().id, start=request.args.get("from", type=int, default=0)
    )
    fields = field_messages(error) if error is not None else {}
    if request.args.get("wrong") == "too_large":
        fields["files"] = Message("invalid.upload_too_large")
    uploads, newest = uploading.recent(), request.args.get("job", type=int)
    return render_template(
        "library/page.html",
        shelf=shelf,
        groups=_groups(shelf.rows, wish.order),
        wish=wish,
        here=_kept(wish),
        families=KINDS_BY_FAMILY,
        looks=[look for look in _FIGURES if look is not Look.FUTURE or shelf.by_look.get(look)],
        per_page=PAGE,
        uploads=uploads,
        newest=newest,
        unread=uploading.unread(uploads, now=services().parts.clock()) if newest is None else None,
        undo=_undo(),
        ticked=frozenset(request.form.getlist("material", type=int)),
        ticked_kinds=frozenset(request.form.getlist("all")),
        fields=fields,
        form=request.form,
        kind=request.form.get("kind") or request.args.get("kind", ""),
        names={kind: uploading.kind_names(kind) for kind in Kind},
        lives=SHORT_LIVES,
        ugc=KINDS_BY_FAMILY[Family.UGC],
        most_file=uploading.MOST_FILE,
        most_upload=uploading.MOST_AT_ONCE,
    )


_FIGURES = (
    Look.ACTIVE,
    Look.FUTURE,
    Look.EXPIRING,
    Look.EXPIRED,
    Look.DRAFT,
    Look.IMAGE_ONLY,
    Look.UNFINDABLE,
)


def _groups(rows: tuple[MaterialRow, ...], order: Order) -> list[tuple[Kind | None, list[MaterialRow]]]:
    """The rows under their kinds; all under none where they stand by their end."""
    if order is Order.EXPIRY:
        return [(None, list(rows))] if rows else []
    found: dict[Kind, list[MaterialRow]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return list(found.items())


def _wish() -> Wish:
    """What the address asks to see; what it does not understand asks for everything."""
    look, family, order = (request.args.get(name, "") for name in ("show", "family", "sort"))
    return Wish(
        look=Look(look) if look in set(Look) else None,
        family=Family(family) if family in set(Family) else None,
        kind=uploading.kind_of(request.args.get("kind", "")),
        words=" ".join(request.args.get("q", "").split()),
        order=Order(order) if order in set(Order) else Order.KIND,
    )


def _kept(wish: Wish) -> dict[str, Any]:
    """The wish as an address says it; what asks for nothing is left out."""
    said = {
        "show": wish.look,
        "family": wish.family,
        "kind": wish.kind,
        "q": wish.words,
        "sort": wish.order if wish.order is not Order.KIND else None,
    }
    return {name: str(value) for name, value in said.items() if value}


def _here(**more: Any) -> str:
    return url_for("library.page", brand=brand().slug, **(_kept(_wish()) | more))


def _chosen() -> list[int]:
    """The materials whose boxes are ticked, and all of the kinds that are: those of other pages too."""
    kinds = [kind for kind in map(uploading.kind_of, request.form.getlist("all")) if kind is not None]
    whole = services().library.chosen(_wish(), kinds, brand=brand().id) if kinds else []
    return list(dict.fromkeys([*request.form.getlist("material", type=int), *whole]))


def _ask(ids: list[int]) -> str:
    """The one question before materials are deleted: which ones, and what else stops."""
    return render_template(
        "library/delete.html",
        rows=services().library.some(ids, brand=brand().id),
        unsent=services().library.unsent(ids, brand=brand().id),
        action=url_for("library.bulk", brand=brand().slug, **_kept(_wish())),
        back=_here(),
    )


def _set_window(ids: list[int]) -> Response:
    """A day that is left empty stays as it is with each material; reading them anew is a job's work."""
    first, last = uploading.days()
    if first is None and last is None:
        raise InvalidInput({"valid_from": "invalid.no_day"})
    files = []
    for row in services().library.some(ids, brand=brand().id):
        own = uploading.days_of(row)
        window = (first or own[0], last or own[1])
        if window[0] is not None and window[1] is not None and window[1] < window[0]:
            raise InvalidInput(
                {"valid_until": "invalid.window_of"},
                title=row.title,
                value=f"{spoken_day(window[0])} – {spoken_day(window[1])}",
            )
        files.append(
            {
                "material": row.id,
                "path": row.path,
                "window": [day.isoformat() if day is not None else None for day in window],
            }
        )
    job = uploading.enqueue("settle", files)
    return redirect(_here(job=job) + f"#job-{job}", 303)


def _undo() -> dict[str, Any] | None:
    """What was just done with many materials at once, with the ids by which it is taken back."""
    did = request.args.get("did", "")
    if did not in ("retire", "delete", "restore"):
        return None
    ids = [int(one) for one in request.args.get("of", "").split(",") if one.isdecimal()]
    return {
        "did": did,
        "count": request.args.get("count", type=int, default=len(ids)),
        "ids": ids,
        "suspended": services().library.suspended(ids, brand=brand().id) if did != "restore" else 0,
        "unscheduled": services().library.unscheduled(ids, brand=brand().id) if did == "restore" else 0,
    }
