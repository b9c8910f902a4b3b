"""Long work as rows: queued, claimed with a lease, run by whoever owns the index, and waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update

from copilot import models
from copilot.errors import Conflict, CopilotError, NotFound
from copilot.models.database import Database
from copilot.ports import Advance, Clock, JobQueue, Progress
from copilot.services import loading
from copilot.services.jobruns import LEASE, Run
from copilot.services.reporting import reported

log = structlog.get_logger()

_MOST_ATTEMPTS = 3

OVER = ("done", "failed", "cancelled")

Handler = Callable[[Mapping[str, Any], Advance], Any]
"""Does a job's work from its payload, says how far it is, returns plain JSON. Must be idempotent.

Run as a job, it finds the job's id as "job" in the payload.
"""


@dataclass(frozen=True)
class JobView:
    """`result` may hold what a running job has come to so far, or how far a failed one came.

    `is_cancelled` where somebody asked it to end early, whether or not it has.
    """

    id: int
    kind: str
    label: str
    state: str
    done: int
    total: int
    result: Any
    error: Mapping[str, Any] | None
    payload: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    finished_at: datetime | None = None
    is_cancelled: bool = False


@dataclass(frozen=True)
class _Claim:
    kind: str
    payload: Mapping[str, Any]
    attempt: int


class Jobs:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        queue: JobQueue,
        handlers: Mapping[str, Handler],
        pause: float = 1.0,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._handlers = handlers
        self._pause = pause

    def enqueue(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        brand: int | None = None,
        requested_by: int | None = None,
        label: str = "",
    ) -> int:
        with self._db.write() as session:
            row = models.Job(
                kind=kind,
                payload=dict(payload),
                brand_id=brand,
                requested_by=requested_by,
                label=label,
                state="queued",
                created_at=self._clock(),
            )
            session.add(row)
            session.flush()
            identity = row.id
        self._queue.put(identity)
        return identity

    def once(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        brand: int,
        requested_by: int | None = None,
        label: str = "",
    ) -> int:
        """As `enqueue`, unless this very work is under way or waits already: then that job."""
        for job in self.unfinished(brand=brand, kind=kind):
            if job.payload.items() >= payload.items():
                return job.id
        return self.enqueue(kind, payload, brand=brand, requested_by=requested_by, label=label)

    def run(self, job: int) -> None:
        """Claims and carries out one job; a job that someone else holds, or that is over, is left alone."""
        claim = self._claim(job)
        if claim is None:
            return
        run = Run(db=self._db, clock=self._clock, job=job, attempt=claim.attempt, pause=self._pause)
        try:
            with run.held():
                result = self._handlers[claim.kind]({**claim.payload, "job": job}, run.advance)
        except CopilotError as exc:
            run.finish("failed", error=reported(exc))
        except Exception:
            log.exception("job.broke", job=job, kind=claim.kind)
            run.finish("failed", error={"id": "error.unexpected", "params": {}})
        else:
            run.finish(self._end(job), result=result, error=None)

    def cancel(self, job: int, *, brand: int) -> None:
        """Asks a job to end early; one that can do so stops at its next step, and what it did stays done."""
        with self._db.write() as session:
            row = loading.one(session, models.Job, job, brand=brand)
            if row.state in OVER:
                raise Conflict("error.job_over")
            row.cancel_requested = True

    def stop(self, job: int, *, brand: int) -> None:
        """Ends a job for whoever asked for it, now: what still runs of it finds itself cancelled, and is not waited for.

        For work whose handler takes nothing that comes after; Conflict where the job is over.
        """
        with self._db.write() as session:
            row = loading.one(session, models.Job, job, brand=brand)
            if row.state in OVER:
                raise Conflict("error.job_over")
            row.cancel_requested = True
            row.state, row.finished_at, row.lease_until = "cancelled", self._clock(), None

    def unfinished(self, *, brand: int, kind: str) -> list[JobView]:
        """The brand's jobs of this kind that are not over, the oldest first."""
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Job)
                .where(models.Job.brand_id == brand, models.Job.kind == kind, models.Job.state.not_in(OVER))
                .order_by(models.Job.id)
            )
            return [_view(row) for row in rows]

    def recover(self) -> None:
        """For the one process that owns the data folder, as it starts: whoever ran these jobs is dead."""
        with self._db.write() as session:
            session.execute(
                update(models.Job)
                .where(models.Job.state == "running")
                .values(state="queued", lease_until=None)
            )

    def sweep(self) -> int:
        """Queues again what nobody holds: jobs whose lease ran out and jobs that the engine forgot."""
        now = self._clock()
        with self._db.write() as session:
            session.execute(
                update(models.Job)
                .where(models.Job.state == "running", models.Job.lease_until < now)
                .values(state="queued")
            )
            forgotten = session.scalars(
                select(models.Job.id).where(
                    models.Job.state == "queued", models.Job.created_at < now - timedelta(seconds=5)
                )
            ).all()
        for job in forgotten:
            self._queue.put(job)
        return len(forgotten)

    def view(self, job: int, *, brand: int | None = None) -> JobView:
        with self._db.read() as session:
            row = loading.one(session, models.Job, job, brand=brand)
            return _view(row)

    def recent(self, *, brand: int, kind: str, limit: int = 5) -> list[JobView]:
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Job)
                .where(models.Job.brand_id == brand, models.Job.kind == kind)
                .order_by(models.Job.id.desc())
                .limit(limit)
            )
            return [_view(row) for row in rows]

    def wait(self, job: int, *, seconds: float, progress: Progress | None = None) -> JobView:
        """Returns the job once it is over; Conflict when that takes longer than `seconds`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            view = self.view(job)
            if view.state in OVER:
                return view
            if progress is not None:
                progress(view.done, view.total)
            time.sleep(0.05)
        raise Conflict("error.job_slow", job=job)

    def _end(self, job: int) -> str:
        with self._db.read() as session:
            return "cancelled" if loading.one(session, models.Job, job).cancel_requested else "done"

    def _claim(self, job: int) -> _Claim | None:
        with self._db.write() as session:
            row = session.get(models.Job, job)
            if row is None:
                raise NotFound("job", job)
            if row.state != "queued":
                return None
            row.attempts += 1
            if row.attempts > _MOST_ATTEMPTS:
                row.state, row.error = "failed", {"id": "error.job_gave_up", "params": {}}
                row.finished_at = self._clock()
                return None
            row.state, row.lease_until = "running", self._clock() + LEASE
            return _Claim(row.kind, row.payload, row.attempts)


def _view(row: models.Job) -> JobView:
    return JobView(
        id=row.id,
        kind=row.kind,
        label=row.label,
        state=row.state,
        done=row.done,
        total=row.total,
        result=row.result,
        error=row.error,
        payload=row.payload,
        created_at=row.created_at,
        finished_at=row.finished_at,
        is_cancelled=row.cancel_requested,
    )
