"""Posts: the states of a piece of copy, the moves between them, and the digest that an approval binds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum

from copilot.domain.channels import Channel
from copilot.errors import IllegalTransition


class PostState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SUSPENDED = "suspended"
    SENT = "sent"
    SKIPPED = "skipped"
    EXPIRED = "expired"


UNSENT = (
    PostState.DRAFT,
    PostState.IN_REVIEW,
    PostState.CHANGES_REQUESTED,
    PostState.APPROVED,
    PostState.SCHEDULED,
    PostState.SUSPENDED,
)

IN_HAND = frozenset({PostState.DRAFT, PostState.CHANGES_REQUESTED})
"""Whoever writes still has the copy: nobody else goes by what it says."""


class PostEvent(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    RESUME = "resume"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    SEND = "send"
    SKIP = "skip"
    EXPIRE = "expire"
    UNDO = "undo"


_S, _E = PostState, PostEvent

# What was sent is history: nothing leads out of `sent` but the undo of a tick set by mistake.
TRANSITIONS: dict[tuple[PostState, PostEvent], PostState] = {
    (_S.DRAFT, _E.EDIT): _S.DRAFT,
    (_S.DRAFT, _E.SUBMIT): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.EDIT): _S.DRAFT,
    (_S.IN_REVIEW, _E.REQUEST_CHANGES): _S.CHANGES_REQUESTED,
    (_S.IN_REVIEW, _E.APPROVE): _S.APPROVED,
    (_S.CHANGES_REQUESTED, _E.EDIT): _S.DRAFT,
    (_S.CHANGES_REQUESTED, _E.SUBMIT): _S.IN_REVIEW,
    (_S.APPROVED, _E.EDIT): _S.DRAFT,
    (_S.APPROVED, _E.WITHDRAW): _S.IN_REVIEW,
    (_S.APPROVED, _E.SCHEDULE): _S.SCHEDULED,
    (_S.APPROVED, _E.SUSPEND): _S.SUSPENDED,
    (_S.SCHEDULED, _E.SUSPEND): _S.SUSPENDED,
    (_S.SUSPENDED, _E.EDIT): _S.DRAFT,
    (_S.SUSPENDED, _E.WITHDRAW): _S.IN_REVIEW,
    (_S.SUSPENDED, _E.RESUME): _S.APPROVED,
    # The last call was under way when its source changed, and went through.
    (_S.SUSPENDED, _E.SEND): _S.SENT,
    (_S.SCHEDULED, _E.EDIT): _S.DRAFT,
    (_S.SCHEDULED, _E.WITHDRAW): _S.IN_REVIEW,
    (_S.SCHEDULED, _E.UNSCHEDULE): _S.APPROVED,
    (_S.SCHEDULED, _E.SEND): _S.SENT,
    (_S.SCHEDULED, _E.SKIP): _S.SKIPPED,
    (_S.SCHEDULED, _E.EXPIRE): _S.EXPIRED,
    (_S.SENT, _E.UNDO): _S.SCHEDULED,
    (_S.SKIPPED, _E.UNDO): _S.SCHEDULED,
}


def after(state: PostState, event: PostEvent) -> PostState:
    """The state that follows; IllegalTransition where the table knows no such move."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition("post", state, event) from None


def allowed(state: PostState) -> frozenset[PostEvent]:
    return frozenset(event for source, event in TRANSITIONS if source is state)


def digest(text: str, channel: Channel | str, media: Sequence[str] = ()) -> str:
    """SHA-256 in hex over canonical JSON of text, media digests (in order) and channel.

    Two revisions with this digest are the same post to every reader, so an approval of one is of both.
    """
    content = {"channel": str(channel), "media": list(media), "text": text}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
