"""Suggests facts from a passage by rules: what a brand manager would pin, not every number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from copilot.domain.facts.drafts import Said
from copilot.domain.facts.kinds import pinned_from
from copilot.domain.facts.prose import said_in_prose
from copilot.domain.facts.rows import said_in_row
from copilot.domain.facts.values import FactKind, FactOrigin, SuggestedFact
from copilot.domain.grounding.evidence import read_source
from copilot.domain.grounding.rows import product_cells
from copilot.domain.grounding.subjects import catalogue
from copilot.domain.materials import Source

_NAMELESS = frozenset({FactKind.PRICE, FactKind.DATE})


def suggest(
    source: Source, *, products: Sequence[str], language: str, windows: bool = True
) -> tuple[SuggestedFact, ...]:
    """What a brand manager would pin of a passage, in the order of its text, each said once.

    Without `windows` the days on which a row is valid are left out, in its sentences too: every fact of the
    row carries them, so nobody is asked to confirm them. What follows a change of the row wants to see them.
    """
    allowed = pinned_from(source.kind)
    if not allowed or not source.text.strip():
        return ()
    names = catalogue(tuple(products), tuple(product_cells([source])))
    reading = read_source(source, names)
    read = said_in_row if source.fields else said_in_prose
    found = read(reading, source, names, language)
    told = _once(said for said in found if said.kind in allowed)
    return tuple(_facts(source, (said for said in told if windows or not said.is_window)))


def _once(found: Iterable[Said]) -> Iterator[Said]:
    """What a sentence says again is left out; two cells of a row may well say the same.

    A sentence repeats a cell, a price or a day under whatever name. Of other values it repeats only what has
    their name: to soak for 30 minutes and to rest for 30 minutes are two facts, and either may change.
    """
    seen: set[tuple[str, ...]] = set()
    for said in found:
        value = said.day or said.amount or said.value
        nameless = (said.kind, said.subject, value, said.unit)
        named = (*nameless, said.name)
        ends = [(said.kind, said.subject, end, "") for end in value.split("..")] if said.day else [nameless]
        if said.prose and (named in seen or seen.issuperset(ends)):
            continue
        seen.add(named)
        if not said.prose or said.kind in _NAMELESS:
            seen.add(nameless)
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
