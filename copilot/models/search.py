"""Keyword search over passages: SQLite's FTS5 over words that rjieba cut, filtered like the dense index.

The statements are text and each is always the same one: on the way of every search, building a statement
from Python expressions takes longer than SQLite takes to answer it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple

import rjieba
from sqlalchemy import text
from sqlalchemy.orm import Session

# How many entries of the word index one query may read. FTS5 scores every passage that holds any of the
# words, at half a microsecond each, so that in a library of 50,000 the words of everyday speech alone would
# take longer than all else. The shared sets are too small to notice; with this limit in proportion to
# their size the fused ranking would lose .001 to .009 nDCG@10 there and stay above either alone.
_MOST_READ = 3_000
_MOST_KNOWN = 20_000
_NO_LIMIT = -1

_PASSES = """p.brand_id = :brand AND p.live = 1
    AND (:kinds IS NULL OR p.kind IN (SELECT value FROM json_each(:kinds)))
    AND (:language IS NULL OR p.language = :language)
    AND (:at IS NULL OR p.valid_from IS NULL OR p.valid_from <= :at)
    AND (:at IS NULL OR p.valid_until IS NULL OR p.valid_until > :at)"""
_PASSING = text(
    "SELECT p.id, p.text, p.heading, p.valid_until FROM passage AS p "  # noqa: S608 - only fixed clauses
    f"WHERE p.id IN (SELECT value FROM json_each(:passages)) AND {_PASSES}"
)
_MATCHING = text(
    "SELECT best.score, p.id, p.text, p.heading, p.valid_until FROM "  # noqa: S608 - only fixed clauses
    "(SELECT rowid, -bm25(passage_words) AS score FROM passage_words WHERE passage_words MATCH :match "
    "ORDER BY score DESC, rowid LIMIT :depth) AS best JOIN passage AS p ON p.id = best.rowid "
    f"WHERE {_PASSES} ORDER BY best.score DESC, p.id LIMIT :k"
)
# FTS5's own table of sizes has one row a passage, and SQLite counts it without reading it.
_STATE = text(
    "SELECT (SELECT count(*) FROM passage_words_docsize) AS total, "
    "(SELECT max(id) FROM passage_words_docsize) AS newest"
)
_COUNTS = text(
    "SELECT value AS word, (SELECT count(*) FROM (SELECT 1 FROM passage_words "
    "WHERE passage_words MATCH '\"' || replace(value, '\"', '\"\"') || '\"' LIMIT :most)) AS passages "
    "FROM json_each(:words)"
)


@dataclass(frozen=True)
class Filters:
    """Which passages may be found: live ones of the brand; empty `kinds` and None leave the rest open."""

    brand: int
    kinds: tuple[str, ...] = ()
    language: str | None = None
    at: datetime | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything but the brand is asked for."""
        return bool(self.kinds) or self.language is not None or self.at is not None

    def parameters(self) -> dict[str, object]:
        at = self.at.astimezone(UTC).replace(tzinfo=None) if self.at is not None else None
        return {
            "brand": self.brand,
            "kinds": json.dumps(self.kinds) if self.kinds else None,
            "language": self.language,
            "at": at.isoformat(sep=" ", timespec="microseconds") if at is not None else None,
        }


class Found(NamedTuple):
    """As much of a passage as tells what it says and how long; heading and end as the database writes them."""

    id: int
    text: str
    heading: str
    valid_until: str | None


class WordCounts:
    """How many passages hold each word, remembered for as long as the passages are the same.

    A passage's words never change: how many passages there are and which is the newest tell whether they
    are the same. Taking some out and as many former ones in goes unseen and moves a count by next to nothing.
    """

    def __init__(self) -> None:
        self._known: tuple[tuple[int, int], dict[str, int]] = ((0, 0), {})

    def of(self, session: Session, asked: Sequence[str]) -> tuple[int, dict[str, int]]:
        """The number of passages; for each word the number that hold it, counted to just past what may be read."""
        row = session.execute(_STATE).one()
        state, known = self._known
        if state != (row.total, row.newest) or len(known) > _MOST_KNOWN:
            state, known = (row.total, row.newest), {}
        new = [word for word in asked if word not in known]
        if new:
            counted = session.execute(_COUNTS, {"words": json.dumps(new), "most": _MOST_READ + 1})
            known = {**known, **{row.word: row.passages for row in counted}}
            self._known = state, known
        return row.total, {word: known[word] for word in asked}


def words(content: str) -> list[str]:
    """The words of a text in order, lower-cased, without punctuation; Chinese ones by dictionary."""
    return [
        word for word in (token.strip().lower() for token in rjieba.cut_for_search(content)) if _is_word(word)
    ]


def _is_word(token: str) -> bool:
    return any(character.isalnum() for character in token)


def put(session: Session, entries: Iterable[tuple[int, str]]) -> None:
    """Stores the words of (passage id, text to be found by); an id that is there is replaced."""
    rows = [{"id": passage, "words": " ".join(words(content))} for passage, content in entries]
    if rows:
        session.execute(
            text("DELETE FROM passage_words WHERE rowid = :id"), [{"id": row["id"]} for row in rows]
        )
        session.execute(text("INSERT INTO passage_words (rowid, words) VALUES (:id, :words)"), rows)


def remove(session: Session, passages: Sequence[int]) -> None:
    if passages:
        session.execute(
            text("DELETE FROM passage_words WHERE rowid = :id"), [{"id": passage} for passage in passages]
        )


def search(
    session: Session, query: str, filters: Filters, *, counts: WordCounts, k: int
) -> list[tuple[Found, float]]:
    """(passage, evidence), best first.

    Evidence is BM25 as a share of the weight of the query's words, those that no passage holds
    included: 1 means all of them, once each, in a passage of ordinary length. Words too common to be
    read are as if they had not been asked for.
    """
    total, held = counts.of(session, list(dict.fromkeys(words(query))))
    asked = _affordable(held)
    if not asked:
        return []
    weight = sum(_weight(count, total) for word, count in held.items() if word in asked or not count)
    match = " OR ".join('"' + word.replace('"', '""') + '"' for word in asked)
    found: list[tuple[Found, float]] = []
    # The first step passes over most rows without looking them up; the second is for filters that few meet.
    for depth in (4 * k, _NO_LIMIT):
        rows = session.execute(_MATCHING, {**filters.parameters(), "match": match, "depth": depth, "k": k})
        found = [(Found(row.id, row.text, row.heading, row.valid_until), row.score / weight) for row in rows]
        if len(found) == k:
            break
    return found


def passing(session: Session, passages: Sequence[int], filters: Filters) -> dict[int, Found]:
    """Those of the passages that the filters let through."""
    rows = session.execute(_PASSING, {**filters.parameters(), "passages": json.dumps(passages)})
    return {row[0]: Found(*row) for row in rows}


def _weight(count: int, total: int) -> float:
    """What a word can add to a score, as FTS5's BM25 has it."""
    return max(1e-6, math.log((total - count + 0.5) / (count + 0.5)))


def _affordable(held: Mapping[str, int]) -> list[str]:
    """The rarest of the words that some passage holds, as many as may be read: common ones tell little apart.

    The rarest is always among them, even where every passage of a large library holds it.
    """
    rarest = sorted((word for word, count in held.items() if count), key=lambda word: held[word])
    read = list(accumulate(held[word] for word in rarest))
    return rarest[: max(1, sum(sofar <= _MOST_READ for sofar in read))]
