"""Passages in Chroma through langchain-chroma: derived from the database, rebuilt at will.

An embedded Chroma is for exactly one process: a second one on the same path loses vectors without a word.
Whoever builds this object must hold the owner's lock of the data folder.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from copilot.ports import Embedder, IndexEntry

if TYPE_CHECKING:
    from langchain_chroma import Chroma

# Chroma's default graph misses exact matches on small collections; these settings found them all.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
_BATCH = 256


class ChromaIndex:
    def __init__(self, *, path: Path, embedder: Embedder) -> None:
        self._path = path
        self._embedder = embedder
        self._opening = threading.Lock()
        self._opened: Chroma | None = None

    @property
    def _store(self) -> Chroma:
        """Opened on first use: importing Chroma takes a second that `--help` must not pay."""
        with self._opening:
            if self._opened is None:
                import chromadb
                from chromadb.config import Settings
                from langchain_chroma import Chroma

                settings = Settings(anonymized_telemetry=False)
                self._opened = Chroma(
                    client=chromadb.PersistentClient(path=str(self._path), settings=settings),
                    collection_name="passages",
                    embedding_function=cast("Any", _Bridge(self._embedder)),
                    collection_configuration=cast("Any", {"hnsw": _HNSW}),
                )
            return self._opened

    def put(self, entries: Sequence[IndexEntry]) -> None:
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            self._store.add_texts(
                [entry.text for entry in batch],
                metadatas=[_metadata(entry) for entry in batch],
                ids=[str(entry.passage) for entry in batch],
            )

    def remove(self, passages: Sequence[int]) -> None:
        for start in range(0, len(passages), _BATCH):
            self._store.delete(ids=[str(passage) for passage in passages[start : start + _BATCH]])

    def search(
        self, query: str, *, brand: int, kinds: Sequence[str], at: int | None, k: int
    ) -> list[tuple[int, float]]:
        found = self._store.similarity_search_by_vector_with_relevance_scores(
            self._embedder.query(query), k=k, filter=_where(brand, kinds, at)
        )
        return [(int(document.metadata["passage"]), 1.0 - distance) for document, distance in found]

    def passages(self, brand: int) -> dict[int, str]:
        found = self._store.get(where=_where(brand, (), None), include=["metadatas"])
        return {int(meta["passage"]): str(meta["digest"]) for meta in found["metadatas"]}


class _Bridge:
    """Our embedder under the names that LangChain calls."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.passages(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.query(text)


def _metadata(entry: IndexEntry) -> dict[str, Any]:
    return {
        "passage": entry.passage,
        "brand": entry.brand,
        "kind": entry.kind,
        "language": entry.language,
        "digest": entry.digest,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
    }


def _where(brand: int, kinds: Sequence[str], at: int | None) -> Any:
    conditions: list[dict[str, Any]] = [{"brand": brand}]
    if kinds:
        conditions.append({"kind": {"$in": list(kinds)}})
    if at is not None:
        conditions += [{"valid_from": {"$lte": at}}, {"valid_until": {"$gt": at}}]
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}
