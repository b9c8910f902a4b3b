"""Passages in Chroma through langchain-chroma, a collection for each brand: derived, and rebuilt at will.

An embedded Chroma is for exactly one process: a second one on the same path loses vectors without a word.
Whoever builds this object must hold the owner's lock of the data folder.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from copilot.ports import Embedder, IndexEntry

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from langchain_chroma import Chroma

# Chroma's default graph misses exact matches on small collections; these settings found them all.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
_BATCH = 256


class ChromaIndex:
    """A brand is a collection and not a filter: at 50,000 passages a filter takes thirty times the search."""

    def __init__(self, *, path: Path, embedder: Embedder) -> None:
        self._path = path
        self._embedder = embedder
        self._opening = threading.Lock()
        self._opened: ClientAPI | None = None
        self._collections: dict[int, Collection] = {}
        self._stores: dict[int, Chroma] = {}
        # Vectors of different embedders never meet, because their collections have different names.
        self._suffix = hashlib.sha256(embedder.name.encode()).hexdigest()[:12]

    @property
    def _client(self) -> ClientAPI:
        """Opened on first use: importing Chroma takes a second that `--help` must not pay."""
        with self._opening:
            if self._opened is None:
                import chromadb
                from chromadb.config import Settings

                settings = Settings(anonymized_telemetry=False)
                self._opened = chromadb.PersistentClient(path=str(self._path), settings=settings)
                # What another embedder left behind would outlive the materials it was made from.
                for collection in self._opened.list_collections():
                    if not collection.name.endswith(self._suffix):
                        self._opened.delete_collection(collection.name)
            return self._opened

    def put(self, entries: Sequence[IndexEntry]) -> None:
        for brand in dict.fromkeys(entry.brand for entry in entries):
            own = [entry for entry in entries if entry.brand == brand]
            for start in range(0, len(own), _BATCH):
                batch = own[start : start + _BATCH]
                self._store(brand).add_texts(
                    [entry.text for entry in batch],
                    metadatas=[_metadata(entry) for entry in batch],
                    ids=[str(entry.passage) for entry in batch],
                )

    def remove(self, passages: Sequence[int], *, brand: int) -> None:
        collection = self._collection(brand)
        if collection is not None:
            for start in range(0, len(passages), _BATCH):
                collection.delete(ids=[str(passage) for passage in passages[start : start + _BATCH]])

    def expect(self, queries: Sequence[str]) -> None:
        self._embedder.queries(queries)

    def search(
        self,
        query: str,
        *,
        brand: int,
        kinds: Sequence[str] = (),
        language: str | None = None,
        at: int | None = None,
        k: int,
    ) -> list[tuple[int, float]]:
        [vector] = self._embedder.queries([query])
        collection = self._collection(brand)
        if collection is None:
            return []
        # Asked directly, because LangChain would read every text as well, which takes three times as long.
        found = collection.query(
            query_embeddings=cast("Any", [vector]),
            n_results=k,
            where=_where(kinds, language, at),
            include=["distances"],
        )
        distances = cast("list[list[float]]", found["distances"])
        ranked = [
            (int(passage), 1.0 - distance)
            for passage, distance in zip(found["ids"][0], distances[0], strict=True)
        ]
        # Of equals the smaller id is first, so that an index that was built again answers as before.
        return sorted(ranked, key=lambda item: (-item[1], item[0]))

    def passages(self, brand: int) -> set[int]:
        collection = self._collection(brand)
        return (
            set() if collection is None else {int(passage) for passage in collection.get(include=[])["ids"]}
        )

    def _store(self, brand: int) -> Chroma:
        """The brand's collection as LangChain writes it, made once, because making it reads all settings anew."""
        from langchain_chroma import Chroma

        if brand not in self._stores:
            self._stores[brand] = Chroma(
                client=self._client,
                collection_name=self._name(brand),
                embedding_function=cast("Any", _Bridge(self._embedder)),
                collection_configuration=cast("Any", {"hnsw": _HNSW}),
            )
        return self._stores[brand]

    def _collection(self, brand: int) -> Collection | None:
        """The brand's collection, which is looked up once and never replaced; None until it has a passage."""
        from chromadb.errors import NotFoundError

        if brand not in self._collections:
            try:
                self._collections[brand] = self._client.get_collection(
                    self._name(brand), embedding_function=None
                )
            except NotFoundError:
                return None
        return self._collections[brand]

    def _name(self, brand: int) -> str:
        return f"brand-{brand}-{self._suffix}"


class _Bridge:
    """Our embedder under the names that LangChain calls."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.passages(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.queries([text])[0]


def _metadata(entry: IndexEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "language": entry.language,
        "digest": entry.digest,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
    }


def _where(kinds: Sequence[str], language: str | None, at: int | None) -> Any:
    conditions: list[dict[str, Any]] = []
    if kinds:
        conditions.append({"kind": {"$in": list(kinds)}})
    if language is not None:
        conditions.append({"language": language})
    if at is not None:
        conditions += [{"valid_from": {"$lte": at}}, {"valid_until": {"$gt": at}}]
    return {"$and": conditions} if len(conditions) > 1 else conditions[0] if conditions else None
