"""Has a model judge the sentences of a copy that the rules leave open: at a person's press, and within their guards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Brand
from copilot.domain.columns import Column
from copilot.domain.findings import Claim, Method, Verdict
from copilot.domain.flags import Cause, Resolution
from copilot.domain.forms import quiz_options
from copilot.domain.grounding.entailanswers import Answer, believed, parse
from copilot.domain.grounding.entailing import (
    Judgement,
    Unasked,
    assertions,
    entailed,
    open_claims,
    unasked,
)
from copilot.domain.materials import CITABLE, Source
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import IN_HAND, PostState
from copilot.errors import Conflict, ExternalError, IllegalTransition, StaleRevision
from copilot.models.database import Database
from copilot.ports import Clock, Progress
from copilot.prompts import Prompts
from copilot.services import auditing, flagging, following, loading
from copilot.services.checking import Checked, Checking, furniture_of, grounds_of
from copilot.services.entailprompt import Question, entailment
from copilot.services.leaving import unless_stopped
from copilot.services.meaning import Meaning
from copilot.services.modelcare import ModelCare, Purpose, Stopped
from copilot.services.reporting import reported
from copilot.services.retrieval import Retrieval
from copilot.services.revising import keep_evidence

MOST_SENTENCES = 8
MOST_PASSAGES = 6
MAX_TOKENS = 400
"""Eight lines with their quotes; a cut last line is dropped by the parser."""

_EVENT = "judged"
_NEVER_TOLD = datetime.min.replace(tzinfo=UTC)
_PASSAGES_A_SENTENCE = 3


class Outcome(StrEnum):
    """What came of one sentence; `undecided` where the model said nothing of it that could be believed."""

    BORNE_OUT = "borne_out"
    FOUND_IN_NONE = "found_in_none"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Told:
    """One sentence that was asked about, by where it begins in the text."""

    start: int
    text: str
    outcome: Outcome


@dataclass(frozen=True)
class Left:
    """One sentence that nothing is told of, and why."""

    start: int
    text: str
    why: Unasked


@dataclass(frozen=True)
class Judged:
    """What came of asking about the open sentences of the text with this `revision` number; `left` are all others.

    Not `is_readable` where no line of the answer was in the form that was asked for. Where the model broke off, the
    lines that came whole are taken, and `broke_off` is its fault, as `reported`.
    """

    revision: int
    sentences: tuple[Told, ...] = ()
    left: tuple[Left, ...] = ()
    is_readable: bool = True
    broke_off: Mapping[str, Any] | None = None

    def count(self, outcome: Outcome) -> int:
        return sum(one.outcome is outcome for one in self.sentences)


def _silent(_done: int, _total: int) -> None:
    """For whoever does not watch."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Given:
    """What a model was taken to say of a sentence of a post, in whichever of its versions."""

    sentence: str
    outcome: Outcome
    at: datetime


@dataclass(frozen=True)
class _Heard:
    """A model's answers; with a `fault` it broke off, and these are the lines that came whole."""

    answers: tuple[Answer, ...]
    fault: ExternalError | None = None


@dataclass(frozen=True)
class _Text:
    """The newest text of a post, and what it is checked for."""

    number: int
    text: str
    brand: Brand
    column: Column
    furniture: tuple[str, ...]
    at: datetime


