"""Files to documents: what each kind yields, and what is refused with which advice."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.adapters.readers import archive, read, tables
from copilot.adapters.readers.decoding import decode
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.printed import Line, fill, paragraphs
from copilot.errors import Unreadable

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


# --- office -------------------------------------------------------------------------------------


def docx_bytes(build: Callable[[Any], None]) -> bytes:
    import docx

    made = docx.Document()
    build(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def xlsx_bytes(build: Callable[[Any], None]) -> bytes:
    import openpyxl

    made = openpyxl.Workbook()
    build(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def pptx_bytes(build: Callable[[Any], None]) -> bytes:
    import pptx

    made = pptx.Presentation()
    build(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def tea_docx(made: Any) -> None:
    made.add_heading("品牌故事", 0)
    made.add_heading("起源", 1)
    made.add_paragraph("三代人守一座茶山。")
    table = made.add_table(rows=3, cols=3)
    for place, cells in enumerate(
        [("品名", "规格", "价格"), ("云雾", "100g", "128 元"), ("", "250g", "268 元")]
    ):
        for column, text in enumerate(cells):
            table.cell(place, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    made.add_heading("物流", 1)


def test_a_word_document_keeps_headings_and_rows_and_merged_cells() -> None:
    document = read("a.docx", docx_bytes(tea_docx))
    assert document.title == "品牌故事"
    assert [(section.heading, section.text) for section in document.sections] == [
        (("品牌故事", "起源"), "三代人守一座茶山。"),
        (("品牌故事", "起源"), "品名：云雾；规格：100g；价格：128 元"),
        (("品牌故事", "起源"), "品名：云雾；规格：250g；价格：268 元"),
        (("品牌故事",), "物流"),
    ]
    assert document.sections[2].fields == {"品名": "云雾", "规格": "250g", "价格": "268 元"}


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    from docx.oxml import parse_xml

    def build(made: Any) -> None:
        names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        made.add_paragraph("现价 ")._p.append(
            parse_xml(f"<w:ins {names} w:id='1' w:author='x'><w:r><w:t>128 元</w:t></w:r></w:ins>")
        )
        made.paragraphs[0]._p.append(
            parse_xml(f"<w:del {names} w:id='2' w:author='x'><w:r><w:delText>99 元</w:delText></w:r></w:del>")
        )

    assert [section.text for section in read("a.docx", docx_bytes(build)).sections] == ["现价 128 元"]


def picture() -> io.BytesIO:
    def chunk(kind: bytes, body: bytes) -> bytes:
        import zlib

        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    import zlib

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def test_files_of_pictures_say_so_instead_of_looking_empty() -> None:
    assert read("a.docx", docx_bytes(lambda made: made.add_picture(picture()))).warnings == ("image_only",)

    def slides(made: Any) -> None:
        slide = made.slides.add_slide(made.slide_layouts[6])
        slide.shapes.add_picture(picture(), 0, 0)

    assert read("a.pptx", pptx_bytes(slides)).warnings == ("image_only",)
    assert refusal("a.docx", docx_bytes(lambda made: None)).reason == "empty"
    assert refusal("a.png", picture().getvalue()).reason == "image"


def test_slides_have_titles_tables_groups_and_notes() -> None:
    from pptx.util import Inches

    def build(made: Any) -> None:
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = "云雾绿茶"
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "清明前采"
        table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
        for place, text in enumerate(("品名", "价格", "云雾", "128 元")):
            table.cell(place // 2, place % 2).text = text
        slide.notes_slide.notes_text_frame.text = "强调产地"
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = "谢谢"

    document = read("a.pptx", pptx_bytes(build))
    assert document.title == "云雾绿茶"
    assert [(section.heading, section.text, dict(section.locator)) for section in document.sections] == [
        (("云雾绿茶",), "清明前采", {"slide": 1}),
        (("云雾绿茶",), "品名：云雾；价格：128 元", {"slide": 1, "row": 2}),
        (("云雾绿茶",), "强调产地", {"slide": 1, "notes": True}),
        ((), "谢谢", {"slide": 2}),
    ]


def test_a_workbook_yields_rows_as_shown_without_hidden_sheets() -> None:
    def build(made: Any) -> None:
        sheet = made.active
        sheet.title = "价目"
        sheet["A1"] = "双十一价目表"
        sheet.append([])
        sheet.append(["品名", "价格", None, "折扣", "有效期止"])
        sheet.append(["云雾", 128.0, "含税", 0.85, datetime(2026, 11, 24)])
        sheet.append(["茶杯", 0.1 + 0.2, None, None, date(2026, 11, 30)])
        sheet["D4"].number_format = "0%"
        other = made.create_sheet("Sheet2")
        other.append(["门店", "电话"])
        other.append(["杭州", "0571-000"])
        hidden = made.create_sheet("成本")
        hidden.append(["品名", "成本"])
        hidden.append(["云雾", 40])
        hidden.sheet_state = "hidden"

    document = read("a.xlsx", xlsx_bytes(build))
    assert document.warnings == ("hidden_sheets",)
    assert [
        (section.heading, dict(section.locator), dict(section.fields)) for section in document.sections
    ] == [
        (
            ("价目", "双十一价目表"),
            {"sheet": "价目", "row": 4},
            {"品名": "云雾", "价格": "128", "C": "含税", "折扣": "85%", "有效期止": "2026-11-24"},
        ),
        (
            ("价目", "双十一价目表"),
            {"sheet": "价目", "row": 5},
            {"品名": "茶杯", "价格": "0.3", "有效期止": "2026-11-30"},
        ),
        ((), {"sheet": "Sheet2", "row": 2}, {"门店": "杭州", "电话": "0571-000"}),
    ]
    assert document.sections[0].valid_until == "2026-11-24"


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


# --- containers that must not be trusted --------------------------------------------------------


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


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


# --- PDF ----------------------------------------------------------------------------------------


def pdf_bytes(*pages: list[str]) -> bytes:
    """A PDF written by hand: a page is its lines, in Helvetica."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 40 800 Td\n{shown}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def test_a_pdf_is_read_page_by_page_even_when_it_is_called_docx() -> None:
    data = pdf_bytes(
        [
            "Tea of the house",
            "Longjing is picked by hand in the hills west of the lake and",
            "dried in a pan.",
        ],
        ["Ships in 2 days."],
    )
    document = read("care.docx", data)
    assert document.title == "care"
    assert [(section.locator["page"], section.text) for section in document.sections] == [
        (1, "Tea of the house"),
        (1, "Longjing is picked by hand in the hills west of the lake and dried in a pan."),
        (2, "Ships in 2 days."),
    ]


