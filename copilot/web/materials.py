"""One material: what it says, its terms, its revisions and their files, and what may be done with it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from copilot.domain.materials import KINDS_BY_FAMILY, Kind, window_edge
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, InvalidInput
from copilot.services.queries.materials import MaterialView, PassageRow
from copilot.web import uploading
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, message, status
from copilot.web.flow import act
from copilot.wording import word

pages = Blueprint("materials", __name__, url_prefix="/b/<brand>/library/<int:material>")

_AT_ONCE = 48
"""Passages that can be embedded anew while somebody waits, about two seconds' work; a title over more is a job."""


def render(material: int, *, error: CopilotError | None = None, form: str = "") -> str:
    """The page; `form` names the one that was refused, and what was typed into it stays."""
    view = services().library.material(material, brand=brand().id)
    newest = request.args.get("job", type=int)
    one = uploading.view(services().jobs.view(newest, brand=brand().id)) if newest is not None else None
    said = field_messages(error) if error is not None else {}
    shown = uploading.days_of(view.material)
    typed = request.form if form == "revision" else {}
    return render_template(
        "library/material.html",
        view=view,
        columns=_columns(view.passages),
        runs=_runs(view.passages),
        cell=_cell,
        shown=shown,
        form_days=[
            typed.get(name, day.isoformat() if day is not None else "")
            for name, day in zip(("valid_from", "valid_until"), shown, strict=True)
        ],
        one=one,
        wrong=form,
        fields=said,
        error=message(error) if error is not None and not said else None,
        typed=request.form if form == "settings" else {},
        families=KINDS_BY_FAMILY,
        did=request.args.get("did", ""),
        unscheduled=services().library.unscheduled([material], brand=brand().id),
        suspended=services().library.suspended([material], brand=brand().id),
        **_rooms(material),
    )


def _rooms(material: int) -> dict[str, Any]:
    """What the other rooms of the library show on this page."""
    return {
        "facts": services().factsheet.of_material(material, brand=brand().id),
        "pictures": services().pictures.of_material(material, brand=brand().id),
    }


_PROSE, _FIGURE = 30, 14
"""How wide a cell is before it is prose, Chinese characters counted twice, and how long a figure or a day may be."""


@dataclass(frozen=True)
class Run:
    """Neighbouring passages that are shown in one way: rows of one table, with its columns, or prose."""

    columns: tuple[str, ...]
    heading: tuple[str, ...]
    passages: tuple[PassageRow, ...]


def _runs(passages: Sequence[PassageRow]) -> list[Run]:
    runs = []
    for (columns, heading), group in groupby(passages, key=lambda one: (tuple(one.fields), one.heading)):
        runs.append(Run(_told(columns), heading if columns else (), tuple(group)))
    return runs


def _columns(passages: Sequence[PassageRow]) -> tuple[str, ...]:
    """The headers of a material that is all rows of one table; none for one that has prose in it."""
    if not passages or not all(passage.fields for passage in passages):
        return ()
    return _told(tuple(dict.fromkeys(name for passage in passages for name in passage.fields)))


