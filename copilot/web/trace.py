"""The trace: from any figure of a post to its source, the approval and the deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

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
    """One row of the record, or the revisions that one person saved on end within a minute."""

    last: TraceEvent
    times: int

    @property
    def is_about_words(self) -> bool:
        """Whether it is about what a check objects to: words of the copy, or none for all of it."""
        return self.last.action.startswith("waiver.")


def happened(events: Sequence[TraceEvent]) -> list[Happening]:
    """The audit rows in their order, each with a line of its own: only saving again and again is told as one."""
    return [
        Happening(same[-1], len(same))
        for _, rows in groupby(enumerate(events), lambda row: _told_with(*row))
        for same in ([event for _, event in rows],)
    ]


def _told_with(place: int, event: TraceEvent) -> tuple[object, ...]:
    if event.action != "post.edited":
        return (place,)
    return event.at.replace(second=0, microsecond=0), event.actor, event.data.get("origin")


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
