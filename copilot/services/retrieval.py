"""Finds passages: dense and keyword search, fused, each with the same filters inside its query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.fusion import Ranked, fuse
from copilot.domain.materials import Kind, Source
from copilot.models import search
from copilot.models.database import Database
from copilot.ports import PassageIndex
from copilot.services import values


class Method(StrEnum):
    FUSED = "fused"
    DENSE = "dense"
    KEYWORD = "keyword"


@dataclass(frozen=True)
class Hit:
    """A passage that was found, with its place in either ranking (from 1; None: not found there)."""

    source: Source
    path: str
    material: int
    score: float
    dense: int | None
    keyword: int | None
    live: bool
    locator: Mapping[str, Any] = field(default_factory=dict)


class Retrieval:
    def __init__(self, *, db: Database, index: PassageIndex) -> None:
        self._db = db
        self._index = index

    def search(
        self,
        query: str,
        *,
        brand: int,
        kinds: Sequence[Kind] = (),
        at: datetime | None = None,
        k: int = 10,
        method: Method = Method.FUSED,
    ) -> list[Hit]:
        """The k best passages of the brand that are valid at `at`, best first; an empty query finds nothing."""
        if not query.strip():
            return []
        pool = max(3 * k, 30)
        names = [str(kind) for kind in kinds]
        seconds = int(at.timestamp()) if at is not None else None
        # The dense search runs first and alone, so that no transaction is open while it computes.
        dense: Ranked = []
        if method is not Method.KEYWORD:
            dense = self._index.search(query, brand=brand, kinds=names, at=seconds, k=pool)
        with self._db.read() as session:
            keyword: Ranked = []
            if method is not Method.DENSE:
                keyword = search.search(session, query, brand=brand, kinds=names, at=at, k=pool)
            ranked = fuse(dense, keyword)[:k]
            places = _places(dense), _places(keyword)
            # The index may lag behind the database for a moment; the database is the truth.
            return [hit for hit in _hits(session, ranked, *places) if hit.live]

    def sources(self, passages: Sequence[int]) -> list[Source]:
        """The passages with these ids, live or not, in this order."""
        with self._db.read() as session:
            return [hit.source for hit in _hits(session, [(passage, 0.0) for passage in passages], {}, {})]


def _places(ranked: Ranked) -> dict[int, int]:
    return {passage: place for place, (passage, _) in enumerate(ranked, start=1)}


def _hits(session: Session, ranked: Ranked, dense: dict[int, int], keyword: dict[int, int]) -> list[Hit]:
    rows = session.scalars(
        select(models.Passage)
        .where(models.Passage.id.in_([passage for passage, _ in ranked]))
        .options(joinedload(models.Passage.revision).joinedload(models.MaterialRevision.material))
    )
    found = {row.id: row for row in rows}
    return [
        Hit(
            source=values.source(found[passage], score=score),
            path=found[passage].revision.material.path,
            material=found[passage].revision.material_id,
            score=score,
            dense=dense.get(passage),
            keyword=keyword.get(passage),
            live=found[passage].live,
            locator=found[passage].locator,
        )
        for passage, score in ranked
        if passage in found
    ]
