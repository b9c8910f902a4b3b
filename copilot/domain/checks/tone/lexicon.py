"""Lists of words as one pattern: every word of a list is found in one pass over the text, the longest wins."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from operator import add
from typing import Any

from copilot.domain.brands import Language
from copilot.domain.checks.measures import Span, inside
from copilot.domain.checks.tone.values import Marker, Trait

Words = Mapping[str, str | None]

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


@dataclass(frozen=True)
class Sign:
    """What a word or a pattern says of a trait; `rewrite` as in a Marker."""

    high: bool
    weight: float
    rewrite: str | None = None


Pattern = tuple[re.Pattern[str], Sign]
"""Something that no list of words can say, such as a likeness with all that it is like."""


def up(pattern: str, weight: float, rewrite: str | None = None) -> Pattern:
    """Towards the upper end of a trait. Patterns meet small letters, and begin with what is rare in a text."""
    return re.compile(pattern), Sign(True, weight, rewrite)


def down(pattern: str, weight: float, rewrite: str | None = None) -> Pattern:
    return re.compile(pattern), Sign(False, weight, rewrite)


def listed(words: str) -> dict[str, None]:
    """Words of which none has a rewrite, as they are easiest to read: in one text with white space between."""
    return dict.fromkeys(words.split())


def phrases(words: str) -> dict[str, None]:
    """The same for phrases, with commas between."""
    return dict.fromkeys(" ".join(phrase.split()) for phrase in words.split(",") if phrase.strip())


def joined(*parts: Iterable[str], by: str = " ") -> dict[str, None]:
    """Every way to say one of each part after the other; an empty one is left out."""
    return dict.fromkeys(by.join(filter(None, one)) for one in product(*parts))


class Lexicon:
    """One trait in one language: groups of words, each of one side and weight, and patterns beside them."""

    def __init__(
        self,
        trait: Trait,
        language: Language,
        groups: Sequence[tuple[bool, float, Words]],
        patterns: Sequence[Pattern] = (),
    ) -> None:
        self._trait = trait
        self._signs: dict[str, Sign] = {}
        for high, weight, words in groups:
            for word, rewrite in words.items():
                self._signs.setdefault(word, Sign(high, weight, rewrite))
        self._find = _whole(self._signs) if language is Language.EN else _within(self._signs)
        self._patterns = tuple(patterns)

    def markers(self, text: str, lowered: str, quoted: Sequence[Span]) -> tuple[Marker, ...]:
        """In the order of the text, without overlaps; what somebody else said is left out.

        `lowered` is the text in small letters, as long as the text.
        """
        found = [(start, end, self._signs[lowered[start:end]]) for start, end in self._find(lowered)]
        for pattern, sign in self._patterns:
            found += [(*match.span(), sign) for match in pattern.finditer(lowered)]
        found.sort(key=lambda item: (item[0], -item[1]))
        kept: list[Marker] = []
        furthest = 0
        for start, end, sign in found:
            if start >= furthest and not (quoted and inside(quoted, start)):
                rewrite = _cased(text[start], sign.rewrite) if sign.rewrite else sign.rewrite
                kept.append(Marker(start, end, sign.high, sign.weight, rewrite, self._trait))
                furthest = end
        return tuple(kept)


def _cased(first: str, rewrite: str) -> str:
    """The rewrite with a capital where the original had one, so that sentences still begin with one."""
    return rewrite[:1].upper() + rewrite[1:] if first.isupper() else rewrite


def lowered(text: str) -> str:
    """Small letters and straight apostrophes, a character for a character."""
    small = text.lower().replace("’", "'")
    if len(small) == len(text):
        return small
    return "".join(one if len(one.lower()) != 1 else one.lower() for one in text).replace("’", "'")


Finder = Callable[[str], Iterable[Span]]


def _within(words: Iterable[str]) -> Finder:
    """Words anywhere in a text, as Chinese has them: the longest that begins at a place.

    The pairs of characters of a text are few beside those that the words begin with, so what both have is
    found before any word is looked for.
    """
    heads: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        heads[word[:2]].append(word)
    single = [head for head in heads if len(head) == 1]

    def find(text: str) -> Iterator[Span]:
        seen = heads.keys() & pairs(text)
        for head in (*seen, *single):
            at = text.find(head)
            while at >= 0:
                for word in heads[head]:
                    if text.startswith(word, at):
                        yield at, at + len(word)
                        break
                at = text.find(head, at + 1)

    return find


@lru_cache(maxsize=4)
def pairs(text: str) -> frozenset[str]:
    """Every two characters that stand together, once for all the lists that a text is held against."""
    return frozenset(map(add, text, text[1:]))


@lru_cache(maxsize=4)
def words_of(small: str) -> tuple[str, ...]:
    """The English words of a text in small letters, contractions as one."""
    return tuple(_WORD.findall(small))


def _whole(words: Iterable[str]) -> Finder:
    """Whole words and phrases, the longest first: a pattern that branches by letters, as long lists cost no more then."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    # The look behind stands after the first letter: a pattern that begins with letters is searched for by these.
    branches = (
        rf"{re.escape(first)}(?<!\w{re.escape(first)}){_branches(node)}"
        for first, node in sorted(root.items())
    )
    pattern = re.compile(rf"(?:{'|'.join(branches)})(?!\w)")
    return lambda text: (match.span() for match in pattern.finditer(text))


def _branches(node: Mapping[str, Any]) -> str:
    rest = [f"{re.escape(letter)}{_branches(below)}" for letter, below in sorted(node.items()) if letter]
    if not rest:
        return ""
    joined = f"(?:{'|'.join(rest)})" if len(rest) > 1 or "" in node else rest[0]
    return f"{joined}?" if "" in node else joined


def weighed(markers: Iterable[Marker], text: str) -> tuple[float, float]:
    """The weight of each side, the upper first. A word that comes back counts twice: often it is a name."""
    seen: dict[str, int] = {}
    high = low = 0.0
    for start, end, is_high, weight, _, _ in markers:
        said = text[start:end]
        seen[said] = times = seen.get(said, 0) + 1
        if times > 2:
            continue
        if is_high:
            high += weight
        else:
            low += weight
    return high, low
