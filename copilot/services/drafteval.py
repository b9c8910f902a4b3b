"""Drafts a set of briefs and scores what comes: the measure of a prompt, a model, or the composer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.checks.measures import length
from copilot.domain.columns import Every, occurrences
from copilot.domain.drafts import Brief
from copilot.domain.findings import Check, Verdict, blocking
from copilot.domain.likeness import jaccard, pieces
from copilot.domain.permissions import Actor, Permission
from copilot.errors import CopilotError, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock, Progress
from copilot.prompts import Prompts
from copilot.services import loading
from copilot.services.company import Company
from copilot.services.modelcare import ModelCare, Purpose
from copilot.services.supplying import Task
from copilot.services.writing import Draft, Writing

_LONG_ENOUGH = {Language.ZH: 60, Language.EN: 30}  # Characters, words.
_FACTS = 2
_HORIZON = 28


@dataclass(frozen=True)
class Wish:
    """A brief of a set that somebody wrote: a column, how many days after tomorrow, and what it should be about."""

    column: str
    day: int = 0
    instruction: str = ""


def wishes(lines: str) -> list[Wish]:
    """Reads a set of briefs, one JSON object a line; InvalidInput names the line that is none."""
    found = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            wish = Wish(**json.loads(line))
        except (TypeError, ValueError):
            wish = None
        if wish is None or not (
            isinstance(wish.column, str) and type(wish.day) is int and isinstance(wish.instruction, str)
        ):
            raise InvalidInput({"target": "invalid.brief_line"}, line=number)
        found.append(wish)
    return found


@dataclass(frozen=True)
class Scored:
    """One brief and what became of it. `passes` is the whole promise: the wanted writer wrote it, long enough, on
    facts of the library, and nothing in it blocks."""

    column: str
    name: str
    at: str
    text: str
    by_model: bool
    passes: bool
    supported: int
    unsupported: int
    blocking: tuple[str, ...]
    limits: int
    tone: float | None
    likeness: float
    repairs: int
    struck: int
    seconds: float
    tokens: int
    error: str


@dataclass(frozen=True)
class Score:
    writer: str
    drafts: tuple[Scored, ...]

    def summary(self) -> dict[str, Any]:
        """Shares are of all briefs, those that failed included."""
        rows = self.drafts
        tones = [row.tone for row in rows if row.tone is not None]

        def share(found: Sequence[Scored]) -> float:
            return round(len(found) / max(1, len(rows)), 4)

        return {
            "drafts": len(rows),
            "passed": share([row for row in rows if row.passes]),
            "supported": share([row for row in rows if row.text and not row.unsupported]),
            "unblocked": share([row for row in rows if row.text and not row.blocking]),
            "fell_back": sum(bool(row.text and row.error) for row in rows),
            "failed": sum(not row.text for row in rows),
            "limits": sum(row.limits for row in rows),
            "tone": round(fmean(tones), 4) if tones else None,
            "likeness": round(max((row.likeness for row in rows), default=0.0), 4),
            "repairs": sum(row.repairs for row in rows),
            "struck": sum(row.struck for row in rows),
            "seconds": round(sum(row.seconds for row in rows), 3),
            "tokens": sum(row.tokens for row in rows),
        }


class DraftEval:
    def __init__(
        self, *, db: Database, clock: Clock, writing: Writing, care: ModelCare, prompts: Prompts
    ) -> None:
        self._db = db
        self._clock = clock
        self._writing = writing
        self._care = care
        self._prompts = prompts

    def briefs(self, *, brand: int, count: int, wanted: Sequence[Wish] = ()) -> list[Brief]:
        """The next `count` slots of the brand's columns, from tomorrow on, or those that are wanted.

        They know of no other post. InvalidInput for a column that the brand has not.
        """
        with self._db.read() as session:
            home, voice = loading.brand_and_voice(session, brand)
            columns = [loading.column(row) for row in loading.active_columns(session, brand)]
        zone = ZoneInfo(home.zone)
        tomorrow = self._clock().astimezone(zone).date() + timedelta(days=1)
        slots = [
            (at.astimezone(zone), column, "")
            for column in columns
            if column.cadence.every is not Every.JOIN
            for at in occurrences(column, tomorrow, _HORIZON, home.zone)
        ]
        slots.sort(key=lambda slot: (slot[0], slot[1].slug))
        if wanted:
            known = {column.slug: column for column in columns}
            if missing := [wish.column for wish in wanted if wish.column not in known]:
                raise InvalidInput({"target": "invalid.unknown_column"}, value=", ".join(missing))
            slots = [
                (
                    datetime.combine(
                        tomorrow + timedelta(days=wish.day), known[wish.column].time, tzinfo=zone
                    ),
                    known[wish.column],
                    wish.instruction,
                )
                for wish in wanted
            ]
        return [
            Brief(
                brand=home,
                voice=voice,
                column=column,
                channel=column.channel,
                starts_at=at,
                sources=(),
                seed=number + 1,
                instruction=instruction,
            )
            for number, (at, column, instruction) in enumerate(slots[:count])
        ]

    def run(
        self, briefs: Sequence[Brief], *, offline: bool = False, progress: Progress | None = None
    ) -> Score:
        """Drafts every brief, in order, as a week would be; nothing is kept but the usage."""
        company = Company()
        written: list[str] = []
        rows: list[tuple[Brief, Draft | None, str]] = []
        wants_model = self._care.writes and not offline

        def one(brief: Brief) -> tuple[Brief, Draft | None, str]:
            known = replace(brief, recent=tuple(reversed(written)))
            task = Task(known, Purpose.EVALUATION, company=company, offline=offline)
            try:
                draft = self._writing.write(task)
            except CopilotError as exc:
                return brief, None, exc.message_id
            written.append(draft.text)
            return brief, draft, draft.fell_back.id if draft.fell_back is not None else ""

        with ThreadPoolExecutor(self._care.at_once if wants_model else 1) as pool:
            for row in pool.map(one, briefs):
                rows.append(row)
                if progress is not None:
                    progress(len(rows), len(briefs))
        grams = [pieces(draft.text) if draft is not None else frozenset() for _, draft, _ in rows]
        scored = tuple(
            _scored(brief, draft, error, wants_model, max(_likenesses(grams, at), default=0.0))
            for at, (brief, draft, error) in enumerate(rows)
        )
        return Score(self._care.name if wants_model else "composer", scored)

    def keep(self, score: Score, *, brand: int, actor: Actor | None, name: str) -> int:
        """Writes an evaluation down, to be compared with others of the brand."""
        if actor is not None:
            actor.require(Permission.CURATE)
        with self._db.write() as session:
            home = loading.one(session, models.Brand, brand)
            row = models.Evaluation(
                brand_id=brand,
                name=name.strip() or score.writer,
                writer=score.writer,
                prompts={
                    prompt.name: {"version": prompt.version, "hash": prompt.hash}
                    for prompt in self._prompts
                    if prompt.name.endswith(f".{home.language}")
                },
                summary=score.summary(),
                drafts=[row_json(row) for row in score.drafts],
                created_by=actor.id if actor is not None else None,
                created_at=self._clock(),
            )
            session.add(row)
            session.flush()
            return row.id


def score_json(score: Score) -> dict[str, Any]:
    """A run as commands print it."""
    return {"writer": score.writer, **score.summary(), "drafts": [row_json(row) for row in score.drafts]}


def row_json(row: Scored) -> dict[str, Any]:
    return {**row.__dict__, "blocking": list(row.blocking)}


def _likenesses(grams: Sequence[frozenset[str]], at: int) -> list[float]:
    return [jaccard(grams[at], other) for place, other in enumerate(grams) if place != at and other]


def _scored(brief: Brief, draft: Draft | None, error: str, wants_model: bool, likeness: float) -> Scored:
    language = brief.brand.language
    if draft is None:
        return Scored(
            column=brief.column.slug, name=brief.column.name, at=brief.starts_at.isoformat(), text="", by_model=False, passes=False,
            supported=0, unsupported=0, blocking=(), limits=0, tone=None, likeness=0.0, repairs=0, struck=0,
            seconds=0.0, tokens=0, error=error,
        )  # fmt: skip
    checked = draft.checked
    found = blocking(checked.findings)
    supported = sum(claim.verdict is Verdict.SUPPORTED for claim in checked.claims)
    by_model = draft.origin == "model"
    scores = [score.passes for score in checked.tone if score.passes is not None]
    return Scored(
        column=brief.column.slug,
        name=brief.column.name,
        at=brief.starts_at.isoformat(),
        text=draft.text,
        by_model=by_model,
        passes=by_model is wants_model
        and not found
        and supported >= _FACTS
        and length(draft.text, language) >= _LONG_ENOUGH[language],
        supported=supported,
        unsupported=sum(claim.verdict is Verdict.UNSUPPORTED for claim in checked.claims),
        blocking=tuple(f"{one.check}.{one.rule}: {one.text}" for one in found),
        limits=sum(finding.check is Check.LIMITS for finding in checked.findings),
        tone=fmean(scores) if scores else None,
        likeness=round(likeness, 4),
        repairs=draft.provenance["repairs"],
        struck=len(draft.provenance["struck"]),
        seconds=draft.provenance["seconds"],
        tokens=sum(draft.provenance["usage"].get(kind, 0) for kind in ("input_tokens", "output_tokens")),
        error=error,
    )
