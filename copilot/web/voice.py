"""The voice: its profile with a live sample, its versions, and an older one brought back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.permissions import Permission
from copilot.domain.voicescales import sounds, trials
from copilot.errors import Conflict, CopilotError, NotFound
from copilot.services.queries.voices import VoiceView
from copilot.web import voiceform
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.voiceform import Typed

pages = Blueprint("voice", __name__, url_prefix="/b/<brand>/voice")

DONE = frozenset({"saved", "same", "back", "card"})
"""What the page can say was just done, by its `done`."""

LONGEST_SAMPLE = 4000
_EMPTY_ROWS = 3
_POSTS_OFFERED = 8


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _page(services().voicesheet.view(brand=brand().id))


@pages.post("")
@requires(Permission.CURATE)
def save() -> Response | tuple[str, int]:
    """Keeps what was typed as a new version; whatever is refused, everything typed comes back."""
    view = services().voicesheet.view(brand=brand().id)
    typed = voiceform.read(request.form, view.voice)
    try:
        typed.require_figures()
        version = services().voices.save(
            typed.voice,
            brand=brand().id,
            actor=actor(),
            note=request.form.get("note", ""),
            based_on=request.form.get("based_on", 0, type=int),
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return _page(view, typed=typed, error=exc), status(exc)
    return back("saved" if version != view.version else "same")


@pages.post("/sample")
@requires(Permission.READ)
def sample() -> str:
    """Hears the sample in the voice as it was typed; nothing is kept. Without a script the whole page comes back."""
    view = services().voicesheet.view(brand=brand().id)
    typed = voiceform.read(request.form, view.voice)
    if "HX-Request" not in request.headers:
        return _page(view, typed=typed)
    if request.headers.get("HX-Target") != "heard":
        return render_template("voice/_sample.html", **_sample(view, typed), live=True)
    # A text that was chosen a moment ago is on its way to the panel: what is typed there is the one before.
    chosen = bool(request.form.get("take"))
    made = _sample(view, typed) if chosen else _heard(view, typed, request.form.get("sample", ""))
    return render_template("voice/_heard.html", **made, live=True)


@pages.get("/versions")
@requires(Permission.READ)
def versions() -> str:
    return _versions()


@pages.get("/compare")
@requires(Permission.READ)
def compare() -> str:
    listed = services().voicesheet.versions(brand=brand().id)
    newest = listed[0].version
    newer = request.args.get("newer", newest, type=int)
    older = request.args.get("older", max(1, newer - 1), type=int)
    return render_template(
        "voice/compare.html",
        made=services().voicesheet.compare(brand=brand().id, older=older, newer=newer),
        versions=listed,
        **ways(),
    )


@pages.post("/bring-back")
@requires(Permission.CURATE)
def bring_back() -> Response | tuple[str, int]:
    held = services().voicesheet.view(brand=brand().id).version
    try:
        version = services().voices.bring_back(
            request.form.get("version", 0, type=int),
            brand=brand().id,
            actor=actor(),
            note=request.form.get("note", ""),
        )
    except NotFound:
        raise
    except CopilotError as exc:
        return _versions(exc), status(exc)
    return back("back" if version != held else "same")


def ways() -> dict[str, Any]:
    """What the tabs over every page of the voice show."""
    return {"waiting": services().lessons.count(brand=brand().id)}


def _page(view: VoiceView, *, typed: Typed | None = None, error: CopilotError | None = None) -> str:
    """The profile in force, or what was typed; after a conflict it goes on from the version in force by now."""
    shown = typed or Typed.of(view.voice)
    said = field_messages(error) if error is not None else {}
    moved = isinstance(error, Conflict)
    return render_template(
        "voice/page.html",
        typed=shown,
        is_typed=typed is not None,
        note=request.form.get("note", ""),
        based_on=view.version if typed is None or moved else request.form.get("based_on", view.version),
        moved=moved,
        seen=request.form.get("based_on", 0, type=int),
        fields=said,
        error=message(error) if error is not None and not said else None,
        done=request.args.get("done") if request.args.get("done") in DONE else None,
        empty_rows=_EMPTY_ROWS,
        take_out=voiceform.TAKE_OUT,
        **_sample(view, shown),
        **ways(),
    )


def _versions(error: CopilotError | None = None) -> str:
    said = field_messages(error) if error is not None else {}
    return render_template(
        "voice/versions.html",
        versions=services().voicesheet.versions(brand=brand().id),
        error=next(iter(said.values()), message(error)) if error is not None else None,
        **ways(),
    )


def _sample(view: VoiceView, typed: Typed) -> dict[str, Any]:
    """The sample panel: what may be heard, the text that is, and how it sounds in this voice."""
    posts = services().voicesheet.posts(brand=brand().id)[:_POSTS_OFFERED]
    examples = [f"example-{number}" for number in range(len(typed.voice.examples))]
    texts = {
        **dict(zip(examples, typed.voice.examples, strict=True)),
        **{f"post-{post.id}": post.text for post in posts},
        **{f"trial-{name}": text for name, text in trials(view.language).items()},
    }
    first = next(iter(texts.values()))
    text = texts.get(request.form.get("take", "")) or request.form.get("sample", first)
    return {
        **_heard(view, typed, text),
        "posts": posts,
        "trials": tuple(trials(view.language)),
        "examples": typed.voice.examples,
        "most": LONGEST_SAMPLE,
    }


def _heard(view: VoiceView, typed: Typed, text: str) -> dict[str, Any]:
    """How a text sounds; what is longer than any post is heard as far as it goes."""
    text = text.replace("\r\n", "\n").strip()[:LONGEST_SAMPLE]
    return {
        "view": view,
        "sample": text,
        "heard": services().voices.hear(text, typed.voice, language=view.language) if text else None,
        "sounds": sounds(typed.voice.scales, view.language),
    }


def back(done: str) -> Response:
    """To the profile, with a word of what was just done."""
    return redirect(url_for("voice.page", brand=brand().slug, done=done), 303)
