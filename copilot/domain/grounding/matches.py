"""A figure of the sources as a match for one of the copy, what is ruled of it, and which of two is nearer."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain.grounding.places import Place, Reading
from copilot.domain.quantities.figures import Figure, FigureKind, Role

# By how much one figure's surroundings must resemble the copy's more than another's, in rare shared words.
MARGIN = 0.4


@dataclass(frozen=True)
class Match:
    reading: Reading
    place: Place
    score: float
    clause_score: float
    named: bool = False
    shared: frozenset[str] = frozenset()
    """The words that both clauses have."""


@dataclass(frozen=True)
class Ruling:
    """`match` supports the figure. Without one, `elsewhere` has its value about something else,
    and `nearest` is what the material says of the same thing (`sole` when it says just one); `contested`
    says that this one stands in surroundings much liker the copy's."""

    match: Match | None = None
    elsewhere: Match | None = None
    nearest: Match | None = None
    sole: bool = False
    contested: bool = False


def strong(match: Match) -> bool:
    """Whether the surroundings are so alike that the material surely speaks of the same thing."""
    return match.clause_score >= 0.8


def told(match: Match) -> float:
    """How much of the copy's words a match shares, apart from the product's name."""
    return match.score - (1.0 if match.named else 0.0)


def has_its_bound(figure: Figure, rival: Match, best: Match) -> bool:
    """Up to 8 in: another figure of the thing is a bound, and the equal one, which nothing else ties to it, is none."""
    bound, other = rival.place.figure, best.place.figure
    return (
        figure.role in (Role.MOST, Role.LEAST)
        and bound.role is figure.role
        and other.role is Role.NONE
        and bound.unit == other.unit
        and not best.clause_score
        and rival.reading is best.reading
    )


def keeps_company(place: Place, best: Match, rival: Match) -> bool:
    """Shut at 5 p.m. on May 6: a day is known by the figures that stand beside it here and there."""
    ours, its = (len(place.company & match.place.company) for match in (best, rival))
    return place.figure.kind is FigureKind.DATE and 0 < ours >= its


def is_closer(rival: Match, best: Match) -> bool:
    """Whether a figure of another value stands in surroundings so much liker that the copy means that one."""
    # Each word that ties the copy to the one figure ties it to the other as well, which has more of them.
    if best.shared and best.shared < rival.shared and not best.named and rival.score > best.score:
        return True
    # Where only the rival's sentence names the thing, that speaks for its being told of, not for its being meant.
    if best.named and not rival.named and not rival.clause_score:
        return False  # The very thing has this figure; the other one only stands in like company.
    score = rival.score - (1.0 if rival.named and not best.named else 0.0)
    if rival.clause_score > 1.3 * best.clause_score:
        return score >= best.score + MARGIN
    return rival.clause_score >= best.clause_score and score >= best.score + 1.5 * MARGIN
