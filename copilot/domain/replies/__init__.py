"""Decides whether passages answer a member's question, by words and subject; a plain no is an answer, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from copilot.domain.brands import Brand
from copilot.domain.materials import CITABLE, Family, Kind, Source
from copilot.domain.replies import talk
from copilot.domain.replies.pieces import pieces
from copilot.domain.replies.reading import Speech, rarity
from copilot.domain.replies.weighing import Candidate, Likeness, Scale, Weighed

__all__ = [
    "ANSWERING",
    "LONGEST_QUESTION",
    "Answering",
    "Candidate",
    "Decision",
    "Likeness",
    "QuestionState",
    "Telling",
    "decide",
    "parts",
    "same",
    "suits",
]

ANSWERING = tuple(kind for kind in CITABLE if kind.family is not Family.UGC)
"""What a member is answered from: another member's story is nobody's promise, a competitor note is never told."""

LONGEST_QUESTION = 500

_MOST_TOLD = 3
_MOST_STEPS = 6
_NEARLY = 1.2  # A sentence beside the best one is told along if it fits nearly as well.
_SHORTEST_NAME = 2
_MOST_OF_IT = 0.7
_MOST_PARTS = 4
_CLAUSE = re.compile(r"[^，,。；;！!？?]+[，,。；;！!？?]*")
_SENTENCE = re.compile(r"[^。！!？?]+[。！!？?]*")


class QuestionState(StrEnum):
    """An open question is a gap of the library; a covered one was, until a material came that answers it."""

    ANSWERED = "answered"
    OPEN = "open"
    COVERED = "covered"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Telling:
    """A sentence to tell, letter for letter as its source has it, a list's number left out."""

    text: str
    source: Source
    is_step: bool = False


@dataclass(frozen=True)
class Answering:
    """What to tell, all of one passage. `fit` is by how much it passed, always above 0."""

    source: Source
    tellings: tuple[Telling, ...]
    fit: float


@dataclass(frozen=True)
class Decision:
    """`answer` is None where no valid passage answers; `untimely` would answer, were it valid at the time.

    `nearest` are the passages that came nearest, for the operator's own eyes: they may not answer at all.
    """

    answer: Answering | None
    untimely: Source | None
    nearest: tuple[Source, ...]
    is_complaint: bool


def decide(
    question: str,
    candidates: Sequence[Candidate],
    *,
    at: datetime,
    brand: Brand,
    likeness: Likeness | None = None,
) -> Decision:
    """Of the candidates, best first and valid or not, the one that answers this question at this time."""
    weighed = Scale(question, candidates, brand).weighed(likeness)
    valid = [each for each in weighed if each.piece.source.window.covers(at)]
    others = [each for each in weighed if not each.piece.source.window.covers(at)]
    answer, untimely = _answering(valid), _answering(others)
    called = _called(question, candidates, at, brand)
    if called is not None:
        # Whoever asks for an offer that has ended does not take the next best thing for the answer.
        answer = None
    nearest = dict.fromkeys(each.piece.source.passage for each in valid[:8])
    sources = {each.piece.source.passage: each.piece.source for each in valid}
    return Decision(
        answer=answer,
        untimely=called or (untimely.source if untimely is not None and answer is None else None),
        nearest=tuple(sources[passage] for passage in list(nearest)[:3]),
        is_complaint=talk.complains(question, brand.language),
    )


def _called(question: str, candidates: Sequence[Candidate], at: datetime, brand: Brand) -> Source | None:
    """What the question calls by its name, such as an offer, where only what is not valid has that name."""
    names: dict[str, list[Source]] = {}
    for candidate in candidates:
        for piece in pieces(candidate.source):
            name = piece.subject.casefold()
            if (
                len(name) > _SHORTEST_NAME
                and name in question.casefold()
                and piece.subject not in brand.products
            ):
                names.setdefault(name, []).append(candidate.source)
    late = (sources for sources in names.values() if not any(one.window.covers(at) for one in sources))
    return next((sources[0] for sources in late), None)


def _answering(weighed: Sequence[Weighed]) -> Answering | None:
    if not weighed or weighed[0].fit <= 0:
        return None
    best = weighed[0]
    source = best.piece.source
    if source.kind is Kind.COMPLAINT and not source.fields:
        # A script is said whole: its first words are the apology.
        whole = tuple(Telling(text, source) for piece in pieces(source) for text in piece.says)
        return Answering(source, whole, best.fit)
    beside = sorted(
        (each for each in weighed if each.piece.source.passage == source.passage), key=lambda each: each.order
    )
    if best.piece.step:
        told = [each for each in beside if each.piece.step][:_MOST_STEPS]
    else:
        told = [each for each in beside if each.fit > 0 and each.fit >= best.fit - _NEARLY]
        told = _around(best, told)
    tellings = tuple(Telling(text, source, is_step=each.piece.step) for each in told for text in each.says)
    return Answering(source, tellings, best.fit)


def _around(best: Weighed, told: list[Weighed]) -> list[Weighed]:
    """The best and what fits nearly as well, at most so many and in the order of the passage."""
    chosen = sorted(told, key=lambda each: -each.fit)[:_MOST_TOLD]
    if best not in chosen:
        chosen = [best, *chosen[: _MOST_TOLD - 1]]
    return sorted(chosen, key=lambda each: each.order)


def parts(question: str) -> list[str]:
    """What to look for: the question without clauses about somebody's masked number, then each of its sentences."""
    clauses = [clause for clause in _CLAUSE.findall(question) if "*" not in clause]
    whole = "".join(clauses).strip() or question
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(whole)]
    return list(dict.fromkeys([whole, *sentences]))[:_MOST_PARTS]


def suits(question: str, reply: str, brand: Brand) -> bool:
    """Whether an approved reply is about what is asked: it names the same things and has most of the words."""
    speech = Speech(brand.language, brand.products, brand.name)
    asked, said = speech.ask(question), speech.read(reply)
    if not asked.words or (asked.products and not asked.products & said.products):
        return False
    weights = {word: rarity(word) for word in asked.words}
    covered = sum(weights[word] * said.covers(word) for word in weights)
    return covered >= _MOST_OF_IT * sum(weights.values())


def same(one: str, other: str) -> bool:
    """Whether two questions are the same words, however spaced and pointed."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
