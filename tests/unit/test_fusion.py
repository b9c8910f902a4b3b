"""Two rankings become one: nothing is lost, better stays better, and weak words cannot spoil good meaning."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from copilot.domain.fusion import Ranked, fuse


def rankings(highest: float) -> st.SearchStrategy[Ranked]:
    """Rankings as the two searches give them: each passage once, best first, scores that may be equal."""
    scores = st.one_of(st.sampled_from([0.0, highest / 2, highest]), st.floats(0.0, highest))
    entries = st.lists(st.tuples(st.integers(1, 30), scores), unique_by=lambda item: item[0], max_size=30)
    return entries.map(lambda found: sorted(found, key=lambda item: (-item[1], item[0])))


DENSE, KEYWORD = rankings(1.0), rankings(2.0)


def ids(ranked: Ranked) -> list[int]:
    return [passage for passage, _ in ranked]


def place(ranked: Ranked, passage: int) -> int:
    return ids(ranked).index(passage)


@given(DENSE, KEYWORD)
def test_every_passage_is_there_once_and_scores_fall(dense: Ranked, keyword: Ranked) -> None:
    fused = fuse(dense, keyword)
    assert sorted(ids(fused)) == sorted({*ids(dense), *ids(keyword)})
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)


@given(DENSE, KEYWORD)
def test_one_ranking_alone_stays_as_it_is(dense: Ranked, keyword: Ranked) -> None:
    assert ids(fuse(dense, [])) == ids(dense)
    assert ids(fuse([], keyword)) == ids(keyword)
    assert ids(fuse(dense, keyword, weight=0.0))[: len(dense)] == ids(dense)


@given(DENSE, KEYWORD)
def test_the_scale_of_the_similarities_does_not_matter(dense: Ranked, keyword: Ranked) -> None:
    """One embedder's similarities lie between .7 and .9, another's between .1 and .6."""
    eighths = [(passage, round(score * 8) / 8) for passage, score in dense]
    moved = [(passage, 0.25 + score / 2) for passage, score in eighths]
    assert fuse(moved, keyword) == fuse(eighths, keyword)


@given(DENSE, KEYWORD, st.data())
def test_more_evidence_never_costs_a_place(dense: Ranked, keyword: Ranked, data: st.DataObject) -> None:
    assume(keyword)
    number = data.draw(st.integers(0, len(keyword) - 1))
    passage, score = keyword[number]
    better = [*keyword[:number], (passage, score + data.draw(st.floats(0.0, 1.0))), *keyword[number + 1 :]]
    better.sort(key=lambda item: (-item[1], item[0]))
    assert place(fuse(dense, better), passage) <= place(fuse(dense, keyword), passage)


@given(DENSE, KEYWORD)
def test_what_words_find_first_is_among_the_first_five(dense: Ranked, keyword: Ranked) -> None:
    assume(keyword)
    assert place(fuse(dense, keyword), keyword[0][0]) < 5


def test_a_full_match_of_the_words_leads_and_a_stray_one_does_not() -> None:
    dense = [(passage, 0.9 - passage / 100) for passage in range(1, 11)]
    assert ids(fuse(dense, [(10, 1.0), (9, 0.2)]))[:3] == [10, 1, 2]
    # As when a Chinese question meets English materials: one word of many, in passages of no concern.
    assert ids(fuse(dense, [(10, 0.05), (9, 0.04)]))[:5] == [1, 2, 3, 4, 10]


@pytest.mark.parametrize("dense", [[(7, 0.8)], [(7, 0.8), (3, 0.8)]])
def test_ties_fall_to_the_order_they_came_in(dense: Ranked) -> None:
    assert ids(fuse(dense, [])) == ids(dense)
