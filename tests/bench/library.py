"""Searching a library of 50,000 passages, against a bare query of the same Chroma collection."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import chromadb
import click
import numpy as np
from chromadb.config import Settings
from sqlalchemy import select

from copilot import models
from copilot.adapters.index.chroma import ChromaIndex
from copilot.bootstrap import build, parts, prepare
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.materials import Kind, MaterialStatus
from copilot.domain.splitting import sentences
from copilot.models import search
from copilot.models.database import Database
from copilot.services.embedding import CachedEmbedder, text_digest
from copilot.services.house import Services
from copilot.services.indexing import entry, findable
from tests.bench.figures import Figure, median, ratio
from tests.bench.given import GivenEmbedder, Vectors

_PASSAGES = 50_000
_AT_ONCE = 5_000
_A_MATERIAL = 10
_SENTENCES = 4
_EXPIRED = 0.1
_KINDS = (Kind.STORY, Kind.SELLING_POINT, Kind.OFFER, Kind.USER_GUIDE, Kind.NEWS, Kind.EXPERIENCE)
_SOUGHT = (Kind.SELLING_POINT, Kind.OFFER)
_QUERIES, _WARMING = 60, 5
_K = 10
_LIMIT = 3.0


@dataclass(frozen=True)
class _Real:
    """What the sample brands hold: real sentences with the number of the passage they are from."""

    vectors: Vectors
    sentences: tuple[tuple[str, int], ...]


def measured(prepared: Path, folder: Path) -> list[Figure]:
    """`prepared` holds the sample brands; the library is built in `folder`, in a process of its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, prepared, folder).result()


def real(prepared: Path) -> _Real:
    """The passages of an embedded library with their vectors."""
    db = Database(Config(data_dir=prepared).database)
    with db.read() as session:
        rows = session.execute(
            select(models.Passage.text, models.Passage.language, models.CachedVector.vector)
            .join(models.CachedVector, models.CachedVector.digest == models.Passage.digest)
            .where(models.Passage.live.is_(True))
            .order_by(models.Passage.id)
        ).all()
    db.dispose()
    said = tuple(
        (row.text[start:end], number)
        for number, row in enumerate(rows)
        for start, end in sentences(row.text, Language(row.language))
    )
    return _Real(np.stack([np.frombuffer(row.vector, dtype=np.float32) for row in rows]), said)


def _measure(prepared: Path, folder: Path) -> list[Figure]:
    config = Config(data_dir=folder)
    prepare(config)
    known = real(prepared)
    given = GivenEmbedder(known.vectors)
    made = parts(config)
    made = replace(
        made,
        embedder=CachedEmbedder(db=made.db, embedder=given),
        # The cache would only copy what costs nothing to make.
        index=ChromaIndex(path=folder / "chroma", embedder=given),
    )
    services = build(config, made=made)
    services.ownership.take("bench")
    brand = services.brands.create(slug="large", name="Large", zone="UTC", language="zh")
    chance = random.Random(50_000)
    for start in range(0, _PASSAGES, _AT_ONCE):
        click.echo(f"library of {_PASSAGES} passages: {start} …", err=True)
        _grow(services, brand, known, given, chance)
    return _searched(services, brand, folder, _queries(known, given, chance))


