"""Writes one copy from a brief: finds, renders, streams, checks, mends. Knows nothing of posts and keeps nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from copilot import models
from copilot.domain.columns import Every, Form, Value
from copilot.domain.drafts import Assignment, Brief, Delta, Finished, Sentence, Stated, WriterEvent
from copilot.domain.findings import Finding, blocking
from copilot.domain.likeness import TOO_ALIKE, jaccard, pieces
from copilot.domain.materials import CITABLE, Family, Kind, Source
from copilot.domain.messages import Message, storable
from copilot.errors import ExternalError, Permanent, Retryable
from copilot.models.database import Database
from copilot.ports import Composer
from copilot.prompts import Prompts
from copilot.services import briefing, loading
from copilot.services.checking import Checked, Checking
from copilot.services.modelcare import ModelCare, Purpose
from copilot.services.retrieval import Retrieval
from copilot.services.tellings import readers, resting

log = structlog.get_logger()

REPAIRS = 2
FOR_MODEL, FOR_COMPOSER = 5, 24  # A model reads a few passages well; the composer chooses among many.
FOR_ARTICLE = 48  # With fewer an article mixes things that do not belong together.
_NOTES = 2
# What any column of talk can be written from when its own kinds have nothing.
_ANYWHERE = tuple(
    kind
    for kind in CITABLE
    if kind.family in (Family.PUBLICITY, Family.UGC)
    or kind in (Kind.SELLING_POINT, Kind.HIGHLIGHT, Kind.USER_GUIDE, Kind.MAINTENANCE)
)


class Listener(Protocol):
    """Hears copy as it comes; a page's event log, or nobody."""

    def delta(self, text: str) -> None: ...

    def restart(self) -> None: ...

    def note(self, message: str) -> None: ...

    def flush(self) -> None: ...


class Nobody:
    """Listens to work in the background."""

    def delta(self, text: str) -> None: ...

    def restart(self) -> None: ...

    def note(self, message: str) -> None: ...

    def flush(self) -> None: ...


@dataclass(frozen=True)
class Draft:
    """Copy with what the checks say of it. `fell_back` is why the composer wrote it although there is a model;
    `remnant` what that model had written before it broke off."""

    text: str
    checked: Checked
    origin: str
    provenance: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False
    fell_back: Message | None = None
    remnant: str = ""


@dataclass(frozen=True)
class _Answer:
    text: str
    usage: Mapping[str, Any]
    note: str
    stopped: bool


class _Broken(Exception):
    """The model failed in the middle of its copy."""

    def __init__(self, cause: ExternalError, text: str) -> None:
        super().__init__(cause, text)
        self.cause = cause
        self.text = text


