"""Word, slides, workbooks and PDFs to documents: their headings, their rows, and the order of reading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from copilot.adapters.readers import read
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.printed import Line, fill, paragraphs
from tests.documents import docx_bytes, pdf_bytes, pptx_bytes, repacked, tea_docx, xlsx_bytes

# --- Word ---------------------------------------------------------------------------------------


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


# --- slides -------------------------------------------------------------------------------------


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


def pptx_with_chart() -> bytes:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    def build(deck: Any) -> None:
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

    return pptx_bytes(build)


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


# --- workbooks ----------------------------------------------------------------------------------


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


def sheet_bytes(*rows: list[Any], merge: tuple[str, ...] = ()) -> bytes:
    def build(book: Any) -> None:
        for row in rows:
            book.active.append(row)
        for area in merge:
            book.active.merge_cells(area)

    return xlsx_bytes(build)


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


# --- PDF ----------------------------------------------------------------------------------------


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
