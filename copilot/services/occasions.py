"""Occasions: featured columns taken up or turned down, the community's own days, and the main line of a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.featuring import Proposal
from copilot.domain.occasions import MOST_LINE, NodeKind, line_fits, monday
from copilot.domain.permissions import Actor, Permission
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading
from copilot.services.occasionrows import column_of, known
from copilot.services.sops import Sops

MOST_NAME = 40


class Decision(StrEnum):
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class OwnDay:
    """A day of the community's own as somebody typed it; `day` is None where it was none."""

    kind: str
    name: str
    day: date | None
    yearly: bool = False
    note: str = ""


class Occasions:
    def __init__(self, *, db: Database, clock: Clock, sops: Sops) -> None:
        self._db = db
        self._clock = clock
        self._sops = sops

    # Featured columns.

    def accept(self, key: str, *, brand: int, actor: Actor) -> str:
        """Puts the proposed column into the SOP and returns its slug; accepted again, it is the same column.

        Conflict for a proposal that is no longer made.
        """
        actor.require(Permission.PLAN)
        with self._db.read() as session:
            made = column_of(session, brand, key)
            proposal = self._proposal(session, key, brand) if made is None else None
        if proposal is not None:
            note = f"{proposal.occasion} · {proposal.profile['name']}"
            try:
                made = self._sops.add(proposal.profile, brand=brand, actor=actor, note=note)
            except InvalidInput:
                # Refused for its slug where somebody was quicker by a moment: then theirs is the column.
                with self._db.read() as session:
                    made = column_of(session, brand, key)
                if made is None:
                    raise
        assert made is not None
        with self._db.write() as session:
            self._settle(session, key, made, brand, actor)
        return made

    def dismiss(self, key: str, *, brand: int, actor: Actor) -> None:
        """Not for this community: the proposal stays away, until somebody undoes it."""
        actor.require(Permission.PLAN)
        with self._db.write() as session:
            row = _decision(session, brand, key)
            if row is not None and row.state == Decision.ACCEPTED:
                raise Conflict("error.occasion_accepted")
            if row is None:
                self._proposal(session, key, brand)
                row = self._decide(session, None, key, Decision.DISMISSED, brand, actor)
                self._audit(session, "featured", row.id, "dismissed", brand, actor, key=key)

    def undo(self, key: str, *, brand: int, actor: Actor) -> None:
        """Takes a decision back: the column leaves the SOP, and the proposal is there again."""
        actor.require(Permission.PLAN)
        with self._db.read() as session:
            row = _decision(session, brand, key)
            column = column_of(session, brand, key) if row is not None else None
        if row is None:
            return
        if row.state == Decision.ACCEPTED and column is not None:
            self._sops.remove(column, brand=brand, actor=actor)
        with self._db.write() as session:
            session.execute(delete(models.FeaturedDecision).where(models.FeaturedDecision.id == row.id))
            self._audit(session, "featured", row.id, "undone", brand, actor, key=key)

    # The community's own days.

    def add_node(self, own: OwnDay, *, brand: int, actor: Actor) -> int:
        """InvalidInput names each field that does not fit; a day that is over and never comes back is one."""
        actor.require(Permission.PLAN)
        with self._db.write() as session:
            day = self._check(own, self._today(loading.one(session, models.Brand, brand)))
            row = models.Node(
                brand_id=brand,
                kind=own.kind,
                name=own.name.strip(),
                day=day,
                yearly=own.yearly,
                note=own.note.strip(),
                created_by=actor.id,
                created_at=self._clock(),
            )
            session.add(row)
            session.flush()
            self._audit(session, "node", row.id, "added", brand, actor, name=row.name, day=day.isoformat())
            return row.id

    def change_node(self, node: int, own: OwnDay, *, brand: int, actor: Actor) -> None:
        actor.require(Permission.PLAN)
        with self._db.write() as session:
            row = loading.one(session, models.Node, node, brand=brand)
            is_moved = (row.day, row.yearly) != (own.day, own.yearly)
            today = self._today(loading.one(session, models.Brand, brand)) if is_moved else None
            day = self._check(own, today)
            row.kind, row.name, row.note = own.kind, own.name.strip(), own.note.strip()
            row.day, row.yearly = day, own.yearly
            self._audit(session, "node", node, "changed", brand, actor, name=row.name, day=day.isoformat())

    def retire_node(self, node: int, *, brand: int, actor: Actor) -> None:
        """The day proposes nothing any more; `bring_back_node` undoes it."""
        self._set_retired(node, self._clock(), "retired", brand=brand, actor=actor)

    def bring_back_node(self, node: int, *, brand: int, actor: Actor) -> None:
        self._set_retired(node, None, "brought_back", brand=brand, actor=actor)

    # The main line.

    def set_line(self, week: date, line: str, *, brand: int, actor: Actor) -> None:
        """The one thing that ties together the week that holds this day; a blank one removes it."""
        actor.require(Permission.PLAN)
        line, week = " ".join(line.split()), monday(week)
        with self._db.write() as session:
            language = Language(loading.one(session, models.Brand, brand).language)
            if not line_fits(line, language):
                most = MOST_LINE[language]
                fault = "invalid.line_words" if language is Language.EN else "invalid.line_characters"
                raise InvalidInput({"line": fault}, most=most)
            row = _line(session, brand, week)
            if (row.line if row is not None else "") == line:
                return
            if row is None:
                row = models.MainLine(brand_id=brand, week=week)
                session.add(row)
            row.line, row.set_by, row.set_at = line, actor.id, self._clock()
            session.flush()
            self._audit(session, "main_line", row.id, "set", brand, actor, week=week.isoformat(), line=line)
            if not line:
                session.delete(row)

    def line(self, week: date, *, brand: int) -> str:
        """The main line of the week that holds this day; "" where it has none."""
        with self._db.read() as session:
            row = _line(session, brand, monday(week))
            return row.line if row is not None else ""

    def _proposal(self, session: Session, key: str, brand: int) -> Proposal:
        home = loading.one(session, models.Brand, brand)
        offered = known(session, home, self._today(home)).proposals()
        found = next((one for one in offered if one.key == key), None)
        if found is None:
            raise Conflict("error.occasion_gone")
        return found

    def _settle(self, session: Session, key: str, column: str, brand: int, actor: Actor) -> None:
        row = _decision(session, brand, key)
        if row is None or (row.state, row.column) != (Decision.ACCEPTED, column):
            row = self._decide(session, row, key, Decision.ACCEPTED, brand, actor)
            row.column = column
            self._audit(session, "featured", row.id, "accepted", brand, actor, key=key, column=column)

    def _decide(
        self,
        session: Session,
        row: models.FeaturedDecision | None,
        key: str,
        state: Decision,
        brand: int,
        actor: Actor,
    ) -> models.FeaturedDecision:
        if row is None:
            row = models.FeaturedDecision(brand_id=brand, key=key)
            session.add(row)
        row.state, row.column = state, ""
        row.decided_by, row.decided_at = actor.id, self._clock()
        session.flush()
        return row

    def _check(self, own: OwnDay, today: date | None) -> date:
        """The day, once every field fits; without `today` one that is over may stay."""
        wrong: dict[str, str] = {}
        if own.kind not in set(NodeKind):
            wrong["kind"] = "invalid.node_kind"
        if not own.name.strip():
            wrong["name"] = "invalid.empty"
        elif len(own.name.strip()) > MOST_NAME:
            wrong["name"] = "invalid.node_name_long"
        if own.day is None:
            wrong["day"] = "invalid.node_day"
        elif today is not None and own.day < today and not own.yearly:
            wrong["day"] = "invalid.node_over"
        if wrong or own.day is None:
            raise InvalidInput(wrong, most=MOST_NAME)
        return own.day

    def _set_retired(self, node: int, at: datetime | None, event: str, *, brand: int, actor: Actor) -> None:
        actor.require(Permission.PLAN)
        with self._db.write() as session:
            row = loading.one(session, models.Node, node, brand=brand)
            if (row.retired_at is None) != (at is None):
                row.retired_at = at
                self._audit(session, "node", node, event, brand, actor)

    def _today(self, brand: models.Brand) -> date:
        return self._clock().astimezone(ZoneInfo(brand.zone)).date()

    def _audit(
        self, session: Session, subject: str, identity: int, event: str, brand: int, actor: Actor, **data: Any
    ) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor.id,
            brand=brand,
            subject=subject,
            identity=identity,
            event=event,
            **data,
        )


def _decision(session: Session, brand: int, key: str) -> models.FeaturedDecision | None:
    return session.scalar(
        select(models.FeaturedDecision).where(
            models.FeaturedDecision.brand_id == brand, models.FeaturedDecision.key == key
        )
    )


def _line(session: Session, brand: int, week: date) -> models.MainLine | None:
    return session.scalar(
        select(models.MainLine).where(models.MainLine.brand_id == brand, models.MainLine.week == week)
    )
