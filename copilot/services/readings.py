"""What a file comes to once it is read: passages, the words each is found by, and the facts they seem to pin."""

from __future__ import annotations

from dataclasses import dataclass

from copilot import models
from copilot.domain import facts
from copilot.domain.brands import Brand
from copilot.domain.facts import SuggestedFact
from copilot.domain.materials import Document, Source
from copilot.domain.splitting import language_of, split
from copilot.services.embedding import text_digest
from copilot.services.indexing import findable
from copilot.services.terms import Terms, written_days_as_window


@dataclass(frozen=True)
class Reading:
    """`findables` goes with `passages`; a suggestion's passage is an ordinal, for there are no numbers yet."""

    document: Document
    terms: Terms
    passages: tuple[models.Passage, ...]
    findables: tuple[str, ...]
    suggestions: tuple[SuggestedFact, ...]

    @property
    def warning(self) -> str:
        return self.document.warnings[0] if self.document.warnings else ""


def reading_of(document: Document, terms: Terms, home: Brand) -> Reading:
    """Splits the document under its terms; an image-only one has no passages. Touches no database.

    InvalidInput for a row's dates that are none.
    """
    pieces = () if "image_only" in document.warnings else split(document, home.language)
    passages: list[models.Passage] = []
    findables: list[str] = []
    suggestions: list[SuggestedFact] = []
    for piece in pieces:
        own = written_days_as_window(piece.valid_from, piece.valid_until, home.zone).within(terms.window)
        findables.append(findable(terms.title, piece.heading, piece.text))
        passages.append(
            models.Passage(
                brand_id=home.id,
                ordinal=piece.ordinal,
                kind=terms.kind,
                language=language_of(piece.text),
                text=piece.text,
                digest=text_digest(findables[-1]),
                heading=list(piece.heading),
                locator=dict(piece.locator),
                fields=dict(piece.fields),
                valid_from=own.start,
                valid_until=own.end,
                live=False,
            )
        )
        source = Source(
            passage=piece.ordinal,
            text=piece.text,
            kind=terms.kind,
            title=terms.title,
            context=" › ".join([terms.title, *piece.heading]),
            window=own,
            fields=dict(piece.fields),
        )
        suggestions += facts.suggest(source, products=home.products, language=home.language, windows=False)
    return Reading(document, terms, tuple(passages), tuple(findables), tuple(suggestions))