def test_page_numbers_go_and_a_running_head_stays_once() -> None:
    pages = [
        ["Tea care guide", f"Rule {name} of the house.", str(place)] for place, name in enumerate("ABCD", 1)
    ]
    document = read("a.pdf", pdf_bytes(*pages))
    assert [section.text for section in document.sections] == [
        "Tea care guide",
        *(f"Rule {name} of the house." for name in "ABCD"),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["云雾绿茶采自海拔八百米的高山茶园，每年只采清明前后的一", "芽一叶，手工炒制。"],
            ["云雾绿茶采自海拔八百米的高山茶园，每年只采清明前后的一芽一叶，手工炒制。"],
        ),
        (["全场满 200 减 20，另送定制茶杯一只，每人限领一份，送完即", "止。", "", "物流"], 2),
        (["商品编码 数量 商品名称和它的规格说明", "334010052 2.18 华联绿豆", "334010053 0.5 红豆"], 3),
        (
            ["Steep for three minutes in water that is just off the boil, then", "1. pour it", "2. drink it"],
            3,
        ),
        (["A tea that is grown in the mist of high hills tastes won\ufffe", "derful."], 1),
    ],
)
def test_layout_breaks_are_taken_out_and_lists_and_tables_left_alone(
    lines: list[str], expected: list[str] | int
) -> None:
    found = paragraphs(lines)
    assert (len(found) if isinstance(expected, int) else found) == expected
    assert "".join("".join(lines).replace("\ufffe", "").split()) == "".join("".join(found).split())


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


# --- what only a closer look finds --------------------------------------------------------------


