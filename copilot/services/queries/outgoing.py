"""What is known of a post about to go out, for the self-check: its marks, its places, and the day around it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.posts import PostState
from copilot.domain.selfcheck import Beside, Outgoing, Sentence
from copilot.services import loading
from copilot.services.queries.calendar import midnight
from copilot.services.queries.rows import local
from copilot.services.targets import destinations_of

if TYPE_CHECKING:
    from copilot.services.queries.desk import PostView

_STAYS_IN = (PostState.SKIPPED, PostState.EXPIRED)


def outgoing(session: Session, view: PostView) -> Outgoing:
    return Outgoing(
        text=view.head.text if view.head is not None else "",
        language=Language(view.brand.language),
        column=view.column,
        at=view.card.starts_at,
        is_late=view.card.late,
        places=tuple(place.name for place in view.destinations),
        objections=[(one.check, one.rule) for one in view.findings if one.waiver is None],
        sentences=[Sentence(claim.start, claim.verdict) for claim in view.claims],
        beside=_beside(session, view),
    )


def _beside(session: Session, view: PostView) -> list[Beside]:
    """The other posts that are written for this local day and reach one of the same places, one for each place."""
    zone = ZoneInfo(view.brand.zone)
    day = view.card.starts_at.date()
    rows = session.scalars(
        select(models.Post)
        .join(models.Slot)
        .where(
            models.Post.brand_id == view.brand.id,
            models.Post.id != view.id,
            models.Post.head_id.is_not(None),
            models.Post.state.not_in(_STAYS_IN),
            models.Slot.starts_at >= midnight(day, zone),
            models.Slot.starts_at < midnight(day + timedelta(days=1), zone),
        )
        .order_by(models.Slot.starts_at, models.Post.id)
    ).all()
    here = {place.id for place in view.destinations}
    found = []
    for row in rows:
        column = loading.column(row.slot.column)
        # A copy that answers an event goes out at no hour.
        if column.is_standing:
            continue
        at = local(row.slot.starts_at, view.brand.zone)
        places = session.scalars(destinations_of(view.brand.id, Channel(row.channel), column))
        found += [Beside(column.name, place.name, at) for place in places if place.id in here]
    return found
