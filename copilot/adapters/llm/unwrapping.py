"""Takes the copy out of an answer that came as a JSON object, which nobody asked for, while it streams."""

from __future__ import annotations

import json
import re
from typing import Any

_FENCE = r"(?:```[ \t]*\w{0,16}\s*)?"
_OBJECT = re.compile(rf'\s*{_FENCE}\{{\s*"')
_MAY_BE_OBJECT = re.compile(rf"\s*(?:`{{0,2}}|{_FENCE})(?:\{{\s*)?$")
_COPY = (
    "text", "copy", "content", "post", "draft", "message", "body", "reply", "answer", "output", "result",
    "文案", "正文", "内容", "回复",
)  # fmt: skip


class Unwrapper:
    """Feed it pieces, and it gives what may be shown: plain copy at once, an object's only when it is whole."""

    def __init__(self) -> None:
        self._held: str | None = ""

    def feed(self, piece: str) -> str:
        if self._held is None:
            return piece
        self._held += piece
        if _OBJECT.match(self._held) or _MAY_BE_OBJECT.match(self._held):
            return ""
        shown, self._held = self._held, None
        return shown

    def flush(self) -> str:
        """What was held back. Raises ValueError for an object in which it is not plain which words are the copy."""
        held, self._held = self._held, None
        if not held or not _OBJECT.match(held):
            return held or ""
        value, _ = json.JSONDecoder(strict=False).raw_decode(held, held.index("{"))
        return _copy_in(value)


def _copy_in(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if not isinstance(value, dict):
        raise ValueError("no copy in it")
    named = [value[name] for name in value if name.lower() in _COPY]
    candidates = named or [one for one in value.values() if isinstance(one, str | dict)]
    if len(candidates) != 1:
        raise ValueError("more than one thing may be the copy")
    return _copy_in(candidates[0])
