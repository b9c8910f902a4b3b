"""A real server on loopback over real parts, and a real browser in front of it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from copilot import files
from copilot.app import create_app
from copilot.bootstrap import build, parts, prepare
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.permissions import Role
from copilot.ports import Answerer
from copilot.services import background
from copilot.services.brandfolders import uploads
from copilot.services.house import Services
from tests.fakes import FakeClock

CHROMIUM = shutil.which("chromium")
# Ten in the morning in Shanghai, a Saturday: today's 15:00 lies ahead.
MORNING = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
BRAND = "chihe-xiaozao"
KINDS = ("selling_point", "offer", "story", "user_guide")


@dataclass(frozen=True)
class House:
    """The running product: its address, its services and the clock it lives by."""

    url: str
    services: Services
    clock: FakeClock
    brand: int


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the Chinese sample brand and the materials that the seeding column needs, on real Chroma.

    To be copied: reading the materials in takes long, so one worker does it for all.
    """
    root = tmp_path_factory.getbasetemp()
    folder = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "furnished"
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _furnish(root / "furnishing")
            (root / "furnishing").rename(folder)
    return folder


@pytest.fixture(scope="session")
def house(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The furnished brand, running."""
    yield from running(furnished, tmp_path_factory.mktemp("house"))


def running(furnished: Path, folder: Path, *, answerer: Answerer | None = None) -> Iterator[House]:
    """The same in a folder of its own, with a model that answers questions where there is one."""
    shutil.copytree(furnished, folder, dirs_exist_ok=True)
    clock, services = _built(folder, answerer)
    services.ownership.take("test")
    brand = services.brands.by_slug(BRAND).id
    app = create_app(services, bound_to="127.0.0.1")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stop = background.start(services)
    yield House(f"http://127.0.0.1:{server.server_port}", services, clock, brand)
    stop()
    server.shutdown()
    thread.join(timeout=10)
    services.ownership.release()
    services.parts.db.dispose()


def _built(folder: Path, answerer: Answerer | None = None) -> tuple[FakeClock, Services]:
    config = Config(data_dir=folder / "data", demo=True, password_cost=1, password_memory=64, tick_seconds=1)
    prepare(config)
    clock = FakeClock(MORNING)
    made = replace(parts(config, clock=clock), answerer=answerer)
    return clock, build(config, clock=clock, made=made)


def _furnish(folder: Path) -> None:
    _, services = _built(folder)
    services.ownership.take("test")
    sample = files.folder("knowledge_base") / BRAND
    brand = services.folders.load(sample)
    for login, name, role, locale in (
        ("xiaoman", "林小满", Role.COPYWRITER, "zh_Hans"),
        ("zhouhang", "周航", Role.OPERATOR, "zh_Hans"),
        ("grace", "Grace Hart", Role.BRAND_MANAGER, "en"),
    ):
        services.accounts.add_person(
            login=login, name=name, password="demo", roles={brand: role}, locale=locale, is_demo=True
        )
    materials = [
        upload
        for upload in uploads(sample, today=MORNING.date(), language=Language.ZH)
        if str(upload.kind) in KINDS
    ]
    services.ingestion.add_all(materials, brand=brand, actor=None)
    services.planning.plan(brand=brand, start=MORNING.date(), days=7)
    services.ownership.release()
    services.parts.db.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI installs Chromium; nothing is skipped there"
        pytest.skip("there is no Chromium on this machine")
    # Long enough for a machine that has much else to do; no test waits for it to pass.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh session at a desk's width. What the browser objects to fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
    yield page
    context.close()
    assert complaints == []


def enter(page: Page, house: House, login: str) -> None:
    page.goto(f"{house.url}/sign-in")
    page.locator(f"button[name=login][value={login}]").click()
    expect(page).to_have_url(re.compile("/today"))


_ANSWERED = """() => {
  window.answered = new Promise((done) => document.addEventListener("htmx:afterRequest", function once({ target, detail }) {
    const text = target.querySelector(".editor__text")?.value;
    if (!target.matches(".editor") || detail.requestConfig.formData.get("text") !== text) return;
    document.removeEventListener("htmx:afterRequest", once);
    setTimeout(done);
  }));
}"""


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Ends once the live answer to the text that stands is on the page: what it moves has moved then."""
    page.evaluate(_ANSWERED)
    yield
    page.evaluate("window.answered")
