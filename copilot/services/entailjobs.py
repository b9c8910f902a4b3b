"""Asking a model about open sentences as a job: it shows how far it is, can be left, and can be stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from copilot.domain.grounding.entailing import Unasked
from copilot.models.database import Database
from copilot.ports import Progress
from copilot.services.accounts import Accounts
from copilot.services.entailing import Entailing, Judged, Left, Outcome, Told
from copilot.services.jobruns import is_cancelled
from copilot.services.jobs import Handler

JUDGING = "judge_claims"
"""The kind of job in which a model judges what the rules leave open."""


def entail_handlers(*, entailing: Entailing, accounts: Accounts, db: Database) -> dict[str, Handler]:
    def judge(payload: Mapping[str, Any], progress: Progress) -> Any:
        """{"brand", "user", "post", "job"}; only as a job, because that is what somebody stops"""
        brand = payload["brand"]
        judged = entailing.ask(
            payload["post"],
            brand=brand,
            actor=accounts.actor(user=payload["user"], brand=brand),
            progress=progress,
            is_stopped=partial(is_cancelled, db, payload["job"]),
        )
        return asdict(judged) if judged is not None else None

    return {JUDGING: judge}


def judged_of(result: Mapping[str, Any]) -> Judged:
    """What such a job came to."""
    return Judged(
        result["revision"],
        tuple(Told(one["start"], one["text"], Outcome(one["outcome"])) for one in result["sentences"]),
        tuple(Left(one["start"], one["text"], Unasked(one["why"])) for one in result.get("left", ())),
        result["is_readable"],
        result.get("broke_off"),
    )
