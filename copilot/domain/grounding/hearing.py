"""Sources read once and made findable: what a copy is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from copilot.domain.grounding.codes import Codes
from copilot.domain.grounding.contrast import Lines
from copilot.domain.grounding.denial import Denials
from copilot.domain.grounding.evidence import read_source
from copilot.domain.grounding.listing import Listings
from copilot.domain.grounding.matching import Evidence
from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.statements import Statements
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.grounding.traits import Traits
from copilot.domain.materials import Source

_MOST_KEPT = 60  # Passages: what a draft is written from is kept, and no whole library.


@dataclass(frozen=True)
class Heard:
    """What was found once for a figure is found again at no cost."""

    readings: tuple[Reading, ...]
    evidence: Evidence
    statements: Statements
    lines: Lines
    traits: Traits
    denials: Denials
    listings: Listings
    codes: Codes


def heard(sources: Sequence[Source], names: Catalogue, at: datetime) -> Heard:
    """Kept while somebody types: the same few passages are heard at every pause."""
    hear = _heard if len(sources) <= _MOST_KEPT else _heard.__wrapped__
    return hear(tuple(sources), names, at)


@lru_cache(maxsize=32)
def _heard(sources: tuple[Source, ...], names: Catalogue, at: datetime) -> Heard:
    readings = tuple(read_source(source, names) for source in sources)
    return Heard(
        readings,
        Evidence(readings, at),
        Statements(readings, names),
        Lines(readings, at),
        Traits(readings, names),
        Denials(readings, names),
        Listings(readings, names),
        Codes(readings),
    )


class Lapsed:
    """The sources that do not hold at the slot's time, heard when something asks for them."""

    def __init__(self, sources: Sequence[Source], names: Catalogue, at: datetime) -> None:
        self._sources, self._names, self._at = sources, names, at
        self._evidence: Evidence | None = None

    def __bool__(self) -> bool:
        return bool(self._sources)

    @property
    def evidence(self) -> Evidence:
        if self._evidence is None:
            self._evidence = Evidence([read_source(s, self._names) for s in self._sources], self._at)
        return self._evidence

    def to_come(self) -> list[Reading]:
        """What is to come has its days, though nothing of it may be told as if it held already."""
        ahead = [s for s in self._sources if s.window.start is not None and s.window.start > self._at]
        return [read_source(source, self._names) for source in ahead]
