"""Evaluations as rows: the runs that were kept, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from copilot import models
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.queries.rows import local

_SHOWN = 30


@dataclass(frozen=True)
class EvaluationRow:
    id: int
    name: str
    writer: str
    at: datetime
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """One brief as each of two runs answered it; None where a run did not have it."""

    column: str
    at: datetime
    one: Mapping[str, Any] | None
    other: Mapping[str, Any] | None


@dataclass(frozen=True)
class Comparison:
    """`changed` are the prompts whose text differs: name, and the version in either run (None: not there)."""

    one: EvaluationRow
    other: EvaluationRow
    changed: tuple[tuple[str, int | None, int | None], ...]
    pairs: tuple[Pair, ...]


class EvaluationQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def recent(self, *, brand: int) -> list[EvaluationRow]:
        """The newest runs first."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = session.scalars(
                select(models.Evaluation)
                .where(models.Evaluation.brand_id == brand)
                .order_by(models.Evaluation.id.desc())
                .limit(_SHOWN)
            )
            return [_row(row, zone) for row in rows]

    def compare(self, one: int, other: int, *, brand: int) -> Comparison:
        """Two runs of the brand, brief by brief; NotFound for a run of another brand."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            left = loading.one(session, models.Evaluation, one, brand=brand)
            right = loading.one(session, models.Evaluation, other, brand=brand)
            return Comparison(
                _row(left, zone),
                _row(right, zone),
                _changed(left.prompts, right.prompts),
                _pairs(left, right),
            )


def _row(row: models.Evaluation, zone: str) -> EvaluationRow:
    return EvaluationRow(row.id, row.name, row.writer, local(row.created_at, zone), row.summary)


def _changed(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> tuple[tuple[str, int | None, int | None], ...]:
    names = sorted(
        name for name in {*one, *other} if one.get(name, {}).get("hash") != other.get(name, {}).get("hash")
    )
    return tuple(
        (name, one.get(name, {}).get("version"), other.get(name, {}).get("version")) for name in names
    )


def _pairs(one: models.Evaluation, other: models.Evaluation) -> tuple[Pair, ...]:
    """By column and hour; runs of different days meet by their place in the set."""
    left = {_key(row, at): row for at, row in enumerate(one.drafts)}
    right = {_key(row, at): row for at, row in enumerate(other.drafts)}
    keys = list(dict.fromkeys([*left, *right]))
    return tuple(
        Pair(
            column=(left.get(key) or right[key])["name"],
            at=datetime.fromisoformat((left.get(key) or right[key])["at"]),
            one=left.get(key),
            other=right.get(key),
        )
        for key in keys
    )


def _key(row: Mapping[str, Any], place: int) -> tuple[str, int]:
    return str(row["column"]), place
