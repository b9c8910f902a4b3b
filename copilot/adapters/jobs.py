"""Huey on SQLite as the engine that runs jobs on one machine: it carries ids, the job rows are the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer


class HueyQueue:
    """Puts job ids into a queue that the process with `consume` running takes them from."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._huey = SqliteHuey("copilot", filename=str(path), results=False)
        self._run: Callable[[int], None] = _nobody
        self._task = self._huey.task(name="run_job")(self._carry_out)

    def put(self, job: int) -> None:
        self._task(job)

    def consume(self, run: Callable[[int], None], *, workers: int = 2) -> Callable[[], None]:
        """Starts threads that carry jobs out; returns a function that stops them after their present job."""
        self._run = run
        # No periodic tasks: what recurs is the ticker's, so that two consumers never do it twice.
        consumer = _QuietConsumer(
            self._huey, workers=workers, periodic=False, initial_delay=0.05, backoff=1.2, max_delay=0.5
        )
        consumer.start()
        return lambda: consumer.stop(graceful=True)

    def _carry_out(self, job: int) -> None:
        self._run(job)


class _QuietConsumer(Consumer):  # type: ignore[misc]
    """A consumer inside a server: signals belong to the server, not to it."""

    def _set_signal_handlers(self) -> None:
        return None


def _nobody(_job: int) -> Any:
    raise RuntimeError("this process only puts jobs into the queue")
