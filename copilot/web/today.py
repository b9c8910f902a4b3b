"""Today: what waits for this person."""

from __future__ import annotations

from flask import Blueprint, render_template, session

from copilot.domain.permissions import Permission
from copilot.web.access import brand, requires
from copilot.web.context import services

pages = Blueprint("today", __name__, url_prefix="/b/<brand>")


@pages.get("/today")
@requires(Permission.READ)
def page() -> str:
    session["brand"] = brand().slug
    return render_template(
        "today/page.html",
        view=services().today.view(brand=brand().id),
        is_demo=services().demo_mode,
    )
