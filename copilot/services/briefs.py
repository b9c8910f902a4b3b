"""From a generation to the brief that it is written from: slot, brand, voice, and what the same people got."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.copylibrary import Searchable, ranked
from copilot.domain.drafts import Brief, Original, Sentence, Stated
from copilot.domain.findings import Verdict
from copilot.domain.materials import Source
from copilot.domain.posts import PostState
from copilot.errors import Conflict
from copilot.models.search import words
from copilot.services import loading, values
from copilot.services.sourcing import standing

_RECENT_DAYS = 14
_RECENT_POSTS = 60
_APPROVED = (PostState.APPROVED, PostState.SCHEDULED, PostState.SENT)
_EXAMPLES_FROM, _EXAMPLES = 40, 2


class Wanted(StrEnum):
    """What a generation is to bring about."""

    DRAFT = "draft"
    VARIANT = "variant"
    SENTENCE = "sentence"
    TRANSLATION = "translation"


def brief_of(session: Session, generation: models.Generation) -> tuple[Brief, int]:
    """The brief, without its passages yet, and the turn: how often this post was begun before."""
    post = loading.one(session, models.Post, generation.post_id)
    brand, voice = loading.brand_and_voice(session, post.brand_id)
    turn = (
        session.scalar(
            select(func.count()).where(
                models.Generation.post_id == post.id, models.Generation.id < generation.id
            )
        )
        or 0
    )
    starts_at = post.slot.starts_at.astimezone(ZoneInfo(brand.zone))
    original: Original | None = None
    sources: tuple[Source, ...] = ()
    if generation.kind == Wanted.TRANSLATION:
        original, sources = _original(session, generation.payload["revision"])
    sentence = None
    if generation.kind == Wanted.SENTENCE:
        sentence, sources = _sentence(session, generation.payload)
    column = loading.column(post.slot.column)
    brief = Brief(
        brand=brand,
        voice=voice,
        column=column,
        channel=Channel(post.channel),
        starts_at=starts_at,
        sources=sources,
        original=original,
        sentence=sentence,
        recent=_recent(session, post),
        beside=_beside(session, post, starts_at) if original is None else (),
        examples=_examples(session, post, column, generation.instruction),
        instruction=generation.instruction,
        seed=post.slot_id * 31 + turn + 1,
        line=main_line(session, brand.id, starts_at.date()),
    )
    return brief, turn


def _original(session: Session, revision: int) -> tuple[Original, tuple[Source, ...]]:
    """A post to be told again: its sentences that state facts, and the passages that carry them as they stand today.

    Conflict where a passage says so no longer: nobody repeats what has changed.
    """
    row = loading.one(session, models.Revision, revision)
    cited = [claim for claim in row.claims if claim.passage_id is not None]
    today = dict(
        zip(
            (
                then := list(
                    dict.fromkeys(claim.passage_id for claim in cited if claim.passage_id is not None)
                )
            ),
            [standing(session, [passage]) for passage in then],
            strict=True,
        )
    )
    if not all(today.values()):
        raise Conflict("error.original_moved")
    places: dict[int, int] = {}
    for found in today.values():
        places.setdefault(found[0], len(places) + 1)
    spans: dict[tuple[int, int], list[int]] = {}
    for claim in cited:
        if claim.passage_id is not None and claim.verdict == Verdict.SUPPORTED:
            spans.setdefault((claim.start, claim.end), []).append(places[today[claim.passage_id][0]])
    stated = tuple(
        Stated(row.text[start:end], tuple(dict.fromkeys(numbers))) for (start, end), numbers in spans.items()
    )
    sources = tuple(values.source(loading.one(session, models.Passage, passage)) for passage in places)
    return Original(row.text, Channel(row.channel), stated), sources


def _sentence(session: Session, payload: Mapping[str, Any]) -> tuple[Sentence, tuple[Source, ...]]:
    """A sentence to be said anew, with the passages that its copy was given or rests on."""
    row = loading.one(session, models.Revision, payload["revision"])
    cited = [claim.passage_id for claim in row.claims if claim.passage_id is not None]
    given = dict.fromkeys([*cited, *row.provenance.get("passages", ())])
    today = dict.fromkeys(standing(session, list(given)))
    sources = tuple(values.source(loading.one(session, models.Passage, passage)) for passage in today)
    return Sentence(row.text, payload["start"], payload["end"]), sources


def main_line(session: Session, brand: int, day: date) -> str:
    """What ties the week of this local day together; empty where nobody said."""
    monday = day - timedelta(days=day.weekday())
    return (
        session.scalar(
            select(models.MainLine.line).where(
                models.MainLine.brand_id == brand, models.MainLine.week == monday
            )
        )
        or ""
    )


def _recent(session: Session, post: models.Post) -> tuple[str, ...]:
    """What the brand's people got in the days around this slot, newest first."""
    at, span = post.slot.starts_at, timedelta(days=_RECENT_DAYS)
    return tuple(session.scalars(_texts(post, at - span, at + span).limit(_RECENT_POSTS)))


def _beside(session: Session, post: models.Post, starts_at: datetime) -> tuple[str, ...]:
    """The other posts of this local week, newest first: alone or in one job, a week says nothing twice."""
    midnight = starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=starts_at.weekday())
    return tuple(session.scalars(_texts(post, monday, monday + timedelta(days=7))))


def _texts(post: models.Post, since: datetime, until: datetime) -> Select[str]:
    """The newest text of each of the brand's posts in other slots between two instants."""
    return (
        select(models.Revision.text)
        .join(models.Post, models.Post.head_id == models.Revision.id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(
            models.Post.brand_id == post.brand_id,
            models.Post.slot_id != post.slot_id,
            models.Slot.starts_at.between(since, until),
        )
        .order_by(models.Slot.starts_at.desc())
    )


def _examples(session: Session, post: models.Post, column: Column, instruction: str) -> tuple[str, ...]:
    """Posts of this module that somebody approved for this position, the nearest in words first, else the newest."""
    rows = session.execute(
        select(models.Post.id, models.Revision.text)
        .join(models.Post, models.Post.head_id == models.Revision.id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .where(
            models.Post.brand_id == post.brand_id,
            models.Post.id != post.id,
            models.Post.channel == post.channel,
            models.Post.state.in_(_APPROVED),
            models.Column.module == column.module,
        )
        .order_by(models.Slot.starts_at.desc())
        .limit(_EXAMPLES_FROM)
    ).all()
    asked = words(f"{instruction} {column.name} {column.purpose}")
    scores = ranked(asked, [Searchable(id, "", text) for id, text in rows])
    nearest = sorted(rows, key=lambda row: -scores.get(row.id, 0.0))
    return tuple(row.text for row in nearest[:_EXAMPLES])
