"""The open question of a confirmed fact whose material says something else now: one at a time, and none twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import facts
from copilot.domain.facts import Matched, SuggestedFact
from copilot.services import contesting


def note_change(session: Session, row: models.Fact, matched: Matched, now: datetime) -> None:
    """One open change for each fact: what it is now against what a person once confirmed.

    Nobody is asked twice whether the same value has become the same other one.
    """
    if _was_refused(session, row, matched.after):
        close_change(session, row, now)
        return
    change = open_change(session, row)
    after = matched.after
    if change is not None and change.after_quote != (after.quote if after is not None else ""):
        contesting.release(session, change, now=now, actor=None)
    if change is None:
        change = models.FactChange(
            brand_id=row.brand_id,
            fact_id=row.id,
            before=row.value,
            before_quote=row.quote,
            before_passage_id=row.passage_id,
            state="open",
            created_at=now,
        )
        session.add(change)
    change.after = after.value if after is not None else ""
    change.after_amount = after.amount if after is not None else ""
    change.after_unit = after.unit if after is not None else ""
    change.after_quote = after.quote if after is not None else ""
    change.after_passage_id = after.passage if after is not None else None


def _was_refused(session: Session, row: models.Fact, after: SuggestedFact | None) -> bool:
    refused = session.scalars(
        select(models.FactChange).where(
            models.FactChange.fact_id == row.id,
            models.FactChange.state == "refused",
            models.FactChange.before == row.value,
        )
    )
    if after is None:
        return any(not change.after for change in refused)
    return any(
        change.after
        and facts.same_value(
            change.after_amount, change.after_unit, change.after, after.amount, after.unit, after.value
        )
        for change in refused
    )


def close_change(session: Session, row: models.Fact, now: datetime) -> None:
    change = open_change(session, row)
    if change is not None:
        change.state, change.decided_at = "undone", now
        contesting.release(session, change, now=now, actor=None)


def open_change(session: Session, row: models.Fact) -> models.FactChange | None:
    return session.scalar(
        select(models.FactChange).where(
            models.FactChange.fact_id == row.id, models.FactChange.state == "open"
        )
    )
