"""The read side: frozen rows for pages and commands, one module a page family."""

from copilot.services.queries.calendar import CalendarQueries
from copilot.services.queries.copylibrary import CopyLibraryQueries
from copilot.services.queries.desk import DeskQueries
from copilot.services.queries.facts import FactQueries
from copilot.services.queries.gaps import GapQueries
from copilot.services.queries.library import LibraryQueries
from copilot.services.queries.media import MediaQueries
from copilot.services.queries.senddesk import SendDeskQueries
from copilot.services.queries.stories import StoryQueries
from copilot.services.queries.today import TodayQueries
from copilot.services.queries.trace import TraceQueries

__all__ = [
    "CalendarQueries",
    "CopyLibraryQueries",
    "DeskQueries",
    "FactQueries",
    "GapQueries",
    "LibraryQueries",
    "MediaQueries",
    "SendDeskQueries",
    "StoryQueries",
    "TodayQueries",
    "TraceQueries",
]
