"""How well a piece of a passage answers a question: a handful of plain traits, weighed and added up."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.domain.brands import Brand, Language
from copilot.domain.materials import Kind, Source
from copilot.domain.replies import talk
from copilot.domain.replies.pieces import Piece, pieces
from copilot.domain.replies.reading import Said, Speech, rarity
from copilot.domain.replies.wanting import sizes, wants

Likeness = Callable[[Sequence[str]], Sequence[float]]
"""The cosine of each text's meaning with the question's, by the embedder that found the passages."""

_SERVICE = frozenset({Kind.USER_GUIDE, Kind.LOGISTICS, Kind.MAINTENANCE, Kind.COMPLAINT, Kind.POLICY})
_SHORTLIST = 8  # Pieces whose own meaning is compared: more of them change no decision.
_HEAVIEST = 2.6
_FAMILY = 0.3
_KNOWN = 0.4  # A word of which less stands somewhere does not stand there.
_ANOTHER_THING = 0.6
_TELLING = 1.3
_POSTAGE = "~postage"
_PRICE = "~price"
# A price of something that belongs to a product: 小灶陶锅的外盖, a drawstring for the Larder Bag.
_PART = re.compile(
    r"的(?!.{0,3}价)[^，。；,.;]{1,8}(?:可以)?(?:单|卖|要|只要|\d)|\b(?:spare|replacement)\b|\b(?:for|of) (?:the|a|an) [A-Z]"
)
_UNSAID = 0.8
_SCRIPT = 0.7
_FULL = 30
_FIRST, _NEAR = 1.0, 0.25
_MEASURING = frozenset({"~price", "~weight", "~size", "~warm"})

# Fitted by logistic regression to labelled questions of two brands (tests/data/replies) and rounded.
WEIGHTS: Mapping[str, float] = {
    "covered": 2.0,
    "unknown": -0.9,
    "missed": -1.1,
    "heading": 0.8,
    "lacks": -0.8,
    "same thing": 0.2,
    "another thing": -0.9,
    "absent": -0.6,
    "unasked": -0.5,
    "other size": -0.9,
    "service": 0.4,
    "standing": 2.3,
    "near": 1.8,
    "script": 1.0,
}
# The sum from which on a piece answers: nine in ten questions that nothing answers stay below it.
_LINE = {Language.ZH: 4.3, Language.EN: 3.2}


@dataclass(frozen=True)
class Candidate:
    """A passage that was found. `score` and `similarity` are the search's own and compare among its hits alone."""

    source: Source
    score: float
    similarity: float | None = None


@dataclass(frozen=True)
class Weighed:
    """`place` is the passage's among the candidates, `order` the piece's in it. What has a `fit` above 0 answers.

    `says` is what a reply tells of the piece.
    """

    piece: Piece
    place: int
    order: int
    says: tuple[str, ...]
    traits: Mapping[str, float]
    line: float

    @property
    def fit(self) -> float:
        return sum(WEIGHTS[name] * value for name, value in self.traits.items()) - self.line


