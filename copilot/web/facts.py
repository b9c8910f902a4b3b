"""Facts: what the materials pin down, decided on by a person, and whom a change concerns."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from copilot.domain.facts import FactKind, FactStatus
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.errors import Conflict, CopilotError, InvalidInput
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages, message, status
from copilot.web.flow import act

pages = Blueprint("facts", __name__, url_prefix="/b/<brand>/library/facts")


def _render(**more: Any) -> str:
    chosen = request.args.get("status", "")
    shown = FactStatus(chosen) if chosen in set(FactStatus) else FactStatus.SUGGESTED
    kind = request.args.get("kind", "")
    material = request.args.get("material", type=int)
    return render_template(
        "facts/page.html",
        view=services().factsheet.view(
            brand=brand().id,
            status=shown,
            kind=FactKind(kind) if kind in set(FactKind) else None,
            material=material,
            page=request.args.get("page", 1, type=int),
        ),
        reading=services().jobs.recent(brand=brand().id, kind="read_facts", limit=1),
        shown=shown,
        statuses=tuple(FactStatus),
        kind=kind,
        kinds=tuple(FactKind),
        material=material,
        **more,
    )


@pages.get("")
@requires(Permission.READ)
def page() -> str:
    return _render()


@pages.post("")
@requires(Permission.CURATE)
def decide() -> Response:
    """One button for many: confirms or dismisses what is ticked, or confirms what one material shows."""
    material = request.form.get("material", type=int)
    chosen = request.form.getlist("fact" if material is None else f"of-{material}", type=int)

    def deed() -> Message:
        if not chosen:
            raise InvalidInput({"fact": "invalid.no_fact"})
        if "dismiss" in request.form:
            services().facts.dismiss(chosen, brand=brand().id, actor=actor())
            return Message("fact.dismissed", {"count": len(chosen)})
        services().facts.confirm(chosen, brand=brand().id, actor=actor())
        return Message("fact.confirmed", {"count": len(chosen)})

    return act(deed, _here())


@pages.post("/read/<int:material>")
@requires(Permission.CURATE)
def read(material: int) -> Response:
    """Has the model read one material; it takes a while, so a job does it."""
    title = services().library.material(material, brand=brand().id).material.title

    def deed() -> None:
        if not services().parts.writer.is_model:
            raise Conflict("error.no_model")
        services().jobs.enqueue(
            "read_facts",
            {"brand": brand().id, "material": material},
            brand=brand().id,
            requested_by=actor().id,
            label=title,
        )

    return act(deed, url_for("facts.page", brand=brand().slug, material=material))


@pages.get("/<int:fact>")
@requires(Permission.READ)
def one(fact: int) -> str:
    return _one(fact)


@pages.post("/<int:fact>")
@requires(Permission.CURATE)
def correct(fact: int) -> Response | tuple[str, int]:
    """Puts right what was read; on a refusal the form comes back with what was typed."""
    try:
        kind = request.form.get("kind", "")
        if kind not in set(FactKind):
            raise InvalidInput({"kind": "invalid.fact_kind"})
        services().facts.correct(
            fact,
            brand=brand().id,
            actor=actor(),
            kind=FactKind(kind),
            subject=request.form.get("subject", ""),
            name=request.form.get("name", ""),
            value=request.form.get("value", ""),
            owner=request.form.get("owner", type=int),
        )
    except CopilotError as exc:
        return _one(fact, exc), status(exc)
    there = url_for("facts.page", brand=brand().slug, status=FactStatus.CONFIRMED)
    return act(lambda: Message("fact.confirmed", {"count": 1}), there)


@pages.post("/changes/<int:change>")
@requires(Permission.CURATE)
def settle(change: int) -> Response:
    def deed() -> Message:
        if "refuse" in request.form:
            fact = services().facts.refuse(change, brand=brand().id, actor=actor())
            said = "fact.kept"
        else:
            fact = services().facts.accept(change, brand=brand().id, actor=actor())
            said = "fact.taken" if fact.status is FactStatus.CONFIRMED else "fact.lapsed"
        return Message(said, {"subject": fact.subject, "name": fact.name, "value": fact.value})

    return act(deed, _here())


def _one(fact: int, error: CopilotError | None = None) -> str:
    row = services().factsheet.fact(fact, brand=brand().id)
    return render_template(
        "facts/fact.html",
        row=row,
        kinds=tuple(FactKind),
        people=services().accounts.members(brand().id),
        form=request.form if error is not None else None,
        error=message(error) if error is not None else None,
        fields=field_messages(error) if error is not None else {},
    )


def _here() -> str:
    """The list as it was looked at: its filters come along in the address of the form."""
    filters: dict[str, Any] = request.args.to_dict()
    return url_for("facts.page", **{**filters, "brand": brand().slug})
