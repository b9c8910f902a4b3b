"""Bytes to text: byte order marks, UTF-8, GB 18030, Big5 and Western, with a check against mojibake."""

from __future__ import annotations

import codecs
import re

from copilot.domain.sentences import HAN
from copilot.errors import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HAN = re.compile(f"[{HAN}]")
_CHINESE_MARKS = frozenset("，。、；：？！…—·“”‘’（）《》〈〉「」『』【】〔〕￥％～－＋×÷±℃°　")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LIKELY = 0.7


def decode(data: bytes) -> str:
    """The text of a file, or Unreadable: `binary` (not text) or `encoding` (no reading of it makes sense)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return _checked(data[len(mark) :].decode(name))
            except UnicodeDecodeError:
                break  # the mark lies, or the file was cut: it is judged like one without a mark
    if b"\x00" in data:
        return _checked(_unmarked_utf16(data))
    try:
        return _checked(_repaired(data.decode("utf-8")))
    except UnicodeDecodeError:
        return _checked(_legacy(data))


def clean(text: str) -> str:
    """Without control characters and halves of surrogate pairs, which no database and no page takes."""
    return _CONTROLS.sub("", text)


def _checked(text: str) -> str:
    controls = len(_CONTROLS.findall(text))
    if controls > 0.01 * len(text):
        raise Unreadable("binary")
    letters = sum(1 for char in text if ord(char) > 127)
    # What "锟斤拷" and replacement characters stood for is lost; a few of them do not spoil a file.
    lost = text.count("�") + 3 * text.count("锟斤拷")
    if lost > 0.05 * letters and lost > 2:
        raise Unreadable("encoding")
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark shows in its zero bytes, which fall on every second place."""
    low, high = data[0::2].count(0), data[1::2].count(0)
    for name, zeros, others in (("utf-16-le", high, low), ("utf-16-be", low, high)):
        if zeros > 4 * others:
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                continue
            readable = sum(char.isalnum() or char.isspace() or ord(char) < 127 for char in text)
            if readable > 0.8 * len(text) and "\x00" not in text:
                return text
    raise Unreadable("binary")


def _repaired(text: str) -> str:
    """Undoes UTF-8 that was once read as Latin and saved again: a strict way back to Han is no accident."""
    if _HAN.search(text) or text.isascii():
        return text
    for name in ("cp1252", "latin-1"):
        try:
            back = text.encode(name).decode("utf-8")
        except UnicodeError:
            continue
        if _HAN.search(back):
            return back
    return text


def _legacy(data: bytes) -> str:
    runs = [len(run) for run in _HIGH_RUN.findall(data)]
    if sum(length == 1 for length in runs) > 0.5 * len(runs) and sum(runs) < 0.2 * len(data):
        # Lone high bytes among ASCII are accents and curly quotes; Chinese comes in pairs.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    readings: list[tuple[float, str]] = []
    for name in ("gb18030", "big5hkscs"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        readings.append((_likelihood(text), text))
    if not readings:
        raise Unreadable("encoding")
    best, text = max(readings, key=lambda reading: reading[0])
    if best < _LIKELY:
        raise Unreadable("encoding")
    return text


def _likelihood(text: str) -> float:
    """The share of everyday Chinese among the characters outside ASCII: a wrong codec yields rare ones."""
    outside = [char for char in text if ord(char) > 127]
    return sum(_everyday(char) for char in outside) / len(outside) if outside else 1.0


def _everyday(char: str) -> bool:
    if char in _CHINESE_MARKS or "！" <= char <= "～":
        return True
    if not _HAN.match(char):
        return False
    # The first level of either standard holds its everyday characters, ordered before the rare ones.
    try:
        if char.encode("gb2312") < b"\xd8\x00":
            return True
    except UnicodeEncodeError:
        pass
    try:
        return char.encode("big5") < b"\xc6\x80"
    except UnicodeEncodeError:
        return False
