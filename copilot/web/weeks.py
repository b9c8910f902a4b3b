"""The week compiler on the calendar: start it, watch it, cancel it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.errors import NotFound
from copilot.services.jobs import OVER, JobView
from copilot.services.weeks import KIND
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.flow import act

pages = Blueprint("weeks", __name__, url_prefix="/b/<brand>/weeks")

_LOOKED_AT = 8  # Compiled weeks that a calendar page may still speak of.


@dataclass(frozen=True)
class CompiledWeek:
    """A compile job as the calendar shows it; `days` has one list of lines for each day with slots."""

    job: JobView
    start: date

    @property
    def is_over(self) -> bool:
        return self.job.state in OVER

    @property
    def lines(self) -> list[dict[str, Any]]:
        return list((self.job.result or {}).get("slots", ()))

    @property
    def days(self) -> list[tuple[date, list[dict[str, Any]]]]:
        groups = groupby(self.lines, key=lambda line: datetime.fromisoformat(line["at"]).date())
        return [(day, list(lines)) for day, lines in groups]

    @property
    def gaps(self) -> list[dict[str, Any]]:
        return list((self.job.result or {}).get("gaps", ()))

    @property
    def balance(self) -> dict[str, Any] | None:
        """None for a week that was compiled before there was one."""
        return (self.job.result or {}).get("balance")

    @property
    def troubled(self) -> list[dict[str, Any]]:
        """Slots about which there is something to say."""
        return [line for line in self.lines if line["reason"] is not None]

    def count(self, state: str) -> int:
        return sum(line["state"] == state for line in self.lines)


def compiled(start: date) -> CompiledWeek | None:
    """The newest compile of this week."""
    jobs = services().jobs.recent(brand=brand().id, kind=KIND, limit=_LOOKED_AT)
    found = next((job for job in jobs if job.payload["start"] == start.isoformat()), None)
    return CompiledWeek(found, start) if found is not None else None


@pages.post("/<day>")
@requires(Permission.WRITE)
def compile(day: str) -> Response:
    """Hands the week to a job; the very week that is being compiled already stays that job."""
    try:
        start = date.fromisoformat(day)
    except ValueError:
        abort(404)
    who = actor()
    payload = {"brand": brand().id, "user": who.id, "start": start.isoformat()}
    services().jobs.once(KIND, payload, brand=brand().id, requested_by=who.id, label=start.isoformat())
    return redirect(
        url_for("calendar.page", brand=brand().slug, day=start.isoformat(), _anchor="compile"), 303
    )


@pages.get("/jobs/<int:week>")
@requires(Permission.READ)
def job(week: int) -> str:
    """A fragment that asks again by itself until the week is compiled."""
    one = _of(week)
    return render_template("calendar/_compile.html", one=one, start=one.start, empty=0, fresh=one.is_over)


@pages.post("/jobs/<int:week>/cancel")
@requires(Permission.WRITE)
def cancel(week: int) -> Response:
    one = _of(week)

    def deed() -> Message:
        services().jobs.cancel(week, brand=brand().id)
        return Message("week.cancelling")

    return act(
        deed, url_for("calendar.page", brand=brand().slug, day=one.start.isoformat(), _anchor="compile")
    )


def _of(job: int) -> CompiledWeek:
    found = services().jobs.view(job, brand=brand().id)
    if found.kind != KIND:
        raise NotFound("job", job)
    return CompiledWeek(found, date.fromisoformat(found.payload["start"]))
