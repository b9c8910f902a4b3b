"""Files as people drop them, made by hand: office documents, PDFs and pictures."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any


def png(shade: int, size: int = 3) -> bytes:
    """A small square of one grey; each shade is another picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade]) * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def docx_bytes(build: Callable[[Any], None]) -> bytes:
    import docx

    made = docx.Document()
    build(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def xlsx_bytes(build: Callable[[Any], None]) -> bytes:
    import openpyxl

    made = openpyxl.Workbook()
    build(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def pptx_bytes(build: Callable[[Any], None]) -> bytes:
    import pptx

    made = pptx.Presentation()
    build(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def tea_docx(made: Any) -> None:
    """A word document with headings, a table and merged cells, for `docx_bytes`."""
    made.add_heading("品牌故事", 0)
    made.add_heading("起源", 1)
    made.add_paragraph("三代人守一座茶山。")
    table = made.add_table(rows=3, cols=3)
    for place, cells in enumerate(
        [("品名", "规格", "价格"), ("云雾", "100g", "128 元"), ("", "250g", "268 元")]
    ):
        for column, text in enumerate(cells):
            table.cell(place, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    made.add_heading("物流", 1)


def pictures() -> bytes:
    """A scan: a document that holds a picture, and of text no more than a line beside it."""

    def build(made: Any) -> None:
        made.add_picture(io.BytesIO(png(0)))
        made.add_paragraph("扫描件 9 元")

    return docx_bytes(build)


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """An office file with other members in its container."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


def pdf_bytes(*pages: list[str]) -> bytes:
    """A PDF written by hand: a page is its lines, in Helvetica."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 40 800 Td\n{shown}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)
