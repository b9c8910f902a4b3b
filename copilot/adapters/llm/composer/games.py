"""Games that a group plays: word chains, dice, draws, envelopes and photographs.

A prize, an amount or a reward is told only where a material has it; without one, a game is played for the fun
of it, and its operator is told why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from copilot.adapters.llm.composer import planning
from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt, Paragraph, Piece, Shape, ending, listed, own, tell
from copilot.adapters.llm.composer.reading import has
from copilot.adapters.llm.composer.scoring import matters
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.forms import operator_note
from copilot.domain.materials import Kind

_FACTS_TRIED = 4
_STEPS = 3
_TOLD_OF_A_DRAW = (4, 3, 5, 2)
_STANDING = frozenset({Kind.POLICY, Kind.OFFER, Kind.BUNDLE})


def solitaires(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """A word to begin with, which on most days a fact leads to, and how the chain goes on."""
    words = _unsaid(desk)
    linked = [
        (fact, word, near) for fact in desk.singles(found) for word, near in _lead_to(fact, words, desk)[:1]
    ][:_FACTS_TRIED]
    plain = [(None, word, "") for word in words[:_FACTS_TRIED]]
    chains = [*plain, *linked] if desk.turn % 3 == 2 else [*linked, *plain]
    for step, (fact, word, near) in product(range(_STEPS), chains):
        stage = desk.stage_of(fact)
        opening = stage.opening(step)
        about: Paragraph = own(stage.scene(step))
        if fact is not None:
            about = (*_piece(fact), *own(stage.line("bridges", step, word=word, near=near)))
        last = word[-1] if desk.language is Language.ZH else word[-1].upper()
        # A bridge that names the word itself needs no second start.
        start = stage.line("starts", step, word=word, last=last) if near != word else ""
        rule = stage.line("rules", step, word=word, last=last)
        for cut in _cuts(step):
            body = [own(opening), about, own(start, rule)] if cut.scene else [own(opening), own(start, rule)]
            yield Attempt([*body, *ending(stage, cut)])


def dice(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """What every number asks for: something to tell or to do, and for the last one a fact to listen to."""
    facts: list[Fact | None] = [*desk.singles(found, useful=True)[:_FACTS_TRIED], None]
    sides = [desk.words.dice, desk.words.dice_pairs]
    for step, labels, fact in product(range(_STEPS), desk.turned(sides), facts):
        stage = desk.stage_of(fact)
        asked = len(labels) - (fact is not None)
        outcomes = [stage.line("outcomes", step + 5 * at) for at in range(asked)]
        lines = [listed(label + told) for label, told in zip(labels, outcomes, strict=False)]
        if fact is not None:
            lines.append((*listed(labels[-1] + stage.line("tellings", step)), *_piece(fact)))
        rule = stage.line("rules", step)
        for cut in _cuts(step):
            opening = own(stage.opening(step), stage.scene(step) if cut.scene else "")
            yield Attempt([opening, own(rule), *lines, *ending(stage, cut)])


def lotteries(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """A draw as the materials have it; without one, somebody's name is drawn for the honour."""
    for step, count in product(range(_STEPS), _TOLD_OF_A_DRAW):
        for facts in _together(found, desk.words.draws):
            stage = desk.stage_of(facts[0])
            told = tell(stage, facts[:count], named=True, led=False)
            if told is not None and len(facts) > 1:
                yield from _around(stage, [told], step)
    note = operator_note("prize", desk.language)
    for step, fact in product(range(_STEPS), _one_or_none(desk, found, useful=True)):
        stage = desk.stage_of(fact)
        entry = stage.line("entries" if fact is None else "slips", step)
        body = [own(stage.line("honours", step), entry), own(stage.line("draws", step))]
        if fact is not None:
            body.insert(1, (*own(stage.line("tellings", step)), *_piece(fact)))
        yield from _around(stage, body, step, note)


