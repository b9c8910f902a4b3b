"""Two change the library at once: what is deleted is never left in the index, whoever tells it last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from copilot import models
from copilot.services.house import Services
from tests.conftest import POT, Team
from tests.looks import index
from tests.steps import add, library, revise


def live(services: Services) -> set[int]:
    with services.parts.db.read() as session:
        return set(session.scalars(select(models.Passage.id).where(models.Passage.live.is_(True))))


def vectors(services: Services) -> int:
    with services.parts.db.read() as session:
        return session.scalar(select(func.count()).select_from(models.CachedVector)) or 0


def during_put(services: Services, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something that happens once, while the index is being told of what was live a moment ago."""
    put = index(services).put

    def first(entries: Sequence[Any]) -> None:
        monkeypatch.setattr(index(services), "put", put)
        happens()
        services.parts.embedder.passages([entry.text for entry in entries])
        put(entries)

    monkeypatch.setattr(index(services), "put", first)


def test_a_deletion_during_the_put_of_another_leaves_nothing_behind(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    pot = library(services, team)
    during_put(
        services,
        monkeypatch,
        lambda: services.lifecycle.delete([pot], brand=team.brand, actor=team.manager.id),
    )
    revise(services, team, ("239 元", "259 元"))
    assert index(services).passages(team.brand) == live(services) == set()
    assert vectors(services) == 0


def test_so_it_is_when_whoever_deletes_dies_before_telling_the_index(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    pot = library(services, team)

    def dies(*_: object) -> None:
        raise SystemExit

    def deletes() -> None:
        with monkeypatch.context() as power_cut:
            power_cut.setattr(services.indexing, "agree", dies)
            with pytest.raises(SystemExit):
                services.lifecycle.delete([pot], brand=team.brand, actor=team.manager.id)

    during_put(services, monkeypatch, deletes)
    revise(services, team, ("239 元", "259 元"))
    assert index(services).passages(team.brand) == set()
    assert services.indexing.catch_up() == 0


def test_one_tells_the_index_after_the_other(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    pot, other = library(services, team), add(services, team, "offer/pot.md", POT)
    told = threading.Event()
    remove = index(services).remove
    said: list[bool] = []

    def removing(passages: Sequence[int], *, brand: int) -> None:
        remove(passages, brand=brand)
        if threading.current_thread() is deleting:
            told.set()

    deleting = threading.Thread(
        target=lambda: services.lifecycle.delete([other], brand=team.brand, actor=team.manager.id)
    )

    def happens() -> None:
        deleting.start()
        said.append(told.wait(timeout=0.3))

    monkeypatch.setattr(index(services), "remove", removing)
    during_put(services, monkeypatch, happens)
    services.lifecycle.retire([pot], brand=team.brand, actor=team.manager.id)
    services.lifecycle.restore([pot], brand=team.brand, actor=team.manager.id)
    deleting.join(timeout=10)
    assert said == [False]
    assert told.is_set()
    assert index(services).passages(team.brand) == live(services)


def test_a_rebuilt_index_holds_nothing_that_was_deleted_meanwhile(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    library(services, team)
    other = add(services, team, "offer/pot.md", POT)
    embedder = cast("Any", services.parts.embedder)
    passages = embedder.passages

    def deleted(*args: Any, **how: Any) -> Any:
        monkeypatch.setattr(embedder, "passages", passages)
        services.lifecycle.delete([other], brand=team.brand, actor=team.manager.id)
        return passages(*args, **how)

    monkeypatch.setattr(embedder, "passages", deleted)
    held = services.indexing.reindex(brand=team.brand)
    assert index(services).passages(team.brand) == live(services)
    assert held == len(live(services))
