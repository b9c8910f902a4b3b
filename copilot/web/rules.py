"""The rules: packs as chapters with what the brand changed of them, its own rules, the declaration, and the versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.checks.bookfaults import (
    LEAST_EXAMPLES,
    LONGEST_DECLARATION,
    LONGEST_LINE,
)
from copilot.domain.findings import Severity
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.rulebook import OwnRule
from copilot.errors import Conflict, CopilotError, InvalidInput, NotFound
from copilot.rulepacks import PACKS
from copilot.services.queries.rulings import DAYS
from copilot.web import ruleform
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.context_processors import locale
from copilot.web.errors import field_messages, message, status
from copilot.web.ruleform import Typed
from copilot.wording import language, word

pages = Blueprint("rules", __name__, url_prefix="/b/<brand>/rules")

DONE = frozenset({"saved", "same", "back", "dropped"})
"""What the page can say was just done, by its `done`."""

LEVELS = ("block", "warn", "note", "off", "changed")
LONGEST_TEXT = 4000
_LONGEST_QUERY = 100
_NEW = OwnRule("", Severity.WARN, "", (), (), ())


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _page()


@pages.post("/try")
@requires(Permission.READ)
def try_text() -> str:
    """Which rules speak about a text, and which are off; nothing is kept. Without a script the whole page comes back."""
    if "HX-Request" in request.headers:
        return render_template("rules/_tried.html", **_tried())
    return _page()


@pages.post("/pack")
@requires(Permission.CURATE)
def switch() -> Response | tuple[str, int]:
    name, on = request.form.get("pack", ""), request.form.get("on", "")
    before = _version()
    try:
        if on not in ("on", "off"):
            raise InvalidInput({"pack": "invalid.rules_switch"})
        version = services().rulings.switch_pack(
            name, on == "on", brand=brand().id, actor=actor(), note=_note()
        )
    except CopilotError as exc:
        return _refused("pack", name, exc)
    return _back(before, version, f"pack-{name}")


@pages.post("/rule")
@requires(Permission.CURATE)
def change() -> Response | tuple[str, int]:
    wanted = ruleform.change_of(request.form)
    before = _version()
    try:
        version = services().rulings.change_rule(
            wanted, brand=brand().id, actor=actor(), note=_note(), based_on=_based_on()
        )
    except CopilotError as exc:
        return _refused("change", wanted.rule, exc, place=f"changes.{wanted.rule}")
    return _back(before, version, f"rule-{wanted.rule}")


@pages.post("/declaration")
@requires(Permission.CURATE)
def declare() -> Response | tuple[str, int]:
    before = _version()
    try:
        version = services().rulings.declare(
            request.form.get("declaration", ""),
            brand=brand().id,
            actor=actor(),
            note=_note(),
            based_on=_based_on(),
        )
    except CopilotError as exc:
        return _refused("declare", "", exc)
    return _back(before, version, "declaration")


@pages.post("/bring-back")
@requires(Permission.CURATE)
def bring_back() -> Response | tuple[str, int]:
    wanted = request.form.get("version", -1, type=int)
    before = _version()
    try:
        version = services().rulings.bring_back(wanted, brand=brand().id, actor=actor(), note=_note())
    except NotFound:
        raise
    except CopilotError as exc:
        return _refused("back", str(wanted), exc)
    return _back(before, version, "versions", done="back")


@pages.get("/own")
@requires(Permission.CURATE)
def own() -> str:
    """A rule of the brand's own to edit, or a new one."""
    name = request.args.get("rule", "")
    book = services().rulesheet.view(brand=brand().id).book
    held = book.own_of(name)
    if name and held is None:
        raise NotFound("rule", name)
    return _own_page(held or _NEW, replaces=name)


@pages.post("/own")
@requires(Permission.CURATE)
def save_own() -> Response | tuple[str, int]:
    """Keeps a rule once its own examples pass; whatever is refused, everything typed comes back."""
    rule, replaces = _typed_own()
    before = _version()
    try:
        if replaces:
            version = services().rulings.keep_own(
                rule, brand=brand().id, actor=actor(), note=_note(), based_on=_based_on()
            )
        else:
            version = services().rulings.add_own(rule, brand=brand().id, actor=actor(), note=_note())
    except CopilotError as exc:
        return _own_page(rule, replaces=replaces, error=exc), status(exc)
    return _back(before, version, f"rule-{rule.id}")


