"""The script of a post as rows: who says what when, and who could speak for the brand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.messages import Message, stored_message
from copilot.domain.permissions import Role
from copilot.domain.scripts import MOST_PEOPLE, Speaker
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.queries.rows import local
from copilot.services.scriptwords import line_of

_ROLES = {Language.ZH: ("小助手", "群管理员"), Language.EN: ("group host", "helper")}
"""What people are called until somebody says otherwise; then the brand's last script is followed."""


@dataclass(frozen=True)
class LineRow:
    """A line; `at` is when it is due, in the brand's zone."""

    name: str
    role: str
    minutes: int
    at: datetime
    text: str


@dataclass(frozen=True)
class RefusedRow:
    """What a model wrote for a line and nobody may say; `text` is empty where it wrote nothing."""

    text: str
    reason: Message


@dataclass(frozen=True)
class ScriptView:
    """`is_behind`: it was written for an older text. `fell_back`: why none of the model's words were taken."""

    id: int
    lines: tuple[LineRow, ...]
    is_behind: bool
    writer: str
    is_model: bool
    is_edited: bool
    fell_back: Message | None
    refused: tuple[RefusedRow, ...]


@dataclass(frozen=True)
class ScriptSheet:
    """A post's script, if it has one; `people` are those to offer, `team` the names that somebody may type."""

    script: ScriptView | None
    people: tuple[Speaker, ...]
    team: tuple[str, ...]


class ScriptQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def of_post(self, post: int, *, brand: int) -> ScriptSheet:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            home = loading.one(session, models.Brand, brand)
            script = session.scalar(select(models.Script).where(models.Script.post_id == post))
            team = _team(session, brand)
            return ScriptSheet(
                script=_view(script, row, home.zone) if script is not None else None,
                people=_people(session, row, home, script, team),
                team=team,
            )


def lines_for(session: Session, post: int, revision: int, due_at: datetime) -> tuple[LineRow, ...]:
    """What staff say once this very revision is out, counted from a local time; nothing where it is for another."""
    script = session.scalar(
        select(models.Script).where(models.Script.post_id == post, models.Script.revision_id == revision)
    )
    return _lines(script.lines, due_at) if script is not None else ()


def _view(script: models.Script, post: models.Post, zone: str) -> ScriptView:
    made = script.provenance
    return ScriptView(
        id=script.id,
        lines=_lines(script.lines, local(post.slot.starts_at, zone)),
        is_behind=script.revision_id != post.head_id,
        writer=made.get("writer", ""),
        is_model=made.get("is_model", False),
        is_edited="edited_by" in made,
        fell_back=stored_message(made.get("fell_back")),
        refused=tuple(
            RefusedRow(one["text"], Message(one["reason"]["id"], one["reason"]["params"]))
            for one in made.get("refused", ())
        ),
    )


def _lines(kept: list[dict[str, Any]], starts_at: datetime) -> tuple[LineRow, ...]:
    lines = [line_of(one) for one in kept]
    return tuple(
        LineRow(
            line.speaker.name,
            line.speaker.role,
            line.minutes,
            starts_at + timedelta(minutes=line.minutes),
            line.text,
        )
        for line in lines
    )


def _team(session: Session, brand: int) -> tuple[str, ...]:
    names = session.scalars(
        select(models.User.name)
        .join(models.Membership)
        .where(models.Membership.brand_id == brand)
        .order_by(models.User.id)
    )
    return tuple(dict.fromkeys(names))


def _people(
    session: Session,
    post: models.Post,
    home: models.Brand,
    script: models.Script | None,
    team: tuple[str, ...],
) -> tuple[Speaker, ...]:
    """Who speaks in this script; else in the brand's last one; else the column's owner and a colleague."""
    last = script or session.scalar(
        select(models.Script)
        .where(models.Script.brand_id == home.id)
        .order_by(models.Script.created_at.desc(), models.Script.id.desc())
        .limit(1)
    )
    if last is not None:
        known = dict.fromkeys(line_of(one).speaker for one in last.lines)
        return tuple(known)[:MOST_PEOPLE]
    owner = loading.column(post.slot.column).owner
    # Some columns are owned by a job, and a job speaks to nobody.
    is_job = owner.casefold().replace(" ", "_") in set(Role)
    names = [name for name in dict.fromkeys(("" if is_job else owner, *team)) if name]
    return tuple(map(Speaker, names, _ROLES[Language(home.language)]))
