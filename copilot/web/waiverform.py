"""The form by which a finding is let stand: what it says of the finding, and what comes back after a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from copilot.domain.permissions import may
from copilot.services.queries.desk import PostView
from copilot.web.access import actor


@dataclass(frozen=True)
class Refused:
    """A waiver that was refused: of which finding, by its fingerprint, and the reason as it was typed.

    `is_here` where the page still offers to let that finding stand, so that the refusal can be told beside it.
    """

    seen: str
    reason: str
    is_here: bool


def of_finding(field: str) -> str:
    """What the form says of the finding that was pressed; the editor's form holds a field for each finding.

    One that was shown while it was typed has no number in the address: the button says which it is.
    """
    which = (request.view_args or {}).get("finding", request.form.get("finding", ""))
    return request.form.get(f"{field}-{which}", request.form.get(field, ""))


def refused(view: PostView) -> Refused:
    seen = of_finding("seen")
    is_here = view.is_waivable and any(
        one.seen == seen and one.waiver is None and one.needs is not None and may(actor().role, one.needs)
        for one in view.findings
    )
    return Refused(seen, of_finding("reason"), is_here)
