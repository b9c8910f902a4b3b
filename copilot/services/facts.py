"""Facts: suggested from materials, confirmed by a person, and followed through every revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import facts
from copilot.domain.facts import FactKind, FactOrigin, FactStatus, Outcome, Pinned, SuggestedFact
from copilot.domain.permissions import Actor, Permission
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, contesting, loading
from copilot.services.factchanges import close_change, note_change, open_change


@dataclass(frozen=True)
class Decided:
    """A fact as it stands once a person has answered for its change."""

    subject: str
    name: str
    value: str
    status: FactStatus


class Facts:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def confirm(self, chosen: Sequence[int], *, brand: int, actor: Actor) -> None:
        """A person stands for these facts and becomes the owner of those that have none."""
        self._decide(chosen, FactStatus.CONFIRMED, "confirmed", brand, actor)

    def dismiss(self, chosen: Sequence[int], *, brand: int, actor: Actor) -> None:
        """These are nothing to pin; the rules do not bring them up again, and their changes need no answer."""
        self._decide(chosen, FactStatus.DISMISSED, "dismissed", brand, actor)

    def correct(
        self,
        fact: int,
        *,
        brand: int,
        actor: Actor,
        kind: FactKind,
        subject: str,
        name: str,
        value: str,
        owner: int | None = None,
    ) -> None:
        """Puts right what was read, and confirms it. The value must stand in the quote: a fact has a source."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = _standing(session, fact, brand)
            problems = _problems(subject, name, value, row.quote)
            if problems:
                raise InvalidInput(problems)
            now = self._clock()
            if value.strip() != row.value:
                row.value = value.strip()
                row.amount, row.unit = facts.amount_of(row.value)
            row.kind, row.subject, row.name = kind, subject.strip(), name.strip()
            row.key = facts.key(kind, row.subject, row.name)
            row.owner_id = owner or row.owner_id or actor.id
            self._set(session, row, FactStatus.CONFIRMED, "corrected", now, actor)

    def pin(
        self,
        passage: int,
        *,
        brand: int,
        actor: Actor,
        kind: FactKind,
        subject: str,
        name: str,
        value: str,
        quote: str,
    ) -> int:
        """A fact that no rule saw. The quote must stand in the passage and the value in the quote.

        The passage must be one that the material says now: a former price is not to be confirmed again.
        """
        actor.require(Permission.CURATE)
        now = self._clock()
        with self._db.write() as session:
            source = loading.one(session, models.Passage, passage, brand=brand)
            material = loading.one(session, models.Material, source.revision.material_id)
            if source.revision_id != material.current_id:
                raise Conflict("error.former_passage", title=material.title)
            problems = _problems(subject, name, value, quote)
            if not quote.strip() or quote.strip() not in source.text:
                problems["quote"] = "invalid.quote_not_in_passage"
            if problems:
                raise InvalidInput(problems)
            amount, unit = facts.amount_of(value.strip())
            row = models.Fact(
                brand_id=brand,
                material_id=material.id,
                status=FactStatus.CONFIRMED,
                origin=FactOrigin.PERSON,
                owner_id=actor.id,
                decided_by=actor.id,
                decided_at=now,
                created_at=now,
            )
            fact = SuggestedFact(
                kind=kind,
                subject=subject.strip(),
                name=name.strip(),
                value=value.strip(),
                amount=amount,
                unit=unit,
                passage=passage,
                quote=quote.strip(),
                start=source.valid_from,
                end=source.valid_until,
            )
            _restate(row, fact)
            session.add(row)
            session.flush()
            self._audit(session, row, "pinned", now, actor)
            return row.id

    def accept(self, change: int, *, brand: int, actor: Actor) -> Decided:
        """The fact takes the value that its material has now; one that the material dropped lapses."""
        actor.require(Permission.CURATE)
        now = self._clock()
        with self._db.write() as session:
            row = self._open(session, change, brand)
            fact = row.fact
            if row.after and row.after_passage_id is not None:
                passage = loading.one(session, models.Passage, row.after_passage_id)
                fact.value, fact.amount, fact.unit = row.after, row.after_amount, row.after_unit
                fact.passage_id, fact.quote = passage.id, row.after_quote
                fact.valid_from, fact.valid_until = passage.valid_from, passage.valid_until
            else:
                fact.status = FactStatus.LAPSED
            self._settle(session, row, "accepted", now, actor)
            return _decided(fact)

    def refuse(self, change: int, *, brand: int, actor: Actor) -> Decided:
        """The fact stays as it is: the material is wrong, or says it elsewhere."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            row = self._open(session, change, brand)
            self._settle(session, row, "refused", self._clock(), actor)
            return _decided(row.fact)

    def _decide(
        self, identities: Sequence[int], status: FactStatus, event: str, brand: int, actor: Actor
    ) -> None:
        actor.require(Permission.CURATE)
        now = self._clock()
        with self._db.write() as session:
            for identity in identities:
                row = _standing(session, identity, brand)
                row.owner_id = row.owner_id or actor.id
                self._set(session, row, status, event, now, actor)
                change = open_change(session, row)
                if status is FactStatus.DISMISSED and change is not None:
                    self._settle(session, change, "dismissed", now, actor)

    def _set(
        self, session: Session, row: models.Fact, status: FactStatus, event: str, now: datetime, actor: Actor
    ) -> None:
        row.status, row.decided_by, row.decided_at = status, actor.id, now
        self._audit(session, row, event, now, actor)

    def _settle(
        self, session: Session, row: models.FactChange, state: str, now: datetime, actor: Actor
    ) -> None:
        row.state, row.decided_at, row.decided_by = state, now, actor.id
        self._audit(session, row.fact, f"change_{state}", now, actor, before=row.before, after=row.after)
        if state != "accepted":
            contesting.release(session, row, now=now, actor=actor.id)

    def _open(self, session: Session, change: int, brand: int) -> models.FactChange:
        row = loading.one(session, models.FactChange, change, brand=brand)
        if row.state != "open":
            raise Conflict("error.change_settled")
        return row

    def _audit(
        self, session: Session, row: models.Fact, event: str, now: datetime, actor: Actor, **data: object
    ) -> None:
        auditing.record(
            session,
            at=now,
            actor=actor.id,
            brand=row.brand_id,
            subject="fact",
            identity=row.id,
            event=event,
            key=row.key,
            value=row.value,
            **data,
        )


def _decided(row: models.Fact) -> Decided:
    return Decided(row.subject, row.name, row.value, FactStatus(row.status))


def _standing(session: Session, identity: int, brand: int) -> models.Fact:
    """The fact, if its material still says it: nobody decides on what is said no longer."""
    row = loading.one(session, models.Fact, identity, brand=brand)
    if row.status == FactStatus.LAPSED:
        raise Conflict("error.fact_lapsed", subject=row.subject, name=row.name)
    return row


def _problems(subject: str, name: str, value: str, quote: str) -> dict[str, str]:
    """What is wrong with a fact as somebody typed it, by field."""
    problems = {
        field: "invalid.empty" for field, typed in (("subject", subject), ("name", name)) if not typed.strip()
    }
    if not value.strip() or value.strip() not in quote:
        problems["value"] = "invalid.value_not_in_quote"
    return problems


def follow_facts(
    session: Session, material: models.Material, suggestions: Sequence[SuggestedFact], now: datetime
) -> None:
    """Matches the known facts of a material with what its new revision says; a confirmed one waits for a person."""
    known = {
        row.id: row
        for row in session.scalars(
            select(models.Fact).where(models.Fact.material_id == material.id).order_by(models.Fact.id)
        )
    }
    live = material.current.passages if material.current is not None else []
    for matched in facts.changes([pinned(row) for row in known.values()], suggestions):
        if matched.before is None:
            if matched.after is not None:
                session.add(new_fact(material, matched.after, now))
            continue
        row = known[matched.before.id]
        saying = next((passage for passage in live if _still_says(row, passage)), None)
        if matched.outcome is Outcome.GONE and saying is not None:
            # What a person or a model pinned is no rule's suggestion; its quote still stands, so it does too.
            row.passage_id = saying.id
            row.valid_from, row.valid_until = saying.valid_from, saying.valid_until
            close_change(session, row, now)
            _revive(row)
        elif matched.outcome is Outcome.UNCHANGED and matched.after is not None:
            _relink(row, matched.after)
            close_change(session, row, now)
            _revive(row)
        elif row.status == FactStatus.CONFIRMED:
            note_change(session, row, matched, now)
        elif matched.after is not None:
            _restate(row, matched.after)
            _revive(row)
        else:
            row.status = FactStatus.LAPSED


def _still_says(row: models.Fact, passage: models.Passage) -> bool:
    """Whether a passage has the quote; of a row's cell, which many rows may have, whether it is that row's."""
    if row.quote not in passage.text:
        return False
    former = row.passage
    named = [part for part in row.subject.split(" · ") if former.fields and part in former.text]
    return all(part in passage.text for part in named)


def _revive(row: models.Fact) -> None:
    """What the material says again, with whatever value, waits for a person again; it is not confirmed by itself."""
    if row.status == FactStatus.LAPSED:
        row.status = FactStatus.SUGGESTED


def pinned(row: models.Fact) -> Pinned:
    return Pinned(
        id=row.id,
        kind=facts.FactKind(row.kind),
        subject=row.subject,
        name=row.name,
        value=row.value,
        amount=row.amount,
        unit=row.unit,
        quote=row.quote,
    )


def new_fact(material: models.Material, fact: SuggestedFact, now: datetime) -> models.Fact:
    row = models.Fact(
        brand_id=material.brand_id,
        material_id=material.id,
        status=FactStatus.SUGGESTED,
        origin=fact.origin,
        created_at=now,
    )
    _restate(row, fact)
    return row


def _restate(row: models.Fact, fact: SuggestedFact) -> None:
    row.kind, row.subject, row.name = fact.kind, fact.subject, fact.name
    row.key = facts.key(fact.kind, fact.subject, fact.name)
    row.value, row.amount, row.unit = fact.value, fact.amount, fact.unit
    _relink(row, fact)


def _relink(row: models.Fact, fact: SuggestedFact) -> None:
    row.passage_id, row.quote = fact.passage, fact.quote
    row.valid_from, row.valid_until = fact.start, fact.end
