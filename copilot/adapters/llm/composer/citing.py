"""Reads off a post the sentences that its passages carry: quotations made whole, lead-ins and mere talk left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.adapters.llm.composer.asked import plain
from copilot.adapters.llm.composer.reading import balanced
from copilot.domain.brands import Language
from copilot.domain.drafts import Brief, Original
from copilot.domain.grounding.promises import facts_said
from copilot.domain.grounding.words import words as content_words
from copilot.domain.quantities import figures

Cited = tuple[str, tuple[int, ...]]
"""A sentence, and the 1-based places of the passages that carry it."""

_OPENS = "“「『"
_CLOSES = re.compile("[”」』]")
_LEADS_IN = {Language.ZH: re.compile("[：｜]"), Language.EN: re.compile(r": | \| ")}
_SAYS = 6  # characters that still say something


class Citing:
    """The stated sentences of one brief's original, one after another."""

    def __init__(self, brief: Brief, original: Original) -> None:
        self._brief = brief
        self._original = original
        self._products = brief.brand.products

    def sentences(self) -> list[Cited]:
        """What is stated, without emoji; a member's words that were cut into sentences are one quotation again."""
        whole, at = self._original.text, 0
        found: list[Cited] = []
        until = -1
        for stated in self._original.stated:
            start = max(whole.find(stated.text, at), whole.find(stated.text) if at else -1)
            if 0 <= start < until:
                text, sources = found[-1]
                found[-1] = (text, tuple(dict.fromkeys((*sources, *stated.sources))))
                continue
            text = stated.text
            if start >= 0:
                at = start + len(text)
                begin, until = self._quotation(start, at, stated.sources)
                text = whole[begin:until]
            found.append((self._bare(plain(text), stated.sources), stated.sources))
        return found

    def states(self, text: str, sources: Sequence[int]) -> bool:
        """Whether this is more than talk: an opening that only names the product states nothing."""
        if figures(text, self._products) or facts_said(text):
            return True
        bare = text
        for name in filter(None, (*self._products, self._brief.brand.name, self._brief.brand.members_called)):
            bare = bare.replace(name, " ")
        said = {word.form for word in content_words(bare)}
        known = {word.form for n in sources for word in content_words(self._read(n))}
        return len(said & known) > 1

    def _quotation(self, start: int, end: int, sources: Sequence[int]) -> tuple[int, int]:
        """The stretch with the rest of a quotation that it only has a part of, and with the name before it."""
        whole = self._original.text
        if balanced(whole[start:end]):
            return start, end
        line, stop = whole.rfind("\n", 0, start) + 1, whole.find("\n", end)
        opened = max(whole.rfind(mark, line, start) for mark in _OPENS)
        if opened >= 0 and not any(mark in whole[start:end] for mark in _OPENS):
            names = [self._brief.sources[n - 1].attribution for n in sources]
            named = [whole.rfind(name, line, opened) for name in names if name]
            start = max([place for place in named if place >= 0], default=opened)
        if not balanced(whole[start:end]):
            closed = _CLOSES.search(whole, end, stop if stop >= 0 else len(whole))
            end = closed.end() if closed else end
        return start, end

    def _bare(self, text: str, sources: Sequence[int]) -> str:
        """The sentence without a lead-in of the writer's own, such as "For the practical side:"; a name stays."""
        for joint in _LEADS_IN[self._brief.brand.language].finditer(text):
            lead, rest = text[: joint.start()], text[joint.end() :].strip()
            known = any(rest.rstrip("。.") in self._read(n) and lead not in self._read(n) for n in sources)
            if known and len(rest) > _SAYS and ("｜" in lead or not figures(lead, self._products)):
                return rest
        return text

    def _read(self, number: int) -> str:
        source = self._brief.sources[number - 1]
        return " ".join((source.text, *source.fields.values()))
