"""Fuses what was found by meaning and what was found by words into one ranking."""

from __future__ import annotations

from collections.abc import Mapping

Ranked = list[tuple[int, float]]
"""(passage id, score), best first."""

# Measured on four public sets (two Chinese, one English, one Chinese asked of English): every weight from
# .5 to 6 is above the better of both rankings on each of them. Chosen on any one set it costs the others
# .010 nDCG@10 at most, and two costs each of them .0025 at most against its own best.
_KEYWORD_WEIGHT = 2.0
_KEPT_WITHIN = 5


def fuse(dense: Ranked, keyword: Ranked, *, weight: float = _KEYWORD_WEIGHT) -> Ranked:
    """The union of both, best first, by a convex combination of scores and not of places.

    `dense` holds similarities of any scale: they count from 0 for the last to 1 for the first, because
    embedders differ in how far apart they put things. `keyword` holds evidence: BM25 as a share of what
    the query's words could give (see `search.search`), which is not stretched. So a keyword ranking that
    only met stray words, as when a Chinese question is put to English materials, weighs next to nothing,
    where a fusion of places would trust it as much as a full match. Bruch, Gai and Ingber, "An Analysis of
    Fusion Functions for Hybrid Retrieval" (TOIS 2023), is the source of both thoughts.

    The first by words never falls below the fifth place: an exact name or figure means itself, and no
    embedder knows an order number. Ties fall to the better place by meaning, then by words.
    """
    by_meaning, by_words = _stretched(dense), dict(keyword)
    last = len(by_meaning) + len(by_words)
    dense_place, keyword_place = _places(dense), _places(keyword)
    scores = {
        passage: by_meaning.get(passage, 0.0) + weight * by_words.get(passage, 0.0)
        for passage in {**by_meaning, **by_words}
    }
    ranked = sorted(
        scores.items(),
        key=lambda item: (-item[1], dense_place.get(item[0], last), keyword_place.get(item[0], last)),
    )
    return _kept(ranked, keyword[0][0]) if keyword and weight > 0 else ranked


def _stretched(ranking: Ranked) -> Mapping[int, float]:
    """Scores from 1 for the first to 0 for the last; equal ones are all as good as the first."""
    if not ranking:
        return {}
    lowest, span = ranking[-1][1], ranking[0][1] - ranking[-1][1]
    return {passage: (score - lowest) / span if span > 0 else 1.0 for passage, score in ranking}


def _places(ranking: Ranked) -> Mapping[int, int]:
    return {passage: place for place, (passage, _) in enumerate(ranking)}


def _kept(ranked: Ranked, passage: int) -> Ranked:
    """The ranking with this passage moved up to the last place it may have, if it stood lower."""
    if passage in {found for found, _ in ranked[:_KEPT_WITHIN]}:
        return ranked
    others = [item for item in ranked if item[0] != passage]
    moved = (passage, others[_KEPT_WITHIN - 1][1])
    return [*others[: _KEPT_WITHIN - 1], moved, *others[_KEPT_WITHIN - 1 :]]
