"""Finds passages: dense and keyword search side by side, fused, each with the same filters; sayings once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, select, text
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.fusion import Ranked, fuse
from copilot.domain.materials import Kind, MaterialStatus, Source, Window
from copilot.domain.searchwords import telling
from copilot.models import search
from copilot.models.database import Database
from copilot.models.search import Filters, Found
from copilot.ports import PassageIndex
from copilot.services import values

# Each ranking is read to this place at least: the fusion needs to see how far the first stand out.
_POOL = 30
# How many times the pool the dense index is asked for, and whether it is to filter, until enough pass: at
# 50,000 passages its own filters take thirty times as long as the search. A time excludes few passages and
# comes by with the first step, kinds and languages exclude most and begin with the second.
_DEEPER = ((1.5, False), (5, False), (20, False), (5, True), (64, True))
# Text, and one statement, because it is on the way of every search: the rows' classes would take longer than
# the index did.
_WHOLE = text(
    "SELECT p.id, p.text, p.kind, p.heading, p.locator, p.fields, p.valid_from, p.valid_until, "
    "m.id AS material, m.title, m.path, m.attribution, coalesce(w.words, '') AS words FROM passage AS p "
    "JOIN material_revision AS r ON r.id = p.revision_id JOIN material AS m ON m.id = r.material_id "
    "LEFT JOIN passage_words AS w ON w.rowid = p.id "
    "WHERE p.live = 1 AND p.id IN (SELECT value FROM json_each(:passages))"
).columns(
    models.Passage.id,
    models.Passage.text,
    models.Passage.kind,
    models.Passage.heading,
    models.Passage.locator,
    models.Passage.fields,
    models.Passage.valid_from,
    models.Passage.valid_until,
    models.Material.id.label("material"),
    models.Material.title,
    models.Material.path,
    models.Material.attribution,
)
# Up to this many characters a passage says something only together with its heading, as a price does.
_SHORT = 40
# A passage that is not valid is only told of where it would stand among so many.
_FOREMOST = 5
# Passages of drafts that one search reads.
_MOST_DRAFTED = 500


class Method(StrEnum):
    FUSED = "fused"
    DENSE = "dense"
    KEYWORD = "keyword"


@dataclass(frozen=True)
class Same:
    """A passage that says the same as one that was found, and where it stands."""

    passage: int
    material: int
    title: str
    path: str


@dataclass(frozen=True)
class Hit:
    """A passage that was found, and why.

    `dense` and `keyword` are its places in either ranking (from 1; None: not found there), `similarity`
    is the cosine of its meaning with the query's, `words` are those of the query's words that it holds,
    without words that any question is made of. `also` names the passages that say the same: of those, this
    one holds longest.
    """

    source: Source
    path: str
    material: int
    score: float
    dense: int | None
    keyword: int | None
    locator: Mapping[str, Any] = field(default_factory=dict)
    similarity: float | None = None
    words: tuple[str, ...] = ()
    also: tuple[Same, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A material that would fit, were it in use."""

    material: int
    title: str


class Retrieval:
    def __init__(self, *, db: Database, index: PassageIndex) -> None:
        self._db = db
        self._index = index
        self._counts = search.WordCounts()

    def expect(self, queries: Sequence[str]) -> None:
        """Makes ready for dense or fused searches that follow at once."""
        self._index.expect([query for query in queries if query.strip()])

    def search(
        self,
        query: str,
        *,
        brand: int,
        kinds: Sequence[Kind] = (),
        language: Language | None = None,
        at: datetime | None = None,
        k: int = 10,
        method: Method = Method.FUSED,
    ) -> list[Hit]:
        """The k best passages of the brand that are valid at `at`, best first; an empty query finds nothing."""
        if not query.strip():
            return []
        filters = Filters(brand, tuple(str(kind) for kind in kinds), language and str(language), at)
        pool = max(3 * k, _POOL)
        # The dense search comes first and alone, so that no transaction is open while it computes.
        dense = self._dense(query, filters, pool) if method is not Method.KEYWORD else []
        with self._db.read() as session:
            keyword: list[tuple[Found, float]] = []
            if method is not Method.DENSE:
                keyword = search.search(session, query, filters, counts=self._counts, k=pool)
            by_meaning, by_words = _ranked(dense), _ranked(keyword)
            found = {passage.id: passage for passage, _ in (*dense, *keyword)}
            groups = _groups([(found[passage], score) for passage, score in fuse(by_meaning, by_words)])
            return _hits(session, groups[:k], query=query, dense=by_meaning, keyword=by_words)

    def untimely(
        self,
        query: str,
        hits: Sequence[Hit],
        *,
        brand: int,
        at: datetime,
        kinds: Sequence[Kind] = (),
        language: Language | None = None,
    ) -> list[Hit]:
        """What would be found among the first if it were valid at `at`: it says all of the words, or more than `hits`.

        `hits` are what the same search found at that time. Somebody who asks for an offer that ran out is told
        so, and does not take the next best passage for the answer.
        """
        enough = min(len(telling(search.words(query))), 1 + max((len(hit.words) for hit in hits), default=0))
        known = {passage for hit in hits for passage in _sayings(hit)}
        return [
            hit
            for hit in self.search(query, brand=brand, kinds=kinds, language=language, k=_FOREMOST)
            if hit.words
            and len(hit.words) >= enough
            and not hit.source.window.covers(at)
            and known.isdisjoint(_sayings(hit))
        ]

    def waiting(
        self,
        query: str,
        hits: Sequence[Hit],
        *,
        brand: int,
        kinds: Sequence[Kind] = (),
        language: Language | None = None,
    ) -> list[Draft]:
        """The newest drafts that nothing is written from yet and that say all of the words, or more than `hits`.

        No index knows them, so each is read: a library has few of them, and no more than so many are looked at.
        """
        asked = telling(search.words(query))
        enough = min(len(asked), 1 + max((len(hit.words) for hit in hits), default=0))
        if not enough:
            return []
        found: dict[int, Draft] = {}
        with self._db.read() as session:
            for row in session.execute(_drafts(brand, kinds, language)):
                held = set(search.words(" ".join([row.title, *row.heading, row.text])))
                if sum(word in held for word in asked) >= enough:
                    found.setdefault(row.id, Draft(row.id, row.title))
        return list(found.values())[:_FOREMOST]

    def sources(self, passages: Sequence[int]) -> list[Source]:
        """The passages with these ids, live or not, in this order."""
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Passage)
                .where(models.Passage.id.in_(passages))
                .options(joinedload(models.Passage.revision).joinedload(models.MaterialRevision.material))
            )
            found = {row.id: row for row in rows}
            return [values.source(found[passage]) for passage in passages if passage in found]

    def _dense(self, query: str, filters: Filters, k: int) -> list[tuple[Found, float]]:
        """The k most similar passages that pass the filters.

        The index is asked for more than needed and the database says which of them pass, which gives what
        a filtered query gives; and what the index should have forgotten takes nobody's place. Only where
        few pass does the index itself filter.
        """
        ranked: list[tuple[Found, float]] = []
        for times, narrow in _DEEPER[1 if filters.kinds or filters.language else 0 :]:
            nearest = self._ask(query, filters, int(times * k), narrow=narrow and filters.narrow)
            with self._db.read() as session:
                passing = search.passing(session, [passage for passage, _ in nearest], filters)
            ranked = [(passing[passage], similar) for passage, similar in nearest if passage in passing]
            if len(ranked) >= k or len(nearest) < int(times * k):
                break
        return ranked[:k]

    def _ask(self, query: str, filters: Filters, k: int, *, narrow: bool) -> Ranked:
        if not narrow:
            return self._index.search(query, brand=filters.brand, k=k)
        return self._index.search(
            query,
            brand=filters.brand,
            kinds=filters.kinds,
            language=filters.language,
            at=int(filters.at.timestamp()) if filters.at is not None else None,
            k=k,
        )