def _told(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that hold a row's own window, which stands in a column of ours; unless there are no others."""
    return tuple(name for name in columns if window_edge(name) is None) or columns


def _cell(value: str) -> str:
    """How a cell may break: a code, a figure or a date never does, and prose is given room."""
    if len(value) + sum(not character.isascii() for character in value) > _PROSE:
        return "prose"
    is_code = value.isascii() and not any(character.isspace() for character in value)
    is_figure = len(value) <= _FIGURE and any(character.isdigit() for character in value)
    return "whole" if is_code or is_figure else "plain"


@pages.post("/settings")
@requires(Permission.CURATE)
def settle(material: int) -> Response | tuple[str, int]:
    """Gives the material other terms.

    The vectors of a new title have to be computed: for more than a person would wait for, a job does it.
    A new kind or window alone only reads the file again, and its refusal can stand beside the field.
    """
    row = services().library.material(material, brand=brand().id)
    try:
        terms = _terms(row)
        job = None
        if terms["title"] != row.material.title and row.material.passages > _AT_ONCE:
            services().ingestion.settle(
                material, brand=brand().id, actor=actor().id, **{**terms, "title": None}
            )
            job = uploading.enqueue(
                "settle",
                [{"material": material, "path": row.material.path, "title": terms["title"]}],
            )
        else:
            services().ingestion.settle(material, brand=brand().id, actor=actor().id, **terms)
    except CopilotError as exc:
        return render(material, error=exc, form="settings"), status(exc)
    return redirect(_here(material, job=job, did=None if job else "settled"), 303)


@pages.post("/revision")
@requires(Permission.CURATE)
def revise(material: int) -> Response | tuple[str, int]:
    """Takes a new file in as the next revision: under the same path, and on the terms that stand in the form."""
    view = services().library.material(material, brand=brand().id)
    try:
        entry = _revision(view)
    except CopilotError as exc:
        return render(material, error=exc, form="revision"), status(exc)
    job = uploading.enqueue("ingest", [entry])
    return redirect(_here(material, job=job), 303)


@pages.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    uploading.drain()
    flash(word(Message("invalid.upload_too_large"), locale()), "error")
    return redirect(request.path.rpartition("/")[0], 303)


@pages.get("/compare")
@requires(Permission.READ)
def compare(material: int) -> str:
    """Two revisions; without a choice, the newest and the one before it."""
    view = services().library.material(material, brand=brand().id)
    newest = view.current.number
    newer = request.args.get("newer", type=int, default=newest)
    older = request.args.get("older", type=int, default=max(newer - 1, 1))
    older, newer = sorted((older, newer))
    made = services().library.comparison(material, older, newer, brand=brand().id)
    return render_template(
        "library/compare.html", made=made, material=view.material, revisions=view.revisions
    )


@pages.get("/revisions/<int:number>/file")
@requires(Permission.READ)
def file(material: int, number: int) -> Response:
    """The file as it was uploaded, to be saved and never shown: whatever is in it runs nowhere of ours."""
    found = services().library.file(material, number, brand=brand().id)
    answer = send_file(
        io.BytesIO(services().parts.blobs.get(found.digest)),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.name,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.post("/retire")
@requires(Permission.CURATE)
def retire(material: int) -> Response:
    return _deed(material, services().lifecycle.retire, "retire")


@pages.post("/restore")
@requires(Permission.CURATE)
def restore(material: int) -> Response:
    return _deed(material, services().lifecycle.restore, "restore")


@pages.post("/activate")
@requires(Permission.CURATE)
def activate(material: int) -> Response | tuple[str, int]:
    """Lets a draft be found; what is missing for that is said beside its field."""
    try:
        services().lifecycle.activate(material, brand=brand().id, actor=actor().id)
    except InvalidInput as exc:
        return render(material, error=exc, form="activate"), status(exc)
    return redirect(_here(material, did="activate"), 303)


def _deed(material: int, deed: Callable[..., None], name: str) -> Response:
    return act(lambda: deed([material], brand=brand().id, actor=actor().id), _here(material, did=name))


def _here(material: int, **more: Any) -> str:
    return url_for("library.material", brand=brand().slug, material=material, **more)


def _terms(view: MaterialView) -> dict[str, Any]:
    """What the form of settings asks for; a field that its page did not have stays as it is."""
    form = request.form
    kind = uploading.kind_of(form.get("kind", ""))
    if kind is None:
        raise InvalidInput({"kind": "invalid.kind_needed"})
    title = form.get("title", "").strip()
    if not title:
        raise InvalidInput({"title": "invalid.empty"})
    # A title that came with its file stays as it is, however long.
    if (fault := uploading.title_fault(title)) and title != view.material.title:
        raise InvalidInput({"title": fault}, limit=uploading.LONGEST_TITLE, count=len(title))
    names = _names(form["names"]) if "names" in form and kind is Kind.COMPETITOR_NOTE else None
    if names is not None:
        services().library.check_names(names, brand=brand().id)
    return {
        "title": title,
        "kind": kind,
        "window": uploading.days(),
        "attribution": form.get("attribution", view.attribution),
        "consent": form.get("consent", view.consent),
        "names": names,
    }


def _names(typed: str) -> list[str]:
    """One a line, or between commas of either script."""
    lines = typed.replace("，", "\n").replace(",", "\n").replace("、", "\n").splitlines()
    return list(dict.fromkeys(name.strip() for name in lines if name.strip()))


def _revision(view: MaterialView) -> dict[str, Any]:
    row = view.material
    given = request.files.get("file")
    if given is None or not given.filename:
        raise InvalidInput({"file": "invalid.no_file"})
    ending, wanted = (name.rpartition(".")[2].lower() for name in (given.filename, row.path))
    if ending != wanted:
        raise InvalidInput({"file": "invalid.other_ending"}, value=ending, wanted=wanted)
    data = given.read()
    if not data:
        raise InvalidInput({"file": "invalid.empty_files"})
    first, last = uploading.days()
    digest = services().parts.blobs.put(data)
    if digest == view.current.digest:
        raise InvalidInput({"file": "invalid.same_file"})
    stood = zip(("valid_from", "valid_until"), uploading.days_of(row), (first, last), strict=True)
    return {
        # A day that stood in the form and was emptied is taken away, not left to what stood before.
        "cleared": [name for name, before, now in stood if before is not None and now is None],
        "path": row.path,
        "digest": digest,
        "kind": str(row.kind),
        "valid_from": first.isoformat() if first is not None else None,
        "valid_until": last.isoformat() if last is not None else None,
        "standing": True,
    }
