"""Keyword search over passages: SQLite's FTS5 over words that rjieba cut, filtered like the dense index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import rjieba
from sqlalchemy import BindParameter, bindparam, text
from sqlalchemy.orm import Session


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
    session: Session, query: str, *, brand: int, kinds: Sequence[str], at: datetime | None, k: int
) -> list[tuple[int, float]]:
    """(passage id, score), best first; the score is BM25 with its sign turned, so that more is better."""
    terms = list(dict.fromkeys(words(query)))
    if not terms:
        return []
    match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
    conditions = ["passage_words MATCH :match", "p.brand_id = :brand", "p.live = 1"]
    values: dict[str, object] = {"match": match, "brand": brand, "k": k}
    binds: list[BindParameter[object]] = []
    if kinds:
        conditions.append("p.kind IN :kinds")
        binds.append(bindparam("kinds", expanding=True))
        values["kinds"] = list(kinds)
    if at is not None:
        conditions.append("(p.valid_from IS NULL OR p.valid_from <= :at)")
        conditions.append("(p.valid_until IS NULL OR p.valid_until > :at)")
        values["at"] = at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    statement = text(
        "SELECT p.id, -bm25(passage_words) AS score FROM passage_words "  # noqa: S608 - only fixed clauses
        "JOIN passage AS p ON p.id = passage_words.rowid "
        f"WHERE {' AND '.join(conditions)} ORDER BY score DESC, p.id LIMIT :k"
    ).bindparams(*binds)
    return [(row.id, float(row.score)) for row in session.execute(statement, values)]
