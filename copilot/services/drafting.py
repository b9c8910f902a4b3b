"""Drafts of posts: who wants one, the thread that carries it out, and the immutable revision it ends in.

A worker thread owns a generation. It reads in one short transaction, works with none open (`writing`), and
writes in another; what streams by is kept as numbered events, so that a page can come and go without the
draft noticing.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.messages import Message, storable
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.domain.sentences import sentences
from copilot.errors import Conflict, CopilotError, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.briefs import Wanted, brief_of
from copilot.services.company import Company
from copilot.services.events import EventLog, Events
from copilot.services.jobs import OVER
from copilot.services.modelcare import Purpose
from copilot.services.revising import keep_revision, media_of
from copilot.services.supplying import Task
from copilot.services.variants import keep_variant
from copilot.services.writing import Draft, Writing

log = structlog.get_logger()

_STALE = timedelta(minutes=5)
# A post that is on its way, or was sent, is not drafted anew.
_DRAFTABLE = frozenset(
    {
        PostState.DRAFT,
        PostState.CHANGES_REQUESTED,
        PostState.IN_REVIEW,
        PostState.APPROVED,
        PostState.SUSPENDED,
    }
)
_PURPOSES = {
    Wanted.DRAFT: Purpose.DRAFT,
    Wanted.VARIANT: Purpose.VARIANT,
    Wanted.SENTENCE: Purpose.SENTENCE,
    Wanted.TRANSLATION: Purpose.TRANSLATION,
}


class Drafting:
    def __init__(self, *, db: Database, clock: Clock, writing: Writing, events: Events) -> None:
        self._db = db
        self._clock = clock
        self._writing = writing
        self._events = events
        self._stops: dict[int, threading.Event] = {}

    def start(
        self, post: int, *, brand: int, actor: Actor, instruction: str = "", offline: bool = False
    ) -> int:
        """Begins a draft and returns its generation at once; a thread of its own carries it out.

        `offline` has the composer write it, whatever model there is.
        """
        generation = self.request(
            post, brand=brand, actor=actor, instruction=instruction, payload={"offline": offline}
        )
        self.spawn([generation])
        return generation

    def vary(self, post: int, *, brand: int, actor: Actor, count: int, instruction: str = "") -> list[int]:
        """Begins `count` variants beside the newest text, each from another angle, and returns their generations."""
        generations = [
            self.request(post, brand=brand, actor=actor, instruction=instruction, wanted=Wanted.VARIANT)
            for _ in range(count)
        ]
        for generation in generations:
            self.spawn([generation])
        return generations

    def resay(self, post: int, *, brand: int, actor: Actor, sentence: str, instruction: str = "") -> int:
        """Begins to say one sentence of the newest text anew, and returns the generation.

        InvalidInput where the text has no such sentence; the first where it has it twice.
        """
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            if row.head is None:
                raise Conflict("error.no_text")
            language = Language(loading.one(session, models.Brand, brand).language)
            text = row.head.text
            spans = [(a, b) for a, b in sentences(text, language) if text[a:b] == sentence.strip()]
            if not spans:
                raise InvalidInput({"sentence": "invalid.no_sentence"})
            payload = {"revision": row.head_id, "start": spans[0][0], "end": spans[0][1]}
        generation = self.request(
            post, brand=brand, actor=actor, instruction=instruction, wanted=Wanted.SENTENCE, payload=payload
        )
        self.spawn([generation])
        return generation

    def request(
        self,
        post: int,
        *,
        brand: int,
        actor: Actor,
        instruction: str = "",
        wanted: Wanted = Wanted.DRAFT,
        payload: Mapping[str, Any] | None = None,
    ) -> int:
        """Writes down what is wanted. Conflict while a draft is under way, or for a post that was sent.

        Variants may be under way side by side: they replace nothing.
        """
        actor.require(Permission.WRITE)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            require_draftable(row)
            if _under_way(session, post, now, but_variants=wanted is Wanted.VARIANT):
                raise Conflict("error.already_drafting")
            generation = models.Generation(
                post_id=post,
                kind=wanted,
                state="running",
                instruction=instruction.strip(),
                payload=dict(payload or {}),
                requested_by=actor.id,
                started_at=now,
                heartbeat_at=now,
            )
            session.add(generation)
            session.flush()
            return generation.id

    def stop(self, generation: int, *, brand: int, actor: Actor) -> None:
        """Asks the writer to stop; what came by then is kept."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            row = loading.one(session, models.Generation, generation)
            loading.one(session, models.Post, row.post_id, brand=brand)
            row.stop_requested = True
        if generation in self._stops:
            self._stops[generation].set()

    def run(self, generation: int, *, company: Company | None = None) -> Draft | None:
        """Carries a generation out; None where it failed or was stopped before anything came.

        Whatever happens ends as its state and a last event, never as silence. In company, the drafts of one
        piece of work in the background, it waits its turn and keeps its distance from the others.
        """
        stop = self._stops[generation] = threading.Event()
        events = self._events.log(generation)
        try:
            draft = self._draft(generation, events, stop, company)
            if draft is not None:
                self._keep(generation, draft)
            state = "done" if draft is not None and not draft.stopped else "stopped"
            self._close(generation, state)
            events.end(state)
            return draft
        except CopilotError as exc:
            log.warning("draft.failed", generation=generation, reason=exc.message_id)
            self._close(generation, "failed", error=storable(Message(exc.message_id, exc.params)))
            events.end("failed")
        except Exception:
            log.exception("draft.broke", generation=generation)
            self._close(generation, "failed", error={"id": "error.unexpected", "params": {}})
            events.end("failed")
        finally:
            del self._stops[generation]
        return None

    def for_job(self, post: int, *, job: int, brand: int, actor: Actor) -> int | None:
        """The one generation that a job has for this post, taken up again where its process died.

        None where there is nothing to do: the job wrote it already, or somebody else did or is about to.
        """
        actor.require(Permission.WRITE)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            mine = session.scalar(
                select(models.Generation).where(
                    models.Generation.job_id == job, models.Generation.post_id == post
                )
            )
            if row.head_id is not None or (
                mine is None and _under_way(session, post, now, but_variants=True)
            ):
                return None
            if mine is None:
                mine = models.Generation(
                    post_id=post, job_id=job, kind=Wanted.DRAFT, requested_by=actor.id, started_at=now
                )
                session.add(mine)
            mine.state, mine.error, mine.heartbeat_at = "running", None, now
            session.flush()
            return mine.id

    def reason(self, generation: int) -> dict[str, Any] | None:
        """Why a generation failed, as a message in JSON."""
        with self._db.read() as session:
            return loading.one(session, models.Generation, generation).error

    def sweep(self) -> int:
        """Ends generations whose process died; their posts can be drafted again at once.

        Those of a job are its own until it is over.
        """
        with self._db.write() as session:
            over = select(models.Job.id).where(models.Job.state.in_(OVER))
            lost = models.Generation.job_id.is_(None) & (
                models.Generation.heartbeat_at < self._clock() - _STALE
            )
            return self._lost(session, lost | models.Generation.job_id.in_(over))

    def recover(self) -> int:
        """For the one process that owns the data folder, as it starts: whoever wrote these drafts is dead."""
        with self._db.write() as session:
            return self._lost(session, models.Generation.job_id.is_(None))

    def _lost(self, session: Session, which: Any) -> int:
        rows = session.scalars(
            select(models.Generation).where(models.Generation.state == "running", which)
        ).all()
        for row in rows:
            row.state, row.finished_at = "failed", self._clock()
            row.error = {"id": "error.draft_lost", "params": {}}
        return len(rows)

    def post_of(self, generation: int, *, brand: int) -> int:
        """The post that a generation writes for; NotFound from another brand."""
        with self._db.read() as session:
            row = loading.one(session, models.Generation, generation)
            return loading.one(session, models.Post, row.post_id, brand=brand).id

    def spawn(self, generations: Sequence[int]) -> None:
        """Has these written one after the other, in a thread of their own."""

        def work() -> None:
            for generation in generations:
                self.run(generation)

        threading.Thread(target=work, name=f"draft-{generations[0]}", daemon=True).start()

    def _draft(
        self,
        generation: int,
        events: EventLog,
        stop: threading.Event,
        company: Company | None,
    ) -> Draft | None:
        with self._db.read() as session:
            row = loading.one(session, models.Generation, generation)
            wanted = Wanted(row.kind)
            brief, turn = brief_of(session, row)
            task = Task(
                brief,
                _PURPOSES[wanted],
                post=row.post_id,
                turn=turn,
                company=company,
                # A text that stands is not replaced by one that nobody asked for.
                falls_back=wanted is Wanted.VARIANT or row.post.head_id is None,
                offline=bool(row.payload.get("offline")),
            )
        draft = self._writing.write(task, listener=events if company is None else None, stop=stop)
        return draft if draft.text else None

    def _keep(self, generation: int, draft: Draft) -> None:
        """Writes the copy down: as the newest revision, or beside it where it is to replace nothing.

        That is so for a variant, for what a job wrote for a post that somebody wrote meanwhile, and for one
        sentence anew in a text that has moved on.
        """
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Generation, generation)
            post = loading.one(session, models.Post, row.post_id)
            is_beside = (
                row.kind == Wanted.VARIANT
                or (row.job_id is not None and post.head is not None)
                or (row.kind == Wanted.SENTENCE and post.head_id != row.payload["revision"])
            )
            if draft.remnant:
                keep_variant(session, row, draft.remnant, "model", {"cut": True}, None, now=now)
            if is_beside:
                keep_variant(session, row, draft.text, draft.origin, draft.provenance, draft.checked, now=now)
                return
            row.revision_id = keep_revision(
                session,
                post,
                draft.text,
                media_of(post),
                draft.origin,
                row.requested_by,
                draft.provenance,
                draft.checked,
                now=now,
            )

    def _close(self, generation: int, state: str, *, error: dict[str, Any] | None = None) -> None:
        with self._db.write() as session:
            session.execute(
                update(models.Generation)
                .where(models.Generation.id == generation)
                .values(state=state, error=error, finished_at=self._clock())
            )


def require_draftable(post: models.Post) -> None:
    """Conflict for a post that is on its way or was sent."""
    if PostState(post.state) not in _DRAFTABLE:
        raise Conflict("error.not_draftable", state=post.state)


def _under_way(session: Session, post: int, now: Any, *, but_variants: bool) -> bool:
    running = select(models.Generation.id).where(
        models.Generation.post_id == post,
        models.Generation.state == "running",
        (models.Generation.heartbeat_at > now - _STALE) | models.Generation.job_id.is_not(None),
    )
    if but_variants:
        running = running.where(models.Generation.kind != Wanted.VARIANT)
    return session.scalar(running.limit(1)) is not None
