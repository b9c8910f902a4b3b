"""Finds the question of a quiz or a poll in a post: what is asked and its options, which only make sense together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.domain.drafts import Original
from copilot.domain.sentences import EMOJI

_OPTION = re.compile(r"\s*[A-F]\s?[.．、)）]\s*\S")
_IN_A_LINE = re.compile(r"[A-F]\s?[.．、)）]\s")
_EMOJI = re.compile(rf"\s*[{EMOJI}][{EMOJI}\ufe0f\u200d]*")


@dataclass(frozen=True)
class Asked:
    """A question line by line, as its post has it; `marks` are the sources of each line."""

    lines: tuple[str, ...]
    marks: tuple[tuple[int, ...], ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def sources(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(n for line in self.marks for n in line))


def asked(original: Original) -> Asked | None:
    """The lines from the greeting to the last option, without emoji; None when nothing is asked of any source."""
    lines = [plain(line) for line in original.text.splitlines() if line.strip()]
    options = [at for at, line in enumerate(lines) if is_option(line)]
    if not options or (len(options) == 1 and len(_IN_A_LINE.findall(lines[options[0]])) < 2):
        return None
    first, last = options[0], options[-1]
    kept = [*(lines[1:first] or lines[:first]), *lines[first : last + 1]]
    found = Asked(tuple(kept), tuple(_cited(line, original) for line in kept))
    return found if found.sources else None


def is_option(line: str) -> bool:
    return bool(_OPTION.match(line))


def plain(text: str) -> str:
    """The text without emoji: where it goes next, others may suit, or none."""
    return _EMOJI.sub("", text).strip()


def _cited(line: str, original: Original) -> tuple[int, ...]:
    inside = [stated for stated in original.stated if plain(stated.text) in line]
    return tuple(dict.fromkeys(n for stated in inside for n in stated.sources))
