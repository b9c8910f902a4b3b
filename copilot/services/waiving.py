"""Waivers: a person lets a finding stand with a reason, and may take that back until the copy is approved."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.legible import plain, reason_fault
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.domain.waiving import (
    MOST_REASON,
    Seats,
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
        """Lets stand what a finding objects to, where the newest text says these words in this sentence.

        Returns the waiver's id. A finding of a former text stands for the same one of the newest, in the same
        sentence; Conflict where that has none. A number may be another finding's by now: `seen`, the fingerprint of
        the one that was read, says which is meant. Where a waiver stands already, it is that one, with the reason
        that was given then.
        """
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            return self._let_stand(session, row, seen or _meant(session, row, finding), actor, reason)

    def waive_seen(self, post: int, seen: str, *, brand: int, actor: Actor, reason: str) -> int:
        """As `waive`, for a finding that was shown before it had a number: the newest text's with this fingerprint."""
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            return self._let_stand(session, row, seen, actor, reason)

    def _let_stand(self, session: Session, post: models.Post, seen: str, actor: Actor, reason: str) -> int:
        """One waiver for all findings of this fingerprint: they say the same in the same sentence."""
        found, seat = _saying(session, post, seen)
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
                if (one.check, one.rule, one.text, one.seat) == (check, rule, text, seat)
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
                seat=seat,
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
                seat=seat,
                reason=reason,
            )
        for one in found:
            one.seat, one.waiver_id = seat, given
        return given

    def take_back(self, waiver: int, *, brand: int, actor: Actor) -> None:
        """What was let stand stops the post again. Conflict once it is approved: the approval rests on it."""
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
                seat=row.seat,
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
    return tuple(Waiver(row.id, row.check, row.rule, row.text, row.seat) for row in rows)


def seats_of(session: Session, post: models.Post, text: str) -> Seats:
    """What the findings of this text for this post stand in."""
    return Seats(text, Language(loading.one(session, models.Brand, post.brand_id).language))


def _meant(session: Session, post: models.Post, finding: int) -> str:
    """The fingerprint of the finding with this number, in the text that it is of; Conflict names those that there are."""
    asked = session.get(models.Finding, finding)
    former = session.get(models.Revision, asked.revision_id) if asked is not None else None
    if asked is None or former is None or former.post_id != post.id:
        known = sorted(one.id for one in post.head.findings) if post.head is not None else []
        if not known:
            raise Conflict("error.no_findings", post=post.id, number=finding)
        raise Conflict(
            "error.unknown_finding", post=post.id, number=finding, known=", ".join(map(str, known))
        )
    return _print(asked, seats_of(session, post, former.text))


def _saying(session: Session, post: models.Post, seen: str) -> tuple[list[models.Finding], str]:
    """The findings of the newest text with this fingerprint, one at least, and the seat that they share."""
    if post.head is None:
        raise Conflict("error.waive_outdated")
    seats = seats_of(session, post, post.head.text)
    found = [one for one in post.head.findings if _print(one, seats) == seen]
    if not found:
        raise Conflict("error.waive_outdated")
    return found, seats.of(found[0].start, found[0].end)


def _print(finding: models.Finding, seats: Seats) -> str:
    # The stored seat is for the guards: rows from before it was kept have none.
    seat = seats.of(finding.start, finding.end)
    return fingerprint(finding.check, finding.rule, finding.text, seat)


def _stated(reason: str) -> str:
    reason = " ".join(plain(reason).split())
    if (wrong := reason_fault(reason, "invalid.waiver_reason")) is not None:
        raise InvalidInput({"reason": wrong})
    if len(reason) > MOST_REASON:
        raise InvalidInput({"reason": "invalid.waiver_reason_long"}, most=MOST_REASON)
    return reason