def _drafts(brand: int, kinds: Sequence[Kind], language: Language | None) -> Select[int, str, list[str], str]:
    m, p = models.Material, models.Passage
    rows = (
        select(m.id, m.title, p.heading, p.text)
        .join(p, p.revision_id == m.current_id)
        .where(m.brand_id == brand, m.status == MaterialStatus.DRAFT)
        .order_by(m.id.desc(), p.ordinal)
        .limit(_MOST_DRAFTED)
    )
    if kinds:
        rows = rows.where(m.kind.in_(kinds))
    return rows.where(p.language == language) if language is not None else rows


def _sayings(hit: Hit) -> set[int]:
    return {hit.source.passage, *(same.passage for same in hit.also)}


def _ranked(found: Sequence[tuple[Found, float]]) -> Ranked:
    return [(passage.id, score) for passage, score in found]


def _groups(ranked: Sequence[tuple[Found, float]]) -> list[tuple[list[int], float]]:
    """Passages that say the same as one entry at the place of the best, the one that holds longest first."""
    groups: dict[tuple[str, str], list[tuple[Found, float]]] = {}
    for passage, score in ranked:
        groups.setdefault(_saying(passage), []).append((passage, score))
    return [
        # The sort is stable: of those that hold equally long, the best found comes first.
        ([passage.id for passage, _ in sorted(group, key=_holds, reverse=True)], group[0][1])
        for group in groups.values()
    ]


def _holds(ranked: tuple[Found, float]) -> tuple[bool, str]:
    until = ranked[0].valid_until
    return until is None, until or ""


def _saying(passage: Found) -> tuple[str, str]:
    """What is equal for passages that say the same: case and spaces say nothing."""
    said = "".join(passage.text.casefold().split())
    return said, passage.heading if len(said) <= _SHORT else ""


def _hits(
    session: Session, groups: list[tuple[list[int], float]], *, query: str, dense: Ranked, keyword: Ranked
) -> list[Hit]:
    wanted = json.dumps([passage for group, _ in groups for passage in group])
    rows = {row.id: row for row in session.execute(_WHOLE, {"passages": wanted})}
    asked = telling(search.words(query))
    dense_place, keyword_place, similarity = _places(dense), _places(keyword), dict(dense)
    hits: list[Hit] = []
    for group, score in groups:
        # What went between the searches and now is not in the rows: the database is the truth.
        found = [rows[passage] for passage in group if passage in rows]
        if found:
            row, held = found[0], set(found[0].words.split(" "))
            hits.append(
                Hit(
                    source=_source(row, score),
                    path=row.path,
                    material=row.material,
                    score=score,
                    dense=dense_place(row.id),
                    keyword=keyword_place(row.id),
                    locator=row.locator,
                    similarity=similarity.get(row.id),
                    words=tuple(word for word in asked if word in held),
                    also=tuple(Same(one.id, one.material, one.title, one.path) for one in found[1:]),
                )
            )
    return hits


def _source(row: Row[Any], score: float) -> Source:
    return Source(
        passage=row.id,
        text=row.text,
        kind=Kind(row.kind),
        title=row.title,
        context=" › ".join([row.title, *row.heading]),
        window=Window(row.valid_from, row.valid_until),
        fields=dict(row.fields),
        attribution=row.attribution,
        score=score,
    )


def _places(ranked: Ranked) -> Callable[[int], int | None]:
    return {passage: place for place, (passage, _) in enumerate(ranked, start=1)}.get
