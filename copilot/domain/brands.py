"""Brands and their voice: the tenant, its zone and language, and how it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from copilot.domain.rulebook import RuleBook


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


@dataclass(frozen=True)
class PreferredTerm:
    """Write `use`; each of `instead_of` is replaced by it."""

    use: str
    instead_of: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class BannedTerm:
    """Never write `term`; `instead` is the safe replacement, if there is one ("" means: delete it)."""

    term: str
    reason: str = ""
    instead: str | None = None


@dataclass(frozen=True)
class Scales:
    """Traits from 1 to 5: official to friendly, serious to humorous, plain to literary."""

    friendly: int = 3
    humorous: int = 2
    literary: int = 2


@dataclass(frozen=True)
class Voice:
    """How a brand speaks; one version of it. Lengths are characters in Chinese, words in English."""

    persona: str
    role: str = ""
    description: str = ""
    values: tuple[str, ...] = ()
    address: str = ""  # 你 or 您 in Chinese; "you" or a members' name in English
    scales: Scales = Scales()
    max_emoji: int = 3
    emoji: tuple[str, ...] = ()
    max_exclamations: int = 2
    max_sentence: int = 45
    greetings: tuple[str, ...] = ()
    sign_off: str = ""
    preferred: tuple[PreferredTerm, ...] = ()
    banned: tuple[BannedTerm, ...] = ()
    competitors: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brand:
    id: int
    slug: str
    name: str
    zone: str  # IANA name
    language: Language
    members_called: str = ""  # how the brand calls its community's members, e.g. 茶友
    products: tuple[str, ...] = field(default_factory=tuple)
    rules: RuleBook = field(default_factory=RuleBook)
