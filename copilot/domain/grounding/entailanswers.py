"""A model's word on open sentences, taken line by line and worth what it quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from copilot.domain.findings import Claim, Method
from copilot.domain.grounding.entailing import Grounds, Judgement

_YES = frozenset({"yes", "y", "有", "是", "说过", "有说"})
_NO = frozenset({"no", "n", "none", "nothing", "没有", "没", "无", "否", "没说"})
_NOTHING = frozenset({"", "无", "没有", "nothing", "none", "-", "—", "n/a"})
_BULLET = re.compile(r"^\s*(?:[-*•·]\s*)?")
_SEPARATOR = re.compile(r"\s*[|｜]\s*")
_NUMBER = re.compile(r"\D{0,4}(\d{1,2})\D{0,2}")
_WRAPPING = " \t`*\"'“”「」『』‘’"
_MOST_LINES = 24
_MOST_ALIKE = 2


@dataclass(frozen=True)
class Answer:
    """What a model says of the sentence with this number, from 1; `quote` is what it found nearest, "" for nothing."""

    number: int
    follows: bool
    quote: str


def parse(answer: str) -> tuple[Answer, ...]:
    """From lines of `number | quote | yes` or `no`, the first of each number; whatever else is said is dropped."""
    found: dict[int, Answer] = {}
    for line in answer.splitlines()[:_MOST_LINES]:
        cells = [cell.strip(_WRAPPING) for cell in _SEPARATOR.split(_BULLET.sub("", line, count=1))]
        number = _NUMBER.fullmatch(cells[0])
        if number is None or len(cells) < 3:
            continue
        verdict = cells[-1].lower().rstrip("。.，,")
        if verdict in _YES or verdict in _NO:
            quote = "" if cells[1].lower().rstrip("。.") in _NOTHING else cells[1]
            found.setdefault(int(number[1]), Answer(int(number[1]), verdict in _YES, quote))
    return tuple(found.values())


def believed(
    answers: Sequence[Answer], asked: Sequence[Claim], shown: Container[int], grounds: Grounds
) -> tuple[Judgement, ...]:
    """The answers as judgements of the claims that were asked about, in this order; `shown` are the passages it saw.

    A quote has to stand letter for letter in a passage that was shown, and a yes has to have one. Who makes up what
    is nearest, or says the same of everything, has not looked for it, so that neither its yes nor its no counts; and
    of a model that goes on to sentences which nobody asked about, nothing does.
    """
    if any(not 1 <= one.number <= len(asked) for one in answers):
        return ()
    quoted = Counter(one.quote for one in answers if one.quote)
    judgements = []
    for one in answers:
        if quoted[one.quote] > _MOST_ALIKE:
            continue
        start = asked[one.number - 1].start
        standing = [stretch for stretch in grounds.quoted(one.quote) if stretch.passage in shown]
        if one.follows and standing:
            judgements.append(Judgement(start, Method.MODEL, standing[0].passage, one.quote))
        elif not one.follows and (standing or not one.quote):
            judgements.append(Judgement(start, Method.MODEL))
    return tuple(judgements)
