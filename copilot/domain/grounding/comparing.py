"""Comparisons between two products, held against the figures that the sources give for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.subjects import Catalogue, Mention
from copilot.domain.quantities.figures import FigureKind


@dataclass(frozen=True)
class _Scale:
    """What a word compares: figures of a kind and, for measures, of these units; `more` says which way."""

    kind: FigureKind
    units: frozenset[str]
    more: bool


_WEIGHT, _LENGTH, _VOLUME = frozenset({"g", "oz"}), frozenset({"mm", "in"}), frozenset({"ml", "floz"})
_ANY: frozenset[str] = frozenset()
_WORDS: tuple[tuple[str, _Scale], ...] = (
    ("便宜|实惠|划算|cheaper|less expensive|better value", _Scale(FigureKind.PRICE, _ANY, False)),
    ("贵|dearer|pricier|more expensive", _Scale(FigureKind.PRICE, _ANY, True)),
    ("轻|lighter", _Scale(FigureKind.MEASURE, _WEIGHT, False)),
    ("重|heavier", _Scale(FigureKind.MEASURE, _WEIGHT, True)),
    ("薄|短|矮|thinner|shorter|narrower", _Scale(FigureKind.MEASURE, _LENGTH, False)),
    ("厚|长|高|thicker|longer|taller|wider", _Scale(FigureKind.MEASURE, _LENGTH, True)),
    ("roomier|容量大|能装", _Scale(FigureKind.MEASURE, _VOLUME, True)),
    ("低|lower", _Scale(FigureKind.MEASURE, _ANY, False)),
)
_SCALES = {f"w{number}": scale for number, (_, scale) in enumerate(_WORDS)}
_SPELT = "|".join(f"(?P<w{number}>{words})" for number, (words, _) in enumerate(_WORDS))
_HAN = re.compile(rf"(?:还|更|都|要|略|稍)?(?:{_SPELT})(?!量|点|新|期|度|视|要|复|温|级|档|压|铁)")
_EN = re.compile(rf"(?<![A-Za-z])(?:{_SPELT})(?![A-Za-z])(?=[^.!?;]{{0,24}}[ ]than[ ])", re.IGNORECASE)
_PER = re.compile(r"按斤|每斤|一斤|每克|millilitre for|gram for|per (?:ml|gram|100)", re.IGNORECASE)
_MOST = 8


@dataclass(frozen=True)
class Compared:
    """A comparison of the copy that the sources' figures turn round; `first` and `second` are those figures."""

    start: int
    end: int
    first: str
    second: str


def turned_round(copy: Reading, sources: Sequence[Reading], names: Catalogue) -> Iterator[Compared]:
    """Comparisons of two named products for which every pair of figures says the opposite."""
    for start, end in copy.sentences:
        sentence = copy.text[start:end]
        mentions = names.mentions(sentence)
        if len(mentions) < 2 or len(mentions) > _MOST:
            continue
        for match in [*_han(sentence), *_EN.finditer(sentence)]:
            pair = _compared(sentence, mentions, match)
            if pair is None:
                continue
            scale = _told_by(copy, start + match.end(), _SCALES[match.lastgroup or "w0"])
            one, other = (_values(sources, mention, scale, sentence) for mention in pair)
            if not one or not other or {unit for _, unit, _ in one} != {unit for _, unit, _ in other}:
                continue
            lies = all(_denies(a, b, more=scale.more) for a, _, _ in one for b, _, _ in other)
            if lies:
                yield Compared(start + match.start(), start + match.end(), one[0][2], other[0][2])


def _told_by(copy: Reading, at: int, scale: _Scale) -> _Scale:
    """长两个小时 compares times, 高一度 degrees: the figure behind the word says what is compared."""
    behind = next((place.figure for place in copy.places if 0 <= place.figure.start - at <= 2), None)
    if behind is None or behind.kind not in (FigureKind.MEASURE, FigureKind.DURATION, FigureKind.PRICE):
        return scale
    return _Scale(behind.kind, frozenset({behind.unit}) if behind.unit else _ANY, scale.more)


def _han(sentence: str) -> list[re.Match[str]]:
    return list(_HAN.finditer(sentence)) if "比" in sentence else []


def _compared(
    sentence: str, mentions: Sequence[Mention], match: re.Match[str]
) -> tuple[Mention, Mention] | None:
    """The thing that is said to be more or less, and the thing it is held against."""
    if match.re is _EN:
        than = sentence.find(" than ", match.end())
        before = [m for m in mentions if m.end <= match.start()]
        after = [m for m in mentions if m.start >= than]
        return (before[-1], after[0]) if before and after else None
    at = sentence.rfind("比", 0, match.start())
    before = [m for m in mentions if m.end <= at]
    between = [m for m in mentions if at < m.start and m.end <= match.start()]
    return (before[-1], between[-1]) if at >= 0 and before and between else None


def _values(
    sources: Sequence[Reading], mention: Mention, scale: _Scale, sentence: str
) -> list[tuple[Decimal, str, str]]:
    """The figures of the kind that sources give for a product; for a price by weight, by its size."""
    by_size = scale.kind is FigureKind.PRICE and bool(_PER.search(sentence))
    found: list[tuple[Decimal, str, str]] = []
    for reading in sources:
        for place in reading.places:
            figure = place.figure
            fits = (
                figure.kind is scale.kind
                and (not scale.units or figure.unit in scale.units)
                and place.explicit
                and bool(place.names & mention.names)
                and not place.taken_off
                and figure.high is None
            )
            if not fits:
                continue
            sizes = [size for size in place.sizes if size.kind is FigureKind.MEASURE and size.value]
            if by_size and not sizes:
                continue
            value = figure.value / sizes[0].value if by_size else figure.value
            found.append((value, "" if scale.kind is FigureKind.PRICE else figure.unit, figure.text))
    return found


def _denies(one: Decimal, other: Decimal, *, more: bool) -> bool:
    return one <= other if more else one >= other