class Entailing:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        checking: Checking,
        retrieval: Retrieval,
        meaning: Meaning,
        care: ModelCare,
        prompts: Prompts,
    ) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking
        self._retrieval = retrieval
        self._meaning = meaning
        self._care = care
        self._prompts = prompts

    @property
    def judges(self) -> bool:
        """Whether there is a model to ask."""
        return self._care.answers

    def require(self, post: int, *, brand: int, actor: Actor) -> None:
        """Conflict where there is no model or no text, IllegalTransition once the copy is handed on."""
        actor.require(Permission.WRITE)
        if not self.judges:
            raise Conflict("error.no_judge")
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            if row.head is None:
                raise Conflict("error.no_text")
            _require_in_hand(row)

    def ask(
        self,
        post: int,
        *,
        brand: int,
        actor: Actor,
        progress: Progress = _silent,
        is_stopped: Callable[[], bool] = _never,
    ) -> Judged | None:
        """Asks once about the open sentences of the newest text, and writes down what could be believed.

        On the brand's account; what the model service raises before it answered about any sentence goes through.
        Refuses what `require` refuses; StaleRevision where somebody wrote on meanwhile. None once it `is_stopped`:
        at once, whatever the model is at, and nothing is written down then. What this answers about a sentence takes
        the place of all that a model said of it before. `progress` hears of sentences once the model begins to answer.
        """
        self.require(post, brand=brand, actor=actor)
        read = self._read(post, brand)
        checked = self._checking.recheck(post, brand=brand)
        asked, left = self._open(checked, read, self.given(post, brand=brand))
        if not asked:
            return Judged(read.number, left=left)
        sources = self._passages(asked, checked, read)
        question = entailment(asked, sources, language=read.brand.language, prompts=self._prompts)
        try:
            heard = self._heard(question, brand, len(asked), progress, is_stopped)
        except Stopped:
            return None
        answered = _answered(asked, heard)
        if any(claim.method is Method.MODEL for claim in answered):
            anew = {claim.sentence for claim in answered}
            checked = self._checking.recheck(post, brand=brand, anew=anew)
        grounds = grounds_of(checked.resting_on(sources).sources, read.brand, read.at)
        shown = {source.passage for source in sources}
        judgements = self._undoubted(believed(heard.answers, asked, shown, grounds), asked, read)
        settled = checked.with_ledger(entailed(checked.ledger, judgements, grounds))
        judged = Judged(
            read.number,
            _told(answered if heard.answers else asked, settled),
            left=_in_order((*left, *_unreached(asked, heard))),
            is_readable=bool(heard.answers),
            broke_off=reported(heard.fault) if heard.fault is not None else None,
        )
        anew_at = frozenset((claim.start, claim.end) for claim in answered)
        try:
            self._keep(post, brand, actor, settled, judged, anew_at, question.hashes, is_stopped)
        except Stopped:
            return None
        return judged

    def given(self, post: int, *, brand: int) -> tuple[Given, ...]:
        """All that models were taken to say of this post's sentences, the oldest first."""
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            texts = {one.number: one.text for one in row.revisions}
            events = session.scalars(
                select(models.Audit)
                .where(
                    models.Audit.subject == "post",
                    models.Audit.subject_id == post,
                    models.Audit.action == f"post.{_EVENT}",
                )
                .order_by(models.Audit.id)
            )
            return tuple(
                Given(texts[event.data["revision"]][start:end], Outcome(outcome), event.at)
                for event in events
                for start, end, outcome in event.data.get("told", ())
            )

    def _heard(
        self,
        question: Question,
        brand: int,
        count: int,
        progress: Progress,
        is_stopped: Callable[[], bool],
    ) -> _Heard:
        """The model answers line by line. Stopped as soon as somebody wants no more of it, be it that it is silent."""
        done, came = -1, ""

        def heard(text: str) -> None:
            nonlocal done, came
            if is_stopped():
                raise Stopped
            came = text
            now = min(len(parse(text)), count)
            if text and now > done:
                done = now
                progress(done, count)

        def answer() -> str:
            return self._care.answer(
                question.system,
                question.prompt,
                brand=brand,
                purpose=Purpose.CLAIMS,
                max_tokens=MAX_TOKENS,
                heard=heard,
            )

        try:
            return _Heard(parse(unless_stopped(answer, is_stopped, name="judging")))
        except ExternalError as exc:
            # A line that is cut may end in another word than it was to end in.
            whole = parse(came[: came.rfind("\n") + 1])
            if not whole:
                raise
            # A weak model talks on once it has answered, until its time is over.
            is_complete = {one.number for one in whole} >= set(range(1, count + 1))
            return _Heard(whole, None if is_complete else exc)

    def _read(self, post: int, brand: int) -> _Text:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            assert row.head is not None
            home, voice = loading.brand_and_voice(session, brand)
            column = loading.column(row.slot.column)
            at = max(row.slot.starts_at, self._clock()) if column.is_standing else row.slot.starts_at
            return _Text(row.head.number, row.head.text, home, column, furniture_of(voice, column), at)

    def _open(
        self, checked: Checked, read: _Text, given: Sequence[Given]
    ) -> tuple[tuple[Claim, ...], tuple[Left, ...]]:
        """The sentences to ask about, and all others with the reason.

        What nobody asked about comes first, then what was asked about longest ago; among these what the words left
        open, for it stands as a fault, before what only passes as opinion.
        """
        told, grounds = checked.ledger, grounds_of(checked.sources, read.brand, read.at)
        options = quiz_options(read.column.form, read.text)
        # All but one option of a quiz are wrong on purpose.
        offered = {
            claim.start for claim in told.claims if any(low <= claim.start < high for low, high in options)
        }
        found = (*open_claims(told, grounds), *assertions(told, grounds, read.furniture))
        last = {one.sentence: one.at for one in given}
        free = sorted(
            (claim for claim in found if claim.start not in offered),
            key=lambda claim: last.get(claim.sentence, _NEVER_TOLD),
        )
        asked, beyond = free[:MOST_SENTENCES], {claim.start for claim in free[MOST_SENTENCES:]}
        chosen = {claim.start for claim in asked}
        left = (
            Left(
                claim.start,
                claim.sentence,
                Unasked.OPTION
                if claim.start in offered
                else Unasked.TOO_MANY
                if claim.start in beyond
                else unasked(claim, told, grounds),
            )
            for claim in told.claims
            if claim.start not in chosen
        )
        return tuple(asked), tuple(left)

    def _passages(self, asked: Sequence[Claim], checked: Checked, read: _Text) -> list[Source]:
        """The nearest passages of each sentence in turn, and what the copy was written from where there is room."""
        nearest = [
            self._retrieval.search(
                claim.sentence, brand=read.brand.id, kinds=CITABLE, at=read.at, k=_PASSAGES_A_SENTENCE
            )
            for claim in asked
        ]
        hits = filter(None, chain.from_iterable(zip_longest(*nearest)))
        valid = (source for source in checked.sources if source.window.covers(read.at))
        found = {source.passage: source for source in (*(hit.source for hit in hits), *valid)}
        return [source for source in found.values() if source.kind in CITABLE][:MOST_PASSAGES]

    def _undoubted(
        self, judgements: Sequence[Judgement], asked: Sequence[Claim], read: _Text
    ) -> list[Judgement]:
        """Without each yes whose quote means something else altogether: a weak model says yes to whatever it copied."""
        sentences = {claim.start: claim.sentence for claim in asked}
        return [
            one
            for one in judgements
            if not one.quote or not self._meaning.doubts(sentences[one.start], one.quote, read.brand.language)
        ]

    def _keep(
        self,
        post: int,
        brand: int,
        actor: Actor,
        checked: Checked,
        judged: Judged,
        anew: frozenset[tuple[int, int]],
        prompts: Mapping[str, str],
        is_stopped: Callable[[], bool],
    ) -> None:
        """Stopped where somebody did so before this very moment: what is written down here is not taken back."""
        now = self._clock()
        with self._db.write() as session:
            if is_stopped():
                raise Stopped
            row = loading.one(session, models.Post, post, brand=brand)
            number = judged.revision
            if row.head is None or row.head.number != number:
                raise StaleRevision(based_on=number, newest=row.head.number if row.head is not None else 0)
            _require_in_hand(row)
            before = _cited(row.head)
            # What a model said before and nothing bears out today goes, even if nobody asked about it this time.
            anew |= {(one.start, one.end) for one in row.head.claims if one.method == Method.MODEL}
            keep_evidence(session, row.head, checked, anew=anew)
            _settle_flags(session, row.head, before, now=now, actor=actor.id)
            following.ask_again(session, row, now=now, actor=actor.id)
            auditing.record(
                session,
                at=now,
                actor=actor.id,
                brand=brand,
                subject="post",
                identity=post,
                event=_EVENT,
                revision=number,
                model=self._care.name,
                prompts=dict(prompts),
                asked=len(judged.sentences),
                borne_out=judged.count(Outcome.BORNE_OUT),
                found_in_none=judged.count(Outcome.FOUND_IN_NONE),
                told=[
                    (one.start, one.start + len(one.text), one.outcome)
                    for one in judged.sentences
                    if judged.is_readable
                ],
            )


