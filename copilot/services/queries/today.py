"""Today as rows: what waits for this person, and whether the machine is awake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from copilot import models
from copilot.domain.delivery import DeliveryState
from copilot.domain.materials import MaterialStatus
from copilot.domain.posts import PostState
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.queries import gaps
from copilot.services.queries.calendar import midnight
from copilot.services.queries.flags import FlaggedPost, flagged_posts
from copilot.services.queries.gaps import LackRow
from copilot.services.queries.rows import EMPTY, SlotCard, local, slot_cards

_AHEAD = timedelta(hours=40)
_BEHIND = timedelta(hours=20)
_QUIET = timedelta(seconds=60)
_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Expiry:
    material: int
    title: str
    kind: str
    what: str
    until: datetime
    is_over: bool


@dataclass(frozen=True)
class TodayView:
    """Each post stands in one list: one whose source changed in `flagged`, whatever else it waits for."""

    date: date
    now: datetime
    to_write: tuple[SlotCard, ...]
    to_review: tuple[SlotCard, ...]
    to_schedule: tuple[SlotCard, ...]
    to_send: int
    late: tuple[SlotCard, ...]
    done: tuple[SlotCard, ...]
    gaps: tuple[LackRow, ...]
    later_gaps: int
    expiries: tuple[Expiry, ...]
    flagged: tuple[FlaggedPost, ...]
    unknown: int
    worker_seen: datetime | None
    worker_awake: bool
    materials: int
    passages: int
    indexing: int
    revisions: int
    approvals: int


class TodayQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def view(self, *, brand: int) -> TodayView:
        now = self._clock()
        with self._db.read() as session:
            row = loading.one(session, models.Brand, brand)
            zone = ZoneInfo(row.zone)
            today = now.astimezone(zone).date()
            start = min(midnight(today, zone), now - _BEHIND)
            cards = slot_cards(session, row, start, now + _AHEAD, now)
            seen = session.scalar(select(func.max(models.Heartbeat.at)))
            seen = seen.replace(tzinfo=now.tzinfo) if seen is not None and seen.tzinfo is None else seen
            writing = {EMPTY, PostState.DRAFT, PostState.CHANGES_REQUESTED}
            flagged = flagged_posts(session, brand, row.zone, now)
            settled_first = {one.post for one in flagged}
            rest = [card for card in cards if card.post not in settled_first]
            upcoming = [card for card in rest if not card.late]
            lacks = gaps.report(session, row, now).lacks
            return TodayView(
                date=today,
                now=local(now, row.zone),
                to_write=tuple(card for card in upcoming if card.state in writing and card.rests is None),
                to_review=tuple(card for card in upcoming if card.state == PostState.IN_REVIEW),
                to_schedule=tuple(card for card in upcoming if card.state == PostState.APPROVED),
                to_send=_deliveries(session, brand, DeliveryState.AWAITING_PERSON),
                late=tuple(card for card in rest if card.late),
                done=tuple(
                    card for card in cards if card.state == PostState.SENT and card.starts_at.date() == today
                ),
                gaps=tuple(lack for lack in lacks if lack.slot < now + _SOON),
                later_gaps=sum(lack.slot >= now + _SOON for lack in lacks),
                expiries=tuple(_expiries(session, row, now)),
                flagged=flagged,
                unknown=_deliveries(session, brand, DeliveryState.UNKNOWN),
                worker_seen=local(seen, row.zone) if seen is not None else None,
                worker_awake=seen is not None and now - seen < _QUIET,
                materials=_count_materials(session, brand),
                passages=session.scalar(
                    select(func.count()).where(
                        models.Passage.brand_id == brand, models.Passage.live.is_(True)
                    )
                )
                or 0,
                indexing=session.scalar(
                    select(func.count()).where(
                        models.Job.brand_id == brand, models.Job.state.in_(["queued", "running"])
                    )
                )
                or 0,
                revisions=_of_posts(session, brand, models.Revision.post_id),
                approvals=_of_posts(session, brand, models.Approval.post_id),
            )


def _deliveries(session: Session, brand: int, state: DeliveryState) -> int:
    return (
        session.scalar(
            select(func.count()).where(models.Delivery.brand_id == brand, models.Delivery.state == state)
        )
        or 0
    )


def _of_posts(session: Session, brand: int, post: InstrumentedAttribute[int]) -> int:
    """How many rows belong to the brand's posts; none yet means that its people are at their first steps."""
    return (
        session.scalar(
            select(func.count(post))
            .join(models.Post, models.Post.id == post)
            .where(models.Post.brand_id == brand)
        )
        or 0
    )


def _count_materials(session: Session, brand: int) -> int:
    """As the library counts them: all that are neither retired nor deleted."""
    return (
        session.scalar(
            select(func.count()).where(
                models.Material.brand_id == brand,
                models.Material.status.not_in([MaterialStatus.RETIRED, MaterialStatus.DELETED]),
            )
        )
        or 0
    )


def _expiries(session: Session, brand: models.Brand, now: datetime) -> list[Expiry]:
    """What ran out lately or runs out soon, soonest first: rows of tables and whole materials alike."""
    rows = session.execute(
        select(models.Passage, models.Material)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .join(models.Material, models.Material.id == models.MaterialRevision.material_id)
        .where(
            models.Passage.brand_id == brand.id,
            models.Passage.live.is_(True),
            models.Passage.valid_until.between(now - _SOON, now + _SOON),
        )
        .order_by(models.Passage.valid_until, models.Passage.id)
    ).all()
    found: dict[tuple[int, datetime], Expiry] = {}
    for passage, material in rows:
        until = passage.valid_until
        if until is None:
            continue
        what = next(iter(passage.fields.values()), "") if passage.fields else ""
        found.setdefault(
            (material.id, until),
            Expiry(
                material=material.id,
                title=material.title,
                kind=material.kind,
                what=str(what),
                until=local(until, brand.zone),
                is_over=until <= now,
            ),
        )
    return list(found.values())
