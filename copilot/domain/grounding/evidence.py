"""Passages and copy read for comparison: passages with their headings and cells, copy as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.reading import read_text
from copilot.domain.grounding.rows import row_products
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.materials import Source
from copilot.domain.orders import states, wants
from copilot.domain.sentences import sentences

_HAN = re.compile(r"[一-鿿]")
# What is only asked, and an answer that grants it: 能装 5 千克吗？能。
_ASKED = re.compile(r"[^。.!！;；\n?？]{0,80}[?？]")
_GRANTED = re.compile(
    r"[\s;；]*(?:[Aa答][^:：]{0,7}[:：][ ]?)?(?:可以|能|会|是|对|有|行|当然|没问题|yes|sure|of course|it (?:can|does|is)|they (?:can|do|are)|you can)(?!不)",
    re.IGNORECASE,
)


def read_copy(
    text: str, language: Language, catalogue: Catalogue, calls: frozenset[str] = frozenset()
) -> Reading:
    """The copy; `calls` are words of the names by which it speaks of itself and its readers: they place no figure."""
    return read_text(text, sentences(text, language), catalogue, calls=calls)


def read_source(source: Source, catalogue: Catalogue) -> Reading:
    """The passage with its figures in their places. The live check reads the same passages at every
    keystroke, so readings are kept by all that they depend on."""
    key = (source.text, source.title, source.context, tuple(source.fields.items()))
    return replace(_read_passage(*key, catalogue), source=source)


def _is_stated(text: str, at: int) -> bool:
    """Whether what ends there is no question, or one that is answered with a yes."""
    asked = _ASKED.match(text, at)
    return asked is None or _GRANTED.match(text, asked.end()) is not None


def passage_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences that a passage of prose is quoted by."""
    return sentences(text, Language.ZH if _HAN.search(text) else Language.EN)


def stated(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The passage with blanks for what it does not state: its questions, and what it says to whoever writes."""
    return _blanked(text, [span for span in spans if not states(text[slice(*span)])])


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


@lru_cache(maxsize=2048)
def _read_passage(
    text: str, title: str, context: str, fields: tuple[tuple[str, str], ...], catalogue: Catalogue
) -> Reading:
    # A row is one statement: its cells explain each other, and one that gives orders spoils them all.
    if fields:
        text = "" if any(wants(cell) for _, cell in fields) else text
        spans = [(0, len(text.rstrip()))] if text else []
    else:
        spans = passage_sentences(text)
        # A question stays: what it names is what the answer is about.
        text = _blanked(text, [span for span in spans if wants(text[slice(*span)])])
    own = row_products(dict(fields), catalogue)
    reading = read_text(text, spans, catalogue, context=f"{title}\n{context}", fields=dict(fields), own=own)
    return replace(
        reading, places=tuple(place for place in reading.places if _is_stated(text, place.figure.end))
    )
