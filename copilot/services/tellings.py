"""Who was told what, and when: read off the posts whose copy rests on a passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.gaps import STORIES, Telling
from copilot.domain.materials import Kind
from copilot.domain.posts import PostState
from copilot.services import loading

# What was skipped or ran out of time was read by nobody.
UNREAD = (PostState.SKIPPED, PostState.EXPIRED)


@dataclass(frozen=True)
class Tellings:
    """By the text of a passage (its digest), and by the material of a member's story, which is told as a whole."""

    by_digest: dict[str, set[Telling]]
    by_story: dict[int, set[Telling]]


def readers(column: Column, channel: Channel | None = None) -> frozenset[str]:
    """Who reads a column's post on its own channel or another: its destinations, or whoever the channel reaches."""
    if channel is not None and channel is not column.channel:
        return frozenset({str(channel)})
    return frozenset(column.destinations or (str(column.channel),))


def tellings(
    session: Session, brand: int, since: datetime, until: datetime, *, but: int | None = None
) -> Tellings:
    """All of the slots between two instants, the post `but` left out.

    A post that is on its way is read where its deliveries go, one that is not yet where its column goes.
    """
    rows = session.execute(
        select(
            models.Post.id,
            models.Post.channel,
            models.Slot.starts_at,
            models.Column,
            models.Passage.digest,
            models.Passage.kind,
            models.MaterialRevision.material_id,
        )
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .join(models.Claim, models.Claim.revision_id == models.Post.head_id)
        .join(models.Passage, models.Passage.id == models.Claim.passage_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(
            models.Post.brand_id == brand,
            models.Post.state.not_in(UNREAD),
            models.Post.id != but,
            models.Slot.starts_at > since,
            models.Slot.starts_at < until,
        )
    ).all()
    delivered: dict[int, set[str]] = defaultdict(set)
    for post, slug in session.execute(
        select(models.Delivery.post_id, models.Destination.slug)
        .join(models.Destination, models.Destination.id == models.Delivery.destination_id)
        .where(models.Delivery.post_id.in_({row[0] for row in rows}))
    ):
        delivered[post].add(slug)
    by_digest: dict[str, set[Telling]] = defaultdict(set)
    by_story: dict[int, set[Telling]] = defaultdict(set)
    columns = {each.id: loading.column(each) for each in {row[3] for row in rows}}
    for post, channel, at, column, digest, kind, story in rows:
        reached = frozenset(delivered.get(post) or readers(columns[column.id], Channel(channel)))
        telling = Telling(at, column.slug, reached)
        if Kind(kind) in STORIES:
            by_story[story].add(telling)
        else:
            by_digest[digest].add(telling)
    return Tellings(by_digest, by_story)


def resting(
    session: Session,
    brand: int,
    passages: Collection[int],
    *,
    to: frozenset[str],
    at: datetime,
    rest: timedelta,
    but: int | None = None,
) -> dict[int, datetime]:
    """Which of these passages the same people meet within `rest` of this time, before it or after, and when."""
    told = tellings(session, brand, at - rest, at + rest, but=but)
    rows = session.execute(
        select(models.Passage.id, models.Passage.digest, models.MaterialRevision.material_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(models.Passage.id.in_(passages))
    )
    found: dict[int, datetime] = {}
    for passage, digest, material in rows:
        met = [*told.by_digest.get(digest, ()), *told.by_story.get(material, ())]
        times = [one.at for one in met if one.readers & to]
        if times:
            found[passage] = max(times)
    return found
