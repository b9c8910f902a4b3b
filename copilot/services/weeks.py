"""Compiles a week: every slot of it drafted as one job that shows where it is, can be cancelled, and survives a crash."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from copilot import models
from copilot.domain.balance import balance
from copilot.domain.brands import Language
from copilot.domain.columns import Column, Module, Value
from copilot.domain.findings import Severity
from copilot.domain.messages import Message, storable
from copilot.domain.occasions import rest
from copilot.domain.permissions import Actor, Permission
from copilot.errors import CopilotError
from copilot.models.database import Database
from copilot.ports import Advance, Clock
from copilot.services import loading
from copilot.services.company import Company
from copilot.services.drafting import Drafting
from copilot.services.jobruns import is_cancelled
from copilot.services.modelcare import ModelCare
from copilot.services.planning import Planning
from copilot.services.queries.gaps import LackRow, report

KIND = "week"
DAYS = 7


class Became(StrEnum):
    """What became of a slot. Kept: somebody had written it already. Lacking: the library had nothing for it.

    Resting: it would promote something on a day without promotion.
    """

    WAITING = "waiting"
    WRITING = "writing"
    DRAFTED = "drafted"
    KEPT = "kept"
    RESTING = "resting"
    LACKING = "lacking"
    FAILED = "failed"


@dataclass(frozen=True)
class Line:
    """One slot of the week in the job's report; `at` is ISO in the brand's zone, `reason` a message as JSON."""

    slot: int
    column: str
    name: str
    module: str
    value: str
    at: str
    state: str
    post: int | None = None
    blocking: int = 0
    writer: str = ""
    reason: dict[str, Any] | None = None


_TOLD = frozenset({Became.WAITING, Became.WRITING, Became.DRAFTED, Became.KEPT})
"""What its readers will have got when all goes well."""


class Weeks:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        planning: Planning,
        drafting: Drafting,
        care: ModelCare,
    ) -> None:
        self._db = db
        self._clock = clock
        self._planning = planning
        self._drafting = drafting
        self._care = care

    def compile(
        self,
        *,
        job: int,
        brand: int,
        actor: Actor,
        start: date,
        advance: Advance,
    ) -> dict[str, Any]:
        """Drafts each slot of the seven local days from `start` that is still to come and that nobody wrote.

        What promotes something rests on a day without promotion, unless somebody wrote it nevertheless.
        Run again after a crash it goes on: a slot has one generation of this job, and one revision of that.
        Returns the report as plain JSON.
        """
        actor.require(Permission.WRITE)
        self._planning.plan(brand=brand, start=start, days=DAYS)
        lines = self._slots(brand, start)
        todo = [line for line in lines.values() if line.state == Became.WAITING]
        gaps = self._gaps(job, brand, start)
        company = Company(self._kept(lines.values()))

        def told() -> dict[str, Any]:
            slots = [asdict(line) for line in lines.values()]
            weighed = _weighed(lines.values())
            return {"start": start.isoformat(), "gaps": gaps, "balance": weighed, "slots": slots}

        def say() -> None:
            done = sum(line.state not in (Became.WAITING, Became.WRITING) for line in lines.values())
            advance(done, len(lines), told())

        say()
        with ThreadPoolExecutor(self._hands(), thread_name_prefix=f"week-{job}") as pool:
            under_way: dict[Future[Line], int] = {}
            waiting = iter(todo)
            is_over = False
            while True:
                while not is_over and len(under_way) < self._hands():
                    line = next(waiting, None)
                    if line is None or is_cancelled(self._db, job):
                        is_over = True
                        break
                    lines[line.slot] = replace(line, state=Became.WRITING)
                    under_way[pool.submit(self._draft, line, job, brand, actor, company)] = line.slot
                if not under_way:
                    break
                say()
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    lines[under_way.pop(future)] = future.result()
        say()
        return {**told(), "cancelled": is_cancelled(self._db, job)}

    def _hands(self) -> int:
        """Threads: a few more than calls, so that one prepares and another checks while the calls are out.

        The composer computes, and tells its posts apart best one after the other.
        """
        return self._care.at_once + 2 if self._care.writes else 1

    def _slots(self, brand: int, start: date) -> dict[int, Line]:
        """The week's slots in the order of time, those that are over left out."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            zone, language = ZoneInfo(home.zone), Language(home.language)
            first = datetime(start.year, start.month, start.day, tzinfo=zone)
            active = {row.id for row in loading.active_columns(session, brand)}
            rows = session.execute(
                select(models.Slot, models.Post)
                .outerjoin(
                    models.Post,
                    (models.Post.slot_id == models.Slot.id),
                )
                .where(
                    models.Slot.brand_id == brand,
                    models.Slot.column_id.in_(active),
                    models.Slot.starts_at >= max(first, self._clock()),
                    models.Slot.starts_at < first + timedelta(days=DAYS),
                )
                .order_by(models.Slot.starts_at, models.Slot.id)
            ).all()
            lines: dict[int, Line] = {}
            for slot, post in rows:
                column = loading.column(slot.column)
                line = _line(slot, column, zone, language)
                if post is not None and post.channel != column.channel:
                    lines.setdefault(slot.id, line)
                elif post is not None and post.head_id is not None:
                    lines[slot.id] = replace(line, state=Became.KEPT, post=post.id, reason=None)
                else:
                    lines[slot.id] = replace(line, post=post.id if post is not None else None)
            return lines

    def _kept(self, lines: Iterable[Line]) -> list[str]:
        """What stands in the week already: the drafts keep apart from it, too."""
        posts = [line.post for line in lines if line.state == Became.KEPT]
        with self._db.read() as session:
            rows = session.scalars(
                select(models.Revision.text)
                .join(models.Post, models.Post.head_id == models.Revision.id)
                .join(models.Slot, models.Slot.id == models.Post.slot_id)
                .where(models.Post.id.in_(posts))
                .order_by(models.Slot.starts_at, models.Post.id)
            )
            return list(rows)

    def _draft(self, line: Line, job: int, brand: int, actor: Actor, company: Company) -> Line:
        """One slot, whatever becomes of it: a failure is a line of the report, not the end of the week."""
        try:
            post = self._planning.open_post(line.slot, brand=brand, actor=actor)
            generation = self._drafting.for_job(post, job=job, brand=brand, actor=actor)
            if generation is None:
                return replace(line, state=Became.KEPT, post=post)
            draft = self._drafting.run(generation, company=company)
        except CopilotError as exc:
            return replace(line, state=Became.FAILED, reason=storable(Message(exc.message_id, exc.params)))
        if draft is None:
            reason = self._drafting.reason(generation)
            lacks = reason is not None and reason["id"] == "external.no_passages"
            return replace(line, state=Became.LACKING if lacks else Became.FAILED, post=post, reason=reason)
        return replace(
            line,
            state=Became.DRAFTED,
            post=post,
            blocking=sum(one.severity is Severity.BLOCK for one in draft.checked.findings),
            writer=str(draft.provenance["writer"]),
            reason=storable(draft.fell_back or Message("week.wider"))
            if draft.fell_back is not None or draft.provenance.get("wider")
            else None,
        )

    def _gaps(self, job: int, brand: int, start: date) -> list[dict[str, Any]]:
        """What the library lacked for these days before any was written, and what to add.

        A run that goes on after a crash keeps what the first one saw: by now some of the slots are filled.
        """
        with self._db.read() as session:
            row = session.get(models.Job, job)
            if row is not None and row.result is not None:
                return list(row.result["gaps"])
            home = loading.one(session, models.Brand, brand)
            today = self._clock().astimezone(ZoneInfo(home.zone)).date()
            days = (start - today).days + DAYS
            found = report(session, home, self._clock(), days).lacks if days > 0 else ()
        return [_gap(one) for one in found if one.slot.date() >= start]


def _gap(lack: LackRow) -> dict[str, Any]:
    return {
        "column": lack.column,
        "name": lack.name,
        "at": lack.slot.isoformat(),
        "reason": storable(Message(f"gap.{lack.reason}")),
        "kinds": [str(kind) for kind in lack.kinds],
        "slots": lack.slots,
    }


def _line(slot: models.Slot, column: Column, zone: ZoneInfo, language: Language) -> Line:
    at = slot.starts_at.astimezone(zone)
    reason = rest(column.module, at.date(), language)
    return Line(
        slot=slot.id,
        column=column.slug,
        name=column.name,
        module=str(column.module),
        value=str(column.value),
        at=at.isoformat(),
        state=Became.WAITING if reason is None else Became.RESTING,
        reason=storable(reason) if reason is not None else None,
    )


def _weighed(lines: Iterable[Line]) -> dict[str, Any]:
    found = balance([(Module(line.module), Value(line.value)) for line in lines if line.state in _TOLD])
    return {
        "values": {str(value): count for value, count in found.values.items()},
        "modules": {str(module): count for module, count in found.modules.items()},
        "notes": [storable(note) for note in found.notes],
    }
