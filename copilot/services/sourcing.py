"""Reads files into sources without storing them: evidence for a single check."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.domain.brands import Language
from copilot.domain.materials import Kind, Source
from copilot.domain.splitting import split
from copilot.ports import Reader


def sources_of_files(files: Sequence[tuple[str, bytes]], read: Reader, language: Language) -> list[Source]:
    """Every passage of the files, numbered from 1 in their order; Unreadable for a file that cannot be read."""
    sources: list[Source] = []
    for name, data in files:
        document = read(name, data)
        for piece in split(document, language):
            sources.append(
                Source(
                    passage=len(sources) + 1,
                    text=piece.text,
                    kind=Kind.SELLING_POINT,
                    title=document.title,
                    context=" › ".join([document.title, *piece.heading]),
                    fields=dict(piece.fields),
                )
            )
    return sources