def sheet_bytes(*rows: list[Any], merge: tuple[str, ...] = ()) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_several_tables_of_a_sheet_keep_their_own_headers() -> None:
    data = sheet_bytes(
        ["品名", "价格"],
        ["云雾", 128],
        [],
        ["毛尖", 98],
        [],
        ["物流"],
        ["地区", "天数"],
        ["华东", 2],
    )
    assert [
        (section.heading, section.text, section.locator["row"]) for section in read("a.xlsx", data).sections
    ] == [
        ((), "品名：云雾；价格：128", 2),
        ((), "品名：毛尖；价格：98", 4),
        (("物流",), "地区：华东；天数：2", 8),
    ]


def test_a_header_merged_over_columns_names_each_of_them() -> None:
    data = sheet_bytes(
        ["春季价目"],
        ["品名", "价格", None, "备注"],
        [None, "会员", "原价", None],
        ["云雾", 108, 128, "限购"],
        merge=("A2:A3", "B2:C2", "D2:D3"),
    )
    [row] = read("a.xlsx", data).sections
    assert row.fields == {"品名": "云雾", "价格 会员": "108", "价格 原价": "128", "备注": "限购"}
    assert (row.heading, row.locator["row"]) == (("春季价目",), 4)
    words = sheet_bytes(["问", "答"], ["怎么泡", None], ["多久", "三分钟"], ["几度", "八十五度"])
    assert [row.text for row in read("a.xlsx", words).sections] == [
        "问：怎么泡",
        "问：多久；答：三分钟",
        "问：几度；答：八十五度",
    ]


def test_a_csv_cell_may_hold_lines_and_quotes() -> None:
    document = read("a.csv", '品名,说明\n云雾,"第一行\n第二行，""好茶"""\n毛尖,短\n'.encode("gb18030"))
    assert [(section.fields["说明"], section.locator["line"]) for section in document.sections] == [
        ('第一行\n第二行，"好茶"', 2),
        ("短", 4),
    ]


def test_tables_within_tables_and_page_headers_are_read() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "青溪茶社 内部资料"
        document.sections[0].footer.paragraphs[0].text = "第 1 页"
        document.add_paragraph("正文。")
        frame = document.add_table(rows=1, cols=1)
        inner = frame.cell(0, 0).add_table(rows=3, cols=2)
        outer = document.add_table(rows=2, cols=2)
        nested = outer.cell(1, 1).add_table(rows=2, cols=2)
        for table, rows in (
            (inner, ["品名", "价格", "云雾", "128 元", "毛尖", "98 元"]),
            (outer, ["地区", "运费", "华东", ""]),
            (nested, ["重量", "价格", "一公斤", "8 元"]),
        ):
            cells = [cell for row in table.rows for cell in row.cells]
            for cell, text in zip(cells, rows, strict=True):
                if text:
                    cell.paragraphs[0].text = text

    sections = read("a.docx", docx_bytes(build)).sections
    assert [section.text for section in sections] == [
        "正文。",
        "品名：云雾；价格：128 元",
        "品名：毛尖；价格：98 元",
        "地区：华东；运费：重量：一公斤；价格：8 元",
        "青溪茶社 内部资料",
    ]


def pptx_with_chart() -> bytes:
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "销量"
    figures = CategoryChartData()
    figures.categories = ["一季度", "二季度"]
    figures.add_series("云雾", (120, 98.5))
    figures.add_series("毛尖", (80, None))
    chart = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(4), Inches(3), figures
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "门店销量"
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def test_a_chart_is_read_as_the_table_it_draws() -> None:
    document = read("a.pptx", pptx_with_chart())
    assert [(section.heading, section.text, section.locator) for section in document.sections] == [
        (("销量", "门店销量"), "类别：一季度；云雾：120；毛尖：80", {"slide": 1, "row": 2}),
        (("销量", "门店销量"), "类别：二季度；云雾：98.5", {"slide": 1, "row": 3}),
    ]


