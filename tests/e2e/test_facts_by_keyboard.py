"""A brand manager goes through what was suggested without lifting her hands from the keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from copilot.domain.facts import FactStatus
from tests.e2e.conftest import BRAND, House

pytestmark = pytest.mark.browser


def test_keys_move_tick_confirm_dismiss_and_open(browser: Browser, house: House) -> None:
    def counted(status: FactStatus) -> int:
        return house.services.factsheet.view(brand=house.brand, status=status).counts[status]

    before = {status: counted(status) for status in FactStatus}
    assert before[FactStatus.SUGGESTED] > 4
    context = browser.new_context()
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{house.url}/sign-in")
    page.locator("button[name=login][value=grace]").click()
    expect(page).to_have_url(re.compile("/today"))
    page.goto(f"{house.url}/b/{BRAND}/library/facts")
    expect(page.locator(".keys")).to_be_visible()
    rows = page.locator(".fact")
    # J goes from fact to fact and stands on its name; X ticks the one it stands on.
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile("is-current"))
    expect(rows.nth(1).locator(".fact__what a")).to_be_focused()
    page.keyboard.press("x")
    expect(rows.nth(1).locator("input[name=fact]")).to_be_checked()
    expect(page.locator("input[name=fact]:checked")).to_have_count(1)
    page.keyboard.press("c")
    expect(page.locator(".tabs__tab[aria-current] .muted")).to_have_text(
        str(before[FactStatus.SUGGESTED] - 1)
    )
    assert counted(FactStatus.CONFIRMED) == before[FactStatus.CONFIRMED] + 1
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("d")
    expect(page.locator(".tabs__tab[aria-current] .muted")).to_have_text(
        str(before[FactStatus.SUGGESTED] - 2)
    )
    assert counted(FactStatus.DISMISSED) == before[FactStatus.DISMISSED] + 1
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(rows.first.locator(".fact__what a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/library/facts/\d+$"))
    context.close()
