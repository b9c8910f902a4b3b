"""Approval: what a yes covers, and whether it still stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.errors import NotAllowed


@dataclass(frozen=True)
class ApprovalScope:
    """One yes: to this digest, for these destinations, due inside [start, end]. Withdrawn is over for good."""

    digest: str
    destinations: frozenset[int]
    start: datetime
    end: datetime
    withdrawn: bool = False

    def covers(self, digest: str, destination: int, due_at: datetime) -> bool:
        return (
            not self.withdrawn
            and digest == self.digest
            and destination in self.destinations
            and self.start <= due_at <= self.end
        )


def window_around(slot: datetime, tolerance: timedelta) -> tuple[datetime, datetime]:
    """An approval is for a time as much as for a text: the slot, give or take the column's tolerance."""
    return slot - tolerance, slot + tolerance


def require_four_eyes(approver: int, authors: Collection[int]) -> None:
    """Whoever wrote the text, or had it written, is not the one who approves it."""
    if approver in authors:
        raise NotAllowed("review", message_id="error.four_eyes")
