"""Files to documents: what texts and tables yield, and what is refused with which advice."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.adapters.readers import archive, read, tables
from copilot.adapters.readers.decoding import decode
from copilot.errors import Unreadable
from tests.documents import docx_bytes, png, pptx_bytes, repacked, tea_docx

POEM = "春茶上市，满 200 减 20，今天下单包邮。茶友们早上好！\n"
TRADITIONAL = "春茶上市，今天下單包郵。親愛的茶友們早安，歡迎來到我們的社群！\n"


def refusal(name: str, data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(name, data)
    return caught.value


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (POEM, "utf-8"),
        (POEM, "utf-8-sig"),
        (POEM, "utf-16"),
        (POEM, "utf-16-le"),
        (POEM, "utf-16-be"),
        (POEM, "utf-32"),
        (POEM, "gb18030"),
        (POEM, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        ("The café’s “house” tea costs £3.\n" * 3, "cp1252"),
        ("茶", "gb18030"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_saved_in(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


def test_text_that_was_saved_in_the_wrong_encoding_once_is_mended_or_refused() -> None:
    assert decode("满减开始".encode().decode("latin-1").encode()) == "满减开始"
    assert refusal("a.txt", "锟斤拷锟斤拷锟斤拷 abc".encode()).reason == "encoding"
    assert refusal("a.txt", POEM.encode() + bytes([0xFF, 0xFE, 0xFF])).reason == "encoding"


@given(st.text(alphabet="春茶上市满减今天下单包邮欢迎，。！0123456789 \n", min_size=4))
def test_everyday_chinese_survives_gb18030(text: str) -> None:
    data = text.encode("gb18030")
    # A character or two can be UTF-8 by accident; nobody could tell.
    assert decode(data) in (text, data.decode("utf-8", "replace"))


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.csv", "a.html", "a.docx", "a.pdf", "a"]))
def test_whatever_the_bytes_the_answer_is_a_document_or_a_reason(data: bytes, name: str) -> None:
    try:
        document = read(name, data)
    except Unreadable as refused:
        assert refused.reason in REASONS
    else:
        assert document.characters > 0


def test_plain_text_is_parted_at_blank_lines_and_knows_its_lines() -> None:
    document = read("故事/春茶.txt", "\n第一段\n还是第一段\n\n \n第二段".encode())
    assert document.title == "春茶"
    assert [(section.text, section.locator["line"]) for section in document.sections] == [
        ("第一段\n还是第一段", 2),
        ("第二段", 6),
    ]


MARKDOWN = """---
title: 云雾绿茶
valid_until: 2026-11-30
products: [云雾]
---
# 卖点

