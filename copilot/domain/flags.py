"""Flags: why a post can no longer be sent as it was approved, and how that was settled."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from copilot.domain.grounding.evidence import passage_sentences
from copilot.domain.materials import Window

# Below this a sentence is about something else, and "it now says" would mislead. Measured on the 377 sentences
# with a figure in the sample brands' Markdown: with another figure each stays at .80 or above, while the
# nearest other sentence of its material is below .69 for 95 in 100.
_ALIKE = 0.7


class Cause(StrEnum):
    """What became of the material that a post cites; `contested`: a confirmed fact has another value by now."""

    CHANGED = "changed"
    EARLY = "early"
    EXPIRED = "expired"
    RETIRED = "retired"
    DELETED = "deleted"
    CONTESTED = "contested"


class Resolution(StrEnum):
    """How a flag was settled.

    `edited`: a newer text stands; `patched`: that text is the proposed one; `kept`: a person says that
    the copy is still right; `restored`: the material says it again.
    """

    EDITED = "edited"
    PATCHED = "patched"
    KEPT = "kept"
    RESTORED = "restored"


@dataclass(frozen=True)
class Said:
    """A passage that a material now has, as far as it can bear out a quote."""

    text: str
    window: Window = field(default_factory=Window)
    heading: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Broken:
    """A quote that is borne out no longer. `now` is what stands in its place, empty where nothing does."""

    cause: Cause
    now: str = ""


def bearing(quote: str, before: Said, after: Sequence[Said], at: datetime) -> Broken | None:
    """None while one of the passages still says the quote and is valid at `at`; else what became of it.

    `before` is the passage that was cited: only the same row, or a passage under the same headings, can say
    the quote of the same thing; elsewhere the same words may be about another product.
    """
    saying = [said for said in after if _says(said, quote, before)]
    if any(said.window.covers(at) for said in saying):
        return None
    if over := [said for said in saying if said.window.end is not None and said.window.end <= at]:
        return Broken(Cause.EXPIRED, over[0].text)
    if saying:
        return Broken(Cause.EARLY, saying[0].text)
    return Broken(Cause.CHANGED, _instead(quote, before, after))


def _says(said: Said, quote: str, before: Said) -> bool:
    """Whether the passage says these very sentences, no more and no less: ¥239 is not said by ¥2399.

    A row is one statement; it says the quote while all its cells are the same.
    """
    if before.fields or said.fields:
        return _cells(before) == _cells(said)
    if said.heading != before.heading:
        return False
    wanted, text = _plain(quote), said.text
    parts = [_plain(text[start:end]) for start, end in passage_sentences(text)]
    for first in range(len(parts)):
        joined = ""
        for part in parts[first:]:
            joined += part
            if joined == wanted:
                return True
            if len(joined) >= len(wanted):
                break
    return False


def _cells(said: Said) -> dict[str, str]:
    return {_plain(header): _plain(cell) for header, cell in said.fields.items() if cell.strip()}


def _instead(quote: str, before: Said, after: Sequence[Said]) -> str:
    """The words of the new revision that took the quote's place, as far as that can be told."""
    row = _row(before)
    if row is not None:
        same = [said.text for said in after if _row(said) == row]
        if len(same) == 1:
            return same[0]
    best, likeness = "", _ALIKE
    matcher = SequenceMatcher(None, "", quote, autojunk=False)
    for said in after:
        for start, end in passage_sentences(said.text):
            sentence = said.text[start:end].strip()
            matcher.set_seq1(sentence)
            if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness:
                ratio = matcher.ratio()
                if ratio > likeness:
                    best, likeness = _under(said, before, sentence), ratio
    return best


def _under(said: Said, before: Said, sentence: str) -> str:
    """The sentence, with its headings where these are what changed."""
    return sentence if said.heading == before.heading else " › ".join([*said.heading, sentence])


def _row(said: Said) -> tuple[str, str] | None:
    """What names a table's row: its first header and cell."""
    return next(iter(said.fields.items())) if said.fields else None


def _plain(text: str) -> str:
    """White space and width say nothing: a quote in other type is still the same quote."""
    return "".join(unicodedata.normalize("NFKC", text).split())
