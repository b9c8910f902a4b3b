"""The model as the house asks it: within a brand's budget and a limit of calls at a time, each call written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from copilot import models
from copilot.domain.drafts import Answer, Assignment, Finished, WriterEvent
from copilot.errors import Conflict, CopilotError, ExternalError, Permanent
from copilot.models.database import Database
from copilot.ports import Answerer, Clock, Heard, Writer
from copilot.services import loading

MILLIONTHS = 1_000_000
"""Costs are kept in these parts of the prices' currency."""

PATIENCE = 60.0
"""Seconds that work in the background waits for a service that asks for a pause; nobody sits before it."""


class Purpose(StrEnum):
    """What a model was asked for."""

    DRAFT = "draft"
    REPAIR = "repair"
    VARIANT = "variant"
    SENTENCE = "sentence"
    TRANSLATION = "translation"
    REPLY = "reply"
    FACTS = "facts"
    VOICE = "voice"
    CLAIMS = "claims"
    SCRIPT = "script"
    EVALUATION = "evaluation"
    TRIAL = "trial"


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, in whole units of `currency`; None where nobody said."""

    input: float | None = None
    output: float | None = None
    currency: str = ""

    @property
    def are_known(self) -> bool:
        return self.input is not None and self.output is not None

    def cost(self, usage: Mapping[str, Any]) -> int | None:
        """Millionths of the currency for a call; None where a price or the tokens are not known."""
        if self.input is None or self.output is None or "input_tokens" not in usage:
            return None
        read, written = int(usage["input_tokens"]), int(usage.get("output_tokens", 0))
        return round(read * self.input + written * self.output)


class ModelCare:
    """`at_once` is the most calls that work in the background may have under way together.

    A person who waits is never queued behind them.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        writer: Writer,
        answerer: Answerer | None,
        prices: Prices,
        at_once: int,
    ) -> None:
        self._db = db
        self._clock = clock
        self._writer = writer
        self._answerer = answerer
        self.prices = prices
        self.at_once = at_once
        self._turns = threading.BoundedSemaphore(at_once)

    @property
    def writes(self) -> bool:
        """Whether a model writes; without one the composer does, and nobody needs to ask here."""
        return self._writer.is_model

    @property
    def answers(self) -> bool:
        return self._answerer is not None

    @property
    def name(self) -> str:
        return self._writer.name

    def write(
        self, assignment: Assignment, *, purpose: Purpose, background: bool = False
    ) -> Iterator[WriterEvent]:
        """As a Writer writes; Permanent `over_budget` once the brand's month is spent."""
        brand = assignment.brief.brand.id
        self._require_budget(brand)
        if background:
            assignment = replace(assignment, patience=PATIENCE)
        with (
            self._turns if background else nullcontext(),
            _Call(self, brand, purpose) as call,
            closing(self._writer.write(assignment)) as events,  # type: ignore[type-var]
        ):
            for event in events:
                if isinstance(event, Finished):
                    call.usage, call.outcome = event.usage, "done"
                yield event

    def answer(
        self,
        system: str,
        prompt: str,
        *,
        brand: int,
        purpose: Purpose,
        max_tokens: int,
        heard: Heard | None = None,
    ) -> str:
        """The words of the whole answer to one question, as `ask` gets it."""
        return self.ask(system, prompt, brand=brand, purpose=purpose, max_tokens=max_tokens, heard=heard).text

    def ask(
        self,
        system: str,
        prompt: str,
        *,
        brand: int,
        purpose: Purpose,
        max_tokens: int,
        heard: Heard | None = None,
    ) -> Answer:
        """The whole answer and what it took; Conflict where no model is configured. Raises as `write` does.

        `heard` may raise Stopped: the call is ended then, and written down as one that somebody stopped.
        """
        if self._answerer is None:
            raise Conflict("error.no_model")
        self._require_budget(brand)
        with _Call(self, brand, purpose) as call:
            answer = self._answerer.answer(system, prompt, max_tokens=max_tokens, heard=heard)
            call.usage, call.outcome = answer.usage, "done"
        return answer

    def spent(self, brand: int) -> int:
        """What the brand's calls of this calendar month have cost, in millionths; its month begins in its own zone."""
        with self._db.read() as session:
            row = loading.one(session, models.Brand, brand)
            since = month_of(self._clock(), row.zone)
            return (
                session.scalar(
                    select(func.coalesce(func.sum(models.Usage.cost), 0)).where(
                        models.Usage.brand_id == brand, models.Usage.at >= since
                    )
                )
                or 0
            )

    def _require_budget(self, brand: int) -> None:
        with self._db.read() as session:
            limit = loading.one(session, models.Brand, brand).model_budget
        if limit is not None and self.spent(brand) >= limit:
            raise Permanent(self.name, "over_budget")

    def note(
        self, brand: int, purpose: Purpose, usage: Mapping[str, Any], seconds: float, outcome: str
    ) -> None:
        """Writes one call down."""
        with self._db.write() as session:
            session.add(
                models.Usage(
                    brand_id=brand,
                    at=self._clock(),
                    model=self.name,
                    purpose=purpose,
                    input_tokens=usage.get("input_tokens"),
                    output_tokens=usage.get("output_tokens"),
                    cost=self.prices.cost(usage),
                    seconds=round(seconds, 3),
                    outcome=outcome,
                )
            )


class Stopped(Exception):
    """Somebody wants no more of an answer; no fault of anybody's."""


class _Call:
    """One call under way; however it ends, it is written down."""

    def __init__(self, care: ModelCare, brand: int, purpose: Purpose) -> None:
        self._care = care
        self._brand = brand
        self._purpose = purpose
        self.usage: Mapping[str, Any] = {}
        self.outcome = "stopped"

    def __enter__(self) -> _Call:
        self._began = time.monotonic()
        return self

    def __exit__(self, _kind: object, exc: BaseException | None, _trace: object) -> None:
        if isinstance(exc, ExternalError):
            self.outcome = exc.reason
        elif isinstance(exc, CopilotError):
            self.outcome = exc.message_id
        elif isinstance(exc, Exception) and not isinstance(exc, Stopped):
            self.outcome = "error.unexpected"
        seconds = time.monotonic() - self._began
        self._care.note(self._brand, self._purpose, self.usage, seconds, self.outcome)


def month_of(now: datetime, zone: str) -> datetime:
    """The first moment of the calendar month, as it is counted in this zone."""
    here = now.astimezone(ZoneInfo(zone))
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
