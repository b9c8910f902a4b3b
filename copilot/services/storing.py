"""Writes what a material comes to, as a revision or as other terms, and lets what rests on it follow.

Every function here belongs to its caller's transaction and returns what the index has to be told afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import MaterialStatus
from copilot.errors import Conflict
from copilot.services.following import audit_material, follow
from copilot.services.holdings import by_path
from copilot.services.indexing import put_in, take_out
from copilot.services.readings import Reading
from copilot.services.terms import Terms, rightful_status


def store(
    session: Session,
    row: models.Material,
    reading: Reading,
    *,
    digest: str,
    size: int,
    cause: str,
    wanted: MaterialStatus,
    now: datetime,
    actor: int | None,
) -> list[int]:
    """Writes the revision and all that follows from it; returns the revisions that the index must agree on.

    `wanted` is the status that the material gets if its terms let it.
    """
    terms = reading.terms
    row.kind, row.title = terms.kind, terms.title
    row.attribution, row.consent = terms.attribution, terms.consent
    row.status = rightful_status(row, wanted)
    if terms.names or cause == "settings":
        # A file that is silent about them does not allow copy to say them.
        row.names = list(terms.names)
    unsettled = take_out(session, row) if row.revisions else []
    revision = models.MaterialRevision(
        material_id=row.id,
        number=len(row.revisions) + 1,
        cause=cause,
        kind=terms.kind,
        title=terms.title,
        digest=digest,
        size=size,
        characters=reading.document.characters,
        warning=reading.warning,
        valid_from=terms.window.start,
        valid_until=terms.window.end,
        created_by=actor,
        created_at=now,
        passages=list(reading.passages),
    )
    session.add(revision)
    session.flush()
    row.current_id = revision.id
    session.refresh(row, ["current", "revisions"])
    if row.status == MaterialStatus.ACTIVE:
        unsettled += put_in(session, revision)
    audit_material(
        session, row, now, actor, "revised" if revision.number > 1 else "added", revision=revision.number
    )
    by_ordinal = {passage.ordinal: passage.id for passage in revision.passages}
    suggestions = [
        replace(suggestion, passage=by_ordinal[suggestion.passage]) for suggestion in reading.suggestions
    ]
    follow(session, row, now=now, actor=actor, suggestions=suggestions)
    return unsettled


def restate(
    session: Session, row: models.Material, terms: Terms, *, now: datetime, actor: int | None
) -> list[int]:
    """Writes down who said it and who agreed; returns the revisions that the index must agree on.

    The text stays, and so does where it is found, unless nobody agrees any more.
    """
    before, had = row.status, row.consent
    row.attribution, row.consent, row.names = terms.attribution, terms.consent, list(terms.names)
    row.status = rightful_status(row, MaterialStatus(before))
    if had and not row.consent:
        audit_material(session, row, now, actor, "withdrawn", consent=had)
    else:
        audit_material(session, row, now, actor, "restated")
    if row.status == before:
        return []
    unsettled = take_out(session, row)
    follow(session, row, now=now, actor=actor)
    return unsettled


def shelve(session: Session, row: models.Material, path: str, *, now: datetime, actor: int | None) -> None:
    """Gives a material another path. A deleted one that has it steps aside, for nobody sees it there.

    Restored, it comes back under the name that it has then.
    """
    other = by_path(session, row.brand_id, path)
    if other is not None:
        if other.status != MaterialStatus.DELETED:
            raise Conflict("error.path_taken", path=path)
        place = PurePosixPath(path)
        names = (str(place.with_stem(f"{place.stem}-{number}")) for number in count(2))
        other.path = next(name for name in names if by_path(session, row.brand_id, name) is None)
        audit_material(session, other, now, actor, "moved", former=path)
        session.flush()
    row.path = path