class Scale:
    """One question and the passages that were found for it, best first."""

    def __init__(self, question: str, candidates: Sequence[Candidate], brand: Brand) -> None:
        self._candidates = candidates
        self._line = _LINE[brand.language]
        self._speech = Speech(brand.language, brand.products, brand.name)
        self.asked = self._speech.ask(question)
        self._wants = wants(question, brand.language)
        self._sizes = sizes(question)
        # A price is at home in a price list, and somebody with a broken jar wants the words kept for that.
        asks_price = any(want.money for want in self._wants)
        self._asks_price_alone = asks_price and self.asked.words <= {_PRICE}
        self._at_home = _SERVICE | {Kind.OFFER} if asks_price else _SERVICE
        self._scripts = _SCRIPT if talk.complains(question, brand.language) else 0.0
        self._passages = [self._speech.read(f"{one.source.text}\n{one.source.context}") for one in candidates]
        self._weights = {word: self._weight(word) for word in sorted(self.asked.words)}
        self._total = sum(self._weights.values()) or 1.0
        unknown = (
            self._weights[word]
            for word in self._weights
            if all(said.covers(word) < _KNOWN for said in self._passages)
        )
        self._unknown = sum(unknown) / self._total
        known = [one.similarity for one in candidates if one.similarity is not None]
        self._ordinary = min(known, default=0.0)

    def weighed(self, likeness: Likeness | None = None) -> list[Weighed]:
        """Every piece that may answer, best first. A question of which no word is left to look for has none."""
        if not self.asked.words:
            return []
        found = _sorted(each for place in range(len(self._candidates)) for each in self._of(place))
        if likeness is None or not found:
            return found
        shortlist = found[:_SHORTLIST]
        likened = likeness([each.piece.text for each in shortlist])
        nearer = [
            replace(each, traits={**each.traits, "near": self._lift(similarity)})
            for each, similarity in zip(shortlist, likened, strict=True)
        ]
        return _sorted([*nearer, *found[_SHORTLIST:]])

    def _of(self, place: int) -> Iterable[Weighed]:
        candidate, best = self._candidates[place], self._candidates[0].score
        whole = {
            "unknown": self._unknown,
            "service": float(candidate.source.kind in self._at_home),
            "standing": self._among(candidate.score / best if best > 0 else 0.0, _FIRST),
            "near": self._lift(candidate.similarity),
            "script": self._scripts if candidate.source.kind is Kind.COMPLAINT else 0.0,
        }
        named = frozenset[str]()
        for order, piece in enumerate(pieces(candidate.source)):
            said = self._speech.read(piece.text)
            if said.products:
                # A sentence that names nothing goes on about the one thing that the last one named.
                named = said.products if len(said.products) == 1 else frozenset()
            traits = self._traits(piece, said, said.products or named, self._passages[place])
            if traits is not None:
                yield Weighed(piece, place, order, self._says(piece), {**whole, **traits}, self._line)

    def _says(self, piece: Piece) -> tuple[str, ...]:
        """What is told of a row is all of it where the cells that are worded leave out what was asked."""
        short = "\n".join(piece.says)
        leaves_out = any(want.has(piece.text) and not want.has(short) for want in self._wants)
        return (piece.whole,) if leaves_out else piece.says

    def _traits(
        self, piece: Piece, said: Said, named: frozenset[str], passage: Said
    ) -> Mapping[str, float] | None:
        """None where the very figure that is asked for is not here: nothing makes up for that."""
        asked, around = self.asked, self._speech.read(piece.source.context)
        head = self._speech.asks(piece.head)
        subject = self._speech.read(piece.subject) if piece.subject else None
        about = (subject.products or said.products) if subject else named
        if not about and len(around.products) == 1:
            about = around.products
        # A figure of the sort that is wanted says how heavy or how dear without the word.
        told = _MEASURING if any(want.valued and want.has(piece.text) for want in self._wants) else ()
        covered = {word: max(said.covers(word), _UNSAID if word in told else 0.0) for word in self._weights}
        missed = max(
            (self._weights[word] for word in covered if max(covered[word], around.covers(word)) < _KNOWN),
            default=0.0,
        )
        unasked = len(subject.words - asked.words) / (1 + len(subject.words)) if subject else 0.0
        absent = bool(asked.products - said.products - around.products - passage.products)
        if self._lacks_value(piece, about, absent=absent, is_partial=missed > _TELLING):
            return None
        if self._asks_price_alone and (unasked > _ANOTHER_THING if subject else _is_part(piece.text)):
            return None  # The price of its lid is not the price of the pot.
        is_other = bool(asked.products) and (
            not asked.products & about if about else bool(subject) and unasked > _ANOTHER_THING
        )
        return {
            "covered": sum(self._weights[word] * share for word, share in covered.items()) / self._total,
            "missed": missed / _HEAVIEST,
            "heading": _alike(asked, head),
            "lacks": float(any(not want.has(piece.text) for want in self._wants)),
            "same thing": float(bool(asked.products & about)),
            "another thing": float(is_other),
            "absent": float(absent),
            "unasked": unasked,
            "other size": float(bool(self._sizes) and not self._sizes & sizes(piece.text)),
        }

    def _lacks_value(self, piece: Piece, about: frozenset[str], *, absent: bool, is_partial: bool) -> bool:
        """Whether a figure is wanted that is not here, or is that of something else."""
        valued = [want for want in self._wants if want.valued]
        if any(not want.has(piece.text) for want in valued):
            return True
        if absent and valued and _POSTAGE not in self.asked.words:
            return True
        unnamed = not self.asked.products and bool(about)
        return unnamed and is_partial and any(want.money for want in valued)

    def _weight(self, word: str) -> float:
        """The rarer among what was found, the more a word tells; and one that everybody uses tells less."""
        held = sum(said.covers(word) >= 1 for said in self._passages)
        weight = math.log((len(self._passages) + 2) / (held + 1)) + _FAMILY
        return min(weight, _HEAVIEST) * rarity(word) + (_FAMILY if word.startswith("~") else 0.0)

    def _lift(self, similarity: float | None) -> float:
        """How far a meaning stands out, on the way from an ordinary passage's to the question's own.

        Embedders differ in how far apart they put things, so that the similarity alone tells nothing.
        """
        if similarity is None or self._ordinary >= 1:
            return 0.0
        return self._among((similarity - self._ordinary) / (1 - self._ordinary), _NEAR)

    def _among(self, measured: float, usual: float) -> float:
        """Among few passages a place tells little: then it counts only in part, and the rest is as usual."""
        share = min(1.0, len(self._candidates) / _FULL)
        return share * measured + (1 - share) * usual


def _sorted(weighed: Iterable[Weighed]) -> list[Weighed]:
    return sorted(weighed, key=lambda each: (-each.fit, each.place))


def _is_part(text: str) -> bool:
    return _PART.search(text) is not None


def _alike(one: Said, other: Said) -> float:
    """Dice's coefficient of the words and things that two texts name."""
    mine, theirs = one.words | one.products, other.words | other.products
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0
