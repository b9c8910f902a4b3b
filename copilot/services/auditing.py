"""Writes audit rows: who did what to which thing, inside the transaction that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from copilot import models


def record(
    session: Session,
    *,
    at: datetime,
    actor: int | None,
    brand: int | None,
    subject: str,
    identity: int,
    event: str,
    **data: Any,
) -> None:
    """`event` is in the past tense; the action becomes `subject.event`. `data` must hold no secret."""
    session.add(
        models.Audit(
            at=at,
            actor_id=actor,
            brand_id=brand,
            subject=subject,
            subject_id=identity,
            action=f"{subject}.{event}",
            data=data,
        )
    )
