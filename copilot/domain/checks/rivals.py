"""The names that copy never says: which of them would forbid the brand its own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.brands import Brand
from copilot.domain.checks.matching import Chinese, Lexicon, Reading

LONGEST_NAME = 60


class NameFault(StrEnum):
    SHORT = "short"
    LONG = "long"
    OWN = "own"
    WITHIN = "within"


@dataclass(frozen=True)
class FaultyName:
    """A name that cannot be refused in copy; `own` is what the brand calls itself or sells, where that is why."""

    name: str
    fault: NameFault
    own: str = ""


def faulty_name(names: Sequence[str], brand: Brand, chinese: Chinese) -> FaultyName | None:
    """The first name that would block far more than a competitor; None where all of them can stand.

    A name within the brand's own, or within a product's, is found by the very search that checks copy.
    """
    own = [text for text in (brand.name, *brand.products) if text.strip()]
    for name in names:
        if sum(character.isalnum() for character in name) < 2:
            return FaultyName(name, NameFault.SHORT)
        if len(name) > LONGEST_NAME:
            return FaultyName(name, NameFault.LONG)
        lexicon = Lexicon([name], chinese)
        for text in own:
            if any(lexicon.find(Reading.of(text, chinese))):
                is_whole = chinese.fold(name).strip() == chinese.fold(text).strip()
                return FaultyName(name, NameFault.OWN if is_whole else NameFault.WITHIN, text)
    return None
