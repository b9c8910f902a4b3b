"""HTML pages: readable blocks under heading paths; scripts, styles and hidden elements are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from copilot.adapters.readers.decoding import decode
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.tables import table_sections
from copilot.domain.materials import Document

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def _tags(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_DROPPED = _tags(
    "script style noscript template svg math iframe object embed canvas head nav select button input "
    "textarea audio video"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = _tags(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer form header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HARDLY_ANY = 20


def read_html(title: str, data: bytes) -> Document:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_text(data))
    named = tree.css_first("head > title")
    page_title = " ".join(named.text().split()) if named is not None else ""
    outline = Outline()
    pictures = 0
    body = tree.body
    if body is not None:
        pictures = len(body.css("img, picture, svg"))
        _Page(outline).block(body)
    sections = outline.finish()
    characters = sum(len("".join(section.text.split())) for section in sections)
    first = next((section.heading[0] for section in sections if section.heading), "")
    return Document(
        title=page_title or first or title,
        sections=sections,
        warnings=("image_only",) if pictures and characters < _HARDLY_ANY else (),
    )


def _text(data: bytes) -> str:
    """A charset that the page declares is tried first, where it decodes without a fault."""
    declared = _META_CHARSET.search(data[:2048])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared.group(1).decode("ascii", "replace").lower()
        codec = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name)
        if codec:
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                pass
    return decode(data)


class _Page:
    """Gathers inline text until a block begins or ends."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.inline: list[str] = []

    def block(self, root: LexborNode) -> None:
        # An explicit stack: pages can be nested deeper than Python can call.
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self.flush()
                continue
            if node.is_text_node:
                self.inline.append(node.text_content or "")
                continue
            if not node.is_element_node or tag in _DROPPED or _hidden(node):
                continue
            if tag in _HEADINGS:
                self.flush()
                self.outline.heading(_HEADINGS[tag], _inner(node), {})
                continue
            if tag == "br":
                self.inline.append("\n")
                continue
            if tag == "table" and self.table(node):
                continue
            if tag in _BLOCKS:
                self.flush()
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(_children(node))))
        self.flush()

    def table(self, node: LexborNode) -> bool:
        """Reads a data table; a table that only arranges the page is left to be read as blocks."""
        if node.css_first("table table") is not None or node.css_first("h1, h2, h3, ul, ol") is not None:
            return False
        rows: list[tuple[int, list[str]]] = []
        for place, row in enumerate(node.css("tr"), start=1):
            rows.append((place, [_inner(cell) for cell in _children(row) if cell.tag in ("td", "th")]))
        marked = node.css_first("thead") is not None or _header_row(node)
        self.flush()
        caption = node.css_first("caption")
        if caption is not None:
            self.outline.text(_inner(caption), {})
        self.outline.extend(
            table_sections(
                rows,
                heading=self.outline.path,
                locate=lambda row: {"row": row},
                header_marked=marked and len(rows) > 1,
            )
        )
        return True

    def flush(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self.inline).split("\n"))
        self.inline.clear()
        self.outline.text("\n".join(filter(None, lines)), {})


def _header_row(table: LexborNode) -> bool:
    first = table.css_first("tr")
    return first is not None and first.css_first("td") is None and first.css_first("th") is not None


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _inner(node: LexborNode) -> str:
    """The text of one heading or cell on one line, without what is dropped or hidden."""
    parts: list[str] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if current.is_text_node:
            parts.append(current.text_content or "")
        elif current.tag == "br":
            parts.append(" ")
        elif current.tag not in _DROPPED and not _hidden(current):
            if current.tag in _BLOCKS:
                parts.append(" ")
            stack.extend(reversed(list(_children(current))))
    return " ".join("".join(parts).split())
