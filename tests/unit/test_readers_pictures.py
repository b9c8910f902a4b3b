"""Pictures: whole, of a bearable size, and without what the camera wrote about people."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from copilot.adapters.picturebytes import bare
from copilot.adapters.pictures import BoundedPictureReader, frames, inspect, picture
from copilot.adapters.sandbox.wire import Garbled
from copilot.domain.media import Mime, Picture
from copilot.errors import Unreadable

FORMATS = {Mime.JPEG: "JPEG", Mime.PNG: "PNG", Mime.WEBP: "WEBP", Mime.GIF: "GIF"}
SECRET = b"Hangzhou 30.25N 120.17E"


def drawn(mime: Mime, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, FORMATS[mime], **options)
    return buffer.getvalue()


def camera(orientation: int) -> bytes:
    """What a phone writes: where, with what, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (30.0, 15.0, 0.0)
    return exif.tobytes()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGBA").tobytes()


def refusal(name: str, data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        inspect(name, data)
    return caught.value


@pytest.mark.parametrize("mime", Mime)
def test_a_sound_picture_is_taken_whatever_it_is_called(mime: Mime) -> None:
    data = drawn(mime)
    taken = inspect("invoice.exe", data)
    assert (taken.mime, taken.width, taken.height, taken.animated) == (mime, 40, 20, False)
    assert pixels(taken.data) == pixels(data)


@pytest.mark.parametrize("mime", [Mime.JPEG, Mime.PNG, Mime.WEBP])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_place_and_device_go_and_the_picture_stays_upright(mime: Mime, orientation: int) -> None:
    data = drawn(mime, exif=camera(orientation), quality=90)
    assert SECRET in data
    taken = inspect("a.jpg", data)
    assert SECRET not in taken.data
    assert (taken.width, taken.height) == ((20, 40) if orientation in (6, 8) else (40, 20))
    with Image.open(io.BytesIO(taken.data)) as opened:
        assert dict(opened.getexif()) in ({}, {0x0112: orientation})
        assert not opened.getexif().get_ifd(0x8825)
        assert opened.getexif().get(0x0112, 1) == orientation
    assert pixels(taken.data) == pixels(data), "not encoded again"


def test_comments_thumbnails_and_stowaways_go_too() -> None:
    jpeg = drawn(Mime.JPEG, comment=SECRET, icc_profile=b"colours" * 20)
    film = jpeg + b"ftypmp42" + SECRET
    taken = inspect("a.jpg", film)
    assert SECRET not in taken.data and b"colours" in taken.data
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    png = drawn(Mime.PNG, pnginfo=notes) + SECRET
    assert SECRET in png and SECRET not in inspect("a.png", png).data
    webp = drawn(Mime.WEBP, xmp=SECRET)
    assert SECRET in webp and SECRET not in inspect("a.webp", webp).data


def test_a_progressive_picture_in_print_colours_survives() -> None:
    data = drawn(Mime.JPEG, mode="CMYK", progressive=True)
    assert pixels(inspect("a.jpg", data).data) == pixels(data)


@pytest.mark.parametrize("mime", [Mime.GIF, Mime.WEBP, Mime.PNG])
def test_what_moves_keeps_moving(mime: Mime) -> None:
    steps = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    buffer = io.BytesIO()
    steps[0].save(buffer, FORMATS[mime], save_all=True, append_images=steps[1:], duration=80, loop=0)
    taken = inspect("a.gif", buffer.getvalue())
    assert taken.animated
    with Image.open(io.BytesIO(taken.data)) as opened:
        assert opened.n_frames == 3
    if mime is Mime.GIF:
        assert taken.data == buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jpg", b"", "empty"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "picture_kind"),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "picture_kind"),
        ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 99, "picture_kind"),
        ("a.tif", b"II*\0" + b"\0" * 99, "picture_kind"),
        ("a.bmp", b"BM" + b"\0" * 99, "picture_kind"),
        ("a.jpg", b"%PDF-1.4", "picture_kind"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 99, "picture_broken"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture_broken"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "picture_broken"),
        ("a.gif", b"GIF89a" + b"\0" * 99, "picture_broken"),
        ("a.jpg", b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024), "picture_too_large"),
    ],
)
def test_everything_else_is_refused_with_a_reason(name: str, data: bytes, reason: str) -> None:
    assert refusal(name, data).reason == reason


@pytest.mark.parametrize("mime", Mime)
def test_a_picture_that_was_cut_off_is_refused(mime: Mime) -> None:
    whole = drawn(mime, size=(300, 200))
    for share in (0.3, 0.6, 0.9):
        assert refusal("a", whole[: int(len(whole) * share)]).reason == "picture_broken"


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_by_its_header() -> None:
    refused = refusal("a.png", png_header(50_000, 50_000))
    assert refused.reason == "picture_too_many_pixels"
    assert dict(refused.params) == {"width": 50_000, "height": 50_000, "limit": 50}
    jpeg = bytearray(drawn(Mime.JPEG))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    assert refusal("a.jpg", bytes(jpeg)).reason == "picture_too_many_pixels"


@given(st.sampled_from(list(Mime)), st.data())
def test_whatever_is_broken_the_answer_is_a_picture_or_a_reason(mime: Mime, data: st.DataObject) -> None:
    spoilt = bytearray(drawn(mime, size=(16, 16)))
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    try:
        taken = inspect("a", bytes(spoilt))
    except Unreadable as refused:
        assert refused.reason.startswith("picture_")
    else:
        assert bare(taken.mime, taken.data).data == taken.data, "there is nothing left to take out"


def test_a_picture_crosses_the_border_and_nothing_that_is_none() -> None:
    taken = inspect("a.png", drawn(Mime.PNG))
    assert picture(frames(taken)) == taken
    with pytest.raises(Garbled):
        picture(frames(Picture(Mime.JPEG, 1, 1, taken.data)))
    with pytest.raises(Garbled):
        picture(frames(Picture(Mime.PNG, "1", 1, taken.data)))  # type: ignore[arg-type]
    with pytest.raises(Garbled):
        picture(iter([*frames(taken), *frames(taken)]))
    assert Mime.JPEG.extension == ".jpg" and Mime.WEBP.extension == ".webp"


def test_pictures_of_the_largest_size_fit_into_the_childs_memory() -> None:
    reader = BoundedPictureReader()
    for mime, options in (
        (Mime.JPEG, {"progressive": True, "quality": 20}),
        (Mime.PNG, {"compress_level": 1}),
    ):
        buffer = io.BytesIO()
        Image.new("RGB", (8_000, 6_200), "teal").save(buffer, FORMATS[mime], **options)
        assert reader("a", buffer.getvalue()).width == 8_000
    assert reader("a", drawn(Mime.JPEG)) == inspect("a", drawn(Mime.JPEG))
    with pytest.raises(Unreadable, match="picture_too_large"):
        reader("a", b"\xff\xd8\xff" + bytes(11 * 1024 * 1024))
