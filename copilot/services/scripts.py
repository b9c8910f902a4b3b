"""Scripts (气氛组): lines for named staff around a post. Offline they are there at once; a model may reword them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Brand, Voice
from copilot.domain.columns import Form
from copilot.domain.markers import unmarked
from copilot.domain.messages import Message
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posing import is_members_role
from copilot.domain.scripts import (
    LATEST,
    MOST_LINES,
    MOST_PEOPLE,
    Cue,
    Line,
    Speaker,
    in_order,
    introduced,
    said_anew,
)
from copilot.errors import Conflict, ExternalError, InvalidInput, NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.prompts import Prompts
from copilot.services import auditing, loading, scriptwords
from copilot.services.checking import Checking
from copilot.services.hearing import answered
from copilot.services.modelcare import ModelCare, Purpose
from copilot.services.reporting import message_json
from copilot.services.scriptchecks import Ground, LinesRefused, faults, ground_of, objections

COMPOSER = "composer"
_LONGEST_NAME = 24
_TRIES = 3


class Compose(Protocol):
    """Words the follow-up lines of a post without a model."""

    def __call__(
        self,
        post: str,
        people: Sequence[Speaker],
        *,
        brand: Brand,
        voice: Voice,
        form: Form,
        call: str,
        seed: int,
    ) -> tuple[Cue, ...]: ...


class Scripts:
    """A post has one script at most; it belongs to the revision that it was written for."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        checking: Checking,
        care: ModelCare,
        compose: Compose,
        prompts: Prompts,
    ) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking
        self._care = care
        self._compose = compose
        self._prompts = prompts

    @property
    def writes(self) -> bool:
        """Whether a model is there to reword the lines."""
        return self._care.writes

    def make(self, post: int, people: Sequence[Speaker], *, brand: int, actor: Actor) -> int:
        """Writes lines for these people around the post's newest text, in place of any it had; the script's id.

        Asked again, the lines come out otherwise. Conflict without a text, InvalidInput for who may not speak.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            if row.head is None:
                raise Conflict("error.no_text")
            revision, ground = row.head.id, ground_of(session, row, row.head)
            former = _of(session, post)
            seed = former.provenance.get("seed", 0) + 1 if former is not None else 0
        _require_staff(people, ground.brand)
        seed, cues = self._sayable(ground, people, seed)
        with self._db.write() as session:
            script = _of(session, post)
            if script is None:
                script = models.Script(brand_id=brand, post_id=post)
                session.add(script)
            script.revision_id = revision
            script.lines = [scriptwords.line_json(cue.line) for cue in cues]
            script.provenance = {
                "writer": COMPOSER,
                "is_model": False,
                "seed": seed,
                "people": [{"name": one.name, "role": one.role} for one in people],
            }
            script.created_by, script.created_at = actor.id, self._clock()
            session.flush()
            self._record(session, script, "made", actor, lines=len(cues))
            return script.id

    def write(self, post: int, *, brand: int, actor: Actor) -> Message | None:
        """Has the model reword the lines; None if all of its words are taken, else why some or none are.

        A line that must not be said stays in the composer's words. Lines that somebody edited meanwhile stay.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            script = _required(session, post, brand)
            revision = loading.one(session, models.Revision, script.revision_id)
            ground = ground_of(session, loading.one(session, models.Post, post), revision)
            before, made = script.lines, script.provenance
        if "seed" not in made:
            raise Conflict("error.script_edited")
        people = [Speaker(**one) for one in made["people"]]
        _, cues = self._sayable(ground, people, made["seed"])
        asked = scriptwords.assignment(ground, self._prompts, cues)
        try:
            heard = answered(self._care, asked, Purpose.SCRIPT)
        except ExternalError as exc:
            lines, worded = before, {**made, "fell_back": message_json(Message(exc.message_id, exc.params))}
        else:
            found, refused = self._taken(
                said_anew(unmarked(heard.text), cues, asked=asked.system), cues, ground
            )
            taken = len(cues) - len(refused)
            lines = [scriptwords.line_json(line) for line in found]
            worded = {
                **made,
                "writer": self._care.name if taken else COMPOSER,
                "is_model": taken > 0,
                "prompts": scriptwords.identity(self._prompts, ground.brand.language),
                "usage": dict(heard.usage),
                "refused": refused,
                "fell_back": None if taken else message_json(Message("script.none_taken")),
            }
        with self._db.write() as session:
            script = _required(session, post, brand)
            if script.lines == before and script.provenance == made:
                script.lines, script.provenance = lines, worded
        told = worded.get("fell_back")
        if told is not None:
            return Message(told["id"], told["params"])
        left = len(worded.get("refused", ()))
        return Message("script.some_taken", {"count": left}) if left else None

    def edit(self, post: int, lines: Sequence[Line], *, brand: int, actor: Actor) -> None:
        """Keeps lines as somebody wrote them, held against the post's newest text, whose script it then is.

        LinesRefused says all that is wrong with each.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            script = _required(session, post, brand)
            row = loading.one(session, models.Post, post, brand=brand)
            assert row.head is not None
            head, ground = row.head.id, ground_of(session, row, row.head)
        wrong, found = _wrong(lines, ground.brand), faults(lines, ground, self._checking)
        if wrong or found:
            raise LinesRefused(wrong, found, most=MOST_LINES, latest=LATEST)
        ordered = in_order(lines)
        with self._db.write() as session:
            script = _required(session, post, brand)
            script.revision_id = head
            script.lines = [scriptwords.line_json(line) for line in ordered]
            made = script.provenance
            script.provenance = {key: made[key] for key in ("writer", "is_model")} | {"edited_by": actor.id}
            self._record(session, script, "edited", actor, lines=len(ordered))

    def delete(self, post: int, *, brand: int, actor: Actor) -> None:
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            script = _required(session, post, brand)
            self._record(session, script, "deleted", actor)
            session.delete(script)

    def _sayable(self, ground: Ground, people: Sequence[Speaker], seed: int) -> tuple[int, tuple[Cue, ...]]:
        """The composer's lines that hold, of the first seed from this one on that gives nearly all; with that seed.

        A brand may have banned a word that they are made of: the next ones say it otherwise.
        """
        tried = []
        for one in range(seed, seed + _TRIES):
            cues = self._compose(
                ground.post,
                people,
                brand=ground.brand,
                voice=ground.voice,
                form=ground.form,
                call=ground.column.call_to_action,
                seed=one,
            )
            holding = [cue for cue in cues if not objections(cue.line.text, ground, self._checking)]
            tried.append((one, holding))
            if len(holding) == len(cues):
                break
        best, holding = max(tried, key=lambda attempt: (len(attempt[1]), -attempt[0]))
        spoken = introduced([cue.line for cue in holding], ground.brand.language)
        return best, tuple(replace(cue, line=line) for cue, line in zip(holding, spoken, strict=True))

    def _taken(
        self, said: Mapping[int, str], cues: Sequence[Cue], ground: Ground
    ) -> tuple[tuple[Line, ...], list[dict[str, Any]]]:
        """Each cue in the model's words where they hold; and what does not, with the first reason against it."""
        lines, refused = [], []
        for cue in cues:
            text = said.get(cue.line.minutes, "")
            against = objections(text, ground, self._checking) if text else ()
            if text and not against:
                lines.append(replace(cue.line, text=text))
                continue
            lines.append(cue.line)
            reason = against[0].reason if against else Message("script.not_said")
            refused.append({"text": text, "reason": message_json(reason)})
        return introduced(lines, ground.brand.language), refused

    def _record(self, session: Session, row: models.Script, event: str, actor: Actor, **data: object) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor.id,
            brand=row.brand_id,
            subject="script",
            identity=row.id,
            event=event,
            post=row.post_id,
            **data,
        )


