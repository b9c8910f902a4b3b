"""The pictures of a post as values: which may be chosen for it, and what the checks say of those it has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.channels import LIMITS, Channel
from copilot.domain.checks.pictures import Shown, pictures
from copilot.domain.findings import Finding
from copilot.errors import InvalidInput
from copilot.services import loading


def chosen(session: Session, brand: int, wanted: Sequence[int], standing: Sequence[str]) -> list[str]:
    """The digests of these pictures, in this order, each once; NotFound for another brand's.

    InvalidInput names a picture that is retired or that nobody described. One that already stands in the
    post may stay there: whoever moves its neighbour must not be stopped by it, and the checks speak of it.
    """
    found: list[str] = []
    for picture in dict.fromkeys(wanted):
        row = loading.one(session, models.Media, picture, brand=brand)
        if row.digest not in standing:
            if row.retired_at is not None:
                raise InvalidInput({"pictures": "invalid.picture_retired"}, name=row.name)
            if not row.alt:
                raise InvalidInput({"pictures": "invalid.picture_undescribed"}, name=row.name)
        found.append(row.digest)
    return found


def findings(
    session: Session, brand: int, channel: Channel | str, media: Sequence[str]
) -> tuple[Finding, ...]:
    """What the checks say of these pictures in a post for this channel."""
    rows = session.scalars(
        select(models.Media).where(models.Media.brand_id == brand, models.Media.digest.in_(media))
    )
    known = {row.digest: Shown(row.name, row.alt, row.retired_at is None) for row in rows}
    shown = [known.get(digest, Shown(digest[:8], "", usable=False)) for digest in media]
    return pictures(shown, LIMITS[Channel(channel)])