@pages.post("/own/test")
@requires(Permission.CURATE)
def test_own() -> str:
    """What the rule makes of each example before it is kept. Without a script the whole page comes back."""
    rule, replaces = _typed_own()
    if "HX-Request" in request.headers:
        trial = services().rulings.try_own(rule, brand=brand().id, instead_of=replaces)
        return render_template("rules/_tested.html", trial=trial, rule=rule)
    return _own_page(rule, replaces=replaces)


@pages.post("/own/drop")
@requires(Permission.CURATE)
def drop_own() -> Response | tuple[str, int]:
    name = request.form.get("rule", "")
    before = _version()
    try:
        version = services().rulings.drop_own(name, brand=brand().id, actor=actor(), note=_note())
    except NotFound:
        raise
    except CopilotError as exc:
        return _refused("drop", name, exc)
    return _back(before, version, "own", done="dropped")


def _page(typed: Typed | None = None, error: CopilotError | None = None) -> str:
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    level = request.args.get("level", "")
    level = level if level in LEVELS else ""
    pack = request.args.get("pack", "")
    pack = pack if pack in PACKS else ""
    return render_template(
        "rules/page.html",
        view=services().rulesheet.view(brand=brand().id, query=query, level=level, pack=pack),
        query=query,
        level=level,
        levels=LEVELS,
        is_asked=bool(query or level or pack),
        tongue=language(locale()),
        days=DAYS,
        longest_note=LONGEST_LINE,
        longest_declaration=LONGEST_DECLARATION,
        # The brand's copy carries it, so it is worded in the brand's language.
        sample=word(Message("declaration.sample"), brand().language),
        typed=typed,
        error=message(error) if error is not None else None,
        done=request.args.get("done") if request.args.get("done") in DONE else None,
        **_tried(),
    )


def _tried() -> dict[str, Any]:
    """The text that is tried and what the rules say of it; what is longer than any post goes as far as it goes."""
    text = request.form.get("text", "").replace("\r\n", "\n")[:LONGEST_TEXT]
    heard = services().rulings.hear(text, brand=brand().id) if text.strip() else ()
    return {"text": text, "heard": heard, "longest_text": LONGEST_TEXT}


def _own_page(rule: OwnRule, *, replaces: str, error: CopilotError | None = None) -> str:
    view = services().rulesheet.view(brand=brand().id)
    trial = services().rulings.try_own(rule, brand=brand().id, instead_of=replaces) if rule.terms else None
    said = field_messages(error) if error is not None else {}
    is_typed = request.method == "POST"
    # A conflict shows how the rule stands now; whoever keeps theirs after it has seen that.
    is_moved = isinstance(error, Conflict)
    based_on = _based_on() if is_typed and not is_moved else None
    return render_template(
        "rules/own.html",
        view=view,
        rule=rule,
        replaces=replaces,
        name=request.form.get("name", "") if is_typed else "",
        note=_note() if is_typed else "",
        based_on=view.version if based_on is None else based_on,
        moved=ruleform.moved(view, rule, _based_on() or 0) if is_moved and replaces else None,
        trial=trial,
        said=ruleform.beside(said, rule.id),
        error=message(error) if error is not None and not said else None,
        take_out=ruleform.TAKE_OUT,
        least=LEAST_EXAMPLES,
        longest_note=LONGEST_LINE,
    )


def _typed_own() -> tuple[OwnRule, str]:
    """The rule as it was typed, and the id of the one that it replaces, "" for a new one."""
    taken = [one.id for one in services().rulesheet.view(brand=brand().id).book.own]
    return ruleform.own_of(request.form, taken), request.form.get("rule", "")


def _refused(form: str, about: str, error: CopilotError, *, place: str = "") -> tuple[str, int]:
    """The page with this form open, and everything that was typed in it."""
    said: dict[str, Message] = field_messages(error) or {"": message(error)}
    typed = Typed(form, about, request.form.to_dict(), ruleform.beside(said, place, typed=request.form))
    return _page(typed, error), status(error)


def _back(before: int, version: int, anchor: str, *, done: str = "saved") -> Response:
    """To the place that was changed, with a word of it."""
    said = done if version != before else "same"
    return redirect(url_for("rules.page", brand=brand().slug, done=said, _anchor=anchor), 303)


def _version() -> int:
    return services().rulings.version(brand=brand().id)


def _note() -> str:
    return request.form.get("note", "")


def _based_on() -> int | None:
    return request.form.get("based_on", type=int)
