"""The SOP in a real browser: a column from a template, another time for it, and the calendar that follows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.e2e.conftest import BRAND, House, enter

pytestmark = pytest.mark.browser

SOP = f"/b/{BRAND}/sop"
NEXT_WEEK = f"/b/{BRAND}/calendar?day=2026-11-23"
NAME = "中午好物"


@pytest.fixture
def as_it_was(house: House) -> Iterator[None]:
    """The house is everybody's: afterwards its columns are what they were."""
    before = house.services.timetable.version(brand=house.brand)
    yield
    if house.services.timetable.version(brand=house.brand) != before:
        house.services.sops.bring_back(before, brand=house.brand, actor=None)


def slots(page: Page, house: House) -> list[str]:
    """The times at which the column stands in next week's calendar."""
    page.goto(f"{house.url}{NEXT_WEEK}")
    cards = page.locator(".slot-card").filter(has_text=NAME)
    return cards.locator(".slot-card__time").all_inner_texts()


def picked(page: Page, words: str) -> Locator:
    return page.locator(".column-form .pick").filter(has_text=words).locator("input")


@pytest.mark.usefixtures("as_it_was")
def test_a_column_comes_from_a_template_gets_another_time_and_the_calendar_follows(
    page: Page, house: House
) -> None:
    enter(page, house, "grace")
    page.goto(f"{house.url}{SOP}")
    page.get_by_role("link", name="Add a column").click()
    noon = page.locator("#noon")
    # Friday's twelve o'clock is taken, so the template offers the next free minute.
    expect(noon).to_contain_text("12:00 is taken by “福利周五”")
    noon.get_by_role("button", name="Add at 12:05").click()
    expect(page.locator("#notices")).to_contain_text(f"“{NAME}” is a column now")
    bar = page.locator(".timetable tr", has=page.locator("th", has_text="12:05"))
    expect(bar.locator("td[colspan='7']")).to_contain_text(NAME)
    assert slots(page, house) == ["12:05"] * 7

    page.goto(f"{house.url}{SOP}")
    page.locator(".timetable .timetable__entry").filter(has_text=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    weekdays = page.locator(".only-week")
    expect(weekdays).to_be_hidden()
    picked(page, "On days of the week").check()
    expect(weekdays).to_be_visible()
    picked(page, "Tuesday").check()
    picked(page, "Thursday").check()
    page.locator("input[name=time]").fill("13:20")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text(f"“{NAME}” is changed")
    assert slots(page, house) == ["13:20"] * 2

    page.go_back()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notices")).to_contain_text("The columns are what they were.")
    assert slots(page, house) == ["12:05"] * 7


@pytest.mark.usefixtures("as_it_was")
def test_on_a_phone_and_without_a_script_the_week_is_a_list_of_days_and_the_form_still_works(
    browser: Browser, house: House
) -> None:
    context = browser.new_context(
        viewport=ViewportSize(width=390, height=844), java_script_enabled=False, locale="en-GB"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    enter(page, house, "zhouhang")
    page.goto(f"{house.url}{SOP}")
    expect(page.locator(".timetable")).to_be_hidden()
    # The days are closed but for today, a Saturday.
    assert page.locator(".timetable-day[open] summary").all_inner_texts()[0].startswith("星期六")
    page.locator(".timetable-day summary").nth(4).click()
    friday = page.locator(".timetable-day").nth(4)
    expect(friday).to_contain_text("福利周五")
    friday.locator("a").filter(has_text="福利周五").click()
    page.locator("input[name=time]").fill("")
    page.locator(".column-form .actions button").click()
    expect(page.locator("#field-time-error")).to_be_visible()
    page.locator("input[name=time]").fill("12:30")
    page.locator("input[name=owner]").fill("阿穗")
    page.locator(".column-form .actions button").click()
    expect(page.locator("#notices")).to_contain_text("福利周五")
    row = next(row for row in house.services.brands.columns(house.brand) if row.slug == "welfare-friday")
    assert row.time == "12:30"
    context.close()
