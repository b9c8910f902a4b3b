"""What the tone of a text is said with: traits, the stretches that make them, scores beside what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

TOLERANCE = 35
"""How far a trait's score may lie from what the voice wants: scores of two or three words are coarse."""

OURS = 50
"""From here a text is no farther from the brand's examples than these are from one another."""


class Trait(StrEnum):
    """The scales of a voice, and `own`: whether it sounds like this brand at all."""

    FRIENDLY = "friendly"
    HUMOROUS = "humorous"
    LITERARY = "literary"
    OWN = "own"


class Marker(NamedTuple):
    """A stretch that pulls the tone one way, and what says the same the other way (None: reword by hand).

    `high` is towards the upper end of the trait: friendly, humorous, literary.
    """

    start: int
    end: int
    high: bool
    weight: float
    rewrite: str | None
    trait: Trait = Trait.FRIENDLY

    @property
    def friendly(self) -> bool:
        return self.high


@dataclass(frozen=True)
class Habit:
    """Something that the brand's examples do and this text does not, or the other way round.

    `name` completes the id of its sentence. A span of (0, 0) is about the whole text.
    """

    name: str
    start: int = 0
    end: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ToneScore:
    """A trait of the text from 0 to 100 beside what the voice wants; a score of None is *not scored*.

    `band` is from where to where a score is near enough. `own` has no wanted place, only a least one, and
    `habits` say what in it is unlike the brand's examples, the most telling first.
    """

    trait: Trait
    score: int | None
    wanted: int | None
    band: tuple[int, int]
    markers: tuple[Marker, ...] = ()
    habits: tuple[Habit, ...] = ()

    @property
    def passes(self) -> bool | None:
        return None if self.score is None else self.band[0] <= self.score <= self.band[1]

    @property
    def is_low(self) -> bool:
        return self.score is not None and self.score < self.band[0]


def wanted_of(level: int) -> int:
    """A scale's level from 1 to 5 as the middle of its fifth of 0 to 100."""
    return 20 * level - 10


def around(wanted: int, tolerance: int = TOLERANCE) -> tuple[int, int]:
    return max(0, wanted - tolerance), min(100, wanted + tolerance)
