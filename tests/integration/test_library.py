"""The library keeps its word: what is in it is found, what is over or retired is not, and no crash changes that."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from copilot.adapters.ownership import Ownership
from copilot.config import Config
from copilot.domain.materials import Kind
from copilot.domain.messages import Message
from copilot.errors import CopilotError
from copilot.services.house import Services
from copilot.services.ingestion import FileResult, FileStatus
from copilot.services.jobs import Handler, Jobs
from copilot.services.reporting import ReportedError
from copilot.services.retrieval import Method
from copilot.services.terms import Upload
from tests.conftest import POT, Team
from tests.fakes import FakeClock, FakeEmbedder, FakeIndex
from tests.steps import todays_slot
from tests.visiting import pictures

PATH = "selling_point/pot.md"
SHANGHAI = ZoneInfo("Asia/Shanghai")
METHODS = (Method.DENSE, Method.KEYWORD, Method.FUSED)


def add(services: Services, team: Team, text: str = POT, path: str = PATH, **window: Any) -> FileResult:
    upload = Upload(path=path, data=text.encode(), kind=Kind(path.split("/")[0]), **window)
    return services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)


def found(
    services: Services, team: Team, query: str, *, at: datetime | None = None, method: Method = Method.FUSED
) -> list[str]:
    hits = services.retrieval.search(query, brand=team.brand, at=at, k=20, method=method)
    return [hit.source.text for hit in hits]


def says(services: Services, team: Team, word: str, **how: Any) -> set[Method]:
    """The ways of searching that find a passage with this word."""
    return {
        method
        for method in METHODS
        if any(word in text for text in found(services, team, word, method=method, **how))
    }


def embedded(services: Services) -> list[str]:
    """What the embedder had to compute so far."""
    return cast("FakeEmbedder", cast("Any", services.parts.embedder)._embedder).embedded


def index(services: Services) -> FakeIndex:
    return cast("FakeIndex", services.parts.index)


def worded(services: Services) -> int:
    """How many passages the keyword index holds."""
    with services.parts.db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM passage_words").scalar() or 0)


def row(services: Services, team: Team, path: str = PATH) -> Any:
    return next(one for one in services.library.materials(brand=team.brand) if one.path == path)


def test_a_material_is_found_by_its_meaning_and_by_its_words(services: Services, team: Team) -> None:
    result = add(services, team)
    assert (result.status, result.reason, result.unchanged) == (FileStatus.INDEXED, None, False)
    assert result.passages > 0
    assert says(services, team, "陶土") == set(METHODS)
    assert {entry.brand for entry in index(services).entries.values()} == {team.brand}
    assert len(index(services).entries) == result.passages == row(services, team).passages
    assert row(services, team).indexed
    # Every passage is found by its material's title too, which it does not say itself.
    assert all(entry.text.startswith("小灶陶锅") for entry in index(services).entries.values())
    other = services.brands.create(slug="other", name="Other", zone="Europe/London", language="en")
    assert services.retrieval.search("陶土", brand=other, k=20) == []


def test_the_same_file_again_costs_nothing_and_changes_nothing(services: Services, team: Team) -> None:
    first = add(services, team)
    entries, computed = dict(index(services).entries), len(embedded(services))
    again = add(services, team)
    assert again == replace(first, unchanged=True)
    assert len(embedded(services)) == computed
    assert index(services).entries == entries
    assert row(services, team).revision == 1


def test_a_revision_takes_the_place_of_the_old_text_in_both_indexes(services: Services, team: Team) -> None:
    add(services, team)
    before, computed = set(index(services).entries), len(embedded(services))
    result = add(services, team, POT.replace("青溪边的陶土", "白河滩的黏土"))
    assert (result.unchanged, row(services, team).revision) == (False, 2)
    assert says(services, team, "陶土") == set()
    assert says(services, team, "黏土") == set(METHODS)
    assert not before & set(index(services).entries)
    assert len(index(services).entries) == result.passages == worded(services)
    # Only what is new was computed.
    assert all("黏土" in text for text in embedded(services)[computed:])
    assert len(embedded(services)) > computed


def test_a_retired_material_is_gone_at_once_and_comes_back_whole(services: Services, team: Team) -> None:
    material = add(services, team).material
    assert material is not None
    before = {query: found(services, team, query) for query in ("陶土", "会员价", "明火")}
    services.lifecycle.retire([material], brand=team.brand, actor=team.manager.id)
    assert says(services, team, "陶土") == set()
    assert index(services).entries == {} and worded(services) == 0
    assert row(services, team).health == "retired"
    computed = len(embedded(services))
    services.lifecycle.restore([material], brand=team.brand, actor=team.manager.id)
    assert {query: found(services, team, query) for query in before} == before
    assert says(services, team, "陶土") == set(METHODS)
    assert row(services, team).health == "active"
    assert len(embedded(services)) == computed
    # The same file handed in again after a retirement is a wish to have it back.
    services.lifecycle.retire([material], brand=team.brand, actor=team.manager.id)
    assert add(services, team).unchanged is False
    assert says(services, team, "陶土") == set(METHODS)


def test_a_sync_adds_revises_and_retires_what_is_gone(services: Services, team: Team) -> None:
    def file(name: str, text: str) -> Upload:
        return Upload(path=f"story/{name}.md", data=f"# {name}\n\n{text}".encode(), kind=Kind.STORY)

    kept, old, gone = file("溪", "溪水从石缝里来。"), file("窑", "窑里烧松木。"), file("舟", "舟已经沉了。")
    services.lifecycle.sync([kept, old, gone], brand=team.brand, actor=None)
    new, revised = file("桥", "桥有三个孔。"), file("窑", "窑里烧竹子。")
    results = services.lifecycle.sync([kept, revised, new], brand=team.brand, actor=None)
    assert [result.unchanged for result in results] == [True, False, False]
    health = {one.path: str(one.health) for one in services.library.materials(brand=team.brand)}
    assert health == {
        "story/溪.md": "active",
        "story/窑.md": "active",
        "story/桥.md": "active",
        "story/舟.md": "retired",
    }
    assert says(services, team, "沉") == says(services, team, "松木") == set()
    assert says(services, team, "竹子") == says(services, team, "三个孔") == set(METHODS)
    services.lifecycle.sync([kept, revised, new, gone], brand=team.brand, actor=None)
    assert says(services, team, "沉") == set(METHODS)


OFFER = """---
title: 冬日优惠
valid_from: 2026-11-25
valid_until: 2026-11-30
---
# 冬日优惠

