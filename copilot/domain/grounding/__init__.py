"""The claim ledger: each sentence of the copy held against the sources that are valid at the slot's time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copilot.domain.brands import Language
from copilot.domain.grounding.case import Case, Ledger
from copilot.domain.grounding.evidence import read_copy
from copilot.domain.grounding.happenings import days_said, is_announced
from copilot.domain.grounding.hearing import Lapsed, heard
from copilot.domain.grounding.rows import product_cells
from copilot.domain.grounding.script import as_typed, in_simplified
from copilot.domain.grounding.subjects import Catalogue, catalogue
from copilot.domain.grounding.words import words
from copilot.domain.materials import Source
from copilot.domain.simplified import simplified

__all__ = ["Ledger", "ledger"]


def ledger(
    text: str,
    sources: Sequence[Source],
    *,
    at: datetime,
    language: Language,
    products: Sequence[str] = (),
    furniture: Sequence[str] = (),
    calls: Sequence[str] = (),
    numbering: Sequence[tuple[int, int]] = (),
) -> Ledger:
    """Judges `text` as copy for the slot at `at`, an aware time in the brand's zone.

    `furniture` are the column's own phrases (greeting, sign-off, call to action, quiz options):
    they need no source as long as they state no figure. `calls` are names by which the copy speaks of itself and its
    readers (persona, members): whoever only says them speaks of nothing. `numbering` are places whose figures state
    nothing, such as a script's shots, or a telephone number. Copy and sources may be in either Chinese script.
    """
    read = in_simplified(sources)
    told = _judged(
        simplified(text),
        read,
        catalogue(tuple(map(simplified, products)), tuple(product_cells(read))),
        at=at,
        language=language,
        furniture=[simplified(one) for one in furniture],
        calls=frozenset(word.form for name in calls for word in words(simplified(name))),
        numbering=numbering,
    )
    return as_typed(told, text, sources, read)


def _judged(
    text: str,
    sources: Sequence[Source],
    names: Catalogue,
    *,
    at: datetime,
    language: Language,
    furniture: Sequence[str],
    calls: frozenset[str],
    numbering: Sequence[tuple[int, int]],
) -> Ledger:
    copy = read_copy(text, language, names, calls)
    days = days_said(copy, at)
    named = frozenset().union(*days)
    holding = [s for s in sources if s.window.covers(at) or is_announced(s, named, at)]
    # Without any figure there is nothing that only an expired source could support.
    lapsed = [s for s in sources if s not in holding] if copy.places or named else []
    case = Case(
        copy,
        heard(holding, names, at),
        Lapsed(lapsed, names, at),
        names,
        at,
        furniture=furniture,
        calls=calls,
        numbering=numbering,
        days=days,
    )
    return case.ledger()
