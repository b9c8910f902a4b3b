"""What a text is held against beside its sources: what the same people get before it, and who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.checks.repetition import Earlier
from copilot.domain.columns import Column
from copilot.domain.posts import PostState
from copilot.services import loading
from copilot.services.tellings import UNREAD, readers


@dataclass(frozen=True)
class Beside:
    """`is_generated` where a model wrote any text of the post, though a person may have changed it since."""

    earlier: tuple[Earlier, ...] = ()
    is_generated: bool = False


def read_beside(session: Session, post: models.Post, column: Column) -> Beside:
    wrote = select(models.Revision.id).where(
        models.Revision.post_id == post.id, models.Revision.origin == "model"
    )
    return Beside(_earlier(session, post, column), session.scalar(wrote.limit(1)) is not None)


def _earlier(session: Session, post: models.Post, column: Column) -> tuple[Earlier, ...]:
    """The newest texts of the slots before this one, as far back as the brand lets a selling point rest.

    Nothing for a post that answers an event: whoever joins reads it first. Other slots of such columns count
    for nobody else, either.
    """
    if column.is_standing:
        return ()
    home = loading.one(session, models.Brand, post.brand_id)
    at = post.slot.starts_at
    rows = session.execute(
        select(
            models.Revision.text, models.Post.channel, models.Post.state, models.Slot.starts_at, models.Column
        )
        .join(models.Post, models.Post.head_id == models.Revision.id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .where(
            models.Post.brand_id == post.brand_id,
            models.Post.id != post.id,
            models.Post.state.not_in(UNREAD),
            models.Slot.starts_at > at - timedelta(days=home.rest_days),
            models.Slot.starts_at < at,
        )
        .order_by(models.Slot.starts_at)
    ).all()
    to = readers(column, Channel(post.channel))
    columns = {each.id: loading.column(each) for each in {row[4] for row in rows}}
    return tuple(
        Earlier(
            text,
            columns[of.id].name,
            starts_at.astimezone(ZoneInfo(home.zone)),
            is_sent=state == PostState.SENT,
        )
        for text, channel, state, starts_at, of in rows
        if not columns[of.id].is_standing and readers(columns[of.id], Channel(channel)) & to
    )
