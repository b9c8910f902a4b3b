"""The worker's tick: plans ahead, sends what is due, sweeps what got stuck, and says that it is alive."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from copilot import models
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services.delivering import Delivering
from copilot.services.drafting import Drafting
from copilot.services.jobs import Jobs
from copilot.services.planning import Planning
from copilot.services.voicelearning import VoiceLearning

log = structlog.get_logger()


class Ticking:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        planning: Planning,
        delivering: Delivering,
        drafting: Drafting,
        jobs: Jobs,
        learning: VoiceLearning,
    ) -> None:
        self._db = db
        self._clock = clock
        self._chores: tuple[Callable[[], object], ...] = (
            planning.plan_ahead,
            delivering.tick,
            drafting.sweep,
            jobs.sweep,
            learning.look_where_new,
        )

    def tick(self, worker: str) -> None:
        """One round. A chore that fails is logged and does not keep the others from their turn."""
        for chore in self._chores:
            try:
                chore()
            except Exception:
                log.exception("tick.failed", chore=getattr(chore, "__qualname__", repr(chore)))
        with self._db.write() as session:
            session.merge(models.Heartbeat(worker=worker, at=self._clock()))

    def start(self, worker: str, *, seconds: float) -> Callable[[], None]:
        """Ticks in a thread of its own until the function that it returns is called."""
        stopped = threading.Event()

        def rounds() -> None:
            while not stopped.is_set():
                self.tick(worker)
                stopped.wait(seconds)

        thread = threading.Thread(target=rounds, name="ticker", daemon=True)
        thread.start()

        def stop() -> None:
            stopped.set()
            thread.join(timeout=10)

        return stop
