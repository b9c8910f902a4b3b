"""Looks at what is stored: flags, facts and deliveries, where a post stands, what the index holds."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from copilot import models
from copilot.domain.posts import PostState
from copilot.services.house import Services
from copilot.services.queries.shelf import MaterialRow, Wish
from tests.conftest import Team
from tests.fakes import FakeEmbedder, FakeIndex


def flags(services: Services) -> list[models.Flag]:
    with services.parts.db.read() as session:
        return list(session.scalars(select(models.Flag).order_by(models.Flag.id)))


def open_flags(services: Services) -> list[models.Flag]:
    return [flag for flag in flags(services) if flag.resolved_at is None]


def price_fact(services: Services) -> models.Fact:
    """The only price that any material gives."""
    with services.parts.db.read() as session:
        return session.scalars(select(models.Fact).where(models.Fact.kind == "price")).one()


def open_change(services: Services) -> int:
    """The only change of a fact that waits for a person."""
    with services.parts.db.read() as session:
        return session.scalars(select(models.FactChange.id).where(models.FactChange.state == "open")).one()


def state(services: Services, team: Team, post: int) -> PostState:
    return services.desk.post(post, brand=team.brand).state


def pictures_of(services: Services, team: Team, post: int) -> list[int]:
    """The pictures of a post, in their order."""
    return [picture.id for picture in services.pictures.of_post(post, brand=team.brand).shown]


def deliveries(services: Services) -> list[str]:
    """The states of all deliveries, the oldest first."""
    with services.parts.db.read() as session:
        return list(session.scalars(select(models.Delivery.state).order_by(models.Delivery.id)))


def rows(services: Services, team: Team, **wish: Any) -> list[MaterialRow]:
    """The rows of the library's shelf, as a person may wish to see them."""
    return list(services.library.shelf(Wish(**wish), brand=team.brand).rows)


def the_material(services: Services, team: Team) -> int:
    """The only material that the library shows."""
    (row,) = services.library.materials(brand=team.brand)
    return row.id


def is_found(services: Services, team: Team, words: str) -> bool:
    """Whether a search for these words finds a passage that says them."""
    return any(words in hit.source.text for hit in services.retrieval.search(words, brand=team.brand, k=20))


def index(services: Services) -> FakeIndex:
    return cast("FakeIndex", services.parts.index)


def embedded(services: Services) -> list[str]:
    """What the embedder had to compute so far."""
    return cast("FakeEmbedder", cast("Any", services.parts.embedder)._embedder).embedded