def _require_in_hand(post: models.Post) -> None:
    """What was handed on is read by somebody who relies on the findings as they are."""
    if PostState(post.state) not in IN_HAND:
        raise IllegalTransition("post", post.state, "judge")


def _cited(head: models.Revision) -> set[tuple[int, int, int, str]]:
    """The sentences, by where they begin and end, each with a passage and the quote of it that carries them."""
    return {
        (row.start, row.end, row.passage_id, row.quote) for row in head.claims if row.passage_id is not None
    }


def _settle_flags(
    session: Session,
    head: models.Revision,
    before: Set[tuple[int, int, int, str]],
    *,
    now: datetime,
    actor: int,
) -> None:
    """What changed under a quote is settled once every sentence that rested on it rests on another."""
    cited = _cited(head)
    carried = {(start, end) for start, end, _, _ in cited}
    open_still = {(passage, quote) for start, end, passage, quote in before if (start, end) not in carried}
    open_still |= {(passage, quote) for _, _, passage, quote in cited}
    settled = {(passage, quote) for _, _, passage, quote in before} - open_still
    for flag in flagging.open_flags(session, head):
        if flag.cause != Cause.CONTESTED and (flag.passage_id, flag.quote) in settled:
            flagging.resolve(flag, Resolution.RESTORED, now, actor)


