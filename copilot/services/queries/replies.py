"""Members' questions as rows: the answer with its sources, what nothing answers yet, and what was asked lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.annotating import Stretch, annotate
from copilot.domain.copylibrary import Standing
from copilot.domain.findings import Severity, Verdict
from copilot.domain.materials import Kind, Window
from copilot.domain.messages import Message, stored_message
from copilot.domain.replies import QuestionState, suits
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading, values
from copilot.services.queries.copylibrary import CopyLibraryQueries, EntryRow
from copilot.services.queries.marks import ClaimRow, FindingRow
from copilot.services.queries.rows import BrandRow, brand_row, local
from copilot.services.queries.sources import SourceRow, sources_of

RECENT = 8
_LOOKED_THROUGH = 12
_ENTRIES = 2


@dataclass(frozen=True)
class QuestionRow:
    """A question; times in the brand's zone. `by` settled it, or else asked it last."""

    id: int
    text: str
    state: QuestionState
    asked: int
    by: str
    at: datetime
    is_answered: bool


@dataclass(frozen=True)
class QuestionView:
    """A question with its answer. `fell_back` is why the model's words were not taken; `entries` are approved
    replies of the copy library that fit, `nearest` what came near where nothing answers."""

    row: QuestionRow
    brand: BrandRow
    text: str
    stretches: tuple[Stretch[ClaimRow, FindingRow], ...]
    claims: tuple[ClaimRow, ...]
    findings: tuple[FindingRow, ...]
    sources: tuple[SourceRow, ...]
    nearest: tuple[SourceRow, ...]
    untimely: SourceRow | None
    begins: datetime | None
    entries: tuple[EntryRow, ...]
    writer: str
    is_model: bool
    is_script: bool
    fell_back: Message | None

    @property
    def blocking(self) -> int:
        return sum(finding.severity is Severity.BLOCK for finding in self.findings)


@dataclass(frozen=True)
class OpenQuestions:
    """What nothing answers, the most asked first; `count` is of all of them."""

    rows: tuple[QuestionRow, ...]
    count: int


