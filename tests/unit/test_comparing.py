"""What changed between two texts: nothing is lost, nothing is made up, and what did not change is folded."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.comparing import Change, ChangeKind, compare, compare_long, folded

TEXTS = st.text(alphabet="陶锅青溪的价是239元。，！？ \nabc.", max_size=120)
PROSE = "小灶陶锅的容量是 1.2 升，够三个人吃饭。\n小灶陶锅的会员价是 239 元。\n锅壁厚 9 毫米。"


def before(changes: Sequence[Change]) -> str:
    return "".join(change.text for change in changes if change.kind is not ChangeKind.ADDED)


def after(changes: Sequence[Change]) -> str:
    return "".join(change.text for change in changes if change.kind is not ChangeKind.REMOVED)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_the_comparison(old: str, new: str) -> None:
    for changes in (compare(old, new), compare_long(old, new), folded(compare_long(old, new), around=3)):
        assert before(changes) == old
        assert after(changes) == new
        assert all(change.text for change in changes)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert not any(change.is_change for change in compare_long(text, text))


def test_a_new_figure_reads_as_a_new_figure() -> None:
    changes = [change for change in compare_long(PROSE, PROSE.replace("239", "219")) if change.is_change]
    assert changes == [Change(ChangeKind.REMOVED, "239"), Change(ChangeKind.ADDED, "219")]


def test_what_is_far_from_any_change_is_folded_with_its_edges_kept() -> None:
    old = "溪" * 500 + "。价 9 元。" + "锅" * 500
    changes = folded(compare_long(old, old.replace("9 元", "8 元")), around=20)
    kinds = [change.kind for change in changes]
    assert kinds[0] is kinds[-1] is ChangeKind.FOLDED
    shown = [change.text for change in changes if change.kind is ChangeKind.SAME]
    assert shown[0].startswith("溪") and len(shown[0]) == 20 and len(shown[-1]) == 20


def test_two_books_with_nothing_in_common_are_compared_in_no_time() -> None:
    """Sentences are matched first, and a rewritten part that is very long is shown as a whole."""
    old = "".join(f"第 {n} 句说的是甲，甲有 {n} 斤。" for n in range(4000))
    new = "".join(f"另外 {n} 段写的是乙，乙重 {n} 克！" for n in range(4000))
    begun = time.monotonic()
    changes = compare_long(old, new)
    assert time.monotonic() - begun < 10
    assert (before(changes), after(changes)) == (old, new)
