"""Searching keeps its promises: sayings once, nothing stale, filters that are exact, and the reason why."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from copilot.adapters.index.chroma import ChromaIndex
from copilot.domain.brands import Language
from copilot.domain.materials import Kind
from copilot.errors import InvalidInput
from copilot.models import search
from copilot.ports import OPEN_END, IndexEntry
from copilot.services.embedding import CachedEmbedder
from copilot.services.evaluating import load
from copilot.services.house import Services
from copilot.services.indexing import Indexing
from copilot.services.retrieval import Hit, Method, Retrieval
from tests.conftest import NOON, Team
from tests.fakes import FakeEmbedder
from tests.looks import index
from tests.steps import add

TODAY = date(2026, 11, 21)
SAYING = "青溪边的陶土要晒足四十天，才能拉坯成型；晒不足的，烧到一千二百度就会裂开，所以我们一年只开两次窑。"


def find(services: Services, team: Team, query: str, **how: Any) -> list[Hit]:
    return services.retrieval.search(query, brand=team.brand, **how)


class TestTheSameTwice:
    def test_is_shown_once_with_what_holds_longest_and_the_names_of_the_others(
        self, services: Services, team: Team
    ) -> None:
        until = {"soon": TODAY + timedelta(days=3), "late": TODAY + timedelta(days=90)}
        soon = add(services, team, "story/soon.md", f"# 陶土\n\n{SAYING}", valid_until=until["soon"])
        late = add(services, team, "story/late.md", f"# 窑火\n\n{SAYING} ", valid_until=until["late"])
        always = add(services, team, "selling_point/always.md", f"# 锅\n\n{SAYING.replace('，', '， ', 1)}")
        for method in Method:
            (hit,) = find(services, team, "陶土要晒几天", method=method, at=NOON)
            assert hit.material == always
            assert {same.material for same in hit.also} == {soon, late}
        assert (hit.also[0].title, hit.also[0].path) == ("窑火", "story/late.md")
        # Only what may be found counts: retired, it neither stands first nor is named.
        services.lifecycle.retire([always], brand=team.brand, actor=None)
        (hit,) = find(services, team, "陶土要晒几天", at=NOON)
        assert (hit.material, [same.material for same in hit.also]) == (late, [soon])

    def test_leaves_room_for_others(self, services: Services, team: Team) -> None:
        for number in range(8):
            add(services, team, f"story/{number}.md", f"# 第{number}篇\n\n{SAYING}")
        add(services, team, "story/other.md", "# 米缸\n\n溪石米缸要阴干，不能暴晒。")
        hits = find(services, team, "陶土要晒几天", k=2)
        assert ["陶土" in hit.source.text for hit in hits] == [True, False]

    def test_a_short_text_is_only_the_same_under_the_same_heading(
        self, services: Services, team: Team
    ) -> None:
        add(services, team, "offer/big.md", "# 大号陶锅\n\n会员价 239 元。")
        add(services, team, "offer/small.md", "# 小号陶锅\n\n会员价 239 元。")
        assert {hit.source.title for hit in find(services, team, "239 元")} == {"大号陶锅", "小号陶锅"}


def test_a_hit_says_why_it_was_found(services: Services, team: Team) -> None:
    add(services, team, "story/clay.md", f"# 陶土\n\n{SAYING}")
    add(services, team, "story/jar.md", "# 米缸\n\n溪石米缸要阴干，不能暴晒。")
    first = find(services, team, "陶土要晒几天才开窑")[0]
    assert (first.dense, first.keyword) == (1, 1)
    assert first.similarity is not None and 0 < first.similarity <= 1
    assert {"陶土", "晒"} <= set(first.words) and "几天" not in first.words
    by_words = find(services, team, "陶土", method=Method.KEYWORD)[0]
    assert (by_words.dense, by_words.similarity, by_words.keyword) == (None, None, 1)
    by_meaning = find(services, team, "陶土", method=Method.DENSE)[0]
    assert (by_meaning.keyword, by_meaning.dense) == (None, 1)


@pytest.mark.parametrize("method", Method)
def test_only_the_language_that_was_asked_for_is_found(
    services: Services, team: Team, method: Method
) -> None:
    add(services, team, "story/zh.md", "# 陶锅\n\nClay 陶锅要先用米汤养一遍，再上火炖汤。")
    add(services, team, "story/en.md", "# Clay pot\n\nSeason the clay pot with rice water before use.")
    for language, title in ((Language.ZH, "陶锅"), (Language.EN, "Clay pot")):
        hits = find(services, team, "clay", language=language, method=method)
        assert [hit.source.title for hit in hits] == [title]


def test_an_exact_figure_is_among_the_first_five(services: Services, team: Team) -> None:
    """The embedder finds forty passages more alike than the one with the order's number."""
    question = "请问订单 SM20261121 什么时候发货"
    for number in range(40):
        add(
            services,
            team,
            f"logistics/{number}.md",
            f"# 发货 {number}\n\n请问订单什么时候发货：第 {number} 仓。",
        )
    add(
        services,
        team,
        "logistics/late.md",
        "# 补发\n\n因窑温不足补烧的一批，SM20261121 在内，周五由德清仓寄出。",
    )
    dense = find(services, team, question, method=Method.DENSE, k=10)
    assert not any("SM20261121" in hit.source.text for hit in dense)
    assert any("SM20261121" in hit.source.text for hit in find(services, team, question, k=10)[:5])