def envelopes(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """An envelope as the materials have it; without one, it holds a tip and is opened with a word."""
    for step, facts in product(range(_STEPS), _together(found, desk.words.envelopes)):
        stage = desk.stage_of(facts[0])
        told = tell(stage, facts[:4], named=True, led=False)
        if told is not None:
            yield from _around(stage, [told], step)
    note = operator_note("envelope", desk.language)
    tips = desk.singles(found, useful=True) or desk.singles(found)
    for step, fact in product(range(_STEPS), tips[: 2 * _FACTS_TRIED]):
        stage = desk.stage_of(fact)
        inside = (*own(stage.line("insides", step)), *_piece(fact))
        word = stage.line("watchwords", step, word=_watchword(desk, fact))
        yield from _around(stage, [inside, own(word)], step, note)


def photos(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """What to photograph and where to put it; the reward as the materials have it, or none."""
    rewards: list[Fact | None] = [*_rewards(desk, found)] or [None]
    lacking = operator_note("reward", desk.language)
    shown: list[Sequence[Fact]] = [
        *_said(desk, found),
        *((fact,) for fact in _one_or_none(desk, found) if fact),
    ]
    for step, reward, facts in product(range(_STEPS), rewards, [*shown, ()]):
        stage = desk.stage_of(facts[0] if facts else None)
        about = tell(stage, facts, named=True) or ()
        asked = own(stage.named("subjects", step), stage.line("ways", step))
        told = _piece(reward) if reward is not None else own(stage.line("honours", step))
        yield from _around(stage, [about, asked, told], step, "" if reward is not None else lacking)


def _around(stage: Stage, body: Sequence[Paragraph], step: int, note: str = "") -> Iterator[Attempt]:
    """The same body between an opening and an ending, cut in each way."""
    for cut in _cuts(step):
        opening = own(stage.opening(step), stage.scene(step) if cut.scene else "")
        yield Attempt([opening, *body, *ending(stage, cut)], note)


def _cuts(step: int) -> Iterator[Shape]:
    for scene, closing in ((True, True), (False, True), (True, False), (False, False)):
        yield Shape(scene=scene, closing=closing, step=step)


def _piece(fact: Fact) -> Paragraph:
    return (Piece(fact.text, fact.source, fact.copied),)


def _one_or_none(desk: Desk, found: Sequence[Fact], *, useful: bool = False) -> list[Fact | None]:
    """The facts whose turn it is and that nobody heard lately, and on some days first a post without any."""
    able = desk.singles(found, useful=useful)
    facts: list[Fact | None] = [*planning.untold(able, desk.brief.recent)[:_FACTS_TRIED]]
    return [None, *facts] if desk.turn % 4 == 3 else [*facts, None]


def _said(desk: Desk, found: Sequence[Fact]) -> list[Sequence[Fact]]:
    """What members said and nobody read lately, on every other day: two sentences, or one that is no beginning.

    The first sentence of a tale may well be the trouble that it goes on to mend.
    """
    told = planning.untold([fact for fact in found if fact.attribution], desk.brief.recent)
    quotes: list[Sequence[Fact]] = []
    for fact in (fact for fact in told if fact.products):
        following = [one for one in told if one.source == fact.source and one.order == fact.order + 1]
        if following or fact.order:
            quotes.append((fact, *following))
    return desk.turned(quotes)[:_FACTS_TRIED] if desk.turn % 2 else []


def _unsaid(desk: Desk) -> list[str]:
    """The words to begin a chain with, in today's order, those that nobody read lately first."""
    words = desk.turned(list(desk.frames.forms["solitaire"].words))
    lately = [word for word in words if any(has(text, word) for text in desk.brief.recent)]
    return [*(word for word in words if word not in lately), *lately]


def _lead_to(fact: Fact, words: Sequence[str], desk: Desk) -> list[tuple[str, str]]:
    """The words that this fact brings to mind, each with what does so."""
    hints = desk.frames.forms["solitaire"].words
    return [(word, near) for word in words for near in hints[word] if has(fact.text, near)]


def _together(found: Sequence[Fact], terms: Sequence[str]) -> list[list[Fact]]:
    """What the materials say of such an occasion: each time all facts of the material that speaks of it."""
    spoken = [fact for fact in found if not fact.attribution]
    titles = dict.fromkeys(fact.place.split(" › ")[0] for fact in spoken if has(fact.text, *terms))
    groups = [[fact for fact in spoken if fact.place.split(" › ")[0] == title] for title in titles]
    return [_from_first(group, terms) for group in groups]


def _from_first(group: Sequence[Fact], terms: Sequence[str]) -> list[Fact]:
    begin = next(at for at, fact in enumerate(group) if has(fact.text, *terms))
    return [fact for fact in group[begin:] if fact.source == group[begin].source or has(fact.text, *terms)]


def _watchword(desk: Desk, fact: Fact) -> str:
    """What opens the envelope: the thing that the tip is about, else the brand's own name."""
    return next(iter(fact.products), desk.brief.brand.name)


def _rewards(desk: Desk, found: Sequence[Fact]) -> list[Fact]:
    """Facts that reward a photograph; what is given on one occasion only is no reward for any other day."""
    terms = (*desk.words.welfare, *matters(desk.brief, desk.words))
    made: list[Fact] = []
    for fact in found:
        if fact.attribution or not (has(fact.text, *desk.words.photos) and has(fact.text, *terms)):
            continue
        if fact.kind in _STANDING or has(fact.place, *desk.words.photos):
            made.append(fact)
    return made