def _grow(services: Services, brand: int, known: _Real, given: GivenEmbedder, chance: random.Random) -> None:
    """Writes rows, words and vectors as the ingestion does, but many at once."""
    now = datetime.now(UTC)
    with services.parts.db.write() as session:
        owners: list[int] = []
        materials: list[models.Material] = []
        for _ in range(_AT_ONCE // _A_MATERIAL):
            kind = chance.choice(_KINDS)
            passages = []
            for ordinal in range(_A_MATERIAL):
                chosen = chance.choices(known.sentences, k=_SENTENCES)
                owners.append(chosen[0][1])
                passages.append(_passage(brand, ordinal, kind, "".join(text for text, _ in chosen), chance))
            name = f"{kind}/{chance.getrandbits(64):x}.md"
            revision = models.MaterialRevision(
                number=1,
                cause="file",
                kind=kind,
                title=name,
                digest=text_digest(name),
                size=0,
                characters=0,
                indexed_at=now,
                created_at=now,
                passages=passages,
            )
            materials.append(
                models.Material(
                    brand_id=brand,
                    path=name,
                    kind=kind,
                    title=name,
                    status=MaterialStatus.ACTIVE,
                    created_at=now,
                    revisions=[revision],
                )
            )
        session.add_all(materials)
        session.flush()
        for material in materials:
            material.current_id = material.revisions[0].id
        entries = [
            entry(passage, material.title)
            for material in materials
            for passage in material.revisions[0].passages
        ]
        search.put(session, [(one.passage, one.text) for one in entries])
    for one, owner in zip(entries, owners, strict=True):
        given.know(one.text, owner)
    services.parts.index.put(entries)


def _passage(brand: int, ordinal: int, kind: Kind, text: str, chance: random.Random) -> models.Passage:
    expired = chance.random() < _EXPIRED
    return models.Passage(
        brand_id=brand,
        ordinal=ordinal,
        kind=kind,
        language="zh",
        text=text,
        digest=text_digest(findable("", [], text)),
        valid_until=datetime.now(UTC) - timedelta(days=1) if expired else None,
        live=True,
    )


def _queries(known: _Real, given: GivenEmbedder, chance: random.Random) -> list[str]:
    """Whole sentences of the library, as a claim is looked up, and the clauses that a person would type."""
    queries: list[str] = []
    for number, (text, owner) in enumerate(chance.sample(known.sentences, _WARMING + _QUERIES)):
        queries.append(text if number % 2 else text[: max(6, len(text) // 3)])
        given.know(queries[-1], owner)
    return queries


def _searched(services: Services, brand: int, folder: Path, queries: list[str]) -> list[Figure]:
    # Within one process every client of a path is the same database, so that this one reads what we wrote.
    client = chromadb.PersistentClient(
        path=str(folder / "chroma"), settings=Settings(anonymized_telemetry=False)
    )
    collection = next(one for one in client.list_collections() if one.name.startswith(f"brand-{brand}-"))
    given = cast("Any", services.parts.index)._embedder
    now = datetime.now(UTC)
    retrieval = services.retrieval
    sides: dict[str, Callable[[str], Any]] = {
        "bare": lambda query: collection.query(query_embeddings=[vectors[query]], n_results=_K),
        "valid": lambda query: retrieval.search(query, brand=brand, at=now, k=_K),
        "kinds": lambda query: retrieval.search(query, brand=brand, at=now, kinds=_SOUGHT, k=_K),
    }
    vectors = dict(zip(queries, given.queries(queries), strict=True))
    times: dict[str, list[float]] = {side: [] for side in sides}
    for number, query in enumerate(queries):
        for side in _turning(list(sides), number):
            began = time.perf_counter()
            found = sides[side](query)
            seconds = time.perf_counter() - began
            if side != "bare" and len(found) < _K:
                raise RuntimeError(f"a library of {_PASSAGES} passages gave only {len(found)} for {query!r}")
            if number >= _WARMING:
                times[side].append(seconds)
    return [
        median("search of 50,000 passages, bare Chroma", times["bare"], "s"),
        median("search of 50,000 passages, valid now", times["valid"], "s"),
        ratio("search of 50,000 passages, ratio", times["valid"], times["bare"], _LIMIT),
        median("search of 50,000 passages, of two kinds", times["kinds"], "s"),
        ratio("search of 50,000 passages, of two kinds, ratio", times["kinds"], times["bare"]),
    ]


def _turning(sides: list[str], number: int) -> Iterator[str]:
    """Every side is first as often as last, because the first one meets cold pages."""
    turn = number % len(sides)
    yield from sides[turn:] + sides[:turn]


if __name__ == "__main__":
    from tests.bench.figures import table

    click.echo(table(measured(Path(sys.argv[1]), Path(sys.argv[2]))))
