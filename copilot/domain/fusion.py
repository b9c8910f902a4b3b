"""Fuses two rankings of the same passages into one by weighed reciprocal rank."""

from __future__ import annotations

Ranked = list[tuple[int, float]]
"""(passage id, score), best first."""

# The constant of reciprocal rank fusion as Cormack, Clarke and Büttcher gave it (SIGIR 2009).
_K = 60


def fuse(dense: Ranked, keyword: Ranked, *, keyword_weight: float = 1.0) -> Ranked:
    """The union of both, best first; ties fall to the smaller id, so that the order is stable."""
    scores: dict[int, float] = {}
    for weight, ranking in ((1.0, dense), (keyword_weight, keyword)):
        for place, (passage, _) in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + weight / (_K + place)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
