"""Where a post goes: its column's destinations on the column's own channel, else all that its channel reaches."""

from __future__ import annotations

from sqlalchemy import Select, select

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.columns import Column


def destinations_of(brand: int, channel: Channel, column: Column) -> Select[models.Destination]:
    """The destinations of a post on this channel, those that are switched off among them, in their order.

    A column names destinations of its own channel; a post that tells it again elsewhere goes to all there are.
    """
    chosen = select(models.Destination).where(
        models.Destination.brand_id == brand, models.Destination.channel == channel
    )
    if channel is column.channel:
        chosen = chosen.where(models.Destination.slug.in_(column.destinations))
    return chosen.order_by(models.Destination.id)
