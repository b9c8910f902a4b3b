"""The voice's use cases: a new version with its why, an old one brought back, and a sample heard without keeping anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from copilot import models, rulepacks
from copilot.domain.brands import Language, Voice
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.domain.voiceprofile import LONGEST_LINE, SOUND, Faults, as_profile, faults
from copilot.domain.voicesample import Heard, hear
from copilot.errors import Conflict, InvalidInput, NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, values

APPROVED_STATES = (PostState.APPROVED, PostState.SCHEDULED, PostState.SENT)
"""States in which a post's newest text is the one that somebody approved: what the voice may be learnt from."""


class Voices:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def save(self, voice: Voice, *, brand: int, actor: Actor, note: str, based_on: int) -> int:
        """Puts a voice in force and returns its version; an equal one makes none.

        `based_on` is the version that the person changed. Conflict if a newer one is in force: the caller
        still holds what was typed. InvalidInput names each part that does not fit, and a missing why.
        """
        actor.require(Permission.CURATE)
        wrong = faults(voice)
        with self._db.write() as session:
            return keep_version(
                session,
                voice,
                brand=brand,
                actor=actor,
                note=note,
                now=self._clock(),
                based_on=based_on,
                wrong=wrong,
            )

    def bring_back(self, version: int, *, brand: int, actor: Actor, note: str) -> int:
        """Makes an older version the newest again; what came after it stays in the list."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = version_row(session, brand, version)
            return keep_version(
                session,
                values.voice(row.profile),
                brand=brand,
                actor=actor,
                note=note,
                now=self._clock(),
                event="brought_back",
                of=version,
            )

    def hear(self, text: str, voice: Voice, *, language: Language) -> Heard:
        """How a text sounds in a voice, kept or not."""
        return hear(text, voice, language, rulepacks.chinese())


def newest_row(session: Session, brand: int) -> models.Voice:
    row = session.scalar(
        select(models.Voice)
        .where(models.Voice.brand_id == brand)
        .order_by(models.Voice.version.desc())
        .limit(1)
    )
    if row is None:
        raise NotFound("voice", brand)
    return row


def version_row(session: Session, brand: int, version: int) -> models.Voice:
    row = session.scalar(
        select(models.Voice).where(models.Voice.brand_id == brand, models.Voice.version == version)
    )
    if row is None:
        raise NotFound("voice", version)
    return row


def keep_version(
    session: Session,
    voice: Voice,
    *,
    brand: int,
    actor: Actor,
    note: str,
    now: datetime,
    event: str = "saved",
    based_on: int | None = None,
    wrong: Faults = SOUND,
    **data: Any,
) -> int:
    """Adds a version inside the caller's transaction and writes down who did it; returns the one in force then.

    `wrong` is what the caller found in a profile that somebody typed.
    """
    held = newest_row(session, brand)
    if based_on is not None and held.version != based_on:
        raise Conflict("error.voice_moved", based_on=based_on, newest=held.version)
    if values.voice(held.profile) == voice:
        return held.version
    fields = dict(wrong.fields)
    if not note.strip():
        fields["note"] = "invalid.voice_note"
    elif len(note.strip()) > LONGEST_LINE:
        fields["note"] = "invalid.voice_line"
    if fields:
        raise InvalidInput(fields, **{"line": LONGEST_LINE, **wrong.values})
    row = models.Voice(
        brand_id=brand,
        version=held.version + 1,
        profile=as_profile(voice),
        note=note.strip(),
        author_id=actor.id,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as exc:
        # Two people who save in one instant: on PostgreSQL the second learns of it only here.
        raise Conflict("error.voice_moved", based_on=held.version, newest=held.version + 1) from exc
    auditing.record(
        session,
        at=now,
        actor=actor.id,
        brand=brand,
        subject="voice",
        identity=row.id,
        event=event,
        version=row.version,
        **data,
    )
    return row.version
