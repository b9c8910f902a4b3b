"""The database's nouns, one a file; services are the only ones who use them."""

from copilot.models.audit import Audit
from copilot.models.base import Base
from copilot.models.brands import Brand, Destination, Voice
from copilot.models.conversations import Question, Script
from copilot.models.copylibrary import CopyCitation, CopyEntry
from copilot.models.deliveries import Delivery
from copilot.models.facts import Fact, FactChange
from copilot.models.flags import Flag
from copilot.models.generations import Generation, GenerationEvent, Variant
from copilot.models.jobs import Heartbeat, Job
from copilot.models.library import CachedVector, Material, MaterialRevision, Passage
from copilot.models.media import MaterialMedia, Media
from copilot.models.occasions import FeaturedDecision, MainLine, Node
from copilot.models.people import Membership, User
from copilot.models.posts import Claim, Finding, Post, Revision
from copilot.models.reviews import Approval, ApprovalDestination, Note
from copilot.models.rules import RuleBook, Waiver
from copilot.models.sop import Column, Slot, Sop
from copilot.models.usage import Evaluation, Usage
from copilot.models.voices import VoiceCandidate, VoiceCard

__all__ = [
    "Approval",
    "ApprovalDestination",
    "Audit",
    "Base",
    "Brand",
    "CachedVector",
    "Claim",
    "Column",
    "CopyCitation",
    "CopyEntry",
    "Delivery",
    "Destination",
    "Evaluation",
    "Fact",
    "FactChange",
    "FeaturedDecision",
    "Finding",
    "Flag",
    "Generation",
    "GenerationEvent",
    "Heartbeat",
    "Job",
    "MainLine",
    "Material",
    "MaterialMedia",
    "MaterialRevision",
    "Media",
    "Membership",
    "Node",
    "Note",
    "Passage",
    "Post",
    "Question",
    "Revision",
    "RuleBook",
    "Script",
    "Slot",
    "Sop",
    "Usage",
    "User",
    "Variant",
    "Voice",
    "VoiceCandidate",
    "VoiceCard",
    "Waiver",
]