class Company:
    """The drafts of one piece of work, as its threads know of each other: what each tells, and how it reads."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._texts: list[str] = []
        self._lock = threading.Lock()

    def take(self, choose: Callable[[tuple[str, ...]], tuple[Stated, ...]]) -> tuple[Stated, ...]:
        """What `choose` wants to tell, given what the others took; nobody else will be offered it."""
        with self._lock:
            points = choose(tuple(self._told))
            self._told += [point.text for point in points]
            return points

    def leave(self, points: Iterable[str]) -> None:
        """Gives back what was taken and not told."""
        with self._lock:
            self._told = [one for one in self._told if one not in set(points)]

    def is_apart(self, text: str) -> bool:
        """Whether no other draft reads too much like this one."""
        own = pieces(text)
        with self._lock:
            return all(jaccard(own, pieces(other)) < TOO_ALIKE for other in self._texts)

    def join(self, text: str) -> None:
        with self._lock:
            self._texts.append(text)


@dataclass(frozen=True)
class Task:
    """What is to be written, and for whom. `post` is the one whose own telling does not count.

    In `company` it is work in the background: it waits its turn, and keeps apart from the others.

    `falls_back` has the composer write where the model fails, `offline` has it write in any case.
    """

    brief: Brief
    purpose: Purpose = Purpose.DRAFT
    post: int | None = None
    turn: int = 0
    company: Company | None = None
    falls_back: bool = True
    offline: bool = False


@dataclass(frozen=True)
class _Work:
    """A task with all that was found for it. `told` are the passages that rest, with the time of their telling."""

    task: Task
    found: list[Source]
    told: Mapping[int, datetime]
    listener: Listener
    stop: threading.Event
    began: float


class Writing:
    def __init__(
        self,
        *,
        db: Database,
        retrieval: Retrieval,
        checking: Checking,
        care: ModelCare,
        composer: Composer,
        prompts: Prompts,
        word: Callable[[Message, str], str],
    ) -> None:
        self._db = db
        self._retrieval = retrieval
        self._checking = checking
        self._care = care
        self._composer = composer
        self._prompts = prompts
        self._word = word

    def write(
        self, task: Task, *, listener: Listener | None = None, stop: threading.Event | None = None
    ) -> Draft:
        """One draft, by the model where there is one, else and where that fails by the composer.

        Permanent `no_passages` where nothing in the library fits. Stopped, it is what came so far, which may
        be nothing.
        """
        listener, stop = listener or Nobody(), stop or threading.Event()
        draft = self._write(task, listener, stop)
        if task.company is None or draft.stopped:
            return draft
        if draft.origin == "model" and not task.company.is_apart(draft.text):
            other = self._write(replace(task, turn=task.turn + 1), listener, stop)
            is_better = bool(other.text) and task.company.is_apart(other.text)
            draft, left = (other, draft) if is_better else (draft, other)
            task.company.leave(left.provenance.get("points", ()))
        task.company.join(draft.text)
        return draft

    def _write(self, task: Task, listener: Listener, stop: threading.Event) -> Draft:
        began = time.monotonic()
        found, is_wider = self._found(task)
        if not found:
            raise Permanent("library", "no_passages", column=task.brief.column.name)
        work = _Work(task, found, self._resting(task, found), listener, stop, began)
        if task.brief.sentence is not None:
            try:
                return self._resaid(work, task.brief.sentence)
            except _Broken as exc:
                raise exc.cause from exc  # Half a sentence is of no use to anybody.
        draft = self._by_whoever_can(work)
        return replace(draft, provenance={**draft.provenance, "wider": True}) if is_wider else draft

    def _by_whoever_can(self, work: _Work) -> Draft:
        if work.task.offline or not self._care.writes:
            return self._by_composer(work)
        try:
            return self._by_model(work)
        except ExternalError as exc:
            failure, remnant = exc, ""
        except _Broken as exc:
            failure, remnant = exc.cause, exc.text
        if not work.task.falls_back:
            raise failure
        log.warning("draft.fell_back", reason=failure.message_id)
        work.listener.restart()
        work.listener.note("fell_back")
        try:
            draft = self._by_composer(work)
        except ExternalError:
            raise failure from None
        reason = Message(failure.message_id, failure.params)
        return replace(
            draft,
            fell_back=reason,
            remnant=remnant,
            provenance={**draft.provenance, "fell_back": storable(reason)},
        )

    def _resaid(self, work: _Work, sentence: Sentence) -> Draft:
        """The copy with one sentence said anew, by the model or, without one, by another fact of its passages."""
        brief = work.task.brief
        if self._care.writes and not work.task.offline:
            assignment = briefing.resaying(brief, self._prompts, sentence)
            answer = self._ask(assignment, work.task.purpose, work)
            said = " ".join(briefing.clean(answer.text).split())
            origin, writer = "model", self._care.name
            prompts: Any = briefing.prompt_identity(brief, self._prompts)
            usage, stopped = dict(answer.usage), answer.stopped
        else:
            choices = self._composer.resay(brief)
            if not choices:
                raise Permanent(self._composer.name, "nothing_else")
            said = choices[work.task.turn % len(choices)].text
            origin, writer, prompts, usage, stopped = "composer", self._composer.name, [], {}, False
        if not said or stopped:
            return Draft("", Checked((), (), ()), origin, stopped=True)
        text = sentence.replaced(said)
        provenance = {
            **_origin(brief, writer, work.began),
            "is_model": origin == "model",
            "prompts": prompts,
            "background": [],
            "usage": usage,
            "repairs": 0,
            "resaid": sentence.text,
        }
        return Draft(text, self._checked(text, brief), origin, provenance)

    def _assignment(self, brief: Brief) -> Assignment:
        if brief.original is not None:
            return briefing.translation(brief, self._prompts, brief.original)
        return briefing.assignment(brief, self._prompts)

    def _by_model(self, work: _Work) -> Draft:
        task, brief = work.task, self._angled(work)
        assignment = self._assignment(brief)
        answer = self._ask(assignment, task.purpose, work)
        text = briefing.clean(answer.text, briefing.labels(brief))
        checked = self._checked(text, brief)
        repairs = 0
        while not answer.stopped and repairs < REPAIRS and blocking(checked.findings):
            repairs += 1
            work.listener.note("repairing")
            reasons = [self._reason(finding, brief) for finding in blocking(checked.findings)]
            mending = briefing.repair(brief, self._prompts, text, reasons)
            try:
                answer = self._ask(mending, Purpose.REPAIR, work)
            except (ExternalError, _Broken):
                # What stands is worth more than nothing: its findings stay visible to the person.
                log.warning("draft.repair_failed", model=self._care.name)
                break
            mended = briefing.clean(answer.text, briefing.labels(brief))
            rechecked = self._checked(mended, brief)
            # A weak model may answer with the complaint instead of the copy: only what is better is taken.
            if mended and len(blocking(rechecked.findings)) < len(blocking(checked.findings)):
                text, checked = mended, rechecked
        if not text and not answer.stopped:
            raise Permanent(self._care.name, "empty")
        provenance = {
            **_origin(brief, self._care.name, work.began),
            "is_model": True,
            "prompts": briefing.prompt_identity(brief, self._prompts),
            "background": [note.passage for note in brief.background],
            "usage": dict(answer.usage),
            "repairs": repairs,
            "points": [point.text for point in brief.points],
        }
        return Draft(text, checked, "model", provenance, stopped=answer.stopped)

    def _by_composer(self, work: _Work) -> Draft:
        """From what is fresh to its readers if that makes a post, else from all."""
        brief = self._supplied(work)
        try:
            return self._composed(brief, work)
        except ExternalError:
            if len(brief.sources) == len(work.found):
                raise
            return self._composed(replace(brief, sources=tuple(work.found)), work)

    def _composed(self, brief: Brief, work: _Work) -> Draft:
        events = self._composer.write(Assignment(brief, "", ""))
        answer = self._hear(events, self._composer.name, work)
        text = briefing.clean(answer.text, briefing.labels(brief))
        provenance = {
            **_origin(brief, self._composer.name, work.began),
            "is_model": False,
            "prompts": [],
            "background": [note.passage for note in brief.background],
            "usage": {},
            "repairs": 0,
            "note": answer.note,
        }
        return Draft(text, self._checked(text, brief), "composer", provenance, stopped=answer.stopped)

    def _ask(self, assignment: Assignment, purpose: Purpose, work: _Work) -> _Answer:
        in_background = work.task.company is not None
        events = self._care.write(assignment, purpose=purpose, background=in_background)
        return self._hear(events, self._care.name, work)

    def _hear(self, events: Iterator[WriterEvent], service: str, work: _Work) -> _Answer:
        """Passes one answer on as it comes. A stream without the writer's own last word was cut: an error."""
        stream = briefing.CopyStream()
        parts: list[str] = []
        finished: Finished | None = None
        listener, stop = work.listener, work.stop
        listener.restart()
        try:
            with closing(events) as pieces:  # type: ignore[type-var]
                for piece in pieces:
                    if stop.is_set():
                        break
                    if isinstance(piece, Delta):
                        parts.append(piece.text)
                        listener.delta(stream.feed(piece.text))
                    else:
                        finished = piece
            listener.delta(stream.flush())
            listener.flush()
            if finished is None and not stop.is_set():
                raise Retryable(service, "cut")
        except ExternalError as exc:
            text = briefing.clean("".join(parts))
            if not text:
                raise
            raise _Broken(exc, text) from exc
        return _Answer(
            "".join(parts),
            finished.usage if finished is not None else {},
            finished.note if finished is not None else "",
            stop.is_set(),
        )

    def _found(self, task: Task) -> tuple[list[Source], bool]:
        """Passages for the column's purpose, valid at the slot, the best first; and whether of other kinds than its own.

        Competitor notes are not among them. A translation has its sources already, and so has a sentence. Work
        in company goes on to other kinds where the column's own have nothing, unless it is to promote something.
        """
        brief = task.brief
        if brief.sources:
            return list(brief.sources), False
        if found := self._search(brief, [kind for kind in brief.column.kinds if kind in CITABLE]):
            return found, False
        if task.company is None or brief.column.value is Value.WELFARE:
            return [], False
        return self._search(brief, _ANYWHERE), True

    def _search(self, brief: Brief, kinds: Sequence[Kind]) -> list[Source]:
        if not kinds:
            return []
        most = FOR_ARTICLE if brief.column.form is Form.ARTICLE else FOR_COMPOSER
        hits = self._retrieval.search(
            _subject(brief), brand=brief.brand.id, kinds=kinds, at=brief.starts_at, k=most
        )
        return [hit.source for hit in hits]

    def _resting(self, task: Task, found: list[Source]) -> Mapping[int, datetime]:
        """What the readers met lately or will meet soon. A newcomer has met nothing; a translation tells the same."""
        brief = task.brief
        if brief.sources or brief.column.cadence.every is Every.JOIN:
            return {}
        with self._db.read() as session:
            rest = loading.one(session, models.Brand, brief.brand.id).rest_days
            return resting(
                session,
                brief.brand.id,
                {source.passage for source in found},
                to=readers(brief.column, brief.channel),
                at=brief.starts_at,
                rest=timedelta(days=rest),
                but=task.post,
            )

    def _angled(self, work: _Work) -> Brief:
        """The brief with its points, and only the passages that carry them or stand nearest to the subject."""
        brief = self._supplied(work)
        if brief.original is not None:
            return replace(brief, points=brief.original.stated)

        def choose(told: tuple[str, ...]) -> tuple[Stated, ...]:
            return self._composer.outline(replace(brief, recent=(*told, *brief.recent)))

        company = work.task.company
        points = company.take(choose) if company is not None else choose(())
        return _narrowed(brief, points)

    def _supplied(self, work: _Work) -> Brief:
        """The brief with the passages that its readers have not met lately; with all, where these leave no choice.

        What was asked for in words is what fits them best, however often it was told.
        """
        if work.task.brief.original is not None:
            return replace(work.task.brief, sources=tuple(work.found))
        fresh = [source for source in work.found if source.passage not in work.told]
        is_asked = bool(work.task.brief.instruction)
        sources = fresh if fresh and not is_asked else work.found
        brief = replace(work.task.brief, sources=tuple(sources))
        return replace(brief, background=self._background(brief))

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


def _narrowed(brief: Brief, points: tuple[Stated, ...]) -> Brief:
    """The brief with a model's few passages, renumbered: those of the points first, then the best of the others."""
    used = list(dict.fromkeys(number for point in points for number in point.sources))
    others = [number for number in range(1, len(brief.sources) + 1) if number not in used]
    kept = [*used, *others][: max(FOR_MODEL, len(used))]
    place = {number: at for at, number in enumerate(kept, start=1)}
    return replace(
        brief,
        sources=tuple(brief.sources[number - 1] for number in kept),
        points=tuple(replace(point, sources=tuple(place[n] for n in point.sources)) for point in points),
    )


def _subject(brief: Brief) -> str:
    """What to look for: what the person asked, what the column is for, and what ties the week together."""
    return " ".join(part for part in (brief.instruction, brief.column.purpose, brief.line) if part)


def _origin(brief: Brief, writer: str, began: float) -> dict[str, Any]:
    return {
        "writer": writer,
        "passages": [source.passage for source in brief.sources],
        "instruction": brief.instruction,
        "seconds": round(time.monotonic() - began, 3),
    }
