"""The jobs that take a brand out of the house and into it, as plain JSON in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from copilot.domain.permissions import Role
from copilot.ports import Advance
from copilot.services.brandplans import plan_of
from copilot.services.deciding import Decided
from copilot.services.exporting import Exporting
from copilot.services.handlers import file_result, picture_result
from copilot.services.importing import Imported, Importing
from copilot.services.jobs import Handler


def exchange_handlers(*, importing: Importing, exporting: Exporting) -> dict[str, Handler]:
    def take_in(payload: Mapping[str, Any], advance: Advance) -> Any:
        """{"plan", "user", "found_as"?, "as_owner"?}; the plan is one of `plan_json`"""
        imported = importing.carry_out(
            plan_of(payload["plan"]),
            user=payload["user"],
            found_as=Role(payload.get("found_as", Role.BRAND_MANAGER)),
            as_owner=payload.get("as_owner", False),
            progress=advance,
        )
        return imported_json(imported)

    def take_out(payload: Mapping[str, Any], advance: Advance) -> Any:
        """{"brand"}; answers with the files and the digests that their bytes are kept under"""
        files = exporting.files(brand=payload["brand"], progress=advance)
        return {"files": [asdict(one) for one in files]}

    return {"import": take_in, "export": take_out}


def imported_json(imported: Imported) -> dict[str, Any]:
    changes = Counter(one.change for one in imported.files)
    return {
        "brand": imported.slug,
        "created": imported.created,
        "settings": {"changed": list(imported.settings.changed), "kept": list(imported.settings.kept)},
        "counts": {
            **{change: changes[change] for change in ("added", "revised", "unchanged", "refused")},
            "retired": len(imported.retired),
        },
        "files": [{**file_result(one.file), "change": one.change} for one in imported.files],
        "retired": list(imported.retired),
        "pictures": [picture_result(one) for one in imported.pictures],
        "facts": _decided(imported.facts),
        "copy": _decided(imported.copy),
    }


def _decided(decided: Decided | None) -> dict[str, Any] | None:
    if decided is None:
        return None
    return {"taken": decided.taken, "unchanged": decided.unchanged, "left": list(decided.left)}
