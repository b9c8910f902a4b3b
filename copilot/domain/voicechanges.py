"""What differs between two versions of a voice, part by part, in words that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.brands import BannedTerm, PreferredTerm, Voice
from copilot.domain.comparing import Change, ChangeKind, compare
from copilot.domain.voiceprofile import FIELDS, part


class RowKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Row:
    """One entry of a part, or all of a part that is a single text; `moved` says that only the order is another."""

    kind: RowKind
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class PartChange:
    part: str
    rows: tuple[Row, ...]


def differences(before: Voice, after: Voice) -> tuple[PartChange, ...]:
    """The parts that are not the same, in the order of a profile; equal voices have none."""
    found = []
    for name in FIELDS:
        old, new = part(before, name), part(after, name)
        if old == new:
            continue
        rows = _list_rows(old, new) if isinstance(old, tuple) else [_text_row(str(old), str(new))]
        found.append(PartChange(name, tuple(rows)))
    return tuple(found)


def entry(item: str | PreferredTerm | BannedTerm) -> str:
    """An entry of a list as one text."""
    if isinstance(item, PreferredTerm):
        return f"{item.use} ← {' / '.join(item.instead_of)}{_because(item.reason)}"
    if isinstance(item, BannedTerm):
        instead = "" if item.instead is None else f" → {item.instead or '∅'}"
        return f"{item.term}{instead}{_because(item.reason)}"
    return item


def lines(voice: Voice, name: str) -> tuple[str, ...]:
    """A part of a profile as lines to read: one an entry, none for an empty one."""
    value = part(voice, name)
    items = value if isinstance(value, tuple) else (str(value),)
    return tuple(text for item in items if (text := entry(item)))


def _because(reason: str) -> str:
    return f" · {reason}" if reason else ""


def _key(item: str | PreferredTerm | BannedTerm) -> str:
    if isinstance(item, PreferredTerm):
        return item.use
    return item.term if isinstance(item, BannedTerm) else item


def _text_row(old: str, new: str) -> Row:
    return Row(RowKind.CHANGED, compare(old, new))


def _list_rows(
    old: Sequence[str | PreferredTerm | BannedTerm], new: Sequence[str | PreferredTerm | BannedTerm]
) -> Iterator[Row]:
    held = {_key(item): item for item in old}
    stays = {_key(item): item for item in new}
    for key, item in held.items():
        if key not in stays:
            yield Row(RowKind.REMOVED, (Change(ChangeKind.REMOVED, entry(item)),))
        elif stays[key] != item:
            yield _text_row(entry(item), entry(stays[key]))
    for key, item in stays.items():
        if key not in held:
            yield Row(RowKind.ADDED, (Change(ChangeKind.ADDED, entry(item)),))
    if [key for key in held if key in stays] != [key for key in stays if key in held]:
        yield Row(RowKind.MOVED)
