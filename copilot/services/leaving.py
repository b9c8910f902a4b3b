"""Waits for work that somebody may want no more of, and leaves it the moment that somebody says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from copilot.services.modelcare import Stopped

T = TypeVar("T")

_LOOKS_EVERY = 0.2  # Seconds.


def unless_stopped(work: Callable[[], T], is_stopped: Callable[[], bool], *, name: str) -> T:
    """What the work comes to, or Stopped as soon as it `is_stopped`.

    The work has a thread of its own, for a call that hangs cannot be ended from outside. Once it is left, it goes
    on to its own end, and nobody hears what it comes to: it must take nothing and hold nothing that others wait for.
    """
    end: Future[T] = Future()

    def carry_out() -> None:
        try:
            end.set_result(work())
        except BaseException as exc:
            end.set_exception(exc)

    threading.Thread(target=carry_out, name=name, daemon=True).start()
    while not wait([end], timeout=_LOOKS_EVERY).done:
        if is_stopped():
            raise Stopped
    return end.result()
