"""What the voice is learnt from: sample posts as cards, and people's edits as suggestions."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain import voicesamples
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, NotFound
from copilot.services.voicecards import JOB as READ_JOB
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.flow import act
from copilot.web.voice import back, ways

pages = Blueprint("voicelearning", __name__, url_prefix="/b/<brand>/voice")


@pages.get("/learn")
@requires(Permission.READ)
def learn() -> str:
    return _learn()


@pages.post("/learn")
@requires(Permission.CURATE)
def learnt() -> Response | tuple[str, int]:
    """Counts at once; where a model reads as well, a job has it do so while the card is looked at."""
    chosen = set(request.form.getlist("post", type=int))
    own = [post.text for post in services().voicesheet.posts(brand=brand().id) if post.id in chosen]
    samples = [*voicesamples.split(request.form.get("samples", "")), *own]
    try:
        card = services().voicecards.learn(samples, brand=brand().id, actor=actor())
    except CopilotError as exc:
        return _learn(exc), status(exc)
    if services().voicecards.reads:
        _have_read(card)
    return redirect(url_for("voicelearning.card", brand=brand().slug, card=card), 303)


@pages.get("/cards/<int:card>")
@requires(Permission.READ)
def card(card: int) -> str:
    return _card(card)


@pages.post("/cards/<int:card>")
@requires(Permission.CURATE)
def accept_card(card: int) -> Response | tuple[str, int]:
    try:
        services().voicecards.accept(
            card,
            brand=brand().id,
            actor=actor(),
            traits=request.form.getlist("trait"),
            note=request.form.get("note", ""),
            based_on=request.form.get("based_on", 0, type=int),
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return _card(card, exc), status(exc)
    return back("card")


@pages.post("/cards/<int:card>/dismiss")
@requires(Permission.CURATE)
def dismiss_card(card: int) -> Response:
    return act(lambda: services().voicecards.dismiss(card, brand=brand().id, actor=actor()), _at(card))


@pages.post("/cards/<int:card>/reopen")
@requires(Permission.CURATE)
def reopen_card(card: int) -> Response:
    return act(lambda: services().voicecards.reopen(card, brand=brand().id, actor=actor()), _at(card))


@pages.post("/cards/<int:card>/read")
@requires(Permission.CURATE)
def read_card(card: int) -> Response:
    """Has the model try again."""

    def deed() -> None:
        services().voicecards.ask(card, brand=brand().id, actor=actor())
        _have_read(card)

    return act(deed, _at(card))


@pages.get("/suggestions")
@requires(Permission.READ)
def suggestions() -> str:
    return _suggestions()


@pages.post("/suggestions")
@requires(Permission.CURATE)
def look_again() -> Response:
    def deed() -> Message:
        found = services().learning.look(brand=brand().id, actor=actor())
        return Message("candidate.looked", {"count": found})

    return act(deed, url_for("voicelearning.suggestions", brand=brand().slug))


@pages.post("/suggestions/<int:candidate>/accept")
@requires(Permission.CURATE)
def accept(candidate: int) -> Response | tuple[str, int]:
    note = request.form.get("note", "")
    try:
        services().learning.accept(candidate, brand=brand().id, actor=actor(), note=note)
    except NotFound:
        raise
    except CopilotError as exc:
        return _suggestions(exc, at=candidate), status(exc)
    return redirect(url_for("voicelearning.suggestions", brand=brand().slug, done="accepted"), 303)


@pages.post("/suggestions/<int:candidate>/dismiss")
@requires(Permission.CURATE)
def dismiss(candidate: int) -> Response:
    there = url_for("voicelearning.suggestions", brand=brand().slug, done="dismissed", candidate=candidate)
    return act(lambda: services().learning.dismiss(candidate, brand=brand().id, actor=actor()), there)


@pages.post("/suggestions/<int:candidate>/reopen")
@requires(Permission.CURATE)
def reopen(candidate: int) -> Response:
    there = url_for("voicelearning.suggestions", brand=brand().slug)
    return act(lambda: services().learning.reopen(candidate, brand=brand().id, actor=actor()), there)


def _learn(error: CopilotError | None = None) -> str:
    said = field_messages(error) if error is not None else {}
    return render_template(
        "voice/learn.html",
        posts=services().voicesheet.posts(brand=brand().id),
        cards=services().voicecardsheet.cards(brand=brand().id),
        reads=services().voicecards.reads,
        typed=request.form.get("samples", ""),
        ticked=request.form.getlist("post", type=int),
        least=voicesamples.LEAST,
        most=voicesamples.MOST,
        fields=said,
        error=message(error) if error is not None and not said else None,
        **ways(),
    )


def _card(card: int, error: CopilotError | None = None) -> str:
    said = field_messages(error) if error is not None else {}
    return render_template(
        "voice/card.html",
        view=services().voicecardsheet.card(card, brand=brand().id),
        ticked=request.form.getlist("trait") if error is not None else None,
        note=request.form.get("note"),
        fields=said,
        error=message(error) if error is not None and not said else None,
        reads=services().voicecards.reads,
        **ways(),
    )


def _suggestions(error: CopilotError | None = None, *, at: int = 0) -> str:
    """The page; `at` is the suggestion beside which the error stands."""
    said = field_messages(error) if error is not None else {}
    return render_template(
        "voice/suggestions.html",
        view=services().lessons.suggestions(brand=brand().id),
        version=services().voicesheet.view(brand=brand().id).version,
        at=at,
        error=next(iter(said.values()), message(error)) if error is not None else None,
        done=request.args.get("done", ""),
        chosen=request.args.get("candidate", type=int),
        **ways(),
    )


def _have_read(card: int) -> None:
    services().jobs.enqueue(
        READ_JOB, {"brand": brand().id, "card": card}, brand=brand().id, requested_by=actor().id
    )


def _at(card: int) -> str:
    return url_for("voicelearning.card", brand=brand().slug, card=card)
