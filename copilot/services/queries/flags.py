"""Flags as rows: what has changed under the unsent posts, for the desk, the review and Today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.posts import UNSENT
from copilot.services.queries.rows import local

_BEHIND = timedelta(days=1)


@dataclass(frozen=True)
class FlagRow:
    """A quote of a post that its material no longer bears out, what stands there now, and the edits that follow."""

    id: int
    cause: str
    quote: str
    now: str
    material: int
    title: str
    at: datetime
    patches: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class FlaggedPost:
    """An unsent post that waits because something under it changed."""

    post: int
    name: str
    module: str
    starts_at: datetime
    state: str
    causes: tuple[str, ...]
    titles: tuple[str, ...]
    is_patchable: bool


def flags_of(session: Session, revision: int | None, zone: str) -> tuple[FlagRow, ...]:
    """The open flags of one revision, in the order in which they came."""
    rows = session.scalars(
        select(models.Flag)
        .where(models.Flag.revision_id == revision, models.Flag.resolved_at.is_(None))
        .order_by(models.Flag.id)
    )
    return tuple(
        FlagRow(
            id=row.id,
            cause=row.cause,
            quote=row.quote,
            now=row.now,
            material=row.material_id,
            title=row.material.title,
            at=local(row.created_at, zone),
            patches=tuple(row.patches),
        )
        for row in rows
    )


def flagged_posts(session: Session, brand: int, zone: str, now: datetime) -> tuple[FlaggedPost, ...]:
    """Every post that could still go out and has an open flag, the nearest slot first."""
    rows = session.scalars(
        select(models.Flag)
        .join(models.Post, models.Post.id == models.Flag.post_id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(
            models.Flag.brand_id == brand,
            models.Flag.resolved_at.is_(None),
            models.Post.state.in_(UNSENT),
            models.Slot.starts_at > now - _BEHIND,
        )
        .order_by(models.Slot.starts_at, models.Post.id, models.Flag.id)
    )
    by_post: dict[int, list[models.Flag]] = {}
    for row in rows:
        by_post.setdefault(row.post_id, []).append(row)
    return tuple(
        FlaggedPost(
            post=post,
            name=flags[0].post.slot.column.name,
            module=flags[0].post.slot.column.module,
            starts_at=local(flags[0].post.slot.starts_at, zone),
            state=flags[0].post.state,
            causes=tuple(dict.fromkeys(flag.cause for flag in flags)),
            titles=tuple(dict.fromkeys(flag.material.title for flag in flags)),
            is_patchable=any(flag.patches for flag in flags),
        )
        for post, flags in by_post.items()
    )
