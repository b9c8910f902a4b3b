"""The desk's editor: it marks while one types, says why and from where, mends on request, and leaves the typing alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from copilot.domain.checks import apply_fixes
from tests.e2e.conftest import BRAND, MORNING, House, answered, enter
from tests.seams import any_copy

pytestmark = pytest.mark.browser

WALL = "小灶陶锅的锅壁厚 9 毫米，热得慢，凉得也慢。"
COPY = f"""饭友下午好，灶上咕嘟咕嘟响着。
{WALL}
关火以后，小灶陶锅靠锅壁的余热把饭焖透。吃饭慢的人家，第二碗端上来还是热的。
一碗饭，慢慢来。
想细看的饭友，私聊掌柜发「看看」，不买也行。"""
TOP = "\n这口顶级陶锅真好用。"
BLOCKS = "#findings .finding--block"


@dataclass(frozen=True)
class Desk:
    """A post of this test's own, and the page on which it is written."""

    page: Page
    house: House
    post: int

    def open(self, login: str = "xiaoman") -> Locator:
        enter(self.page, self.house, login)
        self.page.goto(f"{self.house.url}/b/{BRAND}/posts/{self.post}")
        return self.editor

    @property
    def editor(self) -> Locator:
        return self.page.locator(".editor__text")

    @property
    def card(self) -> Locator:
        return self.page.locator(".editor__card")

    def type(self, text: str) -> None:
        """At the end of what stands there, as hands do."""
        # A page that opens at a place of its own takes the focus there, and may do so only now.
        self.page.wait_for_load_state()
        self.editor.press("Control+End")
        self.editor.press_sequentially(text)

    def kept(self) -> str:
        head = self.house.services.desk.post(self.post, brand=self.house.brand).head
        assert head is not None
        return head.text


def first_line(mark: Locator) -> tuple[float, float]:
    """A point inside the first line of a mark that may break over several."""
    box = mark.evaluate(
        "one => { const { left, top, height } = one.getClientRects()[0]; return [left, top, height] }"
    )
    return box[0] + 12, box[1] + box[2] / 2


@pytest.fixture(scope="module")
def far_slots(house: House) -> Iterator[int]:
    """Slots of days that no other test looks at, the last first: no post finds its own words in an earlier one."""
    services, start = house.services, MORNING.date() + timedelta(days=42)
    weeks = range(8)
    services.planning.plan(brand=house.brand, start=start, days=7 * len(weeks))
    planned = [
        services.calendar.week(brand=house.brand, around=start + timedelta(weeks=week)) for week in weeks
    ]
    days = [day for week in planned for day in week.days if day.date >= start]
    return reversed([card.slot for day in days for card in day.slots if card.column == "seeding"])


@pytest.fixture
def desk(page: Page, house: House, far_slots: Iterator[int]) -> Desk:
    services = house.services
    writer = services.accounts.actor_by_login("xiaoman", brand=house.brand)
    post = services.planning.open_post(next(far_slots), brand=house.brand, actor=writer)
    services.revising.save(post, brand=house.brand, actor=writer, text=COPY, based_on=None)
    return Desk(page, house, post)


