"""Plain text and CSV."""

from __future__ import annotations

import csv
import io
import re

from copilot.adapters.readers.decoding import decode
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.tables import Row, row_sections
from copilot.domain.materials import Document
from copilot.errors import Unreadable

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_DELIMITERS = ",;\t|，"


def read_plain(title: str, data: bytes) -> Document:
    """Paragraphs are what blank lines part; each knows its first line."""
    text = decode(data)
    outline = Outline()
    start = counted = 0
    line = 1
    for gap in [*_BLANK.finditer(text), None]:
        end = gap.start() if gap else len(text)
        block = text[start:end]
        begins = start + len(block) - len(block.lstrip())
        line += text.count("\n", counted, begins)
        counted = begins
        outline.text(block, {"line": line})
        start = gap.end() if gap else end
    return Document(title=title, sections=outline.finish())


def read_csv(title: str, data: bytes) -> Document:
    """Rows under a header; the delimiter is the one that parts the header into most columns."""
    text = decode(data)
    try:
        rows = list(_rows(text))
    except csv.Error as exc:
        raise Unreadable("broken") from exc
    return Document(
        title=title, sections=tuple(row_sections(rows, heading=(), locate=lambda line: {"line": line}))
    )


def _rows(text: str) -> list[Row]:
    header = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", header)
    delimiter = max(_DELIMITERS, key=unquoted.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    found: list[Row] = []
    line = 1
    for cells in reader:
        found.append((line, cells))
        line = reader.line_num + 1
    return found
