"""Approval: what a yes covers, and whether it still stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from copilot.errors import NotAllowed


def window_around(slot: datetime, tolerance: timedelta) -> tuple[datetime, datetime]:
    """An approval is for a time as much as for a text: the slot, give or take the column's tolerance."""
    return slot - tolerance, slot + tolerance


def require_four_eyes(approver: int, authors: Collection[int]) -> None:
    """Whoever wrote the text, or had it written, is not the one who approves it."""
    if approver in authors:
        raise NotAllowed("review", message_id="error.four_eyes")
