"""Fixtures of the house: a temporary data folder, a clock that stands still, fakes for what is outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine, create_engine

from copilot.adapters.pictures import inspect
from copilot.app import create_app
from copilot.bootstrap import build, parts, prepare
from copilot.config import Config
from copilot.domain.permissions import Actor, Role
from copilot.models import database
from copilot.services.house import Parts, Services
from tests.fakes import FakeClock, FakeEmbedder, FakeIndex, FakePublisher, FakeWriter

# Enough to find what a change breaks; a property that needs more says so. A slow machine is no failure.
settings.register_profile("house", max_examples=50, deadline=None)
settings.load_profile("house")

# A Saturday, mid-morning in Shanghai, early in London.
NOON = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each test makes an app and a database of its own; none need compile templates and statements again."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    dialects: dict[str, Dialect] = {}
    statements: dict[Any, Any] = {}

    def engine_of(url: str, **how: Any) -> Engine:
        engine = create_engine(url, **how)
        engine.dialect = dialects.setdefault(engine.dialect.name, engine.dialect)  # It is part of the key.
        engine.update_execution_options(compiled_cache=statements)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": cache})
        patch.setattr(database, "create_engine", engine_of)
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database of the newest schema: migrated once, copied for each test."""
    folder = tmp_path_factory.mktemp("migrated") / "data"
    prepare(Config(data_dir=folder))
    return folder


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The same with the team's brand and people in it."""
    folder = tmp_path_factory.mktemp("settled")
    for services in house_of(config_of(folder, migrated), FakeClock(NOON), FakePublisher()):
        brand = services.folders.load(hearth(folder))
        for login, name, role in PEOPLE:
            services.accounts.add_person(login=login, name=name, password="secret", roles={brand: role})
    return folder / "data"


@pytest.fixture
def config(tmp_path: Path, request: pytest.FixtureRequest) -> Config:
    origin: Path = request.getfixturevalue("settled" if "team" in request.fixturenames else "migrated")
    return config_of(tmp_path, origin)


def config_of(folder: Path, origin: Path) -> Config:
    """A data folder of one's own, as another one is."""
    shutil.copytree(origin, folder / "data")
    return Config(data_dir=folder / "data", password_cost=1, password_memory=64)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def writer() -> FakeWriter:
    return FakeWriter()


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def services(config: Config, clock: FakeClock, publisher: FakePublisher) -> Iterator[Services]:
    """All services on a real SQLite, with an index and an embedder that cost nothing."""
    yield from house_of(config, clock, publisher)


def house_of(config: Config, clock: FakeClock, publisher: FakePublisher) -> Iterator[Services]:
    real = parts(config, clock=clock)
    embedder = FakeEmbedder()
    made = Parts(
        db=real.db,
        clock=clock,
        embedder=type(real.embedder)(db=real.db, embedder=embedder),
        index=FakeIndex(embedder),
        writer=real.composer,
        composer=real.composer,
        answerer=None,
        publishers={"manual": real.publishers["manual"], "fake": publisher},
        blobs=real.blobs,
        pictures=inspect,
        queue=real.queue,
        prompts=real.prompts,
    )
    services = build(config, clock=clock, made=made)
    yield services
    services.ownership.release()
    real.db.dispose()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@dataclass(frozen=True)
class Team:
    """A brand with its people."""

    brand: int
    copywriter: Actor
    operator: Actor
    manager: Actor


BRAND = """
slug: hearth
name: Hearth
zone: Asia/Shanghai
language: zh
members_called: 饭友
products: [小灶陶锅, 溪石米缸]
destinations:
  - {slug: one, name: 饭友一群, channel: community, adapter: manual}
  - {slug: two, name: 饭友二群, channel: community, adapter: manual}
"""
VOICE = """
persona: 小满掌柜
address: 你
greetings: [各位饭友早]
sign_off: ——小满掌柜
"""
COLUMNS = """
columns:
  - slug: seeding
    name: 下午好物
    module: seeding
    value: knowledge
    form: seeding
    cadence: {every: day}
    time: "15:00"
    channel: community
    destinations: [one, two]
    purpose: 小灶陶锅的材质、容量与价格
    kinds: [selling_point, offer]
    length: [20, 260]
    call_to_action: 想要的饭友在群里说一声。
"""
POT = """---
title: 小灶陶锅
---
# 小灶陶锅

小灶陶锅的容量是 1.2 升，够三个人吃饭。
小灶陶锅的会员价是 239 元。
小灶陶锅用青溪边的陶土烧成，锅壁厚 9 毫米。
小灶陶锅焖一锅饭要 25 分钟。
小灶陶锅可以直接上明火，也可以进烤箱。
"""


PEOPLE = (
    ("mia", "林小满", Role.COPYWRITER),
    ("hang", "周航", Role.OPERATOR),
    ("grace", "Grace Hart", Role.BRAND_MANAGER),
)


def hearth(parent: Path) -> Path:
    """The team's brand as a folder."""
    folder = parent / "hearth"
    folder.mkdir()
    for name, content in (("brand", BRAND), ("voice", VOICE), ("columns", COLUMNS)):
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def team(services: Services) -> Team:
    """A small brand in Shanghai: one column, two groups, three people."""
    brand = services.brands.by_slug("hearth").id
    return Team(brand, *(services.accounts.actor_by_login(login, brand=brand) for login, _, _ in PEOPLE))
