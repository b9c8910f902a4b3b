"""Replies to members: a question in, an answer that passages carry out of it, or a gap that is kept."""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models, rulepacks
from copilot.domain.brands import Brand, Voice
from copilot.domain.drafts import Assignment, Brief
from copilot.domain.messages import Message
from copilot.domain.permissions import Actor, Permission
from copilot.domain.replies import (
    ANSWERING,
    LONGEST_QUESTION,
    Candidate,
    Decision,
    QuestionState,
    Telling,
    decide,
    parts,
    same,
)
from copilot.domain.replies.masking import masked
from copilot.errors import Conflict, ExternalError, InvalidInput, Permanent
from copilot.models.database import Database
from copilot.ports import Clock, Embedder
from copilot.prompts import Prompts
from copilot.services import auditing, briefing, loading, replykeeping
from copilot.services.checking import Checked, Checking
from copilot.services.hearing import answered
from copilot.services.modelcare import ModelCare, Purpose
from copilot.services.replykeeping import CHANNEL
from copilot.services.reporting import message_json
from copilot.services.retrieval import Hit, Retrieval

_FOUND = 30


class Compose(Protocol):
    """Words an answer without a model, with `[n]` markers."""

    def __call__(
        self, question: str, tellings: Sequence[Telling], *, brand: Brand, voice: Voice, is_complaint: bool
    ) -> str: ...


@dataclass(frozen=True)
class _Found:
    """What a question comes to at one time, before anything is kept."""

    brand: Brand
    voice: Voice
    at: datetime
    decision: Decision
    text: str = ""
    checked: Checked | None = None

    @property
    def kept(self) -> dict[str, Any]:
        return replykeeping.kept(self.decision, self.text, self.checked)


