"""Tables to row sections: headers to cells, and the window that a row sets for itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from copilot.adapters.readers.decoding import clean
from copilot.domain.brands import Language
from copilot.domain.materials import Section, window_edge
from copilot.domain.sentences import language_of
from copilot.errors import Unreadable

Row = tuple[int, Sequence[str]]
"""A row's number, as a person counts it in the file, and its cells."""

MAX_ROWS = 20_000

_OPEN_ENDED = frozenset({"", "-", "—", "——", "/", "无", "长期", "永久", "n/a", "none", "open"})
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")


def table_sections(
    rows: Iterable[Row],
    *,
    heading: tuple[str, ...],
    locate: Callable[[int], Mapping[str, Any]],
    header_marked: bool = False,
) -> list[Section]:
    """The sections of a table: one a row, with `fields`, when it has a header and more than one column.

    Lines above the header with a single cell are its caption and join the heading path. Two columns
    of names and values, with no header, are one section. A frame of one column or one row is prose.
    """
    filled = _filled(rows)
    captions: list[str] = []
    while len(filled) > 1 and _distinct(filled[0][1]) == 1 and _widest(filled[1:]) > 1:
        captions.append(next(cell for cell in filled.pop(0)[1] if cell))
    heading = (*heading, *captions)
    if not filled:
        return []
    if not header_marked and (_widest(filled) == 1 or len(filled) == 1):
        return [_prose(cells, number, heading, locate) for number, cells in filled]
    if not header_marked and _names_and_values(filled):
        pairs = {cells[0]: cells[1] for _, cells in filled}
        return [_section(pairs, filled[0][0], heading, locate, _language(filled))]
    return list(row_sections(filled, heading=heading, locate=locate))


def tables_apart(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The tables of one sheet, which empty rows part; a gap with no header after it only parts rows.

    A caption that stands alone, with a gap below it, goes with the table that follows.
    """
    table: list[Row] = []
    block: list[Row] = []
    for row in [*rows, (0, ())]:
        if any(row[1]):
            block.append(row)
        elif block and all(_filled_cells(cells) == 1 for _, cells in block) and row[0]:
            continue
        else:
            if table and _begins_table(block):
                yield table
                table = []
            table += block
            block = []
    if table:
        yield table


def with_one_header(rows: list[Row]) -> list[Row]:
    """Rows whose header is one row; a name that was merged over several columns is said with each.

    A header of two rows shows in the gaps of its first, which the second fills with words.
    """
    at = next((place for place, (_, cells) in enumerate(rows) if _filled_cells(cells) > 1), len(rows))
    if len(rows) < at + 3:
        return rows
    (number, upper), (_, lower) = rows[at], rows[at + 1]
    width = max(len(upper), len(lower))
    over, under = ([*cells, *[""] * (width - len(cells))] for cells in (upper, lower))
    gaps = [place for place in range(1, width) if under[place] and not over[place]]
    if not gaps or _has_figures(upper) or _has_figures(lower) or _filled_cells(upper) == width:
        return rows
    if any(under[place] and over[place] and place + 1 not in gaps for place in range(width)):
        return rows
    for place in gaps:
        over[place] = over[place - 1]
    names = [" ".join(filter(None, pair)) for pair in zip(over, under, strict=True)]
    return [*rows[:at], (number, names), *rows[at + 2 :]]


def _begins_table(block: Sequence[Row]) -> bool:
    """Whether a block has a header of its own: words in every cell over rows with figures."""
    body = list(block)
    while len(body) > 2 and _filled_cells(body[0][1]) == 1:
        body.pop(0)
    if len(body) < 2 or _filled_cells(body[0][1]) < 2 or _has_figures(body[0][1]):
        return False
    return any(_has_figures(cells) for _, cells in body[1:])


def _filled_cells(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _has_figures(cells: Sequence[str]) -> bool:
    return any(char.isdigit() for cell in cells for char in cell)


def row_sections(
    rows: Iterable[Row], *, heading: tuple[str, ...], locate: Callable[[int], Mapping[str, Any]]
) -> Iterator[Section]:
    """One section a row; the first row that is not empty names the columns."""
    filled = _filled(rows)
    if len(filled) == 1:
        yield _prose(filled[0][1], filled[0][0], heading, locate)
    if len(filled) < 2:
        return
    width = max(len(cells) for _, cells in filled)
    names = _names(filled[0][1], width)
    language = _language(filled)
    for number, cells in filled[1:]:
        fields = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        yield _section(fields, number, heading, locate, language)


def _prose(
    cells: Sequence[str], number: int, heading: tuple[str, ...], locate: Callable[[int], Mapping[str, Any]]
) -> Section:
    """A row that is no record; a merged cell, which comes once for every column, is said once."""
    return Section(
        text="\n".join(dict.fromkeys(filter(None, cells))), heading=heading, locator=dict(locate(number))
    )


def _section(
    fields: Mapping[str, str],
    number: int,
    heading: tuple[str, ...],
    locate: Callable[[int], Mapping[str, Any]],
    language: Language,
) -> Section:
    colon, stop = ("：", "；") if language is Language.ZH else (": ", "; ")
    valid_from, valid_until = _window(fields, number)
    return Section(
        text=stop.join(f"{name}{colon}{cell}" for name, cell in fields.items()),
        heading=heading,
        locator=dict(locate(number)),
        fields=dict(fields),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _filled(rows: Iterable[Row]) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        tidy = [clean(cell).strip() for cell in cells]
        if any(tidy):
            found.append((number, tidy))
        if len(found) > MAX_ROWS:
            raise Unreadable("too_many_rows", limit=MAX_ROWS)
    return found


def _distinct(cells: Sequence[str]) -> int:
    return len(set(filter(None, cells)))


def _widest(rows: Sequence[tuple[int, list[str]]]) -> int:
    return max(sum(bool(cell) for cell in cells) for _, cells in rows)


def _language(rows: Sequence[tuple[int, list[str]]]) -> Language:
    return language_of(" ".join(" ".join(cells) for _, cells in rows[:50]))


def _names(header: Sequence[str], width: int) -> list[str]:
    """Column names, each once; a column without a name is called by its letter, as in a spreadsheet."""
    names: list[str] = []
    for place in range(width):
        name = " ".join(header[place].split()) if place < len(header) else ""
        name = name or _letter(place)
        base, copy = name, 1
        while name in names:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return names


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _names_and_values(rows: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether two columns are name and value: short names, each once, and a first value that is no title."""
    if any(len(cells) != 2 or not cells[0] for _, cells in rows):
        return False
    names = [cells[0] for _, cells in rows]
    first = rows[0][1][1]
    looks_like_value = any(char.isdigit() for char in first) or len(first) > 16 or first.endswith(("。", "."))
    return looks_like_value and len(set(names)) == len(names) and all(len(name) <= 24 for name in names)


def _window(fields: Mapping[str, str], number: int) -> tuple[str | None, str | None]:
    edges: dict[str, str | None] = {"from": None, "until": None}
    for name, value in fields.items():
        edge = window_edge(name)
        if edge is not None:
            edges[edge] = _day(value, number)
    return edges["from"], edges["until"]


def _day(value: str, number: int) -> str | None:
    """The ISO date of a cell. A date that nobody can read is refused: the offer would never end."""
    if value.strip().lower() in _OPEN_ENDED:
        return None
    match = _DATE.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError(value)
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError as exc:
        raise Unreadable("window", row=number, value=value[:40]) from exc
