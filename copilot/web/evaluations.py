"""Drafting, measured: runs over a set of briefs, and two of them side by side."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.permissions import Permission
from copilot.errors import NotFound
from copilot.services.jobs import OVER
from copilot.web.access import actor, brand, requires
from copilot.web.context import services

pages = Blueprint("evaluations", __name__, url_prefix="/b/<brand>/evaluations")

_KIND = "eval_drafts"
_BRIEFS = 20


@pages.get("")
@requires(Permission.CURATE)
def page() -> str:
    jobs = services().jobs.recent(brand=brand().id, kind=_KIND, limit=1)
    running = jobs[0] if jobs and (jobs[0].state not in OVER or jobs[0].error) else None
    return render_template(
        "evaluations/page.html",
        rows=services().evaluations.recent(brand=brand().id),
        job=running,
        chosen=request.args.getlist("run", type=int),
        briefs=_BRIEFS,
    )


@pages.post("")
@requires(Permission.CURATE)
def run() -> Response:
    """Hands a run to a job; one that is under way stays the one."""
    who = actor()
    name = " ".join(request.form.get("name", "").split())[:80]
    payload = {
        "brand": brand().id,
        "user": who.id,
        "count": _BRIEFS,
        "offline": "offline" in request.form,
        "name": name,
    }
    services().jobs.once(_KIND, payload, brand=brand().id, requested_by=who.id, label=name)
    return redirect(url_for("evaluations.page", brand=brand().slug), 303)


@pages.get("/jobs/<int:run>")
@requires(Permission.CURATE)
def job(run: int) -> str:
    """A fragment that asks again by itself until the run is over."""
    found = services().jobs.view(run, brand=brand().id)
    if found.kind != _KIND:
        raise NotFound("job", run)
    return render_template("evaluations/_job.html", job=found)


@pages.get("/compare")
@requires(Permission.CURATE)
def compare() -> str | Response:
    """Two runs side by side; with fewer than two chosen, back to the choice."""
    chosen = request.args.getlist("run", type=int)
    if len(chosen) != 2:
        return redirect(url_for("evaluations.page", brand=brand().slug, run=chosen[:1]), 303)
    both = services().evaluations.compare(min(chosen), max(chosen), brand=brand().id)
    return render_template("evaluations/compare.html", both=both)
