"""All services of the house as one value: what pages and commands are handed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copilot.models.database import Database
from copilot.ports import (
    Answerer,
    Blobs,
    Clock,
    Composer,
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
from copilot.services.drafteval import DraftEval
from copilot.services.drafting import Drafting
from copilot.services.embedding import CachedEmbedder
from copilot.services.entailing import Entailing
from copilot.services.events import Events
from copilot.services.exporting import Exporting
from copilot.services.factreading import FactReading
from copilot.services.facts import Facts
from copilot.services.importing import Importing
from copilot.services.indexing import Indexing
from copilot.services.ingestion import Ingestion
from copilot.services.jobs import Handler, Jobs
from copilot.services.lifecycle import Lifecycle
from copilot.services.livechecking import LiveChecking
from copilot.services.media import MediaLibrary
from copilot.services.modelcare import ModelCare
from copilot.services.occasions import Occasions
from copilot.services.planning import Planning
from copilot.services.queries import (
    CalendarQueries,
    CopyLibraryQueries,
    DeskQueries,
    EvaluationQueries,
    FactQueries,
    GapQueries,
    LibraryQueries,
    MediaQueries,
    OccasionQueries,
    ReplyQueries,
    RulingQueries,
    ScriptQueries,
    SendDeskQueries,
    SopQueries,
    StoryQueries,
    TodayQueries,
    TraceQueries,
    UsageQueries,
    VoiceCardQueries,
    VoiceLearningQueries,
    VoiceQueries,
)
from copilot.services.replying import Replying
from copilot.services.reporting import ReportedError
from copilot.services.retrieval import Retrieval
from copilot.services.reviewing import Reviewing
from copilot.services.revising import Revising
from copilot.services.rulings import Rulings
from copilot.services.scheduling import Scheduling
from copilot.services.scripts import Scripts
from copilot.services.settings import Settings
from copilot.services.sops import Sops
from copilot.services.stories import Stories
from copilot.services.ticking import Ticking
from copilot.services.tonejudging import ToneJudging
from copilot.services.translating import Translating
from copilot.services.variants import Variants
from copilot.services.voicecards import VoiceCards
from copilot.services.voicelearning import VoiceLearning
from copilot.services.voices import Voices
from copilot.services.waiving import Waiving
from copilot.services.weeks import Weeks
from copilot.services.writing import Writing


@dataclass(frozen=True)
class Parts:
    """What reaches outside: the real things, or a test's fakes."""

    db: Database
    clock: Clock
    embedder: CachedEmbedder
    index: PassageIndex
    writer: Writer
    composer: Composer
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
    settings: Settings
    usage: UsageQueries
    factreading: FactReading
    factsheet: FactQueries
    retrieval: Retrieval
    checking: Checking
    planning: Planning
    sops: Sops
    occasions: Occasions
    almanac: OccasionQueries
    events: Events
    writing: Writing
    drafting: Drafting
    variants: Variants
    weeks: Weeks
    translating: Translating
    scripts: Scripts
    scriptsheet: ScriptQueries
    drafteval: DraftEval
    evaluations: EvaluationQueries
    revising: Revising
    live: LiveChecking
    tone: ToneJudging
    entailing: Entailing
    reviewing: Reviewing
    waiving: Waiving
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
    timetable: SopQueries
    senddesk: SendDeskQueries
    trace: TraceQueries
    pictures: MediaQueries
    copyshelf: CopyLibraryQueries
    replying: Replying
    replies: ReplyQueries
    voices: Voices
    voicecards: VoiceCards
    learning: VoiceLearning
    voicesheet: VoiceQueries
    voicecardsheet: VoiceCardQueries
    lessons: VoiceLearningQueries
    rulings: Rulings
    rulesheet: RulingQueries

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
        return self.see_through(
            self.jobs.enqueue(kind, payload, brand=brand), seconds=seconds, progress=advance
        )

    def see_through(self, job: int, *, seconds: float = 3600.0, progress: Progress | None = None) -> Any:
        """Waits for a job that is written down, and carries it out here where nobody else may; its result.

        A job whose process died is taken up again. Raises what the work raised.
        """
        advance = progress or _silent
        ours: list[threading.Thread] = []

        def waiting(done: int, total: int) -> None:
            advance(done, total)
            # The owner may end, or be a command that runs no jobs: then the work is ours after all.
            if not ours and (self.ownership.held or self.ownership.try_take("command")):
                self.jobs.recover()
                self.drafting.recover()
                ours.append(threading.Thread(target=self.jobs.run, args=(job,), name=f"job-{job}"))
                ours[0].start()

        view = self.jobs.wait(job, seconds=seconds, progress=waiting)
        for thread in ours:
            thread.join()
        if view.error is not None:
            raise ReportedError(view.error)
        return view.result


def _silent(_done: int, _total: int) -> None:
    return None
