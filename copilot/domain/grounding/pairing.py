"""Figures that are each in the material but do not belong together: a row's time beside another row's heat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copilot.domain.grounding.matches import Match
from copilot.domain.grounding.places import Place
from copilot.domain.grounding.sameness import same
from copilot.domain.quantities.figures import Figure, FigureKind

_Found = Sequence[tuple[Place, Match]]


def mismatched(found: _Found, at: datetime) -> list[tuple[Place, Place, Figure]]:
    """(the figure at fault, the figure it was put beside, what the material puts there), for one sentence.

    `found` are the sentence's figures, each already found in some source on its own.
    """
    # A range that a list spells out has no single partner there.
    found = [
        (place, match)
        for place, match in found
        if (place.figure.high is None) == (match.place.figure.high is None)
    ]
    if not 2 <= len(found) <= 40:
        return []
    return _crossed(found, at) or _against_home(found, at)


def _crossed(found: _Found, at: datetime) -> list[tuple[Place, Place, Figure]]:
    """Two figures of one clause whose sources each hold a different partner: they come from different rows."""
    faults: list[tuple[Place, Place, Figure]] = []
    for index, (one, one_match) in enumerate(found):
        for other, other_match in found[index + 1 :]:
            if one.clause != other.clause or _sort(one.figure) == _sort(other.figure):
                continue
            if one.groups and other.groups and not one.names & other.names:
                continue
            partner = _partner(other.figure, one_match, at)
            back = _partner(one.figure, other_match, at)
            if partner is not None and back is not None:
                faults.append((one, other, back))
    return faults[:1]


def _partner(figure: Figure, match: Match, at: datetime) -> Figure | None:
    """The different figure of the same sort in the match's sentence, when the figure itself is not there."""
    there = [p.figure for p in _neighbours(match) if _sort(p.figure) == _sort(figure)]
    if any(same(figure, its, at) for its in there):
        return None
    return there[0] if len(there) == 1 else None


def _against_home(found: _Found, at: datetime) -> list[tuple[Place, Place, Figure]]:
    """A sentence that follows one sentence of a source is held to that sentence's figures: one that comes
    from elsewhere, or stands twice while another is missing, was mistaken for the missing one."""
    home = _home(found, at)
    if home is None:
        return []
    faults: list[tuple[Place, Place, Figure]] = []
    theirs = _neighbours(home)
    names = home.place.names
    found = [
        (place, match) for place, match in found if not (names and place.explicit) or place.names & names
    ]
    for sort in dict.fromkeys(_sort(place.figure) for place, _ in found):
        here = [place for place, _ in found if _sort(place.figure) == sort]
        there = [place for place in theirs if _sort(place.figure) == sort]
        if len(here) > len(there):
            continue
        missing, extra = _unpaired(here, there, at)
        if len(extra) != 1 or not missing:
            continue
        fault = extra[0]
        twice = [place for place in here if same(place.figure, fault.figure, at)]
        right = max(missing, key=lambda place: max(_likeness(place, mine) for mine in twice))
        fault = max(twice, key=lambda place: _likeness(place, right))
        beside = next((place for place, _ in found if place is not fault), fault)
        faults.append((fault, beside, right.figure))
    return faults


def _home(found: _Found, at: datetime) -> Match | None:
    """The match whose sentence the copy follows: it holds the copy's words and most of its figures."""

    def rank(match: Match) -> tuple[int, float]:
        theirs = [place.figure for place in _neighbours(match)]
        held = sum(any(same(place.figure, its, at) for its in theirs) for place, _ in found)
        return held, _coverage(found[0][0], match)

    best = max((match for _, match in found), key=rank)
    return best if _coverage(found[0][0], best) >= 0.7 else None


def _coverage(place: Place, match: Match) -> float:
    ours = place.sentence_words
    return len(ours & match.place.sentence_words) / len(ours) if len(ours) >= 3 else 0.0


def _unpaired(here: Sequence[Place], there: Sequence[Place], at: datetime) -> tuple[list[Place], list[Place]]:
    """What is left of each side when equal figures are paired off: (missing in the copy, extra in the copy)."""
    missing, extra = list(there), []
    for place in here:
        partner = next((its for its in missing if same(place.figure, its.figure, at)), None)
        if partner is None:
            extra.append(place)
        else:
            missing.remove(partner)
    return missing, extra


def _likeness(place: Place, other: Place) -> int:
    return len(place.clause_words & other.clause_words)


def _neighbours(match: Match) -> list[Place]:
    return [p for p in match.reading.places if p.sentence == match.place.sentence]


def _sort(figure: Figure) -> tuple[FigureKind, str]:
    unit = "" if figure.kind in (FigureKind.DATE, FigureKind.TIME) else figure.unit
    return figure.kind, unit
