"""Members' stories: the inbox where they wait for consent, and those that may be told."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.materials import Kind
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.stories import KINDS, Story
from copilot.errors import CopilotError, InvalidInput, NotFound
from copilot.services.stories import MOST_CHARACTERS
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, message, status
from copilot.wording import word

pages = Blueprint("stories", __name__, url_prefix="/b/<brand>/library/stories")

DONE = frozenset({"told", "waits", "agreed", "withdrawn", "discarded", "back"})
"""What a page can say was just done, by its `done`."""


def _render(error: CopilotError | None = None, *, at: int | None = None) -> str:
    """The page; `at` is the story beside which the error stands, none for the form at the foot."""
    text = request.form.get("text", "") if request.method == "POST" and at is None else ""
    said = field_messages(error) if error is not None else {}
    return render_template(
        "stories/page.html",
        view=services().stories.view(brand=brand().id),
        kinds_words=[(str(kind), word(Message(f"kind.{kind}"), locale())) for kind in KINDS],
        most=MOST_CHARACTERS,
        fields=said,
        error=message(error) if error is not None and not said else None,
        at=at,
        form=request.form,
        kind=request.form.get("kind") or request.args.get("kind", ""),
        personal=services().telling.personal(text) if "text" in said else (),
        masked=services().telling.masked(text) if "text" in said else "",
        done=request.args.get("done") if request.args.get("done") in DONE else None,
        chosen=request.args.get("story", type=int),
    )


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.post("")
@requires(Permission.CURATE)
def tell() -> Response | tuple[str, int]:
    """Takes a story in. Somebody's number or address in it is shown first, and what to do with it is asked."""
    consent = request.form.get("consent", "")
    try:
        story = _told()
        material = services().telling.tell(story, consent=consent, brand=brand().id, actor=actor())
    except CopilotError as exc:
        return _render(exc), status(exc)
    return _back("told" if consent.strip() else "waits", material)


@pages.post("/<int:material>/agree")
@requires(Permission.CURATE)
def agree(material: int) -> Response | tuple[str, int]:
    consent, attribution = request.form.get("consent", ""), request.form.get("attribution", "")
    return _decide(
        material,
        "agreed",
        lambda: services().telling.agree(
            material, consent=consent, attribution=attribution, brand=brand().id, actor=actor()
        ),
    )


@pages.post("/<int:material>/withdraw")
@requires(Permission.CURATE)
def withdraw(material: int) -> Response | str | tuple[str, int]:
    """Asks once, because what was recorded of the consent is gone with it."""
    if not request.form.get("sure"):
        view = services().stories.view(brand=brand().id)
        story = next((one for one in view.agreed if one.id == material), None)
        if story is None:
            raise NotFound("story", material)
        return render_template("stories/withdraw.html", story=story)
    return _decide(
        material, "withdrawn", lambda: services().telling.withdraw(material, brand=brand().id, actor=actor())
    )


@pages.post("/<int:material>/discard")
@requires(Permission.CURATE)
def discard(material: int) -> Response | tuple[str, int]:
    return _decide(
        material, "discarded", lambda: services().telling.discard(material, brand=brand().id, actor=actor())
    )


@pages.post("/<int:material>/bring-back")
@requires(Permission.CURATE)
def bring_back(material: int) -> Response | tuple[str, int]:
    return _decide(
        material, "back", lambda: services().telling.bring_back(material, brand=brand().id, actor=actor())
    )


def _decide(material: int, done: str, deed: Callable[[], None]) -> Response | tuple[str, int]:
    try:
        deed()
    except InvalidInput as exc:
        return _render(exc, at=material), status(exc)
    return _back(done, material)


def _back(done: str, material: int) -> Response:
    here = url_for("stories.page", brand=brand().slug, done=done, story=material)
    return redirect(f"{here}#story-{material}", 303)


def _told() -> Story:
    """The form as a story; InvalidInput until what is personal in it is masked, or said to be none."""
    form = request.form
    kind = form.get("kind", "")
    if kind not in KINDS:
        raise InvalidInput({"kind": "invalid.story_kind"})
    text, what = form.get("text", ""), form.get("personal", "")
    if what == "mask":
        text = services().telling.masked(text)
    elif what != "keep" and (personal := services().telling.personal(text)):
        found = list(dict.fromkeys(finding.text for finding in personal))
        raise InvalidInput({"text": "invalid.personal"}, found=", ".join(found))
    return Story(
        text=text,
        kind=Kind(kind),
        title=form.get("title", "").strip(),
        attribution=form.get("attribution", ""),
        heard=form.get("heard", "").strip(),
    )
