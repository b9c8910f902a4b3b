"""A compiled week against the time that its calls alone would take."""

from __future__ import annotations

import math
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from copilot import files, models
from copilot.bootstrap import build
from copilot.config import Config
from copilot.services.house import Services
from copilot.services.weeks import KIND
from tests.bench import stub
from tests.bench.figures import Figure
from tests.bench.folder import BRAND, LOGIN

CALL_SECONDS = 2.0
_AT_ONCE = 8
_SLOTS = 35
_LIMIT = 1.15
_KINDS = ["selling_point", "offer", "user_guide"]
_TOKENS = 1 + round((CALL_SECONDS - stub.FIRST_TOKEN_SECONDS) * stub.TOKENS_A_SECOND)


def measured(folder: Path, service: stub.Stub) -> list[Figure]:
    """On a prepared folder that nobody serves; in a process of its own, which gives the index back."""
    service.tokens.value = _TOKENS
    service.tells.value = 1
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        seconds, calls = pool.submit(_compiled, folder, service.base_url).result()
    service.tells.value = 0
    ideal = math.ceil(_SLOTS / _AT_ONCE) * CALL_SECONDS
    return [
        Figure(f"a week of {_SLOTS} slots, {_AT_ONCE} calls of 2 s at once", seconds, "s"),
        Figure("model calls of that week, to each slot", calls / _SLOTS, ""),
        Figure("that week, to the ideal of its calls alone", seconds / ideal, "", _LIMIT),
    ]


def _compiled(folder: Path, base_url: str) -> tuple[float, int]:
    config = Config(
        data_dir=folder,
        llm_base_url=base_url,
        llm_model=stub.MODEL,
        llm_api_key="none",  # type: ignore[arg-type]
        llm_at_once=_AT_ONCE,
    )
    services = build(config)
    services.ownership.take("bench")
    with tempfile.TemporaryDirectory() as temporary:
        brand = services.folders.load(_five_a_day(Path(temporary)))
    writer = services.accounts.actor_by_login(LOGIN, brand=brand)
    # The first week warms up what a server has warm: the client, the embedder, the index.
    _compile(services, brand, writer.id, _today() + timedelta(weeks=8))
    return _compile(services, brand, writer.id, _today() + timedelta(weeks=4))


def _compile(services: Services, brand: int, user: int, start: date) -> tuple[float, int]:
    payload = {"brand": brand, "user": user, "start": start.isoformat()}
    job = services.jobs.once(KIND, payload, brand=brand)
    before = _calls(services)
    began = time.monotonic()
    services.jobs.run(job)
    seconds = time.monotonic() - began
    states = [line["state"] for line in services.jobs.view(job).result["slots"]]
    writers = {line["writer"] for line in services.jobs.view(job).result["slots"]}
    if states != ["drafted"] * _SLOTS or writers != {stub.MODEL}:
        raise RuntimeError(f"the week became {states} by {writers}")
    return seconds, _calls(services) - before


def _calls(services: Services) -> int:
    with services.parts.db.read() as session:
        return session.scalar(select(func.count()).select_from(models.Usage)) or 0


def _five_a_day(folder: Path) -> Path:
    """The sample brand with its five daily columns alone, all of them written from what the folder holds."""
    sample = files.folder("knowledge_base") / BRAND
    for name in ("brand.yaml", "voice.yaml"):
        (folder / name).write_bytes((sample / name).read_bytes())
    columns: dict[str, Any] = yaml.safe_load((sample / "columns.yaml").read_text(encoding="utf-8"))
    daily = [column for column in columns["columns"] if column["cadence"] == {"every": "day"}]
    kept = [{**column, "kinds": list(_KINDS), "form": "seeding", "length": [10, 200]} for column in daily]
    (folder / "columns.yaml").write_text(
        yaml.safe_dump({"columns": kept}, allow_unicode=True), encoding="utf-8"
    )
    return folder


def _today() -> date:
    return datetime.now(UTC).date()
