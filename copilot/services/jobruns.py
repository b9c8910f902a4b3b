"""One claim of a job, from its first word to its end: what it says is kept as long as the claim is its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, update

from copilot import models
from copilot.models.database import Database
from copilot.ports import Clock

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
_RENEWED = LEASE / 10
_SAID_AT_ONCE = 100
"""So often a run is written down whenever it speaks, later only now and then: its row holds the whole list of
files and all that became of them, and writing that for every file would cost their square."""


def is_cancelled(db: Database, job: int) -> bool:
    """Whether somebody asked this job to end early."""
    with db.read() as session:
        return bool(session.scalar(select(models.Job.cancel_requested).where(models.Job.id == job)))


class Run:
    """The work of whoever claimed a job for the `attempt`-th time.

    Once somebody else has claimed it, nothing that this run says changes the row any more. A run that speaks
    often is written down at most every `pause` seconds.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        job: int,
        attempt: int,
        pause: float,
    ) -> None:
        self._db = db
        self._clock = clock
        self._job = job
        self._attempt = attempt
        self._pause = pause
        self._lock = threading.Lock()
        self._unsaid: dict[str, Any] = {}
        self._times = 0
        self._last = time.monotonic()
        self._renewed = clock()

    def advance(self, done: int, total: int, so_far: Any = None) -> None:
        with self._lock:
            self._unsaid |= {"done": done, "total": total}
            if so_far is not None:
                self._unsaid["result"] = so_far
            if self._times < _SAID_AT_ONCE or self._since() >= self._pause:
                self._say()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the lease while the work goes on, however long it is silent: only a dead process loses it."""
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(over,), name=f"job-{self._job}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def finish(self, state: str, **end: Any) -> None:
        """Writes the end; what the work had come to before it failed stays to be seen."""
        with self._lock:
            last = {**self._unsaid, **end, "state": state, "finished_at": self._clock(), "lease_until": None}
            if not self._write(last):
                log.warning("job.taken_over", job=self._job, attempt=self._attempt, state=state)

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(self._pause):
            try:
                with self._lock:
                    waits = self._unsaid and self._since() >= self._pause
                    if waits or self._clock() - self._renewed >= _RENEWED:
                        self._say()
            except Exception:
                # A full disk or a busy database: the lease outlasts several beats, and the next may succeed.
                log.exception("job.beat_failed", job=self._job)

    def _since(self) -> float:
        return time.monotonic() - self._last

    def _say(self) -> None:
        now = self._clock()
        self._write({**self._unsaid, "lease_until": now + LEASE})
        self._unsaid = {}
        self._times += 1
        self._last, self._renewed = time.monotonic(), now

    def _write(self, values: Mapping[str, Any]) -> bool:
        with self._db.write() as session:
            written = session.execute(
                update(models.Job)
                .where(models.Job.id == self._job, models.Job.attempts == self._attempt)
                .values(**values)
                .returning(models.Job.id)
            )
            return written.scalar() is not None
