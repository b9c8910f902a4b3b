"""Chooses what a post tells without writing it: the points that a model is given to put into words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

from copilot.adapters.llm.composer import asking, planning, welcoming
from copilot.adapters.llm.composer import facts as finding
from copilot.adapters.llm.composer.attempts import ASKING, OF_THEIR_OWN, attempts, questions
from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt
from copilot.adapters.llm.composer.frames import Book, Words, book
from copilot.adapters.llm.composer.scoring import alike
from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief, Outline, Question, Stated

_MOST = 3
_TRIES = 60
_BEFORE_A_QUESTION = 2
_MORE = {Form.ANNOUNCEMENT: 4, Form.LOTTERY: 4, Form.VIDEO_SCRIPT: 4, Form.ARTICLE: 10}


def outline(brief: Brief) -> Outline:
    """A few facts that belong together and that no recent post told, in the order to tell them.

    Empty where the sources hold none that can be told. None of them gives away what a quiz asks.
    """
    frames = book(brief.brand.language)
    found = planning.asked_for(finding.facts(brief, frames.words), brief)
    question = _question(Desk(brief, frames), found) if brief.column.form is Form.QUIZ else None
    if question is None:
        return Outline(_points(brief, frames, found))
    found = [fact for fact in found if not question.is_told_by(fact.text)]
    return Outline(_points(brief, frames, found)[:_BEFORE_A_QUESTION], question)


def _points(brief: Brief, frames: Book, found: Sequence[Fact]) -> tuple[Stated, ...]:
    words, form, turn = frames.words, brief.column.form, planning.position(brief)
    if form in OF_THEIR_OWN:
        # A notice, a game or an article tells what the composer would tell in it.
        first = next(attempts(Desk(brief, frames), found), None) if found else None
        if first is not None and (told := _told(first, found)):
            return tuple(_stated(fact) for fact in told[: _MORE.get(form, _MOST)])
    if form is Form.WELCOME:
        plan = welcoming.plan(found, brief, words, turn)
        chosen: Sequence[Fact] = (*plan.welfare[:2], *plan.service[:1], *plan.rules[:1])
        return tuple(_stated(fact) for fact in chosen)
    if form in ASKING:
        found = asking.askable(found) or found

    def plans(facts: Sequence[Fact], mixed: bool) -> list[planning.Plan]:
        return planning.plans(facts, brief, words, mixed)

    made = planning.fresh(found, brief, plans) if found else []
    if not made:
        return tuple(_stated(fact) for fact in _alone(found, brief, words)[:1])
    plan_of_the_day = made[turn % len(made)]
    chosen = (*plan_of_the_day.facts, *plan_of_the_day.spare)
    return tuple(_stated(fact) for fact in chosen[:_MOST])


def _question(desk: Desk, found: Sequence[Fact]) -> Question | None:
    """What the composer would ask, as lines without their markers."""
    tries = chain(questions(desk, found, Form.QUIZ), attempts(desk, found))
    asked = next((attempt for attempt in islice(tries, _TRIES) if attempt.right), None)
    if asked is None:
        return None
    listed = [at for at, told in enumerate(asked.paragraphs) if told and told[0].listed]
    gap = "" if desk.language is Language.ZH else " "
    lines = [gap.join(piece.text for piece in told) for told in asked.paragraphs]
    phrases = (desk.call, desk.brief.voice.sign_off)
    used = {piece.source for told in asked.paragraphs[1 : listed[-1] + 1] for piece in told if piece.source}
    ending = [piece.text for told in asked.paragraphs[listed[-1] + 1 :] for piece in told]
    return Question(
        asked=tuple(lines[1 : listed[0]]),  # The first one greets.
        options=tuple(lines[listed[0] : listed[-1] + 1]),
        right=asked.right.rstrip("。."),
        proof=asked.proof,
        note=asked.note,
        promise=gap.join(text for text in ending if text not in phrases),
        sources=tuple(desk.brief.sources[number - 1] for number in sorted(used)),
    )


def _told(attempt: Attempt, found: Sequence[Fact]) -> list[Fact]:
    """The facts that an attempt tells, in its order."""
    pieces = [piece for paragraph in attempt.paragraphs for piece in paragraph if piece.source]
    told: dict[Fact, None] = {}
    for piece in pieces:
        near = [fact for fact in found if fact.source == piece.source]
        left = planning.untold(near, (piece.text,))
        told.update(dict.fromkeys(fact for fact in near if fact not in left))
    return list(told)


def resay(brief: Brief) -> tuple[Stated, ...]:
    """Facts that could be told instead of the brief's sentence, those that share most with it first."""
    if brief.sentence is None:
        return ()
    wanted, language = brief.sentence, brief.brand.language
    found = planning.untold(finding.facts(brief, book(language).words), (wanted.copy,))
    found.sort(key=lambda fact: -alike(fact.text, wanted.text, language))
    return tuple(_stated(fact) for fact in found)


def _alone(found: Sequence[Fact], brief: Brief, words: Words) -> Sequence[Fact]:
    return planning.untold(planning.suited(found, brief, words), brief.recent) or found


def _stated(fact: Fact) -> Stated:
    return Stated(fact.text, (fact.source,), said_by=fact.attribution)
