"""Voice cards: learnt from sample posts, read by a model where there is one, and accepted trait by trait by a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import voicecard, voicereading, voicesamples
from copilot.domain.brands import Language
from copilot.domain.permissions import Actor, Permission
from copilot.domain.voicetraits import Trait
from copilot.errors import Conflict, CopilotError, InvalidInput
from copilot.models.database import Database
from copilot.ports import Advance, Clock
from copilot.prompts import Prompts
from copilot.services import auditing, loading, values
from copilot.services.briefing import harmless
from copilot.services.jobs import Handler
from copilot.services.modelcare import ModelCare, Purpose
from copilot.services.reporting import reported
from copilot.services.voices import APPROVED_STATES, keep_version, newest_row

PROPOSED, ACCEPTED, DISMISSED = "proposed", "accepted", "dismissed"
WAITS, READ, FAILED = "waits", "read", "failed"
"""How far a model is with a card; a card without `reading` was counted only."""

JOB = "read_voice"
MAX_TOKENS = 500
_MOST_READ, _MOST_CHARACTERS = 12, 400
"""How many posts a model is shown, and how much of each: a small one forgets what it was asked."""

_FENCES = {
    Language.ZH: ("<<<文案 {n}>>>", "<<<文案 {n} 完>>>"),
    Language.EN: ("<<<POST {n}>>>", "<<<END OF POST {n}>>>"),
}


class VoiceCards:
    def __init__(self, *, db: Database, clock: Clock, care: ModelCare, prompts: Prompts) -> None:
        self._db = db
        self._clock = clock
        self._care = care
        self._prompts = prompts

    @property
    def reads(self) -> bool:
        """Whether a model reads beside the counting."""
        return self._care.answers

    def learn(self, samples: Sequence[str], *, brand: int, actor: Actor) -> int:
        """Counts what the posts show and proposes it; returns the card. A post given twice counts once.

        InvalidInput says what is wrong with the samples: too few, too many, too short, in two languages.
        """
        actor.require(Permission.CURATE)
        given = voicesamples.unique(samples)
        now = self._clock()
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            persona = values.voice(newest_row(session, brand).profile).persona
            others = _other_posts(session, brand, given)
        wrong = voicesamples.faults(given, home.language)
        if wrong.fields:
            raise InvalidInput(wrong.fields, **wrong.values)
        names = (*home.products, persona, home.members_called, home.name)
        traits = voicecard.learn(given, home.language, others=others, names=[one for one in names if one])
        card: dict[str, Any] = {"traits": [trait.as_json() for trait in traits]}
        if self.reads:
            card["reading"] = {"state": WAITS}
        with self._db.write() as session:
            row = models.VoiceCard(
                brand_id=brand,
                state=PROPOSED,
                samples=given,
                card=card,
                created_by=actor.id,
                created_at=now,
            )
            session.add(row)
            session.flush()
            self._record(session, row, "learnt", actor, posts=len(given))
            return row.id

    def read(self, card: int, *, brand: int) -> int:
        """Has the model read the posts of a card and adds what it can point at; returns how many traits that were.

        What the model service raises is written down on the card and goes through. A card that was decided
        or read meanwhile stays as it is.
        """
        with self._db.read() as session:
            language = Language(loading.one(session, models.Brand, brand).language)
            row = loading.one(session, models.VoiceCard, card, brand=brand)
            samples, is_wanted = list(row.samples), _is_wanted(row)
        if not is_wanted:
            return 0
        asked = question(samples, language=language, prompts=self._prompts)
        try:
            answer = self._care.answer(
                asked.system, asked.prompt, brand=brand, purpose=Purpose.VOICE, max_tokens=MAX_TOKENS
            )
        except CopilotError as exc:
            self._finish(card, brand, {"state": FAILED, "error": reported(exc)}, ())
            raise
        found = voicereading.parse(answer, samples, language, asked=asked.system)
        reading = {"state": READ, "model": self._care.name, "dropped": found.dropped, "prompt": asked.hashes}
        self._finish(card, brand, reading, found.traits)
        return len(found.traits)

    def ask(self, card: int, *, brand: int, actor: Actor) -> None:
        """Lets the model have another try at a card it has not read; Conflict where there is none to ask."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = self._open(session, card, brand)
            if not self.reads:
                raise Conflict("error.no_model")
            if row.card.get("reading", {}).get("state") != READ:
                row.card = {**row.card, "reading": {"state": WAITS}}

    def accept(
        self, card: int, *, brand: int, actor: Actor, traits: Collection[str], note: str, based_on: int
    ) -> int:
        """Puts the ticked traits into the voice as a new version, which is returned; the card is settled with it.

        InvalidInput where nothing is ticked that would change anything; Conflict where the voice moved on.
        """
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = self._open(session, card, brand)
            held = newest_row(session, brand)
            voice = values.voice(held.profile)
            wanted = voicecard.accepted(voice, traits_of(row), traits)
            if wanted == voice:
                raise InvalidInput({"traits": "invalid.no_trait"})
            row.version = keep_version(
                session,
                wanted,
                brand=brand,
                actor=actor,
                note=note,
                now=self._clock(),
                based_on=based_on,
                card=row.id,
            )
            self._settle(session, row, ACCEPTED, actor)
            return row.version

    def dismiss(self, card: int, *, brand: int, actor: Actor) -> None:
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            self._settle(session, self._open(session, card, brand), DISMISSED, actor)

    def reopen(self, card: int, *, brand: int, actor: Actor) -> None:
        """Undoes a dismissal."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = loading.one(session, models.VoiceCard, card, brand=brand)
            if row.state != DISMISSED:
                raise Conflict("error.card_decided")
            row.state, row.decided_by, row.decided_at = PROPOSED, None, None
            self._record(session, row, "reopened", actor)

    def _open(self, session: Session, card: int, brand: int) -> models.VoiceCard:
        row = loading.one(session, models.VoiceCard, card, brand=brand)
        if row.state != PROPOSED:
            raise Conflict("error.card_decided")
        return row

    def _settle(self, session: Session, row: models.VoiceCard, state: str, actor: Actor) -> None:
        row.state, row.decided_by, row.decided_at = state, actor.id, self._clock()
        self._record(session, row, state, actor)

    def _finish(self, card: int, brand: int, reading: Mapping[str, Any], traits: Sequence[Trait]) -> None:
        with self._db.write() as session:
            row = loading.one(session, models.VoiceCard, card, brand=brand)
            if _is_wanted(row):
                kept = [*row.card["traits"], *(trait.as_json() for trait in traits)]
                row.card = {**row.card, "traits": kept, "reading": dict(reading)}

    def _record(self, session: Session, row: models.VoiceCard, event: str, actor: Actor, **data: Any) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor.id,
            brand=row.brand_id,
            subject="voice_card",
            identity=row.id,
            event=event,
            **data,
        )


@dataclass(frozen=True)
class Question:
    """What an Answerer is asked about sample posts; `hashes` name the prompts it was made from."""

    system: str
    prompt: str
    hashes: Mapping[str, str]


def question(samples: Sequence[str], *, language: Language, prompts: Prompts) -> Question:
    """The posts go in as data, under the numbers that the card gives them; of many, some from all along the list."""
    opening, closing = _FENCES[language]
    count = len(samples)
    shown = (
        sorted({place * count // _MOST_READ for place in range(_MOST_READ)})
        if count > _MOST_READ
        else range(count)
    )
    blocks = [
        "\n".join((opening.format(n=n + 1), harmless(samples[n])[:_MOST_CHARACTERS], closing.format(n=n + 1)))
        for n in shown
    ]
    system, posts = prompts[f"tasks/voicecard.{language}"], prompts[f"tasks/voiceposts.{language}"]
    return Question(
        system.render(),
        posts.render(posts="\n".join(blocks)),
        {system.name: system.hash, posts.name: posts.hash},
    )


def voice_handlers(cards: VoiceCards) -> dict[str, Handler]:
    def read_voice(payload: Mapping[str, Any], _progress: Advance) -> Any:
        """{"brand", "card"}"""
        return {"traits": cards.read(payload["card"], brand=payload["brand"])}

    return {JOB: read_voice}


def traits_of(row: models.VoiceCard) -> list[Trait]:
    return [Trait.from_json(kept) for kept in row.card["traits"]]


def _is_wanted(row: models.VoiceCard) -> bool:
    return row.state == PROPOSED and row.card.get("reading", {}).get("state") == WAITS


def _other_posts(session: Session, brand: int, samples: Sequence[str]) -> list[str]:
    """The brand's approved and sent posts beside the samples."""
    rows = session.scalars(
        select(models.Revision.text)
        .join(models.Post, models.Post.head_id == models.Revision.id)
        .where(models.Post.brand_id == brand, models.Post.state.in_(APPROVED_STATES))
        .order_by(models.Post.id.desc())
        .limit(200)
    )
    given = set(samples)
    return [text for text in rows if text not in given]
