"""Voice cards as rows: each trait beside what the profile says now, and the posts that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from copilot import models
from copilot.domain.brands import Language, Voice
from copilot.domain.messages import Message, stored_message
from copilot.domain.voiceprofile import ADDED_TO, part, says
from copilot.domain.voicetraits import Trait
from copilot.models.database import Database
from copilot.services import loading, values
from copilot.services.queries.rows import local
from copilot.services.voicecards import FAILED, PROPOSED, WAITS, traits_of
from copilot.services.voices import newest_row


@dataclass(frozen=True)
class CardRow:
    id: int
    state: str
    posts: int
    at: datetime
    by: str
    version: int | None


@dataclass(frozen=True)
class TraitRow:
    """A trait with what stands in its place now: `now` for a part that is filled in, none for a list that grows.

    `is_held` says that the profile says so already; `is_likely` that several posts show what was counted.
    """

    trait: Trait
    what: Message
    value: str
    now: str | None
    is_held: bool

    @property
    def takes(self) -> bool:
        return self.trait.part is not None and not self.is_held

    @property
    def is_likely(self) -> bool:
        return self.takes and not self.trait.read and len(self.trait.shown) > 1

    @property
    def quotes(self) -> tuple[tuple[int, str], ...]:
        return tuple((one.post, one.quote) for one in self.trait.shown if one.quote)

    @property
    def posts(self) -> tuple[int, ...]:
        return tuple(one.post for one in self.trait.shown)


@dataclass(frozen=True)
class CardView:
    """`voice` is the version in force, that an acceptance would be based on."""

    row: CardRow
    samples: tuple[str, ...]
    counted: tuple[TraitRow, ...]
    read: tuple[TraitRow, ...]
    is_waiting: bool
    failure: Message | None
    reading: Mapping[str, Any]
    version: int
    language: Language

    @property
    def is_open(self) -> bool:
        return self.row.state == PROPOSED


class VoiceCardQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def cards(self, *, brand: int) -> list[CardRow]:
        """Every card, the newest first."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            names = {user.id: user.name for user in session.scalars(select(models.User))}
            rows = session.scalars(
                select(models.VoiceCard)
                .where(models.VoiceCard.brand_id == brand)
                .order_by(models.VoiceCard.id.desc())
            )
            return [_row(row, names, zone) for row in rows]

    def card(self, card: int, *, brand: int) -> CardView:
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            row = loading.one(session, models.VoiceCard, card, brand=brand)
            names = {user.id: user.name for user in session.scalars(select(models.User))}
            held = newest_row(session, brand)
            voice = values.voice(held.profile)
            traits = [_trait_row(trait, voice) for trait in traits_of(row)]
            reading = row.card.get("reading", {})
            return CardView(
                row=_row(row, names, home.zone),
                samples=tuple(row.samples),
                counted=tuple(one for one in traits if not one.trait.read),
                read=tuple(one for one in traits if one.trait.read),
                is_waiting=row.state == PROPOSED and reading.get("state") == WAITS,
                failure=stored_message(reading.get("error")) if reading.get("state") == FAILED else None,
                reading=reading,
                version=held.version,
                language=Language(home.language),
            )


def _row(row: models.VoiceCard, names: Mapping[int, str], zone: str) -> CardRow:
    return CardRow(
        row.id,
        row.state,
        len(row.samples),
        local(row.created_at, zone),
        names.get(row.created_by, ""),
        row.version,
    )


def _trait_row(trait: Trait, voice: Voice) -> TraitRow:
    grows = trait.part is None or trait.part in ADDED_TO
    return TraitRow(
        trait=trait,
        what=Message(f"trait.{trait.kind}", trait.said),
        value=_shown(trait.value),
        now=None if grows else _shown(part(voice, str(trait.part))),
        is_held=trait.part is not None and says(voice, trait.part, trait.value),
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, list | tuple) else str(value)