def test_a_word_is_counted_anew_when_the_library_grows(services: Services, team: Team) -> None:
    add(services, team, "story/clay.md", f"# 陶土\n\n{SAYING}")
    assert find(services, team, "桂花酿", method=Method.KEYWORD) == []
    add(services, team, "story/wine.md", "# 桂花酿\n\n桂花酿要存满一冬。")
    assert [hit.source.title for hit in find(services, team, "桂花酿", method=Method.KEYWORD)] == ["桂花酿"]


def test_words_too_common_to_be_read_do_not_hide_the_rare_ones(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        add(services, team, f"story/{number}.md", f"# 锅 {number}\n\n这口陶锅是第 {number} 窑的。")
    add(services, team, "story/rare.md", "# 缸\n\n这口米缸不是陶锅，是溪石的。")
    monkeypatch.setattr(search, "_MOST_READ", 5)
    hits = find(services, team, "陶锅 米缸", method=Method.KEYWORD)
    assert [hit.source.title for hit in hits] == ["缸"]
    # A word that everything holds is all that was asked for: then it is read after all.
    assert len(find(services, team, "陶锅", method=Method.KEYWORD, k=30)) == 21


def test_what_the_index_should_have_forgotten_takes_nobodys_place(services: Services, team: Team) -> None:
    """A crash before the index forgot leaves entries that are nearer than all that can be found."""
    for number in range(12):
        add(services, team, f"story/{number}.md", f"# 锅 {number}\n\n第 {number} 窑的陶锅。")
    query = "第几窑的陶锅"
    stale = [
        IndexEntry(10_000 + number, team.brand, "story", "zh", "", query, 0, OPEN_END)
        for number in range(200)
    ]
    index(services).put(stale)
    assert len(find(services, team, query, method=Method.DENSE, k=10)) == 10


class TestFilters:
    """Most passages pass or hardly any: what is found is what a plainly filtered query finds."""

    @pytest.fixture
    def library(self, services: Services, team: Team, tmp_path: Path) -> tuple[Services, ChromaIndex]:
        """The services of the house, searching through a real Chroma instead of the fake."""
        chroma = ChromaIndex(path=tmp_path / "chroma", embedder=services.parts.embedder)
        number = 0
        for kind, count in (("offer", 700), ("story", 15), ("news", 5)):
            rows = []
            for _ in range(count):
                number += 1
                # One in twelve is over, one in twelve has not begun.
                over = "2026-11-20" if number % 12 == 0 else ""
                begins = "2026-12-24" if number % 12 == 6 else ""
                word = "陶锅米缸汤碗茶壶酒坛"[number % 10] + "的"[: number % 2]
                rows.append(f"{number} 号{word * (1 + number % 5)}窑,{number * 7 % 97} 元,{begins},{over}")
            add(services, team, f"{kind}/rows.csv", "\n".join(["货品,售价,生效日期,截止日期", *rows]))
        chroma.put(list(index(services).entries.values()))
        assert len(chroma.passages(team.brand)) == number == 720
        return services, chroma

    def test_give_what_a_filtered_query_gives(
        self, library: tuple[Services, ChromaIndex], team: Team
    ) -> None:
        services, chroma = library
        asked: list[dict[str, Any]] = []
        watched = _Watched(chroma, asked)
        retrieval = Retrieval(db=services.parts.db, index=watched)
        for kinds in ([], [Kind.OFFER], [Kind.STORY], [Kind.NEWS], [Kind.NEWS, Kind.STORY]):
            for query in ("汤碗的窑", "35 元", "陶 7 号"):
                hits = retrieval.search(
                    query, brand=team.brand, kinds=kinds, at=NOON, k=10, method=Method.DENSE
                )
                plain = index(services).search(
                    query, brand=team.brand, kinds=kinds, at=int(NOON.timestamp()), k=10
                )
                assert [hit.similarity for hit in hits] == pytest.approx(
                    [similarity for _, similarity in plain], abs=1e-4
                )
                for hit in hits:
                    assert hit.source.window.covers(NOON)
                    assert not kinds or hit.source.kind in kinds
        # Where most pass the index was not made to filter, where hardly any pass it was.
        assert any(how.get("kinds") == ("news",) for how in asked)
        assert not any(how.get("kinds") == ("offer",) for how in asked)

    def test_of_words_too(self, library: tuple[Services, ChromaIndex], team: Team) -> None:
        services, _ = library
        for kinds, count in (([Kind.NEWS], 4), ([Kind.STORY], 12), ([Kind.STORY, Kind.NEWS], 16)):
            hits = find(services, team, "窑", kinds=kinds, at=NOON, method=Method.KEYWORD, k=30)
            assert len(hits) == count and {hit.source.kind for hit in hits} == set(kinds)

    def test_an_index_that_was_lost_is_built_again_and_finds_the_same(
        self, library: tuple[Services, ChromaIndex], team: Team, tmp_path: Path
    ) -> None:
        services, chroma = library
        parts = services.parts
        empty = ChromaIndex(path=tmp_path / "new", embedder=parts.embedder)
        indexing = Indexing(db=parts.db, clock=parts.clock, embedder=parts.embedder, index=empty)
        assert indexing.reindex(brand=team.brand) == len(empty.passages(team.brand)) == 720
        before, after = (Retrieval(db=parts.db, index=one) for one in (chroma, empty))
        for query in ("汤碗的窑", "35 元", "陶 7 号"):
            assert before.search(query, brand=team.brand, at=NOON) == after.search(
                query, brand=team.brand, at=NOON
            )


class _Watched:
    """An index that remembers how it was asked."""

    def __init__(self, inner: ChromaIndex, asked: list[dict[str, Any]]) -> None:
        self._inner, self._asked = inner, asked
        self.put, self.remove, self.passages = inner.put, inner.remove, inner.passages

    def search(self, query: str, **how: Any) -> list[tuple[int, float]]:
        self._asked.append(how)
        return self._inner.search(query, **how)


def entries(*numbers: int, brand: int = 1) -> list[IndexEntry]:
    return [IndexEntry(n, brand, "story", "zh", str(n), f"第 {n} 窑的陶锅", 0, OPEN_END) for n in numbers]


class TestChroma:
    @pytest.fixture
    def open_index(self, tmp_path: Path) -> Callable[..., ChromaIndex]:
        def opened(embedder: FakeEmbedder | None = None) -> ChromaIndex:
            return ChromaIndex(path=tmp_path / "chroma", embedder=embedder or FakeEmbedder())

        return opened

    def test_brands_never_meet(self, open_index: Callable[..., ChromaIndex]) -> None:
        chroma = open_index()
        chroma.put([*entries(1, 2), *entries(3, brand=2)])
        assert chroma.passages(1) == {1, 2}
        assert [passage for passage, _ in chroma.search("陶锅", brand=2, k=10)] == [3]
        assert chroma.search("陶锅", brand=3, k=10) == [] and chroma.passages(3) == set()
        chroma.remove([1, 3], brand=1)
        chroma.remove([1], brand=3)
        assert (chroma.passages(1), chroma.passages(2)) == ({2}, {3})

    def test_filters_are_inside_the_query(self, open_index: Callable[..., ChromaIndex]) -> None:
        chroma = open_index()
        chroma.put(
            [
                *entries(1),
                IndexEntry(2, 1, "offer", "en", "", "第 2 窑的陶锅", 100, 200),
                IndexEntry(3, 1, "news", "zh", "", "第 3 窑的陶锅", 200, OPEN_END),
            ]
        )

        def found(**how: Any) -> set[int]:
            return {passage for passage, _ in chroma.search("陶锅", brand=1, k=10, **how)}

        assert found(kinds=["offer", "news"]) == {2, 3}
        assert (found(language="en"), found(language="zh")) == ({2}, {1, 3})
        assert (found(at=99), found(at=100), found(at=199), found(at=200)) == ({1}, {1, 2}, {1, 2}, {1, 3})
        assert found(at=150, kinds=["offer"], language="zh") == set()

    def test_an_entry_put_again_is_replaced(self, open_index: Callable[..., ChromaIndex]) -> None:
        chroma = open_index()
        chroma.put(entries(1))
        chroma.put(entries(1, 2))
        assert chroma.passages(1) == {1, 2}
        ((passage, similarity),) = chroma.search("第 1 窑的陶锅", brand=1, k=1)
        assert passage == 1 and similarity == pytest.approx(1.0, abs=1e-4)

    def test_vectors_of_another_embedder_are_not_kept(self, open_index: Callable[..., ChromaIndex]) -> None:
        open_index().put(entries(1))
        assert open_index().passages(1) == {1}
        other = FakeEmbedder()
        other.name = "other"
        assert open_index(other).passages(1) == set()
        assert open_index().passages(1) == set()


@pytest.mark.parametrize("key", ["id", "_id"])
def test_a_data_set_is_read_in_beirs_form_and_in_the_plain_one(tmp_path: Path, key: str) -> None:
    (tmp_path / "corpus.jsonl").write_text(json.dumps({key: "d1", "title": "Clay", "text": "A pot."}))
    (tmp_path / "queries.jsonl").write_text(json.dumps({key: "q1", "text": "pot?"}))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n")
    data = load(tmp_path)
    assert data.corpus == {"d1": "# Clay\n\nA pot."}
    assert (data.queries, data.relevant) == ({"q1": "pot?"}, {"q1": frozenset({"d1"})})
    (tmp_path / "queries.jsonl").write_text(json.dumps({"text": "pot?"}))
    with pytest.raises(InvalidInput):
        load(tmp_path)


def test_questions_are_embedded_together_and_once(services: Services) -> None:
    asked: list[Sequence[str]] = []

    class Counting(FakeEmbedder):
        def queries(self, texts: Sequence[str]) -> list[list[float]]:
            asked.append(texts)
            return super().queries(texts)

    embedder = CachedEmbedder(db=services.parts.db, embedder=Counting())
    first = embedder.queries(["多久发货", "能退吗", "多久发货"])
    assert asked == [["多久发货", "能退吗"]]
    assert first == FakeEmbedder().queries(["多久发货", "能退吗", "多久发货"])
    assert embedder.queries(["能退吗"]) == first[1:2] and len(asked) == 1