第一泡**清香**，见 [商城](https://shop.example/a)。

## 价目

| 品名 | 价格 | 有效期止 |
|---|:--:|---|
| 云雾 | 128 元 | 2026/11/24 |
| 茶\\|杯 | 39 元 | |

<!-- 不要读我 -->
- 三年质保
- 七天包退

```
# 不是标题
```
物流
----
次日达
"""


def test_markdown_has_front_matter_heading_paths_and_priced_rows() -> None:
    document = read("a.md", MARKDOWN.encode())
    assert document.title == "云雾绿茶"
    assert document.meta == {"title": "云雾绿茶", "valid_until": "2026-11-30", "products": ["云雾"]}
    assert [(section.heading, section.text, section.locator["line"]) for section in document.sections] == [
        (("卖点",), "第一泡清香，见 商城 (https://shop.example/a)。", 8),
        (("卖点", "价目"), "品名：云雾；价格：128 元；有效期止：2026/11/24", 14),
        (("卖点", "价目"), "品名：茶|杯；价格：39 元", 15),
        (("卖点", "价目"), "三年质保\n七天包退", 18),
        (("卖点", "价目"), "# 不是标题", 22),
        (("卖点", "物流"), "次日达", 26),
    ]
    assert [section.valid_until for section in document.sections][1:3] == ["2026-11-24", None]
    assert document.sections[1].fields["价格"] == "128 元"


def test_front_matter_that_cannot_be_read_is_refused_lest_a_window_be_lost() -> None:
    refused = refusal("a.md", b"---\ntitle: ok\nvalid_until: [2026\n---\ntext")
    assert refused.reason == "front_matter"
    assert refused.params["line"] >= 3
    bomb = "---\n" + "a: &a [x, x]\n" + "b: [*a, *a]\n" + "---\ntext"
    assert refusal("a.md", bomb.encode()).reason == "front_matter"


@pytest.mark.parametrize(
    "scrap", ["[", "![", "<!--", "**a ", "~~a ", "`", "<http://", "# a" + " " * 40, "|-", "| ", "> ", "__a"]
)
def test_hostile_markdown_costs_no_more_than_its_length(scrap: str) -> None:
    assert read("a.md", ("x " + scrap * 40_000 + "\ny").encode()).characters > 0
    assert read("a.md", ("# x" + " " * 200_000 + "y").encode()).characters > 0


def test_a_closed_heading_and_an_unclosed_comment_are_text() -> None:
    document = read("a.md", b"## Tea ##\n<!-- gone --> stays <!-- stays too\n")
    assert [(section.heading, section.text) for section in document.sections] == [
        (("Tea",), "stays <!-- stays too")
    ]


def test_a_heading_with_nothing_below_it_is_still_read() -> None:
    document = read("a.md", b"# Tea\n\n## Warm the pot\n\n## Pour\nSlowly.\n")
    assert [(section.heading, section.text) for section in document.sections] == [
        (("Tea",), "Warm the pot"),
        (("Tea", "Pour"), "Slowly."),
    ]


def test_csv_rows_carry_their_own_windows() -> None:
    text = '品名,价格,有效期起,有效期止\n云雾,"1,280 元",2026年11月24日,2026-11-30\n茶杯,39 元,,长期\n'
    first, second = read("a.csv", text.encode("gb18030")).sections
    assert first.fields == {
        "品名": "云雾",
        "价格": "1,280 元",
        "有效期起": "2026年11月24日",
        "有效期止": "2026-11-30",
    }
    assert (first.valid_from, first.valid_until, first.locator) == ("2026-11-24", "2026-11-30", {"line": 2})
    assert (second.valid_from, second.valid_until) == (None, None)
    assert second.text == "品名：茶杯；价格：39 元；有效期止：长期"


def test_an_english_csv_with_semicolons_reads_in_english() -> None:
    (row,) = read("a.csv", b"name;price;valid_until\nLongjing;$12.50;2026-11-24\n").sections
    assert row.text == "name: Longjing; price: $12.50; valid_until: 2026-11-24"
    assert row.valid_until == "2026-11-24"


def test_a_window_that_is_no_date_is_refused_with_its_row() -> None:
    refused = refusal("a.csv", "品名,有效期止\n茶,2026-11-24\n杯,下周五\n".encode())
    assert (refused.reason, dict(refused.params)) == ("window", {"row": 3, "value": "下周五"})


def test_a_csv_cell_may_hold_lines_and_quotes() -> None:
    document = read("a.csv", '品名,说明\n云雾,"第一行\n第二行，""好茶"""\n毛尖,短\n'.encode("gb18030"))
    assert [(section.fields["说明"], section.locator["line"]) for section in document.sections] == [
        ('第一行\n第二行，"好茶"', 2),
        ("短", 4),
    ]


def test_a_table_of_names_and_values_is_one_record() -> None:
    rows = [(1, ["净含量", "100g"]), (2, ["产地", "杭州"]), (3, ["保质期", "18个月"])]
    (section,) = tables.table_sections(rows, heading=(), locate=lambda row: {"row": row})
    assert section.text == "净含量：100g；产地：杭州；保质期：18个月"


def test_columns_of_one_name_stay_apart() -> None:
    rows = [(1, ["价格", "价格", ""]), (2, ["128 元", "99 元", "会员"])]
    (section,) = tables.row_sections(rows, heading=(), locate=lambda row: {"row": row})
    assert section.fields == {"价格": "128 元", "价格 (2)": "99 元", "C": "会员"}


def test_a_table_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    assert refusal("a.csv", b"a,b\n" + b"1,2\n" * 4).reason == "too_many_rows"


def test_html_keeps_what_a_reader_sees() -> None:
    page = """<html><head><title>门店</title><style>p{}</style></head><body>
      <nav>首页</nav><h1>云雾</h1><p>第一泡<b>清香</b>。<br>第二泡甘甜。</p><script>alert(1)</script>
      <div hidden>成本 20 元</div><p style="display: none">内部价</p>
      <table><tr><th>品名</th><th>价格</th></tr><tr><td>云雾</td><td>128 元</td></tr></table>
      <h2>物流</h2><ul><li>次日达</li></ul></body></html>"""
    document = read("a.html", page.encode())
    assert document.title == "门店"
    assert [(section.heading, section.text) for section in document.sections] == [
        (("云雾",), "第一泡清香。\n第二泡甘甜。"),
        (("云雾",), "品名：云雾；价格：128 元"),
        (("云雾", "物流"), "次日达"),
    ]


def test_html_is_known_by_its_content_and_by_its_declared_charset() -> None:
    page = "<html><head><meta charset=gb2312></head><body>茶</body></html>".encode("gbk")
    assert read("export.xls", page).sections[0].text == "茶"
    deep = b"<div>" * 3000 + "深".encode() + b"</div>" * 3000
    assert read("a.html", deep).sections[0].text == "深"


# --- containers that must not be trusted --------------------------------------------------------


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = repacked(docx_bytes(tea_docx), lambda members: members.update({"word/x.xml": b" " * 8_000_000}))
    assert len(bomb) < 100_000
    assert refusal("a.docx", bomb).reason == "inflates"


def test_a_container_that_lies_about_its_size_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_INFLATED", 20_000)
    assert refusal("a.docx", docx_bytes(tea_docx)).reason == "inflates"
    honest = repacked(docx_bytes(tea_docx), lambda members: members.update({"word/x.bin": b"\x07" * 500_000}))
    at = honest.rindex(b"word/x.bin") - 46  # its record in the central directory
    lying = honest[: at + 24] + struct.pack("<I", 10) + honest[at + 28 :]
    monkeypatch.setattr(archive, "MAX_INFLATED", 1_000_000)
    assert refusal("a.docx", honest).reason == "inflates"
    # No parser inflates a member past the size it declares, so it never grows: it is damaged, and saving
    # it again is what helps.
    assert refusal("a.docx", lying).reason == "broken"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_no_entity_is_ever_resolved(codec: str) -> None:
    def poison(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"].decode()
        body = text.split("?>", 1)[1].replace("三代人", "&secret;")
        declared = f'<?xml version="1.0" encoding="{codec}"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
        members["word/document.xml"] = (declared + body).encode(codec)

    assert refusal("a.docx", repacked(docx_bytes(tea_docx), poison)).reason == "unsafe_xml"


def test_macros_are_refused_whatever_the_file_is_called() -> None:
    with_macro = repacked(docx_bytes(tea_docx), lambda members: members.update({"word/vbaProject.bin": b"x"}))
    assert refusal("innocent.docx", with_macro).reason == "macro"


def test_damaged_office_files_are_broken_with_the_parsers_word_as_cause() -> None:
    whole = docx_bytes(tea_docx)
    assert refusal("a.docx", whole[: len(whole) // 2]).reason == "broken"
    spoilt = repacked(whole, lambda members: members.update({"word/document.xml": b"<w:document>"}))
    refused = refusal("a.docx", spoilt)
    assert refused.reason == "broken" and refused.__cause__ is not None
    index = repacked(whole, lambda members: members.update({"_rels/.rels": b"nonsense"}))
    assert refusal("a.docx", index).reason == "broken"


# --- what cannot be read ------------------------------------------------------------------------


def plain_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("../../moo", b"moo")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.md", b"---\ntitle: only\n---\n", "empty"),
        ("a.ppt", OLE + b"\0" * 600, "legacy_office"),
        ("a.docx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.zip", plain_zip(), "archive"),
        ("a.docx", plain_zip(), "archive"),
        ("a.rar", b"Rar!\x1a\x07\x00" + b"x" * 99, "archive"),
        ("a.docx", b"just text", "broken"),
        ("a.json", b"{}", "unknown_kind"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "binary"),
        ("a.exe", b"MZ\x00\x00" * 50, "binary"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50, "image"),
        ("a.pdf", b"%PDF-1.4\nnothing of a PDF", "broken"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(name: str, data: bytes, reason: str) -> None:
    assert refusal(name, data).reason == reason


def test_a_huge_file_is_refused_with_both_figures() -> None:
    refused = refusal("a.txt", b"tea " * (8 * 1024 * 1024))
    assert (refused.reason, dict(refused.params)) == ("too_large", {"size_mb": 32.0, "limit_mb": 30})


def test_files_of_pictures_say_so_instead_of_looking_empty() -> None:
    picture = png(0, size=1)
    assert read("a.docx", docx_bytes(lambda made: made.add_picture(io.BytesIO(picture)))).warnings == (
        "image_only",
    )

    def slides(made: Any) -> None:
        slide = made.slides.add_slide(made.slide_layouts[6])
        slide.shapes.add_picture(io.BytesIO(picture), 0, 0)

    assert read("a.pptx", pptx_bytes(slides)).warnings == ("image_only",)
    assert refusal("a.docx", docx_bytes(lambda made: None)).reason == "empty"
    assert refusal("a.png", picture).reason == "image"


# --- the promises to the rest of the house ------------------------------------------------------


ROOT = Path(__file__).parents[2]
MESSAGES = yaml.safe_load((ROOT / "copilot/translations/messages/readers.yaml").read_text("utf-8"))
ADAPTERS = ROOT / "copilot/adapters"
SOURCES = "\n".join(
    path.read_text("utf-8")
    for path in (*ADAPTERS.glob("readers/*.py"), *ADAPTERS.glob("sandbox/*.py"), ADAPTERS / "pictures.py")
)
REASONS = {key.removeprefix("unreadable.") for key in MESSAGES if key.startswith("unreadable.")}


def test_every_reason_that_the_readers_give_is_worded_in_both_languages_and_no_other() -> None:
    raised = {
        reason
        for call in re.findall(r"Unreadable\(([^)]*)", SOURCES)
        for reason in re.findall(r'"(\w+)"', call)
    }
    assert raised == REASONS
    warned = set(re.findall(r'"(image_only|pages_without_text|hidden_sheets)"', SOURCES))
    assert {f"warning.{name}" for name in warned} == {key for key in MESSAGES if key.startswith("warning.")}
    for wording in MESSAGES.values():
        assert set(wording) == {"en", "zh"} and all(wording.values())
        assert set(re.findall(r"{(\w+)}", wording["en"])) == set(re.findall(r"{(\w+)}", wording["zh"]))


def test_importing_the_readers_loads_no_parser() -> None:
    script = (
        "import sys, copilot.adapters.readers\n"
        "heavy = {'docx', 'pptx', 'openpyxl', 'pypdfium2', 'selectolax', 'lxml', 'yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
