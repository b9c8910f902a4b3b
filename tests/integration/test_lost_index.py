"""The database is the truth: a Chroma folder that was deleted comes back with the same answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from copilot.adapters.index.chroma import ChromaIndex
from copilot.bootstrap import build
from copilot.config import Config
from copilot.services.house import Services
from copilot.services.retrieval import Method
from tests.conftest import Team
from tests.steps import library

QUERIES = ("陶锅能装多少", "会员价", "明火", "焖一锅饭要多久")

Answers = list[list[tuple[int, float, int | None, int | None]]]


def answers(house: Services, team: Team) -> Answers:
    return [
        [(hit.source.passage, hit.score, hit.dense, hit.keyword) for hit in found]
        for query in QUERIES
        for method in Method
        for found in [house.retrieval.search(query, brand=team.brand, method=method)]
    ]


@pytest.mark.parametrize(
    "mend",
    [
        pytest.param(lambda house, brand: house.indexing.reindex(brand=brand), id="reindex"),
        pytest.param(lambda house, brand: house.indexing.catch_up(), id="the next start"),
    ],
)
def test_a_deleted_chroma_folder_is_rebuilt_with_the_same_results(
    services: Services, config: Config, team: Team, tmp_path: Path, mend: Callable[[Services, int], object]
) -> None:
    folder = tmp_path / "chroma"

    def house() -> Services:
        """The same database, with whatever Chroma finds in its folder."""
        SharedSystemClient.clear_system_cache()
        index = ChromaIndex(path=folder, embedder=services.parts.embedder)
        return build(config, clock=services.parts.clock, made=replace(services.parts, index=index))

    first = house()
    library(first, team)
    before = answers(first, team)
    assert all(found for found in before)

    shutil.rmtree(folder)
    bare = house()
    assert [found for found in answers(bare, team)[1::3] if found] == [], "by meaning nothing is found"
    mend(bare, team.brand)
    assert answers(bare, team) == before
    SharedSystemClient.clear_system_cache()
