"""What the desk shows of asking a model about open sentences: how far it is, what came of it, and what holds of earlier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from copilot.domain.findings import Method, Verdict
from copilot.domain.grounding.entailing import Unasked
from copilot.domain.messages import Message, stored_message
from copilot.services.entailing import Judged, Outcome
from copilot.services.entailjobs import JUDGING, judged_of
from copilot.services.jobs import OVER
from copilot.services.queries.desk import PostView
from copilot.services.queries.marks import ClaimRow
from copilot.services.queries.rows import local
from copilot.web.access import brand
from copilot.web.context import services

_LOOKED_AT = 50
"""Askings of one brand among which a post's own is looked for; older ones are of texts that have moved on."""

# Beside an asking they say what became of it.
_SAID = {
    "external.timeout": "judging.timeout",
    "external.cut": "judging.cut",
    "external.empty": "judging.unreadable",
    "error.stale_revision": "judging.moved_on",
}
_OUTCOMES = {Verdict.SUPPORTED: Outcome.BORNE_OUT, Verdict.UNSUPPORTED: Outcome.FOUND_IN_NONE}


@dataclass(frozen=True)
class ToldClaim:
    """A sentence that a model was asked about, as it stands in the ledger now; `at` is None where that was not kept."""

    outcome: Outcome
    claim: ClaimRow
    at: datetime | None = None


@dataclass(frozen=True)
class Asking:
    """The last time that a model was asked about this text; `seconds` is for how long it has been at it.

    `told` is None where it came to nothing: it was stopped, or `failed` says why. Of the `asked` sentences it holds
    those of which that is still so. `broke_off` says why it came to less than was asked.
    """

    done: int
    total: int
    seconds: int
    is_over: bool
    is_stopped: bool
    at: datetime | None = None
    failed: Message | None = None
    broke_off: Message | None = None
    asked: int = 0
    told: tuple[ToldClaim, ...] | None = None
    left: tuple[tuple[Unasked, tuple[ClaimRow, ...]], ...] = ()


@dataclass(frozen=True)
class Judging:
    """`asking` is None where nobody asked, or where somebody wrote on since it was over.

    `earlier` is what models said of this text's sentences before that and is still so; `lapsed` is how many
    sentences rest on a model's word and on a material that says so no longer.
    """

    asking: Asking | None
    earlier: tuple[ToldClaim, ...]
    lapsed: int


def judging(view: PostView) -> Judging:
    asked = _asking(view)
    told = {one.claim.start for one in asked.told or ()} if asked is not None else set()
    claims = [_today(claim, view) for claim in view.claims]
    by_model = [one for one in claims if one.method == Method.MODEL and one.verdict in _OUTCOMES]
    given = services().entailing.given(view.id, brand=brand().id) if by_model else ()
    last = {(one.sentence, one.outcome): one.at for one in given}
    return Judging(
        asking=asked,
        earlier=tuple(
            ToldClaim(outcome, claim, local(at, view.brand.zone) if at is not None else None)
            for claim in by_model
            if claim.start not in told and _stands(claim)
            for outcome in [_OUTCOMES[claim.verdict]]
            for at in [last.get((claim.text, outcome))]
        ),
        lapsed=sum(not _stands(claim) for claim in by_model),
    )


def _asking(view: PostView) -> Asking | None:
    jobs = services().jobs.recent(brand=brand().id, kind=JUDGING, limit=_LOOKED_AT)
    job = next((one for one in jobs if one.payload["post"] == view.id), None)
    if job is None or view.head is None:
        return None
    is_over = job.state in OVER
    if is_over and job.finished_at is not None and view.head.created_at > job.finished_at:
        return None
    judged = judged_of(job.result) if job.result else None
    if judged is not None and judged.revision != view.head.number:
        judged = None
    if job.state == "done" and judged is None:
        return None
    assert job.created_at is not None
    if judged is not None and not judged.is_readable:
        failed: Message | None = Message("judging.unreadable")
    else:
        failed = _said(stored_message(job.error))
    return Asking(
        done=job.done,
        total=job.total,
        seconds=int((services().parts.clock() - job.created_at).total_seconds()),
        is_over=is_over,
        is_stopped=job.is_cancelled,
        at=local(job.finished_at, view.brand.zone) if job.finished_at is not None else None,
        failed=failed,
        **_shown(judged, view),
    )


def _shown(judged: Judged | None, view: PostView) -> dict[str, Any]:
    """What it came to, as far as that is still so."""
    if judged is None:
        return {}
    claims = {claim.start: _today(claim, view) for claim in view.claims}
    rest = ((one.why, claims[one.start]) for one in judged.left if one.start in claims)
    left = [(why, claim) for why, claim in rest if why is not Unasked.SETTLED or _is_settled(claim)]
    shown: dict[str, Any] = {
        "left": tuple(
            (why, rows) for why in Unasked if (rows := tuple(claim for one, claim in left if one is why))
        )
    }
    if judged.broke_off is not None:
        service = judged.broke_off["params"]["service"]
        shown["broke_off"] = Message("judging.in_part", {"service": service})
    if judged.is_readable:
        told = (ToldClaim(one.outcome, claims[one.start]) for one in judged.sentences if one.start in claims)
        shown["told"] = tuple(one for one in told if _is_so(one))
        shown["asked"] = len(judged.sentences) + sum(one.why is Unasked.BROKE_OFF for one in judged.left)
    return shown


def _said(failed: Message | None) -> Message | None:
    return Message(_SAID.get(failed.id, failed.id), failed.params) if failed is not None else None


def _is_so(one: ToldClaim) -> bool:
    """Whether the ledger still has it."""
    is_by_model = one.claim.method == Method.MODEL
    if one.outcome is Outcome.UNDECIDED:
        return not is_by_model and one.claim.verdict is not Verdict.SUPPORTED
    return is_by_model and _OUTCOMES.get(one.claim.verdict) is one.outcome and _stands(one.claim)


def _today(claim: ClaimRow, view: PostView) -> ClaimRow:
    """With the quotes alone that are still said."""
    live = {source.passage for source in view.sources if source.gone is None}
    return replace(claim, quotes=tuple(quote for quote in claim.quotes if quote[0] in live))


def _is_settled(claim: ClaimRow) -> bool:
    return claim.verdict is Verdict.SUPPORTED and _stands(claim)


def _stands(claim: ClaimRow) -> bool:
    """Whether a sentence that counts as borne out has something left that bears it out."""
    return claim.verdict is not Verdict.SUPPORTED or bool(claim.quotes)