def test_a_forbidden_word_is_found_while_typing_mended_and_brought_back(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    expect(page.locator(BLOCKS)).to_have_count(0)
    desk.type(TOP)
    expect(page.locator(".editor__marks .flag--block")).to_have_text("顶级")
    block = page.locator(BLOCKS)
    expect(block).to_contain_text("绝对化用语")
    expect(page.locator("#checks-count")).to_have_text("1")
    expect(page.locator(".standing__blocks")).to_be_visible()
    # The caret is where it was, and the marks lie under the very words.
    assert editor.evaluate("one => [one.selectionStart, one.value.length]") == [len(COPY + TOP)] * 2
    assert page.locator(".editor__marks").text_content() == COPY + TOP

    block.locator("[data-fix]").click()
    mended = COPY + TOP.replace("顶级", "优质")
    expect(editor).to_have_value(mended)
    expect(block).to_have_count(0)
    expect(page.locator("#checks-count")).to_have_text("")
    undo = page.locator(".actions [data-undo]")
    undo.click()
    expect(editor).to_have_value(COPY + TOP)
    expect(block).to_have_count(1)
    expect(undo).to_have_count(0)

    # The browser's own undo knows a fix as well, and a key takes our offer to undo it away.
    block.locator("[data-fix]").click()
    expect(editor).to_have_value(mended)
    expect(undo).to_be_visible()
    page.keyboard.press("Control+z")
    expect(editor).to_have_value(COPY + TOP)
    expect(undo).to_have_count(0)
    assert desk.kept() == COPY


def test_all_safe_fixes_go_in_at_once_and_come_out_at_once(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    wrong = "\n全网最低价的顶级陶锅,日常价 199 元！！"
    desk.type(wrong)
    safe = page.locator("#findings [data-safe]")
    expect(safe).to_have_count(4)
    page.locator("[data-fix-all]").click()
    # The price is a fact: nobody but a person changes it.
    expect(editor).to_have_value(f"{COPY}\n实在价的优质陶锅，日常价 199 元！")
    expect(safe).to_have_count(0)
    page.locator("#findings [data-undo]").click()
    expect(editor).to_have_value(COPY + wrong)
    expect(safe).to_have_count(4)


def test_an_input_method_is_left_alone_while_it_composes(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/live") else None)
    editor.focus()
    page.keyboard.press("Control+End")
    keys = page.context.new_cdp_session(page)
    for letters in ("d", "ding", "ding ji"):
        end = len(letters)
        composing = {"text": letters, "selectionStart": end, "selectionEnd": end}
        keys.send("Input.imeSetComposition", composing)
        expect(editor).to_have_value(COPY + letters)
        page.clock.run_for(2000)
    assert asked == []
    # The marks keep step with what is composed, so that they never lie under other words.
    assert page.locator(".editor__marks").text_content() == f"{COPY}ding ji"
    keys.send("Input.insertText", {"text": "顶级"})
    expect(editor).to_have_value(f"{COPY}顶级")
    page.clock.resume()
    expect(page.locator(".editor__marks .flag--block")).to_have_text("顶级")
    assert len(asked) == 1
    assert editor.evaluate("one => one.selectionStart") == len(COPY) + 2


def hold_the_first(page: Page) -> list[Route]:
    """The first question of the page waits until the test lets it go; the others go straight through."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/live", hold)
    return held


def test_of_two_quick_edits_only_the_last_answer_shows(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    held = hold_the_first(page)
    with page.expect_request("**/live"):
        desk.type(TOP)
    editor.press_sequentially("极品")
    expect(page.locator(".editor__marks .flag--block").last).to_have_text("极品")
    held[0].abort()
    expect(page.locator(BLOCKS)).to_have_count(2)
    assert page.locator(".editor__marks").text_content() == f"{COPY}{TOP}极品"


def test_an_answer_to_a_text_that_stands_no_longer_is_dropped(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    held = hold_the_first(page)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    desk.type(TOP)
    with page.expect_request("**/live"):
        page.clock.run_for(1000)
    # One key more, and no time for another question before the answer to the first comes.
    editor.press_sequentially("好")
    with page.expect_response("**/live"):
        held[0].continue_()
    page.clock.run_for(50)
    expect(page.locator(".editor__marks .flag--block")).to_have_count(0)
    assert page.locator(".editor__marks").text_content() == f"{COPY}{TOP}好"
    page.clock.resume()
    expect(page.locator(".editor__marks .flag--block")).to_have_text("顶级")


def test_an_answer_takes_no_button_from_under_a_press(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    desk.type(TOP)
    fix = page.locator(BLOCKS).locator("[data-fix]")
    expect(fix).to_be_visible()
    held = hold_the_first(page)
    with page.expect_request("**/live"):
        desk.type("极品")
    fix.hover()
    page.mouse.down()
    with answered(page):
        held[0].continue_()
    page.mouse.up()
    # Nothing moved, so the press hit what it was meant for; and what came meanwhile is seen as well.
    expect(editor).to_have_value(f"{COPY}{TOP.replace('顶级', '优质')}极品")
    expect(page.locator(".editor__marks .flag--block")).to_have_text("极品")


DRAWN_ANEW = """marks => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  marks.innerHTML = marks.innerHTML;
  done();
})))"""


def test_a_pointer_that_rests_opens_the_card_though_an_answer_draws_the_marks_anew(desk: Desk) -> None:
    page, _ = desk.page, desk.open()
    page.mouse.move(*first_line(page.locator(".editor__marks .claim--supported").first))
    page.locator(".editor__marks").evaluate(DRAWN_ANEW)
    expect(desk.card).to_contain_text("锅壁")


def test_a_sentence_says_where_it_comes_from_under_the_pointer_and_by_keyboard(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    claim = page.locator(".editor__marks .claim--supported").first
    expect(claim).to_have_text(WALL)
    expect(desk.card).to_be_hidden()
    page.mouse.move(*first_line(claim))
    expect(desk.card).to_contain_text("9 毫米")
    # Its passage in the other pane stands out, and the card can be reached.
    expect(page.locator(".source.is-current")).to_contain_text("9 毫米")
    desk.card.locator("a[href^='#source-']").first.hover()
    expect(desk.card).to_be_visible()
    page.mouse.move(5, 5)
    expect(desk.card).to_be_hidden()

    editor.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    expect(desk.card).to_contain_text("9 毫米")
    page.keyboard.press("Escape")
    expect(desk.card).to_be_hidden()
    expect(editor).to_be_focused()
    expect(editor).to_have_value(COPY)


def test_a_key_leads_to_the_next_finding_and_from_there_to_what_mends_it(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    desk.type(f"{TOP}没有之一。")
    expect(page.locator(BLOCKS).first).to_be_visible()
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    selected = "one => one.value.slice(one.selectionStart, one.selectionEnd)"
    assert editor.evaluate(selected) == "顶级"
    expect(desk.card).to_contain_text("绝对化用语")
    page.keyboard.press("Tab")
    expect(desk.card.locator("[data-go]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(desk.card.locator("[data-fix]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor).to_have_value(re.compile("优质陶锅"))
    expect(editor).to_be_focused()
    expect(desk.card).to_be_hidden()


def test_a_finding_in_the_list_leads_to_its_words(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    desk.type("🍚" + TOP)  # What is two units of a browser's text is one character of ours.
    page.locator(BLOCKS).locator("[data-go]").click()
    expect(editor).to_be_focused()
    assert editor.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == "顶级"


def test_whoever_may_lets_a_finding_stand_with_a_reason(desk: Desk) -> None:
    page, house = desk.page, desk.house
    desk.open("xiaoman")
    desk.type(TOP)
    expect(page.locator(BLOCKS)).to_have_count(1)
    page.locator(".actions button:not([formaction])").click()
    expect(page.locator(f"{BLOCKS} [data-fix]")).to_be_visible()
    expect(page.locator(f"{BLOCKS} .waiver")).to_have_count(0)

    page.locator(".sidebar form[action$='/sign-out'] button").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    editor = desk.open("zhouhang")
    waiver = page.locator(f"{BLOCKS} .waiver")
    waiver.locator("summary").click()
    reason = waiver.locator("textarea")
    reason.fill("展会上的原话，有照片。")
    # Typing on in the copy brings the list anew, and what was begun there is still there.
    desk.type("今晚见。")
    with page.expect_response("**/live"):
        expect(editor).to_have_value(re.compile("今晚见。$"))
    expect(waiver.locator("textarea")).to_have_value("展会上的原话，有照片。")
    waiver.locator("button").click()
    stands = page.locator("#findings .finding--stands")
    expect(stands).to_contain_text("展会上的原话，有照片。")
    expect(page.locator(".standing__blocks")).to_have_count(0)
    assert desk.kept() == f"{COPY}{TOP}今晚见。"
    # It stands while one types on, and nothing blocks.
    desk.type("🍚")
    expect(page.locator(".editor__marks")).to_have_text(re.compile("🍚$"))
    expect(stands).to_contain_text("周航")
    page.locator("button[formaction$='/submit']").click()
    expect(page.locator(".state--in_review").first).to_be_visible()
    assert house.services.desk.post(desk.post, brand=house.brand).waived


def test_what_was_only_typed_so_far_is_saved_and_let_stand_in_one_press(desk: Desk) -> None:
    page = desk.page
    desk.open("zhouhang")
    desk.type(TOP)
    waiver = page.locator(f"{BLOCKS} .waiver")
    waiver.locator("summary").click()
    # Without a reason the text is kept, and the question comes back with an answer beside it.
    waiver.locator("button").click()
    expect(waiver.locator(".field__error")).to_be_visible()
    expect(waiver.locator("textarea")).to_be_focused()
    assert desk.kept() == COPY + TOP
    desk.type("今晚见。")
    with page.expect_response("**/live"):
        expect(desk.editor).to_have_value(f"{COPY}{TOP}今晚见。")
    waiver.locator("textarea").fill("展会上的原话，有照片。")
    waiver.locator("button").click()
    expect(page.locator("#findings .finding--stands")).to_contain_text("展会上的原话，有照片。")
    expect(page.locator(".standing__blocks")).to_have_count(0)
    expect(page.locator("#checks-count")).to_have_text("")
    assert desk.kept() == f"{COPY}{TOP}今晚见。"


def test_what_was_let_stand_stands_again_once_its_sentence_is_written_on(desk: Desk) -> None:
    page, editor = desk.page, desk.open("zhouhang")
    bare = TOP.removesuffix("。")
    desk.type(bare)
    waiver = page.locator(f"{BLOCKS} .waiver")
    waiver.locator("summary").click()
    waiver.locator("textarea").fill("展会上的原话，有照片。")
    # What was begun there goes along with the sentence that is written on.
    with page.expect_response("**/live"):
        desk.type("啊")
    expect(waiver).to_have_attribute("open", "")
    expect(waiver.locator("textarea")).to_have_value("展会上的原话，有照片。")
    waiver.locator("button").click()
    stands = page.locator("#findings .finding--stands")
    expect(stands).to_contain_text("展会上的原话，有照片。")
    expect(page.locator(BLOCKS)).to_have_count(0)
    # A full stop more, and it is another sentence than the one that was read.
    desk.type("。今晚见。")
    expect(page.locator(".editor__marks")).to_have_text(re.compile("今晚见。$"))
    expect(page.locator(BLOCKS)).to_have_count(1)
    expect(page.locator(f"{BLOCKS} .finding__hint")).to_have_count(1)
    for _ in "。今晚见。":
        editor.press("Backspace")
    expect(editor).to_have_value(f"{COPY}{bare}啊")
    expect(stands).to_have_count(1)
    # The same word elsewhere was never let stand, and leaves this one alone.
    desk.type("\n顶级锅盖。")
    expect(page.locator(BLOCKS)).to_have_count(1)
    expect(page.locator(f"{BLOCKS} .finding__hint")).to_have_count(0)
    expect(stands).to_have_count(1)


def test_what_blocks_stops_the_submission(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    desk.type(TOP)
    expect(page.locator(".standing__blocks")).to_be_visible()
    page.locator("button[formaction$='/submit']").click()
    expect(page.locator("[data-error] [role=alert]")).to_be_visible()
    expect(editor).to_have_value(COPY + TOP)
    assert desk.house.services.desk.post(desk.post, brand=desk.house.brand).state == "draft"


def test_without_an_answer_nothing_is_lost_and_nobody_is_disturbed(desk: Desk) -> None:
    page, editor = desk.page, desk.open()
    page.route("**/live", lambda route: route.abort())
    desk.type(TOP)
    unanswered = page.locator(".editor").get_attribute("data-unanswered")
    assert unanswered is not None
    expect(page.locator("#standing")).to_have_text(unanswered)
    expect(page.locator(".action-error")).to_have_count(0)
    expect(editor).to_have_value(COPY + TOP)
    page.unroute("**/live")
    editor.press_sequentially("好")
    expect(page.locator(BLOCKS)).to_have_count(1)
    # Whoever was signed out meanwhile does not find the sign-in among their words.
    page.context.clear_cookies()
    editor.press_sequentially("看")
    expect(page.locator("#standing")).to_have_text(unanswered)
    expect(page.locator(".editor__marks form")).to_have_count(0)
    expect(editor).to_have_value(f"{COPY}{TOP}好看")


def test_on_a_phone_a_finger_opens_a_strip_at_the_foot(desk: Desk, house: House) -> None:
    browser = desk.page.context.browser
    assert browser is not None
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(15_000)
    phone = Desk(context.new_page(), house, desk.post)
    phone.open()
    phone.type(TOP)
    mark = phone.page.locator(".editor__marks .flag--block")
    expect(mark).to_have_text("顶级")
    phone.page.touchscreen.tap(*first_line(phone.page.locator(".editor__marks .claim--supported").first))
    expect(phone.card).to_contain_text("9 毫米")
    box = phone.card.bounding_box()
    assert box is not None and (box["x"], box["width"]) == (0, 390)
    phone.page.touchscreen.tap(*first_line(mark))
    expect(phone.card.locator("[data-fix]")).to_be_visible()
    phone.card.locator("[data-fix]").tap()
    expect(phone.editor).to_have_value(re.compile("优质陶锅"))
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") == 390
    context.close()


def test_on_a_phone_a_waiver_comes_back_to_the_checks(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    page = desk.page
    desk.open("zhouhang")
    desk.type(TOP)
    page.locator(".panes__tab--right").click()
    waiver = page.locator(f"{BLOCKS} .waiver")
    waiver.locator("summary").click()
    waiver.locator("button").click()
    # What was refused is not left in a pane that is hidden.
    expect(waiver.locator(".field__error")).to_be_visible()
    expect(desk.editor).to_be_hidden()
    waiver.locator("textarea").fill("展会上的原话，有照片。")
    waiver.locator("button").click()
    expect(page.locator("#findings .finding--stands")).to_be_visible()
    expect(page.locator("#checks-count")).to_have_text("")
    # The other panes are a press away, and so is the text of what stands.
    page.locator(".panes__tab--main").click()
    expect(desk.editor).to_be_visible()
    expect(page.locator(".editor__marks .flag--stands")).to_have_text("顶级")


RECKONED = """async (cases) => {
  const { unit, difference, fixed } = await import("/static/js/editor/text.js");
  return cases.map(([before, after, point]) => {
    const { low, high, put } = difference(before, after);
    const parts = [before.slice(0, low), put, before.slice(high)];
    return [fixed(before, [{ from: low, to: high, put }]), unit(before, point), parts.every((part) => part.isWellFormed())];
  });
}"""


def test_the_script_reckons_in_characters_and_never_cuts_one_in_two(desk: Desk) -> None:
    desk.open()
    texts = ("", "锅", "🍚", "🍚🍜", "🍜🍚", "锅🍚盖", "锅🍜盖", "aa", "aaa", "锅盖🍚")
    cases = [(one, other, point) for one in texts for other in texts for point in range(len(one) + 1)]
    for (before, after, point), (became, unit, is_whole) in zip(
        cases, desk.page.evaluate(RECKONED, cases), strict=True
    ):
        assert (became, is_whole) == (after, True), (before, after)
        assert unit == len(before[:point].encode("utf-16-le")) // 2
    fixes = [{"from": 0, "to": 2, "put": "好"}, {"from": 4, "to": 5, "put": ""}]
    many = "async (fixes) => (await import('/static/js/editor/text.js')).fixed('顶级陶锅啊', fixes)"
    assert desk.page.evaluate(many, fixes) == desk.page.evaluate(many, fixes[::-1]) == "好陶锅"


SAME = """async (cases) => {
  const { fixed, unit } = await import('/static/js/editor/text.js');
  return cases.map(([text, fixes]) =>
    fixed(text, fixes.map(([from, to, put]) => ({ from: unit(text, from), to: unit(text, to), put }))));
}"""


def test_the_script_and_the_server_close_the_same_seams(desk: Desk) -> None:
    desk.open()
    some = random.Random(17)
    copies = [any_copy(some) for _ in range(2000)]
    cases = [[copy.text, [[one.start, one.end, one.suggestion] for one in copy.findings]] for copy in copies]
    assert desk.page.evaluate(SAME, cases) == [apply_fixes(copy.text, copy.findings) for copy in copies]


LONG = (
    "\n锅壁厚 9 毫米的小灶陶锅，热得慢凉得也慢，吃饭慢的人家用它最合适，一碗一碗慢慢盛，"
    "这口顶级陶锅人人都想要，今天也照旧一锅一锅慢慢焖。"
)
CARD_AND_SENTENCE = """text => {
  const marks = document.querySelector('.editor__marks');
  const range = document.createRange();
  const from = marks.textContent.indexOf(text);
  const at = (place) => {
    const walker = document.createTreeWalker(marks, NodeFilter.SHOW_TEXT);
    for (let left = place; walker.nextNode(); left -= walker.currentNode.length)
      if (left <= walker.currentNode.length) return [walker.currentNode, left];
  };
  range.setStart(...at(from + 1));
  range.setEnd(...at(from + text.length));
  const sides = ({ top, bottom, left, right }) => [top, bottom, left, right];
  const card = document.querySelector('.editor__card');
  return [sides(card.getBoundingClientRect()), [...range.getClientRects()].map(sides), innerHeight];
}"""


def covered(page: Page, sentence: str) -> list[list[float]]:
    """The lines of the sentence that the card lies over, or that are not in sight."""
    card, lines, height = page.evaluate(CARD_AND_SENTENCE, sentence)
    assert len(lines) > 1
    return [
        line
        for line in lines
        if line[0] < 0
        or line[1] > height
        or (line[0] < card[1] - 1 and line[1] > card[0] + 1 and line[2] < card[3] and line[3] > card[2])
    ]


@pytest.mark.parametrize("width", [390, 1440])
def test_the_card_of_a_finding_never_covers_its_own_sentence(desk: Desk, width: int) -> None:
    page, editor = desk.page, desk.open()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{page.url.partition('#')[0]}#pane-copy")
    for before in ("", COPY):  # At the top of the copy there is no room above, at its end less below.
        with answered(page):
            editor.fill(before + LONG)
        flag = page.locator(".editor__marks .flag--block:not(.is-stale)")
        expect(flag).to_have_text("顶级")
        flag.scroll_into_view_if_needed()
        page.mouse.move(5, 5)
        page.mouse.move(*first_line(flag))
        expect(desk.card).to_contain_text("绝对化用语")
        assert covered(page, LONG.strip()) == []
        page.keyboard.press("Escape")
        expect(desk.card).to_be_hidden()
        # On a narrow page the list is in a pane that is not shown; its row leads to the words all the same.
        page.locator(BLOCKS).locator("[data-go]").evaluate("one => one.click()")
        expect(desk.card).to_contain_text("绝对化用语")
        assert covered(page, LONG.strip()) == []
        page.keyboard.press("Escape")


def test_under_a_finger_the_sentence_stands_above_the_strip(
    house: House, browser: Browser, desk: Desk
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    phone = replace(desk, page=context.new_page())
    page, editor = phone.page, phone.open()
    page.goto(f"{page.url.partition('#')[0]}#pane-copy")
    editor.fill(COPY + LONG)
    flag = page.locator(".editor__marks .flag--block")
    expect(flag).to_have_text("顶级")
    # As low as it can stand before it is tapped: where the strip will be.
    flag.evaluate("one => scrollBy(0, one.getBoundingClientRect().bottom - innerHeight + 120)")
    page.touchscreen.tap(*first_line(flag))
    expect(phone.card).to_contain_text("绝对化用语")
    assert covered(page, LONG.strip()) == []
    context.close()


def test_a_jump_opens_the_fold_in_which_a_copy_under_review_lies(desk: Desk) -> None:
    services, brand = desk.house.services, desk.house.brand
    writer = services.accounts.actor_by_login("xiaoman", brand=brand)
    services.reviewing.submit(desk.post, brand=brand, actor=writer)
    page, editor = desk.page, desk.open()
    expect(editor).to_be_hidden()
    page.locator("details:has(#write) > summary").click()
    desk.type(TOP)
    expect(page.locator(BLOCKS)).to_have_count(1)
    page.locator("details:has(#write) > summary").click()
    expect(editor).to_be_hidden()
    page.locator(BLOCKS).locator("[data-fix]").click()
    expect(editor).to_be_visible()
    expect(editor).to_have_value(re.compile("优质陶锅"))
    # Nothing was saved, so it is still under review.
    assert services.desk.post(desk.post, brand=brand).state == "in_review"


def test_what_carries_a_sentence_stands_above_it_and_goes_at_a_key(desk: Desk) -> None:
    """Whoever reads on has the next line before them; on a narrow page too, where it stands below that one."""
    page, _ = desk.page, desk.open()
    claim = page.locator(".editor__marks .claim--supported").nth(1)
    page.mouse.move(*first_line(claim))
    expect(desk.card).to_be_visible()
    assert edge(desk.card, "bottom") <= edge(claim, "top")
    page.keyboard.press("Escape")
    expect(desk.card).to_be_hidden()

    page.locator("summary:has(~ #copy-ledger)").click()
    read = page.locator("#copy-ledger .claim--supported").first
    source = read.locator(".claim__source")
    read.scroll_into_view_if_needed()
    page.mouse.move(*first_line(read))
    expect(source).to_be_visible()
    assert edge(source, "bottom") <= edge(read, "top") + 1
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    page.mouse.move(5, 5)
    page.mouse.move(*first_line(read))
    expect(source).to_be_visible()

    page.mouse.move(5, 5)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{page.url.partition('#')[0]}#pane-copy")
    page.mouse.move(*first_line(claim))
    expect(desk.card).to_be_visible()
    line = claim.evaluate("one => one.getClientRects()[0].height")
    assert edge(desk.card, "top") >= claim.evaluate("one => one.getClientRects()[0].bottom") + line
    page.keyboard.press("Escape")
    expect(desk.card).to_be_hidden()


def edge(place: Locator, name: str) -> float:
    return float(place.evaluate(f"one => one.getBoundingClientRect().{name}"))
