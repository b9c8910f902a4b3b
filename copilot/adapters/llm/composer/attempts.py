"""Every way in which a brief's post can be written, in the order in which they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from copilot.adapters.llm.composer import (
    articles,
    asking,
    forms,
    games,
    notices,
    planning,
    scripts,
    welcoming,
)
from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt, Shape
from copilot.domain.columns import Form

_PLANS_TRIED = 8
ASKING = frozenset({Form.QUIZ, Form.POLL})
OF_THEIR_OWN: Mapping[Form, Callable[[Desk, Sequence[Fact]], Iterator[Attempt]]] = {
    Form.ANNOUNCEMENT: notices.announcements,
    Form.LIVE_TEASER: notices.teasers,
    Form.SOLITAIRE: games.solitaires,
    Form.DICE: games.dice,
    Form.LOTTERY: games.lotteries,
    Form.RED_ENVELOPE: games.envelopes,
    Form.PHOTO_REWARD: games.photos,
    Form.VIDEO_SCRIPT: scripts.scripts,
    Form.ARTICLE: articles.articles,
}


def attempts(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """The posts that these facts make in the form of the brief's column."""
    form = desk.brief.column.form
    if form in OF_THEIR_OWN:
        yield from OF_THEIR_OWN[form](desk, found)
        return
    if form is Form.WELCOME:
        welcome = welcoming.plan(found, desk.brief, desk.words, desk.turn)
        if welcome.welfare and (welcome.service or welcome.rules):
            yield from _welcomes(desk, welcome)
            return
    if form in ASKING:
        yield from questions(desk, found, _of_the_day(desk))
        found = asking.askable(found) if len(asking.askable(found)) > 1 else found
    plans = desk.fresh_plans(found, _PLANS_TRIED)
    for step in range(forms.STEPS):
        for plan in plans:
            for shape in forms.shapes(step, plan, turn=desk.turn, form=form):
                stage = desk.stage(form, plan.subject, plan.facts[0].about)
                if form in ASKING:
                    attempt = asking.judged(stage, plan, shape, "judge" if form is Form.QUIZ else "habit")
                else:
                    attempt = _plainly(forms.plain(stage, plan, shape))
                if attempt is not None:
                    yield attempt


def _plainly(paragraphs: Sequence[forms.Paragraph] | None) -> Attempt | None:
    return Attempt(paragraphs) if paragraphs is not None else None


def _welcomes(desk: Desk, plan: welcoming.WelcomePlan) -> Iterator[Attempt]:
    for facts, closing in ((4, True), (4, False), (3, True), (3, False), (2, True), (5, True)):
        for step in range(2):
            turned = Shape(facts, closing=closing, step=step)
            attempt = _plainly(forms.welcome(desk.stage(Form.WELCOME), plan, turned))
            if attempt is not None:
                yield attempt


def _of_the_day(desk: Desk) -> Form:
    """A quiz is on every other day a poll, where the call to action does not speak of an answer."""
    form, call = desk.brief.column.form, desk.call.lower()
    is_answered = any(word in call for word in desk.words.answers)
    return Form.POLL if form is Form.QUIZ and not is_answered and desk.turn % 2 else form


def questions(desk: Desk, found: Sequence[Fact], form: Form) -> Iterator[Attempt]:
    """Quizzes or polls, from what nobody was told lately if that makes one."""
    found = planning.suited(asking.askable(found), desk.brief, desk.words)
    untold = planning.untold(found, desk.brief.recent)
    # A poll may do without a last word; a quiz says in it where the answer will be.
    cuts = ((False, True), (True, False), (False, False), (True, True))
    cuts = cuts if form is Form.POLL else ((False, True), (True, True), (False, False), (True, False))
    for facts in (untold, found):
        for step in range(asking.STEPS):
            for scene, closing in cuts:
                shape = Shape(scene=scene, closing=closing, step=step)
                attempt = (asking.poll if form is Form.POLL else asking.quiz)(desk.stage(form), facts, shape)
                if attempt is not None:
                    yield attempt