def _of(session: Session, post: int) -> models.Script | None:
    return session.scalar(select(models.Script).where(models.Script.post_id == post))


def _required(session: Session, post: int, brand: int) -> models.Script:
    loading.one(session, models.Post, post, brand=brand)
    script = _of(session, post)
    if script is None:
        raise NotFound("script", post)
    return script


def _require_staff(people: Sequence[Speaker], brand: Brand) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= len(people) <= MOST_PEOPLE:
        wrong["name-0"] = "invalid.script_people"
    for place, one in enumerate(people):
        wrong |= _wrong_with(one, place, brand)
        if one.name in {other.name for other in people[:place]}:
            wrong[f"name-{place}"] = "invalid.script_twice"
    if wrong:
        raise InvalidInput(wrong, most=MOST_PEOPLE)


def _wrong(lines: Sequence[Line], brand: Brand) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not 1 <= len(lines) <= MOST_LINES:
        wrong["lines"] = "invalid.script_lines"
    for place, line in enumerate(lines):
        if not 0 <= line.minutes <= LATEST:
            wrong[f"minutes-{place}"] = "invalid.script_minutes"
        if not line.text:
            wrong[f"text-{place}"] = "invalid.script_empty"
        wrong |= _wrong_with(line.speaker, place, brand)
    return wrong


def _wrong_with(speaker: Speaker, place: int, brand: Brand) -> dict[str, str]:
    """What keeps somebody from speaking openly as staff."""
    wrong = {}
    if not 0 < len(speaker.name) <= _LONGEST_NAME:
        wrong[f"name-{place}"] = "invalid.script_name"
    if not 0 < len(speaker.role) <= _LONGEST_NAME:
        wrong[f"role-{place}"] = "invalid.script_role"
    elif is_members_role(speaker.role, brand.members_called):
        wrong[f"role-{place}"] = "invalid.script_members_role"
    return wrong
