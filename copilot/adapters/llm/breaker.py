"""Remembers that nobody answers, so that not each person waits for the same silence again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from copilot.errors import Retryable

_IN_A_ROW = 3
_SECONDS = 30.0


class Breaker:
    """Opens after some failures to reach a service; when its time is over, one caller tries again for all."""

    def __init__(
        self, *, limit: int = _IN_A_ROW, seconds: float = _SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._now = now
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def require(self, service: str) -> None:
        """Raises what the last callers met, without asking, while it is open."""
        with self._lock:
            left = self._until - self._now()
            if self._failures < self._limit:
                return
            if left > 0:
                raise Retryable(service, "unreachable", after=left)
            # Whoever comes while this one tries is turned away still.
            self._until = self._now() + self._seconds

    def note(self, *, reached: bool) -> None:
        with self._lock:
            self._failures = 0 if reached else self._failures + 1
            if self._failures >= self._limit:
                self._until = self._now() + self._seconds
