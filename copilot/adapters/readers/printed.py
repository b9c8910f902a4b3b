"""Printed lines to text: what the layout of a page put in is taken out, and what it says is kept.

A PDF knows neither headings nor paragraphs nor tables, only where each letter stands and how large.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from copilot.adapters.readers.decoding import clean
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.tables import Row, table_sections
from copilot.domain.sentences import HAN

SOFT_HYPHEN = "\ufffe\x02\u00ad"

_WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60“”‘’…—]")
_ENDS_LINE = tuple("。！？!?；;：:…")
_STARTS_ITEM = re.compile(
    r"\s*(?:[-•·●○■□◆▪*–]|\(?\d{1,3}[.)、．]|[（(]?[一二三四五六七八九十]{1,3}[、.)）]|第.{1,4}[章节条])"
)
PAGE_NUMBER = re.compile(
    r"(?:第\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*页)?(?:\s*(?:/|of|共)\s*\d{1,4}\s*页?)?|page\s+\d+.*",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[$¥￥€£]?-?[\d.,:/%-]+")
_NO_HEADING_ENDS = tuple("。；;，,、")
_LARGER = 1.12  # times the size of the text: what a heading is at least
_HEADING_WIDTH = 90
_HEADINGS_AT_MOST = 0.4  # of the characters; a poster has no headings, only large letters
_LEVELS = 3


class Line(NamedTuple):
    """A line as printed, and the height of its letters in points; 0 where that is not known."""

    text: str
    size: float = 0.0


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """Without page numbers; a running head, at the edge of most pages, stays on its first page only."""
    if len(pages) < 3:
        return pages
    edges = [_edge_places(lines) for lines in pages]
    seen: Counter[str] = Counter()
    for lines, places in zip(pages, edges, strict=True):
        seen.update({lines[place].text.strip() for place in places})
    kept: list[list[Line]] = []
    shown: set[str] = set()
    for lines, places in zip(pages, edges, strict=True):
        result = []
        for place, line in enumerate(lines):
            text = line.text.strip()
            if place in places:
                if len(text) < 40 and PAGE_NUMBER.fullmatch(text):
                    continue
                if seen[text] > len(pages) / 2:
                    if text in shown:
                        continue
                    shown.add(text)
            result.append(line)
        kept.append(result)
    return kept


def _edge_places(lines: list[Line]) -> list[int]:
    filled = [place for place, line in enumerate(lines) if line.text.strip()]
    return [*filled[:1], *filled[-1:]]


def fill(outline: Outline, pages: list[list[Line]]) -> None:
    """Pages into sections: headings by the size of their letters, rows under headers, and paragraphs."""
    levels = _heading_levels([line for lines in pages for line in lines])
    for number, lines in enumerate(pages, start=1):
        locator = {"page": number}
        locate = partial(_on_page, number)
        full = _full_width([line.text for line in lines])
        for level, run in _runs(lines, levels):
            if level is not None:
                outline.heading(level, _one_line(run), locator)
                continue
            for text, rows in _tables(run):
                for paragraph in paragraphs(text, full):
                    outline.text(paragraph, locator)
                outline.extend(table_sections(rows, heading=outline.path, locate=locate, header_marked=True))


def _on_page(number: int, row: int) -> dict[str, Any]:
    return {"page": number, "row": row}


def _heading_levels(lines: list[Line]) -> dict[float, int]:
    """Sizes of letters that are headings, the largest as level 1; none where large letters are the rule."""
    filled = [line for line in lines if line.text.strip()]
    weights: Counter[float] = Counter()
    for line in filled:
        weights[line.size] += len(line.text)
    if not weights:
        return {}
    body = weights.most_common(1)[0][0]
    found = [line for line in filled if line.size > _LARGER * body > 0 and _may_be_heading(line.text)]
    if sum(len(line.text) for line in found) > _HEADINGS_AT_MOST * weights.total():
        return {}
    sizes = sorted({line.size for line in found}, reverse=True)
    return {size: min(level, _LEVELS) for level, size in enumerate(sizes, start=1)}


def _may_be_heading(text: str) -> bool:
    bare = text.strip()
    words = sum(char.isalpha() for char in bare)
    return words >= 2 and _width(bare) <= _HEADING_WIDTH and not bare.endswith(_NO_HEADING_ENDS)


def _runs(lines: list[Line], levels: dict[float, int]) -> Iterator[tuple[int | None, list[str]]]:
    """Neighbours of one kind: the lines of one heading, with its level, or lines of text."""
    run: list[str] = []
    kind: tuple[int | None, float] = (None, 0.0)
    for line in lines:
        level = levels.get(line.size) if _may_be_heading(line.text) else None
        new = (level, line.size if level is not None else 0.0)
        if new != kind and run:
            yield kind[0], run
            run = []
        kind = new
        run.append(line.text)
    if run:
        yield kind[0], run


def _one_line(lines: list[str]) -> str:
    whole = lines[0].strip()
    for line in lines[1:]:
        whole = _joined(whole, line.strip())
    return whole


def _tables(lines: list[str]) -> Iterator[tuple[list[str], list[Row]]]:
    """Lines of text with the table that follows them: a header of words over rows of as many cells.

    A row that lacks a cell, or has a gap within one, ends the table: what is not sure stays as printed.
    """
    text: list[str] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end:
            yield text, [(place + 1, line.split()) for place, line in enumerate(lines[at:end])]
            text = []
        else:
            text.append(lines[at])
        at = max(end, at + 1)
    yield text, []


def _table_end(lines: list[str], at: int) -> int:
    names = lines[at].split()
    if len(names) < 3 or any(char.isdigit() for char in lines[at]) or len(set(names)) < len(names):
        return 0
    end = at + 1
    while end < len(lines) and len(lines[end].split()) == len(names) and tabular(lines[end]):
        end += 1
    return end if end - at >= 3 else 0


def _full_width(lines: Sequence[str]) -> float:
    return 0.8 * max((_width(line) for line in lines if not tabular(line)), default=0)


def paragraphs(lines: Sequence[str], full: float | None = None) -> list[str]:
    """Lines as printed, with those joined that the page's width broke; rows of tables stay apart.

    A line of at least `full` columns is one that the width may have broken.
    """
    full = _full_width(lines) if full is None else full
    found: list[str] = []
    broken = False  # the line before goes on in this one
    previous = ""
    for raw in lines:
        line = raw.strip(" \t\u3000")
        if not line:
            broken = False
            continue
        if broken and found and not tabular(line) and not _STARTS_ITEM.match(line):
            found[-1] = _joined(found[-1], line)
        else:
            found.append(line)
        previous = line
        hyphenated = previous[-1] in SOFT_HYPHEN
        wide = _width(previous) >= full and full >= 24
        ended = previous.endswith(_ENDS_LINE) and not hyphenated
        broken = hyphenated or (wide and not ended and not tabular(previous))
    return [text for text in (clean(paragraph).strip() for paragraph in found) if text]


def _joined(left: str, right: str) -> str:
    if left[-1:] in SOFT_HYPHEN:
        return left[:-1] + right
    if left.endswith("-") and right[:1].islower():
        return left + right
    if _WIDE.match(left[-1:]) or _WIDE.match(right[:1]):
        return left + right
    return f"{left} {right}"


def _width(line: str) -> int:
    return sum(2 if _WIDE.match(char) else 1 for char in line.strip())


def tabular(line: str) -> bool:
    """A row of a table: several words, many of them figures."""
    words = line.split()
    figures = sum(bool(_FIGURE.fullmatch(word)) for word in words)
    return len(words) >= 3 and figures >= 0.3 * len(words)
