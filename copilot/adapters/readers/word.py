"""Word documents (docx): headings, paragraphs, tables, text boxes and drawings in reading order, then notes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from copilot.adapters.readers.drawings import charts, smart_art
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.printed import PAGE_NUMBER
from copilot.adapters.readers.tables import row_sections, table_sections
from copilot.domain.materials import Document, Section

_Element = Any  # of lxml, which has no types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_HARDLY_ANY = 40  # characters beside a picture: what is worth reading is in the picture

# Deleted and moved-away text is still in the file, and a fallback repeats what stands beside it.
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", _FALLBACK})
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "moveTo"))
_HEAD = re.compile(r"/(?:header|footer)\d*\.xml$")


def read_docx(title: str, data: bytes) -> Document:
    import docx
    from docx.oxml import parse_xml

    opened = docx.Document(io.BytesIO(data))
    body = opened.element.body
    relations = opened.part.rels.items()
    parts = {name: relation.target_part for name, relation in relations if not relation.is_external}
    reader = _Word(_styles(opened.styles.element), parts)
    reader.blocks(body)
    reader.outline.close()
    for part in parts.values():
        if part.partname.endswith(("/footnotes.xml", "/endnotes.xml")):
            reader.notes(parse_xml(part.blob))
    heads = [part for part in parts.values() if _HEAD.search(part.partname)]
    for part in sorted(heads, key=lambda part: str(part.partname)):
        reader.margin(parse_xml(part.blob))
    sections = reader.outline.finish()
    pictures = sum(1 for _ in body.iter(_BLIP, _IMAGE_DATA))
    characters = sum(len("".join(section.text.split())) for section in sections)
    return Document(
        title=reader.title or title,
        sections=sections,
        warnings=("image_only",) if pictures and characters < _HARDLY_ANY else (),
    )


class _Word:
    """The state while a body is read: the outline, and the number of the paragraph."""

    def __init__(self, styles: dict[str, tuple[str, int | None]], parts: Mapping[str, Any]) -> None:
        self.styles = styles
        self.parts = parts
        self.outline = Outline()
        self.title = ""
        self.number = 0
        self.margins: set[str] = set()

    def blocks(self, parent: _Element) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self.paragraph(child)
            elif child.tag == f"{_W}tbl":
                self.table(child)
            elif child.tag in _WRAPPERS:
                self.blocks(child)

    def paragraph(self, element: _Element) -> None:
        self.number += 1
        locator = {"paragraph": self.number}
        text = _text(element).strip()
        style, level = self._style(element)
        if style.startswith("toc "):
            return  # a table of contents only repeats the headings
        if style in ("title", "标题") and text and not self.title:
            self.title = " ".join(text.split())
            self.outline.heading(0, text, locator)
        elif level is not None and len(text) <= 200:
            self.outline.heading(level + 1, text, locator)
        else:
            self.outline.text(text, locator)
        for box in _boxes(element):
            self.blocks(box)
        self.drawings(element, locator)

    def table(self, element: _Element) -> None:
        cells = [list(_descend(row, "tc")) for row in _descend(element, "tr")]
        if max(map(len, cells), default=0) == 1:
            # A frame around other things: what is in it may be tables of its own.
            for [cell] in filter(None, cells):
                self.blocks(cell)
            return
        self.number += 1
        self.outline.extend(_table(element, self.outline.path, self.number))

    def drawings(self, element: _Element, locator: dict[str, int]) -> None:
        """SmartArt and charts, which keep their text in files of their own."""
        self.outline.text(smart_art(element, self.parts), locator)
        for title, rows in charts(element, self.parts):
            self.outline.text(title, locator)
            path = (*self.outline.path, title) if title else self.outline.path
            self.outline.extend(row_sections(rows, heading=path, locate=lambda row: {**locator, "row": row}))

    def margin(self, root: _Element) -> None:
        """Page headers and footers, each said once: they hold hotlines and conditions as well as page numbers."""
        for element in root.iter(f"{_W}p"):
            text = _text(element).strip()
            if text and not PAGE_NUMBER.fullmatch(text) and text not in self.margins:
                self.margins.add(text)
                self.number += 1
                self.outline.text(text, {"paragraph": self.number})

    def notes(self, root: _Element) -> None:
        """Footnotes carry conditions ("while stocks last"), so they are read, at the end."""
        for note in root:
            if note.get(f"{_W}type") in (None, "normal"):
                self.number += 1
                lines = (_text(paragraph).strip() for paragraph in note.iter(f"{_W}p"))
                self.outline.text("\n".join(filter(None, lines)), {"paragraph": self.number})

    def _style(self, element: _Element) -> tuple[str, int | None]:
        properties = element.find(f"{_W}pPr")
        if properties is None:
            return "", None
        chosen = properties.find(f"{_W}pStyle")
        name, level = self.styles.get(chosen.get(f"{_W}val", "") if chosen is not None else "", ("", None))
        own = _level(properties)
        return name, own if own is not None else level


def _level(properties: _Element | None) -> int | None:
    found = properties.find(f"{_W}outlineLvl") if properties is not None else None
    value = found.get(f"{_W}val", "") if found is not None else ""
    return int(value) if value.isdigit() and int(value) < 9 else None


def _styles(root: Any) -> dict[str, tuple[str, int | None]]:
    """Each paragraph style's name in small letters and its outline level, its own or the one it inherits."""
    raw: dict[str, tuple[str, int | None, str]] = {}
    for style in root.iter(f"{_W}style"):
        name, based = style.find(f"{_W}name"), style.find(f"{_W}basedOn")
        called = (name.get(f"{_W}val", "") if name is not None else "").lower()
        level = _level(style.find(f"{_W}pPr"))
        numbered = _HEADING.match(called)
        if level is None and numbered:
            level = int(numbered.group(1)) - 1
        parent = based.get(f"{_W}val", "") if based is not None else ""
        raw[style.get(f"{_W}styleId", "")] = (called, level, parent)

    def inherited(style: str) -> int | None:
        seen: set[str] = set()
        while style in raw and style not in seen:
            seen.add(style)
            if raw[style][1] is not None:
                return raw[style][1]
            style = raw[style][2]
        return None

    return {style: (called, inherited(style)) for style, (called, _, _) in raw.items()}