冬日优惠期间，陶锅立减三十元。
"""
PRICES = """商品,会员价,有效期起,有效期止
溪石米缸,129 元,2026-11-25,2026-11-30
竹编饭篮,59 元,,2026-11-27
青釉汤碗,39 元,,
"""
BEGINS = datetime(2026, 11, 25, tzinfo=SHANGHAI)
ENDS = datetime(2026, 12, 1, tzinfo=SHANGHAI)
INSTANT = timedelta(seconds=1)
# The same instants as clocks in other places say them: which clock asks must not matter.
ZONES = [
    pytest.param(UTC, id="UTC"),
    pytest.param(SHANGHAI, id="Shanghai"),
    pytest.param(ZoneInfo("America/New_York"), id="New York"),
]


@pytest.mark.parametrize("zone", ZONES)
def test_a_window_holds_to_the_last_second_of_its_last_day(services: Services, team: Team, zone: Any) -> None:
    add(services, team, OFFER, "offer/winter.md")
    add(services, team, PRICES, "offer/prices.csv")
    for word in ("立减", "米缸"):
        for at, ways in (
            (BEGINS - INSTANT, set()),
            (BEGINS, set(METHODS)),
            (ENDS - INSTANT, set(METHODS)),
            (ENDS, set()),
        ):
            assert says(services, team, word, at=at.astimezone(zone)) == ways, (word, at)
    middle = datetime(2026, 11, 28, tzinfo=SHANGHAI)
    assert says(services, team, "饭篮", at=(middle - INSTANT).astimezone(zone)) == set(METHODS)
    assert says(services, team, "饭篮", at=middle.astimezone(zone)) == set()
    assert says(services, team, "汤碗", at=(ENDS + timedelta(days=900)).astimezone(zone)) == set(METHODS)
    assert says(services, team, "立减") == set(METHODS)


def test_days_given_with_the_upload_bind_the_rows_of_the_file_too(services: Services, team: Team) -> None:
    day = datetime(2026, 11, 26, 12, tzinfo=SHANGHAI)
    add(services, team, PRICES, "offer/prices.csv", valid_until=day.date())
    assert says(services, team, "米缸", at=day) == says(services, team, "汤碗", at=day) == set(METHODS)
    # The row would hold longer by itself, but a passage is never valid longer than its material.
    later = day + timedelta(days=1)
    assert says(services, team, "米缸", at=later) == says(services, team, "汤碗", at=later) == set()
    for path, text in (
        ("offer/bad.md", "---\nvalid_until: soon\n---\n# A\n\nB."),
        ("offer/x.md", "# A\n\nB."),
    ):
        window = (
            {} if "bad" in path else {"valid_from": day.date(), "valid_until": day.date() - timedelta(days=2)}
        )
        refused = add(services, team, text, path, **window)
        assert refused.status is FileStatus.REFUSED and refused.reason is not None
    assert len(services.library.materials(brand=team.brand)) == 1


def test_a_file_of_pictures_is_kept_warned_of_and_never_written_from(services: Services, team: Team) -> None:
    upload = Upload(path="selling_point/scan.docx", data=pictures(), kind=Kind.SELLING_POINT)
    result = services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)
    assert (result.status, result.reason) == (FileStatus.WARNED, Message("warning.image_only"))
    assert result.passages == 0
    assert row(services, team, "selling_point/scan.docx").health == "image_only"
    assert index(services).entries == {}
    again = services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)
    assert (again.unchanged, again.status, again.reason) == (True, result.status, result.reason)
    post = services.planning.open_post(todays_slot(services, team), brand=team.brand, actor=team.copywriter)
    services.drafting.run(services.drafting.request(post, brand=team.brand, actor=team.copywriter))
    generation = services.desk.post(post, brand=team.brand).generation
    assert generation is not None and generation.error is not None
    assert generation.error.id == "external.no_passages"


def test_a_refused_file_leaves_no_trace(services: Services, team: Team) -> None:
    add(services, team)
    refused = add(services, team, "  \n")
    assert refused.status is FileStatus.REFUSED
    assert refused.reason == Message("unreadable.empty")
    assert row(services, team).revision == 1
    assert says(services, team, "陶土") == set(METHODS)


class TestManyFilesAtOnce:
    def uploads(self, **texts: str) -> list[Upload]:
        return [
            Upload(path=f"story/{name}.md", data=text.encode(), kind=Kind.STORY)
            for name, text in texts.items()
        ]

    def calls(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many texts each call to the embedder brought it."""
        embedder = cast("Any", services.parts.embedder)._embedder
        passages, sizes = embedder.passages, []

        def counted(texts: Any) -> Any:
            sizes.append(len(texts))
            return passages(texts)

        monkeypatch.setattr(embedder, "passages", counted)
        return sizes

    def test_short_ones_are_embedded_together_and_told_of_one_by_one(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes = self.calls(services, monkeypatch)
        shorts = {
            f"day-{number}": f"# 第{number}天\n\n第{number}天用陶土，出了一批新锅。" for number in range(5)
        }
        uploads = self.uploads(**shorts, empty=" \n", last="# 末尾\n\n收工，收起米缸。")
        results = list(services.ingestion.add_each(uploads, brand=team.brand, actor=team.manager.id))
        assert [one.path for one in results] == [upload.path for upload in uploads]
        assert [one.status for one in results] == [*["indexed"] * 5, "refused", "indexed"]
        assert sizes == [6]
        assert says(services, team, "陶土") == says(services, team, "米缸") == set(METHODS)

    def test_a_long_one_is_embedded_alone_and_says_how_far_it_is(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes = self.calls(services, monkeypatch)
        rows = "\n".join(f"| 第{number}号锅 | {number} 升 |" for number in range(1, 41))
        long = f"# 锅\n\n| 名称 | 容量 |\n| --- | --- |\n{rows}\n"
        heard: list[tuple[int, int]] = []
        uploads = self.uploads(before="# 前\n\n窑前的话。", long=long, after="# 后\n\n窑后的话。")
        results = list(
            services.ingestion.add_each(
                uploads, brand=team.brand, actor=None, progress=lambda *now: heard.append(now)
            )
        )
        assert [one.passages for one in results] == [1, 40, 1]
        assert sizes == [1, 32, 8, 1]
        assert (32, 40) in heard
        assert (40, 40) in heard

    def test_a_file_that_nothing_happened_to_keeps_nobody_waiting(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        uploads = self.uploads(one="# 一\n\n用青溪的陶土。", two="# 二\n\n用白河的黏土。")
        services.ingestion.add_all(uploads[:1], brand=team.brand, actor=None)
        sizes = self.calls(services, monkeypatch)
        results = services.ingestion.add_each(uploads, brand=team.brand, actor=None)
        assert next(results).unchanged
        assert sizes == []
        assert [one.unchanged for one in results] == [False]

    def test_a_path_that_comes_twice_is_revised_by_the_second(self, services: Services, team: Team) -> None:
        uploads = [*self.uploads(pot="# 锅\n\n用青溪的陶土。"), *self.uploads(pot="# 锅\n\n用白河的黏土。")]
        services.ingestion.add_all(uploads, brand=team.brand, actor=None)
        assert row(services, team, "story/pot.md").revision == 2
        assert says(services, team, "陶土") == set()
        assert says(services, team, "黏土") == set(METHODS)

    def test_what_was_added_before_somebody_stops_listening_is_found(
        self, services: Services, team: Team
    ) -> None:
        uploads = self.uploads(one="# 一\n\n用青溪的陶土。", two="# 二\n\n用白河的黏土。")
        results = services.ingestion.add_each(uploads, brand=team.brand, actor=None)
        assert next(results).path == "story/one.md"
        results.close()  # type: ignore[attr-defined]
        assert says(services, team, "陶土") == set(METHODS)


class TestACrash:
    """The process dies between the database, which is the truth, and the index, which follows it."""

    def test_between_the_two_is_mended_at_the_next_start(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dies(*_: object) -> None:
            raise SystemExit

        with monkeypatch.context() as power_cut:
            power_cut.setattr(index(services), "put", dies)
            with pytest.raises(SystemExit):
                add(services, team)
        assert not row(services, team).indexed
        assert says(services, team, "陶土") == {Method.KEYWORD, Method.FUSED}
        computed = len(embedded(services))
        assert services.indexing.catch_up() == 1
        assert row(services, team).indexed
        assert says(services, team, "陶土") == set(METHODS)
        assert len(embedded(services)) == computed
        assert services.indexing.catch_up() == 0

    @pytest.mark.parametrize("deed", ["revise", "retire"])
    def test_before_the_index_forgot_brings_nothing_old_back(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch, deed: str
    ) -> None:
        def dies(*_: object, **__: object) -> None:
            raise SystemExit

        material = add(services, team).material
        assert material is not None
        monkeypatch.setattr(index(services), "remove", dies)
        with pytest.raises(SystemExit):
            if deed == "revise":
                add(services, team, POT.replace("青溪边的陶土", "白河滩的黏土"))
            else:
                services.lifecycle.retire([material], brand=team.brand, actor=None)
        assert says(services, team, "陶土") == set()
        monkeypatch.undo()
        services.indexing.catch_up()
        assert says(services, team, "陶土") == set()
        assert says(services, team, "黏土") == (set(METHODS) if deed == "revise" else set())
        services.indexing.reindex(brand=team.brand)
        assert len(index(services).entries) == (row(services, team).passages if deed == "revise" else 0)


def test_an_index_that_was_lost_is_built_again_as_it_was(services: Services, team: Team) -> None:
    add(services, team)
    add(services, team, PRICES, "offer/prices.csv")
    retired = add(services, team, OFFER, "offer/winter.md").material
    assert retired is not None
    services.lifecycle.retire([retired], brand=team.brand, actor=None)
    queries = ("陶土", "米缸", "会员价是多少", "立减", "汤碗")
    before = {
        (query, method): found(services, team, query, method=method)
        for query in queries
        for method in METHODS
    }
    entries = dict(index(services).entries)
    index(services).entries.clear()
    with services.parts.db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM passage_words")
    assert not any(found(services, team, query) for query in queries)
    heard: list[tuple[int, int]] = []
    held = services.indexing.reindex(
        brand=team.brand, progress=lambda done, total: heard.append((done, total))
    )
    assert held == len(entries)
    assert index(services).entries == entries
    assert {key: found(services, team, key[0], method=key[1]) for key in before} == before
    assert heard == []  # Every vector was known, so nothing had to be waited for.


class TestJobs:
    def files(self, services: Services, team: Team, *names: str, more: str = "") -> dict[str, Any]:
        entries = [
            {
                "path": f"story/{name}.md",
                "digest": services.parts.blobs.put(f"# {name}\n\n{name}在溪边。{more}".encode()),
                "kind": "story",
            }
            for name in names
        ]
        return {"brand": team.brand, "actor": team.manager.id, "files": entries}

    def test_a_job_in_the_queue_is_run_once_and_shows_how_far_it_is(
        self, services: Services, team: Team
    ) -> None:
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
        files = self.files(services, team, "甲", "乙", "丙", more=long)
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
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        job = services.jobs.enqueue("ingest", self.files(services, team, "甲"), brand=team.brand)

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

        doomed = services.jobs.enqueue("ingest", self.files(services, team, "乙"), brand=team.brand)
        handlers["ingest"] = dies
        for _attempt in range(3):
            with pytest.raises(SystemExit):
                services.jobs.run(doomed)
            clock.forward(minutes=11)
            services.jobs.sweep()
        services.jobs.run(doomed)
        view = services.jobs.view(doomed)
        assert (view.state, view.error) == ("failed", {"id": "error.job_gave_up", "params": {}})

    def test_what_a_job_came_to_before_it_failed_stays_to_be_seen(
        self, services: Services, team: Team
    ) -> None:
        embedder = cast("Any", services.parts.embedder)._embedder
        passages = embedder.passages

        def dies_at_the_second(texts: Any) -> Any:
            if any("乙" in text for text in texts):
                raise RuntimeError("the model is gone")
            return passages(texts)

        embedder.passages = dies_at_the_second
        long = "".join(f"\n\n## 第{number}节\n\n第{number}天的话。" for number in range(20))
        files = self.files(services, team, "甲", "乙", "丙", more=long)
        job = services.jobs.enqueue("ingest", files, brand=team.brand)
        services.jobs.run(job)
        view = services.jobs.view(job)
        assert (view.state, view.error) == ("failed", {"id": "error.unexpected", "params": {}})
        assert [one.path for one in services.library.materials(brand=team.brand)] == ["story/甲.md"]
        assert [(line["path"], line["status"]) for line in view.result] == [
            ("story/甲.md", "indexed"),
            ("story/乙.md", "reading"),
        ]

    def own(
        self, services: Services, clock: FakeClock, work: Handler, *, pause: float = 60.0
    ) -> tuple[Jobs, int]:
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
    def test_whoever_lost_the_claim_says_nothing_any_more(
        self, services: Services, clock: FakeClock, end: str
    ) -> None:
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

        jobs, job = self.own(services, clock, work)
        jobs.run(job)
        view = jobs.view(job)
        assert len(runs) == 2
        assert (view.state, view.result, view.error) == ("done", ["the second"], None)
        assert (view.done, view.total) == (2, 2)

    def test_long_and_silent_work_keeps_its_claim(self, services: Services, clock: FakeClock) -> None:
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

        jobs, job = self.own(services, clock, work, pause=0.01)
        jobs.run(job)
        view = jobs.view(job)
        assert (view.state, view.result, runs) == ("done", "whole", [job])
        assert [thread.name for thread in threading.enumerate() if thread.name.startswith("job-")] == []

    @pytest.mark.parametrize("end", ["done", "failed"])
    def test_many_files_are_not_written_down_again_for_each_of_them(
        self, services: Services, clock: FakeClock, end: str
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

        jobs, job = self.own(services, clock, work)
        jobs.run(job)
        view = jobs.view(job)
        # All of it is there in the end, and what was written on the way is a few times as much at most.
        assert (view.state, view.done, len(view.result)) == (end, files, files)
        whole = files * len('"story/0000.md", ')
        assert len(writes) < 110
        assert sum(writes) < 8 * whole

    def test_work_is_done_by_whoever_owns_the_folder(
        self, services: Services, team: Team, config: Config
    ) -> None:
        """A command beside a server hands its work over; if the server ends meanwhile, it does the work itself."""
        server = Ownership(config.data_dir)
        server.take("server")
        stop = services.parts.queue.consume(services.jobs.run)
        try:
            done = services.carry_out(
                "ingest", self.files(services, team, "甲"), brand=team.brand, seconds=30
            )
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
            self.files(services, team, "乙"),
            brand=team.brand,
            seconds=30,
            progress=lambda _done, _total: server.release(),
        )
        assert [line["path"] for line in left] == ["story/乙.md"]
        assert services.ownership.held
        services.carry_out("ingest", self.files(services, team, "丙"), brand=team.brand)
        assert len(services.jobs.recent(brand=team.brand, kind="ingest")) == 2
