"""The values of pictures: what the library keeps once a picture has been read and found sound."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mime(StrEnum):
    """The kinds of picture that are taken; every one is shown by a browser and sent by every channel."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"

    @property
    def extension(self) -> str:
        """The ending of a file of this kind, with its dot; never the one that an upload's name claims."""
        return ".jpg" if self is Mime.JPEG else f".{self.value.removeprefix('image/')}"


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: verified, turned upright, and without what the camera wrote about people.

    `mime` is what the bytes are, whatever the file was called. `width` and `height` are in pixels as
    a browser shows it. `data` may differ from the upload: place, time and device are taken out.
    """

    mime: Mime
    width: int
    height: int
    data: bytes
    animated: bool = False
