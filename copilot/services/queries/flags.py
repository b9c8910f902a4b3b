"""Flags as rows: what has changed under the unsent posts, for the desk, the review and Today."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.comparing import Change, ChangeKind, compare
from copilot.domain.delivery import is_late
from copilot.domain.flags import Cause
from copilot.domain.posts import UNSENT
from copilot.domain.quantities import figures
from copilot.services import loading
from copilot.services.queries.rows import local

_BEHIND = timedelta(days=1)
_NUMBERS = re.compile(r"\d(?:[\d,.]*\d)?")
_REWORDED = (Cause.CHANGED, Cause.CONTESTED)


@dataclass(frozen=True)
class FlagRow:
    """A quote of a post that its material no longer bears out, what stands there now, and the edits that follow.

    `was` is the quote and `says` what stands there, each with what differs told apart.
    """

    id: int
    post: int
    cause: str
    was: tuple[Change, ...]
    says: tuple[Change, ...]
    material: int
    title: str
    at: datetime
    patches: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class FlaggedPost:
    """An unsent post that waits because something under it changed; `changes` are the figures, as far as known."""

    post: int
    name: str
    module: str
    starts_at: datetime
    state: str
    late: bool
    causes: tuple[str, ...]
    changes: tuple[Change, ...]
    titles: tuple[str, ...]
    is_patchable: bool


def flags_of(session: Session, revision: int | None, zone: str) -> tuple[FlagRow, ...]:
    """The open flags of one revision, in the order in which they came."""
    return _open(session, zone, models.Flag.revision_id == revision)


def flags_about(session: Session, material: int, zone: str) -> tuple[FlagRow, ...]:
    """The open flags that a material has raised, on whichever posts, in the order in which they came."""
    return _open(session, zone, models.Flag.material_id == material)


def _open(session: Session, zone: str, which: ColumnElement[bool]) -> tuple[FlagRow, ...]:
    rows = session.scalars(
        select(models.Flag).where(which, models.Flag.resolved_at.is_(None)).order_by(models.Flag.id)
    )
    return tuple(_flag(row, zone) for row in rows)


def _flag(row: models.Flag, zone: str) -> FlagRow:
    was, says = _told_apart(row)
    return FlagRow(
        id=row.id,
        post=row.post_id,
        cause=row.cause,
        was=was,
        says=says,
        material=row.material_id,
        title=row.material.title,
        at=local(row.created_at, zone),
        patches=tuple(row.patches),
    )


def _told_apart(flag: models.Flag) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The quote and what stands in its place; unmarked where the words are other words altogether."""
    changes = compare(flag.quote, flag.now) if flag.now and flag.cause in _REWORDED else ()
    alike = sum(len(change.text) for change in changes if not change.is_change)
    if 2 * alike < max(len(flag.quote), len(flag.now)):
        changes = ()
    return (
        _marked(flag.quote, changes, ChangeKind.REMOVED),
        _marked(flag.now, changes, ChangeKind.ADDED),
    )


def _marked(text: str, changes: Sequence[Change], kind: ChangeKind) -> tuple[Change, ...]:
    """The text with its changes of this kind; of a number the whole is marked, and not its last digits."""
    marks = [False] * len(text)
    at = 0
    for change in changes:
        if change.kind in (kind, ChangeKind.SAME):
            end = at + len(change.text)
            marks[at:end] = [change.kind is kind] * (end - at)
            at = end
    for number in _NUMBERS.finditer(text):
        if any(marks[number.start() : number.end()]):
            marks[number.start() : number.end()] = [True] * len(number[0])
    return tuple(
        Change(kind if marked else ChangeKind.SAME, "".join(letter for letter, _ in run))
        for marked, run in groupby(zip(text, marks, strict=True), key=itemgetter(1))
    )


def _figures_changed(flags: Sequence[models.Flag]) -> tuple[Change, ...]:
    """What the copy would say instead; where no edit is proposed, the figures that the source has exchanged."""
    pairs = [(str(patch["text"]), str(patch["replacement"])) for flag in flags for patch in flag.patches]
    for flag in flags:
        if flag.now and flag.cause in _REWORDED and not flag.patches:
            before, after = ([one.text for one in figures(text)] for text in (flag.quote, flag.now))
            gone = [text for text in before if text not in after]
            pairs += zip_longest(
                gone, [text for text in after if text not in before] if gone else [], fillvalue=""
            )
    return tuple(
        Change(kind, text)
        for pair in dict.fromkeys(pairs)
        for kind, text in zip((ChangeKind.REMOVED, ChangeKind.ADDED), pair, strict=True)
        if text
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
            loading.open_since(now - _BEHIND),
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
            late=is_late(flags[0].post.slot.starts_at, now),
            causes=tuple(dict.fromkeys(flag.cause for flag in flags)),
            changes=_figures_changed(flags),
            titles=tuple(dict.fromkeys(flag.material.title for flag in flags)),
            is_patchable=any(flag.patches for flag in flags),
        )
        for post, flags in by_post.items()
    )
