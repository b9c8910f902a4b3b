"""Writes one copy from a brief: by the model, or by the composer. Knows nothing of posts and keeps nothing."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from copilot.domain.drafts import Assignment, Brief, Sentence
from copilot.domain.fidelity import ordered
from copilot.domain.markers import data
from copilot.domain.messages import Message, storable
from copilot.errors import ExternalError, Permanent
from copilot.ports import Composer
from copilot.prompts import Prompts
from copilot.services import briefing
from copilot.services.checking import Checked, Checking
from copilot.services.company import Company
from copilot.services.hearing import Broken, Heard, Listener, Model, Nobody, hear
from copilot.services.mending import Mended, Mending
from copilot.services.modelcare import ModelCare
from copilot.services.supplying import Supplies, Supplying, Task

log = structlog.get_logger()


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
class _Work:
    """A task with all that was found for it, and who listens."""

    task: Task
    supplies: Supplies
    listener: Listener
    stop: threading.Event
    began: float


@dataclass(frozen=True)
class _Composed:
    """What the composer made of a brief."""

    text: str
    brief: Brief
    heard: Heard


class Writing:
    def __init__(
        self,
        *,
        supplying: Supplying,
        checking: Checking,
        mending: Mending,
        care: ModelCare,
        composer: Composer,
        prompts: Prompts,
    ) -> None:
        self._supplying = supplying
        self._checking = checking
        self._mending = mending
        self._care = care
        self._composer = composer
        self._prompts = prompts

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
        closing = (task.brief.column.call_to_action, task.brief.voice.sign_off)
        if draft.origin == "model" and task.company.is_too_alike(draft.text, but=closing):
            other = self._write(replace(task, turn=task.turn + 1), listener, stop)
            is_better = bool(other.text) and task.company.is_apart(other.text, but=closing)
            draft, left = (other, draft) if is_better else (draft, other)
            task.company.leave(left.provenance.get("points", ()))
        task.company.join(draft.text, but=closing)
        return draft

    def _write(self, task: Task, listener: Listener, stop: threading.Event) -> Draft:
        began = time.monotonic()
        work = _Work(task, self._supplying.find(task), listener, stop, began)
        if task.brief.sentence is not None:
            try:
                return self._resaid(work, task.brief.sentence)
            except Broken as exc:
                raise exc.cause from exc  # Half a sentence is of no use to anybody.
        draft = self._by_whoever_can(work)
        if work.supplies.is_wider:
            return replace(draft, provenance={**draft.provenance, "wider": True})
        return draft

    def _by_whoever_can(self, work: _Work) -> Draft:
        if not self._has_model(work):
            return self._by_composer(work)
        try:
            return self._by_model(work)
        except ExternalError as exc:
            failure, remnant = exc, ""
        except Broken as exc:
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

    def _by_model(self, work: _Work) -> Draft:
        brief = self._supplying.pointed_brief(work.supplies)
        model = self._model(work)
        heard = model.ask(self._assignment(brief), work.task.purpose)
        mended = self._mended(heard, brief, model)
        provenance = {
            **_origin(brief, model.name, work.began),
            "is_model": True,
            "prompts": briefing.prompt_identity(brief, self._prompts),
            "usage": model.usage,
            "repairs": mended.repairs,
            "struck": list(mended.struck),
            "points": [point.text for point in brief.points],
            **_asked(brief, mended.text),
        }
        # No repair mends what a material says to its writer, so it is asked last.
        checked = mended.checked.along_with(ordered(brief.sources))
        return Draft(mended.text, checked, "model", provenance, stopped=model.is_stopped)

    def _mended(self, heard: Heard, brief: Brief, model: Model) -> Mended:
        text = briefing.copied(heard.text, brief, was_short=heard.was_short)
        if heard.was_stopped:
            return Mended(text, self._checking.check_brief(text, brief))
        if not text:
            raise Permanent(model.name, "empty")
        if data(text) is not None:
            raise Permanent(model.name, "nonsense")
        return self._mending.mend(briefing.completed(text, brief), brief, model)

    def _by_composer(self, work: _Work) -> Draft:
        """From what is fresh to its readers if that makes a post, and one that is apart from others; else from all."""
        brief, found = self._supplying.brief(work.supplies), work.supplies.found
        briefs = [brief] if len(brief.sources) == len(found) else [brief, replace(brief, sources=found)]

        def compose(known: Brief) -> _Composed:
            events = self._composer.write(Assignment(known, "", ""))
            heard = hear(events, self._composer.name, work.listener, work.stop)
            return _Composed(briefing.clean(heard.text, briefing.labels(known)), known, heard)

        made = (work.task.company or Company(brief.beside)).compose(briefs, compose)
        provenance = {
            **_origin(made.brief, self._composer.name, work.began),
            "is_model": False,
            "note": made.heard.note,
        }
        checked = self._checking.check_brief(made.text, made.brief)
        return Draft(made.text, checked, "composer", provenance, stopped=made.heard.was_stopped)

    def _resaid(self, work: _Work, sentence: Sentence) -> Draft:
        """The copy with one sentence said anew, by the model or, without one, by another fact of its passages."""
        brief = work.task.brief
        provenance: dict[str, Any]
        if self._has_model(work):
            model = self._model(work)
            heard = model.ask(briefing.resaying(brief, self._prompts, sentence), work.task.purpose)
            said = "" if heard.was_stopped else " ".join(briefing.clean(heard.text).split())
            provenance = {
                **_origin(brief, model.name, work.began),
                "is_model": True,
                "prompts": briefing.prompt_identity(brief, self._prompts),
                "usage": model.usage,
            }
        else:
            choices = self._composer.resay(brief)
            if not choices:
                raise Permanent(self._composer.name, "nothing_else")
            said = choices[work.task.turn % len(choices)].text
            provenance = {**_origin(brief, self._composer.name, work.began), "is_model": False}
        origin = "model" if provenance["is_model"] else "composer"
        if not said:
            return Draft("", Checked((), (), ()), origin, stopped=True)
        text = sentence.replaced(said)
        checked = self._checking.check_brief(text, brief)
        return Draft(text, checked, origin, {**provenance, "resaid": sentence.text})

    def _has_model(self, work: _Work) -> bool:
        return self._care.writes and not work.task.offline

    def _model(self, work: _Work) -> Model:
        in_background = work.task.company is not None
        return Model(self._care, work.listener, work.stop, in_background=in_background)

    def _assignment(self, brief: Brief) -> Assignment:
        if brief.original is not None:
            return briefing.translation(brief, self._prompts, brief.original)
        return briefing.assignment(brief, self._prompts)


def _asked(brief: Brief, text: str) -> dict[str, Any]:
    """A quiz's question, and its answer for the operator where the copy asks just that."""
    if brief.question is None:
        return {}
    note = brief.question.note if brief.question.is_in(text) else ""
    return {"question": "\n".join(brief.question.lines), "note": note}


def _origin(brief: Brief, writer: str, began: float) -> dict[str, Any]:
    """Where a draft comes from. A composer has no prompts, no usage and no repairs, and says so."""
    return {
        "writer": writer,
        "passages": [source.passage for source in brief.grounds],
        "background": [note.passage for note in brief.background],
        "instruction": brief.instruction,
        "line": brief.line,
        "seconds": round(time.monotonic() - began, 3),
        "prompts": {},
        "usage": {},
        "repairs": 0,
        "struck": [],
    }
