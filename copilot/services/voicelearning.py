"""What edits suggest for the voice: gathered from approved posts, kept with its evidence, decided by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from copilot import models
from copilot.domain import voicelearning
from copilot.domain.brands import Voice
from copilot.domain.permissions import Actor, Permission
from copilot.domain.voicelearning import MOST_EXAMPLES_OPEN, Candidate, CandidateKind, Edit
from copilot.domain.voiceprofile import says, with_part
from copilot.errors import Conflict
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading, values
from copilot.services.voices import APPROVED_STATES, keep_version, newest_row

OPEN, ACCEPTED, DISMISSED = "open", "accepted", "dismissed"
_MOST_POSTS = 200


class VoiceLearning:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._looked: dict[int, int] = {}

    def look(self, *, brand: int, actor: Actor) -> int:
        """Looks through the approved posts again; returns how many suggestions are new."""
        actor.require(Permission.CURATE)
        return self._look(brand)

    def look_where_new(self) -> int:
        """The worker's chore: looks in each brand whose approvals have grown since this process last looked.

        Another process may do the same: what is known by its key is not put down twice.
        """
        with self._db.read() as session:
            newest = session.execute(
                select(models.Post.brand_id, func.max(models.Approval.id))
                .join(models.Approval, models.Approval.post_id == models.Post.id)
                .group_by(models.Post.brand_id)
            ).all()
        found = 0
        for brand, approval in newest:
            if self._looked.get(brand) != approval:
                found += self._look(brand)
                self._looked[brand] = approval
        return found

    def accept(self, candidate: int, *, brand: int, actor: Actor, note: str) -> int:
        """Puts it into the voice as a new version, which is returned; no version where the voice says so by now."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = _undecided(session, candidate, brand)
            voice = values.voice(newest_row(session, brand).profile)
            version = keep_version(
                session,
                with_part(voice, row.payload["part"], row.payload["value"]),
                brand=brand,
                actor=actor,
                note=note,
                now=self._clock(),
                candidate=row.id,
            )
            self._settle(session, row, ACCEPTED, actor)
            return version

    def dismiss(self, candidate: int, *, brand: int, actor: Actor) -> None:
        """Never proposed again, however many edits show it, until somebody takes it back."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            self._settle(session, _undecided(session, candidate, brand), DISMISSED, actor)

    def reopen(self, candidate: int, *, brand: int, actor: Actor) -> None:
        """Undoes a dismissal."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = loading.one(session, models.VoiceCandidate, candidate, brand=brand)
            if row.state != DISMISSED:
                raise Conflict("error.candidate_decided")
            self._settle(session, row, OPEN, actor)

    def _look(self, brand: int) -> int:
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            voice = values.voice(newest_row(session, brand).profile)
            edits = _edits(session, brand)
            names = _names(session, brand, (*home.products, home.name, voice.persona))
        found = voicelearning.candidates(edits, voice, home.language, names=names)
        texts = voicelearning.examples(edits, voice, home.language, most=len(edits))
        with self._db.write() as session:
            return self._keep(session, brand, voice, found, texts)

    def _keep(
        self,
        session: Session,
        brand: int,
        voice: Voice,
        found: Sequence[Candidate],
        texts: Sequence[Candidate],
    ) -> int:
        """Adds what is new, freshens what is open, and takes away what the voice says meanwhile."""
        rows = session.scalars(select(models.VoiceCandidate).where(models.VoiceCandidate.brand_id == brand))
        known = {(row.kind, row.key): row for row in rows}
        for row in known.values():
            if row.state == OPEN and says(voice, row.payload["part"], row.payload["value"]):
                row.state, row.decided_at = ACCEPTED, self._clock()
        shown = sum(row.kind == CandidateKind.EXAMPLE and row.state == OPEN for row in known.values())
        unknown = [one for one in texts if (one.kind, one.key) not in known]
        fresh = 0
        for one in (*found, *unknown[: max(0, MOST_EXAMPLES_OPEN - shown)]):
            held = known.get((one.kind, one.key))
            if held is not None:
                held.evidence = _evidence(one) if held.state == OPEN else held.evidence
                continue
            fresh += 1
            session.add(
                models.VoiceCandidate(
                    brand_id=brand,
                    kind=one.kind,
                    key=one.key,
                    payload={"part": one.part, "value": one.value},
                    evidence=_evidence(one),
                    state=OPEN,
                    created_at=self._clock(),
                )
            )
        return fresh

    def _settle(self, session: Session, row: models.VoiceCandidate, state: str, actor: Actor) -> None:
        row.state = state
        row.decided_by, row.decided_at = (None, None) if state == OPEN else (actor.id, self._clock())
        auditing.record(
            session,
            at=self._clock(),
            actor=actor.id,
            brand=row.brand_id,
            subject="voice_candidate",
            identity=row.id,
            event="reopened" if state == OPEN else state,
            kind=row.kind,
            key=row.key,
        )


def _undecided(session: Session, candidate: int, brand: int) -> models.VoiceCandidate:
    row = loading.one(session, models.VoiceCandidate, candidate, brand=brand)
    if row.state != OPEN:
        raise Conflict("error.candidate_decided")
    return row


def _evidence(one: Candidate) -> list[dict[str, Any]]:
    return [asdict(seen) for seen in one.evidence]


def _edits(session: Session, brand: int) -> list[Edit]:
    """The newest approved posts, each from the last draft that a machine made of it to the approved text."""
    posts = session.scalars(
        select(models.Post)
        .where(models.Post.brand_id == brand, models.Post.state.in_(APPROVED_STATES))
        .options(selectinload(models.Post.revisions))
        .order_by(models.Post.id.desc())
        .limit(_MOST_POSTS)
    ).all()
    found = []
    for post in sorted(posts, key=lambda one: one.id):
        if post.revisions:
            made = [row.text for row in post.revisions if row.origin != "person"]
            found.append(Edit(post.id, made[-1] if made else "", post.revisions[-1].text))
    return found


def _names(session: Session, brand: int, own: Sequence[str]) -> list[str]:
    """Products and people: the brand's own, those who work on it, and members whose stories it tells."""
    people = session.scalars(
        select(models.User.name)
        .join(models.Membership, models.Membership.user_id == models.User.id)
        .where(models.Membership.brand_id == brand)
    )
    told = session.scalars(
        select(models.Material.attribution).where(
            models.Material.brand_id == brand, models.Material.attribution != ""
        )
    )
    return list(dict.fromkeys(name for name in (*own, *people, *told) if name))
