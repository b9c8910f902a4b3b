"""Taking materials in: against the embedder alone on the same texts, and a folder that nothing happened to."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click

from copilot import files
from copilot.adapters.embeddings.bundled import BundledEmbedder
from copilot.adapters.index.chroma import ChromaIndex
from copilot.bootstrap import build, parts, prepare
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.materials import Kind
from copilot.ports import Embedder
from copilot.services.brandfolders import uploads
from copilot.services.embedding import CachedEmbedder
from copilot.services.house import Services
from copilot.services.terms import Upload
from tests.bench.figures import Figure, median
from tests.bench.given import GivenEmbedder
from tests.bench.library import real
from tests.bench.server import COPILOT

T = TypeVar("T")

_SAMPLE = "slowmere"
_TURNS = 3
_LIMIT = 1 / 0.9
_SYNCED = 500
_SYNCS, _SYNC_LIMIT = 3, 3.0


def measured(prepared: Path, folder: Path) -> list[Figure]:
    turns = []
    for turn in range(_TURNS):
        click.echo(f"ingestion beside the embedder alone, {turn + 1} of {_TURNS} …", err=True)
        turns.append(_apart(_ingested, folder / f"ingest-{turn}"))
    ours, alone, counts = zip(*turns, strict=True)
    _apart(_fill, prepared, folder)
    click.echo(f"copilot kb sync of {_SYNCED} unchanged files …", err=True)
    # The first one settles what the command itself wants to know of a folder.
    syncs = [_sync(folder) for _ in range(_SYNCS + 1)][1:]
    return [
        Figure("ingest over the embedder alone, ratio", sum(ours) / sum(alone), "", _LIMIT, sum(counts)),
        median(f"copilot kb sync, {_SYNCED} unchanged files", syncs, "s", _SYNC_LIMIT),
    ]


def _apart(work: Callable[..., T], *given: Path) -> T:
    """In a process of its own: it knows nothing of an earlier turn, and leaves the index to who comes next."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


class _Overheard:
    """The bundled embedder, and what it was asked to embed."""

    def __init__(self, inner: BundledEmbedder) -> None:
        self._inner = inner
        self.name = inner.name
        self.queries = inner.queries
        self.texts: list[str] = []

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += texts
        return self._inner.passages(texts)


def _ingested(folder: Path) -> tuple[float, float, int]:
    """Seconds of a sample folder's ingestion, and of the embedder alone on its texts; how many those were."""
    inner = BundledEmbedder()
    overheard = _Overheard(inner)
    services = _services(folder, overheard)
    brand = services.brands.create(slug="bench", name="Bench", zone="UTC", language="en")
    sample = uploads(
        files.folder("knowledge_base") / _SAMPLE, today=datetime.now(UTC).date(), language=Language.EN
    )
    # What is loaded once, model, index and the readers' process, is not what a file costs.
    warm = Upload(path="story/warm.md", data=b"# Warm\n\nWarm.", kind=Kind.STORY)
    services.ingestion.add_all([warm], brand=brand, actor=None)
    overheard.texts.clear()
    began = time.perf_counter()
    services.ingestion.add_all(sample, brand=brand, actor=None)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    inner.passages(overheard.texts)
    return ours, time.perf_counter() - began, len(overheard.texts)


def _fill(prepared: Path, folder: Path) -> None:
    """A brand's folder of small files, taken in once with vectors that cost nothing."""
    for number in range(_SYNCED):
        path = folder / "kb" / "materials" / "story" / f"{number:03}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"# Loaf {number}\n\nThe starter of loaf {number} rose overnight.\n", encoding="utf-8"
        )
    services = _services(folder / "sync", GivenEmbedder(real(prepared).vectors))
    brand = services.brands.create(slug="bench", name="Bench", zone="UTC", language="en")
    found = uploads(folder / "kb", today=datetime.now(UTC).date(), language=Language.EN)
    services.lifecycle.sync(found, brand=brand, actor=None)


def _services(folder: Path, embedder: Embedder) -> Services:
    config = Config(data_dir=folder)
    prepare(config)
    made = parts(config)
    cached = CachedEmbedder(db=made.db, embedder=embedder)
    made = replace(made, embedder=cached, index=ChromaIndex(path=folder / "chroma", embedder=cached))
    services = build(config, made=made)
    services.ownership.take("bench")
    return services


def _sync(folder: Path) -> float:
    began = time.monotonic()
    subprocess.run(
        [COPILOT, "kb", "sync", "--brand", "bench", folder / "kb"],
        env={**os.environ, "COPILOT_DATA_DIR": str(folder / "sync")},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - began
