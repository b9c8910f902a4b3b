"""What a person does to a text: edits it, patches it, fixes a finding, puts pictures under it. Each makes a revision."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import patching
from copilot.domain.checks.fixing import apply_fixes, safe_fixes
from copilot.domain.findings import Claim, blocking
from copilot.domain.flags import Resolution
from copilot.domain.legible import is_written, plain
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostEvent, digest
from copilot.domain.waiving import fingerprint
from copilot.errors import Conflict, InvalidInput, StaleRevision
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import flagging, following, illustrating, loading
from copilot.services.checking import Checked, Checking
from copilot.services.moving import move
from copilot.services.waiving import seats_of, standing_waivers


class Revising:
    def __init__(self, *, db: Database, clock: Clock, checking: Checking) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking

    def save(self, post: int, *, brand: int, actor: Actor, text: str, based_on: int | None) -> int:
        """Keeps a person's text as a new revision and returns its id; the same text again makes none.

        The pictures stay as they are.
        `based_on` is the number of the revision the person edited. StaleRevision if a newer one stands:
        the caller still holds the text and must show both.
        """
        actor.require(Permission.WRITE)
        return self._save(post, brand, actor, text, based_on, Resolution.EDITED)

    def _save(
        self, post: int, brand: int, actor: Actor, text: str, based_on: int | None, settled_by: Resolution
    ) -> int:
        text = plain(text)
        if not is_written(text):
            raise InvalidInput({"text": "invalid.empty_copy"})
        with self._db.read() as session:
            head = _based(loading.one(session, models.Post, post, brand=brand), based_on)
            if head is not None and head.text == text:
                # Every button of the desk saves first; what nobody changed costs no check.
                return head.id
        checked = self._checking.check_post(text, post, brand=brand)
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head = _based(row, based_on)
            if head is not None and head.text == text:
                return head.id
            provenance = dict(head.provenance) if head is not None else {}
            return keep_revision(
                session,
                row,
                text,
                media_of(row),
                "person",
                actor.id,
                provenance,
                checked,
                now=self._clock(),
                settled_by=settled_by,
            )

    def patch(self, post: int, *, brand: int, actor: Actor) -> int:
        """Puts into the newest text what its materials say now, and returns the new revision's id.

        Conflict where no flag of that text carries a patch. The new text goes through review as any edit.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            head = loading.one(session, models.Post, post, brand=brand).head
            patches = flagging.open_patches(session, head) if head is not None else []
            if head is None or not patches:
                raise Conflict("error.no_patch")
            text, number = patching.apply(head.text, patches), head.number
        return self._save(post, brand, actor, text, number, Resolution.PATCHED)

    def illustrate(self, post: int, *, brand: int, actor: Actor, media: Sequence[int]) -> int:
        """Puts these pictures under the newest text, in this order, as a new revision; the same again make none.

        An approval is left behind, as by any edit. InvalidInput names a picture that may not be chosen,
        Conflict says that there is no text yet, StaleRevision that it moved on meanwhile.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            head = loading.one(session, models.Post, post, brand=brand).head
            if head is None:
                raise Conflict("error.no_text")
            text, number, provenance = head.text, head.number, dict(head.provenance)
        checked = self._checking.check_post(text, post, brand=brand)
        with self._db.write() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            if row.head is None or row.head.number != number:
                raise StaleRevision(based_on=number, newest=row.head.number if row.head is not None else 0)
            pictures = illustrating.chosen(session, brand, media, standing=row.head.media)
            if pictures == row.head.media:
                return row.head.id
            return keep_revision(
                session, row, text, pictures, "person", actor.id, provenance, checked, now=self._clock()
            )

    def fix(self, post: int, finding: int, *, brand: int, actor: Actor, seen: str = "") -> int:
        """Applies one finding's suggestion to the newest text, and returns the new revision's id.

        A finding of a former text is looked for where the newest has the same one nearest; Conflict where it has
        none, or where its number is another's by now than the one `seen`, a fingerprint of its words.
        """
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            head, found = row.head, _same_finding(session, row, finding, seen)
            if head is None or found is None or found.suggestion is None:
                raise Conflict("error.fix_outdated")
            text, number = apply_fixes(head.text, [found]), head.number
        return self.save(post, brand=brand, actor=actor, text=text, based_on=number)

    def fix_all(self, post: int, *, brand: int, actor: Actor) -> int:
        """Applies every suggestion that changes no fact to the newest text at once, and returns the new revision's id.

        Conflict where there is none.
        """
        with self._db.read() as session:
            head = loading.one(session, models.Post, post, brand=brand).head
            fixes = safe_fixes(head.text, head.findings) if head is not None else ()
            if head is None or not fixes:
                raise Conflict("error.no_safe_fix")
            text, number = apply_fixes(head.text, fixes), head.number
        return self.save(post, brand=brand, actor=actor, text=text, based_on=number)


def _same_finding(session: Session, post: models.Post, finding: int, seen: str) -> models.Finding | None:
    """The finding of the newest text that says what this one says, nearest to where it was said."""
    asked = session.get(models.Finding, finding)
    former = session.get(models.Revision, asked.revision_id) if asked is not None else None
    if asked is None or former is None or former.post_id != post.id or post.head is None:
        return None
    if seen and fingerprint(asked.check, asked.rule, asked.text) != seen:
        return None
    meant = (asked.check, asked.rule, asked.text, asked.suggestion)
    return min(
        (one for one in post.head.findings if (one.check, one.rule, one.text, one.suggestion) == meant),
        key=lambda one: abs(one.start - asked.start),
        default=None,
    )


def _based(post: models.Post, based_on: int | None) -> models.Revision | None:
    """The newest revision; StaleRevision where a person edited an older one."""
    newest = post.head.number if post.head is not None else 0
    if based_on is not None and based_on != newest:
        raise StaleRevision(based_on=based_on, newest=newest)
    return post.head


def keep_revision(
    session: Session,
    post: models.Post,
    text: str,
    media: list[str],
    origin: str,
    author: int,
    provenance: dict[str, Any],
    checked: Checked,
    *,
    now: datetime,
    settled_by: Resolution = Resolution.EDITED,
) -> int:
    """Writes down an immutable revision with its claims and findings, makes it the head, and returns its id.

    An approval is left behind; flags of the former text are settled.
    """
    former = post.head
    checked = checked.along_with(illustrating.findings(session, post.brand_id, post.channel, media))
    # What a writer made was checked without regard to its post, and any waiver may have come or gone since.
    checked = checked.let_stand(standing_waivers(session, post.id), seats_of(session, post, text))
    number = (
        session.scalar(
            select(models.Revision.number)
            .where(models.Revision.post_id == post.id)
            .order_by(models.Revision.number.desc())
            .limit(1)
        )
        or 0
    )
    revision = models.Revision(
        post_id=post.id,
        number=number + 1,
        text=text,
        media=media,
        channel=post.channel,
        digest=digest(text, post.channel, media),
        origin=origin,
        author_id=author,
        provenance=provenance,
        created_at=now,
        claims=[row for claim in checked.claims for row in _claims(claim)],
        findings=_findings(checked),
    )
    session.add(revision)
    session.flush()
    move(
        session,
        post,
        PostEvent.EDIT,
        at=now,
        actor=author,
        revision=revision.number,
        origin=origin,
        blocking=len(blocking(checked.findings)),
    )
    post.head_id = revision.id
    session.flush()
    session.refresh(post, ["head"])
    flagging.settle_flags(session, post, settled_by, former=former, now=now, actor=author)
    # The text was checked before this transaction: what changed in between is flagged here.
    following.ask_again(session, post, now=now, actor=author)
    return revision.id


def keep_evidence(
    session: Session, revision: models.Revision, checked: Checked, *, anew: Container[tuple[int, int]] = ()
) -> None:
    """Writes down what a later check found of a text that stands: an approval rests on it and must follow it.

    Evidence is added and never taken away, for what was sent was sent on it; the findings are those of today,
    with the waivers that stand at this instant. Only of sentences that were judged `anew`, by where they begin and
    end in a text that nobody relies on yet, nothing stays but what was found now.
    """
    waivers = standing_waivers(session, revision.post_id)
    checked = checked.let_stand(waivers, seats_of(session, revision.post, revision.text))
    known = {(row.start, row.end, row.passage_id, row.quote) for row in revision.claims}
    for claim in checked.claims:
        if (claim.start, claim.end) in anew:
            _replace(session, revision, claim)
            continue
        found = [row for row in _claims(claim) if row.passage_id is not None]
        missing = [row for row in found if (row.start, row.end, row.passage_id, row.quote) not in known]
        if missing:
            for row in revision.claims:
                if (row.start, row.end, row.passage_id) == (claim.start, claim.end, None):
                    session.delete(row)
            for row in missing:
                row.revision_id = revision.id
            session.add_all(missing)
        elif not found:
            for row in revision.claims:
                if (row.start, row.end, row.passage_id) == (claim.start, claim.end, None):
                    row.verdict, row.method = claim.verdict, claim.method
    session.execute(delete(models.Finding).where(models.Finding.revision_id == revision.id))
    for finding in _findings(checked):
        finding.revision_id = revision.id
        session.add(finding)
    session.flush()
    session.refresh(revision, ["claims", "findings"])


def _replace(session: Session, revision: models.Revision, claim: Claim) -> None:
    """Has of a sentence nothing written down but what was found now."""
    held = {
        (row.passage_id, row.quote): row
        for row in revision.claims
        if (row.start, row.end) == (claim.start, claim.end)
    }
    for found in _claims(claim):
        row = held.pop((found.passage_id, found.quote), None)
        if row is None:
            found.revision_id = revision.id
            session.add(found)
        else:
            row.verdict, row.method = found.verdict, found.method
    for row in held.values():
        session.delete(row)


def _claims(claim: Claim) -> list[models.Claim]:
    """A row for each passage that carries the sentence; one without a passage where none does."""
    return [
        models.Claim(
            start=claim.start,
            end=claim.end,
            verdict=claim.verdict,
            passage_id=passage,
            quote=quote,
            method=claim.method,
        )
        for passage, quote in (claim.evidence or ((claim.passage, claim.quote),))
    ]


def _findings(checked: Checked) -> list[models.Finding]:
    return [
        models.Finding(
            check=finding.check,
            rule=finding.rule,
            severity=finding.severity,
            start=finding.start,
            end=finding.end,
            text=finding.text,
            reason=finding.reason.id,
            params=dict(finding.reason.params),
            suggestion=finding.suggestion,
            seat=finding.seat,
            waiver_id=finding.waiver,
        )
        for finding in checked.findings
    ]


def media_of(post: models.Post) -> list[str]:
    """The pictures that a new text takes over."""
    return list(post.head.media) if post.head is not None else []
