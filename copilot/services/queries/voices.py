"""The voice as rows: the profile in force, its versions with what each changed, and texts to hear it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.brands import Language, Voice
from copilot.domain.voicechanges import PartChange, differences
from copilot.models.database import Database
from copilot.services import loading, values
from copilot.services.queries.rows import local
from copilot.services.voices import APPROVED_STATES, newest_row, version_row

_MOST_POSTS = 60


@dataclass(frozen=True)
class VersionRow:
    """`parts` of the profile are what it changed of the version before; the first changed nothing."""

    version: int
    note: str
    author: str
    at: datetime
    parts: tuple[str, ...]


@dataclass(frozen=True)
class VoiceView:
    """The profile in force. `profile` is as it is kept and exported."""

    version: int
    note: str
    author: str
    at: datetime
    voice: Voice
    profile: Mapping[str, Any]
    language: Language
    members_called: str


@dataclass(frozen=True)
class PostRow:
    """A post with the text that was approved."""

    id: int
    text: str
    name: str
    at: datetime

    @property
    def excerpt(self) -> str:
        return " ".join(self.text.split())


@dataclass(frozen=True)
class Compared:
    older: int
    newer: int
    changes: tuple[PartChange, ...]


class VoiceQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def view(self, *, brand: int) -> VoiceView:
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            row = newest_row(session, brand)
            return VoiceView(
                version=row.version,
                note=row.note,
                author=_names(session).get(row.author_id or 0, ""),
                at=local(row.created_at, home.zone),
                voice=values.voice(row.profile),
                profile=dict(row.profile),
                language=Language(home.language),
                members_called=home.members_called,
            )

    def versions(self, *, brand: int) -> list[VersionRow]:
        """Every version, the newest first."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            names = _names(session)
            rows = session.scalars(
                select(models.Voice).where(models.Voice.brand_id == brand).order_by(models.Voice.version)
            ).all()
            voices = [values.voice(row.profile) for row in rows]
            changed: list[tuple[str, ...]] = [()]
            changed += [
                tuple(change.part for change in differences(before, after))
                for before, after in pairwise(voices)
            ]
            found = [
                VersionRow(
                    row.version,
                    row.note,
                    names.get(row.author_id or 0, ""),
                    local(row.created_at, zone),
                    parts,
                )
                for row, parts in zip(rows, changed, strict=False)
            ]
            return found[::-1]

    def compare(self, *, brand: int, older: int, newer: int) -> Compared:
        with self._db.read() as session:
            loading.one(session, models.Brand, brand)
            before, after = (
                values.voice(version_row(session, brand, number).profile) for number in (older, newer)
            )
            return Compared(older, newer, differences(before, after))

    def posts(self, *, brand: int) -> list[PostRow]:
        """Approved posts, the newest first, each text once."""
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = session.scalars(
                select(models.Post)
                .join(models.Slot, models.Slot.id == models.Post.slot_id)
                .where(models.Post.brand_id == brand, models.Post.state.in_(APPROVED_STATES))
                .options(
                    joinedload(models.Post.head),
                    joinedload(models.Post.slot).joinedload(models.Slot.column),
                )
                .order_by(models.Slot.starts_at.desc(), models.Post.id.desc())
                .limit(_MOST_POSTS)
            )
            found: dict[str, PostRow] = {}
            for row in rows:
                if row.head is not None:
                    one = PostRow(
                        row.id, row.head.text, row.slot.column.name, local(row.slot.starts_at, zone)
                    )
                    found.setdefault(row.head.text, one)
            return list(found.values())


def _names(session: Session) -> dict[int, str]:
    return {user.id: user.name for user in session.scalars(select(models.User))}
