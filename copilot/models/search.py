"""Keyword search over passages: SQLite's FTS5 over words that rjieba cut, filtered like the dense index."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Label, bindparam, literal_column, or_, select, text
from sqlalchemy.orm import Session

from copilot.domain.cutting import cut_for_search
from copilot.models.library import Passage

# How many entries of the word index one query may read. FTS5 scores every passage that holds any of the
# words, at about a microsecond each, so that a few words of everyday speech would cost more than all else.
_MOST_READ = 10_000
_NO_LIMIT = -1


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

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [Passage.brand_id == self.brand, Passage.live.is_(True)]
        if self.kinds:
            found.append(Passage.kind.in_(self.kinds))
        if self.language is not None:
            found.append(Passage.language == self.language)
        if self.at is not None:
            found.append(or_(Passage.valid_from.is_(None), Passage.valid_from <= self.at))
            found.append(or_(Passage.valid_until.is_(None), Passage.valid_until > self.at))
        return found


def words(content: str) -> list[str]:
    """The words of a text in order, lower-cased, without punctuation; Chinese ones by dictionary."""
    return [word for word in (token.strip().lower() for token in cut_for_search(content)) if _is_word(word)]


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


def search(session: Session, query: str, filters: Filters, *, k: int) -> list[tuple[int, float]]:
    """(passage id, evidence), best first.

    Evidence is BM25 as a share of the weight of the query's words, those that no passage holds
    included: 1 means all of them, once each, in a passage of ordinary length.
    """
    weights, held = _weights(session, list(dict.fromkeys(words(query))))
    total = sum(weights.values())
    if not held or not total:
        return []
    asked = _affordable(held)
    # The first step passes over most rows without looking them up; the second is for filters that are met
    # seldom; the third for words that are rare here only because other brands use them.
    for chosen, depth in ((asked, 4 * k), (asked, _NO_LIMIT), (list(held), _NO_LIMIT)):
        found = _matches(session, chosen, filters, depth=depth, k=k)
        if len(found) >= k or (found and depth == _NO_LIMIT):
            break
    return [(passage, score / total) for passage, score in found]


def passing(session: Session, passages: Sequence[int], filters: Filters) -> set[int]:
    """Those of the passages that the filters let through."""
    return set(session.scalars(select(Passage.id).where(Passage.id.in_(passages), *filters.conditions())))


def common_words(session: Session, passages: Sequence[int], query: str) -> dict[int, tuple[str, ...]]:
    """For each passage the words that it shares with the query, in the query's order."""
    rows = session.execute(
        text("SELECT rowid AS id, words FROM passage_words WHERE rowid IN :passages").bindparams(
            bindparam("passages", expanding=True)
        ),
        {"passages": list(passages)},
    ).all()
    asked = list(dict.fromkeys(words(query)))
    held = {row.id: set(row.words.split(" ")) for row in rows}
    return {passage: tuple(word for word in asked if word in own) for passage, own in held.items()}


def _weights(session: Session, terms: Sequence[str]) -> tuple[Mapping[str, float], Mapping[str, int]]:
    """What each word can add to a score, as FTS5's BM25 has it; how many passages hold those that any holds."""
    # FTS5's own table of sizes has one row a passage, and SQLite counts it without reading it.
    total = session.execute(text("SELECT count(*) FROM passage_words_docsize")).scalar_one()
    rows = session.execute(
        text(
            "SELECT value AS word, (SELECT count(*) FROM passage_words WHERE passage_words MATCH "
            "'\"' || replace(value, '\"', '\"\"') || '\"') AS passages FROM json_each(:terms)"
        ),
        {"terms": json.dumps(terms)},
    ).all()
    weights = {
        row.word: max(1e-6, math.log((total - row.passages + 0.5) / (row.passages + 0.5))) for row in rows
    }
    return weights, {row.word: row.passages for row in rows if row.passages}


def _affordable(held: Mapping[str, int]) -> list[str]:
    """The rarest of the words, as many as may be read, and one at least: common ones tell little apart."""
    chosen: list[str] = []
    read = 0
    for word in sorted(held, key=lambda word: held[word]):
        read += held[word]
        if chosen and read > _MOST_READ:
            break
        chosen.append(word)
    return chosen


def _matches(
    session: Session, terms: Sequence[str], filters: Filters, *, depth: int, k: int
) -> list[tuple[int, float]]:
    """The k best that pass the filters among the `depth` best of all brands."""
    id_: Label[int] = literal_column("rowid").label("id")
    score: Label[float] = literal_column("-bm25(passage_words)").label("score")
    best = (
        select(id_, score)
        .select_from(text("passage_words"))
        .where(text("passage_words MATCH :match"))
        .order_by(score.desc(), id_)
        .limit(depth)
        .subquery()
    )
    statement = (
        select(best.c.id, best.c.score)
        .join(Passage, Passage.id == best.c.id)
        .where(*filters.conditions())
        .order_by(best.c.score.desc(), best.c.id)
        .limit(k)
    )
    match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
    return [(row.id, float(row.score)) for row in session.execute(statement, {"match": match})]
