"""Comparisons between two things, held against the figures that the sources give for each, and against what they compare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue, Mention, variants
from copilot.domain.grounding.words import words
from copilot.domain.quantities.figures import Figure, FigureKind

_ANY: frozenset[str] = frozenset()
_WEIGHT, _LENGTH, _VOLUME = frozenset({"g", "oz"}), frozenset({"mm", "in"}), frozenset({"ml", "floz"})


@dataclass(frozen=True)
class _Scale:
    """What a word compares: figures of a kind (of any, where it names none), for measures of these units, for the noun
    `about` those told of it. `more` says which way, None that both are the same."""

    kind: FigureKind | None
    units: frozenset[str]
    more: bool | None
    about: str = ""


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
_SPELT = "|".join(f"(?P<w{number}>{spelled})" for number, (spelled, _) in enumerate(_WORDS))
_HAN = re.compile(rf"(?:还|更|都|要|略|稍)?(?:{_SPELT})(?!量|点|新|期|度|视|要|复|温|级|档|压|铁)")
_EN = re.compile(rf"(?<![A-Za-z])(?:{_SPELT})(?![A-Za-z])(?=[^.!?;]{{0,24}}[ ]than[ ])", re.IGNORECASE)
_EN_NOUN = re.compile(
    r"(?<![A-Za-z])(?:(?P<more>more)|(?P<less>less|fewer)|(?P<same>as[ ](?:much|many)))[ ](?P<noun>[a-z]{3,20})"
    r"(?=[ ](?:than|as)[ ])",
    re.IGNORECASE,
)
_RATIO_BEFORE = re.compile(r"(?:half|twice|double|times|third)[ ]$", re.IGNORECASE)
_PER = re.compile(
    r"按斤|每斤|一斤|每克|(?:millilitre|ml|gram|ounce) for|per (?:ml|gram|100|ounce)|better value",
    re.IGNORECASE,
)
_MOST = 8
# What is the most of all: 最便宜, the lightest.
_SUPERLATIVES: tuple[tuple[str, _Scale], ...] = (
    ("最便宜|最实惠|cheapest|least expensive", _Scale(FigureKind.PRICE, _ANY, False)),
    ("最贵|dearest|priciest|most expensive", _Scale(FigureKind.PRICE, _ANY, True)),
    ("最轻|lightest", _Scale(FigureKind.MEASURE, _WEIGHT, False)),
    ("最重|heaviest", _Scale(FigureKind.MEASURE, _WEIGHT, True)),
)
_SUPERLATIVE = {
    re.compile(rf"(?:{spelled})(?![A-Za-z])(?!的时候|不过)", re.IGNORECASE): scale
    for spelled, scale in _SUPERLATIVES
}
# A source that compares the two itself is held to by its own word.
_OPPOSITES = tuple(
    pair.split()
    for pair in ("深 浅", "浓 淡", "大 小", "多 少", "快 慢", "硬 软", "甜 酸", "粗 细", "新 老", "厚 薄", "高 低", "重 轻",
                 "darker lighter", "stronger milder", "softer firmer", "sweeter drier", "faster slower", "bigger smaller")
)  # fmt: skip
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_TOLD = re.compile(r"(?:更|还|要)(?P<z>" + "|".join(w for w in _OPPOSITE if not w.isascii()) + r")")


@dataclass(frozen=True)
class Compared:
    """A comparison of the copy that the sources turn round; `first` and `second` are what they say of each."""

    start: int
    end: int
    first: str
    second: str


def turned_round(copy: Reading, sources: Sequence[Reading], names: Catalogue) -> Iterator[Compared]:
    """Comparisons of two things for which everything that the sources say of both is the opposite."""
    for start, end in copy.sentences:
        sentence = copy.text[start:end]
        mentions = names.mentions(sentence)
        if len(mentions) > _MOST:
            continue
        for match in [*_han(sentence), *_EN.finditer(sentence), *_EN_NOUN.finditer(sentence)]:
            scale = _scale(copy, start, sentence, match)
            things: list[_Thing] = [*mentions, *(_sizes(copy, start, end) if len(mentions) < 2 else ())]
            pair = (
                _compared(sentence, sorted(things, key=lambda thing: thing.start), match) if scale else None
            )
            if pair is None or scale is None:
                continue
            by_size = bool(_PER.search(sentence))
            one, other = (_values(sources, thing, scale, by_size=by_size, named=mentions) for thing in pair)
            if denial := _denial(one, other, scale):
                yield Compared(start + match.start(), start + match.end(), *denial)
        yield from _told_otherwise(copy, (start, end), mentions, sources)
        if len(mentions) == 1:
            yield from _no_extreme(sentence, start, mentions[0], sources, names)


def _no_extreme(
    sentence: str, start: int, thing: Mention, sources: Sequence[Reading], names: Catalogue
) -> Iterator[Compared]:
    """The cheapest of all, where the sources have another that costs less."""
    for pattern, scale in _SUPERLATIVE.items():
        match = pattern.search(sentence)
        if match is None:
            continue
        own = _values(sources, thing, scale, by_size=False, named=[thing])
        for name in names.names if own else ():
            if name in thing.names:
                continue
            other = Mention(0, 0, frozenset({name}))
            values = _values(sources, other, scale, by_size=False, named=[other])
            if values and all(
                _denies(one.value, its.value, scale.more) and one.value != its.value
                for one in own
                for its in values
            ):
                yield Compared(start + match.start(), start + match.end(), own[0].text, values[0].text)
                break


def _told_otherwise(
    copy: Reading, span: tuple[int, int], mentions: Sequence[Mention], sources: Sequence[Reading]
) -> Iterator[Compared]:
    """洋槐蜜颜色更深, where a source says that its colour is the paler of the two."""
    start, end = span
    for match in _TOLD.finditer(copy.text, start, end):
        before = [mention for mention in mentions if start + mention.end <= match.start()]
        thing = copy.text[before[-1].start + start : before[-1].end + start] if before else ""
        about = copy.text[before[-1].end + start : match.start()] if before else ""
        told = (
            re.compile(rf"{re.escape(about)}比[^，。；]{{1,12}}?{_OPPOSITE[match['z']]}")
            if 0 < len(about) <= 4
            else None
        )
        for reading in sources if told is not None else ():
            found = told.search(reading.text) if told is not None else None
            head = reading.text[max(0, found.start() - len(thing) - 2) : found.start()] if found else ""
            if found and thing in head:
                yield Compared(match.start(), match.end(), head + found.group(), thing)


@dataclass(frozen=True)
class _Sized:
    """A thing that is told by its size alone: the 50 ml, beside the 30 ml bottle of the same."""

    start: int
    end: int
    size: Figure


_Thing = Mention | _Sized


def _sizes(copy: Reading, start: int, end: int) -> list[_Sized]:
    return [
        _Sized(place.figure.start - start, place.figure.end - start, place.figure)
        for place in copy.places
        if start <= place.figure.start < end
        and place.figure.kind is FigureKind.MEASURE
        and place.figure.high is None
    ][:_MOST]


def _scale(copy: Reading, start: int, sentence: str, match: re.Match[str]) -> _Scale | None:
    if match.re is _EN_NOUN:
        if match["same"] and _RATIO_BEFORE.search(sentence[: match.start()]):
            return None  # Half as much is reckoned elsewhere.
        about = words(match["noun"])
        more = None if match["same"] else bool(match["more"])
        return _Scale(None, _ANY, more, about[0].form) if about else None
    scale = _SCALES[match.lastgroup or "w0"]
    # 长两个小时 compares times, 高一度 degrees: the figure behind the word says what is compared.
    behind = next((p.figure for p in copy.places if 0 <= p.figure.start - start - match.end() <= 2), None)
    if behind is None or behind.kind not in (FigureKind.MEASURE, FigureKind.DURATION, FigureKind.PRICE):
        return scale
    return replace(scale, kind=behind.kind, units=frozenset({behind.unit}) if behind.unit else _ANY)


def _han(sentence: str) -> list[re.Match[str]]:
    return list(_HAN.finditer(sentence)) if "比" in sentence else []


def _compared(sentence: str, things: Sequence[_Thing], match: re.Match[str]) -> tuple[_Thing, _Thing] | None:
    """The thing that is said to be more or less, and the thing it is held against."""
    if match.re is _HAN:
        at = sentence.rfind("比", 0, match.start())
        before = [thing for thing in things if thing.end <= at]
        between = [thing for thing in things if at < thing.start and thing.end <= match.start()]
        return (before[-1], between[-1]) if at >= 0 and before and between else None
    than = min(
        (at for word in (" than ", " as ") if (at := sentence.find(word, match.end())) >= 0), default=-1
    )
    before = [thing for thing in things if thing.end <= match.start()]
    after = [thing for thing in things if than >= 0 and thing.start >= than]
    return (
        (before[-1] if isinstance(before[-1], Mention) else before[0], after[0]) if before and after else None
    )


@dataclass(frozen=True)
class _Value:
    value: Decimal
    sort: tuple[FigureKind, str]
    text: str


def _values(
    sources: Sequence[Reading], thing: _Thing, scale: _Scale, *, by_size: bool, named: Sequence[Mention]
) -> list[_Value]:
    """The figures that sources give for a thing on the scale; for a price by weight, by its size."""
    found: list[_Value] = []
    of_all = frozenset().union(*(mention.names for mention in named))
    for reading in sources:
        for place in reading.places:
            figure = place.figure
            if (
                not _is_on(scale, place)
                or figure.high is not None
                or place.taken_off
                or not _is_of(place, thing, of_all)
            ):
                continue
            sizes = [size for size in place.sizes if size.kind is FigureKind.MEASURE and size.value]
            is_price = figure.kind is FigureKind.PRICE
            if by_size and is_price and not sizes:
                continue
            value = figure.value / sizes[0].value if by_size and is_price else figure.value
            found.append(_Value(value, (figure.kind, "" if is_price else figure.unit), figure.text))
    return found


def _is_on(scale: _Scale, place: Place) -> bool:
    if scale.about:
        return scale.about in place.clause_words or (scale.about in place.sentence_words and not place.row)
    return place.figure.kind is scale.kind and (not scale.units or place.figure.unit in scale.units)


def _is_of(place: Place, thing: _Thing, named: frozenset[str]) -> bool:
    if isinstance(thing, Mention):
        mine, theirs = variants(thing.names), variants(place.names)
        return place.explicit and bool(mine & theirs if mine and theirs else place.names & thing.names)
    is_named = not named or not place.groups or bool(place.names & named)
    return is_named and any((s.unit, s.value) == (thing.size.unit, thing.size.value) for s in place.sizes)


def _denial(ones: Sequence[_Value], others: Sequence[_Value], scale: _Scale) -> tuple[str, str] | None:
    """The first two figures that deny the comparison, where each sort that both have denies it."""
    pairs = [(one, other) for one in ones for other in others if one.sort == other.sort]
    if not pairs or not all(_denies(one.value, other.value, scale.more) for one, other in pairs):
        return None
    return pairs[0][0].text, pairs[0][1].text


def _denies(one: Decimal, other: Decimal, more: bool | None) -> bool:
    if more is None:
        return one != other
    return one <= other if more else one >= other
