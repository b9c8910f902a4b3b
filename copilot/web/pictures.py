"""The picture room of the library, and the pictures themselves as every page shows them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from copilot.domain.messages import Message
from copilot.domain.paths import given_path
from copilot.domain.permissions import Permission
from copilot.errors import CopilotError, InvalidInput, NotFound
from copilot.services.media import MOST_ALT, Added, PictureFile
from copilot.services.queries.media import PictureCard, PictureRow
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, status
from copilot.web.flow import act
from copilot.wording import word

pages = Blueprint("pictures", __name__, url_prefix="/b/<brand>/library/pictures")

_YEAR = 365 * 24 * 3600
_VIEWS = ("unwell", "unused", "retired")
"""What may be asked of the sheet beside all that is not retired."""


def picture_url(picture: PictureRow) -> str:
    return url_for("pictures.file", brand=brand().slug, digest=picture.digest)


def rearranged(form: MultiDict[str, str]) -> list[int]:
    """The order that a form of pictures asks for: `picture` as they stand, `change` to one, `add` at the end.

    A change is `earlier-<id>`, `later-<id>` or `remove-<id>`.
    """
    order = form.getlist("picture", type=int)
    change, _, which = form.get("change", "").partition("-")
    if which.isdecimal() and int(which) in order:
        at = order.index(int(which))
        moved = order.pop(at)
        if change in ("earlier", "later"):
            order.insert(max(0, at - 1) if change == "earlier" else at + 1, moved)
    return [*order, *form.getlist("add", type=int)]


def _render(*, added: Sequence[Added] = (), error: CopilotError | None = None) -> str:
    cards = services().pictures.sheet(brand=brand().id)
    show = request.args.get("show", "")
    return render_template(
        "pictures/page.html",
        cards=_chosen(cards, show),
        unwell=[card for card in cards if card.is_undescribed],
        counts={name: len(_chosen(cards, name)) for name in ("", *_VIEWS)},
        show=show if show in _VIEWS else "",
        added=added,
        taken=request.args.get("taken", type=int, default=0),
        known=request.args.get("known", type=int, default=0),
        most=MOST_ALT,
        fields=field_messages(error) if error is not None else {},
        form=request.form,
    )


def _chosen(cards: Sequence[PictureCard], show: str) -> list[PictureCard]:
    if show == "retired":
        return [card for card in cards if card.picture.retired]
    present = [card for card in cards if not card.picture.retired]
    if show == "unwell":
        return [card for card in present if card.is_undescribed]
    if show == "unused":
        return [card for card in present if not card.materials and not card.posts]
    return present


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.post("")
@requires(Permission.CURATE)
def add() -> Response | tuple[str, int]:
    """Takes pictures in; what was refused is named beside the field, and the rest is kept all the same."""
    try:
        added = _take_in()
    except CopilotError as exc:
        return _render(error=exc), status(exc)
    if any(one.refused is not None for one in added):
        return _render(added=added), 422
    known = sum(one.unchanged for one in added)
    here = url_for("pictures.page", brand=brand().slug, taken=len(added) - known, known=known)
    return redirect(f"{here}#unwell", 303)


@pages.post("/describe")
@requires(Permission.CURATE)
def describe() -> Response | tuple[str, int]:
    """Keeps every description that was typed; a field left empty waits for another time."""
    typed = {key.removeprefix("alt-"): text for key, text in request.form.items() if key.startswith("alt-")}
    alts = {int(picture): text for picture, text in typed.items() if picture.isdecimal() and text.strip()}
    try:
        services().media.describe(alts, brand=brand().id, actor=actor().id)
    except InvalidInput as exc:
        return _render(error=exc), status(exc)
    return redirect(url_for("pictures.page", brand=brand().slug), 303)


@pages.get("/<int:picture>")
@requires(Permission.READ)
def picture(picture: int) -> str:
    return _one(picture)


@pages.post("/<int:picture>/describe")
@requires(Permission.CURATE)
def describe_one(picture: int) -> Response | tuple[str, int]:
    alts = {picture: request.form.get("alt", "")}
    try:
        services().media.describe(alts, brand=brand().id, actor=actor().id)
    except InvalidInput as exc:
        return _one(picture, exc), status(exc)
    return redirect(url_for("pictures.picture", brand=brand().slug, picture=picture), 303)


@pages.post("/<int:picture>/retire")
@requires(Permission.CURATE)
def retire(picture: int) -> Response:
    here = url_for("pictures.picture", brand=brand().slug, picture=picture)
    return act(lambda: services().media.retire(picture, brand=brand().id, actor=actor().id), here)


@pages.post("/<int:picture>/restore")
@requires(Permission.CURATE)
def restore(picture: int) -> Response:
    here = url_for("pictures.picture", brand=brand().slug, picture=picture)
    return act(lambda: services().media.restore(picture, brand=brand().id, actor=actor().id), here)


@pages.post("/of/<int:material>")
@requires(Permission.CURATE)
def arrange(material: int) -> Response:
    """Changes a material's pictures: takes files in and attaches them, attaches some, or moves or removes one."""
    here = url_for("library.material", brand=brand().slug, material=material)
    return act(lambda: _arrange(material), f"{here}#pictures")


@pages.get("/files/<digest>")
@requires(Permission.READ)
def file(digest: str) -> Response:
    """The picture's bytes. They never change under their digest, so a browser may keep them; nobody between may."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise NotFound("media", digest)
    row = services().pictures.served(digest, brand=brand().id)
    answer = send_file(
        io.BytesIO(services().parts.blobs.get(digest)),
        mimetype=str(row.mime),
        as_attachment="save" in request.args,
        download_name=row.file_name,
        etag=digest,
        max_age=_YEAR,
    )
    answer.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _one(picture: int, error: CopilotError | None = None) -> str:
    return render_template(
        "pictures/picture.html",
        view=services().pictures.picture(picture, brand=brand().id),
        most=MOST_ALT,
        fields=field_messages(error) if error is not None else {},
        typed=request.form.get("alt") if error is not None else None,
    )


def _take_in() -> list[Added]:
    files = [
        PictureFile(given_path(file.filename).name or "picture", file.read())
        for file in request.files.getlist("files")
        if file.filename
    ]
    if not files:
        raise InvalidInput({"files": "invalid.no_picture"})
    return services().media.add(files, brand=brand().id, actor=actor().id)


def _arrange(material: int) -> None:
    media, form = services().media, request.form
    change, _, which = form.get("change", "").partition("-")
    whose = {"brand": brand().id, "actor": actor().id}
    if change == "remove" and which.isdecimal():
        media.detach(material, int(which), **whose)
    elif change:
        media.reorder(material, rearranged(form), **whose)
    elif form.getlist("add"):
        media.attach(material, form.getlist("add", type=int), **whose)
    else:
        # Looked up first: a material that is not there must not leave pictures behind that nobody asked for.
        services().pictures.of_material(material, brand=brand().id)
        added = _take_in()
        media.attach(material, [one.picture for one in added if one.picture is not None], **whose)
        for one in added:
            if one.refused is not None:
                said = Message("picture.refused", {"name": one.name, "reason": one.refused})
                flash(word(said, locale()), "error")
