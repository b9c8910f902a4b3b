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
from copilot.domain.grounding.subjects import catalogue
from copilot.domain.grounding.words import words
from copilot.domain.materials import Source

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
    readers (persona, members): whoever only says them speaks of nothing. `numbering` are places whose figures count the copy
    itself, such as a script's shots.
    """
    names = catalogue(tuple(products), tuple(product_cells(sources)))
    called = frozenset(word.form for name in calls for word in words(name))
    copy = read_copy(text, language, names, called)
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
        calls=called,
        numbering=numbering,
        days=days,
    )
    return case.ledger()