class Replying:
    """The offline answer is there at once; a model may put it in better words afterwards, in `write`."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        retrieval: Retrieval,
        embedder: Embedder,
        checking: Checking,
        care: ModelCare,
        compose: Compose,
        prompts: Prompts,
    ) -> None:
        self._db = db
        self._clock = clock
        self._retrieval = retrieval
        self._embedder = embedder
        self._checking = checking
        self._care = care
        self._compose = compose
        self._prompts = prompts

    @property
    def writes(self) -> bool:
        """Whether a model is there to put answers in words."""
        return self._care.writes

    def ask(self, question: str, *, brand: int, actor: Actor) -> int:
        """Answers a member's question from what holds now, or keeps it as a gap; returns the question's id.

        Numbers and addresses in it are masked before anything else sees it. The same question asked again is
        the same row, answered anew and counted; one that somebody dismissed stays dismissed while nothing
        answers it. InvalidInput for one that is empty or too long.
        """
        actor.require(Permission.WRITE)
        text = self._plain(question)
        found = self._found(text, brand)
        with self._db.write() as session:
            row = _same(session, brand, text)
            if row is None:
                row = models.Question(
                    brand_id=brand,
                    text=text,
                    state=QuestionState.OPEN,
                    asked=0,
                    asked_by=actor.id,
                    created_at=self._clock(),
                )
                session.add(row)
            row.asked += 1
            row.asked_by = actor.id
            row.answer = found.kept
            if found.decision.answer is not None:
                row.state, row.settled_by, row.settled_at = QuestionState.ANSWERED, None, None
            elif row.state != QuestionState.DISMISSED:
                row.state, row.settled_by, row.settled_at = QuestionState.OPEN, None, None
            session.flush()
            self._record(session, row, "asked", actor, state=row.state)
            return row.id

    def write(self, question: int, *, brand: int, actor: Actor) -> Message | None:
        """Has the model answer, from the passages that carry the offline answer; None if its words are taken.

        Else the offline answer stands, and the reason comes back and is kept. Conflict without an answer.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            row = loading.one(session, models.Question, question, brand=brand)
            asked, answer = row.text, dict(row.answer)
        if not answer.get("text"):
            raise Conflict("error.question_open")
        found = self._found(asked, brand)
        if found.decision.answer is None:
            raise Conflict("error.question_open")
        sources = replykeeping.sources_of(found.decision)
        brief = replykeeping.brief_of(found.brand, found.voice, found.at, sources)
        began = time.monotonic()
        fell_back: Message | None = None
        worded = found.kept
        try:
            facts = [telling.text for telling in found.decision.answer.tellings]
            text, usage = self._written(briefing.reply(brief, self._prompts, asked, facts))
            checked = self._check(text, found)
            fell_back = replykeeping.objection(
                text, checked, found.brand, is_complaint=found.decision.is_complaint
            )
        except ExternalError as exc:
            fell_back = Message(exc.message_id, exc.params)
        else:
            if fell_back is None:
                worded |= {"text": text, **replykeeping.checked_json(checked)}
                worded["provenance"] = {
                    **worded["provenance"],
                    "writer": self._care.name,
                    "is_model": True,
                    "prompts": self._identity(brief),
                    "passages": [source.passage for source in brief.sources],
                    "usage": usage,
                    "seconds": round(time.monotonic() - began, 3),
                }
        worded["fell_back"] = message_json(fell_back)
        with self._db.write() as session:
            loading.one(session, models.Question, question, brand=brand).answer = worded
        return fell_back

    def look_again(self, question: int, *, brand: int, actor: Actor) -> bool:
        """Whether a material answers an open question by now; then it is covered, and no gap any more."""
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            asked = _open(session, question, brand).text
        found = self._found(asked, brand)
        is_covered = found.decision.answer is not None
        with self._db.write() as session:
            row = _open(session, question, brand)
            row.answer = found.kept
            if is_covered:
                self._settle(session, row, QuestionState.COVERED, actor)
        return is_covered

    def dismiss(self, question: int, *, brand: int, actor: Actor) -> None:
        """Nobody needs to write a material for this question."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            self._settle(session, _open(session, question, brand), QuestionState.DISMISSED, actor)

    def reopen(self, question: int, *, brand: int, actor: Actor) -> None:
        """Undoes `dismiss`."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            row = loading.one(session, models.Question, question, brand=brand)
            if row.state != QuestionState.DISMISSED:
                raise Conflict("error.question_not_dismissed")
            row.state, row.settled_by, row.settled_at = QuestionState.OPEN, None, None
            self._record(session, row, "reopened", actor)

    def _plain(self, question: str) -> str:
        text = " ".join(question.split())
        if not text:
            raise InvalidInput({"question": "invalid.empty_question"})
        if len(text) > LONGEST_QUESTION:
            raise InvalidInput({"question": "invalid.question_long"}, most=LONGEST_QUESTION)
        return masked(text, rulepacks.chinese().folding)

    def _found(self, question: str, brand: int) -> _Found:
        with self._db.read() as session:
            home, voice = loading.brand_and_voice(session, brand)
        at = self._clock()
        decision = self._decided(question, home, at)
        if decision.answer is not None:
            folding = rulepacks.chinese().folding
            tellings = replykeeping.with_known_links(decision.answer.tellings, voice, folding)
            answer = replace(decision.answer, tellings=tellings) if tellings else None
            decision = replace(decision, answer=answer)
        found = _Found(home, voice, at, decision)
        if decision.answer is None:
            return found
        tellings = decision.answer.tellings
        text = briefing.clean(
            self._compose(question, tellings, brand=home, voice=voice, is_complaint=decision.is_complaint)
        )
        return replace(found, text=text, checked=self._check(text, found))

    def _decided(self, question: str, brand: Brand, at: datetime) -> Decision:
        """Of the question, and failing that of its sentences one by one: people say more than they ask."""
        first: Decision | None = None
        found: list[Hit] = []
        asked = parts(question)
        for part in asked:
            # What is not valid is looked for too, so that nobody takes the next best for an offer that has ended.
            hits = self._retrieval.search(part, brand=brand.id, kinds=ANSWERING, k=_FOUND)
            decision = decide(
                part,
                [Candidate(hit.source, hit.score, hit.similarity) for hit in hits],
                at=at,
                brand=brand,
                likeness=self._likeness(part),
            )
            if decision.answer is not None or decision.untimely is not None:
                return decision
            if first is None:
                first, found = decision, hits
        assert first is not None
        valid = [hit for hit in found if hit.source.window.covers(at)]
        late = self._retrieval.untimely(asked[0], valid, brand=brand.id, at=at, kinds=ANSWERING)
        return replace(first, untimely=late[0].source) if late else first

    def _likeness(self, question: str) -> Callable[[Sequence[str]], list[float]]:
        def likeness(texts: Sequence[str]) -> list[float]:
            [wanted] = self._embedder.queries([question])
            return [_cosine(wanted, vector) for vector in self._embedder.passages(texts)]

        return likeness

    def _check(self, text: str, found: _Found) -> Checked:
        # Against these passages alone: the rest of the library holds members' stories, which prove nothing.
        return self._checking.check(
            text,
            brand=found.brand,
            voice=found.voice,
            channel=CHANNEL,
            at=found.at,
            sources=replykeeping.sources_of(found.decision),
        )

    def _written(self, assignment: Assignment) -> tuple[str, Mapping[str, Any]]:
        heard = answered(self._care, assignment, Purpose.REPLY)
        text = replykeeping.nameless(briefing.clean(heard.text))
        if not text:
            raise Permanent(self._care.name, "empty")
        return text, dict(heard.usage)

    def _identity(self, brief: Brief) -> dict[str, Any]:
        language = brief.brand.language
        names = ("tasks/draft", "tasks/reply", f"modules/{brief.column.module}", f"channels/{CHANNEL}")
        used = [self._prompts[f"{name}.{language}"] for name in names]
        return {prompt.name: {"version": prompt.version, "hash": prompt.hash} for prompt in used}

    def _settle(self, session: Session, row: models.Question, state: QuestionState, actor: Actor) -> None:
        row.state, row.settled_by, row.settled_at = state, actor.id, self._clock()
        self._record(session, row, str(state), actor)

    def _record(
        self, session: Session, row: models.Question, event: str, actor: Actor, **data: object
    ) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor.id,
            brand=row.brand_id,
            subject="question",
            identity=row.id,
            event=event,
            **data,
        )


def _open(session: Session, question: int, brand: int) -> models.Question:
    row = loading.one(session, models.Question, question, brand=brand)
    if row.state != QuestionState.OPEN:
        raise Conflict("error.question_settled")
    return row


def _same(session: Session, brand: int, text: str) -> models.Question | None:
    """The row of this question, however it was spaced and pointed when it was asked before."""
    rows = session.execute(
        select(models.Question.id, models.Question.text)
        .where(models.Question.brand_id == brand)
        .order_by(models.Question.id.desc())
    )
    known = next((row.id for row in rows if same(row.text, text)), None)
    return session.get(models.Question, known) if known is not None else None


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    size = math.hypot(*one) * math.hypot(*other)
    return sum(map(operator.mul, one, other)) / size if size else 0.0
