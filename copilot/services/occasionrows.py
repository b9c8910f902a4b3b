"""What the database knows of a brand's occasions, as the values that the domain decides on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.featuring import Proposal, Setting, featured
from copilot.domain.materials import SHORT_LIVES, Kind, MaterialStatus, last_day
from copilot.domain.occasions import AHEAD_DAYS, Hot, Node, NodeKind, suggest_line
from copilot.services import loading

NEW_DAYS = 14
"""How long a new product is news."""


@dataclass(frozen=True)
class Known:
    """All that proposals and main lines are made of, as of one local day."""

    setting: Setting
    nodes: tuple[Node, ...]
    hot: tuple[Hot, ...]
    new_products: tuple[str, ...]
    today: date

    def proposals(self, days: int = AHEAD_DAYS) -> tuple[Proposal, ...]:
        return featured(self.setting, self.nodes, self.hot, today=self.today, days=days)

    def line_for(self, week: date) -> str:
        return suggest_line(
            week, self.setting.language, self.nodes, self.hot, self.new_products, today=self.today
        )


def known(session: Session, brand: models.Brand, today: date) -> Known:
    return Known(
        setting=_setting(session, brand),
        nodes=_nodes(session, brand.id),
        hot=_hot(session, brand, today),
        new_products=_new_products(session, brand, today),
        today=today,
    )


def column_of(session: Session, brand: int, key: str) -> str | None:
    """The slug of the active SOP's column that this occasion became; None where there is none."""
    rows = loading.active_columns(session, brand)
    return next((row.slug for row in rows if row.profile.get("occasion") == key), None)


def _setting(session: Session, brand: models.Brand) -> Setting:
    places = session.execute(
        select(models.Destination.slug, models.Destination.channel)
        .where(models.Destination.brand_id == brand.id, models.Destination.enabled.is_(True))
        .order_by(models.Destination.id)
    )
    return Setting(
        language=Language(brand.language),
        columns=tuple(loading.column(row) for row in loading.active_columns(session, brand.id)),
        destinations={place.slug: Channel(place.channel) for place in places},
    )


def _nodes(session: Session, brand: int) -> tuple[Node, ...]:
    rows = session.scalars(
        select(models.Node)
        .where(models.Node.brand_id == brand, models.Node.retired_at.is_(None))
        .order_by(models.Node.id)
    )
    return tuple(Node(row.id, NodeKind(row.kind), row.name, row.day, row.yearly) for row in rows)


def _hot(session: Session, brand: models.Brand, today: date) -> tuple[Hot, ...]:
    """News and trends that are still told; one without an end is hot for as long as its kind usually is."""
    zone = ZoneInfo(brand.zone)
    found: list[Hot] = []
    for row in _active(session, brand.id, (Kind.NEWS, Kind.TREND)):
        assert row.current is not None
        since = row.current.valid_from or row.created_at
        first = since.astimezone(zone).date()
        end = row.current.valid_until
        last = (
            last_day(end.astimezone(zone))
            if end is not None
            else first + timedelta(days=SHORT_LIVES[Kind(row.kind)])
        )
        if last > today:
            found.append(Hot(row.id, Kind(row.kind), row.title, first, last))
    return tuple(found)


def _new_products(session: Session, brand: models.Brand, today: date) -> tuple[str, ...]:
    """What came into the library, or into force, in these two weeks; the newest first."""
    zone = ZoneInfo(brand.zone)
    dated = [
        ((row.current.valid_from or row.created_at).astimezone(zone).date(), row.title)
        for row in _active(session, brand.id, (Kind.NEW_PRODUCT,))
        if row.current is not None
        and (row.current.valid_until is None or row.current.valid_until.astimezone(zone).date() > today)
    ]
    near = [one for one in dated if abs((today - one[0]).days) <= NEW_DAYS]
    return tuple(title for _, title in sorted(near, key=lambda one: (-one[0].toordinal(), one[1])))


def _active(session: Session, brand: int, kinds: tuple[Kind, ...]) -> list[models.Material]:
    return list(
        session.scalars(
            select(models.Material)
            .where(
                models.Material.brand_id == brand,
                models.Material.status == MaterialStatus.ACTIVE,
                models.Material.current_id.is_not(None),
                models.Material.kind.in_(kinds),
            )
            .options(joinedload(models.Material.current))
            .order_by(models.Material.id)
        )
    )
