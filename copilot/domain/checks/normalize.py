"""Sees a text through width, traditional forms and inserted characters, and keeps where it was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_UNSEEN = frozenset({"Cf", "Mn", "Me"})  # Zero-width characters, variation selectors, combining marks.
_TYPED_ALIKE = {"’": "'", "ʼ": "'", "‐": "-", "‑": "-"}  # What a phone or a word processor puts by itself.
_HAN = "[\u3400-\u4dbf\u4e00-\u9fff〇]"
# More than six characters between two Han characters are content, not a disguise.
_BETWEEN = re.compile(rf"(?<={_HAN})[\W_]{{1,6}}(?={_HAN})")
# Four letters or more that stand alone one after another, parted alike each time, hide a word (c u r e, t.o.d.a.y).
# Shorter words follow it where more stands between the words than between the letters (n u m b e r  o n e).
_SPELT = re.compile(
    r"(?<![a-z0-9])[a-z]((?:[^\w\n]|_){1,3})[a-z](?:\1[a-z]){2,}(?:(?:[^\w\n]|_){2,4}[a-z](?:\1[a-z]){1,12}){0,4}(?![a-z0-9])"
)
_WIDER = re.compile(r"(?<=[a-z])[^\w\n]{2,4}(?=[a-z])")
# A picture amid the letters of a word (fr🎁ee).
_AMID = re.compile("(?<=[a-z])[\u2190-\u2bff\U0001f000-\U0001faff]{1,3}(?=[a-z])")
# A figure or a sign for a letter (t0day, c*re): read as the word that it hides, if it is one that is worth hiding.
_MASKED = re.compile(
    r"(?<![\w@$*#&./-])(?:[a-z]{1,12}[0134578@$!*]|[0134578@$][a-z])[a-z0134578@$!*]{0,12}(?<!!)(?![\w@$*#&/-])"
)
_MASKS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
_ANY = "*"
_HIDDEN = (
    "cure cures cured treat treats treated heal heals healed prevent prevents remedy miracle cancer diabetes arthritis"
    " anxiety depression insomnia eczema acne psoriasis covid pain detox toxins free best finest lowest cheapest leading"
    " number price prices only today tonight last chance hurry limited guarantee guarantees guaranteed proven clinically"
    " doctor doctors review reviews rating ratings star stars fake refund voucher cash discount gifted sponsored"
)
_HYPHENS = "‒–−⁃"
_BLANK = "\t\r"
_WIDE = re.compile("  +")
_HARD = re.compile("[,。!?;:、…\n]")  # A writer ends a clause with these, so words seldom run across them.

NO_GAP, SOFT_GAP, HARD_GAP = 0, 1, 2

_HIDDEN_BY_SIZE: dict[int, list[str]] = {}
for _word in _HIDDEN.split():
    _HIDDEN_BY_SIZE.setdefault(len(_word), []).append(_word)


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
        typed = _TYPED_ALIKE.get(character, self._simplified.get(character, character))
        folded = unicodedata.normalize("NFKC", typed).lower()
        seen = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)
        self[character] = folded = "".join(self._simplified.get(c, c) for c in seen)
        return folded


def fold(text: str, folding: Folding) -> View:
    """Full width to half, traditional to simplified, capitals to small; zero-width characters vanish, masks fall."""
    pieces = [folding[character] for character in text]
    folded = _MASKED.sub(_unmasked, "".join(pieces))
    if len(folded) == len(text) and all(pieces):
        return View(folded, range(len(text)), range(1, len(text) + 1))
    starts = [index for index, piece in enumerate(pieces) for _ in piece]
    return View(folded, starts, [start + 1 for start in starts])


@dataclass(frozen=True)
class Even:
    """A folded text as terms are looked up in it: one sort of hyphen, and one space where a reader sees one.

    From the place `starts[i]` on, everything stood `shifts[i]` further right before.
    """

    text: str
    starts: Sequence[int] = ()
    shifts: Sequence[int] = ()

    @classmethod
    def of(cls, folded: str) -> Even:
        # Between paragraphs nobody reads on. The text is mostly even, and to replace what is not there costs next to nothing.
        text = folded.replace("\n\n", "\f\f").replace("\n", " ")
        for blank in _BLANK:
            text = text.replace(blank, " ")
        for hyphen in _HYPHENS:
            text = text.replace(hyphen, "-")
        if "  " not in text:
            return cls(text)
        pieces: list[str] = []
        starts: list[int] = []
        shifts: list[int] = []
        done = shift = 0
        for wide in _WIDE.finditer(text):
            start, end = wide.span()
            if folded.count("\n", start, end) < 2:
                pieces.append(text[done : start + 1])
                shift += end - start - 1
                starts.append(end - shift)
                shifts.append(shift)
                done = end
        return cls("".join((*pieces, text[done:])), starts, shifts)

    def place(self, at: int) -> int:
        """Where in the folded text this character stands."""
        before = bisect_right(self.starts, at)
        return at + self.shifts[before - 1] if before else at


def _unmasked(match: re.Match[str]) -> str:
    """The hidden word of this very length, so that every character keeps its place; else the token as it is."""
    token = match[0]
    for word in _HIDDEN_BY_SIZE.get(len(token), ()):
        kept = sum(typed == meant for typed, meant in zip(token, word, strict=True))
        if 2 * kept >= len(word) and all(
            typed in (meant, _ANY) or meant in _MASKS.get(typed, "")
            for typed, meant in zip(token, word, strict=True)
        ):
            return word
    return token


def join(view: View) -> View | None:
    """The same text without whatever stands between two Han characters, or between the letters of a word
    that is spelt out; None if nothing does."""
    keep: list[int] = []
    gaps: list[int] = []
    at, gap = 0, NO_GAP
    for start, end in _left_out(view.text):
        keep.extend(range(at, start))
        gaps.extend([gap] + [NO_GAP] * (start - at - 1))
        at, gap = end, HARD_GAP if _HARD.search(view.text[start:end]) else SOFT_GAP
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


def _left_out(text: str) -> list[tuple[int, int]]:
    """What a joined view drops, in the order of the text."""
    stretches = [between.span() for between in _BETWEEN.finditer(text)]
    for spelt in _SPELT.finditer(text):
        gap, end = spelt[1], spelt.end() - 1
        at = text.find(gap, spelt.start(), end)
        while at >= 0:
            after = at + len(gap)
            if text[at - 1].isalpha() and text[after].isalpha():
                stretches.append((at, after))
            at = text.find(gap, after, end)
        wider = (
            match.span() for match in _WIDER.finditer(text, spelt.start(), spelt.end()) if match[0] != gap
        )
        stretches.extend((first, last - 1) for first, last in wider)
    stretches.extend(amid.span() for amid in _AMID.finditer(text))
    apart: list[tuple[int, int]] = []
    for stretch in sorted(stretches):
        # What is spelt out with pictures is met twice.
        if not apart or stretch[0] >= apart[-1][1]:
            apart.append(stretch)
    return apart
