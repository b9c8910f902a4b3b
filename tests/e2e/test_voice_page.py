"""A brand manager at the voice: a slider is heard at once, posts become a card, and a phone is enough."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import BRAND, House, enter

pytestmark = pytest.mark.browser

POSTS = "\n---\n".join(
    f"{opening}\n今天焖一锅新米，水比米多一指。\n你家吃什么？回复「开饭」说来听听。\n吃饱再说。"
    for opening in (
        "早上好，饭友们。",
        "中午好，饭友们。",
        "下午好，饭友们。",
        "晚上好，饭友们。",
        "早上好，各位饭友。",
    )
)


def test_a_slider_is_heard_and_a_card_is_accepted_on_a_phone(page: Page, house: House) -> None:
    before = house.services.voicesheet.view(brand=house.brand)
    enter(page, house, "grace")
    page.goto(f"{house.url}/b/{BRAND}/voice")
    page.locator("#take").select_option("trial-chatty")
    expect(page.locator("#sample-text")).to_have_value(re.compile("哈喽宝子们"))
    expect(page.locator("#heard")).to_contain_text("sounds as wanted")
    warm = page.locator("#sounds-friendly").inner_text()
    slider = page.locator("#scale-friendly")
    slider.focus()
    slider.press("Home")
    # Nobody pressed a button: the score, the marks, the mended text and the example sentence follow the slider.
    expect(page.locator("#heard")).to_contain_text("too friendly")
    expect(page.locator("#heard .flag").first).to_be_visible()
    expect(page.locator("#heard .diff ins").first).to_be_visible()
    expect(page.locator("#sounds-friendly")).not_to_have_text(warm)
    page.locator("#field-sign_off").fill("吃饱再说。")
    expect(slider).to_have_value("1")
    assert house.services.voicesheet.view(brand=house.brand).version == before.version

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{house.url}/b/{BRAND}/voice/learn")
    page.locator("#samples").fill(POSTS)
    page.locator(".learn__go button").click()
    expect(page).to_have_url(re.compile(r"/voice/cards/\d+$"))
    trait = page.locator("#trait-sign_off")
    expect(trait).to_contain_text("Closes 5 of 5 posts")
    for offered in page.locator("input[name=trait]").all():
        offered.set_checked(False)
    trait.locator("input[name=trait]").check()
    page.wait_for_load_state()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    page.locator("#note").fill("学自五条内容")
    page.get_by_role("button", name="Accept what is ticked").click()
    expect(page.locator(".notice--done")).to_contain_text(f"as version {before.version + 1}")
    page.wait_for_load_state()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    after = house.services.voicesheet.view(brand=house.brand)
    assert (after.voice.sign_off, after.voice.scales) == ("吃饱再说。", before.voice.scales)

    # The house is shared by all files: the voice that they know comes back, which is a press here as well.
    page.goto(f"{house.url}/b/{BRAND}/voice/versions")
    page.locator(".voice-versions details summary").first.click()
    page.get_by_role("button", name=f"Bring version {before.version} back").click()
    expect(page.locator(".notice--done")).to_contain_text("It is back")
    assert house.services.voicesheet.view(brand=house.brand).voice == before.voice