DIAGRAM = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst>
<dgm:pt modelId="1" type="doc"/>
<dgm:pt modelId="2"><dgm:t><a:p><a:r><a:t>采</a:t></a:r><a:r><a:t>摘</a:t></a:r></a:p></dgm:t></dgm:pt>
<dgm:pt modelId="3"><dgm:t><a:p><a:r><a:t>炒制</a:t></a:r></a:p></dgm:t></dgm:pt>
<dgm:pt modelId="4" type="pres"><dgm:t><a:p><a:r><a:t>排版</a:t></a:r></a:p></dgm:t></dgm:pt>
</dgm:ptLst></dgm:dataModel>"""
SMART_ART = (
    '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="d"/><p:cNvGraphicFramePr/><p:nvPr/>'
    '</p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="1" cy="1"/></p:xfrm><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:r="http://schemas.openxml'
    'formats.org/officeDocument/2006/relationships" r:dm="rId77"/></a:graphicData></a:graphic></p:graphicFrame>'
)


def test_smart_art_is_read_point_by_point() -> None:
    def draw(members: dict[str, bytes]) -> None:
        slide = next(name for name in members if name.startswith("ppt/slides/slide"))
        members[slide] = members[slide].replace(b"</p:spTree>", SMART_ART.encode() + b"</p:spTree>")
        links = slide.replace("slides/", "slides/_rels/") + ".rels"
        members[links] = members[links].replace(
            b"</Relationships>",
            b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/diagramData" Target="../diagrams/data1.xml"/></Relationships>',
        )
        members["ppt/diagrams/data1.xml"] = DIAGRAM.encode()
        members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
            b"</Types>",
            b'<Override PartName="/ppt/diagrams/data1.xml" ContentType="application/vnd.openxmlformats-'
            b'officedocument.drawingml.diagramData+xml"/></Types>',
        )

    sections = read("a.pptx", repacked(pptx_with_chart(), draw)).sections
    assert ("采摘\n炒制", {"slide": 1}) in [(section.text, dict(section.locator)) for section in sections]


def test_a_pdf_has_the_headings_that_its_letters_show() -> None:
    large = ") Tj /F1 20 Tf (Guide to tea) Tj /F1 10 Tf ("
    data = pdf_bytes([large, "Use water just off the boil."], ["Wait for three minutes."])
    assert [(section.heading, section.locator["page"]) for section in read("a.pdf", data).sections] == [
        (("Guide to tea",), 1),
        (("Guide to tea",), 2),
    ]


def printed(*lines: tuple[float, str]) -> list[tuple[tuple[str, ...], str]]:
    outline = Outline()
    fill(outline, [[Line(text, size) for size, text in lines]])
    return [(section.heading, section.text) for section in outline.finish()]


def test_larger_letters_are_headings_and_posters_have_none() -> None:
    assert printed(
        (20, "Guide to tea"),
        (14, "How to steep it and"),
        (14, "for how long"),
        (11, "Use water off the boil."),
        (14, "￥128"),
        (11, "Wait for three minutes."),
        (14, "Storage"),
        (11, "Keep it dry."),
        (11, "Keep it cool."),
        (11, "Keep it closed."),
        (11, "Drink it soon."),
    ) == [
        (("Guide to tea", "How to steep it and for how long"), "Use water off the boil."),
        (("Guide to tea", "How to steep it and for how long"), "￥128"),
        (("Guide to tea", "How to steep it and for how long"), "Wait for three minutes."),
        *(
            (("Guide to tea", "Storage"), f"{what}.")
            for what in ("Keep it dry", "Keep it cool", "Keep it closed")
        ),
        (("Guide to tea", "Storage"), "Drink it soon."),
    ]
    assert printed((40, "SPRING SALE"), (30, "All teas"), (11, "in our shop")) == [
        ((), "SPRING SALE"),
        ((), "All teas"),
        ((), "in our shop"),
    ]


def test_a_printed_table_keeps_rows_with_headers_only_where_that_is_sure() -> None:
    sure = printed(
        (0, "编号 数量 商品"), (0, "3340 2.18 绿豆"), (0, "3341 0.5 红豆"), (0, "以上为本周到货。")
    )
    assert [text for _, text in sure] == [
        "编号：3340；数量：2.18；商品：绿豆",
        "编号：3341；数量：0.5；商品：红豆",
        "以上为本周到货。",
    ]
    unsure = printed((0, "编号 数量 商品"), (0, "3340 2.18 绿豆 3341 0.5 红豆"), (0, "3342 7 黑豆"))
    assert unsure[0][1] == "编号 数量 商品"
