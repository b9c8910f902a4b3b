"""Drafts: from a slot's brief to an immutable revision with its sources, findings and provenance.

A worker thread owns a generation. It reads in one short transaction, works with none open (retrieve,
render, stream), and writes in another; what streams by is kept as numbered events, so that a page can
come and go without the draft noticing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.drafts import Assignment, Brief, Delta, Finished
from copilot.domain.findings import Finding, blocking
from copilot.domain.materials import CITABLE, Family, Kind, Source
from copilot.domain.messages import Message
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.errors import Conflict, CopilotError, Permanent
from copilot.models.database import Database
from copilot.ports import Clock, Writer
from copilot.prompts import Prompts
from copilot.services import briefing, loading
from copilot.services.checking import Checked, Checking
from copilot.services.events import EventLog, Events
from copilot.services.retrieval import Retrieval
from copilot.services.revising import keep_revision, media_of

log = structlog.get_logger()

REPAIRS = 2
SOURCES = {True: 5, False: 24}  # A model reads a few passages well; the composer chooses among many.
_NOTES = 2
_RECENT_DAYS = 14
_STALE = timedelta(minutes=5)
# A draft that has been edited, approved or scheduled is redrafted only from these states.
_DRAFTABLE = frozenset(
    {
        PostState.DRAFT,
        PostState.CHANGES_REQUESTED,
        PostState.IN_REVIEW,
        PostState.APPROVED,
        PostState.SUSPENDED,
    }
)


@dataclass(frozen=True)
class Written:
    text: str
    usage: dict[str, Any]
    stopped: bool


class Drafting:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        retrieval: Retrieval,
        checking: Checking,
        writer: Writer,
        prompts: Prompts,
        events: Events,
        word: Callable[[Message, str], str],
    ) -> None:
        self._db = db
        self._clock = clock
        self._retrieval = retrieval
        self._checking = checking
        self._writer = writer
        self._prompts = prompts
        self._events = events
        self._word = word
        self._stops: dict[int, threading.Event] = {}

    def start(self, post: int, *, brand: int, actor: Actor, instruction: str = "") -> int:
        """Begins a generation and returns its id at once; a thread of its own carries it out."""
        generation = self.request(post, brand=brand, actor=actor, instruction=instruction)
        threading.Thread(target=self.run, args=(generation,), name=f"draft-{generation}", daemon=True).start()
        return generation

    def request(self, post: int, *, brand: int, actor: Actor, instruction: str = "") -> int:
        """Writes down that a draft is wanted. Conflict while another one runs, or for a post that was sent."""
        actor.require(Permission.WRITE)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            if PostState(row.state) not in _DRAFTABLE:
                raise Conflict("error.not_draftable", state=row.state)
            running = session.scalar(
                select(models.Generation.id).where(
                    models.Generation.post_id == post,
                    models.Generation.state == "running",
                    models.Generation.heartbeat_at > now - _STALE,
                )
            )
            if running is not None:
                raise Conflict("error.already_drafting")
            generation = models.Generation(
                post_id=post,
                state="running",
                instruction=instruction.strip(),
                requested_by=actor.id,
                started_at=now,
                heartbeat_at=now,
            )
            session.add(generation)
            session.flush()
            return generation.id

    def stop(self, generation: int, *, brand: int, actor: Actor) -> None:
        """Asks the writer to stop; what came by then is kept as a revision."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            row = loading.one(session, models.Generation, generation)
            loading.one(session, models.Post, row.post_id, brand=brand)
            row.stop_requested = True
        if generation in self._stops:
            self._stops[generation].set()

    def run(self, generation: int) -> None:
        """Carries a generation out. Whatever happens ends as its state and a last event, never as silence."""
        stop = self._stops[generation] = threading.Event()
        events = self._events.log(generation)
        try:
            revision, stopped = self._draft(generation, events, stop)
            self._close(generation, "stopped" if stopped else "done", revision=revision)
            events.end("stopped" if stopped else "done")
        except CopilotError as exc:
            log.warning("draft.failed", generation=generation, reason=exc.message_id)
            self._close(generation, "failed", error={"id": exc.message_id, "params": dict(exc.params)})
            events.end("failed")
        except Exception:
            log.exception("draft.broke", generation=generation)
            self._close(generation, "failed", error={"id": "error.unexpected", "params": {}})
            events.end("failed")
        finally:
            del self._stops[generation]

    def sweep(self) -> int:
        """Ends generations whose process died; their posts can be drafted again at once."""
        with self._db.write() as session:
            rows = session.scalars(
                select(models.Generation).where(
                    models.Generation.state == "running",
                    models.Generation.heartbeat_at < self._clock() - _STALE,
                )
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

    def _draft(self, generation: int, events: EventLog, stop: threading.Event) -> tuple[int | None, bool]:
        brief, post, requester = self._brief(generation)
        sources = self._sources(brief)
        if not sources:
            raise Permanent("library", "no_passages", column=brief.column.name)
        brief = replace(brief, sources=sources, background=self._background(brief))
        assignment = briefing.assignment(brief, self._prompts)
        began = time.monotonic()
        written = self._write(assignment, events, stop)
        text = briefing.clean(written.text, briefing.labels(brief))
        checked = self._checked(text, brief)
        repairs = 0
        while (
            self._writer.is_model and not written.stopped and repairs < REPAIRS and blocking(checked.findings)
        ):
            repairs += 1
            events.note("repairing")
            reasons = [self._reason(finding, brief) for finding in blocking(checked.findings)]
            written = self._write(briefing.repair(brief, self._prompts, text, reasons), events, stop)
            mended = briefing.clean(written.text, briefing.labels(brief))
            rechecked = self._checked(mended, brief)
            # A weak model may answer with the complaint instead of the copy: only what is better is taken.
            if mended and len(blocking(rechecked.findings)) < len(blocking(checked.findings)):
                text, checked = mended, rechecked
        if not text:
            if written.stopped:
                return None, True
            raise Permanent(self._writer.name, "empty")
        provenance = {
            "writer": self._writer.name,
            "is_model": self._writer.is_model,
            "prompts": briefing.prompt_identity(brief, self._prompts) if self._writer.is_model else [],
            "passages": [source.passage for source in sources],
            "background": [note.passage for note in brief.background],
            "instruction": brief.instruction,
            "usage": written.usage,
            "repairs": repairs,
            "seconds": round(time.monotonic() - began, 3),
        }
        origin = "model" if self._writer.is_model else "composer"
        with self._db.write() as session:
            row = loading.one(session, models.Post, post)
            kept = keep_revision(
                session, row, text, media_of(row), origin, requester, provenance, checked, now=self._clock()
            )
        return kept, written.stopped

    def _write(self, assignment: Assignment, events: EventLog, stop: threading.Event) -> Written:
        """Streams one answer into the log. A stream without the writer's own last word was cut: an error."""
        stream = briefing.CopyStream()
        parts: list[str] = []
        events.restart()
        finished: Finished | None = None
        with closing(self._writer.write(assignment)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if stop.is_set():
                    break
                if isinstance(piece, Delta):
                    parts.append(piece.text)
                    events.delta(stream.feed(piece.text))
                else:
                    finished = piece
        events.delta(stream.flush())
        events.flush()
        if finished is None and not stop.is_set():
            raise Permanent(self._writer.name, "cut")
        return Written("".join(parts), dict(finished.usage) if finished else {}, stop.is_set())

    def _brief(self, generation: int) -> tuple[Brief, int, int]:
        with self._db.read() as session:
            row = loading.one(session, models.Generation, generation)
            post = loading.one(session, models.Post, row.post_id)
            brand, voice = loading.brand_and_voice(session, post.brand_id)
            attempt = session.query(models.Generation).filter(models.Generation.post_id == post.id).count()
            brief = Brief(
                brand=brand,
                voice=voice,
                column=loading.column(post.slot.column),
                channel=Channel(post.channel),
                starts_at=post.slot.starts_at.astimezone(ZoneInfo(brand.zone)),
                sources=(),
                recent=_recent(session, post),
                instruction=row.instruction,
                seed=post.slot_id * 31 + attempt,
            )
            return brief, post.id, row.requested_by

    def _sources(self, brief: Brief) -> tuple[Source, ...]:
        """Passages for the column's purpose, valid at the slot; competitor notes are never drafted from."""
        kinds = [kind for kind in brief.column.kinds if kind in CITABLE]
        if not kinds:
            return ()
        k = SOURCES[self._writer.is_model]
        hits = self._retrieval.search(
            _subject(brief), brand=brief.brand.id, kinds=kinds, at=brief.starts_at, k=max(SOURCES.values())
        )
        sources = [hit.source for hit in hits]
        if self._writer.is_model and not brief.instruction and len(sources) > k:
            # The best two stay; the rest rotate, so that each day starts from other facts.
            tail = sources[2:]
            turn = brief.seed * (k - 2) % len(tail)
            sources = sources[:2] + (tail[turn:] + tail[:turn])
        return tuple(sources[:k])

    def _background(self, brief: Brief) -> tuple[Source, ...]:
        """Competitor notes on the same subject, for columns that speak of products."""
        if not any(kind in CITABLE and kind.family is Family.PRODUCT for kind in brief.column.kinds):
            return ()
        hits = self._retrieval.search(
            _subject(brief),
            brand=brief.brand.id,
            kinds=[Kind.COMPETITOR_NOTE],
            at=brief.starts_at,
            k=_NOTES,
        )
        return tuple(hit.source for hit in hits)

    def _checked(self, text: str, brief: Brief) -> Checked:
        return self._checking.check_grounded(
            text,
            brand=brief.brand,
            voice=brief.voice,
            channel=brief.channel,
            at=brief.starts_at,
            sources=brief.sources,
            column=brief.column,
        )

    def _reason(self, finding: Finding, brief: Brief) -> str:
        return f"{finding.text}: {self._word(finding.reason, brief.brand.language)}"

    def _close(
        self, generation: int, state: str, *, revision: int | None = None, error: dict[str, Any] | None = None
    ) -> None:
        with self._db.write() as session:
            session.execute(
                update(models.Generation)
                .where(models.Generation.id == generation)
                .values(state=state, revision_id=revision, error=error, finished_at=self._clock())
            )


def _subject(brief: Brief) -> str:
    """What to look for: what the person asked, and what the column is for."""
    return " ".join(part for part in (brief.instruction, brief.column.purpose) if part)


def _recent(session: Session, post: models.Post) -> tuple[str, ...]:
    """What the same channel got in the days around this slot, newest first."""
    at = post.slot.starts_at
    span = timedelta(days=_RECENT_DAYS)
    rows: Sequence[str] = session.scalars(
        select(models.Revision.text)
        .join(models.Post, models.Post.head_id == models.Revision.id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(
            models.Post.brand_id == post.brand_id,
            models.Post.id != post.id,
            models.Slot.starts_at.between(at - span, at + span),
        )
        .order_by(models.Slot.starts_at.desc())
        .limit(60)
    ).all()
    return tuple(rows)
