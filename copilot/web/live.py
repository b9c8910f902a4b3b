"""The live check of the desk's editor: marks, findings and figures for the text as it is being typed."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from copilot.domain.permissions import Permission
from copilot.errors import InvalidInput
from copilot.web.access import brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, status

pages = Blueprint("live", __name__, url_prefix="/b/<brand>/posts/<int:post>/live")


@pages.post("")
@requires(Permission.WRITE)
def check(post: int) -> str | tuple[str, int]:
    """What the checks say of the text in the editor; nothing is kept."""
    try:
        live = services().live.check(post, request.form.get("text", ""), brand=brand().id)
    except InvalidInput as exc:
        said = field_messages(exc)["text"]
        return render_template("desk/_live.html", live=None, said=said), status(exc)
    return render_template("desk/_live.html", live=live, view=live.view)
