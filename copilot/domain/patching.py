"""Patches copy when a fact it was written from has changed: the old figure becomes the new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Patch:
    """One replacement; `start` and `end` are code points of the copy and `text == copy[start:end]`."""

    start: int
    end: int
    text: str
    replacement: str


def propose(
    copy: str,
    *,
    before: str,
    after: str,
    subject: str,
    within: Sequence[tuple[int, int]],
    products: Sequence[str],
    language: str,
) -> tuple[Patch, ...]:
    """The patches that put `after` where the copy says `before` about `subject`; none where that is unsure."""
    return ()


def apply(copy: str, patches: Sequence[Patch]) -> str:
    """The patched copy. Patches that overlap or do not fit the copy are refused with ValueError."""
    ordered = sorted(patches, key=lambda patch: (patch.start, patch.end))
    for patch, following in pairwise(ordered):
        if following.start < patch.end:
            raise ValueError(f"overlapping patches at {following.start}")
    for patch in reversed(ordered):
        if copy[patch.start : patch.end] != patch.text:
            raise ValueError(f"the copy at {patch.start} is not what the patch replaces")
        copy = copy[: patch.start] + patch.replacement + copy[patch.end :]
    return copy
