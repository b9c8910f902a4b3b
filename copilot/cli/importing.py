"""How commands hand a brand's folder to the house, and what they say about what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copilot.cli.terminal import FOUND, Terminal

if TYPE_CHECKING:
    from copilot.services.brandplans import Plan

_DECIDED = {
    "facts": ("cli.imported_facts", "cli.imported_facts_nobody"),
    "copy": ("cli.imported_copy", "cli.imported_copy_nobody"),
}

_SETTINGS = {"changed": "cli.imported_settings", "kept": "cli.imported_settings_kept"}


def take_in(
    terminal: Terminal, plan: Plan, login: str | None, *, brand: int | None, as_owner: bool = False
) -> dict[str, Any]:
    """Carries the plan out where the index may be opened; `brand` is the one that the job belongs to.

    `as_owner` says that where nobody is named the machine's owner acts, who may change what administrators may.
    """
    from copilot.services.brandplans import plan_json

    user = terminal.services.importing.person(login) if login is not None else None
    payload = {"plan": plan_json(plan), "user": user, "as_owner": as_owner}
    result: dict[str, Any] = terminal.carry_out("import", payload, brand=brand)
    listed = {"facts": len(plan.facts), "copy": len(plan.copy)}
    return {**result, "listed": listed, "open_to_nobody": result["created"] and user is None}


def show_imported(
    terminal: Terminal, result: dict[str, Any], as_json: bool, *, is_sync: bool = False
) -> int | None:
    """One line a file and a picture, then what it came to; a sync's JSON is the files alone, as its contract has it."""
    lines = [*result["files"], *result["pictures"]]
    if as_json:
        terminal.json(lines if is_sync else result)
    else:
        terminal.rows(
            (line["status"], line["path"], line["passages"], line["reason"] or "")
            for line in lines
            if not line["unchanged"]
        )
        terminal.say("cli.imported", **result["counts"])
        for part in ("changed", "kept"):
            if names := result["settings"][part]:
                terminal.say(_SETTINGS[part], names=", ".join(names))
        for part, (taken, nobody) in _DECIDED.items():
            _say_decided(terminal, result[part], result["listed"][part], taken, nobody)
        if result["open_to_nobody"]:
            terminal.say("cli.open_to_nobody", brand=result["brand"])
    return FOUND if any(line["status"] == "refused" for line in lines) else None


def _say_decided(
    terminal: Terminal, decided: dict[str, Any] | None, listed: int, taken: str, nobody: str
) -> None:
    if not listed:
        return
    if decided is None:
        terminal.say(nobody, listed=listed)
        return
    terminal.say(taken, taken=decided["taken"], unchanged=decided["unchanged"])
    for one in decided["left"]:
        terminal.say("cli.imported_left", what=one)
