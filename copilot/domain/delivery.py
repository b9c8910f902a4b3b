"""Deliveries: the states of one revision on its way to one destination, and when it is too late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from copilot.domain.posts import PostEvent
from copilot.errors import IllegalTransition


class DeliveryState(StrEnum):
    DUE = "due"
    CLAIMED = "claimed"
    SENDING = "sending"
    AWAITING_PERSON = "awaiting_person"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    HELD = "held"
    CANCELLED = "cancelled"


_D = DeliveryState

# A live delivery takes its place (slot, destination): there is at most one, across revisions.
# `sent` and `unknown` are live for ever, so that an edit after them cannot post twice.
LIVE = frozenset({_D.DUE, _D.CLAIMED, _D.SENDING, _D.AWAITING_PERSON, _D.SENT, _D.UNKNOWN})

# States from which the outside world can still be reached: only these need a standing approval.
UNSENT = frozenset({_D.DUE, _D.CLAIMED, _D.AWAITING_PERSON})

MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    _D.DUE: frozenset({_D.CLAIMED, _D.SKIPPED, _D.EXPIRED, _D.HELD, _D.CANCELLED}),
    _D.CLAIMED: frozenset({_D.SENDING, _D.DUE, _D.EXPIRED, _D.HELD, _D.CANCELLED}),
    _D.SENDING: frozenset({_D.SENT, _D.AWAITING_PERSON, _D.FAILED, _D.UNKNOWN, _D.DUE, _D.HELD}),
    _D.AWAITING_PERSON: frozenset({_D.SENT, _D.SKIPPED, _D.EXPIRED, _D.HELD, _D.CANCELLED}),
    _D.SENT: frozenset({_D.AWAITING_PERSON}),
    _D.UNKNOWN: frozenset({_D.SENT, _D.FAILED}),
    _D.FAILED: frozenset({_D.DUE, _D.CANCELLED}),
    _D.SKIPPED: frozenset({_D.AWAITING_PERSON}),
    _D.EXPIRED: frozenset(),
    _D.HELD: frozenset({_D.CANCELLED}),
    _D.CANCELLED: frozenset(),
}

UNDO_WINDOW = timedelta(minutes=10)

LONG_OVER = timedelta(days=2)
"""After its slot a post can go out no more, whatever its grace; what is asked at every tick leaves it out."""


def check_move(source: DeliveryState, target: DeliveryState) -> None:
    if target not in MOVES[source]:
        raise IllegalTransition("delivery", source, target)


def is_late(due_at: datetime, now: datetime) -> bool:
    """Late is five minutes past due: early enough to act on, too late to be chance."""
    return now - due_at > timedelta(minutes=5)


def has_expired(due_at: datetime, grace: timedelta, now: datetime) -> bool:
    """Past its grace a post is history: a backlog is never blasted out after an outage."""
    return now > due_at + grace


def post_event(states: Collection[DeliveryState]) -> PostEvent | None:
    """What the states of all its deliveries mean for a scheduled post; None while some are still open."""
    standing = [state for state in states if state not in (_D.CANCELLED, _D.HELD)]
    if not standing or any(
        state in (_D.DUE, _D.CLAIMED, _D.SENDING, _D.AWAITING_PERSON) for state in standing
    ):
        return None
    if any(state in (_D.SENT, _D.UNKNOWN) for state in standing):
        return PostEvent.SEND
    if all(state is _D.SKIPPED for state in standing):
        return PostEvent.SKIP
    if any(state is _D.EXPIRED for state in standing):
        return PostEvent.EXPIRE
    return None
