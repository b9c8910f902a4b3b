"""A job is done once, says how far it is, and is taken up again when whoever did it is gone."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest
from sqlalchemy import event

from copilot.adapters.ownership import Ownership
from copilot.config import Config
from copilot.errors import CopilotError
from copilot.services.house import Services
from copilot.services.jobs import Handler, Jobs
from copilot.services.reporting import ReportedError
from tests.conftest import Team
from tests.fakes import FakeClock


def payload(services: Services, team: Team, *names: str, more: str = "") -> dict[str, Any]:
    """What a job needs to know to take in short stories of these names."""
    entries = [
        {
            "path": f"story/{name}.md",
            "digest": services.parts.blobs.put(f"# {name}\n\n{name}在溪边。{more}".encode()),
            "kind": "story",
        }
        for name in names
    ]
    return {"brand": team.brand, "actor": team.manager.id, "files": entries}


def test_a_job_in_the_queue_is_run_once_and_shows_how_far_it_is(services: Services, team: Team) -> None:
    seen: list[tuple[str, int, int]] = []
    embedder = cast("Any", services.parts.embedder)._embedder
    passages = embedder.passages

    def watched(texts: Any) -> Any:
        view = services.jobs.view(job, brand=team.brand)
        seen.append((view.state, view.done, view.total))
        return passages(texts)

    embedder.passages = watched
    # Each long enough to be embedded alone.
    long = "".join(f"\n\n## 第{number}节\n\n第{number}天的话。" for number in range(20))
    files = payload(services, team, "甲", "乙", "丙", more=long)
    job = services.jobs.enqueue("ingest", files, brand=team.brand)
    assert services.jobs.view(job).state == "queued"
    services.parts.queue.put(job)
    stop = services.parts.queue.consume(services.jobs.run)
    try:
        view = services.jobs.wait(job, seconds=30)
    finally:
        stop()
    assert seen == [("running", 0, 3), ("running", 1, 3), ("running", 2, 3)]
    assert (view.state, view.done, view.total) == ("done", 3, 3)
    assert [line["status"] for line in view.result] == ["indexed"] * 3
    assert {one.revision for one in services.library.materials(brand=team.brand)} == {1}
    services.jobs.run(job)
    assert len(seen) == 3
    other = services.brands.create(slug="other", name="Other", zone="Europe/London", language="en")
    with pytest.raises(CopilotError):
        services.jobs.view(job, brand=other)


def test_a_job_whose_process_died_is_taken_up_again_three_times_at_most(
    services: Services, team: Team, clock: FakeClock
) -> None:
    job = services.jobs.enqueue("ingest", payload(services, team, "甲"), brand=team.brand)

    def dies(*_: object) -> None:
        raise SystemExit

    handlers = cast("dict[str, Any]", services.handlers)
    real, handlers["ingest"] = handlers["ingest"], dies
    for _attempt in range(2):
        with pytest.raises(SystemExit):
            services.jobs.run(job)
        services.jobs.run(job)
        assert services.jobs.view(job).state == "running"  # Its lease holds: nobody else may run it yet.
        clock.forward(minutes=9)
        assert services.jobs.sweep() == 0
        clock.forward(minutes=2)
        assert services.jobs.sweep() == 1
    handlers["ingest"] = real
    services.jobs.run(job)
    assert services.jobs.view(job).state == "done"

    doomed = services.jobs.enqueue("ingest", payload(services, team, "乙"), brand=team.brand)
    handlers["ingest"] = dies
    for _attempt in range(3):
        with pytest.raises(SystemExit):
            services.jobs.run(doomed)
        clock.forward(minutes=11)
        services.jobs.sweep()
    services.jobs.run(doomed)
    view = services.jobs.view(doomed)
    assert (view.state, view.error) == ("failed", {"id": "error.job_gave_up", "params": {}})


def test_what_a_job_came_to_before_it_failed_stays_to_be_seen(services: Services, team: Team) -> None:
    embedder = cast("Any", services.parts.embedder)._embedder
    passages = embedder.passages

    def dies_at_the_second(texts: Any) -> Any:
        if any("乙" in text for text in texts):
            raise RuntimeError("the model is gone")
        return passages(texts)

    embedder.passages = dies_at_the_second
    long = "".join(f"\n\n## 第{number}节\n\n第{number}天的话。" for number in range(20))
    files = payload(services, team, "甲", "乙", "丙", more=long)
    job = services.jobs.enqueue("ingest", files, brand=team.brand)
    services.jobs.run(job)
    view = services.jobs.view(job)
    assert (view.state, view.error) == ("failed", {"id": "error.unexpected", "params": {}})
    assert [one.path for one in services.library.materials(brand=team.brand)] == ["story/甲.md"]
    assert [(line["path"], line["status"]) for line in view.result] == [
        ("story/甲.md", "indexed"),
        ("story/乙.md", "reading"),
    ]


def own(services: Services, clock: FakeClock, work: Handler, *, pause: float = 60.0) -> tuple[Jobs, int]:
    """A job of one kind in jobs of their own, which speak only when `pause` seconds are over."""
    jobs = Jobs(
        db=services.parts.db,
        clock=clock,
        queue=services.parts.queue,
        handlers={"work": work},
        pause=pause,
    )
    return jobs, jobs.enqueue("work", {})


@pytest.mark.parametrize("end", ["comes back", "breaks"])
def test_whoever_lost_the_claim_says_nothing_any_more(services: Services, clock: FakeClock, end: str) -> None:
    runs: list[str] = []

    def work(_payload: Any, advance: Any) -> Any:
        runs.append("run")
        if len(runs) > 1:
            advance(2, 2, ["the second"])
            return ["the second"]
        # This process slept for so long that another one takes the job up and ends it.
        clock.forward(minutes=11)
        assert jobs.sweep() == 1
        jobs.run(job)
        advance(1, 9, ["the first"])
        if end == "breaks":
            raise RuntimeError("too late")
        return ["the first"]

    jobs, job = own(services, clock, work)
    jobs.run(job)
    view = jobs.view(job)
    assert len(runs) == 2
    assert (view.state, view.result, view.error) == ("done", ["the second"], None)
    assert (view.done, view.total) == (2, 2)


def test_long_and_silent_work_keeps_its_claim(services: Services, clock: FakeClock) -> None:
    written = threading.Semaphore(0)

    @event.listens_for(services.parts.db.engine, "commit")
    def _written(_connection: Any) -> None:
        if threading.current_thread().name.startswith("job-"):
            written.release()

    runs: list[int] = []

    def work(_payload: Any, _advance: Any) -> Any:
        for _span in range(3):
            clock.forward(minutes=9)
            assert written.acquire(timeout=10), "nobody renewed the lease"
            assert jobs.sweep() == 0
        runs.append(job)
        return "whole"

    jobs, job = own(services, clock, work, pause=0.01)
    jobs.run(job)
    view = jobs.view(job)
    assert (view.state, view.result, runs) == ("done", "whole", [job])
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("job-")] == []


@pytest.mark.parametrize("end", ["done", "failed"])
def test_many_files_are_not_written_down_again_for_each_of_them(
    services: Services, clock: FakeClock, end: str
) -> None:
    files = 1000
    writes: list[int] = []

    @event.listens_for(services.parts.db.engine, "before_cursor_execute")
    def _count(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("UPDATE job"):
            writes.append(sum(len(one) for one in parameters if isinstance(one, str)))

    def work(_payload: Any, advance: Any) -> Any:
        lines: list[str] = []
        for number in range(files):
            lines.append(f"story/{number:04}.md")
            advance(len(lines), files, list(lines))
        if end == "failed":
            raise RuntimeError("at the very end")
        return lines

    jobs, job = own(services, clock, work)
    jobs.run(job)
    view = jobs.view(job)
    # All of it is there in the end, and what was written on the way is a few times as much at most.
    assert (view.state, view.done, len(view.result)) == (end, files, files)
    whole = files * len('"story/0000.md", ')
    assert len(writes) < 110
    assert sum(writes) < 8 * whole


def test_work_is_done_by_whoever_owns_the_folder(services: Services, team: Team, config: Config) -> None:
    """A command beside a server hands its work over; if the server ends meanwhile, it does the work itself."""
    server = Ownership(config.data_dir)
    server.take("server")
    stop = services.parts.queue.consume(services.jobs.run)
    try:
        done = services.carry_out("ingest", payload(services, team, "甲"), brand=team.brand, seconds=30)
        assert not services.ownership.held
        with pytest.raises(ReportedError) as refused:
            services.carry_out("search", {"brand": 99, "query": "x", "kinds": ["x"], "k": 1}, seconds=30)
    finally:
        stop()
    assert [line["status"] for line in done] == ["indexed"]
    assert refused.value.message_id == "error.unexpected"
    assert len(services.jobs.recent(brand=team.brand, kind="ingest")) == 1

    left = services.carry_out(
        "ingest",
        payload(services, team, "乙"),
        brand=team.brand,
        seconds=30,
        progress=lambda _done, _total: server.release(),
    )
    assert [line["path"] for line in left] == ["story/乙.md"]
    assert services.ownership.held
    services.carry_out("ingest", payload(services, team, "丙"), brand=team.brand)
    assert len(services.jobs.recent(brand=team.brand, kind="ingest")) == 2
