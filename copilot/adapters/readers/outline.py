"""Sections collected under a path of headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from copilot.adapters.readers.decoding import clean
from copilot.domain.materials import Section


@dataclass
class _Open:
    level: int
    text: str
    locator: Mapping[str, Any]
    used: bool = False


class Outline:
    """Keeps the path of open headings while a document is read from top to bottom.

    A heading with nothing below it becomes a section of its own, so that no words are lost.
    """

    def __init__(self, above: tuple[str, ...] = ()) -> None:
        self._above = above
        self._open: list[_Open] = []
        self._sections: list[Section] = []

    @property
    def path(self) -> tuple[str, ...]:
        return (*self._above, *(heading.text for heading in self._open))

    def heading(self, level: int, text: str, locator: Mapping[str, Any]) -> None:
        title = " ".join(clean(text).split())
        if not title:
            return
        self._close(level)
        if self._open:
            self._open[-1].used = True
        self._open.append(_Open(level, title, locator))

    def text(self, text: str, locator: Mapping[str, Any]) -> None:
        body = clean(text).strip()
        if body:
            self.extend([Section(text=body, heading=self.path, locator=dict(locator))])

    def extend(self, sections: Iterable[Section]) -> None:
        before = len(self._sections)
        self._sections.extend(sections)
        if self._open and len(self._sections) > before:
            self._open[-1].used = True

    def close(self) -> None:
        """Ends all headings: what follows stands below none of them."""
        self._close(0)

    def finish(self) -> tuple[Section, ...]:
        self.close()
        return tuple(self._sections)

    def _close(self, level: int) -> None:
        while self._open and self._open[-1].level >= level:
            closed = self._open.pop()
            if not closed.used:
                self._sections.append(
                    Section(text=closed.text, heading=self.path, locator=dict(closed.locator))
                )
                if self._open:
                    self._open[-1].used = True
