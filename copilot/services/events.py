"""The numbered events of a generation: appended in small batches, tailed by anyone, in any process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, update

from copilot import models
from copilot.models.database import Database
from copilot.ports import Clock

BATCH_SECONDS = 0.05
_POLL_SECONDS = 0.25
_REMEMBERED = 256  # Far more drafts than are ever written at one time.


@dataclass(frozen=True)
class Event:
    """`kind` is delta (copy to append), restart (begin again), note (a message id) or end (the state)."""

    seq: int
    kind: str
    data: str


class _Bell:
    """Wakes readers of the same process at once; readers elsewhere find the rows by looking."""

    def __init__(self) -> None:
        self._rung: dict[int, int] = {}
        self._condition = threading.Condition()

    def ring(self, generation: int, seq: int) -> None:
        with self._condition:
            # The last ring of a draft must stay: a reader looks at it only when it has woken up.
            self._rung.pop(generation, None)
            self._rung[generation] = seq
            if len(self._rung) > _REMEMBERED:
                del self._rung[next(iter(self._rung))]
            self._condition.notify_all()

    def wait(self, generation: int, after: int, seconds: float) -> None:
        """Returns once an event past `after` was rung, which may have been before the call."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung.get(generation, 0) > after, seconds)


class Events:
    """All generations' events: one log to write each, and any number of readers."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._bell = _Bell()

    def log(self, generation: int) -> EventLog:
        """A log that goes on where an earlier one of this generation stopped."""
        with self._db.read() as session:
            last = session.scalar(
                select(func.max(models.GenerationEvent.seq)).where(
                    models.GenerationEvent.generation_id == generation
                )
            )
        return EventLog(self._db, self._clock, self._bell, generation, last or 0)

    def tail(self, generation: int, *, after: int = 0, patience: float = 300.0) -> Iterator[Event | None]:
        """Events past number `after` as they come, up to the end; None now and then, as a sign of life.

        Gives up after `patience` seconds without an event: the writer's process is gone.
        """
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < patience:
            with self._db.read() as session:
                rows = session.execute(
                    select(
                        models.GenerationEvent.seq, models.GenerationEvent.kind, models.GenerationEvent.data
                    )
                    .where(
                        models.GenerationEvent.generation_id == generation, models.GenerationEvent.seq > after
                    )
                    .order_by(models.GenerationEvent.seq)
                ).all()
            for row in rows:
                after = row.seq
                yield Event(row.seq, row.kind, row.data)
                if row.kind == "end":
                    return
            if rows:
                quiet_since = time.monotonic()
            else:
                yield None
                self._bell.wait(generation, after, _POLL_SECONDS)


class EventLog:
    """Writes the events of one generation. Not shared between threads."""

    def __init__(self, db: Database, clock: Clock, bell: _Bell, generation: int, last: int) -> None:
        self._db = db
        self._clock = clock
        self._bell = bell
        self._generation = generation
        self._seq = last
        self._buffer = ""
        self._flushed = float("-inf")

    def delta(self, text: str) -> None:
        """Buffers copy; the first piece goes out at once, later ones about every 50 ms."""
        self._buffer += text
        if self._buffer and time.monotonic() - self._flushed >= BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._buffer:
            text, self._buffer = self._buffer, ""
            self._append("delta", text)

    def restart(self) -> None:
        """What came before is void: a reader empties the page. Silent at the very beginning."""
        self.flush()
        if self._seq:
            self._append("restart", "")

    def note(self, message: str) -> None:
        self.flush()
        self._append("note", message)

    def end(self, state: str) -> None:
        self.flush()
        self._append("end", state)

    def _append(self, kind: str, data: str) -> None:
        self._seq += 1
        with self._db.write() as session:
            session.add(
                models.GenerationEvent(generation_id=self._generation, seq=self._seq, kind=kind, data=data)
            )
            session.execute(
                update(models.Generation)
                .where(models.Generation.id == self._generation)
                .values(heartbeat_at=self._clock())
            )
        self._flushed = time.monotonic()
        self._bell.ring(self._generation, self._seq)
