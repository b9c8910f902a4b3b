"""What a brand's library holds of the files that are to come in, and what of them it may not believe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import Family, Kind, MaterialStatus
from copilot.services.brandplans import PlannedFile
from copilot.services.terms import Terms, standing_terms


@dataclass(frozen=True)
class Standing:
    id: int
    status: MaterialStatus
    terms: Terms


def standings(session: Session, brand: int) -> dict[str, Standing]:
    """Every material of the brand by its path, whatever its status."""
    rows = session.execute(
        select(models.Material, models.MaterialRevision)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Material.current_id)
        .where(models.Material.brand_id == brand)
    )
    return {
        row.path: Standing(row.id, MaterialStatus(row.status), standing_terms(row, current))
        for row, current in rows
    }


def without_lost_consent(
    files: Sequence[PlannedFile], session: Session, brand: int
) -> tuple[PlannedFile, ...]:
    """The files, each story that is here without consent as a draft without one, whatever comes in with it.

    The member may have withdrawn it after the folder was written; only a person here can give it back. Such
    a story is known by its path, and by its words where it comes under another one.
    """
    known = standings(session, brand)
    lost = {path for path, one in known.items() if one.terms.needs_consent}
    words = set(
        session.scalars(
            select(models.MaterialRevision.digest)
            .join(models.Material, models.Material.id == models.MaterialRevision.material_id)
            .where(
                models.Material.brand_id == brand,
                models.Material.kind.in_([kind for kind in Kind if kind.family is Family.UGC]),
                models.Material.consent == "",
            )
        )
    )
    return tuple(
        replace(one, settled={"status": str(MaterialStatus.DRAFT), **one.settled, "consent": ""})
        if one.path in lost
        or (one.path not in known and one.kind.family is Family.UGC and one.digest in words)
        else one
        for one in files
    )
