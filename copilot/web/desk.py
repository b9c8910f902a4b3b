"""The desk: one post, its draft, its checks and its way through review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from copilot.domain.checks.tone import Trait
from copilot.domain.checks.tone.judging import Judgement
from copilot.domain.copylibrary import Scene
from copilot.domain.permissions import Permission
from copilot.domain.posts import PostEvent
from copilot.errors import CopilotError
from copilot.web import entailform, scriptform, waiverform
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.pictures import picture_url, rearranged
from copilot.web.waiverform import of_finding

pages = Blueprint("desk", __name__, url_prefix="/b/<brand>/posts/<int:post>")

Answer = Response | tuple[str, int]

_JUDGED = "tone-judged"


def render(post: int, *, failed: str = "", error: CopilotError | None = None) -> str:
    """The desk; after a refusal, with the reason beside the action that failed and what was typed."""
    pictures = services().pictures.of_post(post, brand=brand().id)
    view = services().desk.post(post, brand=brand().id)
    return render_template(
        "desk/page.html",
        view=view,
        pictures=pictures,
        images=[{"url": picture_url(picture), "alt": picture.alt} for picture in pictures.shown],
        failed=failed,
        error=message(error) if error is not None else None,
        fields=field_messages(error) if error is not None else {},
        typed=request.form.get("text") if error is not None else None,
        note=request.form.get("note", ""),
        ticked=request.form.getlist("add", type=int),
        did=request.args.get("did", ""),
        all_versions=request.args.get("versions") == "all",
        tone=services().tone.of_post(post, brand=brand().id, asked=_asked_of_a_model(post)),
        model_judges=services().tone.judges,
        kept=services().copyshelf.kept(post, brand=brand().id),
        scenes=list(Scene),
        typed_label={name: request.form.get(name, "") for name in ("scene", "title")},
        refused=waiverform.refused(view) if failed == "waive" else None,
        self_check=services().desk.self_check(view) if PostEvent.APPROVE in view.events else (),
        checked=request.form.getlist("selfcheck"),
        judging=entailform.judging(view),
        **scriptform.shown(post, failed, error),
    )


def do(
    post: int, action: str, deed: Callable[[], Any], *, then: str | None = None, did: str | None = None
) -> Answer:
    """Acts, and goes back to the desk: to the place `then`, where `did` has it say what was done."""
    try:
        deed()
    except CopilotError as exc:
        return render(post, failed=action, error=exc), status(exc)
    return redirect(url_for("desk.page", brand=brand().slug, post=post, did=did, _anchor=then), 303)


@pages.get("")
@requires(Permission.READ)
def page(post: int) -> str:
    return render(post)


@pages.post("/draft")
@requires(Permission.WRITE)
def draft(post: int) -> Answer:
    """Has a draft made, once what stands in the editor is kept: the draft takes its place.

    With `offline` the composer makes it, whatever model there is.
    """

    def deed() -> None:
        if request.form.get("text", "").strip():
            _keep(post)
        services().drafting.start(
            post,
            brand=brand().id,
            actor=actor(),
            instruction=asked("instruction"),
            offline="offline" in request.form,
        )

    return do(post, "draft", deed)


@pages.post("/save")
@requires(Permission.WRITE)
def save(post: int) -> Answer:
    return do(post, "save", lambda: _keep(post))


@pages.post("/pictures")
@requires(Permission.WRITE)
def illustrate(post: int) -> Answer:
    """Keeps what stands in the editor, and sets the pictures under it."""

    def deed() -> None:
        if "text" in request.form:
            _save(post)
        _illustrate(post)

    return do(post, "illustrate", deed, then="pictures")


@pages.post("/patch")
@requires(Permission.WRITE)
def patch(post: int) -> Answer:
    """Keeps what stands in the editor, and puts in what the materials say now."""

    def deed() -> None:
        keep_typed(post)
        services().revising.patch(post, brand=brand().id, actor=actor())

    return do(post, "patch", deed, did="patch")


@pages.post("/flags/<int:flag>/keep")
@requires(Permission.REVIEW)
def keep(post: int, flag: int) -> Answer:
    return do(post, "patch", lambda: services().reviewing.keep(flag, brand=brand().id, actor=actor()))


@pages.post("/submit")
@requires(Permission.WRITE)
def submit(post: int) -> Answer:
    """Saves what stands in the editor, if anything does, and hands it to review."""

    def deed() -> None:
        keep_typed(post)
        services().reviewing.submit(post, brand=brand().id, actor=actor())

    return do(post, "submit", deed)


@pages.post("/fix/<int:finding>")
@requires(Permission.WRITE)
def fix(post: int, finding: int) -> Answer:
    """Keeps what stands in the editor, and mends the one thing in it."""

    def deed() -> None:
        keep_typed(post)
        services().revising.fix(
            post, finding, brand=brand().id, actor=actor(), seen=request.form.get("seen", "")
        )

    return do(post, "fix", deed)


@pages.post("/fix-all")
@requires(Permission.WRITE)
def fix_all(post: int) -> Answer:
    """Keeps what stands in the editor, and mends in it all that can be mended without a look at each."""

    def deed() -> None:
        keep_typed(post)
        services().revising.fix_all(post, brand=brand().id, actor=actor())

    return do(post, "fix", deed)


@pages.post("/waive/<int:finding>")
@requires(Permission.REVIEW)
def waive(post: int, finding: int) -> Answer:
    """Keeps what stands in the editor, and lets the one thing in it stand."""

    def deed() -> None:
        keep_typed(post)
        services().waiving.waive(
            post,
            finding,
            brand=brand().id,
            actor=actor(),
            reason=of_finding("reason"),
            seen=of_finding("seen"),
        )

    return do(post, "waive", deed, then="findings")


@pages.post("/waive")
@requires(Permission.REVIEW)
def waive_typed(post: int) -> Answer:
    """The same for what was shown while it was typed: only now is the text kept, and the finding written down."""

    def deed() -> None:
        keep_typed(post)
        services().waiving.waive_seen(
            post, of_finding("seen"), brand=brand().id, actor=actor(), reason=of_finding("reason")
        )

    return do(post, "waive", deed, then="findings")


@pages.post("/waivers/<int:waiver>/take-back")
@requires(Permission.REVIEW)
def take_back(post: int, waiver: int) -> Answer:
    """Keeps what stands in the editor, and has the finding stop it again."""

    def deed() -> None:
        keep_typed(post)
        services().waiving.take_back(waiver, brand=brand().id, actor=actor())

    return do(post, "take_back", deed, then="findings")


@pages.post("/approve")
@requires(Permission.REVIEW)
def approve(post: int) -> Answer:
    return do(
        post,
        "approve",
        lambda: services().reviewing.approve(
            post,
            brand=brand().id,
            actor=actor(),
            revision=request.form.get("revision", type=int, default=0),
            selfcheck=request.form.getlist("selfcheck"),
        ),
    )


@pages.post("/request-changes")
@requires(Permission.REVIEW)
def request_changes(post: int) -> Answer:
    note = request.form.get("note", "")
    return do(
        post,
        "request_changes",
        lambda: services().reviewing.request_changes(post, brand=brand().id, actor=actor(), note=note),
    )


@pages.post("/withdraw")
@requires(Permission.REVIEW)
def withdraw(post: int) -> Answer:
    return do(post, "withdraw", lambda: services().reviewing.withdraw(post, brand=brand().id, actor=actor()))


@pages.post("/schedule")
@requires(Permission.SCHEDULE)
def schedule(post: int) -> Answer:
    chosen = request.form.getlist("destination", type=int) or None
    return do(
        post,
        "schedule",
        lambda: services().scheduling.schedule(post, brand=brand().id, actor=actor(), destinations=chosen),
    )


@pages.post("/unschedule")
@requires(Permission.SCHEDULE)
def unschedule(post: int) -> Answer:
    return do(
        post, "unschedule", lambda: services().scheduling.unschedule(post, brand=brand().id, actor=actor())
    )


@pages.post("/tone")
@requires(Permission.WRITE)
def judge_tone(post: int) -> Answer:
    """Keeps what stands in the editor, and asks the model how it sounds; what it said is shown once."""

    def deed() -> None:
        keep_typed(post)
        said = services().tone.ask(post, brand=brand().id, actor=actor())
        session[_JUDGED] = {"post": post, "said": [asdict(one) for one in said]}

    return do(post, "tone", deed, then="tone")


def _asked_of_a_model(post: int) -> list[Judgement] | None:
    """What the model just said of this post's tone; None where nobody asked it."""
    kept = session.pop(_JUDGED, None)
    if kept is None or kept["post"] != post:
        return None
    return [Judgement(**{**one, "trait": Trait(one["trait"])}) for one in kept["said"]]


def asked(field: str) -> str:
    """What a person wrote into a field of one line."""
    return " ".join(request.form.get(field, "").split())


def keep_typed(post: int) -> None:
    """For the buttons that also stand on a page without an editor."""
    if "text" in request.form:
        _keep(post)


def _keep(post: int) -> None:
    """Saves what stands in the editor, with the pictures that were ticked beside it."""
    _save(post)
    if "add" in request.form:
        _illustrate(post)


def _illustrate(post: int) -> None:
    services().revising.illustrate(post, brand=brand().id, actor=actor(), media=rearranged(request.form))


def _save(post: int) -> None:
    services().revising.save(
        post,
        brand=brand().id,
        actor=actor(),
        text=request.form.get("text", ""),
        based_on=request.form.get("based_on", type=int),
    )
