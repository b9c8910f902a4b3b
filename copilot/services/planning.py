"""Plans the calendar: turns the active SOP's columns into dated slots, as often as anyone likes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.columns import Column, occurrences
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.errors import NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading

HORIZON_DAYS = 28


class Planning:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def plan(self, *, brand: int, start: date, days: int) -> None:
        """Makes sure that every occurrence of these local days has its slot; those that exist stay."""
        with self._db.write() as session:
            zone = loading.one(session, models.Brand, brand).zone
            for row in loading.active_columns(session, brand):
                column = loading.column(row)
                _ensure(session, brand, row.id, list(occurrences(column, start, days, zone)))

    def plan_ahead(self) -> None:
        """Plans every brand from its own today to the horizon; the worker calls this, so that no page must."""
        with self._db.read() as session:
            brands = session.execute(select(models.Brand.id, models.Brand.zone)).all()
        for brand in brands:
            today = self._clock().astimezone(ZoneInfo(brand.zone)).date()
            self.plan(brand=brand.id, start=today - timedelta(days=1), days=HORIZON_DAYS)

    def slot_at(self, *, brand: int, column: str, at: datetime) -> int:
        """The slot of this column at this instant, made if the calendar does not hold it yet.

        NotFound for a column that the active SOP does not have.
        """
        with self._db.write() as session:
            row = next((row for row in loading.active_columns(session, brand) if row.slug == column), None)
            if row is None:
                raise NotFound("column", column)
            _ensure(session, brand, row.id, [at])
            return session.scalars(
                select(models.Slot.id).where(models.Slot.column_id == row.id, models.Slot.starts_at == at)
            ).one()

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


def _ensure(session: Session, brand: int, column: int, instants: list[datetime]) -> None:
    if instants:
        session.execute(
            insert(models.Slot).on_conflict_do_nothing(),
            [{"brand_id": brand, "column_id": column, "starts_at": at} for at in instants],
        )
