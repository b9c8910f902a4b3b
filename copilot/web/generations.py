"""The event stream of a draft being written: it only tails, and never writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Blueprint, Response, redirect, request, url_for
from markupsafe import escape
from werkzeug.wrappers import Response as BaseResponse

from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.services.events import Event
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.wording import word

pages = Blueprint("generations", __name__, url_prefix="/b/<brand>/generations/<int:generation>")

_LINE_END = re.compile(r"\r\n|\r|\n")


@pages.get("/events")
@requires(Permission.READ)
def events(generation: int) -> Response:
    """Server-sent events from Last-Event-ID on; a closed page changes nothing about the draft."""
    services().drafting.post_of(generation, brand=brand().id)
    after = request.headers.get("Last-Event-ID", request.args.get("after", "0"))
    seen = int(after) if after.isdecimal() and len(after) < 10 else 0
    return Response(
        _stream(services().events.tail(generation, after=seen), locale(), from_start=not seen),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


@pages.post("/stop")
@requires(Permission.WRITE)
def stop(generation: int) -> BaseResponse:
    post = services().drafting.post_of(generation, brand=brand().id)
    services().drafting.stop(generation, brand=brand().id, actor=actor())
    return redirect(url_for("desk.page", brand=brand().slug, post=post), 303)


def _stream(tail: Iterator[Event | None], reader: str, *, from_start: bool) -> Iterator[str]:
    if from_start:
        # The page may already show what came so far; a tail from the beginning takes its place.
        yield "event: restart\ndata: \n\n"
    for event in tail:
        if event is None:
            yield ": waiting\n\n"
            continue
        data = word(Message(f"draft.{event.data}"), reader) if event.kind == "note" else event.data
        # Model output is untrusted: htmx swaps what comes as HTML, so it leaves here as escaped text. To a
        # reader of the stream a bare carriage return ends a line too, and what follows would be a field.
        lines = "".join(f"data: {line}\n" for line in _LINE_END.split(str(escape(data))))
        yield f"id: {event.seq}\nevent: {event.kind}\n{lines}\n"
