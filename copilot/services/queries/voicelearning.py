"""Suggestions for the voice as rows, one by one with the edits that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from copilot import models
from copilot.domain.comparing import Change, compare
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.queries.rows import local
from copilot.services.voicelearning import DISMISSED, OPEN

_MOST_SHOWN = 3


@dataclass(frozen=True)
class EvidenceRow:
    """An edit of one post; `changes` lead from its sentence to the one that was approved."""

    post: int
    before: str
    after: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class CandidateRow:
    """`part` of the profile would take `value`; `posts` show it, the first few in `evidence`."""

    id: int
    kind: str
    part: str
    value: Any
    posts: int
    evidence: tuple[EvidenceRow, ...]
    at: datetime


@dataclass(frozen=True)
class Suggestions:
    """What waits for a person, and what a person did not want."""

    open: tuple[CandidateRow, ...]
    dismissed: tuple[CandidateRow, ...]


class VoiceLearningQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def count(self, *, brand: int) -> int:
        """How many suggestions wait for a person."""
        with self._db.read() as session:
            return (
                session.scalar(
                    select(func.count()).where(
                        models.VoiceCandidate.brand_id == brand, models.VoiceCandidate.state == OPEN
                    )
                )
                or 0
            )

    def suggestions(self, *, brand: int) -> Suggestions:
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = session.scalars(
                select(models.VoiceCandidate)
                .where(
                    models.VoiceCandidate.brand_id == brand,
                    models.VoiceCandidate.state.in_([OPEN, DISMISSED]),
                )
                .order_by(models.VoiceCandidate.id)
            ).all()
            order = {"preferred": 0, "banned": 1, "rule": 2, "example": 3}
            shown = sorted(rows, key=lambda row: (order.get(row.kind, 9), -len(row.evidence), row.id))
            return Suggestions(
                open=tuple(_row(row, zone) for row in shown if row.state == OPEN),
                dismissed=tuple(_row(row, zone) for row in shown if row.state == DISMISSED),
            )


def _row(row: models.VoiceCandidate, zone: str) -> CandidateRow:
    return CandidateRow(
        id=row.id,
        kind=row.kind,
        part=row.payload["part"],
        value=row.payload["value"],
        posts=len(row.evidence),
        evidence=tuple(_evidence(seen) for seen in row.evidence[:_MOST_SHOWN]),
        at=local(row.created_at, zone),
    )


def _evidence(seen: Mapping[str, Any]) -> EvidenceRow:
    return EvidenceRow(seen["post"], seen["before"], seen["after"], compare(seen["before"], seen["after"]))
