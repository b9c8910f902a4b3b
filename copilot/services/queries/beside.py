"""What stands beside a post's newest text: variants that nobody took yet, and its siblings in other positions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.findings import Severity
from copilot.domain.messages import Message, stored_message
from copilot.domain.waiving import Seats, Waiver
from copilot.services.briefs import Wanted
from copilot.services.queries.rows import local


@dataclass(frozen=True)
class VariantRow:
    """Copy to choose from. `blocking` counts what would stop it in this post: what was let stand there does not.

    `was_cut` is what a model had written when it broke off: it was never checked.
    """

    id: int
    text: str
    origin: str
    writer: str
    instruction: str
    supported: int
    unsupported: int
    blocking: int
    was_cut: bool
    fell_back: Message | None
    created_at: datetime


@dataclass(frozen=True)
class VariantRun:
    """A variant that is being written, or that failed."""

    id: int
    state: str
    error: Message | None


@dataclass(frozen=True)
class SiblingRow:
    """The same slot's post in another position. `shared` counts the passages that both texts rest on.

    `is_behind` says that it was told from an older text than the one that stands here now.
    """

    post: int
    channel: Channel
    state: str
    is_here: bool
    is_empty: bool
    is_written: bool
    blocking: int
    shared: int
    is_behind: bool


def variants_of(
    session: Session, post: int, home: models.Brand, waivers: Sequence[Waiver]
) -> tuple[VariantRow, ...]:
    """Those that nobody took or put away, the newest first; `waivers` are those that stand in the post."""
    rows = session.execute(
        select(models.Variant, models.Generation.instruction)
        .join(models.Generation, models.Generation.id == models.Variant.generation_id)
        .where(models.Variant.post_id == post, models.Variant.settled_at.is_(None))
        .order_by(models.Variant.id.desc())
    )
    stands = {(one.check, one.rule, one.text, one.seat) for one in waivers}
    return tuple(_variant(row, instruction, home, stands) for row, instruction in rows)


def _variant(
    row: models.Variant, instruction: str, home: models.Brand, stands: Collection[tuple[str, ...]]
) -> VariantRow:
    claims = [one["verdict"] for one in row.checked.get("claims", ())]
    made: Mapping[str, Any] = row.provenance
    seats = Seats(row.text, Language(home.language))
    return VariantRow(
        id=row.id,
        text=row.text,
        origin=row.origin,
        writer=str(made.get("writer", "")),
        instruction=instruction,
        supported=claims.count("supported"),
        unsupported=claims.count("unsupported"),
        blocking=sum(
            one["severity"] == Severity.BLOCK
            # Those written down before variants kept the place of a finding have no seat.
            and ("start" not in one or _let_stand_as(one, seats) not in stands)
            for one in row.checked.get("findings", ())
        ),
        was_cut=bool(made.get("cut")),
        fell_back=stored_message(made.get("fell_back")),
        created_at=local(row.created_at, home.zone),
    )


def _let_stand_as(finding: Mapping[str, Any], seats: Seats) -> tuple[str, ...]:
    seat = seats.of(finding["start"], finding["end"])
    return finding["check"], finding["rule"], finding["text"], seat


def variant_runs(session: Session, post: int) -> tuple[VariantRun, ...]:
    """Variants under way; and those of the last asking that failed, until another one is asked for."""
    rows = session.scalars(
        select(models.Generation)
        .where(models.Generation.post_id == post, models.Generation.kind == Wanted.VARIANT)
        .order_by(models.Generation.id.desc())
        .limit(_LOOKED_AT)
    ).all()
    newest = rows[0].started_at if rows else None
    return tuple(
        VariantRun(row.id, row.state, stored_message(row.error))
        for row in reversed(rows)
        if row.state == "running" or (row.state == "failed" and row.started_at == newest)
    )


_LOOKED_AT = 6


def siblings_of(session: Session, post: models.Post) -> tuple[SiblingRow, ...]:
    """All posts of the slot, this one among them, in the order of the channels; alone, it has none."""
    rows = session.scalars(select(models.Post).where(models.Post.slot_id == post.slot_id)).all()
    if len(rows) < 2:
        return ()
    own = _cited(session, post.head_id)
    order = list(Channel)
    running = set(
        session.scalars(
            select(models.Generation.post_id).where(
                models.Generation.post_id.in_([row.id for row in rows]), models.Generation.state == "running"
            )
        )
    )
    return tuple(
        SiblingRow(
            post=row.id,
            channel=Channel(row.channel),
            state=row.state,
            is_here=row.id == post.id,
            is_empty=row.head_id is None,
            is_written=row.id in running,
            blocking=sum(one.is_blocking for one in row.head.findings) if row.head else 0,
            shared=len(own & _cited(session, row.head_id)),
            is_behind=_is_behind(session, row, post),
        )
        for row in sorted(rows, key=lambda one: order.index(Channel(one.channel)))
    )


def _cited(session: Session, revision: int | None) -> set[int]:
    found = session.scalars(
        select(models.Claim.passage_id).where(
            models.Claim.revision_id == revision, models.Claim.passage_id.is_not(None)
        )
    )
    return {passage for passage in found if passage is not None}


def _is_behind(session: Session, sibling: models.Post, post: models.Post) -> bool:
    """Whether the text that this sibling was last told from was this post's, and is no longer its newest."""
    told = session.scalar(
        select(models.Generation.payload)
        .where(
            models.Generation.post_id == sibling.id,
            models.Generation.kind == Wanted.TRANSLATION,
            models.Generation.state == "done",
        )
        .order_by(models.Generation.id.desc())
        .limit(1)
    )
    if told is None or sibling.id == post.id:
        return False
    revision = session.get(models.Revision, told["revision"])
    return revision is not None and revision.post_id == post.id and revision.id != post.head_id
