"""Clauses of a sentence and cells of a row: the stretch of text that a figure is read in."""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"[；;。！？!?\n|（）()【】…，、]|(?<![0-9]),|,(?![0-9])"
    r"|[ ](?:and|but|while|whereas|plus|or)[ ]|[ ][—–-][ ]|——",
    re.IGNORECASE,
)
CELL = re.compile(r"[；;\n]")
# A longer cell is read as prose.
_PROSE = 30


def clauses(text: str, start: int, end: int, breaks: re.Pattern[str] = _BREAK) -> list[tuple[int, int]]:
    edges: list[tuple[int, int]] = []
    begin = start
    for match in breaks.finditer(text, start, end):
        if match.start() > begin:
            edges.append((begin, match.start()))
        begin = match.end()
    if begin < end:
        edges.append((begin, end))
    return edges or [(start, end)]


def cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A row's cells; a long one holds prose, with clauses of its own."""
    found: list[tuple[int, int]] = []
    for low, high in clauses(text, start, end, CELL):
        found += [(low, high)] if high - low <= _PROSE else clauses(text, low, high)
    return found


def lies_in(at: int, clause: tuple[int, int]) -> bool:
    return clause[0] <= at < clause[1]
