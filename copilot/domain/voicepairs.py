"""Words that a person put in another's place, or took out, with the two sentences that show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from copilot.domain.brands import Language
from copilot.domain.cutting import cut
from copilot.domain.quantities import figures
from copilot.domain.sentences import sentences
from copilot.domain.voicewords import SMALL

_MOST_PIECES = 12
_ALIKE = 0.5
"""How much of a sentence has to stay for a change in it to be about a word and not about the sentence."""

_HAN = re.compile(r"[一-鿿]")
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_TERM = {
    Language.ZH: re.compile(r"[一-鿿A-Za-z·]{2,10}"),
    Language.EN: re.compile(r"[A-Za-z][A-Za-z'’-]*(?: [A-Za-z][A-Za-z'’-]*){0,3}"),
}
_SHORT_WORDS = """
a an the to of in on at by for from and or but nor so yet is are was be am it its he she we us our ours
my me i you your they them his her him who not no do did has had as if up out off all any one two new
old own too
"""
_SHORT = frozenset(_SHORT_WORDS.split())
_PERSON = re.compile(
    r"[小老阿大][一-鿿]$|[一-鿿]{1,2}(?:阿姨|叔叔?|伯伯|老师|师傅|先生|女士|小姐|姐姐?|哥哥?|妹妹?|总|奶奶|爷爷)$"
)


@dataclass(frozen=True)
class Swap:
    """`old` became `new`; "" where it was only taken out. The quotes are the sentences they stand in."""

    old: str
    new: str
    before: str
    after: str


@dataclass(frozen=True)
class _Side:
    """One of two texts in pieces, with where each begins."""

    text: str
    pieces: Sequence[str]
    language: Language

    def sentence(self, start: int, end: int) -> str:
        """The sentence around a stretch of pieces."""
        at = sum(len(piece) for piece in self.pieces[:start])
        to = at + sum(len(piece) for piece in self.pieces[start:end])
        spans = sentences(self.text, self.language)
        around = [(a, b) for a, b in spans if a < max(to, at + 1) and at < b]
        return self.text[around[0][0] : around[-1][1]] if around else ""


def swaps(before: str, after: str, language: Language, *, names: Sequence[str]) -> list[Swap]:
    """What was changed word by word inside sentences that stayed. Figures and names are nobody's manner of speech.

    `names` are products and people; English words with a capital inside a sentence are taken for names too.
    """
    old, new = (_Side(text, cut(text), language) for text in (before, after))
    return list(_swaps(old, new, [name.lower() for name in names if name]))


def _swaps(old: _Side, new: _Side, names: Sequence[str]) -> Iterator[Swap]:
    matcher = SequenceMatcher(None, old.pieces, new.pieces, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag not in ("replace", "delete") or i2 - i1 > _MOST_PIECES or j2 - j1 > _MOST_PIECES:
            continue
        quote, now = old.sentence(i1, i2), new.sentence(j1, j2)
        if not quote or not now or SequenceMatcher(None, quote, now, autojunk=False).ratio() < _ALIKE:
            continue
        found = [_whole_words(old.pieces, new.pieces, (i1, i2, j1, j2))] if tag == "replace" else []
        found = found or [("".join(old.pieces[i1:i2]), "")]
        if old.language is Language.ZH and i2 - i1 > 1 < j2 - j1:
            found = list(_within(old.pieces[i1:i2], new.pieces[j1:j2]))
        for gone, come in found:
            gone, come = _EDGES.sub("", gone), _EDGES.sub("", come)
            if gone.lower() == come.lower() or gone.lower() in new.text.lower():
                continue
            terms = [(gone, quote), (come, now)] if come else [(gone, quote)]
            if all(_is_term(term, said, old.language, names) for term, said in terms):
                yield Swap(gone, come, quote, now)


def _within(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The changes inside a longer run of pieces, letter by letter, each widened to the words it lies in."""
    gone, come = "".join(old), "".join(new)
    ends_old, ends_new = ({0, *accumulate(map(len, pieces))} for pieces in (old, new))
    blocks = SequenceMatcher(None, gone, come, autojunk=False).get_opcodes()
    for at, (tag, a1, a2, b1, b2) in enumerate(blocks):
        if tag not in ("replace", "delete"):
            continue
        before = blocks[at - 1][2] - blocks[at - 1][1] if at else 0
        after = blocks[at + 1][2] - blocks[at + 1][1] if at + 1 < len(blocks) else 0
        # What both sides have beside the change may be the rest of a word on one of them (们 of 亲们).
        left = next((n for n in range(before + 1) if a1 - n in ends_old and b1 - n in ends_new), 0)
        right = next((n for n in range(after + 1) if a2 + n in ends_old and b2 + n in ends_new), 0)
        yield gone[a1 - left : a2 + right], come[b1 - left : b2 + right]


def _whole_words(old: Sequence[str], new: Sequence[str], at: tuple[int, int, int, int]) -> tuple[str, str]:
    """Both sides; where one is a single character, with the word beside it that both have (亲们 for 亲)."""
    i1, i2, j1, j2 = at
    gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
    if come and gone != come and (gone.endswith(come) or gone.startswith(come)):
        # The dictionary cut the two texts differently: what came is left of what was there.
        return gone.removesuffix(come) if gone.endswith(come) else gone.removeprefix(come), ""
    if min(len(gone.strip()), len(come.strip())) > 1:
        return gone, come
    if i2 < len(old) and j2 < len(new) and old[i2] == new[j2] and _HAN.match(old[i2]):
        return gone + old[i2], come + new[j2]
    if i1 and j1 and old[i1 - 1] == new[j1 - 1] and _HAN.match(old[i1 - 1]):
        return old[i1 - 1] + gone, new[j1 - 1] + come
    return gone, come


def _is_term(term: str, sentence: str, language: Language, names: Sequence[str]) -> bool:
    """Whether these words could stand in a glossary."""
    if not _TERM[language].fullmatch(term) or figures(term):
        return False
    low = term.lower()
    if any(name in low or low in name for name in names):
        return False
    if language is Language.EN:
        words = low.replace("’", "'").split()
        at = sentence.find(term)
        inside = at > 0 and any(word[:1].isupper() for word in term.split())
        return not inside and not all(word in _SHORT or word in SMALL[language] for word in words)
    return (
        low not in SMALL[language] and not _PERSON.search(term) and not (_people(sentence) & set(cut(term)))
    )


def _people(sentence: str) -> set[str]:
    """What the dictionary takes for names of people."""
    import rjieba

    return {word for word, tag in rjieba.tag(sentence) if tag.startswith("nr")}
