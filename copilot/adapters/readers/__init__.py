"""Files to documents: `read` sees what the bytes are and hands them to the reader that knows them."""

from __future__ import annotations

import re
from collections.abc import Callable

from copilot.domain.materials import Document
from copilot.domain.paths import given_path
from copilot.errors import Unreadable

__all__ = ["EXTENSIONS", "MAX_BYTES", "read"]

MAX_BYTES = 30 * 1024 * 1024
MEGABYTE = 1024 * 1024

_PLAIN = frozenset({"", ".txt", ".text"})
_MARKDOWN = frozenset({".md", ".markdown"})
_TABLES = frozenset({".csv", ".tsv"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_OFFICE = frozenset({".docx", ".docm", ".dotx", ".pptx", ".pptm", ".ppsx", ".xlsx", ".xlsm", ".xltx"})
_LEGACY = frozenset({".doc", ".ppt", ".xls", ".pps", ".wps", ".et", ".dps"})
_CONTAINERS = frozenset({".pdf", *_OFFICE, *_LEGACY})

EXTENSIONS = (".txt", ".md", ".csv", ".html", ".docx", ".pptx", ".xlsx", ".pdf")
"""What an upload field offers; `read` knows a few more spellings."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)


def read(name: str, data: bytes) -> Document:
    """Reads one file. `name` gives the title and tells kinds of text apart; the rest is seen in the bytes.

    A pure function of its arguments, with no clock, disk or network, so that it can run in a child
    process under limits. Raises Unreadable, whose reason says what the person can do. A document
    with the warning `image_only` may have no sections at all.
    """
    path = given_path(name)
    extension = path.suffix.lower()
    title = path.stem.strip() or name
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty")
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", size_mb=round(len(data) / MEGABYTE, 1), limit_mb=MAX_BYTES // MEGABYTE)
    try:
        document = _reader(extension, data)(title, data)
    except (Unreadable, ImportError, MemoryError):
        raise
    except Exception as exc:  # whatever a parser throws at a damaged file means the same to the person
        raise Unreadable("broken") from exc
    if not document.characters and "image_only" not in document.warnings:
        raise Unreadable("empty")
    return document


def _reader(extension: str, data: bytes) -> Callable[[str, bytes], Document]:
    """The reader for these bytes; raises Unreadable for kinds that none of them knows."""
    if data.startswith(_OLE):
        raise Unreadable("encrypted" if _ENCRYPTED_STREAM in data else "legacy_office")
    if data.startswith(_ZIP):
        return _office_reader(extension, data)
    begins_as_pdf = data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-")
    if begins_as_pdf or (extension == ".pdf" and b"%PDF-" in data[:1024]):
        from copilot.adapters.readers.pdf import read_pdf

        return read_pdf
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        raise Unreadable("archive")
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:8] == b"ftyp":
        raise Unreadable("image")
    return _text_reader(extension, data)


def _office_reader(extension: str, data: bytes) -> Callable[[str, bytes], Document]:
    from copilot.adapters.readers.archive import Office, office_kind

    match office_kind(data, named_as_office=extension in _CONTAINERS):
        case Office.DOCX:
            from copilot.adapters.readers.word import read_docx

            return read_docx
        case Office.PPTX:
            from copilot.adapters.readers.slides import read_pptx

            return read_pptx
        case Office.XLSX:
            from copilot.adapters.readers.sheets import read_xlsx

            return read_xlsx


def _text_reader(extension: str, data: bytes) -> Callable[[str, bytes], Document]:
    # Shops export "xls" files that are HTML inside, and pages are saved under any name.
    if extension in _PAGES or (extension not in _MARKDOWN | _TABLES and _HTML.match(data[:4096])):
        from copilot.adapters.readers.html import read_html

        return read_html
    if extension in _MARKDOWN:
        from copilot.adapters.readers.markdown import read_markdown

        return read_markdown
    from copilot.adapters.readers.text import read_csv, read_plain

    if extension in _TABLES:
        return read_csv
    if extension in _PLAIN:
        return read_plain
    if extension in _CONTAINERS:
        raise Unreadable("broken")
    raise Unreadable("binary" if b"\x00" in data[:8192] else "unknown_kind", kind=extension)
