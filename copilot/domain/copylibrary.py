"""The copy library: scenes, what an entry may be used for now, and how entries answer a search."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from copilot.domain.materials import MaterialStatus, Window
from copilot.domain.permissions import Actor, Permission, may
from copilot.errors import NotAllowed

LONGEST_TITLE = 60
_TITLE_WEIGHT = 2.0
_LEAST_OF_THE_BEST = 0.34
# What every question has in it says little about which reply it wants.
_SMALL_WEIGHT = 0.2
_SMALL = (
    "的 了 吗 呢 吧 啊 呀 是 在 有 我 你 您 他 她 它 我们 你们 这 那 就 都 也 很 不 没 要 会 能 可以 和 与 个 一个 "
    "什么 怎么 怎样 如何 为什么 什么时候 时候 多少 哪里 请问 想 给 到 "
    "a an and are be can do does for how i if in is it me my of on or please the this to we what when where "
    "which who why will with you your"
)
_SMALL_WORDS = frozenset(_SMALL.split())


class Scene(StrEnum):
    """Where in a conversation an entry belongs, in the order in which a member meets them."""

    WELCOME = "welcome"
    QUESTION = "question"
    OFFER = "offer"
    CHASING = "chasing"
    CLOSING = "closing"
    LOGISTICS = "logistics"
    USAGE = "usage"
    AFTER_SALES = "after_sales"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    FESTIVAL = "festival"


class EntryStatus(StrEnum):
    """What people decided. Whether an approved entry may be used now also depends on what it cites."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class Loss(StrEnum):
    """Why a cited quote no longer carries anything."""

    CHANGED = "changed"
    EXPIRED = "expired"
    EARLY = "early"
    RETIRED = "retired"
    DELETED = "deleted"


class Standing(StrEnum):
    """Where an entry stands at one instant: ready to copy, waiting for a yes, in need of a look, put away."""

    READY = "ready"
    LOOK = "look"
    WAITING = "waiting"
    RETIRED = "retired"


@dataclass(frozen=True)
class Lost:
    """A citation that no longer holds; `at` is since when, where that is known."""

    loss: Loss
    title: str
    material: int
    quote: str
    at: datetime | None


def loss_of(window: Window | None, material: MaterialStatus, now: datetime) -> Loss | None:
    """What is wrong with a citation at `now`; None while it holds.

    `window` is that of a live passage of the material that still has the quote letter for letter,
    and None where there is no such passage.
    """
    if material is MaterialStatus.DELETED:
        return Loss.DELETED
    if material is not MaterialStatus.ACTIVE:
        return Loss.RETIRED
    if window is None:
        return Loss.CHANGED
    if window.covers(now):
        return None
    return Loss.EARLY if window.start is not None and now < window.start else Loss.EXPIRED


def standing(status: EntryStatus, lost: Collection[Lost]) -> Standing:
    """An entry may be copied only while it is approved and everything that it cites holds."""
    if status is EntryStatus.RETIRED:
        return Standing.RETIRED
    if status is EntryStatus.DRAFT:
        return Standing.WAITING
    return Standing.LOOK if lost else Standing.READY


def fingerprint(text: str) -> str:
    """Names the exact text that somebody saw, so that a yes or an edit never falls on another one."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def require_hand(actor: Actor, author: int, status: EntryStatus) -> None:
    """Whoever reviews may put any entry away; its author only while nobody has approved it."""
    actor.require(Permission.WRITE)
    is_own_draft = status is EntryStatus.DRAFT and actor.id == author
    if not is_own_draft and not may(actor.role, Permission.REVIEW):
        raise NotAllowed(Permission.REVIEW)


@dataclass(frozen=True)
class Searchable:
    id: int
    title: str
    text: str


def ranked(terms: Sequence[str], entries: Iterable[Searchable]) -> dict[int, float]:
    """Entry ids with their score, for those that answer these words; without words, nothing.

    A word weighs the more the fewer entries say it, and twice in a title. What scores far below the
    best is left out: it shares only the words that everything shares.
    """
    found: Mapping[str, dict[int, float]] = {term: {} for term in dict.fromkeys(terms)}
    patterns = {term: _pattern(term) for term in found}
    count = 0
    for entry in entries:
        count += 1
        title, text = entry.title.lower(), entry.text.lower()
        for term, pattern in patterns.items():
            weight = _TITLE_WEIGHT * _says(title, term, pattern) + _says(text, term, pattern)
            if weight:
                found[term][entry.id] = weight
    scores: dict[int, float] = {}
    for term, where in found.items():
        rarity = math.log(1 + count / len(where)) if where else 0.0
        if term in _SMALL_WORDS:
            rarity *= _SMALL_WEIGHT
        for entry_id, weight in where.items():
            scores[entry_id] = scores.get(entry_id, 0.0) + rarity * weight
    least = max(scores.values(), default=0.0) * _LEAST_OF_THE_BEST
    return {entry_id: score for entry_id, score in scores.items() if score >= least}


def _pattern(term: str) -> re.Pattern[str] | None:
    """Latin words are found whole, so that "pan" is not in "company"; Chinese ones wherever they stand."""
    return re.compile(rf"\b{re.escape(term)}\b", re.ASCII) if term.isascii() else None


def _says(text: str, term: str, pattern: re.Pattern[str] | None) -> bool:
    # The plain look comes first: it is many times quicker, and most entries do not have the word.
    return term in text and (pattern is None or pattern.search(text) is not None)
