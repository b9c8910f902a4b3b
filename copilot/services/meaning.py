"""Settles by likeness of meaning what the words of a check left open, and holds a model's word against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.brands import Language
from copilot.domain.findings import Method
from copilot.domain.grounding import Ledger
from copilot.domain.grounding.entailing import Grounds, Judgement, entailed, open_claims
from copilot.ports import Embedder


@dataclass(frozen=True)
class Scale:
    """Cosines of one embedder in one language: what is `said` counts as said, what is less than `related` never does."""

    said: float
    related: float


MEASURED: Mapping[str, Mapping[Language, Scale]] = {
    "multilingual-e5-small-q4": {Language.ZH: Scale(0.935, 0.89), Language.EN: Scale(0.915, 0.85)}
}
"""Measured on pairs of which the words settle none (tests/data/entailment_pairs.jsonl), behind the guards.

From `said` on nothing false passes, each sentence held against the passages of all, and one in eight of what is true
does. Below `related` lie three in four of the wrong pairs that the guards let pass, and one in eight of the right ones.
A cosine of one embedder says nothing of another's, so that with one that nobody measured the meaning decides nothing.
"""

_MOST_SENTENCES = 6
_MOST_STRETCHES = 12  # For a sentence: an embedding takes some 30 ms, and somebody waits for the save.


class Meaning:
    def __init__(
        self, *, embedder: Embedder, measured: Mapping[str, Mapping[Language, Scale]] = MEASURED
    ) -> None:
        self._embedder = embedder
        self._scales = measured.get(embedder.name, {})

    def settle(self, told: Ledger, grounds: Grounds, language: Language) -> Ledger:
        """The ledger with those open sentences supported that mean what a passage says; the others stay as they are."""
        scale = self._scales.get(language)
        if scale is None:
            return told
        about = grounds.about(told.claims)
        judgements: list[Judgement] = []
        for claim in open_claims(told, grounds)[:_MOST_SENTENCES]:
            # Only what the guards would let carry it is embedded, which mostly is nothing.
            stretches = grounds.carrying(claim.sentence, about[claim.start])[:_MOST_STRETCHES]
            if not stretches:
                continue
            likeness, nearest = max(
                ((self._likeness(claim.sentence, one.text), one) for one in stretches),
                key=lambda found: found[0],
            )
            if likeness >= scale.said:
                judgements.append(Judgement(claim.start, Method.MEANING, nearest.passage, nearest.text))
        return entailed(told, judgements, grounds) if judgements else told

    def doubts(self, sentence: str, quote: str, language: Language) -> bool:
        """Whether the two lie too far apart for a model's word; never with an embedder that nobody measured."""
        scale = self._scales.get(language)
        return scale is not None and self._likeness(sentence, quote) < scale.related

    def _likeness(self, one: str, other: str) -> float:
        """Both as queries: neither is a passage to be found, and what asks is kept in memory alone."""
        return _cosine(*self._embedder.queries([one, other]))


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
