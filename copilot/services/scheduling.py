"""Schedules approved posts: writes the deliveries that the guards then watch."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from copilot import models
from copilot.domain.delivery import LIVE, UNSENT, DeliveryState, has_expired
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostEvent
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.moving import move
from copilot.services.reviewing import standing_approvals


class Scheduling:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def schedule(
        self, post: int, *, brand: int, actor: Actor, destinations: Sequence[int] | None = None
    ) -> list[int]:
        """Writes one delivery for each approved destination, or for some of them. Returns their ids.

        Where none are named, those are left out that the slot's post reached already, before it was mended.
        Conflict for a slot that is over, or a destination whose place another delivery has taken.
        """
        actor.require(Permission.SCHEDULE)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            move(session, row, PostEvent.SCHEDULE, at=now, actor=actor.id, revision=row.head_id)
            approval = next(
                (found for found in standing_approvals(session, row.id) if found.revision_id == row.head_id),
                None,
            )
            if approval is None:
                raise Conflict("error.not_approved")
            slot, tolerance = row.slot, loading.column(row.slot.column).tolerance
            if has_expired(slot.starts_at, tolerance, now):
                raise Conflict("error.slot_over")
            approved = [target.destination_id for target in approval.destinations]
            taken = set(
                session.scalars(
                    select(models.Delivery.destination_id).where(
                        models.Delivery.slot_id == slot.id, models.Delivery.state.in_(LIVE)
                    )
                )
            )
            if destinations is None:
                targets = [one for one in approved if one not in taken]
            else:
                targets = [one for one in approved if one in set(destinations)]
            if taken and (not targets or taken.intersection(targets)):
                raise Conflict("error.place_taken")
            if not targets:
                raise InvalidInput({"destinations": "invalid.no_destination"})
            rows = [
                models.Delivery(
                    brand_id=brand,
                    post_id=row.id,
                    slot_id=slot.id,
                    revision_id=approval.revision_id,
                    destination_id=target,
                    digest=approval.digest,
                    state=DeliveryState.DUE,
                    due_at=slot.starts_at,
                    expires_at=slot.starts_at + tolerance,
                    changed_at=now,
                    changed_by=actor.id,
                    created_at=now,
                )
                for target in targets
            ]
            session.add_all(rows)
            session.flush()
            return [delivery.id for delivery in rows]

    def unschedule(self, post: int, *, brand: int, actor: Actor) -> None:
        """Takes the deliveries back that have not begun; the approval stands. Conflict once one was sent."""
        actor.require(Permission.SCHEDULE)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            move(session, row, PostEvent.UNSCHEDULE, at=now, actor=actor.id)
            deliveries = session.scalars(
                select(models.Delivery).where(models.Delivery.post_id == row.id)
            ).all()
            for delivery in deliveries:
                state = DeliveryState(delivery.state)
                if state in LIVE - UNSENT:
                    raise Conflict("error.already_sent")
                if state in UNSENT:
                    delivery.state, delivery.changed_at = DeliveryState.CANCELLED, now
                    delivery.changed_by = actor.id
