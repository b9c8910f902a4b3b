"""Embeds each text once: an embedder behind a cache of vectors in the database."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from copilot import models
from copilot.models.database import Database
from copilot.ports import Embedder, Progress

_BATCH = 32
_MOST_ASKED = 512


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class CachedEmbedder:
    """An Embedder whose passages are looked up by embedder and content before they are computed."""

    def __init__(self, *, db: Database, embedder: Embedder) -> None:
        self._db = db
        self._embedder = embedder
        self.name = embedder.name
        # A column asks the library the same question every day.
        self._asked: dict[str, list[float]] = {}

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        asked = self._asked
        known = {text: asked[text] for text in texts if text in asked}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, self._embedder.queries(missing), strict=True))
            # Another thread may be reading: what grew too large is let go as a whole.
            self._asked = known if len(asked) + len(missing) > _MOST_ASKED else asked | known
        return [known[text] for text in texts]

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> list[list[float]]:
        """Vectors in the order of the texts. `progress` hears (done, total) of those that had to be computed."""
        digests = [text_digest(text) for text in texts]
        known = self._cached(digests)
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        todo = list(missing.items())
        for start in range(0, len(todo), _BATCH):
            batch = todo[start : start + _BATCH]
            vectors = self._embedder.passages([text for _, text in batch])
            computed = {digest: vector for (digest, _), vector in zip(batch, vectors, strict=True)}
            self._keep(computed)
            known.update(computed)
            if progress is not None:
                progress(min(start + _BATCH, len(todo)), len(todo))
        return [known[digest] for digest in digests]

    def _cached(self, digests: Sequence[str]) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        unique = list(dict.fromkeys(digests))
        with self._db.read() as session:
            for start in range(0, len(unique), 500):
                rows = session.execute(
                    select(models.CachedVector.digest, models.CachedVector.vector).where(
                        models.CachedVector.embedder == self.name,
                        models.CachedVector.digest.in_(unique[start : start + 500]),
                    )
                )
                found.update({row.digest: _unpack(row.vector) for row in rows})
        return found

    def _keep(self, vectors: dict[str, list[float]]) -> None:
        rows = [
            {"embedder": self.name, "digest": digest, "vector": array("f", vector).tobytes()}
            for digest, vector in vectors.items()
        ]
        with self._db.write() as session:
            # Two threads may have computed the same text: the vectors are equal, so the first one stays.
            session.execute(insert(models.CachedVector).on_conflict_do_nothing(), rows)


def _unpack(data: bytes) -> list[float]:
    numbers = array("f")
    numbers.frombytes(data)
    return numbers.tolist()
