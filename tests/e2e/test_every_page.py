"""Every page in a real browser: wide and narrow, in both languages, by keyboard, and with no script at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from copilot import files
from copilot.domain.permissions import Role
from copilot.domain.scripts import Speaker
from copilot.services.brandfolders import pictures
from copilot.services.house import Services
from copilot.services.media import PictureFile
from tests.documents import png
from tests.e2e.conftest import BRAND, House

pytestmark = pytest.mark.browser

HOME = f"/b/{BRAND}"
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
WRONG = "小灶陶锅最好，日常价 9 元，" + "全网最低价" * 12


@dataclass(frozen=True)
class Posts:
    """A post at every station; the 15:00 slot of today stays empty, for whoever walks the main job."""

    waiting: int
    due: int
    wrong: int
    empty_slot: int


@pytest.fixture(scope="module")
def posts(house: House) -> Posts:
    services, brand = house.services, house.brand
    writer = services.accounts.actor_by_login("xiaoman", brand=brand)
    operator = services.accounts.actor_by_login("zhouhang", brand=brand)
    for login, locale in (("ada-en", "en"), ("ada-zh", "zh_Hans")):
        services.accounts.add_person(
            login=login, name="Ada Root", password="secret", roles={brand: Role.ADMINISTRATOR}, locale=locale
        )

    def drafted(slot: int) -> int:
        post = services.planning.open_post(slot, brand=brand, actor=writer)
        services.drafting.run(services.drafting.request(post, brand=brand, actor=writer))
        return post

    seeding = slots(services, brand, "seeding")
    waiting, due = drafted(seeding[1]), drafted(slots(services, brand, "check-in")[0])
    for around in (waiting, due):
        services.scripts.make(around, [Speaker("阿穗", "小助手")], brand=brand, actor=writer)
    wrong = services.planning.open_post(seeding[2], brand=brand, actor=writer)
    services.revising.save(wrong, brand=brand, actor=writer, text=WRONG, based_on=None)
    illustrated = services.media.add(
        [*pictures(files.folder("knowledge_base") / BRAND), PictureFile("mute.png", png(7))],
        brand=brand,
        actor=writer.id,
    )
    chosen = [one.picture for one in illustrated[:2] if one.picture is not None]
    for post in (waiting, due):
        services.revising.illustrate(post, brand=brand, actor=writer, media=chosen)
    services.reviewing.submit(waiting, brand=brand, actor=writer)
    services.reviewing.submit(due, brand=brand, actor=writer)
    head = services.desk.post(due, brand=brand).head
    assert head is not None
    services.reviewing.approve(due, brand=brand, actor=operator, revision=head.id)
    # Its 09:00 are an hour ago and its window is open: it waits at the send desk at once, and late.
    services.scheduling.schedule(due, brand=brand, actor=operator)
    services.delivering.tick()
    return Posts(waiting, due, wrong, seeding[3])


def slots(services: Services, brand: int, column: str) -> list[int]:
    """The column's slots from today on."""
    week = services.calendar.week(brand=brand)
    days = (*week.days, *services.calendar.week(brand=brand, around=week.following).days)
    return [card.slot for day in days for card in day.slots if card.column == column and not day.is_past]


def addresses(house: House, posts: Posts) -> list[str]:
    return [
        f"{HOME}/today",
        f"{HOME}/calendar",
        f"{HOME}/occasions",
        f"{HOME}/sop",
        f"{HOME}/sop/add",
        f"{HOME}/sop/columns/welcome",
        f"{HOME}/slots/{posts.empty_slot}",
        f"{HOME}/posts/{posts.wrong}",
        f"{HOME}/posts/{posts.due}",
        f"{HOME}/posts/{posts.due}/trace",
        f"{HOME}/review?post={posts.waiting}",
        f"{HOME}/send-desk",
        f"{HOME}/library",
        f"{HOME}/library?kind=praise#add",
        f"{HOME}/library?show=expiring&sort=expiry",
        f"{HOME}/library/pictures",
        *(f"{HOME}/library/pictures/{picture}" for picture in pictures_of(house)),
        *(f"{HOME}/library/{material}" for material in materials_of(house)),
        f"{HOME}/library/{materials_of(house)[0]}/compare",
        f"{HOME}/library/search?q=陶锅",
        f"{HOME}/library/stories?kind=praise",
        f"{HOME}/library/gaps",
        f"{HOME}/library/exchange",
        f"{HOME}/library/copy",
        f"{HOME}/library/copy/new",
        f"{HOME}/voice",
        f"{HOME}/voice/learn",
        f"{HOME}/voice/versions",
        f"{HOME}/rules",
        f"{HOME}/rules/own",
        f"{HOME}/evaluations",
        f"{HOME}/replies",
        f"{HOME}/settings",
        "/nowhere",
    ]


def pictures_of(house: House) -> list[int]:
    """The one that nobody described, and one that a post shows."""
    cards = house.services.pictures.sheet(brand=house.brand)
    return [
        next(card.picture.id for card in cards if card.is_undescribed),
        next(card.picture.id for card in cards if card.posts),
    ]


