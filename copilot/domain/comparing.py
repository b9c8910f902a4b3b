"""Compares two texts word by word, Chinese by dictionary words, so that a change reads as one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import rjieba

_PIECES = re.compile(r"\s+|\S")


class ChangeKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    kind: ChangeKind
    text: str


def compare(before: str, after: str) -> tuple[Change, ...]:
    """Runs in reading order; those that are not `added` join to `before`, those not `removed` to `after`."""
    old, new = _words(before), _words(after)
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(Change(ChangeKind.SAME, "".join(old[i1:i2])))
            continue
        if i2 > i1:
            changes.append(Change(ChangeKind.REMOVED, "".join(old[i1:i2])))
        if j2 > j1:
            changes.append(Change(ChangeKind.ADDED, "".join(new[j1:j2])))
    return tuple(changes)


def _words(text: str) -> list[str]:
    words = [str(word) for word in rjieba.cut(text)]
    # A cutter that dropped a character would show a change nobody made.
    return words if "".join(words) == text else _PIECES.findall(text)
