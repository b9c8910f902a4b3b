"""The library keeps its word: what is in it is found, what is over or retired is not, and no crash changes that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from copilot.domain.materials import Kind
from copilot.domain.messages import Message
from copilot.services.house import Services
from copilot.services.ingestion import FileStatus
from copilot.services.retrieval import Method
from copilot.services.terms import Upload
from tests.conftest import POT, Team
from tests.documents import pictures
from tests.looks import embedded, index
from tests.steps import POT_FILE, add, library, revise, take, todays_slot

SHANGHAI = ZoneInfo("Asia/Shanghai")
METHODS = (Method.DENSE, Method.KEYWORD, Method.FUSED)


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


def worded(services: Services) -> int:
    """How many passages the keyword index holds."""
    with services.parts.db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM passage_words").scalar() or 0)


def row(services: Services, team: Team, path: str = POT_FILE) -> Any:
    return next(one for one in services.library.materials(brand=team.brand) if one.path == path)


def test_a_material_is_found_by_its_meaning_and_by_its_words(services: Services, team: Team) -> None:
    result = take(services, team, POT_FILE, POT)
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
    first = take(services, team, POT_FILE, POT)
    entries, computed = dict(index(services).entries), len(embedded(services))
    again = take(services, team, POT_FILE, POT)
    assert again == replace(first, unchanged=True)
    assert len(embedded(services)) == computed
    assert index(services).entries == entries
    assert row(services, team).revision == 1


def test_a_revision_takes_the_place_of_the_old_text_in_both_indexes(services: Services, team: Team) -> None:
    library(services, team)
    before, computed = set(index(services).entries), len(embedded(services))
    result = take(services, team, POT_FILE, POT.replace("青溪边的陶土", "白河滩的黏土"))
    assert (result.unchanged, row(services, team).revision) == (False, 2)
    assert says(services, team, "陶土") == set()
    assert says(services, team, "黏土") == set(METHODS)
    assert not before & set(index(services).entries)
    assert len(index(services).entries) == result.passages == worded(services)
    # Only what is new was computed.
    assert all("黏土" in text for text in embedded(services)[computed:])
    assert len(embedded(services)) > computed


def test_a_retired_material_is_gone_at_once_and_comes_back_whole(services: Services, team: Team) -> None:
    material = library(services, team)
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
    assert take(services, team, POT_FILE, POT).unchanged is False
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
    add(services, team, "offer/winter.md", OFFER)
    add(services, team, "offer/prices.csv", PRICES)
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
    add(services, team, "offer/prices.csv", PRICES, valid_until=day.date())
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
        refused = take(services, team, path, text, **window)
        assert refused.status is FileStatus.REFUSED and refused.reason is not None
    assert len(services.library.materials(brand=team.brand)) == 1


def test_a_file_of_pictures_is_kept_warned_of_and_never_written_from(services: Services, team: Team) -> None:
    scan = ("selling_point/scan.docx", pictures())
    result = take(services, team, *scan)
    assert (result.status, result.reason) == (FileStatus.WARNED, Message("warning.image_only"))
    assert result.passages == 0
    assert row(services, team, "selling_point/scan.docx").health == "image_only"
    assert index(services).entries == {}
    again = take(services, team, *scan)
    assert (again.unchanged, again.status, again.reason) == (True, result.status, result.reason)
    post = services.planning.open_post(todays_slot(services, team), brand=team.brand, actor=team.copywriter)
    services.drafting.run(services.drafting.request(post, brand=team.brand, actor=team.copywriter))
    generation = services.desk.post(post, brand=team.brand).generation
    assert generation is not None and generation.error is not None
    assert generation.error.id == "external.no_passages"


def test_a_refused_file_leaves_no_trace(services: Services, team: Team) -> None:
    library(services, team)
    refused = take(services, team, POT_FILE, "  \n")
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
                library(services, team)
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

        material = library(services, team)
        monkeypatch.setattr(index(services), "remove", dies)
        with pytest.raises(SystemExit):
            if deed == "revise":
                revise(services, team, ("青溪边的陶土", "白河滩的黏土"))
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
    library(services, team)
    add(services, team, "offer/prices.csv", PRICES)
    retired = add(services, team, "offer/winter.md", OFFER)
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