class ReplyQueries:
    def __init__(self, *, db: Database, clock: Clock, copyshelf: CopyLibraryQueries) -> None:
        self._db = db
        self._clock = clock
        self._copyshelf = copyshelf

    def view(self, question: int, *, brand: int) -> QuestionView:
        with self._db.read() as session:
            row = loading.one(session, models.Question, question, brand=brand)
            home = loading.one(session, models.Brand, brand)
            view = _view(session, row, home, self._clock())
            own = values.brand(home)
        found = self._copyshelf.shelf(
            brand=brand, query=row.text, show=Standing.READY, most=_LOOKED_THROUGH
        ).rows
        fitting = [one for one in found if suits(row.text, f"{one.title}\n{one.text}", own)]
        return replace(view, entries=tuple(fitting[:_ENTRIES]))

    def provenance(self, question: int, *, brand: int) -> Mapping[str, Any]:
        """What an answer was written from and by whom, as it was kept."""
        with self._db.read() as session:
            row = loading.one(session, models.Question, question, brand=brand)
            return dict(row.answer.get("provenance", {}))

    def open(self, *, brand: int, most: int = 50) -> OpenQuestions:
        with self._db.read() as session:
            return open_questions(session, loading.one(session, models.Brand, brand), most)

    def recent(self, *, brand: int, most: int = RECENT) -> tuple[QuestionRow, ...]:
        """The questions asked last that are settled one way or the other."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            rows = session.execute(
                _rows(home)
                .where(models.Question.state != QuestionState.OPEN)
                .order_by(
                    func.coalesce(models.Question.settled_at, models.Question.created_at).desc(),
                    models.Question.id.desc(),
                )
                .limit(most)
            )
            return tuple(_row(row.Question, row.name, home.zone) for row in rows)


def open_questions(session: Session, brand: models.Brand, most: int = 50) -> OpenQuestions:
    """As `ReplyQueries.open`, for whoever has a session open already."""
    is_open = (models.Question.brand_id == brand.id, models.Question.state == QuestionState.OPEN)
    rows = session.execute(
        _rows(brand)
        .where(*is_open)
        .order_by(models.Question.asked.desc(), models.Question.id.desc())
        .limit(most)
    )
    count = session.scalar(select(func.count()).select_from(models.Question).where(*is_open))
    return OpenQuestions(tuple(_row(row.Question, row.name, brand.zone) for row in rows), count or 0)


def _rows(brand: models.Brand) -> Any:
    by = func.coalesce(models.Question.settled_by, models.Question.asked_by)
    return (
        select(models.Question, models.User.name)
        .join(models.User, models.User.id == by)
        .where(models.Question.brand_id == brand.id)
    )


def _row(row: models.Question, by: str, zone: str) -> QuestionRow:
    return QuestionRow(
        id=row.id,
        text=row.text,
        state=QuestionState(row.state),
        asked=row.asked,
        by=by,
        at=local(row.settled_at or row.created_at, zone),
        is_answered=bool(row.answer.get("text")),
    )


def _view(session: Session, row: models.Question, home: models.Brand, now: datetime) -> QuestionView:
    kept = row.answer
    claims, findings = _claims(kept), _findings(kept)
    provenance: Mapping[str, Any] = kept.get("provenance", {})
    cited: dict[int, list[str]] = {}
    for claim in claims:
        for passage, quote in claim.quotes:
            cited.setdefault(passage, []).append(quote)
    sources = _sources(session, home, cited, provenance.get("passages", ()), now)
    untimely = kept.get("untimely")
    late = _sources(session, home, {}, [untimely] if untimely else [], now)
    begins = session.get(models.Passage, untimely) if untimely else None
    text = kept.get("text", "")
    is_answered = bool(text)
    by = session.get(models.User, row.settled_by or row.asked_by)
    return QuestionView(
        row=_row(row, by.name if by is not None else "", home.zone),
        brand=brand_row(home),
        text=text,
        stretches=annotate(text, claims, findings),
        claims=claims,
        findings=findings,
        sources=sources if is_answered else (),
        nearest=() if is_answered else _sources(session, home, {}, kept.get("nearest", ()), now),
        untimely=late[0] if late else None,
        begins=_begins(begins, home.zone, now),
        entries=(),
        writer=provenance.get("writer", ""),
        is_model=provenance.get("is_model", False),
        is_script=any(source.kind == Kind.COMPLAINT for source in sources),
        fell_back=stored_message(kept.get("fell_back")),
    )


def _begins(row: models.Passage | None, zone: str, now: datetime) -> datetime | None:
    """When what is not valid yet begins to hold; None for what is over."""
    if row is None or row.valid_from is None or Window(row.valid_from, None).covers(now):
        return None
    return local(row.valid_from, zone)


def _sources(
    session: Session,
    home: models.Brand,
    cited: Mapping[int, Sequence[str]],
    given: Sequence[int],
    now: datetime,
) -> tuple[SourceRow, ...]:
    head = models.Revision(provenance={"passages": list(given)})
    return sources_of(session, head, cited, at=now, zone=home.zone)


def _claims(kept: Mapping[str, Any]) -> tuple[ClaimRow, ...]:
    return tuple(
        ClaimRow(
            id=number,
            start=claim["start"],
            end=claim["end"],
            text=claim["sentence"],
            verdict=Verdict(claim["verdict"]),
            quotes=tuple((passage, quote) for passage, quote in claim["evidence"]),
            method=claim.get("method", ""),
        )
        for number, claim in enumerate(kept.get("claims", ()), start=1)
    )


def _findings(kept: Mapping[str, Any]) -> tuple[FindingRow, ...]:
    return tuple(
        FindingRow(
            id=number,
            check=finding["check"],
            rule=finding["rule"],
            severity=Severity(finding["severity"]),
            start=finding["start"],
            end=finding["end"],
            text=finding["text"],
            reason=Message(**finding["reason"]),
            suggestion=finding["suggestion"],
        )
        for number, finding in enumerate(kept.get("findings", ()), start=1)
    )
