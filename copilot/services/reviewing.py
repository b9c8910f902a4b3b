"""The gate: submit, approve, request changes, withdraw. Page, command line and API all pass through here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.findings import blocking
from copilot.domain.legible import plain, reason_fault
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostEvent, PostState
from copilot.domain.review import require_four_eyes, window_around
from copilot.domain.selfcheck import Ask
from copilot.errors import Conflict, InvalidInput, StaleRevision
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, flagging, following, loading
from copilot.services.checking import Checking
from copilot.services.moving import move
from copilot.services.revising import keep_evidence
from copilot.services.targets import destinations_of


class Reviewing:
    def __init__(self, *, db: Database, clock: Clock, checking: Checking) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking

    def submit(self, post: int, *, brand: int, actor: Actor) -> None:
        """Hands the newest revision to review; Conflict while a blocking finding stands or there is no text."""
        actor.require(Permission.WRITE)
        read = self._passed(post, brand, actor)
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head = _head(row)
            if head.number != read:
                raise StaleRevision(based_on=read, newest=head.number)
            _require_unblocked(head)
            move(session, row, PostEvent.SUBMIT, at=self._clock(), actor=actor.id, revision=row.head_id)

    def approve(
        self,
        post: int,
        *,
        brand: int,
        actor: Actor,
        revision: int,
        destinations: Sequence[int] | None = None,
        selfcheck: Sequence[str] = (),
    ) -> int:
        """Seals one revision for its destinations and the window around its slot. Returns the approval's id.

        `revision` is the one the approver saw: Conflict if a newer one stands there by now.
        The checks run again, because a price may have expired since the text was written.
        `selfcheck` are the questions that the approver ticked; they are recorded, and none of them is needed.
        """
        actor.require(Permission.REVIEW)
        read = self._passed(post, brand, actor)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head = _head(row)
            if head.id != revision or head.number != read:
                seen = loading.one(session, models.Revision, revision)
                raise Conflict("error.approved_text_moved", seen=seen.number, newest=head.number)
            _require_unblocked(head)
            if flagging.open_flags(session, head):
                raise Conflict("error.open_flags")
            require_four_eyes(actor.id, {head.author_id})
            column = loading.column(row.slot.column)
            reached = session.scalars(destinations_of(brand, Channel(row.channel), column))
            targets = [target.id for target in reached if target.enabled]
            if destinations is not None:
                targets = [target for target in targets if target in set(destinations)]
            if not targets:
                raise InvalidInput({"destinations": "invalid.no_destination"})
            move(
                session, row, PostEvent.APPROVE, at=now, actor=actor.id, revision=head.id, digest=head.digest
            )
            start, end = window_around(row.slot.starts_at, column.tolerance)
            approval = models.Approval(
                post_id=row.id,
                revision_id=head.id,
                digest=head.digest,
                window_start=start,
                window_end=end,
                approver_id=actor.id,
                created_at=now,
                destinations=[models.ApprovalDestination(destination_id=target) for target in targets],
            )
            session.add(approval)
            session.flush()
            # From this row on the guards refuse any change to what the approval covers.
            auditing.record(
                session,
                at=now,
                actor=actor.id,
                brand=brand,
                subject="approval",
                identity=approval.id,
                event="given",
                post=row.id,
                digest=head.digest,
                destinations=targets,
                selfcheck=[question for question in Ask if question in selfcheck],
            )
            return approval.id

    def keep(self, flag: int, *, brand: int, actor: Actor) -> None:
        """Says that the copy is right although its material changed; the last such yes lifts the suspension.

        That gives an approval back, so it takes what an approval takes: another pair of eyes than the
        author's, and a text that passes the checks as things stand now. Conflict otherwise.
        """
        actor.require(Permission.REVIEW)
        with self._db.read() as session:
            post = loading.one(session, models.Flag, flag, brand=brand).post_id
        found = blocking(self._checking.recheck(post, brand=brand).findings)
        with self._db.write() as session:
            row = loading.one(session, models.Flag, flag, brand=brand)
            if row.resolved_at is not None:
                raise Conflict("error.flag_settled")
            if row.post.state == PostState.SUSPENDED:
                require_four_eyes(actor.id, {_head(row.post).author_id})
                if found:
                    raise Conflict("error.blocking_findings", count=len(found))
            flagging.keep(session, row, now=self._clock(), actor=actor.id)

    def request_changes(self, post: int, *, brand: int, actor: Actor, note: str) -> None:
        """Sends the post back with what should change; a reason is required, because silence teaches nobody."""
        actor.require(Permission.REVIEW)
        if (wrong := reason_fault(note, "invalid.note_needed")) is not None:
            raise InvalidInput({"note": wrong})
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            move(session, row, PostEvent.REQUEST_CHANGES, at=now, actor=actor.id, revision=row.head_id)
            session.add(
                models.Note(
                    post_id=row.id,
                    revision_id=_head(row).id,
                    author_id=actor.id,
                    text=plain(note),
                    created_at=now,
                )
            )

    def withdraw(self, post: int, *, brand: int, actor: Actor) -> None:
        """Takes the approval back; the guards hold its unsent deliveries at the same instant."""
        actor.require(Permission.REVIEW)
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            move(session, row, PostEvent.WITHDRAW, at=now, actor=actor.id)
            for approval in standing_approvals(session, row.id):
                approval.withdrawn_at, approval.withdrawn_by = now, actor.id
                auditing.record(
                    session,
                    at=now,
                    actor=actor.id,
                    brand=brand,
                    subject="approval",
                    identity=approval.id,
                    event="withdrawn",
                    post=row.id,
                )

    def _passed(self, post: int, brand: int, actor: Actor) -> int:
        """Checks the newest text as things stand now and returns its number.

        What that finds is written down in a transaction of its own: an approval rests on it, and whoever is
        refused sees what for. Conflict where there is no text or the checks block it, StaleRevision where
        somebody wrote on meanwhile.
        """
        with self._db.read() as session:
            number = _head(loading.one(session, models.Post, post, brand=brand)).number
        checked = self._checking.recheck(post, brand=brand)
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head = _head(row)
            if head.number != number:
                raise StaleRevision(based_on=number, newest=head.number)
            keep_evidence(session, head, checked)
            following.ask_again(session, row, now=self._clock(), actor=actor.id)
        if found := blocking(checked.findings):
            raise Conflict("error.blocking_findings", count=len(found))
        return number


def standing_approvals(session: Session, post: int) -> list[models.Approval]:
    return list(
        session.scalars(
            select(models.Approval)
            .where(models.Approval.post_id == post, models.Approval.withdrawn_at.is_(None))
            .order_by(models.Approval.id.desc())
        )
    )


def _require_unblocked(head: models.Revision) -> None:
    """A waiver may have been taken back since the check: in words here, what the guard refuses too."""
    if blocked := [one for one in head.findings if one.is_blocking]:
        raise Conflict("error.blocking_findings", count=len(blocked))


def _head(row: models.Post) -> models.Revision:
    if row.head is None:
        raise Conflict("error.no_text")
    return row.head
