"""A week drafted in one press, with its progress by slot; and one of its posts told in other positions."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from copilot.domain.channels import Channel
from tests.e2e.conftest import BRAND, House, enter

pytestmark = pytest.mark.browser

WEEK = "2026-12-07"
SLOW = 60_000


def test_a_week_is_drafted_and_a_post_of_it_is_told_elsewhere(page: Page, house: House) -> None:
    # One press drafts the week; the strip shows where each slot is, and the cards follow by themselves.
    enter(page, house, "xiaoman")
    page.goto(f"{house.url}/b/{BRAND}/calendar?day={WEEK}")
    empty = page.locator(".slot-card--empty").count()
    assert empty >= 30
    page.locator("#compile form button").click()
    expect(page.locator(".compile__slot").first).to_be_visible()
    expect(page.locator("#compile progress")).to_be_visible()
    expect(page.locator(".compile__sum")).to_be_visible(timeout=SLOW)
    drafted = page.locator(".slot-card--draft")
    expect(drafted.first).to_be_visible()
    job = house.services.jobs.recent(brand=house.brand, kind="week")[0]
    states = [line["state"] for line in job.result["slots"]]
    assert drafted.count() == states.count("drafted") >= 25
    # This house has no rules of points: the column says what to add, and the week is not stopped by it.
    # On the thirteenth, a day of mourning, nothing is promoted, points included.
    assert (states.count("lacking"), states.count("resting")) == (6, 2)
    page.locator(".compile summary").click()
    expect(page.locator(".compile__notes")).to_contain_text("积分小账本")

    # A seeding post becomes siblings, each in its own form, with the facts that they share.
    page.locator(".slot-card--draft.hue--seeding").first.click()
    expect(page).to_have_url(re.compile(r"/posts/\d+$"))
    post = int(page.url.rsplit("/", 1)[1])
    editor = page.locator("textarea[name=text]")
    text = editor.input_value()
    editor.fill(text.replace("饭友", "饭友们", 1))
    page.locator(".positions__more summary").click()
    for channel in ("moments", "wecom_private", "official_account"):
        page.locator(f"input[name=channel][value={channel}]").check()
    page.locator("button[formaction$='/translate']").click()
    expect(page.locator(".positions__tab")).to_have_count(5)
    view = house.services.desk.post(post, brand=house.brand)
    assert view.head is not None and view.head.text.startswith(text.replace("饭友", "饭友们", 1)[:20])
    siblings = {one.channel: one.post for one in view.siblings}
    page.goto(f"{house.url}/b/{BRAND}/posts/{siblings[Channel.OFFICIAL_ACCOUNT]}")
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("摘要："), timeout=SLOW)
    for sibling in siblings.values():  # Each is written in its own time.
        page.goto(f"{house.url}/b/{BRAND}/posts/{sibling}")
        expect(page.locator("textarea[name=text]")).not_to_have_value("", timeout=SLOW)
    shared = [one.shared for one in house.services.desk.post(post, brand=house.brand).siblings]
    assert all(count > 0 for count in shared)


def test_variants_stand_side_by_side_and_one_sentence_is_said_anew(page: Page, house: House) -> None:
    slot = next(
        card
        for day in house.services.calendar.week(brand=house.brand, around=date(2026, 11, 30)).days
        for card in day.slots
        if card.column == "seeding" and card.post is None
    )
    enter(page, house, "xiaoman")
    page.goto(f"{house.url}/b/{BRAND}/slots/{slot.slot}")
    page.locator("form[action$='/draft'] button").click()
    editor = page.locator("textarea[name=text]")
    expect(editor).to_be_visible()
    first = editor.input_value()
    page.locator("button[formaction$='/vary']").click()
    variants = page.locator("article.variant")
    expect(variants).to_have_count(2, timeout=SLOW)
    wanted = variants.first.locator(".stream").inner_text()
    assert wanted != first
    variants.first.locator("button[formaction$='/take']").click()
    expect(editor).to_have_value(wanted)
    expect(variants).to_have_count(1)

    page.locator("#resay summary").click()
    choice = page.locator(".resay .choice", has=page.locator("input")).nth(1)
    sentence = choice.inner_text()
    choice.click()
    page.locator("button[formaction$='/resay']").click()
    expect(editor).not_to_have_value(wanted)
    assert sentence not in editor.input_value()
