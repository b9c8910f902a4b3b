"""Working ahead: the order stays, the results are those of the work, and no more is done than allowed."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.services.ahead import ahead


@given(items=st.lists(st.integers(), max_size=12), steps=st.integers(min_value=1, max_value=5))
def test_results_come_in_the_order_of_their_items(items: list[int], steps: int) -> None:
    assert list(ahead(lambda item: item * 2, items, steps=steps)) == [item * 2 for item in items]


def test_the_next_items_are_worked_at_while_the_last_is_used_and_no_more_of_them() -> None:
    begun: list[int] = []
    reached = threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item == 2:
            reached.set()
        return item

    results = ahead(work, range(9), steps=2)
    assert next(results) == 0
    # Nobody asked for the second or the third yet.
    assert reached.wait(timeout=10)
    results.close()
    assert begun == [0, 1, 2]


def test_what_goes_wrong_is_raised_in_its_place() -> None:
    results = ahead(lambda item: 6 // item, [3, 2, 0, 1], steps=1)
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)
