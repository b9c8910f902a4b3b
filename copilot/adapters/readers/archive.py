"""Zip containers: what they hold and whether they are safe to parse, before any parser sees them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum
from xml.parsers import expat

from copilot.errors import Unreadable

MAX_INFLATED = 100 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 5_000

_RATIO_MATTERS = 1024 * 1024
_XML = (".xml", ".rels", ".vml")
# Neither exists in a proper office file: a document type is how entities are declared, and an unusual
# encoding is how one is hidden from this very search.
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00?!\x00?[DE]\x00?[ON]\x00?[CT]\x00?[TI]\x00?")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"})


class Office(StrEnum):
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"


_MAIN = (
    (b"wordprocessingml.document.main+xml", Office.DOCX),
    (b"wordprocessingml.template.main+xml", Office.DOCX),
    (b"presentationml.presentation.main+xml", Office.PPTX),
    (b"presentationml.slideshow.main+xml", Office.PPTX),
    (b"presentationml.template.main+xml", Office.PPTX),
    (b"spreadsheetml.sheet.main+xml", Office.XLSX),
    (b"spreadsheetml.template.main+xml", Office.XLSX),
)


def office_kind(data: bytes, *, named_as_office: bool) -> Office:
    """Which office format a zip holds; raises Unreadable for every other or unsafe one.

    Every member is inflated once in small steps and thrown away, because declared sizes can lie.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return _inspect(container, named_as_office)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        expat.ExpatError,
    ) as exc:
        raise Unreadable("broken" if named_as_office else "archive") from exc


def _inspect(container: zipfile.ZipFile, named_as_office: bool) -> Office:
    members = container.infolist()
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names:
        raise Unreadable("broken" if named_as_office and names & {"_rels/.rels"} else "archive")
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable("encrypted")
    declared = sum(member.file_size for member in members)
    if declared > MAX_INFLATED or len(members) > MAX_MEMBERS:
        raise Unreadable("inflates", limit_mb=MAX_INFLATED // 1024**2)
    inflated = 0
    types = b""
    unsafe = False
    for member in members:
        kept = bytearray()
        searched = member.filename.lower().endswith(_XML)
        size = 0
        with container.open(member) as stream:
            while block := stream.read(64 * 1024):
                size += len(block)
                inflated += len(block)
                if inflated > MAX_INFLATED or (
                    size > _RATIO_MATTERS and size > MAX_RATIO * max(member.compress_size, 1)
                ):
                    raise Unreadable("inflates", limit_mb=MAX_INFLATED // 1024**2)
                if searched:
                    kept += block
        unsafe = unsafe or (searched and _unsafe_xml(bytes(kept)))
        if member.filename.endswith((".rels", "[Content_Types].xml")) and not unsafe:
            # The parsers pass over a damaged index and then read half a document.
            expat.ParserCreate().Parse(bytes(kept), True)
        if member.filename == "[Content_Types].xml":
            types = bytes(kept)
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("macro")
    if unsafe:
        raise Unreadable("unsafe_xml")
    for main, kind in _MAIN:
        if main in types:
            return kind
    raise Unreadable("unknown_kind")


def _unsafe_xml(content: bytes) -> bool:
    if _DOCTYPE.search(content):
        return True
    declared = _ENCODING.match(content.lstrip(b"\xef\xbb\xbf \r\n\t"))
    return declared is not None and declared.group(1).lower() not in _ENCODINGS
