"""Versions of an SOP: each takes the place of the one before, and the slots ahead go along with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.columns import occurs_at
from copilot.domain.posts import PostState
from copilot.services import loading

BEFORE_APPROVAL = frozenset({PostState.DRAFT, PostState.CHANGES_REQUESTED, PostState.IN_REVIEW})
"""States in which nothing was promised to anybody about column, destinations and time."""


def newest_sop(session: Session, brand: int) -> models.Sop | None:
    return session.scalar(
        select(models.Sop).where(models.Sop.brand_id == brand).order_by(models.Sop.version.desc()).limit(1)
    )


def publish(
    session: Session,
    brand: models.Brand,
    profiles: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    author: int | None,
    note: str = "",
) -> models.Sop:
    """Makes these columns the brand's newest version, active at once; the older ones stay as they were.

    Slots without a post, and those whose post is not approved yet, go over to the column of the same name
    where it still occurs at their time. Where it does not, a slot ahead without a post is taken away, and one
    with a post stays with the column that it was written for; so does whatever was approved once.
    """
    newest = newest_sop(session, brand.id)
    session.execute(update(models.Sop).where(models.Sop.brand_id == brand.id).values(active=False))
    sop = models.Sop(
        brand_id=brand.id,
        version=newest.version + 1 if newest is not None else 1,
        active=True,
        note=note,
        author_id=author,
        created_at=now,
        columns=[
            models.Column(
                position=position,
                slug=profile["slug"],
                name=profile["name"],
                module=profile["module"],
                channel=profile["channel"],
                profile=dict(profile),
            )
            for position, profile in enumerate(profiles)
        ],
    )
    session.add(sop)
    session.flush()
    _carry_over(session, brand, sop, now)
    return sop


@dataclass
class _Held:
    """The slots of one column at one time, as older versions left them."""

    empty: list[models.Slot]
    open: list[models.Slot]
    is_settled: bool = False


def _carry_over(session: Session, brand: models.Brand, sop: models.Sop, now: datetime) -> None:
    columns = {row.slug: loading.column(row) for row in sop.columns}
    for (slug, at), held in _older(session, brand.id, sop.id, now).items():
        column = columns.get(slug)
        stands = column is not None and (column.is_standing or occurs_at(column, at, brand.zone))
        if column is not None and stands and not held.is_settled:
            kept = (held.open or held.empty)[-1]
            kept.column_id = column.id
            surplus = [slot for slot in held.empty if slot is not kept]
        else:
            surplus = held.empty if at >= now else []
        for slot in surplus:
            session.delete(slot)
    session.flush()


def _older(session: Session, brand: int, sop: int, now: datetime) -> dict[tuple[str, datetime], _Held]:
    """By slug and time, what lies ahead, and what was missed: a slot behind us that holds a post is history."""
    rows = session.execute(
        select(models.Slot, models.Column.slug, models.Post.state)
        .join(models.Column, models.Column.id == models.Slot.column_id)
        .outerjoin(models.Post, models.Post.slot_id == models.Slot.id)
        .where(
            models.Slot.brand_id == brand,
            models.Column.sop_id != sop,
            or_(models.Slot.starts_at >= now, models.Post.id.is_(None)),
        )
        .order_by(models.Slot.id)
    ).all()
    states: dict[int, set[str]] = defaultdict(set)
    slots = {}
    for slot, slug, state in rows:
        slots[slot.id] = (slot, slug)
        states[slot.id] |= {state} if state is not None else set()
    found: dict[tuple[str, datetime], _Held] = {}
    for slot, slug in slots.values():
        held = found.setdefault((slug, slot.starts_at), _Held([], []))
        if not states[slot.id]:
            held.empty.append(slot)
        elif states[slot.id] <= BEFORE_APPROVAL:
            held.open.append(slot)
        else:
            held.is_settled = True
    return found
