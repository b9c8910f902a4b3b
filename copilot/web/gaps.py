"""The gap report: what each column will lack in the next two weeks, and what to add by when."""

from __future__ import annotations

from flask import Blueprint, render_template

from copilot.domain.gaps import REST, Mark
from copilot.domain.permissions import Permission
from copilot.web.access import brand, requires
from copilot.web.context import services

_QUESTIONS = 8

pages = Blueprint("gaps", __name__, url_prefix="/b/<brand>/library/gaps")


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return render_template(
        "gaps/page.html",
        report=services().gaps.report(brand=brand().id),
        marks=[str(mark) for mark in Mark],
        rest=REST.days,
        open=services().replies.open(brand=brand().id, most=_QUESTIONS),
    )