def materials_of(house: House) -> list[int]:
    """One material of prose and one that is a table."""
    rows = house.services.library.materials(brand=house.brand)
    return [next(row.id for row in rows if row.path.endswith(ending)) for ending in (".md", ".csv")]


def walk(browser: Browser, house: House, login: str, scheme: Any) -> Iterator[Page]:
    """Someone signed in with a password; axe is put into the page, which our policy would not let in."""
    context = browser.new_context(
        viewport=WIDE, bypass_csp=True, color_scheme=scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{house.url}/sign-in")
    yield page
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("secret")
    page.locator("form[action='/sign-in'] button").click()
    expect(page).to_have_url(re.compile("/today"))
    yield page
    context.close()


def troubles(page: Page, where: str, looked_at: ViewportSize) -> list[str]:
    """What is wrong with the page as it stands: whether it fits wide and narrow, and what axe finds at one of them."""
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > size["width"]:
            found.append(
                f"{where} at {size['width']}: {width} pixels wide, because of {page.evaluate(WIDEST)}"
            )
        if size != looked_at:
            continue
        for violation in Axe().run(page, options=VIOLATIONS).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                places = [" ".join(node["target"]) for node in violation["nodes"]][:3]
                found.append(f"{where} at {size['width']}: {violation['id']} {places}")
    return found


VIOLATIONS = {"resultTypes": ["violations"]}
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => one.tagName + "." + one.className).slice(0, 3).join(" ")"""


@pytest.mark.parametrize(
    ("login", "scheme", "looked_at"), [("ada-en", "light", WIDE), ("ada-zh", "dark", NARROW)]
)
def test_every_page_fits_and_axe_finds_nothing_serious(
    browser: Browser, house: House, posts: Posts, login: str, scheme: str, looked_at: ViewportSize
) -> None:
    steps = walk(browser, house, login, scheme)
    page = next(steps)
    found = troubles(page, "the sign-in", looked_at)
    page = next(steps)
    for path in addresses(house, posts):
        page.goto(f"{house.url}{path}")
        expect(page.locator("html")).to_have_attribute("lang", "en" if login == "ada-en" else "zh-Hans")
        found += troubles(page, path, looked_at)
    next(steps, None)
    assert found == []


def test_the_main_job_works_without_a_script(browser: Browser, house: House, posts: Posts) -> None:
    """Plain forms and links do all of it on a phone: the draft, an edit, the refusal, the mending, the submission."""
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{house.url}/sign-in")
    page.locator("button[name=login][value=xiaoman]").click()
    page.goto(f"{house.url}{HOME}/slots/{posts.empty_slot}")
    page.locator("input[name=instruction]").fill("小灶陶锅")
    page.locator("form[action$='/draft'] button").click()
    # While it is written the page looks again by itself, and in the end it shows the editor.
    editor = page.locator("textarea[name=text]")
    expect(editor).to_be_visible()
    drafted = editor.input_value()
    assert "小灶陶锅" in drafted
    post = int(page.url.rsplit("/", 1)[1])

    form = page.locator("form[action$='/save']")
    submit = form.locator("button[formaction$='/submit']")
    editor.fill(f"{drafted}\n小灶陶锅是全国第一的陶锅。")
    submit.click()
    expect(page.locator("[data-error] [role=alert]")).to_be_visible()
    expect(editor).to_have_value(f"{drafted}\n小灶陶锅是全国第一的陶锅。")
    page.locator("a[href='#pane-checks']").click()
    expect(page.locator(".finding--block").first).to_be_visible()
    page.locator("a[href='#pane-copy']").click()

    editor.fill(f"{drafted}\n")
    form.locator("button:not([formaction])").click()
    expect(page.locator(".finding--block")).to_have_count(0)
    submit.click()
    expect(page.locator(".state--in_review").first).to_be_visible()
    expect(form.locator("textarea")).to_be_hidden()
    view = house.services.desk.post(post, brand=house.brand)
    assert view.state == "in_review"
    assert view.head is not None and view.head.text == drafted
    context.close()


FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    name: one.tagName + "." + one.className + " " + (one.textContent || one.name || "").trim().slice(0, 30),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight,
    ring: ring || style.boxShadow !== "none",
    out: one === document.body,
  };
}"""


def test_the_keyboard_is_led_and_seen_everywhere(page: Page, house: House, posts: Posts) -> None:
    page.goto(f"{house.url}/sign-in")
    page.locator("button[name=login][value=zhouhang]").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/today"))
    for path in (f"{HOME}/today", f"{HOME}/posts/{posts.wrong}", f"{HOME}/review", f"{HOME}/send-desk"):
        page.goto(f"{house.url}{path}")
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement.closest('#main') !== null")
        assert inside, f"{path}: after the skip link one is not in the content"
        page.goto(f"{house.url}{path}")
        reached = 0
        for _ in range(40):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUSED)
            if focus["out"]:
                break
            assert focus["ring"], f"{path}: one does not see that {focus['name']} has the focus"
            assert focus["seen"], f"{path}: {focus['name']} has the focus and is not on the screen"
            reached += 1
        assert reached > 10
