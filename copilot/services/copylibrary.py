"""The copy library's use cases: keep a post, add a reply, approve, edit, put away, and count a use."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.copylibrary import (
    LONGEST_TITLE,
    EntryStatus,
    Scene,
    Standing,
    fingerprint,
    require_hand,
    standing,
)
from copilot.domain.findings import Claim, Verdict, blocking
from copilot.domain.legible import is_written, plain
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.domain.review import require_four_eyes
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading
from copilot.services.checking import Checked, Checking
from copilot.services.copygrounds import Grounds, grounds
from copilot.services.reviewing import standing_approvals

LONGEST_TEXT = 2000

Quotes = list[tuple[int, str]]


class CopyLibrary:
    def __init__(self, *, db: Database, clock: Clock, checking: Checking) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking

    def keep(self, post: int, *, brand: int, actor: Actor, scene: str, title: str) -> int:
        """Keeps the newest text of a post; approved at once, because exactly this text was approved.

        It cites what the post's claims cite. Conflict where the text has no standing approval, where what
        it was written from has changed, or where it is kept already. Returns the entry's id.
        """
        actor.require(Permission.REVIEW)
        _refuse(_label_faults(scene, title))
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head = row.head
            given = [one for one in standing_approvals(session, row.id) if head and one.digest == head.digest]
            if head is None or not given or row.state == PostState.SUSPENDED:
                raise Conflict("error.copy_not_approved")
            # An approval is of every revision with its digest; the guards ask for the one it was given to.
            sealed = loading.one(session, models.Revision, given[0].revision_id)
            known = _same_text(session, brand, sealed.text)
            if known is not None:
                raise Conflict("error.copy_kept", title=known.title)
            entry = models.CopyEntry(
                brand_id=brand,
                scene=scene,
                title=title.strip(),
                text=sealed.text,
                status=EntryStatus.APPROVED,
                revision_id=sealed.id,
                author_id=sealed.author_id,
                approver_id=given[0].approver_id,
                approved_at=given[0].created_at,
                created_at=now,
                changed_at=now,
            )
            session.add(entry)
            _cite(entry, [(one.passage_id, one.quote) for one in sealed.claims if one.passage_id is not None])
            session.flush()
            self._record(session, entry, "kept", actor, post=row.id, revision=sealed.id)
            return entry.id

    def add(self, *, brand: int, actor: Actor, scene: str, title: str, text: str) -> int:
        """Takes in a reply somebody wrote by hand; it waits for another person's yes. Returns the entry's id.

        What the checks object to does not stop the draft from being kept: it stops its approval.
        """
        actor.require(Permission.WRITE)
        said = plain(text)
        _refuse(_label_faults(scene, title) | _text_faults(said))
        quotes = _quotes(self._check(said, brand).claims)
        now = self._clock()
        with self._db.write() as session:
            _refuse_known(session, brand, said)
            entry = models.CopyEntry(
                brand_id=brand,
                scene=scene,
                title=title.strip(),
                text=said,
                status=EntryStatus.DRAFT,
                author_id=actor.id,
                created_at=now,
                changed_at=now,
            )
            session.add(entry)
            _cite(entry, quotes)
            session.flush()
            self._record(session, entry, "added", actor)
            return entry.id

    def edit(
        self, entry: int, *, brand: int, actor: Actor, scene: str, title: str, text: str, seen: str
    ) -> None:
        """Changes an entry; a new text is a draft of its editor again, because nobody has approved it yet.

        `seen` is the fingerprint of the text that the editor started from: Conflict if another stands there now.
        """
        actor.require(Permission.WRITE)
        said = plain(text)
        _refuse(_label_faults(scene, title) | _text_faults(said))
        quotes = _quotes(self._check(said, brand).claims)
        with self._db.write() as session:
            row = self._open(session, entry, brand, seen)
            if said != row.text:
                _refuse_known(session, brand, said)
                row.status = EntryStatus.DRAFT
                row.text, row.author_id, row.revision_id = said, actor.id, None
                row.approver_id = row.approved_at = None
                _cite(row, quotes)
            row.scene, row.title = scene, title.strip()
            row.changed_at = self._clock()
            self._record(session, row, "edited", actor, status=row.status)

    def approve(self, entry: int, *, brand: int, actor: Actor, seen: str) -> None:
        """A second person's yes to the text they saw; also to one whose sources changed and that still holds.

        The checks run again, because a price may have ended since; what supports the text now is what it cites.
        """
        actor.require(Permission.REVIEW)
        checked = self.check(entry, brand=brand)
        found = blocking(checked.findings)
        if found:
            raise Conflict("error.blocking_findings", count=len(found))
        now = self._clock()
        with self._db.write() as session:
            row = self._open(session, entry, brand, seen)
            require_four_eyes(actor.id, {row.author_id})
            if self._standing(session, row) is Standing.READY:
                raise Conflict("error.copy_stands")
            _cite(row, _quotes(checked.claims))
            row.status, row.approver_id = EntryStatus.APPROVED, actor.id
            row.approved_at = row.changed_at = now
            self._record(session, row, "approved", actor, text=fingerprint(row.text))

    def retire(self, entry: int, *, brand: int, actor: Actor) -> None:
        """Puts an entry away; nothing of it is lost."""
        with self._db.write() as session:
            row = loading.one(session, models.CopyEntry, entry, brand=brand)
            require_hand(actor, row.author_id, EntryStatus(row.status))
            if row.status == EntryStatus.RETIRED:
                raise Conflict("error.copy_retired")
            row.status, row.changed_at = EntryStatus.RETIRED, self._clock()
            self._record(session, row, "retired", actor)

    def restore(self, entry: int, *, brand: int, actor: Actor) -> None:
        """Brings an entry back as it was: an approved text that nobody touched keeps its yes."""
        actor.require(Permission.REVIEW)
        with self._db.write() as session:
            row = loading.one(session, models.CopyEntry, entry, brand=brand)
            if row.status != EntryStatus.RETIRED:
                raise Conflict("error.copy_not_retired")
            _refuse_known(session, brand, row.text)
            row.status = EntryStatus.APPROVED if row.approver_id is not None else EntryStatus.DRAFT
            row.changed_at = self._clock()
            self._record(session, row, "restored", actor)

    def use(self, entry: int, *, brand: int, actor: Actor) -> int:
        """Counts that somebody copied the text; Conflict when it may not be said now. Returns the new count."""
        actor.require(Permission.READ)
        with self._db.write() as session:
            row = loading.one(session, models.CopyEntry, entry, brand=brand)
            if self._standing(session, row) is not Standing.READY:
                raise Conflict("error.copy_not_ready")
            # The database adds, so that two people who copy at once are both counted.
            session.execute(
                update(models.CopyEntry)
                .where(models.CopyEntry.id == entry)
                .values(uses=models.CopyEntry.uses + 1)
            )
            session.refresh(row)
            return row.uses

    def check(self, entry: int, *, brand: int) -> Checked:
        """What the checks say of an entry's text today; nothing is stored."""
        with self._db.read() as session:
            text = loading.one(session, models.CopyEntry, entry, brand=brand).text
        return self._check(text, brand)

    def _check(self, text: str, brand: int) -> Checked:
        return self._checking.check_text(text, brand=brand, channel=Channel.WECOM_PRIVATE)

    def _open(self, session: Session, entry: int, brand: int, seen: str) -> models.CopyEntry:
        """The entry, if it is not put away and still has the text that the person saw."""
        row = loading.one(session, models.CopyEntry, entry, brand=brand)
        if row.status == EntryStatus.RETIRED:
            raise Conflict("error.copy_retired")
        if fingerprint(row.text) != seen:
            raise Conflict("error.copy_moved")
        return row

    def _standing(self, session: Session, row: models.CopyEntry) -> Standing:
        held = grounds(session, brand=row.brand_id, now=self._clock(), entry=row.id).get(row.id, Grounds())
        return standing(EntryStatus(row.status), held.lost)

    def _record(
        self, session: Session, row: models.CopyEntry, event: str, actor: Actor, **data: object
    ) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor.id,
            brand=row.brand_id,
            subject="copy_entry",
            identity=row.id,
            event=event,
            **data,
        )


