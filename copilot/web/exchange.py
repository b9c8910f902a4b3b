"""The room where a brand leaves the house as a zip, and where one comes in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.brands import Language
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission, Role
from copilot.errors import CopilotError, InvalidInput, NotFound
from copilot.services.brandcontents import read_contents
from copilot.services.brandplans import plan_json
from copilot.services.brandsettings import Settings, read_settings
from copilot.services.brandtrees import ZipTree
from copilot.services.exporting import ExportedFile
from copilot.services.jobs import JobView
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, status
from copilot.wording import word

pages = Blueprint("exchange", __name__, url_prefix="/b/<brand>/library/exchange")

_OVER = ("done", "failed")
_KINDS = ("export", "import")
_PIECE = 256 * 1024
_WORTH_A_LOOK = ("warned", "refused")


@dataclass(frozen=True)
class Line:
    """A file that somebody should read about."""

    path: str
    status: str
    reason: Mapping[str, Any] | None
    material: int | None


@dataclass(frozen=True)
class Passage:
    """A job that takes the brand out or brings one in, as the page shows it."""

    job: JobView
    lines: tuple[Line, ...]

    @property
    def is_over(self) -> bool:
        return self.job.state in _OVER

    @property
    def is_done(self) -> bool:
        return self.job.state == "done"

    @property
    def left_to_nobody(self) -> int:
        """How many facts and entries of the copy library came with nobody to stand for them."""
        plan = self.job.payload["plan"]
        return len(plan["facts"]) + len(plan["copy"]) if self.job.payload["user"] is None else 0


def _render(error: CopilotError | None = None) -> str:
    jobs = {kind: services().jobs.recent(brand=brand().id, kind=kind, limit=3) for kind in _KINDS}
    return render_template(
        "exchange/page.html",
        materials=len(services().library.materials(brand=brand().id)),
        exports=[_view(job) for job in jobs["export"][:1]],
        imports=[_view(job) for job in jobs["import"]],
        faults=_faults(error),
        form=request.form,
    )


@pages.get("")
@requires(Permission.CURATE)
def page() -> str:
    return _render()


@pages.post("/export")
@requires(Permission.CURATE)
def take_out() -> Response:
    """Hands the export to a job: every material is read again, and that takes as long as it takes."""
    return _back(_enqueue("export", {"brand": brand().id}, label=f"{brand().slug}.zip"))


@pages.get("/exports/<int:export>")
@requires(Permission.CURATE)
def download(export: int) -> Response:
    """The zip of an export, put together from the bytes that are kept; Conflict once one of them was deleted."""
    job = services().jobs.view(export, brand=brand().id)
    if job.kind != "export" or job.state != "done":
        raise NotFound("export", export)
    files = [ExportedFile(**one) for one in job.result["files"]]
    services().exporting.require_current(files, brand=brand().id)
    body = _zipped(files)
    # The first piece is empty and comes once the zip is whole: what goes wrong before is an answer of its own.
    first = next(body)
    answer = Response(chain([first], body), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{brand().slug}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/import")
@requires(Permission.CURATE)
def take_in() -> Response | tuple[str, int]:
    """Looks through the whole zip before anything changes, and hands what was found to a job."""
    try:
        job = _import()
    except CopilotError as exc:
        return _render(exc), status(exc)
    return _back(job)


@pages.get("/jobs/<int:export>")
@requires(Permission.CURATE)
def job(export: int) -> str:
    """A fragment that asks again by itself until the job is over."""
    found = services().jobs.view(export, brand=brand().id)
    if found.kind not in _KINDS:
        raise NotFound("job", export)
    return render_template("exchange/_job.html", one=_view(found))


def _zipped(files: Sequence[ExportedFile]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        services().exporting.zip_into(files, file)
        file.seek(0)
        yield b""
        while piece := file.read(_PIECE):
            yield piece


def _import() -> int:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput({"path": "invalid.no_zip"})
    tree = ZipTree(file.stream, file.filename)
    settings, contents = read_settings(tree), read_contents(tree)
    slug, found_as = _target(settings)
    plan = services().importing.plan(
        tree,
        contents,
        slug=slug,
        settings=settings,
        zone=settings.brand["zone"],
        language=Language(settings.brand["language"]),
    )
    payload = {"plan": plan_json(plan), "user": actor().id, "found_as": found_as}
    return _enqueue("import", payload, label=tree.label)


def _target(settings: Settings) -> tuple[str, Role]:
    """The brand that the zip goes into: this one, or a new one that its founder administers."""
    fresh = request.form.get("slug", "").strip()
    if fresh:
        actor().require(Permission.ADMINISTER)
        if any(row.slug == fresh for row in services().brands.all()):
            raise InvalidInput({"slug": "invalid.slug_taken"}, slug=fresh)
        return fresh, Role.ADMINISTRATOR
    if settings.slug != brand().slug and not request.form.get("anyway"):
        raise InvalidInput({"path": "invalid.other_brand"}, other=settings.slug, here=brand().slug)
    return brand().slug, Role.BRAND_MANAGER


def _enqueue(kind: str, payload: Mapping[str, Any], *, label: str) -> int:
    return services().jobs.enqueue(kind, payload, brand=brand().id, requested_by=actor().id, label=label)


def _back(job: int) -> Response:
    return redirect(url_for("exchange.page", brand=brand().slug) + f"#job-{job}", 303)


def _view(job: JobView) -> Passage:
    found = job.result if job.state == "done" and job.kind == "import" else {"files": [], "pictures": []}
    lines = [
        Line(line["path"], line["status"], line["reason"], line["material"])
        for line in (*found["files"], *found["pictures"])
        if line["status"] in _WORTH_A_LOOK
    ]
    return Passage(job, tuple(lines))


def _faults(error: CopilotError | None) -> dict[str, str]:
    """What to say beside the new brand's name, and beside the file: there, with the name of the file in the zip."""
    if error is None:
        return {"file": "", "slug": ""}
    said = {name: word(message, locale()) for name, message in field_messages(error).items()}
    if not said:
        said = {"path": word(Message(error.message_id, error.params), locale())}
    of_file = [text if name == "path" else f"{name}: {text}" for name, text in said.items() if name != "slug"]
    return {"file": " ".join(of_file), "slug": said.get("slug", "")}
