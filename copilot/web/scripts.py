"""The script around a post: lines for named staff, made, reworded, edited and deleted on its desk."""

from __future__ import annotations

from flask import Blueprint

from copilot.domain.permissions import Permission
from copilot.services.scriptjobs import WORDS
from copilot.web import scriptform
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.desk import Answer, do, keep_typed

pages = Blueprint("scripts", __name__, url_prefix="/b/<brand>/posts/<int:post>/script")

_HERE = "script"


@pages.post("")
@requires(Permission.WRITE)
def make(post: int) -> Answer:
    """Keeps what stands in the editor, and writes lines around it; a job has a model reword them meanwhile."""

    def deed() -> None:
        keep_typed(post)
        services().scripts.make(post, scriptform.people(), brand=brand().id, actor=actor())
        if services().scripts.writes:
            _reword(post)

    return do(post, scriptform.MAKE, deed, then=_HERE)


@pages.post("/words")
@requires(Permission.WRITE)
def words(post: int) -> Answer:
    def deed() -> None:
        keep_typed(post)
        _reword(post)

    return do(post, scriptform.MAKE, deed, then=_HERE)


@pages.post("/lines")
@requires(Permission.WRITE)
def save(post: int) -> Answer:
    """Keeps what stands in the editor, and the lines as they were typed."""

    def deed() -> None:
        keep_typed(post)
        services().scripts.edit(post, scriptform.lines(), brand=brand().id, actor=actor())

    return do(post, scriptform.EDIT, deed, then=_HERE)


@pages.post("/delete")
@requires(Permission.WRITE)
def delete(post: int) -> Answer:
    def deed() -> None:
        keep_typed(post)
        services().scripts.delete(post, brand=brand().id, actor=actor())

    return do(post, scriptform.EDIT, deed, then=_HERE)


def _reword(post: int) -> None:
    payload = {"brand": brand().id, "user": actor().id, "post": post}
    services().jobs.once(WORDS, payload, brand=brand().id, requested_by=actor().id)
