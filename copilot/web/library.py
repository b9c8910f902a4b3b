"""The library: materials, their passages, search, and taking new ones in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.materials import KINDS_BY_FAMILY, Family, Kind, Window
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, InvalidInput
from copilot.models.search import words
from copilot.services.jobs import JobView
from copilot.services.queries.library import Health, MaterialRow
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, status
from copilot.web.flow import act

pages = Blueprint("library", __name__, url_prefix="/b/<brand>/library")

_OVER = ("done", "failed")
_UNWELL = {Health.EXPIRING, Health.EXPIRED, Health.IMAGE_ONLY}


@dataclass(frozen=True)
class FileLine:
    """What became of one file of an upload."""

    path: str
    status: str
    reason: Message | None
    material: int | None
    passages: int
    unchanged: bool


@dataclass(frozen=True)
class Upload:
    """A job that takes files in, as the page shows it."""

    job: JobView
    files: tuple[FileLine, ...]
    error: Message | None

    @property
    def is_over(self) -> bool:
        return self.job.state in _OVER


def _render(error: CopilotError | None = None) -> str:
    materials = services().library.materials(brand=brand().id)
    jobs = services().jobs.recent(brand=brand().id, kind="ingest", limit=3)
    return render_template(
        "library/page.html",
        materials=_chosen(materials),
        total=len(materials),
        unwell=sum(_is_unwell(row) for row in materials),
        counts={family: sum(row.family is family for row in materials) for family in KINDS_BY_FAMILY},
        show=request.args.get("show", ""),
        families=KINDS_BY_FAMILY,
        uploads=[_upload(job) for job in jobs],
        newest=request.args.get("job", type=int),
        fields=field_messages(error) if error is not None else {},
        form=request.form,
    )


def _chosen(materials: list[MaterialRow]) -> list[MaterialRow]:
    """The materials that `show` asks for: a family's, those that need a look, or all."""
    show = request.args.get("show", "")
    if show == "unwell":
        return [row for row in materials if _is_unwell(row)]
    return [row for row in materials if row.family == show] if show in set(Family) else materials


def _is_unwell(row: MaterialRow) -> bool:
    return row.health in _UNWELL or (row.lapsed > 0 and row.health is not Health.RETIRED)


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.post("")
@requires(Permission.CURATE)
def upload() -> Response | tuple[str, int]:
    """Keeps the files and hands them to a job: the page answers at once and shows how far it is."""
    try:
        job = _enqueue()
    except CopilotError as exc:
        return _render(exc), status(exc)
    return redirect(url_for("library.page", brand=brand().slug, job=job) + f"#job-{job}", 303)


@pages.get("/search")
@requires(Permission.READ)
def search() -> str:
    query = request.args.get("q", "").strip()
    kinds = [Kind(kind) for kind in request.args.getlist("kind") if kind in set(Kind)]
    now = services().parts.clock()
    hits = services().retrieval.search(query, brand=brand().id, kinds=kinds, at=now, k=12) if query else []
    return render_template(
        "library/search.html",
        query=query,
        kinds=kinds,
        hits=hits,
        families=KINDS_BY_FAMILY,
        runs=lambda text: highlighted(text, query),
        windows=[_local(hit.source.window) for hit in hits],
    )


@pages.get("/jobs/<int:job>")
@requires(Permission.READ)
def job(job: int) -> str:
    """A fragment that asks again by itself until the job is over, and then brings the list anew."""
    one = _upload(services().jobs.view(job, brand=brand().id))
    return render_template(
        "library/_job.html",
        one=one,
        materials=services().library.materials(brand=brand().id) if one.is_over else None,
        families=KINDS_BY_FAMILY,
    )


@pages.get("/<int:material>")
@requires(Permission.READ)
def material(material: int) -> str:
    view = services().library.material(material, brand=brand().id)
    is_table = bool(view.passages) and all(passage.fields for passage in view.passages)
    columns = list(dict.fromkeys(name for passage in view.passages for name in passage.fields))
    return render_template("library/material.html", view=view, columns=columns if is_table else ())


@pages.post("/<int:material>/retire")
@requires(Permission.CURATE)
def retire(material: int) -> Response:
    here = url_for("library.material", brand=brand().slug, material=material)
    return act(lambda: services().lifecycle.retire([material], brand=brand().id, actor=actor().id), here)


@pages.post("/<int:material>/restore")
@requires(Permission.CURATE)
def restore(material: int) -> Response:
    here = url_for("library.material", brand=brand().slug, material=material)
    return act(lambda: services().lifecycle.restore([material], brand=brand().id, actor=actor().id), here)


def _local(window: Window) -> Window:
    """The window in the brand's zone: its edges are the brand's midnights, and UTC would show another day."""
    zone = ZoneInfo(brand().zone)
    start, end = (at.astimezone(zone) if at is not None else None for at in (window.start, window.end))
    return Window(start, end)


def _enqueue() -> int:
    kind = request.form.get("kind", "")
    files = [file for file in request.files.getlist("files") if file.filename]
    wrong = {}
    if kind not in set(Kind):
        wrong["kind"] = "invalid.kind_needed"
    if not files:
        wrong["files"] = "invalid.no_file"
    if wrong:
        raise InvalidInput(wrong)
    first, last = _day("valid_from"), _day("valid_until")
    if first is not None and last is not None and last < first:
        raise InvalidInput({"valid_until": "invalid.window"}, value=f"{first} – {last}")
    entries = [
        {
            "path": f"{kind}/{_name(file.filename or '')}",
            "digest": services().parts.blobs.put(file.read()),
            "kind": kind,
            "valid_from": first.isoformat() if first is not None else None,
            "valid_until": last.isoformat() if last is not None else None,
        }
        for file in files
    ]
    return services().jobs.enqueue(
        "ingest",
        {"brand": brand().id, "actor": actor().id, "files": entries},
        brand=brand().id,
        requested_by=actor().id,
        label=", ".join(_name(file.filename or "") for file in files[:3]),
    )


def _day(field: str) -> date | None:
    typed = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise InvalidInput({field: "invalid.date"}, value=typed) from None


def _name(filename: str) -> str:
    """The file's own name, whatever folders a browser sent with it."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    if name in ("", ".", ".."):
        abort(422)
    return name


def _upload(job: JobView) -> Upload:
    lines = job.result if isinstance(job.result, list) else []
    return Upload(
        job=job,
        files=tuple(
            FileLine(
                path=line["path"],
                status=line["status"],
                reason=_message(line["reason"]),
                material=line["material"],
                passages=line["passages"],
                unchanged=line["unchanged"],
            )
            for line in lines
        ),
        error=_message(job.error),
    )


def _message(stored: Mapping[str, Any] | None) -> Message | None:
    return Message(stored["id"], stored["params"]) if stored else None


def highlighted(text: str, query: str) -> list[tuple[str, bool]]:
    """The text as runs, those true that say a word of the query; English words match whole."""
    terms = sorted(set(words(query)), key=len, reverse=True)
    if not terms:
        return [(text, False)]
    parts = [rf"\b{re.escape(term)}\b" if term.isascii() else re.escape(term) for term in terms]
    # An odd place in the split is what the group caught.
    pieces = re.split(f"({'|'.join(parts)})", text, flags=re.IGNORECASE | re.ASCII)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]
