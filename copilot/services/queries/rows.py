"""The rows that several pages share: brands, slots as cards, and the seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.columns import Every, Module
from copilot.domain.delivery import DeliveryState, is_late
from copilot.domain.messages import Message
from copilot.domain.occasions import rest
from copilot.domain.posts import PostState


@dataclass(frozen=True)
class BrandRow:
    id: int
    slug: str
    name: str
    zone: str
    language: str


@dataclass(frozen=True)
class Seal:
    """An approval as a picture. Broken: the text, what it was written from, or the yes, is no longer what it was."""

    name: str
    at: datetime
    digest: str
    broken: bool

    @property
    def mark(self) -> str:
        """What is cut into the seal: a Han name whole, a Latin one as its initials."""
        if any("\u4e00" <= character <= "\u9fff" for character in self.name):
            return self.name[:4]
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def is_han(self) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in self.name)


@dataclass(frozen=True)
class SlotCard:
    """A slot of the calendar with what stands in it; `state` is `empty` while nothing was written.

    An empty one `rests` for a reason where it would promote something on a day without promotion.
    `deliveries` of the post go out or went, `sent` of them; `held` were stopped and have to be scheduled again.
    """

    slot: int
    post: int | None
    column: str
    name: str
    module: str
    value: str
    channel: str
    starts_at: datetime
    state: str
    excerpt: str
    blocking: int
    late: bool
    seal: Seal | None
    sent: int
    deliveries: int
    held: int
    rests: Message | None = None


@dataclass(frozen=True)
class _Tally:
    """How many of a post's deliveries were sent, how many there are, and how many were stopped."""

    sent: int = 0
    all: int = 0
    held: int = 0


EMPTY = "empty"


def brand_row(row: models.Brand) -> BrandRow:
    return BrandRow(row.id, row.slug, row.name, row.zone, row.language)


def seal_of(session: Session, post: models.Post, zone: str) -> Seal | None:
    """The seal of the newest approval; None when the post never had one."""
    approval = session.scalar(
        select(models.Approval)
        .where(models.Approval.post_id == post.id)
        .order_by(models.Approval.id.desc())
        .options(joinedload(models.Approval.approver))
        .limit(1)
    )
    if approval is None:
        return None
    head = post.head
    broken = (
        approval.withdrawn_at is not None
        or head is None
        or head.digest != approval.digest
        or post.state == PostState.SUSPENDED
    )
    return Seal(approval.approver.name, local(approval.created_at, zone), approval.digest, broken)


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def slot_cards(
    session: Session, brand: models.Brand, start: datetime, end: datetime, now: datetime
) -> list[SlotCard]:
    """The slots of the active SOP in [start, end), and older ones that hold a post, in time's order."""
    rows = session.execute(
        select(models.Slot, models.Post)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .join(models.Sop, models.Sop.id == models.Column.sop_id)
        .outerjoin(models.Post, models.Post.slot_id == models.Slot.id)
        .where(
            models.Slot.brand_id == brand.id,
            models.Slot.starts_at >= start,
            models.Slot.starts_at < end,
            models.Sop.active.is_(True) | models.Post.id.is_not(None),
        )
        .options(
            joinedload(models.Slot.column),
            joinedload(models.Post.head).selectinload(models.Revision.findings),
        )
        .order_by(models.Slot.starts_at, models.Slot.id)
    ).all()
    tallies = _tallies(session, [row.Post.id for row in rows if row.Post is not None])
    return [_card(session, brand, row.Slot, row.Post, tallies, now) for row in rows]


def post_card(session: Session, brand: models.Brand, post: models.Post, now: datetime) -> SlotCard:
    return _card(session, brand, post.slot, post, _tallies(session, [post.id]), now)


def _card(
    session: Session,
    brand: models.Brand,
    slot: models.Slot,
    post: models.Post | None,
    tallies: dict[int, _Tally],
    now: datetime,
) -> SlotCard:
    head = post.head if post is not None else None
    state = post.state if post is not None and head is not None else EMPTY
    answers_an_event = slot.column.profile["cadence"]["every"] == Every.JOIN
    tally = tallies.get(post.id, _Tally()) if post is not None else _Tally()
    starts_at = local(slot.starts_at, brand.zone)
    rests = rest(Module(slot.column.module), starts_at.date(), Language(brand.language))
    rests = rests if state == EMPTY and not answers_an_event else None
    open_states = {
        EMPTY,
        PostState.DRAFT,
        PostState.IN_REVIEW,
        PostState.CHANGES_REQUESTED,
        PostState.APPROVED,
        PostState.SUSPENDED,
    }
    return SlotCard(
        slot=slot.id,
        post=post.id if post is not None else None,
        column=slot.column.slug,
        name=slot.column.name,
        module=slot.column.module,
        value=slot.column.profile["value"],
        channel=post.channel if post is not None else slot.column.channel,
        starts_at=starts_at,
        state=state,
        excerpt=head.text[:90] if head is not None else "",
        blocking=sum(finding.is_blocking for finding in head.findings) if head is not None else 0,
        late=not answers_an_event
        and rests is None
        and is_late(slot.starts_at, now)
        and (state in open_states or (state == PostState.SCHEDULED)),
        seal=seal_of(session, post, brand.zone) if post is not None and head is not None else None,
        sent=tally.sent,
        deliveries=tally.all,
        held=tally.held,
        rests=rests,
    )


def _tallies(session: Session, posts: Sequence[int]) -> dict[int, _Tally]:
    state = models.Delivery.state
    rows = session.execute(
        select(
            models.Delivery.post_id,
            func.count().filter(state == DeliveryState.SENT),
            func.count().filter(state.not_in([DeliveryState.CANCELLED, DeliveryState.HELD])),
            func.count().filter(state == DeliveryState.HELD),
        )
        .where(models.Delivery.post_id.in_(posts))
        .group_by(models.Delivery.post_id)
    )
    return {row[0]: _Tally(*map(int, row[1:])) for row in rows}
