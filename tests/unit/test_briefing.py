"""A model's answer becomes copy: markers, fences and preambles go, and every ordinary word stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.services.briefing import CopyStream, clean


def streamed(*deltas: str) -> str:
    stream = CopyStream()
    return "".join([*(stream.feed(delta) for delta in deltas), stream.flush()])


MARKED = [
    ("锅壁厚 9 毫米[1]。", "锅壁厚 9 毫米。"),
    ("锅壁厚 9 毫米。[1][2]\n慢慢凉【3】", "锅壁厚 9 毫米。\n慢慢凉"),
    ("It weighs 2.4 kg [1]. It fits [2, 3] a shelf. [4]", "It weighs 2.4 kg. It fits a shelf."),
    ("早 [1、2] 安［12］。", "早 安。"),
    ("[1] Morning.\n[2]Feed it.", "Morning.\nFeed it."),
    ("离火 40 分钟[素材1]，还热（素材 2）。", "离火 40 分钟，还热。"),
    ("It keeps [passage 2] well (Passage 3).", "It keeps well."),
    ("Left as told [n].", "Left as told."),
    ("<<<素材 1>>>饭还热<<<素材 1 完>>>", "饭还热"),
]
ORDINARY = [
    "收到[抱拳]，[强]！",
    "See [link] and [1 of 3] and [2026].",
    "迟禾新米（150 克）配 180 毫升水 [",
    "a < b << c, 3 <3",
    "（1）先泡米",
    "[]【】 [图片]",
    "array[i] [source: here] [1.5]",
    "晚上好 👩‍🍳\n\n  饭好了",
]


@pytest.mark.parametrize(("marked", "plain"), MARKED)
def test_markers_go_however_they_are_cut_into_deltas(marked: str, plain: str) -> None:
    assert streamed(marked) == plain
    assert streamed(*marked) == plain
    for cut in range(len(marked)):
        assert streamed(marked[:cut], marked[cut:]) == plain


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_brackets_stay_to_the_letter(text: str) -> None:
    assert streamed(text) == text
    assert streamed(*text) == text


@given(
    st.lists(st.sampled_from([*"饭a 1[]【】(),\n<>", "[1]", " [2, 3]", "素材", "[抱拳]"]), max_size=24),
    st.data(),
)
def test_the_cuts_between_deltas_never_matter(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    deltas = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert streamed(*deltas) == streamed(text)


@given(st.text(alphabet=st.characters(exclude_characters="[]【】［］()（）<>", exclude_categories=["Cs"])))
def test_text_without_brackets_passes_whole_but_for_space_at_its_end(text: str) -> None:
    assert streamed(*text) == text.rstrip(" \t\u3000")


def test_only_what_may_become_a_marker_waits() -> None:
    stream = CopyStream()
    assert stream.feed("饭还热[") == "饭还热"
    assert stream.feed("1") == ""
    assert stream.feed("]。") == "。"
    assert stream.feed("收到[抱") == "收到[抱"


@pytest.mark.parametrize(
    ("answer", "copy"),
    [
        (
            '```json\n{"title": "早", "copy": "早，灶上的水刚开。[1]\\n开饭。"}\n```',
            "早，灶上的水刚开。\n开饭。",
        ),
        ('["Morning."]', "Morning."),
        ("铺子开门了。 稻子慢慢长[1]。。煮饭要 30 分钟。", "铺子开门了。稻子慢慢长。煮饭要 30 分钟。"),
        ("```\n早，灶上的水刚开。\n```", "早，灶上的水刚开。"),
        ("```text\nMorning.\n\nFeed it [1].\n```\n", "Morning.\n\nFeed it."),
        ("「早，灶上的水刚开。」", "早，灶上的水刚开。"),
        ('"Morning, slow bakers."', "Morning, slow bakers."),
        ("好的，以下是为您写的文案：\n\n早，灶上的水刚开。", "早，灶上的水刚开。"),
        ("早，灶上的水刚开。好的，我明白了。", "早，灶上的水刚开。"),
        ("Understood.\nMorning.", "Morning."),
        ("文案：早，灶上的水刚开。", "早，灶上的水刚开。"),
        ("修改后的文案：\n早。", "早。"),
        ("Sure! Here is the post:\n\nMorning.", "Morning."),
        ("Here's your post for Slack:\nMorning.", "Morning."),
        ("## 早安\n**小灶陶锅**到了\n---\n- 一只一盒", "早安\n小灶陶锅到了\n一只一盒"),
        ("早。\n\n（字数：88字）", "早。"),
        ("Morning.\n\n(Word count: 88)", "Morning."),
        ("<think>先想想</think>\n早。", "早。"),
        ("想着想着</think>早。", "早。"),
        (
            "锅壁热得慢，凉得也慢。\n锅壁热得慢，凉得也慢！\n好吃。好吃。",
            "锅壁热得慢，凉得也慢。\n\n好吃。好吃。",
        ),
        ("早（[1]）。  \n\n\n\n晚。", "早。\n\n晚。"),
    ],
)
def test_what_a_model_wraps_around_copy_is_taken_off(answer: str, copy: str) -> None:
    assert clean(answer) == copy


@pytest.mark.parametrize(
    "copy",
    [
        "早，灶上的水刚开。\n你早上吃的什么？回复「开饭」晒一晒 🍚",
        "「开饭」打卡第 3 天，回复「开饭」",
        '"Slow" is the word, says Priya: "good".',
        "灶边问答：关火以后要焖几分钟？\nA. 5 分钟  B. 15 分钟\n收到请回[抱拳]",
        "#迟禾新米# 到货了，3*2 袋，1.5-2 千克",
        "福利如下：\n下饭三小罐 49 元一组。",
        "Good afternoon, slow bakers:\nthe oven is on.",
        '{"a": 1}',
        '{"a": "早", "b": "晚"}',
        "[抱拳] 早",
        "这是我家的第三锅饭。\n好吃：真的。",
        "收到的饭友说一声。明白你的心意。",
        "I got it. Understood by every baker.",
    ],
)
def test_copy_that_is_only_copy_is_left_alone(copy: str) -> None:
    assert clean(copy) == copy


def test_names_of_parts_that_a_model_wrote_at_the_head_of_lines_go() -> None:
    answer = "【福利周五】\n中午好。\n价格与数量：49 元一组。\nanswer rule: one letter.\n说到价格与数量：都在这里。"
    plain = "中午好。\n49 元一组。\none letter.\n说到价格与数量：都在这里。"
    assert clean(answer, ("福利周五", "价格与数量", "answer_rule")) == plain
    assert clean(plain) == plain


@given(st.text())
def test_cleaning_never_fails(text: str) -> None:
    clean(text)
