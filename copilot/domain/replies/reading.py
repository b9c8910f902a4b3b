"""Reads a member's question, or what might answer it: the products that it names, and its telling words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.cutting import count, cut, is_word, tagged
from copilot.domain.grounding.subjects import catalogue
from copilot.domain.quantities.ranges import stem
from copilot.domain.replies import talk

_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’]*")
# A word that the dictionary counts so often tells next to nothing, one so seldom all that it says.
_COUNTS = (30_000, 500)
_LEAST_RARE = 0.2
_SPAN = re.compile(r"[一二三四五六七八九十两几半百]+[天年月周日个]?")
# What a Chinese word counts for where only its characters are found: 发黄 in 颜色有点黄.
_SCATTERED = 1.0


@dataclass(frozen=True)
class Said:
    """`products` are full names. `words` are single words, and families of words as `~family`.

    A Chinese text is kept as its characters too, because members and guides cut their phrases differently.
    """

    products: frozenset[str]
    words: frozenset[str]
    text: str = ""

    def covers(self, word: str) -> float:
        """How much of a question's word stands here, from 0 to 1."""
        if word in self.words:
            return 1.0
        if word.isascii() or len(word) == 1:
            return 0.0
        if word in self.text:
            return 1.0
        return _SCATTERED * sum(sign in self.words for sign in word) / len(word)


class Speech:
    """A brand's language and products. A product is known by the last word of its name, too, if no other's is it."""

    def __init__(self, language: Language, products: Sequence[str], brand: str = "") -> None:
        self.language = language
        self._products = tuple(products)
        self._brand = re.compile(re.escape(brand), re.I) if brand else None
        self._heads = _heads(self._products, language)
        self._families = talk.families(language)

    def read(self, text: str) -> Said:
        """Something that might answer: every word of it, and every family that has one."""
        return _read(self.language, self._products, text)

    def ask(self, question: str) -> Said:
        """What is asked: each word once, under its first family; phrases that any question is made of left out."""
        products, rest = self._named(self._brand.sub(" ", question) if self._brand else question)
        words: set[str] = set()
        for name, pattern in self._families:
            rest, found = pattern.subn(" ", rest)
            if found:
                words.add(f"~{name}")
        rest = talk.FILLER[self.language].sub(" ", rest)
        return Said(frozenset(products), frozenset(words | self._asked(rest)), question)

    def asks(self, head: str) -> Said:
        """A heading or a question of a passage, read as `ask` reads a question."""
        return _asks(self.language, self._products, head)

    def said(self, text: str) -> Said:
        products, rest = self._named(text)
        families = {f"~{name}" for name, pattern in self._families if pattern.search(rest)}
        return Said(frozenset(products), frozenset(families | self._words(rest)), text)

    def _named(self, text: str) -> tuple[set[str], str]:
        """The products that a text names, and the text without their names."""
        found: set[str] = set()
        rest = list(text)
        for mention in catalogue(self._products, ()).mentions(text):
            found |= mention.names
            rest[mention.start : mention.end] = " " * (mention.end - mention.start)
        left = "".join(rest)
        for head, product in self._heads:
            left, times = self._behead(left, head)
            if times:
                found.add(product)
        return found, left

    def _behead(self, text: str, head: str) -> tuple[str, int]:
        """The text without this last word of a product's name: 锅 and 锅盖 are of ours, 电饭锅 is another thing."""
        if self.language is Language.EN:
            return re.subn(rf"\b{re.escape(head)}s?\b", " ", text, flags=re.IGNORECASE)
        if head not in text:
            return text, 0
        tokens = [
            token if token.endswith(head) and len(token) > 1 and is_word(token) else token.replace(head, " ")
            for token in cut(text)
        ]
        left = "".join(tokens)
        return left, text.count(head) - left.count(head)

    def _words(self, text: str) -> set[str]:
        stop = talk.STOP[self.language]
        if self.language is Language.ZH:
            signs = {sign for run in _HAN_RUN.findall(text) for sign in run}
            return signs - stop | {word.lower() for word in _LATIN.findall(text)}
        words = {word.lower().replace("’", "'").removesuffix("'s") for word in _LATIN.findall(text)}
        return {_root(word) for word in words if word not in stop and len(word) > 1}

    def _asked(self, text: str) -> set[str]:
        """As `_words`, but Chinese words of the dictionary whole: 电话 is not asked by 电 and 话."""
        if self.language is Language.EN:
            return self._words(text)
        stop, found = talk.STOP[self.language], set[str]()
        for token, tag in (pair for run in _HAN_RUN.findall(text) for pair in tagged(run)):
            if tag[0] in talk.IDLE_TAGS or token in talk.IDLE or _SPAN.fullmatch(token):
                continue
            signs = set(token) - stop
            found |= {token} if signs and len(token) > 1 and is_word(token) else signs
        return found | {word.lower() for word in _LATIN.findall(text)}


@lru_cache(maxsize=4096)
def _read(language: Language, products: tuple[str, ...], text: str) -> Said:
    """Passages are read at every question anew; a library has few that questions lead to."""
    return _speech(language, products).said(text)


@lru_cache(maxsize=4096)
def _asks(language: Language, products: tuple[str, ...], text: str) -> Said:
    return _speech(language, products).ask(text)


@lru_cache(maxsize=32)
def _speech(language: Language, products: tuple[str, ...]) -> Speech:
    return Speech(language, products)


def _heads(products: Sequence[str], language: Language) -> list[tuple[str, str]]:
    """What the names of a brand's products end in, where that tells them apart: 锅 and 缸, pan and jar."""
    owners: dict[str, list[str]] = {}
    for product in filter(None, map(str.strip, products)):
        head = product[-1] if language is Language.ZH else product.split()[-1].lower()
        owners.setdefault(head, []).append(product)
    return [(head, names[0]) for head, names in owners.items() if len(names) == 1]


def _root(word: str) -> str:
    """A light stem, by which baking, baked and bakes meet."""
    word = word.removesuffix("ves") + "f" if word.endswith("aves") else stem(word)
    for ending in ("ing", "ed", "er"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word


def rarity(word: str) -> float:
    """How much a Chinese word tells by itself, from its count in the dictionary: 注意 less than 发票."""
    if word.isascii() or len(word) == 1:
        return 1.0
    often, seldom = map(math.log, _COUNTS)
    return max(_LEAST_RARE, min(1.0, (often - math.log(max(1, count(word)))) / (often - seldom)))
