"""What a draft is written from: the passages its readers have not met lately, and the points it is to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from copilot import models
from copilot.domain.columns import Every, Form, Value
from copilot.domain.drafts import Brief, Outline, Stated
from copilot.domain.materials import CITABLE, Family, Kind, Source
from copilot.errors import Permanent
from copilot.models.database import Database
from copilot.ports import Composer
from copilot.services import loading
from copilot.services.company import Company
from copilot.services.modelcare import Purpose
from copilot.services.retrieval import Retrieval
from copilot.services.tellings import readers, resting

FOR_MODEL, FOR_COMPOSER = 5, 24  # A model reads a few passages well; the composer chooses among many.
FOR_ARTICLE = 48  # With fewer an article mixes things that do not belong together.
_NOTES = 2
# What any column of talk can be written from when its own kinds have nothing.
_ANYWHERE = tuple(
    kind
    for kind in CITABLE
    if kind.family in (Family.PUBLICITY, Family.UGC)
    or kind in (Kind.SELLING_POINT, Kind.HIGHLIGHT, Kind.USER_GUIDE, Kind.MAINTENANCE)
)


@dataclass(frozen=True)
class Task:
    """What is to be written, and for whom. `post` is the one whose own telling does not count.

    In `company` it is work in the background: it waits its turn, and keeps apart from the others.

    `falls_back` has the composer write where the model fails, `offline` has it write in any case.
    """

    brief: Brief
    purpose: Purpose = Purpose.DRAFT
    post: int | None = None
    turn: int = 0
    company: Company | None = None
    falls_back: bool = True
    offline: bool = False


@dataclass(frozen=True)
class Supplies:
    """All that the library has for a task, the best first. `resting` are passages that its readers met lately.

    `is_wider` says that the column's own kinds had nothing, and that these are of others.
    """

    task: Task
    found: tuple[Source, ...]
    resting: frozenset[int]
    is_wider: bool


class Supplying:
    def __init__(self, *, db: Database, retrieval: Retrieval, composer: Composer) -> None:
        self._db = db
        self._retrieval = retrieval
        self._composer = composer

    def find(self, task: Task) -> Supplies:
        """Passages for the column's purpose that are valid at the slot; Permanent `no_passages` where there is none.

        Competitor notes are not among them. A translation has its sources already, and so has a sentence. Work
        in company goes on to other kinds where the column's own have nothing, unless it is to promote something.
        """
        brief = task.brief
        if brief.sources:
            return Supplies(task, brief.sources, frozenset(), is_wider=False)
        own = self._search(brief, [kind for kind in brief.column.kinds if kind in CITABLE])
        is_wider = not own and task.company is not None and brief.column.value is not Value.WELFARE
        found = self._search(brief, _ANYWHERE) if is_wider else own
        if not found:
            raise Permanent("library", "no_passages", column=brief.column.name)
        return Supplies(task, found, self._resting(task, found), is_wider)

    def brief(self, supplies: Supplies) -> Brief:
        """The brief with the passages that its readers have not met lately; with all, where these leave no choice.

        What was asked for in words is what fits them best, however often it was told.
        """
        brief = supplies.task.brief
        if brief.original is not None:
            return replace(brief, sources=supplies.found)
        fresh = tuple(source for source in supplies.found if source.passage not in supplies.resting)
        is_asked = bool(brief.instruction)
        brief = replace(brief, sources=fresh if fresh and not is_asked else supplies.found)
        return replace(brief, background=self._background(brief))

    def pointed_brief(self, supplies: Supplies) -> Brief:
        """The brief with its points, and only the passages that carry them."""
        brief = self.brief(supplies)
        if brief.original is not None:
            return replace(brief, points=brief.original.stated)

        def choose(told: tuple[str, ...]) -> Outline:
            return self._composer.outline(replace(brief, recent=(*told, *brief.recent)))

        company = supplies.task.company
        outline = company.take(choose) if company is not None else choose(())
        return replace(_narrowed(brief, outline.points), question=outline.question)

    def _search(self, brief: Brief, kinds: Sequence[Kind]) -> tuple[Source, ...]:
        if not kinds:
            return ()
        most = FOR_ARTICLE if brief.column.form is Form.ARTICLE else FOR_COMPOSER
        hits = self._retrieval.search(
            _subject(brief), brand=brief.brand.id, kinds=kinds, at=brief.starts_at, k=most
        )
        return tuple(hit.source for hit in hits)

    def _resting(self, task: Task, found: Sequence[Source]) -> frozenset[int]:
        """What the readers met lately or will meet soon. A newcomer has met nothing."""
        brief = task.brief
        if brief.column.cadence.every is Every.JOIN:
            return frozenset()
        with self._db.read() as session:
            rest = loading.one(session, models.Brand, brief.brand.id).rest_days
            return frozenset(
                resting(
                    session,
                    brief.brand.id,
                    {source.passage for source in found},
                    to=readers(brief.column, brief.channel),
                    at=brief.starts_at,
                    rest=timedelta(days=rest),
                    but=task.post,
                )
            )

    def _background(self, brief: Brief) -> tuple[Source, ...]:
        """Competitor notes on the same subject, for columns that speak of products."""
        if not any(kind in CITABLE and kind.family is Family.PRODUCT for kind in brief.column.kinds):
            return ()
        hits = self._retrieval.search(
            _subject(brief),
            brand=brief.brand.id,
            kinds=[Kind.COMPETITOR_NOTE],
            at=brief.starts_at,
            k=_NOTES,
        )
        return tuple(hit.source for hit in hits)


def _narrowed(brief: Brief, points: tuple[Stated, ...]) -> Brief:
    """The brief with the passages that carry its points, renumbered: a weak model tells whatever else it is shown.

    Without points the first few are left to choose from.
    """
    used = list(dict.fromkeys(number for point in points for number in point.sources))
    kept = used or list(range(1, len(brief.sources) + 1))[:FOR_MODEL]
    place = {number: at for at, number in enumerate(kept, start=1)}
    return replace(
        brief,
        sources=tuple(brief.sources[number - 1] for number in kept),
        points=tuple(replace(point, sources=tuple(place[n] for n in point.sources)) for point in points),
    )


def _subject(brief: Brief) -> str:
    """What to look for: what the person asked, what the column is for, and what ties the week together."""
    return " ".join(part for part in (brief.instruction, brief.column.purpose, brief.line) if part)
