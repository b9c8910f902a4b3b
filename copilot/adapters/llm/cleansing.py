"""Takes code fences and a reasoning model's thoughts out of an answer while it streams."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "<think>", "</think>"
_FENCE_LINE = re.compile(r"[ \t]*```[ \t]*[\w+-]{0,16}[ \t]*$")
_MAY_BE_FENCE = re.compile(r"[ \t]*(?:`{1,2}|```[ \t]*[\w+-]{0,16}[ \t]*)?$")


class Cleanser:
    """Feed it deltas, and it gives what may be shown: nothing is held back longer than it is in doubt."""

    def __init__(self) -> None:
        self._raw = ""
        self._line = ""
        self._thinking = False
        self._at_line_start = True
        self._begun = False

    def feed(self, delta: str) -> str:
        self._raw += delta
        return self._fenceless(self._thoughtless(), end=False)

    def flush(self) -> str:
        """What was still in doubt when the answer ended; an unfinished thought is dropped."""
        rest, self._raw = ("" if self._thinking else self._raw), ""
        return self._fenceless(rest, end=True)

    def _thoughtless(self) -> str:
        """The certain part of what came, outside of thoughts; the uncertain end waits in `_raw`."""
        shown: list[str] = []
        while self._raw:
            tag = _CLOSE if self._thinking else _OPEN
            before, found, after = self._raw.partition(tag)
            if found:
                if not self._thinking:
                    shown.append(before)
                self._thinking = not self._thinking
                self._raw = after
                continue
            held = next((n for n in range(len(tag) - 1, 0, -1) if self._raw.endswith(tag[:n])), 0)
            certain = self._raw[: len(self._raw) - held]
            if not self._thinking:
                shown.append(certain)
            self._raw = self._raw[len(certain) :]
            break
        return "".join(shown)

    def _fenceless(self, text: str, *, end: bool) -> str:
        """Drops lines that are nothing but a fence; the start of a line waits while it may become one."""
        self._line += text
        shown: list[str] = []
        while self._line:
            line, newline, rest = self._line.partition("\n")
            if self._at_line_start and (newline or end) and _FENCE_LINE.match(line):
                self._line = rest
                continue
            if self._at_line_start and not newline and not end and _MAY_BE_FENCE.match(line):
                break
            shown.append(line + newline)
            self._line = rest
            self._at_line_start = bool(newline)
        out = "".join(shown)
        if not self._begun:
            out = out.lstrip()
            self._begun = bool(out)
        return out
