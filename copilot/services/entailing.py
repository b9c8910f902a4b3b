"""Has a model judge the sentences of a copy that the rules leave open: at a person's press, and within their guards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, zip_longest

from copilot import models
from copilot.domain.brands import Brand, Language
from copilot.domain.columns import Column
from copilot.domain.findings import Claim, Method, Verdict
from copilot.domain.forms import quiz_options
from copilot.domain.grounding.entailanswers import Answer, believed, parse
from copilot.domain.grounding.entailing import Judgement, assertions, entailed, open_claims
from copilot.domain.materials import CITABLE, Source
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import IN_HAND, PostState
from copilot.errors import Conflict, IllegalTransition, StaleRevision
from copilot.models.database import Database
from copilot.ports import Clock, Progress
from copilot.prompts import Prompts
from copilot.services import auditing, following, loading
from copilot.services.briefing import fenced_passages, harmless
from copilot.services.checking import Checked, Checking, furniture_of, grounds_of
from copilot.services.meaning import Meaning
from copilot.services.modelcare import ModelCare, Purpose, Stopped
from copilot.services.promptwords import SENTENCE
from copilot.services.retrieval import Retrieval
from copilot.services.revising import keep_evidence

MOST_SENTENCES = 8
MOST_PASSAGES = 6
MAX_TOKENS = 400
"""Eight lines with their quotes; a cut last line is dropped by the parser."""

_PASSAGES_A_SENTENCE = 3
_MOST_CHARACTERS = 200
"""How much of a sentence a model is shown; a longer one is a paragraph that nobody ended."""


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
class Judged:
    """What came of asking about the open sentences of the text with this `revision` number.

    Not `is_readable` where no line of the answer was in the form that was asked for.
    """

    revision: int
    sentences: tuple[Told, ...] = ()
    is_readable: bool = True

    def count(self, outcome: Outcome) -> int:
        return sum(one.outcome is outcome for one in self.sentences)


def _silent(_done: int, _total: int) -> None:
    """For whoever does not watch."""


def _never() -> bool:
    return False


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

        On the brand's account; what the model service raises goes through. Refuses what `require` refuses;
        StaleRevision where somebody wrote on meanwhile. None once it `is_stopped`: nothing is written down then,
        and the model is asked no further. `progress` hears of sentences once the model begins to answer.
        """
        self.require(post, brand=brand, actor=actor)
        read = self._read(post, brand)
        checked = self._checking.recheck(post, brand=brand)
        asked = self._open(checked, read)
        if not asked:
            return Judged(read.number)
        sources = self._passages(asked, checked, read)
        grounds = grounds_of(checked.resting_on(sources).sources, read.brand, read.at)
        question = entailment(asked, sources, language=read.brand.language, prompts=self._prompts)
        try:
            answers = self._answers(question, brand, len(asked), progress, is_stopped)
        except Stopped:
            return None
        shown = {source.passage for source in sources}
        judgements = self._undoubted(believed(answers, asked, shown, grounds), asked, read)
        settled = checked.with_ledger(entailed(checked.ledger, judgements, grounds))
        judged = Judged(read.number, _told(asked, settled), is_readable=bool(answers))
        self._keep(post, brand, actor, settled, judged, question.hashes)
        return judged

    def _answers(
        self,
        question: Question,
        brand: int,
        count: int,
        progress: Progress,
        is_stopped: Callable[[], bool],
    ) -> tuple[Answer, ...]:
        """The model answers line by line; Stopped as soon as it says a word more than somebody wants to hear."""
        done = -1

        def heard(text: str) -> None:
            nonlocal done
            if is_stopped():
                raise Stopped
            now = min(len(parse(text)), count)
            if text and now > done:
                done = now
                progress(done, count)

        answer = self._care.answer(
            question.system,
            question.prompt,
            brand=brand,
            purpose=Purpose.CLAIMS,
            max_tokens=MAX_TOKENS,
            heard=heard,
        )
        if is_stopped():
            raise Stopped
        return parse(answer)

    def _read(self, post: int, brand: int) -> _Text:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            assert row.head is not None
            home, voice = loading.brand_and_voice(session, brand)
            column = loading.column(row.slot.column)
            at = max(row.slot.starts_at, self._clock()) if column.is_standing else row.slot.starts_at
            return _Text(row.head.number, row.head.text, home, column, furniture_of(voice, column), at)

    def _open(self, checked: Checked, read: _Text) -> tuple[Claim, ...]:
        """What the words left open comes first, for it stands as a fault; then what only passes as opinion."""
        told, grounds = checked.ledger, grounds_of(checked.sources, read.brand, read.at)
        options = quiz_options(read.column.form, read.text)
        found = (*open_claims(told, grounds), *assertions(told, grounds, read.furniture))
        # All but one option of a quiz are wrong on purpose.
        free = (one for one in found if not any(start <= one.start < end for start, end in options))
        return tuple(list(free)[:MOST_SENTENCES])

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
        prompts: Mapping[str, str],
    ) -> None:
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            number = judged.revision
            if row.head is None or row.head.number != number:
                raise StaleRevision(based_on=number, newest=row.head.number if row.head is not None else 0)
            _require_in_hand(row)
            keep_evidence(session, row.head, checked)
            following.ask_again(session, row, now=now, actor=actor.id)
            auditing.record(
                session,
                at=now,
                actor=actor.id,
                brand=brand,
                subject="post",
                identity=post,
                event="judged",
                revision=number,
                model=self._care.name,
                prompts=dict(prompts),
                asked=len(judged.sentences),
                borne_out=judged.count(Outcome.BORNE_OUT),
                found_in_none=judged.count(Outcome.FOUND_IN_NONE),
            )


def _require_in_hand(post: models.Post) -> None:
    """What was handed on is read by somebody who relies on the findings as they are."""
    if PostState(post.state) not in IN_HAND:
        raise IllegalTransition("post", post.state, "judge")


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


@dataclass(frozen=True)
class Question:
    """What an Answerer is asked about some sentences; `hashes` name the prompts it was made from."""

    system: str
    prompt: str
    hashes: Mapping[str, str]


def entailment(
    claims: Sequence[Claim], sources: Sequence[Source], *, language: Language, prompts: Prompts
) -> Question:
    """Passages and sentences both go in as data, each between fences of its own."""
    system, user = prompts[f"tasks/entail.{language}"], prompts[f"tasks/entailcopy.{language}"]
    lines = (" ".join(harmless(claim.sentence).split())[:_MOST_CHARACTERS] for claim in claims)
    return Question(
        system.render(),
        user.render(
            passages=fenced_passages(sources, language),
            sentences="\n".join(SENTENCE[language].format(n=n, text=line) for n, line in enumerate(lines, 1)),
            count=len(claims),
        ),
        {system.name: system.hash, user.name: user.hash},
    )
