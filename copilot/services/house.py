"""All services of the house as one value: what pages and commands are handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copilot.models.database import Database
from copilot.ports import (
    Answerer,
    Blobs,
    Clock,
    JobQueue,
    Ownership,
    PassageIndex,
    PictureReader,
    Progress,
    Publisher,
    Writer,
)
from copilot.prompts import Prompts
from copilot.services.accounts import Accounts
from copilot.services.brandfolders import BrandFolders
from copilot.services.brands import Brands
from copilot.services.checking import Checking
from copilot.services.copylibrary import CopyLibrary
from copilot.services.delivering import Delivering
from copilot.services.demo import Demo
from copilot.services.drafting import Drafting
from copilot.services.embedding import CachedEmbedder
from copilot.services.events import Events
from copilot.services.exporting import Exporting
from copilot.services.factreading import FactReading
from copilot.services.facts import Facts
from copilot.services.importing import Importing
from copilot.services.indexing import Indexing
from copilot.services.ingestion import Ingestion
from copilot.services.jobs import Handler, Jobs
from copilot.services.lifecycle import Lifecycle
from copilot.services.media import MediaLibrary
from copilot.services.modelcare import ModelCare
from copilot.services.planning import Planning
from copilot.services.queries import (
    CalendarQueries,
    CopyLibraryQueries,
    DeskQueries,
    FactQueries,
    GapQueries,
    LibraryQueries,
    MediaQueries,
    SendDeskQueries,
    StoryQueries,
    TodayQueries,
    TraceQueries,
)
from copilot.services.reporting import ReportedError
from copilot.services.retrieval import Retrieval
from copilot.services.reviewing import Reviewing
from copilot.services.revising import Revising
from copilot.services.scheduling import Scheduling
from copilot.services.stories import Stories
from copilot.services.ticking import Ticking


@dataclass(frozen=True)
class Parts:
    """What reaches outside: the real things, or a test's fakes."""

    db: Database
    clock: Clock
    embedder: CachedEmbedder
    index: PassageIndex
    writer: Writer
    composer: Writer
    answerer: Answerer | None
    publishers: Mapping[str, Publisher]
    blobs: Blobs
    pictures: PictureReader
    queue: JobQueue
    prompts: Prompts


@dataclass(frozen=True)
class Services:
    demo_mode: bool
    secret_key: str
    tick_seconds: float
    ownership: Ownership
    parts: Parts
    handlers: Mapping[str, Handler]
    accounts: Accounts
    brands: Brands
    folders: BrandFolders
    ingestion: Ingestion
    lifecycle: Lifecycle
    importing: Importing
    exporting: Exporting
    telling: Stories
    indexing: Indexing
    facts: Facts
    care: ModelCare
    factreading: FactReading
    factsheet: FactQueries
    retrieval: Retrieval
    checking: Checking
    planning: Planning
    events: Events
    drafting: Drafting
    revising: Revising
    reviewing: Reviewing
    scheduling: Scheduling
    delivering: Delivering
    copylibrary: CopyLibrary
    media: MediaLibrary
    jobs: Jobs
    ticking: Ticking
    demo: Demo
    today: TodayQueries
    calendar: CalendarQueries
    desk: DeskQueries
    library: LibraryQueries
    gaps: GapQueries
    stories: StoryQueries
    senddesk: SendDeskQueries
    trace: TraceQueries
    pictures: MediaQueries
    copyshelf: CopyLibraryQueries

    def carry_out(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        brand: int | None = None,
        seconds: float = 3600.0,
        progress: Progress | None = None,
    ) -> Any:
        """Does a job's work where the index may be opened: here if we own the folder, else in the owner's process.

        Waits for the result either way; raises what the work raised.
        """
        advance = progress or _silent
        if self.ownership.held or self.ownership.try_take("command"):
            return self.handlers[kind](payload, lambda done, total, so_far=None: advance(done, total))
        job = self.jobs.enqueue(kind, payload, brand=brand)

        def waiting(done: int, total: int) -> None:
            advance(done, total)
            # The owner may end, or be a command that runs no jobs: then the work is ours after all.
            if self.ownership.try_take("command"):
                self.jobs.run(job)

        view = self.jobs.wait(job, seconds=seconds, progress=waiting)
        if view.error is not None:
            raise ReportedError(view.error)
        return view.result


def _silent(_done: int, _total: int) -> None:
    return None
