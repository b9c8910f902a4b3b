"""What people do all day, in a real browser: from today's 15:00 slot to a sent post and the trace of its price."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import BRAND, House, enter

pytestmark = pytest.mark.browser


def leave(page: Page) -> None:
    page.locator(".sidebar form[action$='/sign-out'] button").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_from_a_slot_to_a_sent_post_and_the_trace_of_its_price(page: Page, house: House) -> None:
    services = house.services
    card = next(
        card
        for day in services.calendar.week(brand=house.brand).days
        for card in day.slots
        if day.is_today and card.column == "seeding"
    )

    # The copywriter opens today's 15:00 slot from the calendar and watches the draft come.
    enter(page, house, "xiaoman")
    page.goto(f"{house.url}/b/{BRAND}/calendar")
    page.locator(f"a[href$='/slots/{card.slot}']").first.click()
    page.locator("form[action$='/draft'] button").click()
    expect(page).to_have_url(re.compile(r"/posts/\d+$"))
    expect(page.locator("textarea[name=text]")).to_be_visible()
    post = int(page.url.rsplit("/", 1)[1])
    view = services.desk.post(post, brand=house.brand)
    assert view.head is not None and view.head.origin == "composer"
    assert view.blocking == 0
    expect(page.locator("main")).to_contain_text("没有用到模型")

    # A line with a price and a forbidden word: the word is found, and one click mends it.
    editor = page.locator("textarea[name=text]")
    editor.fill("小灶陶锅日常价 239 元，最好的砂锅。\n" + view.head.text)
    page.locator(".actions button:not([formaction])", has_text=re.compile("保存|Save")).first.click()
    block = page.locator(".finding--block")
    expect(block.first).to_be_visible()
    before = block.count()
    assert any(
        finding.severity == "block" for finding in services.desk.post(post, brand=house.brand).findings
    )
    text = services.desk.post(post, brand=house.brand).head
    assert text is not None
    while page.locator(".finding--block button[formaction*='/fix/']").count():
        page.locator(".finding--block button[formaction*='/fix/']").first.click()
        expect(page.locator(".finding--block")).to_have_count(before - 1)
        before -= 1
    if before:
        page.locator("textarea[name=text]").fill(view.head.text + "\n小灶陶锅日常价 239 元。")
    page.locator("button[formaction$='/submit']").click()
    expect(page.locator(".state--in_review").first).to_be_visible()
    leave(page)

    # The operator approves and sees the seal, schedules, and ticks the groups off at the send desk.
    enter(page, house, "zhouhang")
    page.goto(f"{house.url}/b/{BRAND}/review?post={post}")
    page.locator("button[form=approve]:not([name])").click()
    page.goto(f"{house.url}/b/{BRAND}/posts/{post}")
    seal = page.locator(".seal").first
    expect(seal).to_be_visible()
    expect(seal).to_contain_text("周航")
    page.locator("form[action$='/schedule'] button").click()
    expect(page.locator("form[action$='/unschedule'] button")).to_be_visible()
    house.clock.forward(hours=5, minutes=1)
    page.goto(f"{house.url}/b/{BRAND}/send-desk")
    tick = page.locator(f"form[action$='/posts/{post}/sent'] button")
    for _ in range(20):
        if tick.count():
            break
        services.delivering.tick()
        page.reload()
    tick.click()
    expect(page.locator(f"form[action$='/posts/{post}/sent']")).to_have_count(0)
    assert services.desk.post(post, brand=house.brand).state == "sent"

    # Any figure leads to its source, the approval and the deliveries, on one page.
    price = next(claim for claim in services.desk.post(post, brand=house.brand).claims if "239" in claim.text)
    page.goto(f"{house.url}/b/{BRAND}/posts/{post}/trace?claim={price.id}")
    main = page.locator("main")
    expect(main).to_contain_text("239")
    expect(main).to_contain_text("周航")
    quote = price.quotes[0][1]
    # A row of a table stands there cell by cell.
    expect(main).to_contain_text(max(re.split("[：；\n]", quote), key=len)[:20])