def _answered(asked: Sequence[Claim], heard: _Heard) -> tuple[Claim, ...]:
    """The sentences that this asking speaks for: those of a whole answer all, even if it passed some over."""
    if heard.fault is None:
        return tuple(asked) if heard.answers else ()
    numbers = {one.number for one in heard.answers}
    return tuple(claim for number, claim in enumerate(asked, 1) if number in numbers)


def _unreached(asked: Sequence[Claim], heard: _Heard) -> Iterator[Left]:
    """What a model that broke off did not get to."""
    if heard.fault is not None:
        reached = _answered(asked, heard)
        yield from (
            Left(claim.start, claim.sentence, Unasked.BROKE_OFF) for claim in asked if claim not in reached
        )


def _in_order(left: Iterable[Left]) -> tuple[Left, ...]:
    return tuple(sorted(left, key=lambda one: one.start))


def _told(asked: Sequence[Claim], settled: Checked) -> tuple[Told, ...]:
    """In the order of the copy, and as the ledger has it: a yes counts where it passed the guards."""
    borne_out = {one.start for one in settled.claims if one.verdict is Verdict.SUPPORTED}
    missed = {
        one.start
        for one in settled.claims
        if one.verdict is Verdict.UNSUPPORTED and one.method is Method.MODEL
    }
    return tuple(
        Told(
            claim.start,
            claim.sentence,
            Outcome.BORNE_OUT
            if claim.start in borne_out
            else Outcome.FOUND_IN_NONE
            if claim.start in missed
            else Outcome.UNDECIDED,
        )
        for claim in sorted(asked, key=lambda one: one.start)
    )
