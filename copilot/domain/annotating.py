"""Cuts copy into stretches that each carry one claim and the findings on them, ready to be marked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar


class Spanned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


C = TypeVar("C", bound=Spanned)
F = TypeVar("F", bound=Spanned)


@dataclass(frozen=True)
class Stretch(Generic[C, F]):
    """A run of text under the same marks; all the stretches' texts joined are the copy."""

    text: str
    claim: C | None
    findings: tuple[F, ...]


def annotate(text: str, claims: Sequence[C], findings: Sequence[F]) -> tuple[Stretch[C, F], ...]:
    """Stretches in order. Spans outside the text and empty ones mark nothing."""
    edges = {0, len(text)}
    for span in (*claims, *findings):
        edges |= {edge for edge in (span.start, span.end) if 0 <= edge <= len(text)}
    cuts = sorted(edges)
    return tuple(
        Stretch(
            text=text[start:end],
            claim=next((claim for claim in claims if claim.start <= start and end <= claim.end), None),
            findings=tuple(finding for finding in findings if finding.start <= start and end <= finding.end),
        )
        for start, end in pairwise(cuts)
    )
