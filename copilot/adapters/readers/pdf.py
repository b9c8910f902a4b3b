"""PDF: text page by page, with the line breaks of the layout taken out of the sentences."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from copilot.adapters.readers.decoding import clean
from copilot.domain.materials import Document, Section
from copilot.domain.sentences import HAN
from copilot.errors import Unreadable

MAX_PAGES = 2_000

_HARDLY_ANY = 15  # characters a page
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_HAN = re.compile(f"[{HAN}]")
_WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60“”‘’…—]")
_RADICAL = re.compile("[\u2e80-\u2fdf]")
_ENDS_LINE = tuple("。！？!?；;：:…")
_STARTS_ITEM = re.compile(
    r"\s*(?:[-•·●○■□◆▪*–]|\(?\d{1,3}[.)、．]|[（(]?[一二三四五六七八九十]{1,3}[、.)）]|第.{1,4}[章节条])"
)
_PAGE_NUMBER = re.compile(
    r"(?:第\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*页)?(?:\s*(?:/|of|共)\s*\d{1,4}\s*页?)?|page\s+\d+.*",
    re.IGNORECASE,
)
_SOFT_HYPHEN = "\ufffe\x02\u00ad"


def read_pdf(title: str, data: bytes) -> Document:
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        locked = getattr(exc, "err_code", None) == _WRONG_PASSWORD
        raise Unreadable("encrypted" if locked else "broken") from exc
    try:
        if len(opened) > MAX_PAGES:
            raise Unreadable("too_many_pages", limit=MAX_PAGES)
        pages: list[list[str]] = []
        drawn = 0
        without_text = 0
        for page in opened:
            lines = _lines(page)
            pages.append(lines)
            if not any(line.strip() for line in lines):
                marks = _has_objects(page)
                without_text += marks
                drawn += marks
            elif _has_picture(page):
                drawn += 1
            page.close()
    finally:
        opened.close()
    sections = tuple(
        Section(text=paragraph, locator={"page": number})
        for number, lines in enumerate(_without_furniture(pages), start=1)
        for paragraph in paragraphs(lines)
    )
    characters = sum(len("".join(section.text.split())) for section in sections)
    warnings: tuple[str, ...] = ()
    if drawn and characters < _HARDLY_ANY * len(pages):
        warnings = ("image_only",)
    elif without_text:
        warnings = ("pages_without_text",)
    return Document(title=title, sections=sections, warnings=warnings)


def _lines(page: Any) -> list[str]:
    reader = page.get_textpage()
    try:
        text: str = reader.get_text_range()
    finally:
        reader.close()
    text = _RADICAL.sub(lambda radical: unicodedata.normalize("NFKC", radical.group()), text)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _has_objects(page: Any) -> bool:
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def _has_picture(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return any(item.type == FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=3))


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Without page numbers; a running head, at the edge of most pages, stays on its first page only."""
    if len(pages) < 3:
        return pages
    edges = [_edge_places(lines) for lines in pages]
    seen: Counter[str] = Counter()
    for lines, places in zip(pages, edges, strict=True):
        seen.update({lines[place].strip() for place in places})
    kept: list[list[str]] = []
    shown: set[str] = set()
    for lines, places in zip(pages, edges, strict=True):
        result = []
        for place, line in enumerate(lines):
            text = line.strip()
            if place in places:
                if len(text) < 40 and _PAGE_NUMBER.fullmatch(text):
                    continue
                if seen[text] > len(pages) / 2:
                    if text in shown:
                        continue
                    shown.add(text)
            result.append(line)
        kept.append(result)
    return kept


def _edge_places(lines: list[str]) -> list[int]:
    filled = [place for place, line in enumerate(lines) if line.strip()]
    return [*filled[:1], *filled[-1:]]


def paragraphs(lines: list[str]) -> list[str]:
    """Lines as printed, with those joined that the page's width broke; rows of tables stay apart."""
    widths = [_width(line) for line in lines if not _tabular(line)]
    full = 0.8 * max(widths, default=0)
    found: list[str] = []
    broken = False  # the line before goes on in this one
    previous = ""
    for raw in lines:
        line = raw.strip(" \t\u3000")
        if not line:
            broken = False
            continue
        if broken and found and not _tabular(line) and not _STARTS_ITEM.match(line):
            found[-1] = _joined(found[-1], line)
        else:
            found.append(line)
        previous = line
        hyphenated = previous[-1] in _SOFT_HYPHEN
        wide = _width(previous) >= full and full >= 24
        ended = previous.endswith(_ENDS_LINE) and not hyphenated
        broken = hyphenated or (wide and not ended and not _tabular(previous))
    return [text for text in (clean(paragraph).strip() for paragraph in found) if text]


def _joined(left: str, right: str) -> str:
    if left[-1] in _SOFT_HYPHEN:
        return left[:-1] + right
    if left.endswith("-") and right[:1].islower():
        return left + right
    if _WIDE.match(left[-1]) or _WIDE.match(right[0]):
        return left + right
    return f"{left} {right}"


def _width(line: str) -> int:
    return sum(2 if _WIDE.match(char) else 1 for char in line.strip())


def _tabular(line: str) -> bool:
    """A row of a table: several words, many of them figures."""
    words = line.split()
    figures = sum(bool(re.fullmatch(r"[¥￥$€£]?-?[\d.,:/%-]+", word)) for word in words)
    return len(words) >= 3 and figures >= 0.3 * len(words)
