"""Has a model read a material for facts that no rule saw; what it says is believed only as far as the text bears it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain import facts
from copilot.domain.brands import Language
from copilot.domain.facts import SuggestedFact
from copilot.domain.materials import Source
from copilot.errors import Conflict
from copilot.models.database import Database
from copilot.ports import Clock, Progress
from copilot.prompts import Prompts
from copilot.services import loading, values
from copilot.services.briefing import harmless
from copilot.services.facts import new_fact, pinned
from copilot.services.modelcare import ModelCare, Purpose

MAX_TOKENS = 600
"""Ten lines with their quotes; a cut last line is dropped by the parser."""


class FactReading:
    def __init__(self, *, db: Database, clock: Clock, care: ModelCare, prompts: Prompts) -> None:
        self._db = db
        self._clock = clock
        self._care = care
        self._prompts = prompts

    def read(self, material: int, *, brand: int, progress: Progress | None = None) -> int:
        """Suggests what the model found and the rules did not; returns how many facts that were.

        Rows of tables are left to the rules, unless these see nothing in them. Conflict where no model is
        configured, or when the material was revised meanwhile; what the model service raises goes through.
        """
        if not self._care.answers:
            raise Conflict("error.no_model")
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
            row = loading.one(session, models.Material, material, brand=brand)
            current = row.current_id
            passages = [values.source(passage) for passage in (row.current.passages if row.current else ())]
        read = [
            (source, facts.suggest(source, products=home.products, language=home.language))
            for source in passages
        ]
        sources = [(source, known) for source, known in read if not (source.fields and known)]
        found: list[SuggestedFact] = []
        for done, (source, known) in enumerate(sources, start=1):
            asked = question(source, language=home.language, prompts=self._prompts)
            answer = self._care.answer(
                asked.system, asked.prompt, brand=brand, purpose=Purpose.FACTS, max_tokens=asked.max_tokens
            )
            found += facts.parse(answer, source, products=home.products, known=known)
            if progress is not None:
                progress(done, len(sources))
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            if row.current_id != current:
                raise Conflict("error.material_moved", title=row.title)
            fresh = _unknown(session, material, found)
            session.add_all(new_fact(row, fact, self._clock()) for fact in fresh)
        return len(fresh)


def _unknown(session: Session, material: int, found: Iterable[SuggestedFact]) -> list[SuggestedFact]:
    """What stands nowhere among the material's facts yet, dismissed ones included."""
    rows = session.scalars(select(models.Fact).where(models.Fact.material_id == material))
    matches = facts.changes([pinned(row) for row in rows], list(found))
    return [match.after for match in matches if match.before is None and match.after is not None]


@dataclass(frozen=True)
class Question:
    """What an Answerer is asked about one passage."""

    system: str
    prompt: str
    max_tokens: int = MAX_TOKENS


def question(source: Source, *, language: Language, prompts: Prompts) -> Question:
    """The passage goes in as data: whatever in it looks like a fence is defused, as in a draft's prompt."""
    colon = "：" if language is Language.ZH else ": "
    cells = [f"{header}{colon}{cell}" for header, cell in source.fields.items() if cell.strip()]
    title = " ".join(harmless(source.context or source.title).split())
    return Question(
        prompts[f"tasks/facts.{language}"].render(),
        prompts[f"tasks/passage.{language}"].render(
            title=title,
            passage=harmless("\n".join(cells) or source.text),
        ),
    )
