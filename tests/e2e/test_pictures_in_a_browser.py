"""Pictures in a real browser: dropped, described, put under a copy; and the same without a script."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.documents import png
from tests.e2e.conftest import BRAND, House, enter

pytestmark = pytest.mark.browser

HOME = f"/b/{BRAND}"
DROP = """(zone, files) => {
  const held = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    held.items.add(new File([bytes], name, { type: "image/png" }));
  }
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


def file(name: str, shade: int) -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": png(shade, 40)}


def written(house: House, column: str, text: str) -> int:
    """A post with a text, in a slot of this column that nobody else uses."""
    services, brand = house.services, house.brand
    writer = services.accounts.actor_by_login("xiaoman", brand=brand)
    week = services.calendar.week(brand=brand, around=services.calendar.week(brand=brand).following)
    slot = [
        card.slot for day in week.days for card in day.slots if card.column == column and card.post is None
    ]
    post = services.planning.open_post(slot[-1], brand=brand, actor=writer)
    services.revising.save(post, brand=brand, actor=writer, text=text, based_on=None)
    return post


def test_pictures_are_dropped_described_and_put_under_a_copy(page: Page, house: House) -> None:
    enter(page, house, "grace")
    page.goto(f"{house.url}{HOME}/library/pictures")
    dropped = [
        [name, base64.b64encode(png(shade, 40)).decode()] for name, shade in (("a.png", 31), ("b.png", 32))
    ]
    page.locator(".dropzone").evaluate(DROP, dropped)
    page.locator("form.take-in button").click()
    expect(page.locator(".notice--done")).to_contain_text("2")
    for name, alt in (("a.png", "深灰的灶台"), ("b.png", "浅一点的灶台")):
        page.get_by_label(name).fill(alt)
    page.locator("form[action*='/describe'] button").click()
    expect(page.locator(".sheet__alt", has_text="深灰的灶台")).to_be_visible()

    post = written(house, "check-in", "各位饭友早。今天吃什么？")
    page.goto(f"{house.url}{HOME}/posts/{post}")
    page.locator("#pictures summary").click()
    for alt in ("深灰的灶台", "浅一点的灶台"):
        page.locator("#pictures label", has_text=alt).click()
    page.locator("textarea[name=text]").fill("各位饭友早。今天吃什么？\n说来听听。")
    page.locator("#pictures button[formaction$='/pictures']").last.click()
    strip = page.locator("#pictures .strip__item")
    expect(strip).to_have_count(2)
    expect(page.locator("textarea[name=text]")).to_have_value("各位饭友早。今天吃什么？\n说来听听。")
    expect(strip.locator(".strip__alt")).to_have_text(["深灰的灶台", "浅一点的灶台"])
    strip.first.locator("button[value^=later]").click()
    expect(strip.locator(".strip__alt")).to_have_text(["浅一点的灶台", "深灰的灶台"])
    expect(page.locator(".bubble__image").first).to_have_js_property("naturalWidth", 40)


def test_the_same_without_a_script_on_a_phone(browser: Browser, house: House) -> None:
    context = browser.new_context(viewport=ViewportSize(width=390, height=844), java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    enter(page, house, "grace")
    page.goto(f"{house.url}{HOME}/library/pictures")
    page.set_input_files("input[name=files]", [file("c.png", 41), file("c.txt", 42) | {"buffer": b"no"}])
    page.locator("form.take-in button").click()
    expect(page.locator(".field__error")).to_contain_text("c.txt")
    page.get_by_label("c.png").fill("一块灰板")
    page.locator("form[action*='/describe'] button").click()
    post = written(house, "check-in", "各位饭友早。早饭吃了吗？")
    page.goto(f"{house.url}{HOME}/posts/{post}")
    page.locator("#pictures summary").click()
    page.locator("#pictures label", has_text="一块灰板").click()
    page.locator("#pictures button[formaction$='/pictures']").last.click()
    strip = page.locator("#pictures .strip__item")
    expect(strip).to_have_count(1)
    strip.locator("button[value^=remove]").click()
    expect(strip).to_have_count(0)
    context.close()
