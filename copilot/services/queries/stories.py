"""Members' stories as rows: who waits to be asked, who agreed, where each was told, and their share of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from copilot import models
from copilot.domain.delivery import DeliveryState
from copilot.domain.materials import Kind, MaterialStatus
from copilot.domain.posts import PostState
from copilot.domain.stories import KINDS, Share, heard_in
from copilot.models.database import Database
from copilot.ports import Blobs, Clock
from copilot.services import loading
from copilot.services.queries.rows import local

SPAN = timedelta(days=30)
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class StoryRow:
    """One that waits is a draft. `withdrawn_at` is when the member took the consent back, `told_at` the newest slot of a sent post with it."""

    id: int
    kind: Kind
    title: str
    text: str
    attribution: str
    consent: str
    heard: str
    added_at: datetime
    added_by: str
    waits: bool
    withdrawn_at: datetime | None
    sent_posts: int
    unsent_posts: int
    told_at: datetime | None

    @property
    def is_withdrawn(self) -> bool:
        return self.waits and not self.consent and self.withdrawn_at is not None


@dataclass(frozen=True)
class StoriesView:
    """`waiting` were never agreed to, `withdrawn` are so no longer.

    `materials` and `posts` say how many are, or cite, members' own words; `before` is `posts` of the span before.
    """

    waiting: tuple[StoryRow, ...]
    withdrawn: tuple[StoryRow, ...]
    agreed: tuple[StoryRow, ...]
    materials: Share
    added: int
    posts: Share
    before: Share


@dataclass(frozen=True)
class _Told:
    sent: int = 0
    unsent: int = 0
    at: datetime | None = None


class StoryQueries:
    def __init__(self, *, db: Database, clock: Clock, blobs: Blobs) -> None:
        self._db = db
        self._clock = clock
        self._blobs = blobs

    def view(self, *, brand: int) -> StoriesView:
        now = self._clock()
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = (
                session.scalars(
                    select(models.Material)
                    .where(
                        models.Material.brand_id == brand,
                        models.Material.kind.in_(KINDS),
                        models.Material.status.in_([MaterialStatus.ACTIVE, MaterialStatus.DRAFT]),
                    )
                    .options(
                        joinedload(models.Material.current).selectinload(models.MaterialRevision.passages),
                        selectinload(models.Material.revisions),
                    )
                    .order_by(models.Material.created_at.desc(), models.Material.id.desc())
                )
                .unique()
                .all()
            )
            told = _told(session, brand)
            withdrawn = withdrawals(session, [row.id for row in rows])
            names = {user.id: user.name for user in session.scalars(select(models.User))}
            stories = [
                self._row(row, told.get(row.id, _Told()), withdrawn.get(row.id), names, zone) for row in rows
            ]
            counts = _active_materials(session, brand)
            return StoriesView(
                waiting=tuple(story for story in stories if story.waits and not story.is_withdrawn),
                withdrawn=tuple(story for story in stories if story.is_withdrawn),
                agreed=tuple(story for story in stories if not story.waits),
                materials=Share(sum(counts.get(kind, 0) for kind in KINDS), sum(counts.values())),
                added=sum(not story.waits and story.added_at > now - SPAN for story in stories),
                posts=_sent_posts(session, brand, now - SPAN, now),
                before=_sent_posts(session, brand, now - 2 * SPAN, now - SPAN),
            )

    def _row(
        self,
        row: models.Material,
        told: _Told,
        withdrawn_at: datetime | None,
        names: dict[int, str],
        zone: str,
    ) -> StoryRow:
        current, first = row.current, next(iter(row.revisions), None)
        return StoryRow(
            id=row.id,
            kind=Kind(row.kind),
            title=row.title,
            text="\n".join(passage.text for passage in current.passages) if current is not None else "",
            attribution=row.attribution,
            consent=row.consent,
            heard=self._heard(current) if current is not None else "",
            added_at=local(row.created_at, zone),
            added_by=names.get(first.created_by or 0, "") if first is not None else "",
            waits=row.status == MaterialStatus.DRAFT,
            withdrawn_at=local(withdrawn_at, zone) if withdrawn_at is not None else None,
            sent_posts=told.sent,
            unsent_posts=told.unsent,
            told_at=local(told.at, zone) if told.at is not None else None,
        )

    def _heard(self, revision: models.MaterialRevision) -> str:
        return heard_in(self._blobs.get(revision.digest)) if revision.size < _MOST_BYTES else ""


def _told(session: Session, brand: int) -> dict[int, _Told]:
    """By story: the posts that went out with it, and those that still may."""
    rows = session.execute(
        select(models.MaterialRevision.material_id, models.Post.id, models.Post.state, models.Slot.starts_at)
        .join(models.Passage, models.Passage.revision_id == models.MaterialRevision.id)
        .join(models.Claim, models.Claim.passage_id == models.Passage.id)
        .join(models.Post, models.Post.head_id == models.Claim.revision_id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(
            models.Post.brand_id == brand,
            models.Passage.kind.in_(KINDS),
            models.Post.state.not_in([PostState.SKIPPED, PostState.EXPIRED]),
        )
        .distinct()
    ).all()
    posts: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for story, _post, state, at in rows:
        posts[story].append((state, at))
    return {
        story: _Told(
            sent=sum(state == PostState.SENT for state, _ in own),
            unsent=sum(state != PostState.SENT for state, _ in own),
            at=max((at for state, at in own if state == PostState.SENT), default=None),
        )
        for story, own in posts.items()
    }


def withdrawals(session: Session, materials: Sequence[int]) -> dict[int, datetime]:
    """By material, when a consent to it was last taken back."""
    rows = session.execute(
        select(models.Audit.subject_id, func.max(models.Audit.at))
        .where(
            models.Audit.subject == "material",
            models.Audit.action == "material.withdrawn",
            models.Audit.subject_id.in_(materials),
        )
        .group_by(models.Audit.subject_id)
    ).all()
    return {row[0]: row[1] for row in rows}


def _active_materials(session: Session, brand: int) -> dict[str, int]:
    """How many materials of each kind may speak; a competitor note never does."""
    rows = session.execute(
        select(models.Material.kind, func.count())
        .where(
            models.Material.brand_id == brand,
            models.Material.status == MaterialStatus.ACTIVE,
            models.Material.kind != Kind.COMPETITOR_NOTE,
        )
        .group_by(models.Material.kind)
    ).all()
    return {row[0]: int(row[1]) for row in rows}


def _sent_posts(session: Session, brand: int, start: datetime, end: datetime) -> Share:
    """Of the posts that went out in this span, those that tell at least one member's story."""
    sent = (
        select(models.Delivery.post_id, models.Delivery.revision_id)
        .where(
            models.Delivery.brand_id == brand,
            models.Delivery.state == DeliveryState.SENT,
            models.Delivery.sent_at > start,
            models.Delivery.sent_at <= end,
        )
        .distinct()
        .subquery()
    )
    own = (
        select(func.count(sent.c.post_id.distinct()))
        .join(models.Claim, models.Claim.revision_id == sent.c.revision_id)
        .join(models.Passage, models.Passage.id == models.Claim.passage_id)
        .where(models.Passage.kind.in_(KINDS))
    )
    return Share(
        own=session.scalar(own) or 0,
        all=session.scalar(select(func.count(sent.c.post_id.distinct()))) or 0,
    )
