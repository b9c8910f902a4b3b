"""Taking materials in: against the embedder alone on the same texts, and a folder that nothing happened to."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

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

_SAMPLE = "slowmere"
_FILES, _ROUNDS = 3, 12
_LIMIT = 1 / 0.9
_SYNCED = 500
_SYNCS, _SYNC_LIMIT = 3, 3.0


def measured(prepared: Path, folder: Path) -> list[Figure]:
    """In processes of their own, which leave the index to the commands that follow."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        ratio = pool.submit(_ingested, folder / "ingest").result()
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        pool.submit(_fill, prepared, folder).result()
    click.echo(f"copilot kb sync of {_SYNCED} unchanged files …", err=True)
    # The first one settles what the command itself wants to know of a folder.
    syncs = [_sync(folder) for _ in range(_SYNCS + 1)][1:]
    return [
        ratio,
        median(f"copilot kb sync, {_SYNCED} unchanged files", syncs, "s", _SYNC_LIMIT),
    ]


class _Overheard:
    """The bundled embedder, and what it was asked to embed."""

    def __init__(self, inner: BundledEmbedder) -> None:
        self._inner = inner
        self.name = inner.name
        self.query = inner.query
        self.texts: list[str] = []

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += texts
        return self._inner.passages(texts)


def _ingested(folder: Path) -> Figure:
    """Seconds of the ingestion over those of the embedder alone on the same texts, in short turns."""
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
    ours = alone = 0.0
    count = 0
    for turn in range(_ROUNDS):
        chosen = sample[turn : turn + _FILES * _ROUNDS : _ROUNDS]
        click.echo(f"ingestion beside the embedder alone, {turn + 1} of {_ROUNDS} …", err=True)
        overheard.texts.clear()
        began = time.perf_counter()
        services.ingestion.add_all(chosen, brand=brand, actor=None)
        ours += time.perf_counter() - began
        began = time.perf_counter()
        inner.passages(overheard.texts)
        alone += time.perf_counter() - began
        count += len(overheard.texts)
    return Figure("ingest over the embedder alone, ratio", ours / alone, "", _LIMIT, count)


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
