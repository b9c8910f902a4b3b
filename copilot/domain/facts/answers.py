"""A model's reading of a passage, taken line by line: only what the passage itself says is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copilot.domain.facts import wording
from copilot.domain.facts.identity import key, normalised
from copilot.domain.facts.kinds import pinned_from
from copilot.domain.facts.naming import elided, tidy
from copilot.domain.facts.reading import stated
from copilot.domain.facts.topic import topic
from copilot.domain.facts.values import FactKind, FactOrigin, SuggestedFact
from copilot.domain.grounding.evidence import read_source
from copilot.domain.grounding.rows import product_cells
from copilot.domain.grounding.subjects import Catalogue, catalogue
from copilot.domain.materials import Kind, Source
from copilot.domain.quantities.figures import Figure, FigureKind

_KINDS: dict[str, FactKind] = {
    **{kind.value: kind for kind in FactKind},
    "spec": FactKind.SPECIFICATION,
    "specs": FactKind.SPECIFICATION,
    "价格": FactKind.PRICE,
    "优惠": FactKind.OFFER,
    "日期": FactKind.DATE,
    "规格": FactKind.SPECIFICATION,
    "承诺": FactKind.PROMISE,
}
_STATED: dict[FactKind, frozenset[FigureKind]] = {
    FactKind.PRICE: frozenset({FigureKind.PRICE}),
    FactKind.OFFER: frozenset(
        {FigureKind.OFFER, FigureKind.PRICE, FigureKind.PERCENT, FigureKind.POINTS, FigureKind.COUNT}
    ),
    FactKind.DATE: frozenset({FigureKind.DATE, FigureKind.TIME}),
    FactKind.SPECIFICATION: frozenset(
        {FigureKind.MEASURE, FigureKind.COUNT, FigureKind.DURATION, FigureKind.PERCENT}
    ),
    FactKind.PROMISE: frozenset({FigureKind.DURATION, FigureKind.TIME, FigureKind.COUNT}),
}
_BULLET = re.compile(r"^\s*(?:[-*•·>]|[0-9]{1,2}[.)、])?\s*")
_WRAPPING = " \t`*\"'“”「」『』"
_FIELDS = 5
_MOST_LINES = 40
_MOST_FACTS = 16
_LONGEST_QUOTE = 240
_LONGEST_NAME = 40
_BARE_NAME = re.compile(r"[\w\s\-()/（）·’']+")


def parse(
    answer: str,
    source: Source,
    *,
    products: Sequence[str],
    known: Sequence[SuggestedFact] = (),
) -> tuple[SuggestedFact, ...]:
    """The facts of an answer in lines of `quote | value | kind | subject | name` that the passage bears out.

    The quote must stand in the passage letter for letter (white space aside), the value in the quote and
    among the passage's own figures; amount and unit are read anew, never taken from the answer. A line that
    fails is dropped, and so is one that `known`, what the rules found, says already.
    """
    reader = _Reader(source, products)
    seen = {_mark(fact) for fact in known}
    facts: list[SuggestedFact] = []
    for line in answer.splitlines()[:_MOST_LINES]:
        fact = reader.fact(line)
        if fact is None or _mark(fact) in seen or any(_says(old, fact) for old in known):
            continue
        seen.add(_mark(fact))
        facts.append(fact)
    return tuple(facts[:_MOST_FACTS])


def _mark(fact: SuggestedFact) -> tuple[str, str, str]:
    return key(fact.kind, fact.subject, fact.name), fact.amount, fact.unit


def _says(known: SuggestedFact, fact: SuggestedFact) -> bool:
    """Whether a rule found the same value in the same words, whatever it was called."""
    overlap = known.quote in fact.quote or fact.quote in known.quote
    return overlap and bool(fact.amount) and (known.amount, known.unit) == (fact.amount, fact.unit)


class _Reader:
    """Holds one passage while the lines about it are judged."""

    def __init__(self, source: Source, products: Sequence[str]) -> None:
        self._source = source
        self._names: Catalogue = catalogue(tuple(products), tuple(product_cells([source])))
        reading = read_source(source, self._names)
        self._spans = reading.sentences
        self._figures = [place.figure for place in reading.places]
        self._allowed = pinned_from(source.kind)
        self._around = normalised(f"{source.text} {source.title} {source.context}")

    def fact(self, line: str) -> SuggestedFact | None:
        fields = [field.strip(_WRAPPING) for field in _cut(line)]
        if len(fields) != _FIELDS or len(fields[0]) > _LONGEST_QUOTE:
            return None
        told = _KINDS.get(fields[2].lower())
        quote = _placed(fields[0], self._source.text)
        value = _placed(fields[1], self._source.text, *quote) if quote else None
        if told is None or quote is None or value is None:
            return None
        inside = [f for f in self._figures if f.start < value[1] and value[0] < f.end]
        whole = self._sentence(quote)
        kind = self._kind(told, inside, whole, value)
        if kind is None or kind not in self._allowed or self._is_step(whole):
            return None
        amount, unit = stated(self._source.text, inside)
        return SuggestedFact(
            kind=kind,
            subject=self._subject(fields[3], quote),
            name=self._name(fields[4], quote, value),
            value=self._source.text[slice(*value)],
            amount=amount,
            unit=unit,
            passage=self._source.passage,
            quote=self._source.text[slice(*whole)],
            start=self._source.window.start,
            end=self._source.window.end,
            origin=FactOrigin.MODEL,
        )

    def _sentence(self, quote: tuple[int, int]) -> tuple[int, int]:
        """The whole sentence that a quote was taken from: "Cedar Dish costs £2" may end one about its tray."""
        if self._source.fields:
            return quote
        whole = [low for low, high in self._spans if low <= quote[0] < high]
        ends = [high for low, high in self._spans if low < quote[1] <= high]
        if not whole or not ends or ends[0] - whole[0] > _LONGEST_QUOTE:
            return quote
        return whole[0], ends[0]

    def _is_step(self, quote: tuple[int, int]) -> bool:
        guide = self._source.kind in (Kind.USER_GUIDE, Kind.MAINTENANCE)
        return guide and bool(wording.STEP.match(self._source.text[slice(*quote)]))

    def _kind(
        self, told: FactKind, inside: Sequence[Figure], quote: tuple[int, int], value: tuple[int, int]
    ) -> FactKind | None:
        """The fact's kind: as told where the value's figures can say that, else the one that they do say.

        None unless the value is made of whole figures: 39 元 is no part of 239 元.
        """
        said = self._source.text[slice(*quote)]
        if not inside:
            return told if told is FactKind.PROMISE and wording.FREE.search(said) else None
        if not all(value[0] <= figure.start and figure.end <= value[1] for figure in inside):
            return None
        kinds = {figure.kind for figure in inside}
        if FigureKind.PRICE in kinds and wording.REDUCED_AFTER.match(self._source.text, value[1]):
            return FactKind.OFFER
        if told in self._allowed and kinds & _STATED[told]:
            return told
        if self._source.kind is Kind.POLICY and kinds & {FigureKind.COUNT, FigureKind.POINTS}:
            return FactKind.OFFER
        if kinds & _STATED[FactKind.DATE]:
            return FactKind.DATE
        if FigureKind.PRICE in kinds:
            return FactKind.PRICE
        promised = FigureKind.DURATION in kinds and wording.PROMISED.search(said)
        return FactKind.PROMISE if promised else None

    def _subject(self, told: str, quote: tuple[int, int]) -> str:
        """The material's own words for what the fact is about; a subject made up is replaced by them."""
        if told and len(told) <= _LONGEST_QUOTE and normalised(told) and normalised(told) in self._around:
            return told
        said = self._source.text[slice(*quote)]
        own = [m for m in self._names.mentions(said) if m.names & self._names.own]
        return said[own[0].start : own[0].end] if own else topic(self._source, quote[0])

    def _name(self, told: str, quote: tuple[int, int], value: tuple[int, int]) -> str:
        """The header of a cell; a plain name without figures; else the quote's own words around the value."""
        if header := self._header(quote):
            return header
        bare = tidy(told)
        plain = bool(bare) and len(bare) <= _LONGEST_NAME and _BARE_NAME.fullmatch(bare)
        if plain and not any(character.isdigit() for character in bare):
            return bare
        return elided(self._source.text, *quote, value)

    def _header(self, quote: tuple[int, int]) -> str:
        """What the table calls the cell that a quote lies in; empty for prose, in a cell or not."""
        said = normalised(self._source.text[slice(*quote)])
        return next(
            (
                header
                for header, cell in self._source.fields.items()
                if said in (normalised(cell), normalised(header + cell)) and len(cell) <= _LONGEST_NAME
            ),
            "",
        )


def _cut(line: str) -> list[str]:
    """The five parts of a line. A quote may itself hold a bar, so the line is cut from its end."""
    bare = _BULLET.sub("", line.replace("｜", "|"), count=1).strip().strip("|")
    return bare.rsplit("|", _FIELDS - 1)


def _placed(words: str, text: str, low: int = 0, high: int | None = None) -> tuple[int, int] | None:
    """Where words stand in a stretch of a text, letter for letter but for white space."""
    tokens = words.split()
    if not tokens:
        return None
    pattern = re.compile(r"\s*".join(map(re.escape, _characters(tokens))))
    match = pattern.search(text, low, len(text) if high is None else high)
    return match.span() if match else None


def _characters(tokens: Sequence[str]) -> Iterator[str]:
    """Chinese is often quoted without the blanks around its figures, so any character may be followed by one."""
    for token in tokens:
        yield from token if not token.isascii() else re.findall(r"[A-Za-z]+|[0-9]+|[^A-Za-z0-9]", token)
