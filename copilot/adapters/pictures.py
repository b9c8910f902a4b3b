"""Pictures: what they really are, that they are whole, and kept without what the camera wrote about people."""

from __future__ import annotations

import io
from collections.abc import Iterator

from copilot.adapters.picturebytes import bare
from copilot.adapters.sandbox import Sandbox, shared
from copilot.adapters.sandbox.wire import MEGABYTE, Frame, Garbled
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
_SIDEWAYS = 5  # from this orientation of EXIF on, width and height change places
_SMALL = 64  # pixels: enough to decode a JPEG to its end, at a fraction of the memory


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
    among it. What `name` claims counts for nothing. Raises Unreadable.
    """
    mime = _mime(data)
    if mime is None:
        raise Unreadable("picture_kind" if data else "empty")
    if len(data) > MAX_BYTES:
        raise _too_large(data)
    try:
        return _verified(mime, *bare(mime, data))
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


def _verified(mime: Mime, data: bytes, orientation: int) -> Picture:
    """Decodes every frame to its last row, once the size in the header has been found bearable."""
    from PIL import Image

    # Pillow's own bound would only warn, and is looser than ours.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(io.BytesIO(data), formats=(_FORMATS[mime],)) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS:
            raise Unreadable(
                "picture_too_many_pixels", width=width, height=height, limit=MAX_PIXELS // 1_000_000
            )
        animated = bool(getattr(opened, "is_animated", False))
        if mime is Mime.JPEG:
            opened.draft(None, (_SMALL, _SMALL))
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            opened.load()
    if orientation >= _SIDEWAYS:
        width, height = height, width
    return Picture(mime=mime, width=width, height=height, data=data, animated=animated)


def frames(inspected: Picture) -> Iterator[Frame]:
    """A picture for the journey from the child."""
    head = {
        "mime": inspected.mime.value,
        "width": inspected.width,
        "height": inspected.height,
        "animated": inspected.animated,
    }
    yield head, inspected.data


def picture(received: Iterator[Frame]) -> Picture:
    """The picture that `frames` took apart. Raises Garbled for anything it could not have written."""
    head, data = next(received, ({}, b""))
    width, height, animated = head.get("width"), head.get("height"), head.get("animated")
    mime = _mime(data)
    if mime is None or head.get("mime") != mime.value or len(data) > MAX_BYTES + MEGABYTE:
        raise Garbled("no picture")
    if not isinstance(width, int) or not isinstance(height, int) or not isinstance(animated, bool):
        raise Garbled("no size")
    for _ in received:
        raise Garbled("more than a picture")
    return Picture(mime=mime, width=width, height=height, data=data, animated=animated)
