"""A slow model is asked about open sentences: it is watched, left to work and stopped, while somebody writes on."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from copilot.domain.drafts import Answer
from copilot.ports import Heard
from tests.e2e.conftest import BRAND, House, answered, enter, running

pytestmark = pytest.mark.browser

CROCK = "溪石米缸盖着提起来，盖子服服帖帖掉不下来。"
QUOTE = "溪石米缸的杉木盖配硅胶圈，盖上之后轻轻提不会掉。"
BIRD = "缸底还印着一只胖胖的小山雀。"
COPY = f"饭友晚上好。\n{CROCK}\n{BIRD}\n想细看的饭友，私聊掌柜发「看看」，不买也行。"
LINES = (f"1 | {QUOTE} | 有\n", "2 | 无 | 没有\n")


class Slow:
    """A model that says its next line when it is let."""

    name = "slow-model"

    def __init__(self) -> None:
        self.goes_on = threading.Semaphore(0)
        self.said = 0

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        assert heard is not None
        heard("")
        for count in range(len(LINES)):
            assert self.goes_on.acquire(timeout=30)
            heard("".join(LINES[: count + 1]))
            self.said += 1
        return Answer("".join(LINES), {})


@pytest.fixture(scope="module")
def model() -> Slow:
    return Slow()


@pytest.fixture(scope="module")
def asked(furnished: Path, tmp_path_factory: pytest.TempPathFactory, model: Slow) -> Iterator[House]:
    yield from running(furnished, tmp_path_factory.mktemp("asked"), answerer=model)


@pytest.fixture
def block(page: Page, asked: House, model: Slow) -> Locator:
    """What the desk says of asking, on a post of the test's own."""
    services = asked.services
    writer = services.accounts.actor_by_login("xiaoman", brand=asked.brand)
    empty = next(
        card.slot
        for day in services.calendar.week(brand=asked.brand, around=asked.clock().date()).days
        for card in day.slots
        if card.column == "seeding" and card.post is None
    )
    post = services.planning.open_post(empty, brand=asked.brand, actor=writer)
    services.revising.save(post, brand=asked.brand, actor=writer, text=COPY, based_on=None)
    model.said = 0
    enter(page, asked, "xiaoman")
    page.goto(f"{asked.url}/b/{BRAND}/posts/{post}")
    return page.locator("#open-sentences")


def typed(editor: Locator, text: str) -> None:
    """At the end of what stands there, and checked; a page that opens at a place of its own takes the focus there first."""
    editor.page.wait_for_load_state()
    editor.press("Control+End")
    with answered(editor.page):
        editor.press_sequentially(text)


def test_it_is_watched_line_by_line_and_names_the_sentences(page: Page, block: Locator, model: Slow) -> None:
    block.get_by_role("button", name="让模型核对待定的句子").click()
    expect(block).to_contain_text("模型正在读这几句和相关素材")
    editor = page.locator(".editor__text")
    typed(editor, "\n还没存的一句。")
    model.goes_on.release()
    expect(block).to_contain_text("正在逐句核对，第 2/2 句")
    model.goes_on.release()
    borne = block.locator(".judged__row--borne_out")
    expect(borne).to_contain_text(CROCK)
    expect(borne.locator(".claim__quote")).to_have_text(QUOTE)
    # What nobody saved is still there, and its marks know what the model said.
    expect(editor).to_have_value(f"{COPY}\n还没存的一句。")
    expect(page.locator(".editor__marks .claim--supported", has_text=CROCK)).to_be_visible()
    expect(page.locator("#findings")).to_contain_text("模型没找到哪段素材说过这件事")
    # The passage that it rests on has come into the other pane.
    source = borne.locator(".judged__source a").get_attribute("href")
    expect(page.locator(f"#sources {source}")).to_contain_text(QUOTE)
    missed = block.locator(".judged__row--found_in_none")
    missed.get_by_role("link").click()
    assert editor.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == BIRD
    expect(page.locator(".editor__card")).to_contain_text("由模型判断")


def test_a_stop_is_final_and_loses_nothing_that_was_typed(page: Page, block: Locator, model: Slow) -> None:
    block.get_by_role("button", name="让模型核对待定的句子").click()
    expect(block).to_contain_text("模型正在读")
    editor = page.locator(".editor__text")
    typed(editor, "\n还没存的一句。")
    address = page.url
    # However long the press takes, and however often the page asks meanwhile how far it is.
    block.get_by_role("button", name="停止").hover()
    page.mouse.down()
    for _ in range(2):
        page.wait_for_event("response", lambda response: response.url.endswith("/claims"))
    page.mouse.up()
    # The model has not said a word yet.
    expect(block).to_contain_text("已停下。模型说的一概没有采用，之后再说的也不会采用。")
    assert model.said == 0 and page.url == address
    expect(editor).to_have_value(f"{COPY}\n还没存的一句。")
    expect(block.locator(".judged__row")).to_have_count(0)
    # The call still hangs, and another asking does not wait for it.
    block.get_by_role("button", name=re.compile("核对待定")).click()
    for _ in range(1 + len(LINES)):
        model.goes_on.release()
    expect(block.locator(".judged__row--borne_out")).to_contain_text(CROCK)
    assert model.said == len(LINES)
    expect(block.locator("details.judged__left summary")).to_contain_text("句没有问模型：")
