"""Keyword search over passages: SQLite's FTS5 over words that rjieba cut, filtered like the dense index."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from sqlalchemy import ColumnElement, Label, bindparam, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from copilot.domain.cutting import cut_for_search
from copilot.models.library import Passage

# How many entries of the word index one query may read. FTS5 scores every passage that holds any of the
# words, at about a microsecond each, so that a few words of everyday speech would cost more than all else.
_MOST_READ = 10_000
_NO_LIMIT = -1
_FOUND = (Passage.id, Passage.text, Passage.heading, Passage.valid_until)


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


@dataclass(frozen=True)
class Found:
    """As much of a passage as tells what it says and how long."""

    id: int
    text: str
    heading: tuple[str, ...]
    valid_until: datetime | None


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


def search(session: Session, query: str, filters: Filters, *, k: int) -> list[tuple[Found, float]]:
    """(passage, evidence), best first.

    Evidence is BM25 as a share of the weight of the query's words, those that no passage holds
    included: 1 means all of them, once each, in a passage of ordinary length. Words too common to be
    read are as if they had not been asked for.
    """
    total, held = _counted(session, list(dict.fromkeys(words(query))))
    asked = _affordable(held)
    weight = sum(_weight(count, total) for word, count in held.items() if word in asked or not count)
    if not asked:
        return []
    # The first step passes over most rows without looking them up; the second is for filters that few meet.
    for depth in (4 * k, _NO_LIMIT):
        found = _matches(session, asked, filters, depth=depth, k=k)
        if len(found) >= k:
            break
    return [(passage, score / weight) for passage, score in found]


def passing(session: Session, passages: Sequence[int], filters: Filters) -> dict[int, Found]:
    """Those of the passages that the filters let through."""
    # One value, however many passages there are: a list of parameters takes longer than the query.
    given = select(literal_column("value")).select_from(func.json_each(json.dumps(list(passages))))
    rows = session.execute(select(*_FOUND).where(Passage.id.in_(given), *filters.conditions()))
    return {row.id: Found(row.id, row.text, tuple(row.heading), row.valid_until) for row in rows}


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


def _counted(session: Session, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
    """How many passages there are, and how many hold each word, counted to just past what may be read."""
    # FTS5's own table of sizes has one row a passage, and SQLite counts it without reading it.
    total = session.execute(text("SELECT count(*) FROM passage_words_docsize")).scalar_one()
    rows = session.execute(
        text(
            "SELECT value AS word, (SELECT count(*) FROM (SELECT 1 FROM passage_words WHERE passage_words MATCH "
            "'\"' || replace(value, '\"', '\"\"') || '\"' LIMIT :most)) AS passages FROM json_each(:terms)"
        ),
        {"terms": json.dumps(terms), "most": _MOST_READ + 1},
    )
    return total, {row.word: row.passages for row in rows}


def _weight(count: int, total: int) -> float:
    """What a word can add to a score, as FTS5's BM25 has it."""
    return max(1e-6, math.log((total - count + 0.5) / (count + 0.5)))


def _affordable(held: Mapping[str, int]) -> set[str]:
    """The rarest of the words that some passage holds, as many as may be read: common ones tell little apart.

    The rarest is always among them, even where every passage of a large library holds it.
    """
    rarest = sorted((word for word, count in held.items() if count), key=lambda word: held[word])
    read = accumulate(held[word] for word in rarest)
    return {word for word, sofar in zip(rarest, read, strict=True) if sofar <= _MOST_READ} or set(rarest[:1])


def _matches(
    session: Session, terms: Iterable[str], filters: Filters, *, depth: int, k: int
) -> list[tuple[Found, float]]:
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
        select(*_FOUND, best.c.score)
        .join(Passage, Passage.id == best.c.id)
        .where(*filters.conditions())
        .order_by(best.c.score.desc(), best.c.id)
        .limit(k)
    )
    match = " OR ".join('"' + term.replace('"', '""') + '"' for term in sorted(terms))
    return [
        (Found(row.id, row.text, tuple(row.heading), row.valid_until), float(row.score))
        for row in session.execute(statement, {"match": match})
    ]
