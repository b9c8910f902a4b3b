"""Asking a model about a copy's open sentences: the press, the fragment that follows it, and the stop."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, render_template

from copilot.domain.permissions import Permission
from copilot.errors import Conflict
from copilot.services.entailjobs import JUDGING
from copilot.web import entailform
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.desk import Answer, do, keep_typed

pages = Blueprint("entailing", __name__, url_prefix="/b/<brand>/posts/<int:post>/claims")

_HERE = "open-sentences"


@pages.post("")
@requires(Permission.WRITE)
def ask(post: int) -> Answer:
    """Keeps what stands in the editor, and hands its open sentences to a job."""

    def deed() -> None:
        keep_typed(post)
        services().entailing.require(post, brand=brand().id, actor=actor())
        payload = {"brand": brand().id, "user": actor().id, "post": post}
        services().jobs.once(JUDGING, payload, brand=brand().id, requested_by=actor().id)

    return do(post, "claims", deed, then=_HERE)


@pages.get("")
@requires(Permission.READ)
def shown(post: int) -> str:
    """A fragment that asks again by itself until the model has answered."""
    view = services().desk.post(post, brand=brand().id)
    judging = entailform.judging(view)
    return render_template(
        "desk/_open.html",
        view=view,
        judging=judging,
        model_judges=services().entailing.judges,
        fresh=judging.asking is None or judging.asking.is_over,
    )


@pages.post("/stop")
@requires(Permission.WRITE)
def stop(post: int) -> Answer:
    """Keeps what stands in the editor, where it came along, and ends the asking, whatever the model is at."""

    def deed() -> None:
        keep_typed(post)
        for job in services().jobs.unfinished(brand=brand().id, kind=JUDGING):
            if job.payload["post"] == post:
                # One that came to its end meanwhile has nothing left to stop.
                with suppress(Conflict):
                    services().jobs.stop(job.id, brand=brand().id)

    return do(post, "claims", deed, then=_HERE)
