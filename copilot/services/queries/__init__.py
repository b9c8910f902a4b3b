"""The read side: frozen rows for pages and commands, one module a page family."""

from copilot.services.queries.calendar import CalendarQueries
from copilot.services.queries.copylibrary import CopyLibraryQueries
from copilot.services.queries.desk import DeskQueries
from copilot.services.queries.evaluations import EvaluationQueries
from copilot.services.queries.facts import FactQueries
from copilot.services.queries.gaps import GapQueries
from copilot.services.queries.library import LibraryQueries
from copilot.services.queries.media import MediaQueries
from copilot.services.queries.occasions import OccasionQueries
from copilot.services.queries.replies import ReplyQueries
from copilot.services.queries.rulings import RulingQueries
from copilot.services.queries.scripts import ScriptQueries
from copilot.services.queries.senddesk import SendDeskQueries
from copilot.services.queries.sops import SopQueries
from copilot.services.queries.stories import StoryQueries
from copilot.services.queries.today import TodayQueries
from copilot.services.queries.trace import TraceQueries
from copilot.services.queries.usage import UsageQueries
from copilot.services.queries.voicecards import VoiceCardQueries
from copilot.services.queries.voicelearning import VoiceLearningQueries
from copilot.services.queries.voices import VoiceQueries

__all__ = [
    "CalendarQueries",
    "CopyLibraryQueries",
    "DeskQueries",
    "EvaluationQueries",
    "FactQueries",
    "GapQueries",
    "LibraryQueries",
    "MediaQueries",
    "OccasionQueries",
    "ReplyQueries",
    "RulingQueries",
    "ScriptQueries",
    "SendDeskQueries",
    "SopQueries",
    "StoryQueries",
    "TodayQueries",
    "TraceQueries",
    "UsageQueries",
    "VoiceCardQueries",
    "VoiceLearningQueries",
    "VoiceQueries",
]
