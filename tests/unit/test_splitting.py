"""Sentences and passages: where they end, and that no character is lost on the way."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.materials import Document, Section
from copilot.domain.splitting import DEFAULT_SIZE, language_of, sentences, split

ZH, EN = Language.ZH, Language.EN

# Text with everything that makes sentences hard, so that the properties are tried where it hurts.
SCRAPS = [
    *"。！？；，、：…～!?.,;:~-—\"'“”‘’（）()《》【】[]{}*_ \n\t　",
    *"早上好茶友们满减元折一百二十",
    *[
        "128",
        "3.5",
        "1,299.00",
        "9:00",
        "2026-11-24",
        "7",
        "¥",
        "%",
        "Dr",
        "U.S",
        "p.m",
        "e.g",
        "tea",
        "We",
        "no",
    ],
    *["🎉", "☀️", "👉", "👨‍👩‍👧", "1️⃣", "https://a.cn/x?y=1", "me@tea.cn", "\u200b", "é", "e\u0301"],
]
texts = st.one_of(st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join), st.text(max_size=200))
languages = st.sampled_from(Language)


def said(text: str, language: Language) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("早上好！今天喝什么？云雾绿茶。", ["早上好！", "今天喝什么？", "云雾绿茶。"]),
        ("满 200 减 20；新人再减 5。", ["满 200 减 20；", "新人再减 5。"]),
        ("只要3.5折，1.299元起。快来", ["只要3.5折，1.299元起。", "快来"]),
        ("真的吗？！！太好了", ["真的吗？！！", "太好了"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("我想……算了。走吧", ["我想……算了。", "走吧"]),
        ("3～5天发货～ 欢迎", ["3～5天发货～", "欢迎"]),
        ("9:00～21:00 营业", ["9:00～21:00 营业"]),
        ("1.打开盖子。2.合上。", ["1.打开盖子。", "2.合上。"]),
        ("看 https://a.cn/x?y=1&z=2。快来", ["看 https://a.cn/x?y=1&z=2。", "快来"]),
    ],
)
def test_chinese_sentences_end_at_their_marks_and_numbers_and_links_do_not(
    text: str, expected: list[str]
) -> None:
    assert said(text, ZH) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“满减开始！”大家都来了。", ["他说：“满减开始！”", "大家都来了。"]),
        ("“真好喝！”她说。", ["“真好喝！”她说。"]),
        ("我们的“好喝！不贵！”口号。走", ["我们的“好喝！不贵！”口号。", "走"]),
        ("《你好，世界！》这本书不错。", ["《你好，世界！》这本书不错。"]),
        ("发货（偏远地区除外！）后通知。", ["发货（偏远地区除外！）后通知。"]),
        ("包邮（新疆除外。）明天截止。", ["包邮（新疆除外。）", "明天截止。"]),
        ('老板说"真香。"就走了', ['老板说"真香。"', "就走了"]),
    ],
)
def test_quotes_and_brackets_stay_with_their_sentence(text: str, expected: list[str]) -> None:
    assert said(text, ZH) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("早上好！☀️今天喝茶", ["早上好！☀️", "今天喝茶"]),
        ("早上好！ 🎉🎉", ["早上好！ 🎉🎉"]),
        ("快看！👉点这里", ["快看！", "👉点这里"]),
        ("快看！👇", ["快看！👇"]),
        ("！！！注意发货", ["！！！注意发货"]),
        ("好的！\n🎉🎉", ["好的！", "🎉🎉"]),
        ("好！👨‍👩‍👧 明天见", ["好！👨‍👩‍👧", "明天见"]),
    ],
)
def test_emoji_after_the_mark_belong_to_the_sentence_they_cheer(text: str, expected: list[str]) -> None:
    assert said(text, ZH) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Lee came. We had tea.", ["Dr. Lee came.", "We had tea."]),
        ("It is $3.50 now. Get it.", ["It is $3.50 now.", "Get it."]),
        ("Open at 9 a.m. Monday. Bring a cup.", ["Open at 9 a.m. Monday.", "Bring a cup."]),
        ("We close at 5 p.m. Come early.", ["We close at 5 p.m.", "Come early."]),
        ("The U.S. market grows. We like the U.S. It is big.", 3),
        ("Tea, e.g. Longjing, is fine. Order no. 5 has approx. 20 pcs. in it.", 2),
        ("hi all. welcome to the group.", ["hi all.", "welcome to the group."]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
        ('"Great!" she said. "Thanks."', ['"Great!" she said.', '"Thanks."']),
        ("It works (really.) Try it.", ["It works (really.)", "Try it."]),
        ("Steps: 1. Open it. 2. Close it.", ["Steps: 1. Open it.", "2. Close it."]),
        ("See www.tea.com. Then write to me@tea.com.", ["See www.tea.com.", "Then write to me@tea.com."]),
        ("Cups, pots, etc. Shipping is free.", ["Cups, pots, etc.", "Shipping is free."]),
        ("Take vitamin C. It helps.", ["Take vitamin C.", "It helps."]),
        ("Done. iPhone cases ship today.", ["Done.", "iPhone cases ship today."]),
        ("v2.0 is out! Get v2.1 at 9.30 tomorrow.", ["v2.0 is out!", "Get v2.1 at 9.30 tomorrow."]),
    ],
)
def test_english_abbreviations_and_decimals_do_not_end_a_sentence(
    text: str, expected: list[str] | int
) -> None:
    found = said(text, EN)
    assert (len(found) if isinstance(expected, int) else found) == expected


@given(texts, languages)
def test_sentences_cover_every_visible_character_once_and_in_order(text: str, language: Language) -> None:
    found = sentences(text, language)
    at = 0
    for start, end in found:
        assert at <= start < end
        assert not text[at:start].strip()
        sentence = text[start:end]
        assert sentence == sentence.strip()
        assert len(sentence.splitlines()) == 1
        at = end
    assert not text[at:].strip()


@given(texts, languages)
@example("早。🎉。早", Language.ZH)
def test_no_sentence_begins_with_what_closes_the_one_before(text: str, language: Language) -> None:
    for (_, before), (start, _) in pairwise(sentences(text, language)):
        if before == start:  # nothing but the cut between them
            assert text[start] not in "”’」』】）》。！？"
            assert not (text[before - 1].isdigit() and text[start].isdigit())


@given(
    st.lists(
        st.sampled_from(["早上好！", "今天喝茶。", "满 200 减 20；", "真的吗？"]), min_size=1, max_size=8
    )
)
def test_plain_sentences_come_back_as_they_were_put_in(parts: list[str]) -> None:
    assert said("".join(parts), ZH) == parts


def test_a_long_line_of_marks_takes_no_longer_than_its_length() -> None:
    text = (
        "! " * 20_000
        + "（" * 10_000
        + "他说：“好！”（真的！）" * 20_000
        + "）" * 10_000
        + " a@b.cn." * 10_000
    )
    assert sentences(text, ZH)[-1][1] == len(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("早上好，茶友们", ZH),
        ("Good morning, tea friends", EN),
        ("用 WeChat Work 发 SOP 日历", ZH),
        ("Longjing (龙井) is a green tea from Hangzhou", EN),
        ("iPhone 15 Pro Max 新品", ZH),
        ("", EN),
        ("🎉 128", EN),
    ],
)
def test_language_is_told_by_the_share_of_han(text: str, language: Language) -> None:
    assert language_of(text) is language


def document(*sections: Section) -> Document:
    return Document(title="t", sections=sections)


def bare(text: str) -> str:
    return "".join(text.split())


def test_neighbours_of_one_heading_become_one_passage_and_other_places_do_not() -> None:
    pieces = split(
        document(
            Section("早上好。", ("茶",), {"line": 3}),
            Section("今天喝茶。", ("茶",), {"line": 5}),
            Section("发货快。", ("物流",), {"line": 9}),
            Section("第二页。", (), {"page": 2}),
            Section("第三页。", (), {"page": 3}),
        ),
        ZH,
    )
    assert [(piece.text, piece.heading, dict(piece.locator)) for piece in pieces] == [
        ("早上好。\n今天喝茶。", ("茶",), {"line": 3}),
        ("发货快。", ("物流",), {"line": 9}),
        ("第二页。", (), {"page": 2}),
        ("第三页。", (), {"page": 3}),
    ]
    assert [piece.ordinal for piece in pieces] == [0, 1, 2, 3]


def row(fields: dict[str, str], marks: tuple[str, str] = ("：", "；"), **more: str) -> Section:
    text = marks[1].join(f"{name}{marks[0]}{value}" for name, value in fields.items())
    return Section(text, ("价目",), {"row": 2}, fields, **more)


def test_a_table_row_is_one_passage_with_its_fields_and_window() -> None:
    long = row({"品名": "茶" * 500}, valid_from="2026-11-24", valid_until="2026-11-30")
    other = Section("品名：杯", ("价目",), {"row": 3}, {"品名": "杯"})
    first, second = split(document(long, other), ZH)
    assert (first.text, first.fields, first.valid_from, first.valid_until) == (
        long.text,
        long.fields,
        "2026-11-24",
        "2026-11-30",
    )
    assert second.locator == {"row": 3} and second.valid_until is None


def test_a_row_too_long_to_be_read_is_cut_and_each_part_says_what_it_is_about() -> None:
    told = "云雾绿茶每盒128元，满两盒包邮。" * 60
    long = row({"品名": "云雾绿茶", "价格": "128 元", "说明": told, "产地": "青溪"}, valid_until="2026-11-30")
    parts = split(document(long), ZH)
    assert len(parts) > 2
    assert parts[0].text.startswith("品名：云雾绿茶；价格：128 元") and parts[-1].fields["产地"] == "青溪"
    for part in parts:
        assert part.fields["品名"] == "云雾绿茶"
        assert part.text == "；".join(f"{name}：{value}" for name, value in part.fields.items())
        assert len(part.text) <= DEFAULT_SIZE[ZH]
        assert (part.locator, part.valid_until) == ({"row": 2}, "2026-11-30")
    cut = [part.fields["说明"] for part in parts if "说明" in part.fields]
    assert all(value.endswith("。") for value in cut) and "".join(cut) == told
    assert sum("价格" in part.fields for part in parts) == 1, "only what names the row is said again"
    english = row({"Tea": "Longjing", "Notes": "It is picked by hand. " * 200}, (": ", "; "))
    assert all(part.text.startswith("Tea: Longjing; Notes: It ") for part in split(document(english), EN))
    odd = Section("anything " * 400, (), {"row": 2}, {"Tea": "Longjing"})
    assert [part.text for part in split(document(odd), EN)] == [odd.text.strip()]


@given(
    st.dictionaries(st.sampled_from(["品名", "价格", "说明", "a", "b c"]), texts.map(str.strip), min_size=1),
    languages,
    st.integers(4, 120),
)
def test_a_row_loses_no_cell_and_changes_no_order(
    fields: dict[str, str], language: Language, size: int
) -> None:
    filled = {name: value for name, value in fields.items() if value} or {"a": "b"}
    parts = split(document(row(filled)), language, size)
    lead = next(iter(filled))
    for name, value in filled.items():
        said = [part.fields[name] for part in parts if name in part.fields]
        repeated = name == lead and set(said) == {value}
        assert bare("".join(said)) == bare(value) or repeated
    assert [part.ordinal for part in parts] == list(range(len(parts)))
    assert all(part.text.strip() for part in parts)


def test_a_long_section_is_cut_at_sentences_in_parts_of_like_length_that_know_their_line() -> None:
    line = "云雾绿茶每盒128元，满两盒包邮。"
    pieces = split(document(Section("\n".join([line] * 60), (), {"line": 10})), ZH)
    assert all(piece.text.endswith("。") for piece in pieces)
    assert all(len(piece.text) <= DEFAULT_SIZE[ZH] for piece in pieces)
    assert min(len(piece.text) for piece in pieces) > DEFAULT_SIZE[ZH] / 2
    second = pieces[1]
    assert second.locator["line"] == 10 + len(pieces[0].text.split("\n"))


def test_a_sentence_over_the_limit_is_cut_at_clauses_then_between_words() -> None:
    clauses = split(document(Section("云雾绿茶很香，" * 30)), ZH, size=50)
    assert all(piece.text.endswith("，") and len(piece.text) <= 50 for piece in clauses)
    words = split(document(Section("tea " * 100)), EN, size=50)
    assert all(re.fullmatch("tea(?: tea)*", piece.text) for piece in words)


def test_one_endless_number_stays_whole() -> None:
    digits = "1234567890" * 20
    (piece,) = split(document(Section(digits)), ZH, size=50)
    assert piece.text == digits


@given(texts, languages, st.integers(1, 80))
def test_splitting_loses_and_changes_no_character(text: str, language: Language, size: int) -> None:
    pieces = split(document(Section(text)), language, size)
    assert bare("".join(piece.text for piece in pieces)) == bare(text)
    at = 0
    for piece in pieces:
        assert piece.text == piece.text.strip() != ""
        found = text.index(piece.text, at)
        assert not text[at:found].strip()
        at = found + len(piece.text)


@given(texts, languages, st.integers(1, 80))
def test_no_cut_falls_inside_a_number_or_a_character(text: str, language: Language, size: int) -> None:
    pieces = split(document(Section(text)), language, size)
    at = 0
    for before, after in pairwise(pieces):
        at = text.index(before.text, at) + len(before.text)
        if text.startswith(after.text, at):  # cut without white space between
            assert not (before.text[-1].isdigit() and after.text[0].isdigit())
            assert not re.search(r"\d[.,:]$", before.text) or not after.text[0].isdigit()
            assert after.text[0] not in "\u200d\ufe0f\u0301\u20e3"
            assert before.text[-1] != "\u200d"


@given(st.lists(st.tuples(texts, st.sampled_from([("a",), ("b",)])), max_size=6), st.integers(5, 200))
def test_merging_keeps_headings_and_order(parts: list[tuple[str, tuple[str, ...]]], size: int) -> None:
    sections = [Section(text, heading) for text, heading in parts]
    pieces = split(document(*sections), ZH, size)
    for heading in (("a",), ("b",)):
        put_in = "".join(section.text for section in sections if section.heading == heading)
        got_out = "".join(piece.text for piece in pieces if piece.heading == heading)
        assert bare(got_out) == bare(put_in)
    assert [piece.ordinal for piece in pieces] == list(range(len(pieces)))


def test_an_impossible_size_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="positive"):
        split(document(Section("茶")), ZH, 0)
