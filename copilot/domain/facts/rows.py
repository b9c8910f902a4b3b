"""Facts of a table row: each cell that states a value, under its header, about what the row names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from copilot.domain.brands import Language
from copilot.domain.facts import wording
from copilot.domain.facts.drafts import Said
from copilot.domain.facts.prose import Statement
from copilot.domain.facts.reading import bounded, ending, joined
from copilot.domain.facts.values import FactKind
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.materials import Kind, Source
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind
from copilot.domain.sentences import sentences

_SIZES = frozenset({FigureKind.MEASURE, FigureKind.DURATION, FigureKind.COUNT, FigureKind.PERCENT})
_BOUNDS = re.compile(r"\b(?:over|under|up to|and|or|to|from)\b|[\s,，.\-–—~<>≤≥+、至到以上下]", re.IGNORECASE)
_LONG = 42
_SHORT = 16
_FEW = 3


def said_in_row(reading: Reading, source: Source, names: Catalogue, language: str) -> Iterator[Said]:
    """Nothing of a row about one order or one customer: that is true of nobody else."""
    if any(wording.LOG_HEADER.search(header.strip()) for header in source.fields):
        return
    row = _Row(reading, source, names, language)
    yield from row.said()


class _Row:
    def __init__(self, reading: Reading, source: Source, names: Catalogue, language: str) -> None:
        self._reading, self._source, self._names, self._language = reading, source, names, language
        self._spans = entries(source.text, source.fields)
        self._offer = _first(source.fields, wording.OFFER_HEADER.search)
        self._variant = ""
        self._naming, self._subject = self._about()

    def said(self) -> Iterator[Said]:
        prose: list[tuple[int, int]] = []
        for header, (start, low, high) in self._spans.items():
            if header in (self._naming, self._offer, self._variant) or wording.SKIPPED_HEADER.search(header):
                continue
            if self._subject and not self._is_prose(header, low, high):
                yield from self._cell(header, (start, low, high))
            elif not wording.VARIANT_HEADER.search(header):
                prose.append((low, high))
        for low, high in prose:
            for span in _statements(self._source.text, low, high, self._language):
                yield from self._statement(span).said()

    def _statement(self, span: tuple[int, int]) -> Statement:
        """A row's sentence is about what the row is about, unless it names a product of its own."""
        named = self._names.mentions(self._source.text[span[0] : span[1]])
        own = any(mention.names & self._names.own for mention in named)
        subject = "" if own and not self._names.mentions(self._subject) else self._subject
        topic = self._source.fields.get(self._naming, "")
        return Statement(
            self._reading, self._source, self._names, self._language, span, subject=subject, topic=topic
        )

    def _about(self) -> tuple[str, str]:
        """The naming cell's header, and the subject: the product with its variant, or the row's key cell."""
        fields = self._source.fields
        headers = [h for h in fields if wording.NAMING_HEADER.search(h) and h != self._offer]
        headers = headers or [h for h in fields if h == self._offer] or list(fields)[:1]
        header = next((h for h in headers if fields[h].strip()), "")
        subject = fields.get(header, "").strip()
        if not subject or len(subject) > 60 or _only_figures(subject):
            return header, ""
        if self._offer and wording.ALL_GOODS.search(subject):
            return header, fields[self._offer].strip()
        variant = _first(fields, wording.VARIANT_HEADER.search)
        if variant and variant != header and self._tells_apart(subject, variant, fields[variant].strip()):
            self._variant = variant
            return header, f"{subject} · {fields[variant].strip()}"
        return header, subject

    def _tells_apart(self, subject: str, header: str, cell: str) -> bool:
        """A product's variant is a short name such as its colour; a generic row ("Spare part") needs more."""
        if subject in self._names.own:
            if not cell or len(cell) > _SHORT or figures(cell):
                return False
            # A column called "variant" holds anything ("with lid"); one word of it is a name.
            return not wording.ANY_VARIANT_HEADER.search(header) or len(cell.split()) == 1
        return 0 < len(cell) <= _LONG

    def _is_prose(self, header: str, low: int, high: int) -> bool:
        return high - low > _LONG or bool(wording.PROSE_HEADER.search(header))

    def _cell(self, header: str, span: tuple[int, int, int]) -> Iterator[Said]:
        start, low, high = span
        places = [p for p in self._reading.places if low <= p.figure.start < high]
        cell, quote = self._source.text[low:high], self._source.text[start:high]
        kind = self._kind(header, cell, places)
        if kind is None:
            return
        title = header.replace("_", " ")
        name = f"{self._source.fields[self._offer].strip()} {title}" if self._offer_named() else title
        if not places:
            yield Said(kind, self._subject, name, cell, cell, "", quote, prose=False)
            return
        if kind is FactKind.PRICE:
            prices = [place for place in places if place.figure.kind is FigureKind.PRICE]
            places = prices if len(prices) == 1 else places
        found = [place.figure for place in places]
        amount, unit = joined(found)
        value = cell if len(found) > 1 else self._stated(kind, found[0])
        window = bool(wording.WINDOW_HEADER.search(header))
        yield Said(kind, self._subject, name, value, amount, unit, quote, prose=False, is_window=window)

    def _stated(self, kind: FactKind, figure: Figure) -> str:
        text = self._source.text
        start, end = figure.start, ending(text, figure)
        if kind is FactKind.SPECIFICATION:
            start, end = bounded(text, start, end, figure.kind)
        return text[start:end]

    def _offer_named(self) -> bool:
        return bool(self._offer) and self._source.fields[self._offer].strip() != self._subject

    def _kind(self, header: str, cell: str, places: Sequence[Place]) -> FactKind | None:
        if wording.CODE_HEADER.search(header):
            return FactKind.OFFER if wording.CODE_CELL.fullmatch(cell) else None
        if not places:
            return None
        kinds = {place.figure.kind for place in places}
        if wording.START_HEADER.search(header) or wording.END_HEADER.search(header):
            return FactKind.DATE if kinds == {FigureKind.DATE} else None
        if FigureKind.PRICE in kinds:
            text = self._source.text
            first = next(p.figure for p in places if p.figure.kind is FigureKind.PRICE)
            before = text[max(0, first.start - 12) : first.start]
            rest = text[first.end : first.end + 8]
            conditional = wording.ABOVE.search(before) or wording.ABOVE_AFTER.match(rest)
            reduced = wording.REDUCED.search(before) or wording.REDUCED_AFTER.match(rest)
            if conditional or reduced or wording.COUPON.match(rest):
                return FactKind.OFFER
            return FactKind.PRICE if len(places) <= _FEW else None
        if kinds & {FigureKind.OFFER, FigureKind.POINTS}:
            return FactKind.OFFER
        if wording.QUANTITY_HEADER.search(header) and self._offer:
            return FactKind.OFFER
        return self._described(header, cell, kinds)

    def _described(self, header: str, cell: str, kinds: set[FigureKind]) -> FactKind | None:
        kind = self._source.kind
        if kind is Kind.POLICY:
            rewarded = wording.REWARD_HEADER.search(header) or header.lower() in self._source.title.lower()
            return FactKind.OFFER if rewarded else None
        if kind in (Kind.LOGISTICS, Kind.COMPLAINT, Kind.USER_GUIDE):
            timed = FigureKind.DURATION in kinds and wording.TERM_HEADER.search(header)
            return FactKind.PROMISE if timed else None
        if kind is Kind.MAINTENANCE:
            stored = wording.STORAGE_HEADER.search(header) and not wording.REPEATED.search(cell)
            return FactKind.SPECIFICATION if stored else None
        if kinds <= {FigureKind.DATE, FigureKind.TIME}:
            return FactKind.DATE if self._is_of_an_event(header) else None
        sized = kinds & _SIZES or (FigureKind.NUMBER in kinds and wording.ATTRIBUTE.search(header))
        return FactKind.SPECIFICATION if sized else None

    def _is_of_an_event(self, header: str) -> bool:
        """A day is worth pinning where it is when something happens for everybody, not when a row was written."""
        if wording.LOGGED_HEADER.search(header):
            return False
        eventful = bool(self._offer) or self._source.kind in (Kind.EXPOSURE, Kind.NEW_PRODUCT)
        return bool(wording.EVENT_HEADER.search(header) or (eventful and wording.DAY_HEADER.search(header)))


