"""An administrator's settings: which model writes and whether it answers, and what a brand may spend on it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from copilot import models
from copilot.domain.endpoints import Connection
from copilot.domain.permissions import Actor, Permission
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.prompts import Prompts
from copilot.services import auditing, loading
from copilot.services.modelcare import MILLIONTHS, ModelCare, Prices, Purpose

_TRIAL_TOKENS = 80
_SAID_AT_MOST = 400
_MOST = 1_000_000_000


@dataclass(frozen=True)
class Trial:
    """What a model answered when it was tried. `first` and `seconds` are until its first word and in all."""

    model: str
    text: str
    first: float
    seconds: float
    input_tokens: int | None
    output_tokens: int | None
    cost: int | None


@dataclass(frozen=True)
class SettingsView:
    """What the page shows. Amounts are in millionths of the prices' currency."""

    writes: bool
    model: Connection
    embedding: Connection
    prices: Prices
    limit: int | None
    spent: int

    @property
    def is_spent(self) -> bool:
        return self.limit is not None and self.spent >= self.limit


class Settings:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        care: ModelCare,
        prompts: Prompts,
        model: Connection,
        embedding: Connection,
    ) -> None:
        self._db = db
        self._clock = clock
        self._care = care
        self._prompts = prompts
        self._model = model
        self._embedding = embedding

    def view(self, *, brand: int) -> SettingsView:
        with self._db.read() as session:
            limit = loading.one(session, models.Brand, brand).model_budget
        return SettingsView(
            writes=self._care.answers,
            model=self._model,
            embedding=self._embedding,
            prices=self._care.prices,
            limit=limit,
            spent=self._care.spent(brand),
        )

    def try_model(self, *, brand: int, actor: Actor | None) -> Trial:
        """One small call, on the brand's account. Raises what a draft would; Conflict where no model is configured.

        Nobody acts where whoever holds the data folder asks on its own command line.
        """
        if actor is not None:
            actor.require(Permission.ADMINISTER)
        if not self._care.answers:
            raise Conflict("error.nothing_to_try")
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
        began = time.monotonic()
        answer = self._care.ask(
            self._prompts[f"tasks/trial.{home.language}"].render(),
            home.name,
            brand=brand,
            purpose=Purpose.TRIAL,
            max_tokens=_TRIAL_TOKENS,
        )
        return Trial(
            model=self._care.name,
            text=" ".join(answer.text.split())[:_SAID_AT_MOST],
            first=round(answer.first, 2),
            seconds=round(time.monotonic() - began, 2),
            input_tokens=answer.usage.get("input_tokens"),
            output_tokens=answer.usage.get("output_tokens"),
            cost=self._care.prices.cost(answer.usage),
        )

    def set_limit(self, amount: str, *, brand: int, actor: Actor) -> None:
        """The most that the brand's calls may cost in a month, in whole units of the currency; blank for no limit."""
        actor.require(Permission.ADMINISTER)
        limit = _millionths(amount)
        with self._db.write() as session:
            row = loading.one(session, models.Brand, brand)
            if row.model_budget == limit:
                return
            auditing.record(
                session,
                at=self._clock(),
                actor=actor.id,
                brand=brand,
                subject="brand",
                identity=brand,
                event="model_budget_set",
                before=row.model_budget,
                after=limit,
            )
            row.model_budget = limit


def _millionths(amount: str) -> int | None:
    """An amount as people type it; None for a blank one. InvalidInput for what is no amount of money."""
    typed = amount.strip().replace(",", "").replace("，", "")
    if not typed:
        return None
    try:
        value = Decimal(typed)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise InvalidInput({"limit": "invalid.amount"}, value=amount.strip()[:40])
    return int((value * MILLIONTHS).to_integral_value())
