"""Waivers: a person lets a finding stand with a reason, and may take that back while the copy is still in hand."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.domain.waiving import (
    MOST_REASON,
    Waiver,
    fingerprint,
    is_revocable,
    is_waivable,
    needed_to_waive,
)
from copilot.errors import Conflict, IllegalTransition, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading


class Waiving:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def waive(self, post: int, finding: int, *, brand: int, actor: Actor, reason: str, seen: str = "") -> int:
        """Lets stand what a finding objects to, wherever the newest text says these words; returns the waiver's id.

        A finding of a former text stands for the same one of the newest; Conflict where that has none, or where
        its number is another's by now than the one `seen`, a finding's fingerprint. Where a waiver stands
        already, it is that one, with the reason that was given then.
        """
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            return self._let_stand(session, row, _meant(session, row, finding, seen), actor, reason)

    def waive_seen(self, post: int, seen: str, *, brand: int, actor: Actor, reason: str) -> int:
        """As `waive`, for a finding that was shown before it had a number: the newest text's with this fingerprint."""
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            return self._let_stand(session, row, _saying(row, seen), actor, reason)

    def _let_stand(
        self, session: Session, post: models.Post, found: list[models.Finding], actor: Actor, reason: str
    ) -> int:
        """One waiver for all of these findings, which say the same."""
        check, rule, text = found[0].check, found[0].rule, found[0].text
        needed = needed_to_waive(check, rule)
        if needed is None:
            raise Conflict("error.not_waivable")
        actor.require(needed)
        if not is_waivable(PostState(post.state)):
            raise IllegalTransition("post", post.state, "waive")
        reason, now = _stated(reason), self._clock()
        given = next(
            (
                one.id
                for one in standing_waivers(session, post.id)
                if (one.check, one.rule, one.text) == (check, rule, text)
            ),
            None,
        )
        if given is None:
            waiver = models.Waiver(
                brand_id=post.brand_id,
                post_id=post.id,
                check=check,
                rule=rule,
                text=text,
                reason=reason,
                author_id=actor.id,
                created_at=now,
            )
            session.add(waiver)
            session.flush()
            given = waiver.id
            auditing.record(
                session,
                at=now,
                actor=actor.id,
                brand=post.brand_id,
                subject="waiver",
                identity=given,
                event="given",
                post=post.id,
                check=check,
                rule=rule,
                text=text,
                reason=reason,
            )
        for one in found:
            one.waiver_id = given
        return given

    def take_back(self, waiver: int, *, brand: int, actor: Actor) -> None:
        """What was let stand stops the post again. Conflict once the copy is handed on: its reader relies on it."""
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Waiver, waiver, brand=brand)
            post = loading.one(session, models.Post, row.post_id, brand=brand)
            actor.require(needed_to_waive(row.check, row.rule) or Permission.REVIEW)
            if row.withdrawn_at is not None:
                raise Conflict("error.waiver_over")
            if not is_revocable(PostState(post.state)):
                raise Conflict("error.waiver_sealed")
            row.withdrawn_at, row.withdrawn_by = now, actor.id
            session.execute(
                update(models.Finding).where(models.Finding.waiver_id == waiver).values(waiver_id=None)
            )
            auditing.record(
                session,
                at=now,
                actor=actor.id,
                brand=brand,
                subject="waiver",
                identity=waiver,
                event="taken_back",
                post=post.id,
                check=row.check,
                rule=row.rule,
                text=row.text,
                reason=row.reason,
            )

    def post_of(self, waiver: int) -> int:
        """The post that a waiver is for, for whoever has nothing but the waiver's number."""
        with self._db.read() as session:
            return loading.one(session, models.Waiver, waiver).post_id


def standing_waivers(session: Session, post: int) -> tuple[Waiver, ...]:
    """What was let stand in a post and not taken back since."""
    rows = session.scalars(
        select(models.Waiver)
        .where(models.Waiver.post_id == post, models.Waiver.withdrawn_at.is_(None))
        .order_by(models.Waiver.id)
    )
    return tuple(Waiver(row.id, row.check, row.rule, row.text) for row in rows)


def _meant(session: Session, post: models.Post, finding: int, seen: str) -> list[models.Finding]:
    """The findings of the newest text that say what this one says, one at least."""
    asked = session.get(models.Finding, finding)
    former = session.get(models.Revision, asked.revision_id) if asked is not None else None
    if asked is None or former is None or former.post_id != post.id:
        raise Conflict("error.waive_outdated")
    said = fingerprint(asked.check, asked.rule, asked.text)
    if seen and said != seen:
        raise Conflict("error.waive_outdated")
    return _saying(post, said)


def _saying(post: models.Post, seen: str) -> list[models.Finding]:
    """The findings of the newest text with this fingerprint, one at least."""
    written = post.head.findings if post.head is not None else []
    found = [one for one in written if fingerprint(one.check, one.rule, one.text) == seen]
    if not found:
        raise Conflict("error.waive_outdated")
    return found


def _stated(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput({"reason": "invalid.waiver_reason"})
    if len(reason) > MOST_REASON:
        raise InvalidInput({"reason": "invalid.waiver_reason_long"}, most=MOST_REASON)
    return reason
