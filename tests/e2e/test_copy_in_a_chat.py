"""The copy library on a phone, in the middle of a chat: type the question, tap once, paste."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from copilot.domain.copylibrary import Scene
from tests.e2e.conftest import BRAND, House

pytestmark = pytest.mark.browser

SHELF = f"/b/{BRAND}/library/copy"
PHONE = ViewportSize(width=390, height=844)
SEASONING = "小灶陶锅头一次用，先煮一次米水开锅，小火 40 分钟，晾 24 小时再用。\n不着急，慢慢来。"
PRICE = "溪石米缸日常价 129 元一只，附 1 只竹量杯。"


@pytest.fixture(scope="module")
def replies(house: House) -> tuple[int, int]:
    """Two replies that a colleague approved: how to season the pot, and what the jar costs."""
    services, brand = house.services, house.brand
    writer = services.accounts.actor_by_login("xiaoman", brand=brand)
    operator = services.accounts.actor_by_login("zhouhang", brand=brand)

    def approved(scene: Scene, title: str, text: str) -> int:
        entry = services.copylibrary.add(brand=brand, actor=writer, scene=scene, title=title, text=text)
        seen = services.copyshelf.entry(entry, brand=brand).row.seen
        services.copylibrary.approve(entry, brand=brand, actor=operator, seen=seen)
        return entry

    return approved(Scene.USAGE, "陶锅怎么开锅", SEASONING), approved(Scene.OFFER, "米缸多少钱", PRICE)


def entered(page: Page, house: House) -> Page:
    page.goto(f"{house.url}/sign-in")
    page.locator("button[name=login][value=xiaoman]").click()
    expect(page).to_have_url(re.compile("/today"))
    return page


def test_a_question_is_typed_and_one_tap_copies_the_answer(
    browser: Browser, house: House, replies: tuple[int, int]
) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    context.set_default_timeout(15_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    page = entered(context.new_page(), house)
    page.goto(f"{house.url}{SHELF}")
    expect(page.locator(".entry")).to_have_count(2)
    page.locator("input[type=search]").press_sequentially("新锅怎么开锅")
    # The list answers while one types, the field keeps the cursor and the address can be shared.
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator("input[type=search]")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q="))
    button = page.locator(".entry button[data-copy]")
    box = button.bounding_box()
    assert box is not None and box["height"] >= 44 and box["width"] > 300
    button.click()
    expect(page.locator(f"#uses-{replies[0]}")).to_contain_text("1")
    expect(button).to_have_class(re.compile("is-copied"))
    assert page.evaluate("navigator.clipboard.readText()") == SEASONING
    for path in (SHELF, f"{SHELF}/{replies[1]}", f"{SHELF}/new"):
        page.goto(f"{house.url}{path}")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], path
        grave = [
            (violation["id"], [node["target"] for node in violation["nodes"]][:3])
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        assert grave == [], path
    context.close()


def test_without_a_script_the_tap_leads_to_the_text(
    browser: Browser, house: House, replies: tuple[int, int]
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = entered(context.new_page(), house)
    page.goto(f"{house.url}{SHELF}?q=米缸")
    page.locator(".entry button[data-copy]").first.click()
    expect(page.locator("textarea[readonly]")).to_have_value(PRICE)
    assert house.services.copyshelf.entry(replies[1], brand=house.brand).row.uses == 1
    # A browser that leaves in the middle of an answer would leave the server's file open.
    page.wait_for_load_state("networkidle")
    context.close()