def _cite(row: models.CopyEntry, quotes: Iterable[tuple[int, str]]) -> None:
    """Makes these the citations; rows that stay are kept, because a flush inserts before it deletes."""
    wanted = dict.fromkeys(quotes)
    kept = [one for one in row.citations if (one.passage_id, one.quote) in wanted]
    known = {(one.passage_id, one.quote) for one in kept}
    fresh = [
        models.CopyCitation(passage_id=passage, quote=quote)
        for passage, quote in wanted
        if (passage, quote) not in known
    ]
    row.citations = [*kept, *fresh]


def _quotes(claims: Iterable[Claim]) -> Quotes:
    """Passage and quote of everything that supports a sentence."""
    return [
        (passage, quote)
        for claim in claims
        if claim.verdict is Verdict.SUPPORTED
        for passage, quote in (claim.evidence or ((claim.passage, claim.quote),))
        if passage is not None
    ]


def _same_text(session: Session, brand: int, text: str) -> models.CopyEntry | None:
    return session.scalar(
        select(models.CopyEntry)
        .where(
            models.CopyEntry.brand_id == brand,
            models.CopyEntry.text == text,
            models.CopyEntry.status != EntryStatus.RETIRED,
        )
        .limit(1)
    )


def _refuse_known(session: Session, brand: int, text: str) -> None:
    known = _same_text(session, brand, text)
    if known is not None:
        raise InvalidInput({"text": "invalid.copy_known"}, title=known.title)


def _label_faults(scene: str, title: str) -> dict[str, str]:
    faults = {}
    if scene not in set(Scene):
        faults["scene"] = "invalid.scene"
    if not title.strip():
        faults["title"] = "invalid.empty"
    elif len(title.strip()) > LONGEST_TITLE:
        faults["title"] = "invalid.copy_title"
    return faults


def _text_faults(text: str) -> dict[str, str]:
    if not is_written(text):
        return {"text": "invalid.empty_copy"}
    return {"text": "invalid.copy_long"} if len(text) > LONGEST_TEXT else {}


def _refuse(faults: dict[str, str]) -> None:
    if faults:
        raise InvalidInput(faults, most=LONGEST_TEXT, longest=LONGEST_TITLE)
