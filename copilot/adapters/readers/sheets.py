"""Workbooks (xlsx): every visible sheet as rows under its header."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from copilot.adapters.readers.tables import MAX_ROWS, Row, table_sections, tables_apart, with_one_header
from copilot.domain.materials import Document, Section
from copilot.errors import Unreadable

MAX_CELLS = 2_000_000

# What a program names a sheet says nothing about it.
_DEFAULT_NAME = re.compile(r"(?:Sheet|Table|工作表|表)\s?\d*", re.IGNORECASE)


def read_xlsx(title: str, data: bytes) -> Document:
    """Shown values, not formulas. Hidden sheets, not meant to be published, are left out and warned of."""
    import openpyxl

    sections: list[Section] = []
    hidden = False
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it drops; no text is lost with them.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    hidden = True
                    continue
                sections.extend(_sheet(sheet))
        finally:
            book.close()
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        pictures = any(name.startswith("xl/media/") for name in container.namelist())
    found = (("image_only", pictures and not sections), ("hidden_sheets", hidden))
    return Document(
        title=title, sections=tuple(sections), warnings=tuple(warning for warning, holds in found if holds)
    )


def _sheet(sheet: Any) -> list[Section]:
    name = sheet.title
    heading = () if _DEFAULT_NAME.fullmatch(name) else (name,)
    return [
        section
        for table in tables_apart(_rows(sheet))
        for section in table_sections(
            with_one_header(table),
            heading=heading,
            locate=lambda row: {"sheet": name, "row": row},
            header_marked=True,
        )
    ]


def _rows(sheet: Any) -> Iterator[Row]:
    # The declared dimension can be wrong in both directions, so the cells themselves are counted.
    sheet.reset_dimensions()
    cells = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells += len(row) + 1
        if cells > MAX_CELLS:
            raise Unreadable("too_many_rows", limit=MAX_ROWS)
        yield number, [_shown(cell) for cell in row]


def _shown(cell: Any) -> str:
    """A cell as a person sees it: dates in ISO form, 0.8 as 80% where so formatted, no float noise."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            return str(value)
        case int() | float():
            if "%" in str(cell.number_format or ""):
                return f"{_number(value * 100)}%"
            return _number(value)
        case _:
            return "" if cell.data_type == "e" else str(value)


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    short = format(value, ".12g")
    return format(value, ".0f") if "e" in short and value.is_integer() else short
