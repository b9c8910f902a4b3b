"""What the desk offers beside a draft: variants, one sentence anew, and the same post in other positions."""

from __future__ import annotations

from flask import Blueprint, request

from copilot.domain.channels import Channel
from copilot.domain.permissions import Permission
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.desk import Answer, asked, do, keep_typed

pages = Blueprint("writing", __name__, url_prefix="/b/<brand>/posts/<int:post>")

_VARIANTS = 2  # As many as read side by side.


@pages.post("/vary")
@requires(Permission.WRITE)
def vary(post: int) -> Answer:
    """Begins variants beside what stands, each from another angle."""

    def deed() -> None:
        keep_typed(post)
        services().drafting.vary(
            post, brand=brand().id, actor=actor(), count=_VARIANTS, instruction=asked("instruction")
        )

    return do(post, "vary", deed, then="variants")


@pages.post("/variants/<int:variant>/take")
@requires(Permission.WRITE)
def take(post: int, variant: int) -> Answer:
    """Keeps what stands in the editor, and puts the variant in its place."""

    def deed() -> None:
        keep_typed(post)
        services().variants.take(variant, brand=brand().id, actor=actor())

    return do(post, "vary", deed)


@pages.post("/variants/<int:variant>/put-away")
@requires(Permission.WRITE)
def put_away(post: int, variant: int) -> Answer:
    def deed() -> None:
        keep_typed(post)
        services().variants.put_away(variant, brand=brand().id, actor=actor())

    return do(post, "vary", deed, then="variants")


@pages.post("/resay")
@requires(Permission.WRITE)
def resay(post: int) -> Answer:
    """Keeps what stands in the editor, and has one sentence of it said anew."""

    def deed() -> None:
        keep_typed(post)
        services().drafting.resay(
            post,
            brand=brand().id,
            actor=actor(),
            sentence=request.form.get("sentence", ""),
            instruction=asked("how"),
        )

    return do(post, "resay", deed)


@pages.post("/translate")
@requires(Permission.WRITE)
def translate(post: int) -> Answer:
    """Keeps what stands in the editor, and has it told in the positions that were ticked."""

    def deed() -> None:
        keep_typed(post)
        known = {str(channel) for channel in Channel}
        services().translating.start(
            post,
            [Channel(one) for one in request.form.getlist("channel") if one in known],
            brand=brand().id,
            actor=actor(),
            instruction=asked("mind"),
        )

    return do(post, "translate", deed, then="positions")
