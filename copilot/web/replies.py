"""Replies to members: ask, read the answer beside its sources, copy it, and keep track of what nothing answers."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.copylibrary import Scene
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.replies import LONGEST_QUESTION
from copilot.errors import CopilotError, NotFound
from copilot.services.replyjobs import WORDS
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.flow import act

pages = Blueprint("replies", __name__, url_prefix="/b/<brand>/replies")

Answer = Response | tuple[str, int]


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _page(request.args.get("question", type=int))


@pages.post("")
@requires(Permission.WRITE)
def ask() -> Answer:
    """The answer from the materials comes at once; where a model writes, a job has it find better words meanwhile."""
    typed = request.form.get("question", "")
    try:
        question = services().replying.ask(typed, brand=brand().id, actor=actor())
    except CopilotError as exc:
        return _page(None, failed="ask", error=exc, typed=typed), status(exc)
    if services().replying.writes and services().replies.view(question, brand=brand().id).text:
        _find_words(question)
    if "HX-Request" in request.headers:
        answer = make_response(_answer(question))
        answer.headers["HX-Push-Url"] = _here(question)
        return answer
    return redirect(_here(question), 303)


@pages.get("/<int:question>/answer")
@requires(Permission.READ)
def answer(question: int) -> str:
    """A fragment that asks again by itself while a model looks for words."""
    return _answer(question)


@pages.post("/<int:question>/words")
@requires(Permission.WRITE)
def words(question: int) -> Response:
    return act(lambda: _find_words(question), _here(question))


@pages.post("/<int:question>/again")
@requires(Permission.WRITE)
def again(question: int) -> Response:
    def deed() -> Message:
        covered = services().replying.look_again(question, brand=brand().id, actor=actor())
        return Message("reply.covered") if covered else Message("reply.still_open")

    return act(deed, _here(question))


@pages.post("/<int:question>/dismiss")
@requires(Permission.WRITE)
def dismiss(question: int) -> Response:
    return act(
        lambda: services().replying.dismiss(question, brand=brand().id, actor=actor()), _here(question)
    )


@pages.post("/<int:question>/reopen")
@requires(Permission.WRITE)
def reopen(question: int) -> Response:
    return act(lambda: services().replying.reopen(question, brand=brand().id, actor=actor()), _here(question))


@pages.post("/<int:question>/keep")
@requires(Permission.WRITE)
def keep(question: int) -> Answer:
    """Hands the answer in for the copy library, where a second person approves it."""
    view = services().replies.view(question, brand=brand().id)
    try:
        entry = services().copylibrary.add(
            brand=brand().id,
            actor=actor(),
            scene=request.form.get("scene", ""),
            title=request.form.get("title", ""),
            text=view.text,
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return _page(question, failed="keep", error=exc), status(exc)
    return redirect(url_for("copylibrary.entry", brand=brand().slug, entry=entry), 303)


def _find_words(question: int) -> None:
    payload = {"brand": brand().id, "user": actor().id, "question": question}
    services().jobs.once(WORDS, payload, brand=brand().id, requested_by=actor().id)


def _here(question: int) -> str:
    return url_for("replies.page", brand=brand().slug, question=question, _anchor="answer")


def _page(
    question: int | None, *, failed: str = "", error: CopilotError | None = None, typed: str = ""
) -> str:
    return render_template(
        "replies/page.html",
        **_of(question, failed=failed, error=error),
        open=services().replies.open(brand=brand().id),
        recent=services().replies.recent(brand=brand().id),
        typed=typed,
        most=LONGEST_QUESTION,
    )


def _answer(question: int) -> str:
    return render_template("replies/_answer.html", **_of(question))


def _of(question: int | None, *, failed: str = "", error: CopilotError | None = None) -> dict[str, object]:
    """What the answer's block needs, on its own and in its page."""
    view = services().replies.view(question, brand=brand().id) if question is not None else None
    return {
        "view": view,
        "is_wording": view is not None and _is_wording(view.row.id),
        "scenes": list(Scene),
        "failed": failed,
        "error": message(error) if error is not None else None,
        "fields": field_messages(error) if error is not None else {},
        "form": request.form,
    }


def _is_wording(question: int) -> bool:
    jobs = services().jobs.unfinished(brand=brand().id, kind=WORDS)
    return any(job.payload["question"] == question for job in jobs)
