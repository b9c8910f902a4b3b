"""The trace: from any figure of a post to its source, the approval and the deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from copilot.domain.annotating import annotate
from copilot.domain.findings import Verdict
from copilot.domain.permissions import Permission
from copilot.services.queries.trace import Evidence, TracedClaim, TraceEvent, TraceView
from copilot.web.access import brand, requires
from copilot.web.context import services

pages = Blueprint("trace", __name__, url_prefix="/b/<brand>/posts/<int:post>/trace")


@dataclass(frozen=True)
class Cell:
    """A cell of a source row; `marked` where it is what the sentence rests on."""

    name: str
    value: str
    marked: bool


@pages.get("")
@requires(Permission.READ)
def page(post: int) -> str:
    """`claim` chooses the sentence whose evidence is opened; without it, the first that has any."""
    view = services().trace.view(post, brand=brand().id)
    marked: tuple[None, ...] = ()
    return render_template(
        "trace/page.html",
        view=view,
        stretches=annotate(view.text, view.claims, marked),
        claims=[claim for claim in view.claims if claim.verdict is not Verdict.OPINION],
        chosen=_chosen(view),
        cells=cells,
        happened=happened(view.events),
    )


@dataclass(frozen=True)
class Happening:
    """What one person did in one minute, to one destination or to several."""

    at: datetime
    actor: str
    action: str
    destinations: tuple[str, ...]


def happened(events: Sequence[TraceEvent]) -> list[Happening]:
    """The audit rows in order, one line for the same act on many destinations."""
    grouped: dict[tuple[datetime, str, str], list[TraceEvent]] = {}
    for event in events:
        minute = event.at.replace(second=0, microsecond=0)
        grouped.setdefault((minute, event.actor, event.action), []).append(event)
    return [
        Happening(at, actor, action, tuple(one.destination for one in same if one.destination))
        for (at, actor, action), same in grouped.items()
    ]


def _chosen(view: TraceView) -> int | None:
    wanted = request.args.get("claim", type=int)
    if any(claim.id == wanted for claim in view.claims):
        return wanted
    return next((claim.id for claim in view.claims if claim.evidence), None)


def cells(evidence: Evidence, claim: TracedClaim) -> tuple[Cell, ...]:
    """The source row, with the cells that the quote touches marked.

    A quote of a whole row marks what the sentence repeats, or all of it where the sentence repeats none.
    """
    found: list[tuple[str, str, bool]] = []
    at = 0
    for name, value in evidence.fields.items():
        content = str(value)
        start = evidence.text.find(content, at) if content else -1
        touched = start >= 0 and start < evidence.quote_end and start + len(content) > evidence.quote_start
        at = start + len(content) if start >= 0 else at
        found.append((name, content, touched))
    repeated = {name for name, content, touched in found if touched and content and content in claim.text}
    return tuple(
        Cell(name, content, name in repeated if repeated else touched) for name, content, touched in found
    )
