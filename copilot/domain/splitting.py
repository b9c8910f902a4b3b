"""Splitting a document into passages: whole sentences of one place, never a broken number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from copilot.domain.brands import Language
from copilot.domain.materials import Document, Section
from copilot.domain.sentences import HAN, LINK, language_of, sentences

__all__ = ["DEFAULT_SIZE", "Piece", "language_of", "sentences", "split"]

# About the same amount of meaning in both, and within the 512 tokens that the embedder reads.
DEFAULT_SIZE: Mapping[Language, int] = {Language.ZH: 380, Language.EN: 1100}

Span = tuple[int, int]

_ROW_AT_MOST = 1.5  # times the size of a passage: what the embedder can still read
_ROW_MARKS = (("：", "；"), (": ", "; "))

# These keys of a locator move on within one place of the document; all others tell places apart.
_MOVING = frozenset({"line", "paragraph", "row"})

_NUMBER = re.compile(
    rf"[¥￥$€£]?\s?\d+(?:[.,:：/\-–—~～．，×xX]\d+)*(?:\s?(?:[%％‰°℃]|[A-Za-z]{{1,4}}\b|[{HAN}]{{1,2}}))?"
    "|[零〇一二两三四五六七八九十百千万亿]{2,}"
)
_CLAUSE_MARKS = "，、：；,;:—"
_CLOSING = "”’」』】）》〉］｝)]}\"'"
_OPENING = "“‘「『【（《〈［｛([{"
# Accents, joiners, variation selectors, skin tones and flag tags belong to the character before them.
_EXTENDS = re.compile(
    "[\u0300-\u036f\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_HAN = re.compile(f"[{HAN}]")
_NEVER = 9


@dataclass(frozen=True)
class Piece:
    """A passage to be. `text` is, letter for letter, a stretch of the section (or sections) it was cut from.

    Only the parts of an overlong row say something twice: what the row is about, and a column's name.
    `locator` is where it begins; `ordinal` counts from 0 through the document.
    """

    text: str
    heading: tuple[str, ...]
    locator: Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=dict)
    valid_from: str | None = None
    valid_until: str | None = None
    ordinal: int = 0


def split(document: Document, language: Language, size: int | None = None) -> tuple[Piece, ...]:
    """The document's passages, in order, of about `size` characters at most.

    A table row is one piece with its fields, because its cells explain each other; only one that the
    embedder could not read to its end becomes several, each with its columns' names and the first
    cell. Neighbouring sections of one heading and place are joined by a newline and cut at
    sentence ends; only a sentence longer than `size` is cut within, and a stretch that offers no
    safe place, such as one endless number, stays whole.
    """
    limit = DEFAULT_SIZE[language] if size is None else size
    if limit < 1:
        raise ValueError(f"size must be positive, not {limit}")
    pieces: list[Piece] = []
    for _, group in groupby(enumerate(document.sections), key=_place):
        run = [section for _, section in group if section.text.strip()]
        cut = _row(run[0], language, limit) if run and run[0].fields else _prose(run, language, limit)
        for piece in cut:
            pieces.append(
                Piece(
                    text=piece.text,
                    heading=piece.heading,
                    locator=piece.locator,
                    fields=piece.fields,
                    valid_from=piece.valid_from,
                    valid_until=piece.valid_until,
                    ordinal=len(pieces),
                )
            )
    return tuple(pieces)


def _place(numbered: tuple[int, Section]) -> tuple[Any, ...]:
    """What neighbours must share to become one passage; rows share nothing."""
    number, section = numbered
    fixed = sorted((key, repr(value)) for key, value in section.locator.items() if key not in _MOVING)
    row = number if section.fields else -1
    return row, section.heading, fixed, section.valid_from, section.valid_until


def _row(section: Section, language: Language, limit: int) -> Iterator[Piece]:
    parts = [(section.text.strip(), dict(section.fields))]
    if len(section.text) > _ROW_AT_MOST * limit:
        parts = list(_row_parts(section, language, limit)) or parts
    for text, fields in parts:
        yield Piece(
            text=text,
            heading=section.heading,
            locator=dict(section.locator),
            fields=fields,
            valid_from=section.valid_from,
            valid_until=section.valid_until,
        )


def _row_parts(section: Section, language: Language, limit: int) -> Iterator[tuple[str, dict[str, str]]]:
    """An overlong row in parts: whole cells side by side, and overlong cells cut where prose would be.

    A short first cell, which names what the row is about, begins each part. Yields nothing for a text
    that is not the row's cells in their usual form.
    """
    colon, stop = next(
        (marks for marks in _ROW_MARKS if section.text.strip() == _joined(section.fields, *marks)), ("", "")
    )
    if not colon:
        return
    (name, value), *rest = section.fields.items()
    lead = {name: value} if len(rest) and len(name + value) <= limit / 4 else {}
    cells = rest if lead else [(name, value), *rest]
    room = max(1, limit - len(_joined(lead, colon, stop)) - len(stop))
    part: dict[str, str] = {}
    for name, value in cells:
        for piece in _cell_parts(value, language, room - len(name) - len(colon)):
            whole = _joined({**part, name: piece}, colon, stop)
            if part and (name in part or len(whole) > room):
                yield _joined({**lead, **part}, colon, stop), {**lead, **part}
                part = {}
            part[name] = piece
    if part:
        yield _joined({**lead, **part}, colon, stop), {**lead, **part}


def _cell_parts(value: str, language: Language, room: int) -> Iterator[str]:
    limit = max(1, room)
    if len(value) <= limit:
        yield value
    else:
        for start, end in _pack(value, _units(value, language, limit), frozenset(), limit):
            yield value[start:end]


def _joined(fields: Mapping[str, str], colon: str, stop: str) -> str:
    return stop.join(f"{name}{colon}{value}" for name, value in fields.items())


def _prose(run: list[Section], language: Language, limit: int) -> Iterator[Piece]:
    text = "\n".join(section.text for section in run)
    starts: list[int] = []
    at = 0
    for section in run:
        starts.append(at)
        at += len(section.text) + 1
    current = 0
    for start, end in _pack(text, _units(text, language, limit), frozenset(starts), limit):
        while current + 1 < len(starts) and starts[current + 1] <= start:
            current += 1
        section = run[current]
        locator = dict(section.locator)
        if isinstance(locator.get("line"), int):
            locator["line"] += text.count("\n", starts[current], start)
        yield Piece(
            text=text[start:end],
            heading=section.heading,
            locator=locator,
            valid_from=section.valid_from,
            valid_until=section.valid_until,
        )


def _units(text: str, language: Language, limit: int) -> list[Span]:
    """Sentences, with those over the limit cut further."""
    units: list[Span] = []
    for start, end in sentences(text, language):
        if end - start <= limit:
            units.append((start, end))
        else:
            units.extend(_cut(text, start, end, limit))
    return units


def _pack(text: str, units: list[Span], section_starts: frozenset[int], limit: int) -> Iterator[Span]:
    """Units side by side up to the limit, in pieces of about equal length so that no crumb is left over."""
    if not units:
        return
    total = units[-1][1] - units[0][0]
    target = total / -(-total // limit)
    start, end = units[0]
    for unit in units[1:]:
        length = end - start
        full = unit[1] - start > limit or length >= target
        if full or (length >= 0.7 * target and unit[0] in section_starts):
            yield start, end
            start = unit[0]
        end = unit[1]
    yield start, end


def _cut(text: str, start: int, end: int, limit: int) -> Iterator[Span]:
    """One overlong sentence in parts: at clauses, else between words, else between characters."""
    whole = [match.span() for match in _NUMBER.finditer(text, start, end)]
    whole += [match.span() for match in LINK.finditer(text, start, end)]
    inside = bytearray(end - start + 1)
    for left, right in whole:
        for at in range(left + 1, right):
            inside[at - start] = 1

    def rank(at: int) -> int:
        return _NEVER if inside[at - start] else _rank(text, at)

    while end - start > limit:
        floor = start + max(1, limit * 2 // 5)
        best = min(range(floor, start + limit + 1), key=lambda at: (rank(at), -at))
        if rank(best) == _NEVER:
            ahead = (at for at in range(start + limit + 1, end) if rank(at) != _NEVER)
            behind = (at for at in range(floor - 1, start, -1) if rank(at) != _NEVER)
            best = next(behind, None) or next(ahead, end)
        stop = len(text[start:best].rstrip()) + start
        if stop > start:
            yield start, stop
        start = best
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        yield start, end


def _rank(text: str, at: int) -> int:
    """How well a cut between `at - 1` and `at` reads: 1 is best, `_NEVER` is no place to cut."""
    before, after = text[at - 1], text[at]
    if _EXTENDS.match(after) or before == "\u200d" or after in _CLOSING or before in _OPENING:
        return _NEVER
    if before.isspace() or after.isspace():
        edges = _edges(text, at)
        if edges[0] in _CLAUSE_MARKS:
            return 1
        return 3 if edges[0].isdigit() and edges[1].isdigit() else 2
    if before in _CLAUSE_MARKS or (before in _CLOSING and not after.isalnum()):
        joined = before in ",;:—" and not _HAN.match(after)
        return _NEVER if joined or after in _CLAUSE_MARKS else 1
    if after in _CLAUSE_MARKS or after in "。！？.!?…%％":
        return _NEVER
    if _HAN.match(before) or _HAN.match(after):
        return _NEVER if before.isdigit() or after.isdigit() else 4
    return _NEVER if before.isdigit() or after.isdigit() else 5


def _edges(text: str, at: int) -> tuple[str, str]:
    """The characters on both sides of the white space at a cut."""
    left, right = at, at
    while left > 0 and text[left - 1].isspace():
        left -= 1
    while right < len(text) and text[right].isspace():
        right += 1
    return text[left - 1 : left], text[right : right + 1]
