"""PDF: text page by page, under the headings that the size of letters shows."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.printed import Line, fill, without_furniture
from copilot.domain.materials import Document
from copilot.errors import Unreadable

MAX_PAGES = 2_000

_HARDLY_ANY = 15  # characters a page
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_RADICAL = re.compile("[\u2e80-\u2fdf]")


def read_pdf(title: str, data: bytes) -> Document:
    """PDFium has no bounds of its own: pages are counted here, time and memory end with the process."""
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        locked = getattr(exc, "err_code", None) == _WRONG_PASSWORD
        raise Unreadable("encrypted" if locked else "broken") from exc
    try:
        if len(opened) > MAX_PAGES:
            raise Unreadable("too_many_pages", limit=MAX_PAGES)
        pages: list[list[Line]] = []
        drawn = 0
        without_text = 0
        for page in opened:
            lines = _lines(page)
            pages.append(lines)
            if not any(line.text.strip() for line in lines):
                marks = _has_objects(page)
                without_text += marks
                drawn += marks
            elif _has_picture(page):
                drawn += 1
            page.close()
    finally:
        opened.close()
    outline = Outline()
    fill(outline, without_furniture(pages))
    sections = outline.finish()
    characters = sum(len("".join(section.text.split())) for section in sections)
    warnings: tuple[str, ...] = ()
    if drawn and characters < _HARDLY_ANY * len(pages):
        warnings = ("image_only",)
    elif without_text:
        warnings = ("pages_without_text",)
    return Document(title=title, sections=sections, warnings=warnings)


def _lines(page: Any) -> list[Line]:
    reader = page.get_textpage()
    try:
        text: str = reader.get_text_range()
        # Beyond the basic plane one character is two of PDFium's, and places would no longer agree.
        measured = reader.count_chars() == len(text)
        lines: list[Line] = []
        at = 0
        for line in text.split("\n"):
            lead = len(line) - len(line.lstrip())
            size = _size(reader, at + lead) if measured and line.strip() else 0.0
            lines.append(Line(_plain(line.rstrip("\r")), size))
            at += len(line) + 1
    finally:
        reader.close()
    return lines


def _size(reader: Any, at: int) -> float:
    """The height of a letter on paper, to half a point: its font's size as its matrix stretches it."""
    from pypdfium2.raw import FS_MATRIX, FPDFText_GetFontSize, FPDFText_GetMatrix

    matrix = FS_MATRIX()
    if not FPDFText_GetMatrix(reader, at, matrix):
        return 0.0
    return round(2 * float(FPDFText_GetFontSize(reader, at)) * math.hypot(matrix.b, matrix.d)) / 2


def _plain(line: str) -> str:
    """Some PDFs write a character as the radical that looks like it."""
    return _RADICAL.sub(lambda radical: unicodedata.normalize("NFKC", radical.group()), line)


def _has_objects(page: Any) -> bool:
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def _has_picture(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return any(item.type == FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=3))
