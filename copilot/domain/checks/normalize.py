"""Sees a text through width, traditional forms and inserted characters, and keeps where it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_UNSEEN = frozenset({"Cf", "Mn", "Me"})  # Zero-width characters, variation selectors, combining marks.
_HAN = "[\u3400-\u4dbf\u4e00-\u9fff〇]"
# More than six characters between two Han characters are content, not a disguise.
_BETWEEN = re.compile(rf"(?<={_HAN})[\W_]{{1,6}}(?={_HAN})")
_HARD = re.compile("[,。!?;:、…\n]")  # A writer ends a clause with these, so words seldom run across them.

NO_GAP, SOFT_GAP, HARD_GAP = 0, 1, 2


@dataclass(frozen=True)
class View:
    """A normalised reading of a text.

    Character `i` of `text` was typed at `starts[i]:ends[i]`. `gaps[i]` says what this view left out
    just before it, and `base[i]` is its place in the folded view that a joined view was made from.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    gaps: Sequence[int] = ()
    base: Sequence[int] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as typed of the non-empty stretch `start:end` of this view."""
        return self.starts[start], self.ends[end - 1]

    def pieces(self, start: int, end: int) -> list[int]:
        """Lengths of the parts into which left-out characters cut a stretch; one if it was typed whole."""
        cuts = [i for i in range(start + 1, end) if self.gaps and self.gaps[i]]
        return [b - a for a, b in zip([start, *cuts], [*cuts, end], strict=True)]

    def crosses_hard(self, start: int, end: int) -> bool:
        return any(gap == HARD_GAP for gap in self.gaps[start + 1 : end])


class Folding(dict[str, str]):
    """What matching reads for a character: half width, simplified, small; "" for what no reader sees.

    It is given the simplified forms and learns the other characters as it meets them.
    """

    def __init__(self, simplified: Mapping[str, str]) -> None:
        super().__init__()
        self._simplified = dict(simplified)

    def __missing__(self, character: str) -> str:
        folded = unicodedata.normalize("NFKC", self._simplified.get(character, character)).lower()
        seen = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)
        self[character] = folded = "".join(self._simplified.get(c, c) for c in seen)
        return folded


def fold(text: str, folding: Folding) -> View:
    """Full width to half, traditional to simplified, capitals to small; zero-width characters vanish."""
    pieces = [folding[character] for character in text]
    folded = "".join(pieces)
    if len(folded) == len(text) and all(pieces):
        return View(folded, range(len(text)), range(1, len(text) + 1))
    starts = [index for index, piece in enumerate(pieces) for _ in piece]
    return View(folded, starts, [start + 1 for start in starts])


def join(view: View) -> View | None:
    """The same text without whatever stands between two Han characters, or None if nothing does."""
    keep: list[int] = []
    gaps: list[int] = []
    at, gap = 0, NO_GAP
    for between in _BETWEEN.finditer(view.text):
        keep.extend(range(at, between.start()))
        gaps.extend([gap] + [NO_GAP] * (between.start() - at - 1))
        at, gap = between.end(), HARD_GAP if _HARD.search(between[0]) else SOFT_GAP
    if gap == NO_GAP:
        return None
    keep.extend(range(at, len(view.text)))
    gaps.extend([gap] + [NO_GAP] * (len(view.text) - at - 1))
    return View(
        "".join([view.text[i] for i in keep]),
        [view.starts[i] for i in keep],
        [view.ends[i] for i in keep],
        gaps,
        keep,
    )
