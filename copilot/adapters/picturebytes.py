"""The bytes of a picture without what stands beside its pixels: place, time, device, comments, stowaways.

Each format is a chain of parts. Those that the pixels and their colours need are copied to the letter;
all others are left out, also what was hung on behind the end, such as the film of a live photo. Only
the orientation comes along, in a record of EXIF that holds nothing else.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from copilot.domain.media import Mime

UPRIGHT = 1


class Bare(NamedTuple):
    """What is left of a picture, and how it must be turned to stand upright (EXIF's 1 to 8)."""

    data: bytes
    orientation: int


def bare(mime: Mime, data: bytes) -> Bare:
    """Raises ValueError for a chain that breaks; what the parts hold is not looked at."""
    try:
        return _STRIPS[mime](data)
    except (struct.error, IndexError) as exc:
        raise ValueError("the picture breaks off") from exc


# --- EXIF ---------------------------------------------------------------------------------------

_EXIF = b"Exif\x00\x00"
_ORIENTATION = 0x0112


def _orientation(tiff: bytes) -> int:
    """The orientation that a record of EXIF names; upright where it names none or cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if (tag, kind) == (_ORIENTATION, 3):
                return value if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass
    return UPRIGHT


def _record(orientation: int) -> bytes:
    """A record of EXIF with the orientation alone; nothing at all for a picture that stands upright."""
    if orientation == UPRIGHT:
        return b""
    return b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


# --- JPEG ---------------------------------------------------------------------------------------

_SCAN, _END = 0xDA, 0xD9
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")


def _jpeg(data: bytes) -> Bare:
    kept: list[bytes] = []
    orientation = UPRIGHT
    at = 2
    while True:
        marker = _NEXT_MARKER.match(data, at)
        if marker is None:
            raise ValueError("no marker where one must be")
        at = marker.end()
        code = marker.group(1)[0]
        if code == _END:
            break
        (length,) = struct.unpack_from(">H", data, at)
        content = data[at + 2 : at + length]
        end = at + length
        if code == _SCAN:
            following = _NEXT_MARKER.search(data, end)
            if following is None:
                raise ValueError("no end")
            end = following.start()
        if code == 0xE1 and content.startswith(_EXIF):
            orientation = _orientation(content.removeprefix(_EXIF))
        if _jpeg_part_stays(code, content):
            kept.append(b"\xff" + bytes([code]) + data[at:end])
        at = end
    record = _record(orientation)
    exif = b"\xff\xe1" + struct.pack(">H", 2 + len(_EXIF) + len(record)) + _EXIF + record if record else b""
    # JFIF, where there is one, must come first.
    first = kept[:1] if kept and kept[0].startswith(b"\xff\xe0") else []
    return Bare(b"\xff\xd8" + b"".join([*first, exif, *kept[len(first) :]]) + b"\xff\xd9", orientation)


def _jpeg_part_stays(code: int, content: bytes) -> bool:
    """Tables, frames and scans; of the application's parts JFIF without thumbnail, colours, and Adobe's."""
    if code == 0xE0:
        return content.startswith(b"JFIF\x00") and len(content) == 14
    if code == 0xE2:
        return content.startswith(b"ICC_PROFILE\x00")
    if code == 0xEE:
        return content.startswith(b"Adobe")
    return not (0xE0 <= code <= 0xEF or code == 0xFE)


# --- PNG ----------------------------------------------------------------------------------------

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_STAYS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def _png(data: bytes) -> Bare:
    kept: list[bytes] = []
    orientation = UPRIGHT
    at = len(_SIGNATURE)
    name = b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise ValueError("the picture breaks off")
        if name == b"eXIf":
            orientation = _orientation(data[at + 8 : end - 4])
        elif name in _PNG_STAYS:
            kept.append(data[at:end])
        at = end
    record = _record(orientation)
    exif = [_png_chunk(b"eXIf", record)] if record else []
    return Bare(b"".join([_SIGNATURE, *kept[:1], *exif, *kept[1:]]), orientation)


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


# --- WebP ---------------------------------------------------------------------------------------

_WEBP_STAYS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def _webp(data: bytes) -> Bare:
    parts = list(_webp_parts(data))
    found = next((content for name, content in parts if name == b"EXIF"), b"")
    orientation = _orientation(found.removeprefix(_EXIF))
    record = _record(orientation)
    kept: list[tuple[bytes, bytes]] = []
    for name, content in parts:
        if name == b"VP8X":
            flags = content[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if record else 0)
            kept.append((name, bytes([flags]) + content[1:]))
        elif name in _WEBP_STAYS:
            kept.append((name, content))
    if record:
        kept.append((b"EXIF", record))
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)
        for name, content in kept
    )
    return Bare(b"RIFF" + struct.pack("<I", len(body)) + body, orientation)


def _webp_parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data) + 1:  # The last part's padding is often forgotten.
        raise ValueError("the picture breaks off")
    at = 12
    while at + 8 <= min(size + 8, len(data)):
        (length,) = struct.unpack_from("<I", data, at + 4)
        if at + 8 + length > len(data):
            raise ValueError("the picture breaks off")
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


# --- GIF ----------------------------------------------------------------------------------------


def _gif(data: bytes) -> Bare:
    """As it is: a GIF knows no place and no orientation."""
    return Bare(data, UPRIGHT)


_STRIPS: dict[Mime, Callable[[bytes], Bare]] = {
    Mime.JPEG: _jpeg,
    Mime.PNG: _png,
    Mime.WEBP: _webp,
    Mime.GIF: _gif,
}
