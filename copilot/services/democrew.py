"""The services that the demo lives with: what a fortnight of life is made with."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.services.accounts import Accounts
from copilot.services.brandfolders import BrandFolders
from copilot.services.brands import Brands
from copilot.services.copylibrary import CopyLibrary
from copilot.services.delivering import Delivering
from copilot.services.drafting import Drafting
from copilot.services.facts import Facts
from copilot.services.ingestion import Ingestion
from copilot.services.lifecycle import Lifecycle
from copilot.services.media import MediaLibrary
from copilot.services.planning import Planning
from copilot.services.queries import (
    CalendarQueries,
    CopyLibraryQueries,
    DeskQueries,
    FactQueries,
    MediaQueries,
    ReplyQueries,
    SendDeskQueries,
)
from copilot.services.replying import Replying
from copilot.services.reviewing import Reviewing
from copilot.services.revising import Revising
from copilot.services.scheduling import Scheduling


@dataclass(frozen=True)
class Crew:
    """The services that the demo lives with, all on the travelling clock."""

    accounts: Accounts
    brands: Brands
    folders: BrandFolders
    ingestion: Ingestion
    lifecycle: Lifecycle
    facts: Facts
    factsheet: FactQueries
    planning: Planning
    drafting: Drafting
    revising: Revising
    reviewing: Reviewing
    scheduling: Scheduling
    delivering: Delivering
    calendar: CalendarQueries
    desk: DeskQueries
    senddesk: SendDeskQueries
    copylibrary: CopyLibrary
    copyshelf: CopyLibraryQueries
    media: MediaLibrary
    pictures: MediaQueries
    replying: Replying
    questions: ReplyQueries
