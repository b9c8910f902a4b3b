"""What passes between the server and a child that handles a stranger's file: frames, never pickles.

The child may be in the hands of whoever wrote the file. So nothing it sends is trusted: each length is
checked before it is read, and only JSON and plain bytes are decoded.
"""

from __future__ import annotations

import errno
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from copilot.errors import Unreadable

MEGABYTE = 1024 * 1024
MAX_HEAD = 4 * MEGABYTE
"""JSON of this length unfolds to less than 100 MB of objects, whatever is in it."""
MAX_ANSWER = 64 * MEGABYTE

READY = b"\x01"
"""The child's first byte: it has its limits on, and its time begins."""

REQUEST = struct.Struct("!III")
"""What the server sends first: the lengths of the task's name, the file's name and the file."""

Frame = tuple[dict[str, Any], bytes]
"""A JSON object and bytes that belong to it, such as a section's place and its text."""

Read = Callable[[int], bytes]
"""Returns exactly so many bytes, or raises EOFError."""

HEAVY, DEAD = b"H", b"D"
"""The helper's last byte, when a child has ended: whether it was by then near its limit of memory."""

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_PREFIX = struct.Struct("!cII")
_FRAME, _REFUSED, _FAULT, _END = b"F", b"R", b"X", b"E"

REASONS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "archive",
            "binary",
            "broken",
            "empty",
            "encoding",
            "encrypted",
            "image",
            "legacy_office",
            "macro",
            "picture_broken",
            "picture_kind",
            "too_heavy",
            "unknown_kind",
            "unsafe_xml",
        ),
        frozenset[str](),
    ),
    "front_matter": frozenset({"line"}),
    "inflates": frozenset({"limit_mb"}),
    "picture_too_large": frozenset({"size_mb", "limit_mb"}),
    "picture_too_many_pixels": frozenset({"width", "height", "limit"}),
    "too_large": frozenset({"size_mb", "limit_mb"}),
    "too_many_pages": frozenset({"limit"}),
    "too_many_rows": frozenset({"limit"}),
    "too_slow": frozenset({"seconds"}),
    "window": frozenset({"row", "value"}),
}
"""Every reason a child may give, with the values its sentence needs; a page could not word another."""


class Garbled(Exception):
    """The child did not keep to the form: a fault in it, or somebody else speaks through it."""


class Fault(Exception):
    """An error that the child met, in its own words."""


def pack(head: Mapping[str, Any], body: bytes = b"", *, kind: bytes = _FRAME) -> bytes:
    written = _json(head).encode("utf-8", "surrogatepass")
    if len(written) > MAX_HEAD or len(body) > MAX_ANSWER:
        raise Unreadable("too_heavy")
    return _PREFIX.pack(kind, len(written), len(body)) + written + body


def packed_answer(frames: Iterator[Frame]) -> Iterator[bytes]:
    """A whole answer, frame by frame; a refusal or a fault may take the place of the rest."""
    last: bytes
    sent = 0
    try:
        for head, body in frames:
            part = pack(head, body)
            sent += len(part)
            if sent > MAX_ANSWER:
                raise Unreadable("too_heavy")
            yield part
        last = pack({}, kind=_END)
    except Unreadable as refused:
        last = _refused(refused)
    except MemoryError:
        last = pack({"reason": "too_heavy", "values": {}}, kind=_REFUSED)
    except Exception as exc:
        last = pack({"error": repr(exc)[:500]}, kind=_FAULT)
    # Outside the handlers, where the traceback no longer holds the memory that ran out.
    yield last


def _refused(refused: Unreadable) -> bytes:
    cause = refused.__cause__
    if isinstance(cause, OSError) and cause.errno == errno.EMFILE:
        # Something was not loaded before the limits came: our fault, which must not pass for the file's.
        return pack({"error": repr(cause)[:500]}, kind=_FAULT)
    head = {"reason": refused.reason, "values": dict(refused.values), "cause": repr(cause)[:500]}
    return pack(head, kind=_REFUSED)


def unpacked_answer(read: Read) -> Iterator[Frame]:
    """The frames of an answer. Raises Unreadable, Fault, Garbled, or EOFError when it breaks off."""
    received = 0
    while True:
        kind, head_length, body_length = _PREFIX.unpack(read(_PREFIX.size))
        received += _PREFIX.size + head_length + body_length
        if head_length > MAX_HEAD or received > MAX_ANSWER + MAX_HEAD:
            raise Garbled("more than an answer may hold")
        head = _head(read(head_length))
        body = read(body_length)
        match kind:
            case b"F":
                yield head, body
            case b"E":
                return
            case b"R":
                raise _refusal(head) from Fault(str(head.get("cause"))[:500])
            case b"X":
                raise Fault(str(head.get("error"))[:500])
            case _:
                raise Garbled("an unknown frame")


def _head(written: bytes) -> dict[str, Any]:
    try:
        head = json.loads(written.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as exc:
        raise Garbled("no JSON") from exc
    if not isinstance(head, dict):
        raise Garbled("no object")
    return head


def _refusal(head: dict[str, Any]) -> Unreadable:
    reason, values = head.get("reason"), head.get("values")
    if (
        not isinstance(reason, str)
        or not isinstance(values, dict)
        or not REASONS.get(reason, {""}) <= values.keys()
    ):
        raise Garbled("no known reason")
    kept = {name: values[name] for name in REASONS[reason]}
    if not all(isinstance(value, str | int | float) for value in kept.values()):
        raise Garbled("no plain value")
    return Unreadable(reason, **kept)
