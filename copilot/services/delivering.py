"""Sends what is due: claims with a lease and a fence, one attempt, and never a guess about the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.delivery import UNDO_WINDOW, DeliveryState, check_move, has_expired, post_event
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostEvent, PostState, digest
from copilot.errors import Conflict, ExternalError, NotFound, OutcomeUnknown, Retryable
from copilot.models.database import Database
from copilot.ports import Clock, Parcel, Publisher
from copilot.services import auditing, following, loading
from copilot.services.moving import move

LEASE = timedelta(minutes=2)
_RETRY_AFTER = timedelta(minutes=1)
_MOST_ATTEMPTS = 4


@dataclass(frozen=True)
class Claimed:
    """A delivery that this worker holds; the fence proves it when the result is written."""

    id: int
    fence: int
    adapter: str
    parcel: Parcel


class Delivering:
    def __init__(self, *, db: Database, clock: Clock, publishers: Mapping[str, Publisher]) -> None:
        self._db = db
        self._clock = clock
        self._publishers = publishers

    def tick(self, *, brand: int | None = None) -> Counter[str]:
        """Expires what is too late, frees what a dead worker held, sends what is due. Counts by new state.

        What ran out since it was cited is flagged first: after an outage nothing late goes out with it.
        """
        counts: Counter[str] = Counter()
        with self._db.write() as session:
            following.expire(session, now=self._clock())
        counts[DeliveryState.EXPIRED] += self._expire(brand)
        counts[DeliveryState.UNKNOWN] += self._reap()
        for claimed in self._claim(brand):
            counts[self._send(claimed)] += 1
        return +counts

    def _expire(self, brand: int | None) -> int:
        now = self._clock()
        with self._db.write() as session:
            rows = session.scalars(
                _of(brand).where(
                    models.Delivery.state.in_([DeliveryState.DUE, DeliveryState.AWAITING_PERSON]),
                    models.Delivery.expires_at < now,
                )
            ).all()
            for row in rows:
                self._set(session, row, DeliveryState.EXPIRED, actor=None)
            return len(rows)

    def _reap(self) -> int:
        """A lease that ran out before the call goes back in line; one that ran out during it stays unknown."""
        now = self._clock()
        unknown = 0
        with self._db.write() as session:
            rows = session.scalars(
                select(models.Delivery).where(
                    models.Delivery.state.in_([DeliveryState.CLAIMED, DeliveryState.SENDING]),
                    models.Delivery.lease_until < now,
                )
            ).all()
            for row in rows:
                row.fence += 1
                if row.state == DeliveryState.SENDING:
                    self._set(session, row, DeliveryState.UNKNOWN, actor=None)
                    unknown += 1
                else:
                    self._set(session, row, DeliveryState.DUE, actor=None)
        return unknown

    def _claim(self, brand: int | None) -> list[Claimed]:
        now = self._clock()
        claimed: list[Claimed] = []
        with self._db.write() as session:
            rows = session.scalars(
                _of(brand)
                .where(models.Delivery.state == DeliveryState.DUE, models.Delivery.due_at <= now)
                .order_by(models.Delivery.due_at, models.Delivery.id)
                .limit(100)
            ).all()
            for row in rows:
                taken = session.execute(
                    update(models.Delivery)
                    .where(models.Delivery.id == row.id, models.Delivery.state == DeliveryState.DUE)
                    .values(
                        state=DeliveryState.CLAIMED,
                        fence=models.Delivery.fence + 1,
                        lease_until=now + LEASE,
                        changed_at=now,
                    )
                    .returning(models.Delivery.fence)
                ).one_or_none()
                if taken is None:
                    continue
                key = f"{row.id}-{row.attempts + 1}"
                parcel = Parcel(key, row.revision.text, tuple(row.revision.media), row.destination.settings)
                claimed.append(Claimed(row.id, taken.fence, row.destination.adapter, parcel))
        return claimed

    def _send(self, claimed: Claimed) -> DeliveryState:
        if not self._intend(claimed):
            return DeliveryState.HELD
        outcome, detail = self._attempt(claimed)
        return self._result(claimed, outcome, detail)

    def _intend(self, claimed: Claimed) -> bool:
        """Commits that the call is about to be made; from here on its outcome is unknown until it is seen."""
        with self._db.write() as session:
            row = self._held(session, claimed, DeliveryState.CLAIMED)
            if (
                row is None
                or digest(row.revision.text, row.revision.channel, row.revision.media) != row.digest
            ):
                return False
            row.attempts += 1
            row.key = claimed.parcel.key
            self._set(session, row, DeliveryState.SENDING, actor=None, key=row.key)
            return True

    def _attempt(self, claimed: Claimed) -> tuple[DeliveryState, str]:
        """The one call, with no transaction open."""
        publisher = self._publishers.get(claimed.adapter)
        if publisher is None:
            return DeliveryState.FAILED, "external.no_adapter"
        try:
            receipt = publisher.publish(claimed.parcel)
        except OutcomeUnknown as exc:
            return DeliveryState.UNKNOWN, exc.message_id
        except Retryable as exc:
            return DeliveryState.DUE, exc.message_id
        except ExternalError as exc:
            return DeliveryState.FAILED, exc.message_id
        return (
            DeliveryState.AWAITING_PERSON if receipt.awaiting_person else DeliveryState.SENT
        ), receipt.reference

    def _result(self, claimed: Claimed, outcome: DeliveryState, detail: str) -> DeliveryState:
        now = self._clock()
        with self._db.write() as session:
            row = self._held(session, claimed, DeliveryState.SENDING)
            if row is None:
                # The lease ran out and the reaper spoke for us: the answer comes too late to be believed.
                return DeliveryState.UNKNOWN
            row.outcome = detail
            if outcome is DeliveryState.DUE:
                if row.post.state != PostState.SCHEDULED or row.post.head_id != row.revision_id:
                    # Its text or a source of it changed during the call, which certainly reached nobody.
                    outcome = DeliveryState.HELD
                elif row.attempts >= _MOST_ATTEMPTS or has_expired(row.expires_at, timedelta(0), now):
                    outcome = DeliveryState.FAILED
                else:
                    row.due_at = min(now + _RETRY_AFTER * row.attempts, row.expires_at)
            self._set(session, row, outcome, actor=None)
            return outcome

    def _held(self, session: Session, claimed: Claimed, state: DeliveryState) -> models.Delivery | None:
        return session.scalar(
            select(models.Delivery).where(
                models.Delivery.id == claimed.id,
                models.Delivery.fence == claimed.fence,
                models.Delivery.state == state,
            )
        )

    def mark_sent(self, delivery: int, *, brand: int, actor: Actor) -> None:
        """A person says that they posted it."""
        self._by_hand(delivery, DeliveryState.SENT, brand=brand, actor=actor)

    def mark_all_sent(self, post: int, *, brand: int, actor: Actor) -> None:
        """A person says that they posted it everywhere where it still waited for them."""
        with self._db.read() as session:
            waiting = session.scalars(
                _of(brand)
                .where(
                    models.Delivery.post_id == post, models.Delivery.state == DeliveryState.AWAITING_PERSON
                )
                .with_only_columns(models.Delivery.id)
            ).all()
        for delivery in waiting:
            self.mark_sent(int(delivery), brand=brand, actor=actor)

    def skip(self, delivery: int, *, brand: int, actor: Actor, reason: str = "") -> None:
        """A person decides against this one destination; the post itself stays approved."""
        self._by_hand(delivery, DeliveryState.SKIPPED, brand=brand, actor=actor, reason=reason)

    def undo(self, delivery: int, *, brand: int, actor: Actor) -> None:
        """Takes back a tick or a skip, within ten minutes and while the slot is not over."""
        self._by_hand(delivery, DeliveryState.AWAITING_PERSON, brand=brand, actor=actor)

    def resolve_unknown(self, delivery: int, *, brand: int, actor: Actor, was_sent: bool) -> None:
        """A person looked at the channel and says what happened; nothing is sent by this."""
        target = DeliveryState.SENT if was_sent else DeliveryState.FAILED
        self._by_hand(delivery, target, brand=brand, actor=actor)

    def _by_hand(
        self, delivery: int, target: DeliveryState, *, brand: int, actor: Actor, reason: str = ""
    ) -> None:
        actor.require(Permission.SEND)
        now = self._clock()
        with self._db.write() as session:
            row = session.get(models.Delivery, delivery)
            if row is None or row.brand_id != brand:
                raise NotFound("delivery", delivery)
            check_move(DeliveryState(row.state), target)
            if target is DeliveryState.AWAITING_PERSON:
                if now - row.changed_at > UNDO_WINDOW:
                    raise Conflict("error.undo_too_late")
                if row.destination.adapter != "manual":
                    raise Conflict("error.undo_not_manual")
            row.outcome = reason or row.outcome
            self._set(session, row, target, actor=actor.id)

    def _set(
        self,
        session: Session,
        row: models.Delivery,
        state: DeliveryState,
        *,
        actor: int | None,
        **data: object,
    ) -> None:
        """Moves a delivery, records it, and lets the post follow when all its deliveries are decided."""
        before = DeliveryState(row.state)
        check_move(before, state)
        now = self._clock()
        row.state, row.changed_at, row.changed_by = state, now, actor
        row.sent_at = now if state is DeliveryState.SENT else None
        if state not in (DeliveryState.CLAIMED, DeliveryState.SENDING):
            row.lease_until = None
        session.flush()
        auditing.record(
            session,
            at=now,
            actor=actor,
            brand=row.brand_id,
            subject="delivery",
            identity=row.id,
            event=state,
            before=before,
            post=row.post_id,
            **data,
        )
        _follow(session, row.post_id, now, actor)


def _of(brand: int | None) -> Select[models.Delivery]:
    statement = select(models.Delivery)
    return statement if brand is None else statement.where(models.Delivery.brand_id == brand)


def _follow(session: Session, post: int, now: datetime, actor: int | None) -> None:
    row = loading.one(session, models.Post, post)
    states = session.scalars(
        select(models.Delivery.state).where(
            models.Delivery.post_id == post, models.Delivery.revision_id == row.head_id
        )
    ).all()
    event = post_event([DeliveryState(state) for state in states])
    state = PostState(row.state)
    if event is None and state in (PostState.SENT, PostState.SKIPPED):
        move(session, row, PostEvent.UNDO, at=now, actor=actor)
        following.ask_again(session, row, now=now, actor=actor)
    elif (event is not None and state is PostState.SCHEDULED) or (
        event is PostEvent.SEND and state is PostState.SUSPENDED and DeliveryState.HELD not in states
    ):
        move(session, row, event, at=now, actor=actor)
