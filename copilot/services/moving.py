"""Moves a post from state to state: the one place where `post.state` is written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.posts import PostEvent, PostState, after
from copilot.services import auditing

_PAST = {
    PostEvent.EDIT: "edited",
    PostEvent.SUBMIT: "submitted",
    PostEvent.REQUEST_CHANGES: "changes_requested",
    PostEvent.APPROVE: "approved",
    PostEvent.WITHDRAW: "withdrawn",
    PostEvent.SUSPEND: "suspended",
    PostEvent.RESUME: "resumed",
    PostEvent.SCHEDULE: "scheduled",
    PostEvent.UNSCHEDULE: "unscheduled",
    PostEvent.SEND: "sent",
    PostEvent.SKIP: "skipped",
    PostEvent.EXPIRE: "expired",
    PostEvent.UNDO: "undone",
}


def move(
    session: Session, post: models.Post, event: PostEvent, *, at: datetime, actor: int | None, **data: object
) -> None:
    """Applies one event and records it; IllegalTransition changes nothing."""
    before = PostState(post.state)
    post.state = after(before, event)
    auditing.record(
        session,
        at=at,
        actor=actor,
        brand=post.brand_id,
        subject="post",
        identity=post.id,
        event=_PAST[event],
        before=before,
        after=post.state,
        **data,
    )
