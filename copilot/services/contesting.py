"""A confirmed fact that has changed, against copy that still gives its old value on the word of another material.

A price stands in the price list and again in a slide deck. When the list changes, the deck still bears the
old price out, so that following the deck's passages finds nothing. The fact knows better: a person confirmed
it, and its own material says something else now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import patching
from copilot.domain.brands import Brand
from copilot.domain.delivery import LONG_OVER
from copilot.domain.facts import FactStatus
from copilot.domain.flags import Broken, Cause, Resolution
from copilot.domain.posts import UNSENT
from copilot.domain.quantities.figures import fold
from copilot.services import flagging, loading, values

_DIGITS = re.compile(r"[0-9]+")
_SPELLED = re.compile(r"[零〇一二两三四五六七八九十百千万]{2}")


def follow_changes(session: Session, material: models.Material, *, now: datetime, actor: int | None) -> None:
    """Call this when the facts of a material were followed: holds what gives the old value of a changed one."""
    session.flush()
    changes = standing_changes(session, material.brand_id, material.id)
    if not changes:
        return
    posts = session.scalars(
        select(models.Post)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(
            models.Post.brand_id == material.brand_id,
            models.Post.state.in_(UNSENT),
            loading.open_since(now - LONG_OVER),
        )
        .order_by(models.Post.id)
    ).all()
    for post in posts:
        _contest(session, post, changes, now, actor)


def contest(session: Session, post: models.Post, *, now: datetime, actor: int | None) -> None:
    """Asks every changed fact of the brand about one post's newest text."""
    _contest(session, post, standing_changes(session, post.brand_id), now, actor)


def release(session: Session, change: models.FactChange, *, now: datetime, actor: int | None) -> None:
    """Settles what a change had contested, once a person refused it or the material took it back."""
    session.flush()
    flags = session.scalars(
        select(models.Flag).where(
            models.Flag.material_id == change.fact.material_id,
            models.Flag.cause == Cause.CONTESTED,
            models.Flag.now == change.after_quote,
            models.Flag.resolved_at.is_(None),
        )
    ).all()
    for flag in flags:
        flagging.resolve(flag, Resolution.RESTORED, now, actor)
    for post in {flag.post_id: flag.post for flag in flags}.values():
        flagging.release(session, post, now=now, actor=actor)


def standing_changes(session: Session, brand: int, material: int | None = None) -> list[models.FactChange]:
    """The newest change of each confirmed fact, open or accepted, the oldest first.

    What a person refused is no change.
    """
    newest = select(func.max(models.FactChange.id)).group_by(models.FactChange.fact_id)
    rows = session.scalars(
        select(models.FactChange)
        .join(models.Fact, models.Fact.id == models.FactChange.fact_id)
        .where(
            models.FactChange.id.in_(newest),
            models.FactChange.brand_id == brand,
            models.FactChange.state.in_(["open", "accepted"]),
            models.FactChange.after != "",
            models.Fact.status == FactStatus.CONFIRMED,
            *([] if material is None else [models.Fact.material_id == material]),
        )
        .order_by(models.FactChange.id)
    )
    # A fact that somebody put right since has left that change behind.
    return [row for row in rows if row.state == "open" or row.fact.value == row.after]


def gives_old(copy: str, change: models.FactChange, brand: Brand) -> patching.Saying:
    """Where a copy gives the old value of a changed fact, and the patches for it where they are sure."""
    marks = set(_DIGITS.findall(fold(change.before)))
    if marks.isdisjoint(_DIGITS.findall(fold(copy))) and not _SPELLED.search(copy):
        return patching.Saying()
    return patching.sayings(
        copy,
        before=change.before,
        after=change.after,
        subject=change.fact.subject,
        name=change.fact.name,
        within=(),
        products=brand.products,
        language=brand.language,
    )


def _contest(
    session: Session,
    post: models.Post,
    changes: Sequence[models.FactChange],
    now: datetime,
    actor: int | None,
) -> None:
    if post.head is None or not changes:
        return
    brand = values.brand(loading.one(session, models.Brand, post.brand_id))
    told = {(flag.passage_id, flag.quote) for flag in session.scalars(flagging.flags_of(post.id))}
    for change in changes:
        broken = Broken(Cause.CONTESTED, change.after_quote)
        saying = gives_old(post.head.text, change, brand)
        for claim, passage, mended in _by_claim(post.head.claims, saying):
            if (passage, claim.quote) in told:
                continue
            if flagging.was_kept(session, post, passage, claim.quote, broken):
                continue
            told.add((passage, claim.quote))
            session.add(
                models.Flag(
                    brand_id=post.brand_id,
                    post_id=post.id,
                    revision_id=post.head.id,
                    material_id=change.fact.material_id,
                    passage_id=passage,
                    cause=broken.cause,
                    quote=claim.quote,
                    now=broken.now,
                    patches=[asdict(patch) for patch in mended],
                    created_at=now,
                )
            )
            flagging.suspend_or_release(session, post, change.fact.material, now=now, actor=actor)


def _by_claim(
    claims: Sequence[models.Claim], saying: patching.Saying
) -> Iterator[tuple[models.Claim, int, list[patching.Patch]]]:
    """Each sentence that gives the old value, with the first passage that bears it out and its own patches.

    What no passage bears out is blocked anyway.
    """
    seen: set[tuple[int, int]] = set()
    for claim in claims:
        span = (claim.start, claim.end)
        says = any(claim.start <= start and end <= claim.end for start, end in saying.places)
        if says and claim.passage_id is not None and span not in seen:
            seen.add(span)
            mended = [one for one in saying.patches if claim.start <= one.start and one.end <= claim.end]
            yield claim, claim.passage_id, mended
