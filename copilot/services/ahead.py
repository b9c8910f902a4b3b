"""Works a few steps ahead of whoever takes the results."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(work: Callable[[T], R], items: Iterable[T], *, steps: int) -> Iterator[R]:
    """Each item's result in order; a thread works at up to `steps` more while the last one is used.

    The items are worked at one after the other. What `work` raises is raised in its item's place and ends
    the rest.
    """
    with ThreadPoolExecutor(max_workers=1) as worker:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(worker.submit(work, item))
            if len(waiting) > steps:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
