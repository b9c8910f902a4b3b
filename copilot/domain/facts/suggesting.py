"""Suggests facts from a passage by rules: what a brand manager would pin, not every number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from copilot.domain.facts.drafts import Said
from copilot.domain.facts.prose import said_in_prose
from copilot.domain.facts.rows import said_in_row
from copilot.domain.facts.values import FactKind, FactOrigin, SuggestedFact
from copilot.domain.grounding.evidence import read_source
from copilot.domain.grounding.rows import product_cells
from copilot.domain.grounding.subjects import catalogue
from copilot.domain.materials import Kind, Source

_ALL = frozenset(FactKind)
_SOLD = frozenset({FactKind.PRICE, FactKind.OFFER})
_SERVICE = frozenset({FactKind.PRICE, FactKind.OFFER, FactKind.DATE, FactKind.PROMISE})
# Members' stories, news, trends and competitors' doings are told, not promised: they pin nothing.
_PINNED_FROM: dict[Kind, frozenset[FactKind]] = {
    Kind.STORY: _SOLD,
    Kind.CULTURE: _SOLD,
    Kind.CONCEPT: frozenset({FactKind.PRICE, FactKind.OFFER, FactKind.PROMISE}),
    Kind.BRAND_FILE: _ALL,
    Kind.EXPOSURE: _SERVICE,
    Kind.SELLING_POINT: _ALL,
    Kind.HIGHLIGHT: _ALL,
    Kind.NEW_PRODUCT: _ALL,
    Kind.OFFER: _ALL,
    Kind.BUNDLE: _ALL,
    Kind.USER_GUIDE: _ALL,
    Kind.MAINTENANCE: _ALL,
    Kind.LOGISTICS: _SERVICE,
    Kind.COMPLAINT: frozenset({FactKind.PROMISE}),
    Kind.POLICY: _SERVICE,
}


def suggest(source: Source, *, products: Sequence[str], language: str) -> tuple[SuggestedFact, ...]:
    """What a brand manager would pin of a passage, in the order of its text, each said once."""
    allowed = _PINNED_FROM.get(source.kind, frozenset())
    if not allowed or not source.text.strip():
        return ()
    names = catalogue(tuple(products), tuple(product_cells([source])))
    reading = read_source(source, names)
    read = said_in_row if source.fields else said_in_prose
    return tuple(
        _facts(source, _once(said for said in read(reading, source, names, language) if said.kind in allowed))
    )


def _once(found: Iterable[Said]) -> Iterator[Said]:
    """What a sentence says again is left out; two cells of a row may well say the same."""
    seen: set[tuple[str, ...]] = set()
    for said in found:
        value = said.day or said.amount or said.value
        mark = (said.kind, said.subject, value, said.unit)
        ends = [(said.kind, said.subject, end, "") for end in value.split("..")] if said.day else [mark]
        if not (said.prose and seen.issuperset(ends)):
            seen.add(mark)
            yield said


def _facts(source: Source, found: Iterable[Said]) -> Iterator[SuggestedFact]:
    for said in found:
        yield SuggestedFact(
            kind=said.kind,
            subject=said.subject,
            name=said.name,
            value=said.value,
            amount=said.amount,
            unit=said.unit,
            passage=source.passage,
            quote=said.quote,
            start=source.window.start,
            end=source.window.end,
            origin=FactOrigin.RULE,
        )
