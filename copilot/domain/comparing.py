"""Compares two texts word by word, Chinese by dictionary words, so that a change reads as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from copilot.domain.cutting import cut

_PIECES = re.compile(r"\s+|\S")
# Up to the end of a sentence or line; the pieces of a text join to it again.
_STRETCHES = re.compile(r".+?(?:[。！？!?；;\n]+|\.(?=\s)|\Z)", re.DOTALL)
# Words are compared each with each: above this a rewritten part is shown as taken out and put in.
_MOST_WORDS = 4000


class ChangeKind(StrEnum):
    """`folded` is text that both have, too long and too far from any change to be worth reading."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    FOLDED = "folded"


@dataclass(frozen=True)
class Change:
    kind: ChangeKind
    text: str

    @property
    def is_change(self) -> bool:
        return self.kind in (ChangeKind.ADDED, ChangeKind.REMOVED)


def compare(before: str, after: str) -> tuple[Change, ...]:
    """Runs in reading order; those that are not `added` join to `before`, those not `removed` to `after`."""
    return tuple(_runs(_words(before), _words(after)))


def compare_long(before: str, after: str) -> tuple[Change, ...]:
    """As `compare`, for whole documents: sentences are matched first, and words only where sentences differ."""
    old, new = _STRETCHES.findall(before), _STRETCHES.findall(after)
    changes: list[Change] = []
    pending: dict[ChangeKind, str] = {}

    def settle() -> None:
        gone, come = pending.pop(ChangeKind.REMOVED, ""), pending.pop(ChangeKind.ADDED, "")
        was, now = _words(gone), _words(come)
        if was and now and max(len(was), len(now)) <= _MOST_WORDS:
            changes.extend(_runs(was, now))
            return
        changes.extend(
            Change(kind, text)
            for kind, text in ((ChangeKind.REMOVED, gone), (ChangeKind.ADDED, come))
            if text
        )

    for change in _runs(old, new):
        if change.is_change:
            pending[change.kind] = change.text
            continue
        settle()
        changes.append(change)
    settle()
    return tuple(changes)


def folded(changes: Sequence[Change], around: int = 80) -> tuple[Change, ...]:
    """The changes with `around` characters of what is the same on either side; the rest of it is folded."""
    shown: list[Change] = []
    for place, change in enumerate(changes):
        before = around if place else 0
        after = around if place < len(changes) - 1 else 0
        if change.kind is not ChangeKind.SAME or len(change.text) <= before + after + around:
            shown.append(change)
            continue
        end = len(change.text) - after
        parts = (
            (ChangeKind.SAME, change.text[:before]),
            (ChangeKind.FOLDED, change.text[before:end]),
            (ChangeKind.SAME, change.text[end:]),
        )
        shown += [Change(kind, text) for kind, text in parts if text]
    return tuple(shown)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Change(ChangeKind.SAME, "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Change(ChangeKind.REMOVED, "".join(old[i1:i2]))
        if j2 > j1:
            yield Change(ChangeKind.ADDED, "".join(new[j1:j2]))


def _words(text: str) -> list[str]:
    words = cut(text)
    # A cutter that dropped a character would show a change nobody made.
    return words if "".join(words) == text else _PIECES.findall(text)
