"""The life of a flag: raised on an unsent post, settled once, and the post's approval suspended in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import patching
from copilot.domain.flags import Broken, Resolution
from copilot.domain.posts import PostEvent, PostState
from copilot.services import auditing
from copilot.services.moving import move


def settle_flags(
    session: Session,
    post: models.Post,
    resolution: Resolution,
    *,
    former: models.Revision | None,
    now: datetime,
    actor: int | None,
) -> None:
    """A newer text settles what was open about the former one, for it was checked against the library of now.

    What it still says in the very words, and nothing bears out any more, stays open, with its correction: to
    put one thing right answers no question about the sentence after it.
    """
    for flag in list(session.scalars(flags_of(post.id))):
        is_patched = resolution is not Resolution.PATCHED or bool(flag.patches)
        resolve(flag, resolution if is_patched else Resolution.EDITED, now, actor)
        if former is None or post.head is None:
            continue
        still = _still_said(_rested(session, flag), former, post.head)
        if still:
            session.add(
                models.Flag(
                    brand_id=flag.brand_id,
                    post_id=flag.post_id,
                    revision_id=post.head.id,
                    material_id=flag.material_id,
                    passage_id=flag.passage_id,
                    cause=flag.cause,
                    quote=flag.quote,
                    now=flag.now,
                    patches=_moved(flag.patches, still),
                    created_at=flag.created_at,
                )
            )
    session.flush()


def _rested(session: Session, flag: models.Flag) -> set[str]:
    """The sentences of the post that rested on the flag's quote, in whichever version: in one that came after
    the change they rest on nothing any more."""
    rows = session.execute(
        select(models.Revision.text, models.Claim.start, models.Claim.end)
        .join(models.Claim, models.Claim.revision_id == models.Revision.id)
        .where(
            models.Revision.post_id == flag.post_id,
            models.Claim.passage_id == flag.passage_id,
            models.Claim.quote == flag.quote,
        )
    )
    return {text[start:end] for text, start, end in rows}


def _still_said(
    rested: set[str], former: models.Revision, newer: models.Revision
) -> set[tuple[int, int, int]]:
    """The sentences among these that stand in both texts and rest on nothing in the newer one.

    Each by its start and end in the former text and its start in the newer one.
    """
    before = {(claim.start, claim.end) for claim in former.claims}
    return {
        (start, end, claim.start)
        for claim in newer.claims
        if claim.passage_id is None and (words := newer.text[claim.start : claim.end]) in rested
        for start, end in before
        if former.text[start:end] == words
    }


def _moved(
    patches: Iterable[Mapping[str, Any]], still: Iterable[tuple[int, int, int]]
) -> list[dict[str, Any]]:
    """The corrections of sentences that stand elsewhere now, where they stand now."""
    found = {}
    for start, end, now in still:
        for patch in patches:
            if start <= patch["start"] and patch["end"] <= end:
                moved = {name: patch[name] + now - start for name in ("start", "end")}
                found[moved["start"], moved["end"]] = {**patch, **moved}
    return [found[place] for place in sorted(found)]


def open_flags(session: Session, head: models.Revision) -> list[models.Flag]:
    """What has changed under a revision and nobody has settled yet."""
    return list(
        session.scalars(
            flags_of(head.post_id).where(models.Flag.revision_id == head.id).order_by(models.Flag.id)
        )
    )


def open_patches(session: Session, head: models.Revision) -> list[patching.Patch]:
    """The edits that the open flags of a revision propose, each once and in order."""
    return agreed(patching.Patch(**patch) for flag in open_flags(session, head) for patch in flag.patches)


def agreed(patches: Iterable[patching.Patch]) -> list[patching.Patch]:
    """The patches in order, without those that contradict each other: where two differ, a person decides."""
    found = sorted(set(patches), key=lambda patch: (patch.start, patch.end))
    return [
        one
        for one in found
        if not any(other is not one and other.start < one.end and one.start < other.end for other in found)
    ]


def release(session: Session, post: models.Post, *, now: datetime, actor: int | None) -> None:
    """Gives a suspended post its approval back once nothing is open about its newest text."""
    session.flush()
    if post.state == PostState.SUSPENDED and not session.scalars(flags_of(post.id)).first():
        move(session, post, PostEvent.RESUME, at=now, actor=actor)


def keep(session: Session, flag: models.Flag, *, now: datetime, actor: int) -> None:
    """A person says that the copy is right as it stands."""
    resolve(flag, Resolution.KEPT, now, actor)
    auditing.record(
        session,
        at=now,
        actor=actor,
        brand=flag.brand_id,
        subject="flag",
        identity=flag.id,
        event="kept",
        post=flag.post_id,
        revision=flag.revision_id,
        quote=flag.quote,
        now=flag.now,
    )
    release(session, flag.post, now=now, actor=actor)


def suspend_or_release(
    session: Session, post: models.Post, material: models.Material, *, now: datetime, actor: int | None
) -> None:
    """Holds an approval back while something is open about the text; gives it back once nothing is."""
    session.flush()
    if session.scalars(flags_of(post.id)).first() is None:
        release(session, post, now=now, actor=actor)
    elif post.state in (PostState.APPROVED, PostState.SCHEDULED):
        move(
            session,
            post,
            PostEvent.SUSPEND,
            at=now,
            actor=actor,
            material=material.id,
            path=material.path,
        )


def was_kept(session: Session, post: models.Post, passage: int, quote: str, broken: Broken) -> bool:
    """Whether a person has said already that this copy is right although the material says just this."""
    return (
        session.scalar(
            select(models.Flag.id).where(
                models.Flag.revision_id == post.head_id,
                models.Flag.passage_id == passage,
                models.Flag.quote == quote,
                models.Flag.resolution == Resolution.KEPT,
                models.Flag.cause == broken.cause,
                models.Flag.now == broken.now,
            )
        )
        is not None
    )


def flags_of(post: int) -> Select[models.Flag]:
    return select(models.Flag).where(models.Flag.post_id == post, models.Flag.resolved_at.is_(None))


def resolve(flag: models.Flag, resolution: Resolution, now: datetime, actor: int | None) -> None:
    flag.resolution, flag.resolved_at, flag.resolved_by = resolution, now, actor
