"""The script on the desk: what its forms say as lines and people, and what the desk shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from copilot.domain.scripts import MOST_PEOPLE, Line, Speaker
from copilot.errors import CopilotError
from copilot.services.queries.scripts import ScriptSheet
from copilot.services.scriptchecks import LinesRefused
from copilot.services.scriptjobs import WORDS
from copilot.web.access import brand
from copilot.web.context import services

MAKE, EDIT = "script_make", "script_edit"


@dataclass(frozen=True)
class TypedLine:
    """A row of the form as it was typed."""

    minutes: str
    name: str
    role: str
    text: str

    @property
    def line(self) -> Line:
        # What is no number of minutes lies before the post, where the service refuses it.
        minutes = int(self.minutes) if self.minutes.isascii() and self.minutes.isdigit() else -1
        return Line(Speaker(self.name, self.role), minutes, self.text)


def people() -> list[Speaker]:
    """Those who were named, without the rows that were left empty."""
    named = zip(_typed("speaker_name"), _typed("speaker_role"), strict=False)
    return [Speaker(name, role) for name, role in named if name]


def lines() -> list[Line]:
    return [row.line for row in _rows()]


def shown(post: int, failed: str, error: CopilotError | None) -> dict[str, Any]:
    """What the desk's block of the script needs; after a refusal, what was typed and what speaks against it."""
    sheet = services().scriptsheet.of_post(post, brand=brand().id)
    named = people() if failed == MAKE else list(sheet.people)
    return {
        "sheet": sheet,
        "speakers": [*named, *[Speaker("", "")] * (MOST_PEOPLE - len(named))],
        "rows": _rows() if failed == EDIT else _of(sheet),
        "against": dict(error.findings) if isinstance(error, LinesRefused) else {},
        "rewording": any(
            job.payload["post"] == post for job in services().jobs.unfinished(brand=brand().id, kind=WORDS)
        ),
    }


def _rows() -> list[TypedLine]:
    """The rows that stay: neither ticked to be taken out nor left empty."""
    typed = zip(*(_typed(f"line_{cell}") for cell in ("minutes", "name", "role", "text")), strict=False)
    dropped = set(request.form.getlist("line_drop", type=int))
    rows = (TypedLine(*cells) for place, cells in enumerate(typed) if place not in dropped)
    return [row for row in rows if row.minutes or row.text]


def _of(sheet: ScriptSheet) -> list[TypedLine]:
    kept = sheet.script.lines if sheet.script is not None else ()
    return [TypedLine(str(line.minutes), line.name, line.role, line.text) for line in kept]


def _typed(field: str) -> list[str]:
    return [" ".join(typed.split()) for typed in request.form.getlist(field)]