def entries(text: str, fields: Mapping[str, str]) -> dict[str, tuple[int, int, int]]:
    """For each header where its entry begins, and where its cell begins and ends, in the row's text."""
    spans: dict[str, tuple[int, int, int]] = {}
    at = 0
    for header, cell in fields.items():
        bare = cell.strip()
        if not bare:
            continue
        for mark in ("：", ": ", ":"):
            start = text.find(f"{header}{mark}{bare}", at)
            if start >= 0:
                low = start + len(header) + len(mark)
                spans[header] = (start, low, low + len(bare))
                at = low + len(bare)
                break
    return spans


def _statements(text: str, low: int, high: int, language: str) -> Sequence[tuple[int, int]]:
    """The sentences of a cell, as offsets of the whole row."""
    tongue = Language.ZH if language == Language.ZH else Language.EN
    return [(low + start, low + end) for start, end in sentences(text[low:high], tongue)]


def _first(fields: Mapping[str, str], found: object) -> str:
    assert callable(found)
    return next((header for header, cell in fields.items() if found(header) and cell.strip()), "")


def _only_figures(cell: str) -> bool:
    """A cell such as "450 g" or "Over £60" measures; it names nothing."""
    rest = cell
    for figure in reversed(figures(cell)):
        rest = rest[: figure.start] + rest[figure.end :]
    return not _BOUNDS.sub("", rest).strip()
