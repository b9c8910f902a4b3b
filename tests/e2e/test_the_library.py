"""A brand manager pours in what she has: six files dropped at once, read, found, given a window, and what still lacks."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping

import docx
import openpyxl
import pptx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import BRAND, House

pytestmark = pytest.mark.browser

LIBRARY = f"/b/{BRAND}/library"

# What a hand does with files from a desktop: over the page, and let go.
DROP = """
(files) => {
  const transfer = new DataTransfer();
  for (const [name, content] of Object.entries(files)) {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  const event = (name) => new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true });
  const page = document.querySelector("h1");
  page.dispatchEvent(event("dragenter"));
  const veiled = !document.querySelector("[data-drop]").hidden;
  page.dispatchEvent(event("dragover"));
  page.dispatchEvent(event("drop"));
  return veiled;
}
"""


def files() -> Mapping[str, bytes]:
    """The same small shop in six formats, each with a fact that no other has."""
    report = docx.Document()
    report.add_heading("竹盖", level=1)
    report.add_heading("保养", level=2)
    report.add_paragraph("竹盖用完擦干，平放阴凉处，别立着晒。")
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "竹盖新品会"
    slide.placeholders[1].text = "竹盖每只编 46 根篾条，由石埂镇的篾匠编成。"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "尺寸"
    sheet.append(["型号", "直径"])
    sheet.append(["小号竹盖", "18 厘米"])
    sheet.append(["大号竹盖", "24 厘米"])
    page = "<h1>竹盖的来历</h1><p>竹盖的竹子砍自青溪南坡的老竹林。</p>"
    return {
        "来历.html": page.encode(),
        "说明.md": "# 竹盖说明\n\n竹盖第一次用前先用温水泡半小时。\n".encode(),
        "价目.csv": "商品,会员价\n小号竹盖,29 元\n大号竹盖,39 元\n".encode(),
        "保养.docx": _saved(report),
        "新品会.pptx": _saved(slides),
        "尺寸.xlsx": _saved(book),
    }


def _saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def test_a_brand_manager_pours_in_what_she_has_and_sees_what_lacks(page: Page, house: House) -> None:
    page.goto(f"{house.url}/sign-in")
    page.locator("button[name=login][value=grace]").click()
    page.goto(f"{house.url}{LIBRARY}")
    before = page.locator(".materials__row").count()

    # Anywhere on the page will do; where they go is said while they hang over it.
    given = {name: base64.b64encode(data).decode() for name, data in files().items()}
    assert page.evaluate(DROP, given) is True
    expect(page.locator("[data-drop]")).to_be_hidden()
    expect(page.locator(".picked__file")).to_have_count(6)
    kind = page.get_by_label("What kind is it?")
    expect(kind).to_be_focused()

    # The kind is asked once for all; left open, it is said beside the field and the files stay.
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("#field-kind-error")).to_be_visible()
    expect(page.locator(".picked__file")).to_have_count(6)
    kind.select_option("highlight")
    page.get_by_role("button", name="Add to the library").click()

    # Each file has a line of its own from the first moment on.
    page.wait_for_url(re.compile(r"job=\d+"))
    expect(page.locator(".upload__file")).to_have_count(6)
    expect(page.locator(".upload__file--waiting, .upload__file--reading").first).to_be_visible()
    expect(page.locator(".upload__file--indexed")).to_have_count(6, timeout=60_000)
    # The shelves behind it have followed by themselves.
    expect(page.locator(".materials__row")).to_have_count(before + 6)

    # Passages know their place: a heading path, a slide, a sheet and its row.
    for name, words in (
        ("保养.docx", "竹盖 › 保养"),
        ("新品会.pptx", "slide 1"),
        ("尺寸.xlsx", "sheet 尺寸 · row 3"),
    ):
        page.locator(".upload").get_by_role("link", name=name).click()
        expect(page.locator("main")).to_contain_text(words)
        page.go_back()
    page.locator(".upload").get_by_role("link", name="尺寸.xlsx").click()
    table = page.get_by_role("region", name="Rows of the table")
    expect(table.get_by_role("columnheader", name="直径")).to_be_visible()
    expect(table.get_by_role("cell", name="24 厘米")).to_be_visible()

    # A validity window, by the settings of the material.
    page.get_by_text("Change the settings").click()
    page.get_by_label("To", exact=False).first.fill("2026-11-30")
    page.get_by_role("button", name="Keep the settings").click()
    expect(page.locator(".page-head__lede")).to_contain_text("until Mon 30 Nov")
    expect(page.locator(".page-head__lede")).to_contain_text("Expires soon")

    # Found now, and not on a day when it no longer holds.
    page.goto(f"{house.url}{LIBRARY}/search?q=大号竹盖的直径是多少")
    hit = page.locator(".hit", has_text="24 厘米")
    expect(hit).to_contain_text("Found by")
    expect(hit.locator("mark").first).to_be_visible()
    page.get_by_label("Valid on").fill("2026-12-01")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".hit", has_text="24 厘米")).to_have_count(0)

    # And what the columns of the next two weeks still lack.
    page.get_by_role("link", name="Gaps").click()
    expect(page.get_by_role("heading", name="Gaps", level=1)).to_be_visible()


def test_rows_are_walked_ticked_and_retired_by_keyboard(page: Page, house: House) -> None:
    page.goto(f"{house.url}/sign-in")
    page.locator("button[name=login][value=grace]").click()
    page.goto(f"{house.url}{LIBRARY}?kind=story")
    rows = page.locator(".materials__row")
    count = rows.count()
    expect(page.locator(".chosen")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".chosen__count")).to_have_text("1 chosen")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".chosen__count")).to_have_text("2 chosen")
    page.get_by_role("button", name="Retire").click()
    expect(page.locator(".notice")).to_contain_text("2 materials are retired")
    expect(rows).to_have_count(count - 2)
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(count)

    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Add material")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Add material")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("no such title")
    expect(page.locator("#shelf")).to_contain_text("Nothing here")