def _text(paragraph: _Element) -> str:
    """A paragraph's text as it prints; python-docx's own leaves out insertions and content controls."""
    return "".join(_runs(paragraph))


def _runs(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED or child.tag == f"{_W}txbxContent":
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _runs(child)


def _boxes(element: _Element) -> Iterator[_Element]:
    for child in element:
        if child.tag == f"{_W}txbxContent":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _boxes(child)


def _table(table: _Element, heading: tuple[str, ...], number: int) -> list[Section]:
    rows: list[tuple[int, list[str]]] = []
    marked = headed = False
    for place, row in enumerate(_descend(table, "tr"), start=1):
        properties = row.find(f"{_W}trPr")
        repeats = properties is not None and properties.find(f"{_W}tblHeader") is not None
        marked = marked or (place == 1 and repeats)
        cells = _cells(row, rows[-1][1] if rows else [], repeat=not headed)
        headed = headed or len(set(filter(None, cells))) > 1
        rows.append((place, cells))
    return table_sections(
        rows,
        heading=heading,
        locate=lambda row_number: {"paragraph": number, "row": row_number},
        header_marked=marked and len(rows) > 1,
    )


def _cells(row: _Element, above: list[str], *, repeat: bool) -> list[str]:
    """A row's cells by column. A cell merged downwards says the same in each row, as a category does.

    A header over several columns names each of them (`repeat`); below it, a wide cell counts once.
    """
    cells: list[str] = []
    for cell in _descend(row, "tc"):
        setup = cell.find(f"{_W}tcPr")
        span = setup.find(f"{_W}gridSpan") if setup is not None else None
        merged = setup.find(f"{_W}vMerge") if setup is not None else None
        text = "\n".join(filter(None, _cell_text(cell)))
        if merged is not None and merged.get(f"{_W}val") != "restart" and len(above) > len(cells):
            text = above[len(cells)]
        width = span.get(f"{_W}val", "1") if span is not None else "1"
        others = min(int(width) - 1 if width.isdigit() else 0, 63)
        cells += [text, *[text if repeat else ""] * others]
    return cells


def _cell_text(cell: _Element) -> Iterator[str]:
    """The lines of a cell; those of a table within it name their columns, as its own rows do."""
    for child in cell:
        if child.tag == f"{_W}p":
            yield _text(child).strip()
            for box in _boxes(child):
                yield from _cell_text(box)
        elif child.tag == f"{_W}tbl":
            yield from (section.text for section in _table(child, (), 0))
        elif child.tag in _WRAPPERS:
            yield from _cell_text(child)


def _descend(parent: _Element, name: str) -> Iterator[_Element]:
    """Children of this name, also those inside content controls; nested tables stay in their cell."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _descend(child, name)
