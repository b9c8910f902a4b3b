"""Quizzes and polls: questions whose answers the materials hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt, Paragraph, Piece, Shape, ending, names, own, tell
from copilot.adapters.llm.composer.planning import Plan
from copilot.adapters.llm.composer.reading import has, size
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.forms import operator_note

_DIGIT = re.compile(r"\d")
# Half of a range, or of a pair, says nothing alone.
_JOINED = re.compile(r"(?:\band |\d\D{0,8}(?:\bto |[到至~–-] ?))\Z")
_OPTIONS = 3
_NAMELESS = 4  # On every fourth day a thing is guessed by what is said of it; on the others, a figure.
_FIRST = 8  # attempts at the day's own kind of question before the other kind is tried
STEPS = 12
_TEMPTING = 4

Told = dict[str, list[Fact]]


@dataclass(frozen=True)
class _Asked:
    """A question with its options: `right` is the answer's place among them, `fact` is what proves it."""

    question: list[Paragraph]
    options: list[Piece]
    right: int
    fact: Fact


def askable(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that a question can be made of: sentences that are nobody's words, answers or prices."""
    return [
        fact
        for fact in facts
        if fact.lifted and not fact.attribution and not fact.answers and fact.about != "price"
    ]


def quiz(stage: Stage, facts: Sequence[Fact], shape: Shape) -> Attempt | None:
    """A question with one right answer: the figure that is left out, or the thing that is not named.

    Readers are told where the answer will be, the operator which it is.
    """
    figures = bool(stage.turn % _NAMELESS) is (shape.step < _FIRST)
    asked = _figure(stage, facts, shape) if figures else None
    if asked is None:
        ways = [
            made
            for family in _families(stage, facts)
            for told in [_told(stage, facts, family, hidden=True)]
            for way in (_guess, _match)
            if (made := way(stage, told, family, shape))
        ]
        asked = ways[(stage.turn + shape.step) % len(ways)] if ways else _figure(stage, facts, shape)
    if asked is None:
        return None
    scene = stage.scene(shape.step) if shape.scene else ""
    body = [own(stage.opening(shape.step), scene), *asked.question, *_options(stage, asked.options)]
    return _attempt(stage, body, asked, shape)


def poll(stage: Stage, facts: Sequence[Fact], shape: Shape) -> Attempt | None:
    """A choice between three products, each with something that is said of it."""
    told = _told(stage, facts, stage.brief.brand.products, hidden=False)
    products = _turned(sorted(told), stage.turn)[:_OPTIONS]
    if len(products) < _OPTIONS:
        return None
    chosen = [_one(told[product], stage.turn + shape.step) for product in products]
    question = stage.pick(stage.frames.asks["product"], "asks", shape.step)
    scene = stage.scene(shape.step) if shape.scene else ""
    return Attempt(
        [
            own(stage.opening(shape.step), scene),
            own(question),
            *_options(stage, [_option(fact.text, fact) for fact in chosen]),
            *ending(stage, shape),
        ]
    )


def judged(stage: Stage, plan: Plan, shape: Shape, ask: str) -> Attempt | None:
    """A fact, then another in question, with three authored answers: is it so, or does one do so?"""
    choices = stage.frames.options[ask]
    at = stage.turn // 2 % len(choices)
    options = _unasked(stage, [*choices[at:], *choices[:at]])
    opening = stage.opening(shape.step)
    known = tell(stage, plan.facts[:1], named=names(stage, opening))
    if known is None:
        return None
    question = stage.pick(stage.frames.asks[ask], "asks", shape.step)
    other = plan.facts[1:2]
    doubtful = tuple(Piece(fact.text, fact.source, fact.copied) for fact in other)
    asked = (*own(question), *doubtful) if ask == "judge" else (*doubtful, *own(question))
    choice = [Piece(text) for text in options]
    body = [own(opening), known, asked, *_options(stage, choice)]
    if ask != "judge" or not other:
        return Attempt([*body, *ending(stage, shape)])
    # What the materials say is so: the first answer is always the one that agrees.
    return _attempt(stage, body, _Asked([], choice, 0, other[0]), shape)


def _attempt(stage: Stage, body: Sequence[Paragraph], asked: _Asked, shape: Shape) -> Attempt:
    right = asked.options[asked.right].text
    return Attempt([*body, *_ending(stage, shape)], _answer(stage, asked), right, asked.fact.text)


def _ending(stage: Stage, shape: Shape) -> list[Paragraph]:
    """Says where the answer will be, unless the call to action does."""
    told = has(stage.brief.column.call_to_action, *stage.words.reveals)
    return ending(stage, shape, "" if told or not shape.closing else stage.line("answers", shape.step))


def _answer(stage: Stage, asked: _Asked) -> str:
    right = stage.words.letters[asked.right] + asked.options[asked.right].text
    return operator_note("answer", stage.language, answer=right.rstrip("。."), quote=asked.fact.text)


def _families(stage: Stage, facts: Sequence[Fact]) -> list[tuple[str, ...]]:
    """Names that can stand beside each other as answers: the products, and the things of one table."""
    labels: dict[str, dict[str, None]] = {}
    short = 8 if stage.language is Language.ZH else 4
    for fact in facts:
        if fact.row and not _DIGIT.search(fact.label) and size(fact.label, stage.language) <= short:
            labels.setdefault(fact.place, {})[fact.label] = None
    tables = [tuple(table) for table in labels.values() if len(table) >= _OPTIONS]
    return [stage.brief.brand.products, *tables]


def _told(stage: Stage, facts: Sequence[Fact], family: Sequence[str], *, hidden: bool) -> Told:
    """Facts that fit an option, by the one thing of the family that they name."""
    most = 30 if stage.language is Language.ZH else 18
    told: Told = {}
    for fact in facts:
        inside = [name for name in family if has(fact.text, name)]
        if len(inside) != 1 or size(fact.text, stage.language) > most:
            continue
        # Without the name, a figure would be said of nothing; such a claim no source supports.
        if not hidden or (stage.fits(_blanked(stage, fact, inside[0])) and not _DIGIT.search(fact.text)):
            told.setdefault(inside[0], []).append(fact)
    return told


def _figure(stage: Stage, facts: Sequence[Fact], shape: Shape) -> _Asked | None:
    """A sentence with its last figure left out, and three figures of that unit to choose from.

    The wrong ones come from the sources, too: no figure is ever made up.
    """
    units = "|".join(sorted(map(re.escape, stage.words.units), key=len, reverse=True))
    edge = "" if stage.language is Language.ZH else r"(?![A-Za-z])"
    measured = re.compile(rf"(?<![\d.,£])(\d+(?:\.\d+)?)( ?)({units}){edge}(?! ?[到至]| to )")
    known: dict[str, set[float]] = {}
    for source in stage.brief.sources:
        if source.window.covers(stage.brief.starts_at):
            for given in measured.finditer(source.text):
                known.setdefault(given[3], set()).add(float(given[1]))
    able: list[tuple[Fact, re.Match[str], list[float]]] = []
    for fact in facts:
        last = next(reversed(list(measured.finditer(fact.text))), None)
        if last is None or fact.windowed or _JOINED.search(fact.text, 0, last.start()):
            continue
        others = _plausible(known[last[3]], float(last[1]))
        if len(others) >= _OPTIONS - 1 and fact.text.count(last[1]) == 1:
            able.append((fact, last, others))
    if not able:
        return None
    fact, last, others = able[(stage.turn + shape.step) % len(able)]
    stem = fact.text[: last.start()] + stage.words.blank + last[2] + fact.text[last.end(2) :]
    if not stage.fits(stem):
        return None
    unit = last[2] + last[3]
    ways = [sorted([float(last[1]), *wrong]) for wrong in combinations(others, _OPTIONS - 1)]
    at = (stage.turn + shape.step) % len(ways)
    choices = _unasked(stage, [[f"{one:g}{unit}" for one in way] for way in [*ways[at:], *ways[:at]]])
    question = stage.pick(stage.frames.asks["figure"], "asks", shape.step)
    return _Asked(
        [own(question), (Piece(stem, fact.source, fact.copied),)],
        [Piece(choice) for choice in choices],
        choices.index(f"{float(last[1]):g}{unit}"),
        fact,
    )


def _unasked(stage: Stage, ways: Sequence[Sequence[str]]) -> Sequence[str]:
    """The first choice of options of which none stands in another post of the same piece of work; else the first."""
    letters = stage.words.letters
    return next(
        (
            way
            for way in ways
            if not any(stage.repeats(letter + one) for letter, one in zip(letters, way, strict=True))
        ),
        ways[0],
    )


def _plausible(figures: Collection[float], right: float) -> list[float]:
    """The few figures that one could take for the right one, the nearest first."""
    near = [one for one in figures if one != right and right / 4 <= one <= right * 4]
    return sorted(near, key=lambda one: (abs(one - right), one))[:_TEMPTING]


def _guess(stage: Stage, told: Told, family: Sequence[str], shape: Shape) -> _Asked | None:
    """Two clues without the name; three names to choose from."""
    able = _turned(sorted(name for name in told if len(told[name]) > 1), stage.turn + shape.step)
    others = [name for name in family if able and name != able[0]]
    if len(others) < _OPTIONS - 1:
        return None
    answer, known = able[0], told[able[0]]
    start = (stage.turn // len(able) + shape.step) * 2
    clues = [_one(known, start + at) for at in range(2)]
    choices = _turned(sorted([answer, *_turned(others, stage.turn)[: _OPTIONS - 1]]), stage.turn // 3)
    question = stage.pick(stage.frames.asks["product"], "asks", shape.step)
    pieces = tuple(Piece(_blanked(stage, clue, answer), clue.source, clue.copied) for clue in clues)
    return _Asked([own(question), pieces], [Piece(name) for name in choices], choices.index(answer), clues[0])


def _match(stage: Stage, told: Told, family: Sequence[str], shape: Shape) -> _Asked | None:
    """Three statements without their names; which one is about this thing?"""
    things = _turned(sorted(told), stage.turn + shape.step)[:_OPTIONS]
    if len(things) < _OPTIONS:
        return None
    right = stage.turn % _OPTIONS
    named = things[right]
    if named in stage.brief.brand.products:
        named = stage.with_article(named)
    question = stage.pick(stage.frames.asks["match"], "asks", shape.step, product=named)
    chosen = [(name, _one(told[name], stage.turn // 4 + shape.step)) for name in things]
    hidden = [_option(_blanked(stage, fact, name), fact) for name, fact in chosen]
    return _Asked([own(question)], hidden, right, chosen[right][1])


def _blanked(stage: Stage, fact: Fact, name: str) -> str:
    return fact.text.replace(name, stage.words.blank)


def _option(text: str, fact: Fact) -> Piece:
    return Piece(text.rstrip("。."), fact.source, fact.copied)


def _options(stage: Stage, options: Sequence[Piece]) -> list[Paragraph]:
    return [
        (replace(option, text=letter + option.text, listed=True),)
        for letter, option in zip(stage.words.letters, options, strict=True)
    ]


def _one(facts: Sequence[Fact], turn: int) -> Fact:
    return facts[turn % len(facts)]


def _turned(items: Sequence[str], turn: int) -> list[str]:
    at = turn % len(items) if items else 0
    return [*items[at:], *items[:at]]
