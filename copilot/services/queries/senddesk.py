"""The send desk as rows: one task a post, with a tick for each of its destinations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from copilot import models
from copilot.domain.delivery import UNDO_WINDOW, DeliveryState, is_late
from copilot.domain.posts import PostState
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.queries.media import PictureRow, pictures_of
from copilot.services.queries.rows import Seal, local, seal_of
from copilot.services.queries.scripts import LineRow, lines_for

_BEHIND = timedelta(hours=14)
_AHEAD = timedelta(hours=30)


class HeldBy(StrEnum):
    """Why a post that was on the schedule did not go out: what holds it now, or what did, when nothing does any more."""

    EDITED = "edited"
    SEALED = "sealed"
    SOURCE = "source"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Holding:
    """`sources` are the titles of the materials that changed."""

    by: HeldBy
    at: datetime
    sources: tuple[str, ...]


@dataclass(frozen=True)
class TickRow:
    """One destination of a task; `can_undo` while a tick set by mistake can be taken back.

    `by` is empty for one that was held: the database does that, and no person.
    """

    delivery: int
    destination: str
    channel: str
    state: DeliveryState
    changed_at: datetime
    by: str
    can_undo: bool


@dataclass(frozen=True)
class Task:
    """One revision and where it goes. `lines` are what staff say after it, from the moment on when it was sent."""

    post: int
    name: str
    module: str
    text: str
    pictures: tuple[PictureRow, ...]
    due_at: datetime
    expires_at: datetime
    late: bool
    seal: Seal | None
    ticks: tuple[TickRow, ...]
    holding: Holding | None
    lines: tuple[LineRow, ...] = ()

    @property
    def open(self) -> tuple[TickRow, ...]:
        return tuple(tick for tick in self.ticks if tick.state is DeliveryState.AWAITING_PERSON)


@dataclass(frozen=True)
class SendDesk:
    """`due` waits for a person now, `unknown` for someone to look, `coming` is scheduled, `done` is decided.

    `held` was on the schedule and goes nowhere until it is scheduled again.
    """

    due: tuple[Task, ...]
    unknown: tuple[Task, ...]
    held: tuple[Task, ...]
    coming: tuple[Task, ...]
    done: tuple[Task, ...]


class SendDeskQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def view(self, *, brand: int) -> SendDesk:
        now = self._clock()
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            rows = session.scalars(
                select(models.Delivery)
                .where(
                    models.Delivery.brand_id == brand,
                    models.Delivery.due_at.between(now - _BEHIND, now + _AHEAD),
                    models.Delivery.state != DeliveryState.CANCELLED,
                    (models.Delivery.state != DeliveryState.HELD) | ~_replaced(),
                )
                .options(
                    joinedload(models.Delivery.destination),
                    joinedload(models.Delivery.revision),
                    joinedload(models.Delivery.post),
                )
                .order_by(models.Delivery.due_at, models.Delivery.id)
            ).all()
            names = {user.id: user.name for user in session.scalars(select(models.User))}
            grouped: dict[tuple[int, int], list[models.Delivery]] = {}
            for row in rows:
                grouped.setdefault((row.post_id, row.revision_id), []).append(row)
            tasks = [self._task(session, group, names, zone, now) for group in grouped.values()]
        waiting = {DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.SENDING}
        states = {id(task): {tick.state for tick in task.ticks} for task in tasks}
        due = [task for task in tasks if task.open]
        unknown = [task for task in tasks if DeliveryState.UNKNOWN in states[id(task)]]
        coming = [task for task in tasks if not task.open and states[id(task)] & waiting]
        held = [task for task in tasks if task.holding is not None]
        taken = {id(task) for task in (*due, *unknown, *coming)}
        taken |= {id(task) for task in held if states[id(task)] == {DeliveryState.HELD}}
        done = [task for task in reversed(tasks) if id(task) not in taken]
        return SendDesk(tuple(due), tuple(unknown), tuple(held), tuple(coming), tuple(done))

    def _task(
        self,
        session: Session,
        rows: list[models.Delivery],
        names: dict[int, str],
        zone: str,
        now: datetime,
    ) -> Task:
        first = rows[0]
        column = first.post.slot.column
        undoable = {DeliveryState.SENT, DeliveryState.SKIPPED}
        return Task(
            post=first.post_id,
            name=column.name,
            module=column.module,
            text=first.revision.text,
            pictures=pictures_of(session, first.brand_id, first.revision.media),
            due_at=local(first.due_at, zone),
            expires_at=local(first.expires_at, zone),
            late=is_late(first.due_at, now),
            seal=seal_of(session, first.post, zone),
            ticks=tuple(
                TickRow(
                    delivery=row.id,
                    destination=row.destination.name,
                    channel=row.destination.channel,
                    state=DeliveryState(row.state),
                    changed_at=local(row.changed_at, zone),
                    by=names.get(row.changed_by or 0, "") if row.state != DeliveryState.HELD else "",
                    can_undo=DeliveryState(row.state) in undoable
                    and row.destination.adapter == "manual"
                    and now - row.changed_at <= UNDO_WINDOW,
                )
                for row in rows
            ),
            holding=next(
                (_holding(session, row, zone) for row in rows if row.state == DeliveryState.HELD), None
            ),
            lines=lines_for(session, first.post_id, first.revision_id, local(_began(rows), zone)),
        )


def _began(rows: list[models.Delivery]) -> datetime:
    """When the first destination got it; until then, when it is due."""
    sent = [row.changed_at for row in rows if row.state == DeliveryState.SENT]
    return min(sent, default=rows[0].due_at)


def _replaced() -> Exists:
    """What was held and then scheduled again is told by what came of that, wherever its slot was moved to."""
    newer = aliased(models.Delivery)
    return exists().where(
        newer.post_id == models.Delivery.post_id,
        newer.destination_id == models.Delivery.destination_id,
        newer.id > models.Delivery.id,
    )


def _holding(session: Session, row: models.Delivery, zone: str) -> Holding:
    flags = session.scalars(
        select(models.Flag).where(models.Flag.revision_id == row.revision_id).order_by(models.Flag.id)
    ).all()
    standing = [flag for flag in flags if flag.resolved_at is None]
    withdrawn = select(models.Approval.id).where(
        models.Approval.post_id == row.post_id, models.Approval.withdrawn_at == row.changed_at
    )
    at = row.changed_at
    if row.post.head_id != row.revision_id:
        by = HeldBy.SEALED if row.post.state == PostState.APPROVED else HeldBy.EDITED
        at = (
            session.scalar(
                select(func.min(models.Revision.created_at)).where(
                    models.Revision.post_id == row.post_id, models.Revision.number > row.revision.number
                )
            )
            or row.changed_at
        )
    elif standing:
        by = HeldBy.SOURCE
    elif flags and session.scalar(withdrawn) is None:
        by = HeldBy.RESTORED
    else:
        by = HeldBy.WITHDRAWN
    concerned = standing if by is HeldBy.SOURCE else flags if by is HeldBy.RESTORED else []
    return Holding(by, local(at, zone), tuple(dict.fromkeys(flag.material.title for flag in concerned)))
