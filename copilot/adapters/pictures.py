"""Pictures: what they really are, that they are whole, and without what the camera wrote about people."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from copilot.adapters.readers import MEGABYTE
from copilot.adapters.sandbox import Sandbox, shared
from copilot.adapters.sandbox.wire import Frame, Garbled
from copilot.domain.media import Mime, Picture
from copilot.errors import Unreadable

__all__ = ["MAX_BYTES", "MAX_PIXELS", "BoundedPictureReader", "frames", "inspect", "picture"]

MAX_BYTES = 10 * MEGABYTE
"""What WeChat takes."""
MAX_PIXELS = 50_000_000

_BEGINS = (
    (b"\xff\xd8\xff", Mime.JPEG),
    (b"\x89PNG\r\n\x1a\n", Mime.PNG),
    (b"GIF87a", Mime.GIF),
    (b"GIF89a", Mime.GIF),
)
_FORMATS = {Mime.JPEG: "JPEG", Mime.PNG: "PNG", Mime.GIF: "GIF", Mime.WEBP: "WEBP"}
_TURNED = frozenset({5, 6, 7, 8})  # orientations of EXIF that swap width and height
_ORIENTATION = 0x0112


class BoundedPictureReader:
    """A `ports.PictureReader`: `inspect` in a child process under limits."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or shared()

    def __call__(self, name: str, data: bytes) -> Picture:
        if len(data) > MAX_BYTES:
            raise _too_large(data)
        return self._sandbox.ask("picture", name, data, picture)


def inspect(name: str, data: bytes) -> Picture:
    """Verifies a picture to its last row and returns what may be kept of it.

    The pixels are never encoded again: only what stands beside them is left out, place and device
    among it. A pure function, to be run in a child process. Raises Unreadable.
    """
    mime = _mime(data)
    if mime is None:
        raise Unreadable("picture_kind" if data else "empty")
    if len(data) > MAX_BYTES:
        raise _too_large(data)
    try:
        orientation = _header(mime, data)
        kept = stripped(mime, data, orientation)
        return _verified(mime, kept, orientation)
    except (Unreadable, MemoryError, ImportError):
        raise
    except Exception as exc:  # whatever the decoder throws at a damaged picture means the same to the person
        raise Unreadable("picture_broken") from exc


def _mime(data: bytes) -> Mime | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Mime.WEBP
    return next((mime for begins, mime in _BEGINS if data.startswith(begins)), None)


def _too_large(data: bytes) -> Unreadable:
    return Unreadable(
        "picture_too_large", size_mb=round(len(data) / MEGABYTE, 1), limit_mb=MAX_BYTES // MEGABYTE
    )


def _opened(mime: Mime, data: bytes) -> Any:
    """The picture with its header read and its size found bearable, and not a pixel decoded."""
    import warnings

    from PIL import Image

    with warnings.catch_warnings():
        # Pillow's own bound on pixels is looser than ours, which is checked right below.
        warnings.simplefilter("ignore")
        opened = Image.open(io.BytesIO(data), formats=(_FORMATS[mime],))
    if opened.width * opened.height > MAX_PIXELS:
        raise Unreadable(
            "picture_too_many_pixels",
            width=opened.width,
            height=opened.height,
            limit=MAX_PIXELS // 1_000_000,
        )
    return opened
