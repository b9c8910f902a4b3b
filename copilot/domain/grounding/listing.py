"""What a copy lists of a thing, its colours or what comes with it, and no source knows of: Oat, Moss and Rust."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.promises import is_question
from copilot.domain.grounding.subjects import Catalogue, Mention
from copilot.domain.grounding.words import words
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import FigureKind

_EN_HAS = re.compile(
    r"(?<![A-Za-z])(?:comes? (?:in|with)|includes?|contains?|available in|choose (?:from|between)|consists? of)[ ]",
    re.IGNORECASE,
)
# The bag is in the kit.
_IN = re.compile(
    r"[ ](?:is|are|comes?)(?: also| even| now)?(?: included| packed)? (?:in|with)(?: the| every| your| a)?[ ]|也?(?:放|装|配|包含)?在",
    re.IGNORECASE,
)
_NOT_IN = re.compile(
    r"(?:not|n['’]t)(?: included)? (?:in|with)|no longer|without|不[含在带配]|没有|另[购买配]|单[独买]",
    re.IGNORECASE,
)
_EN_END = re.compile(
    r"[.;:!?()\n—–…]|[ ](?:for|which|that|when|if|to|on|at|by|from|because|while|until|is|are|was|so|but|without|with|in|of|as|than|this|it|you|we|they)(?![A-Za-z])",
    re.IGNORECASE,
)
_EN_COMMA = re.compile(r",[ ](?:and|or)[ ]|,[ ]|[ ](?:and|or|&|plus)[ ]", re.IGNORECASE)
_EN_ARTICLE = re.compile(r"(?:an?|the|its|your|one|our|some|all|both|also|either)[ ]", re.IGNORECASE)
_SET = re.compile(r"(?:(?:kit|set|box|bundle|pack|hamper)[ ]|套装|礼盒|套餐|盒子?里)$", re.IGNORECASE)
_ZH_LIST = re.compile(
    r"(?:有|含|包括|配有|附|分为?|可选|任选)(?P<l>[一-鿿]{1,6}(?:、[一-鿿]{1,6})+(?:[和与及跟][一-鿿]{1,6})?)"
)
_ZH_COMMA = re.compile(r"[、和与及跟]")
# What follows the last one: 三个颜色, 都有, 等.
_ZH_TAIL = re.compile(r"(?:这?[一二两三四五六七八九十几多]+[种个款样色]|等|都|可|任|供|几|共|在内).*$")
_DIMINUTIVE = re.compile(r"^[小大新老]|(?<=[一-鿿])[子儿]$")
_LONGEST = 4  # Words of an English item.
_MANY = 3  # Things, each with its price.
_LEAST, _MOST = 2, 6  # Characters of a Chinese one.
_KNOWN = (
    2  # So many of a list have to be known, where no product is named, for the list to be of what is sold.
)
_MOST_SENTENCES = 200


@dataclass(frozen=True)
class Listed:
    """The item at these offsets, which no source knows, or none of the thing that it is told of."""

    start: int
    end: int


class Listings:
    def __init__(self, readings: Sequence[Reading], names: Catalogue) -> None:
        self._names = names
        self._forms = frozenset().union(*(forms for reading in readings for forms in reading.sentence_words))
        self._everything = "\n".join(
            f"{r.text}\n{r.source.title} {r.source.context}" if r.source else r.text for r in readings
        ).lower()
        self._together: list[frozenset[str]] = []
        self._apart: list[frozenset[str]] = []
        self._read(readings)

    def _read(self, readings: Sequence[Reading]) -> None:
        """What each sentence names together, or keeps apart; one that only tells many prices does neither."""
        for reading in readings:
            prices = Counter(one.sentence for one in reading.places if one.figure.kind is FigureKind.PRICE)
            for number, (start, end) in enumerate(reading.sentences):
                mentions = self._names.mentions(reading.text[start:end])
                if not _MANY <= len(mentions) <= prices[number]:
                    is_apart = _NOT_IN.search(reading.text, start, end)
                    told = self._apart if is_apart else self._together
                    told.append(frozenset().union(*(mention.names for mention in mentions)))

    def strange(self, copy: Reading) -> Iterator[Listed]:
        for start, end in copy.sentences[:_MOST_SENTENCES]:
            sentence = copy.text[start:end]
            if not is_question(sentence):
                yield from (Listed(start + low, start + high) for low, high in self._in_sentence(sentence))

    def _in_sentence(self, sentence: str) -> Iterator[tuple[int, int]]:
        lists = [*_english(sentence), *_chinese(sentence)]
        is_in = bool(_IN.search(sentence))
        mentions = self._names.mentions(sentence) if lists or is_in else []
        for item, thing in pairwise(mentions if is_in else ()):
            if _IN.fullmatch(sentence, item.end, thing.start) and self._are_apart(thing, item):
                yield item.start, item.end
        for has, items in lists:
            told = [one for one in mentions if one.end <= has]
            is_of_a_set = bool(_SET.search(sentence, 0, has))
            strange = [item for item in items if not self._is_known(sentence[slice(*item)])]
            if not told and not is_of_a_set and len(items) - len(strange) < _KNOWN:
                continue
            apart = [
                (one.start, one.end)
                for one in mentions
                if told
                and any(low <= one.start < high for low, high in items)
                and self._are_apart(told[-1], one)
            ]
            yield from (*strange, *apart)

    def _is_known(self, item: str) -> bool:
        bare = _DIMINUTIVE.sub("", item.lower())
        if bare in self._everything or figures(item):
            return True
        said = [word.form.removeprefix("¬") for word in words(item)]
        return not said or said[-1] in self._forms

    def _are_apart(self, thing: Mention, item: Mention) -> bool:
        """Whether the sources keep them apart, or say what else goes with the thing and never name this with it."""
        if thing.names & item.names:
            return False
        if any(thing.names & told and item.names & told for told in self._together):
            return False
        return any(thing.names & told and item.names & told for told in self._apart) or any(
            thing.names & told and len(told - thing.names) > 1 for told in self._together
        )


def _english(sentence: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Where it says that something has what follows, and the places of what it lists."""
    for has in islice(_EN_HAS.finditer(sentence), _MOST):
        stop = _EN_END.search(sentence, has.end())
        items, low = [], has.end()
        last = stop.start() if stop else len(sentence)
        for comma in (*_EN_COMMA.finditer(sentence, has.end(), last), None):
            high = comma.start() if comma else last
            article = _EN_ARTICLE.match(sentence, low, high)
            low = article.end() if article else low
            if high > low and len(sentence[low:high].split()) <= _LONGEST:
                items.append((low, high))
            low = comma.end() if comma else high
        yield has.start(), items


def _chinese(sentence: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    for has in islice(_ZH_LIST.finditer(sentence), _MOST):
        items, low = [], has.start("l")
        for comma in (*_ZH_COMMA.finditer(sentence, *has.span("l")), None):
            high = comma.start() if comma else has.end("l")
            tail = _ZH_TAIL.search(sentence, low, high)
            end = tail.start() if tail else high
            if _LEAST <= end - low <= _MOST:
                items.append((low, end))
            low = comma.end() if comma else high
        yield has.start(), items
