"""Plans the calendar: turns the active SOP's columns into dated slots, as often as anyone likes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.columns import Column, occurrences, occurs_at
from copilot.domain.delivery import has_expired
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.errors import Conflict, NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading
from copilot.services.sopversions import BEFORE_APPROVAL

HORIZON_DAYS = 28

_OVER = frozenset({PostState.SENT, PostState.SKIPPED, PostState.EXPIRED})


class Planning:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def plan(self, *, brand: int, start: date, days: int) -> None:
        """Makes sure that every occurrence of these local days has its slot; those that exist stay."""
        with self._db.write() as session:
            plan_slots(session, loading.one(session, models.Brand, brand), start, days)

    def plan_ahead(self) -> None:
        """Plans every brand from its own today to the horizon; the worker calls this, so that no page must."""
        with self._db.read() as session:
            brands = list(session.scalars(select(models.Brand.id)))
        for brand in brands:
            with self._db.write() as session:
                plan_to_horizon(session, loading.one(session, models.Brand, brand), self._clock())

    def column(self, slug: str, *, brand: int) -> Column:
        """NotFound for a column that the active SOP does not have."""
        with self._db.read() as session:
            return loading.column(_active(session, brand, slug))

    def slot_at(self, *, brand: int, column: str, at: datetime) -> int:
        """The slot of this column at this instant, made if the calendar does not hold it yet.

        NotFound for a column that the active SOP does not have.
        """
        with self._db.write() as session:
            row = _active(session, brand, column)
            _ensure(session, brand, row.id, [at])
            return session.scalars(
                select(models.Slot.id).where(models.Slot.column_id == row.id, models.Slot.starts_at == at)
            ).one()

    def standing_slot(self, column: str, *, brand: int, actor: Actor) -> int:
        """The one slot at which a column that answers an event, such as the welcome, is written.

        A new one is at the next full hour. While nobody has approved its post it moves along with the clock,
        so that the copy is written from what is valid then; once its post is sent or its time is over, the
        next call begins another. Conflict for a column that has days of its own.
        """
        actor.require(Permission.WRITE)
        now = self._clock()
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        with self._db.write() as session:
            row = _active(session, brand, column)
            wanted = loading.column(row)
            if not wanted.is_standing:
                raise Conflict("error.column_has_days", column=row.name)
            slot = session.scalar(
                select(models.Slot)
                .join(models.Column, models.Column.id == models.Slot.column_id)
                .where(models.Slot.brand_id == brand, models.Column.slug == column)
                .order_by(models.Slot.starts_at.desc(), models.Slot.id.desc())
                .limit(1)
            )
            states = _states(session, slot.id) if slot is not None else set()
            if slot is not None and states <= BEFORE_APPROVAL:
                if slot.starts_at <= now:
                    slot.column_id, slot.starts_at = row.id, hour
                return slot.id
            if slot is not None and states - _OVER and not has_expired(slot.starts_at, wanted.tolerance, now):
                return slot.id
            if slot is not None and slot.starts_at >= hour:
                hour = slot.starts_at + timedelta(hours=1)
            made = models.Slot(brand_id=brand, column_id=row.id, starts_at=hour)
            session.add(made)
            session.flush()
            return made.id

    def open_post(self, slot: int, *, brand: int, actor: Actor, channel: Channel | None = None) -> int:
        """The slot's post on this channel (the column's own by default), begun if there is none yet."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            row = loading.one(session, models.Slot, slot, brand=brand)
            column: Column = loading.column(row.column)
            wanted = channel or column.channel
            post = session.scalar(
                select(models.Post).where(models.Post.slot_id == slot, models.Post.channel == wanted)
            )
            if post is None:
                post = models.Post(
                    brand_id=brand,
                    slot_id=slot,
                    channel=wanted,
                    state=PostState.DRAFT,
                    created_at=self._clock(),
                )
                session.add(post)
                session.flush()
                auditing.record(
                    session,
                    at=self._clock(),
                    actor=actor.id,
                    brand=brand,
                    subject="post",
                    identity=post.id,
                    event="opened",
                )
            return post.id


def _active(session: Session, brand: int, slug: str) -> models.Column:
    row = next((row for row in loading.active_columns(session, brand) if row.slug == slug), None)
    if row is None:
        raise NotFound("column", slug)
    return row


def plan_to_horizon(session: Session, brand: models.Brand, now: datetime) -> None:
    """Plans from yesterday on, but nothing from before the SOP was what it is: nobody could have written it."""
    rows = loading.active_columns(session, brand.id)
    if rows:
        today = now.astimezone(ZoneInfo(brand.zone)).date()
        plan_slots(session, brand, today - timedelta(days=1), HORIZON_DAYS, since=rows[0].sop.created_at)


def plan_slots(
    session: Session, brand: models.Brand, start: date, days: int, *, since: datetime | None = None
) -> None:
    """Makes the slots of these local days that are missing, of instants from `since` on where it is given.

    A column comes once a day: where an older version of it holds the day with a post, there is none to make.
    """
    zone = ZoneInfo(brand.zone)
    rows = loading.active_columns(session, brand.id)
    held = _held(session, brand, [row.id for row in rows], start, days)
    for row in rows:
        instants = [
            at
            for at in occurrences(loading.column(row), start, days, brand.zone)
            if (since is None or at >= since) and at.astimezone(zone).date() not in held[row.slug]
        ]
        _ensure(session, brand.id, row.id, instants)


def _held(
    session: Session, brand: models.Brand, active: Collection[int], start: date, days: int
) -> dict[str, set[date]]:
    """By slug, the days on which an occurrence of an older version has a post."""
    zone = ZoneInfo(brand.zone)
    first = datetime.combine(start, time(), tzinfo=zone).astimezone(UTC)
    rows = session.execute(
        select(models.Slot.starts_at, models.Column)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .join(models.Post, models.Post.slot_id == models.Slot.id)
        .where(
            models.Slot.brand_id == brand.id,
            models.Slot.column_id.not_in(active),
            models.Slot.starts_at >= first,
            models.Slot.starts_at < first + timedelta(days=days + 1),
        )
    )
    held: dict[str, set[date]] = defaultdict(set)
    for at, row in rows:
        if occurs_at(loading.column(row), at, brand.zone):
            held[row.slug].add(at.astimezone(zone).date())
    return held


def _states(session: Session, slot: int) -> set[str]:
    return set(session.scalars(select(models.Post.state).where(models.Post.slot_id == slot)))


def _ensure(session: Session, brand: int, column: int, instants: list[datetime]) -> None:
    if instants:
        session.execute(
            insert(models.Slot).on_conflict_do_nothing(),
            [{"brand_id": brand, "column_id": column, "starts_at": at} for at in instants],
        )
