"""What the desk shows of asking a model about open sentences: how far it is, then sentence by sentence what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain.findings import Verdict
from copilot.domain.messages import Message, stored_message
from copilot.services.entailing import Outcome
from copilot.services.entailjobs import JUDGING, judged_of
from copilot.services.jobs import OVER, JobView
from copilot.services.queries.desk import PostView
from copilot.services.queries.marks import ClaimRow
from copilot.web.access import brand
from copilot.web.context import services

_LOOKED_AT = 50
"""Askings of one brand among which a post's own is looked for; older ones are of texts that have moved on."""

# Two faults are told of a draft elsewhere, of which something stays; here nothing does.
_SAID = {"external.timeout": "judging.timeout", "error.stale_revision": "judging.moved_on"}


@dataclass(frozen=True)
class ToldClaim:
    """A sentence that was asked about, as it stands in the ledger now."""

    outcome: Outcome
    claim: ClaimRow


@dataclass(frozen=True)
class Asking:
    """The last time that a model was asked about this text; `seconds` is for how long it has been at it.

    `told` is None where it came to nothing: it was stopped, or `failed` says why.
    """

    done: int
    total: int
    seconds: int
    is_over: bool
    is_stopped: bool
    failed: Message | None
    told: tuple[ToldClaim, ...] | None

    def of(self, outcome: str) -> list[ToldClaim]:
        return [one for one in self.told or () if one.outcome == outcome]


def asking(view: PostView) -> Asking | None:
    """None where nobody asked, or where somebody wrote on since it was over."""
    jobs = services().jobs.recent(brand=brand().id, kind=JUDGING, limit=_LOOKED_AT)
    job = next((one for one in jobs if one.payload["post"] == view.id), None)
    if job is None or view.head is None:
        return None
    is_over = job.state in OVER
    if is_over and job.finished_at is not None and view.head.created_at > job.finished_at:
        return None
    told, is_readable = _told(job, view)
    if job.state == "done" and told is None:
        return None
    failed = stored_message(job.error)
    if not is_readable:
        failed = Message("judging.unreadable")
    elif failed is not None:
        failed = Message(_SAID.get(failed.id, failed.id), failed.params)
    assert job.created_at is not None
    return Asking(
        done=job.done,
        total=job.total,
        seconds=int((services().parts.clock() - job.created_at).total_seconds()),
        is_over=is_over,
        is_stopped=job.is_cancelled,
        failed=failed,
        told=told if is_readable else None,
    )


def _told(job: JobView, view: PostView) -> tuple[tuple[ToldClaim, ...] | None, bool]:
    """What it came to, and whether the answer could be read; None where that was about another text."""
    if not job.result or view.head is None:
        return None, True
    judged = judged_of(job.result)
    if judged.revision != view.head.number:
        return None, True
    claims = {claim.start: claim for claim in view.claims}
    told = tuple(ToldClaim(one.outcome, claims[one.start]) for one in judged.sentences if one.start in claims)
    return tuple(one for one in told if _holds(one)), judged.is_readable


def _holds(one: ToldClaim) -> bool:
    """Whether the ledger still says so: a material that went since has taken its support along."""
    return one.outcome is not Outcome.BORNE_OUT or one.claim.verdict is Verdict.SUPPORTED
