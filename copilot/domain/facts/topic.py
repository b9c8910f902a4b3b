"""What a statement is about where it names no product: its material, or what stands right above it."""

from __future__ import annotations

import re

from copilot.domain.facts import wording
from copilot.domain.materials import Source

_QUESTION = re.compile(
    r"(?:^|[\n。！!]|[问Q][：:])[ ]*(?P<asked>[^\n。！!？?：:]{2,40})[？?]\s*(?:[答A][：:])?"
)
_EDGES = " ，,：:、"
_FAR = 90
_LONGEST = 16


def topic(source: Source, low: int) -> str:
    """The material's title; of a collection of this and that, the question answered here, else the heading.

    Nobody would call 满 99 元包邮 a fact about 一对一常见问答.
    """
    if not wording.CONTAINER.search(source.title):
        return source.title
    asked = _asked(source.text, low)
    headings = source.context.removeprefix(source.title).split(" › ")
    named = [one for one in headings if one and not wording.CONTAINER.search(one)]
    return asked or (named[-1] if named else source.title)


def part(text: str, at: int) -> str:
    """The spare part that is spoken of last before a price, as in 硅胶圈旧了，单换一只 8 元; empty for none."""
    spoken = [match.group() for match in wording.PART.finditer(text, max(0, at - _FAR), at)]
    return spoken[-1] if spoken else ""


def _asked(text: str, low: int) -> str:
    """What the question just before is about: 运费 of 运费怎么算？"""
    before = text[max(0, low - _FAR) : low]
    asked = list(_QUESTION.finditer(before))
    if not asked or "\n\n" in before[asked[-1].end() :]:
        return ""
    bare = wording.ASKING.sub("", asked[-1].group("asked")).strip(_EDGES)
    return bare if 2 <= len(bare) <= _LONGEST else ""
