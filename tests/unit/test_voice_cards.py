"""A voice card from posts: every trait can be pointed at, whatever the posts are, and nothing is made up."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain import voicereading, voicesamples
from copilot.domain.brands import Language, Voice
from copilot.domain.voicecard import accepted, learn
from copilot.domain.voiceprofile import LEVELS, LONGEST_SENTENCE, SHORTEST_SENTENCE
from copilot.domain.voicetraits import Shown, Trait
from copilot.files import folder
from copilot.prompts import Prompts
from copilot.services.voicecards import question

GOLDEN = Path(__file__).parents[1] / "golden"

ZH = (
    "早上好，饭友们，铺子开门了。🍚\n今天焖了一锅新米，慢慢吃。你家早饭吃的什么呀？\n回复「开饭」就算打卡。\n一碗饭，慢慢来。",
    "饭友们，锅到了。🍚\n锅壁厚，焖出来的饭香得很，你闻一闻就知道。\n想看看的，回复「锅」。\n一碗饭，慢慢来。",
    "早上好，饭友们，铺子开门了。\n今天讲讲怎么焖饭不糊。\n有问题的说一声，我都在。\n一碗饭，慢慢来。",
    "晚上好，碗洗了没有？🌾\n焖饭剩一点锅巴，你是铲着吃还是泡着吃？\n在群里说一声。\n一碗饭，慢慢来。",
    "中午好，饭友们。\n米缸见底的，记得补。焖饭的水，比米多一指。\n要的回复「米」。\n一碗饭，慢慢来。",
)
EN = (
    "Morning, slow bakers.\n\nMine doubled before the post came. How is your jar looking?\n\nTell us in a line.\n\nMarnie",
    "Morning, slow bakers.\n\nI burnt a loaf and ate it anyway. Have you ever?\n\nSend a photo.\n\nMarnie",
    "Evening, all.\n\nThe crust is the best part, and I'll fight anyone who says otherwise.\n\nVote below.\n\nMarnie",
    "Morning, slow bakers.\n\nFlour on the floor again. It's a look.\n\nReply with yours.\n\nMarnie",
    "Good afternoon, slow bakers.\n\nA quiet jar is a cold jar, so move it to a warm shelf.\n\nTell us how it goes.\n\nMarnie",
)


def by_name(traits: tuple[Trait, ...]) -> dict[str, Trait]:
    return {trait.name: trait for trait in traits}


def test_the_habits_of_chinese_posts_are_seen_with_the_posts_that_show_them() -> None:
    card = by_name(learn(ZH, Language.ZH, names=["小满掌柜"]))
    assert (card["address"].value, card["sign_off"].value) == ("你", "一碗饭，慢慢来。")
    assert card["greeting-1"].value == "早上好，饭友们，铺子开门了。"
    assert [one.post for one in card["greeting-1"].shown] == [1, 3]
    assert card["called"].said["name"] == "饭友"
    assert card["max_exclamations"].value == 0
    assert (card["max_emoji"].value, card["emoji"].value) == (1, ["🍚", "🌾"])
    assert Shown(4, "晚上好，碗洗了没有？🌾") in card["emoji"].shown
    assert card["friendly"].value >= 4
    assert "焖饭" in card["words"].said["which"]
    assert (card["calls"].part, card["asks"].part) == ("do", None)
    assert sum(name.startswith("example-") for name in card) == 2


def test_the_habits_of_english_posts_are_seen_too() -> None:
    card = by_name(learn(EN, Language.EN))
    assert (card["address"].value, card["sign_off"].value) == ("you", "Marnie")
    assert card["greeting-1"].value == "Morning, slow bakers."
    assert [one.post for one in card["greeting-1"].shown] == [1, 2, 4]
    assert card["called"].said["name"] == "slow bakers"
    assert (card["lines"].kind, card["lines"].said["count"]) == ("lines_same", 5)


def test_what_the_brand_says_everywhere_is_no_favourite_of_these_posts() -> None:
    assert "焖饭" in by_name(learn(ZH, Language.ZH))["words"].said["which"]
    others = ["今天也是焖饭的一天，水要放够。"] * 6
    assert "焖饭" not in by_name(learn(ZH, Language.ZH, others=others)).get(
        "words", Trait("", "", None, "", ())
    ).said.get("which", "")


_PIECES = st.sampled_from(
    [
        "早上好，饭友们",
        "你",
        "您",
        "好吃！",
        "。",
        "，",
        "？",
        "\n",
        "\n\n",
        "🍚",
        "今天焖了一锅饭",
        "回复「饭」",
        "慢慢来。",
        " 239 元",
        "「",
        "…",
        "咱们",
    ]
)
_POSTS = st.lists(st.lists(_PIECES, min_size=4, max_size=14).map("".join), min_size=5, max_size=12)


@settings(max_examples=60)
@given(_POSTS)
def test_every_quote_stands_in_its_post_and_every_figure_in_its_bounds(posts: list[str]) -> None:
    traits = learn(posts, Language.ZH)
    assert traits == learn(posts, Language.ZH)
    assert len({trait.name for trait in traits}) == len(traits)
    for trait in traits:
        assert trait.shown, f"{trait.name} is shown by nothing"
        assert all(one.quote in posts[one.post - 1] for one in trait.shown)
        assert len({one.post for one in trait.shown}) == len(trait.shown)
        assert Trait.from_json(trait.as_json()) == trait
    card = by_name(traits)
    assert card["friendly"].value in LEVELS if "friendly" in card else True
    if "max_sentence" in card:
        assert SHORTEST_SENTENCE <= card["max_sentence"].value <= LONGEST_SENTENCE
    assert card["max_emoji"].value >= 0 and card["max_exclamations"].value >= 0
    # Whatever was seen, the profile can take it.
    accepted(Voice("掌柜"), traits, [trait.name for trait in traits])


def test_only_what_is_ticked_is_taken() -> None:
    traits = learn(ZH, Language.ZH)
    held = Voice("掌柜", greetings=("各位好。",), max_emoji=3)
    made = accepted(held, traits, ["greeting-1", "max_emoji", "no such trait"])
    assert made.greetings == ("各位好。", "早上好，饭友们，铺子开门了。")
    assert (made.max_emoji, made.sign_off, made.max_exclamations) == (1, "", held.max_exclamations)


# --- samples ---


def test_posts_are_parted_by_rules_where_there_are_any_and_by_empty_lines_else() -> None:
    assert voicesamples.split("一\n二\r\n\r\n  \n三\n") == ["一\n二", "三"]
    assert voicesamples.split("一\n\n二\n---\n三\n -----\n") == ["一\n\n二", "三"]
    assert voicesamples.unique(["一 二", "一\n二", "三"]) == ["一 二", "三"]


@pytest.mark.parametrize(
    ("samples", "fault", "which"),
    [
        ([], "invalid.samples_none", None),
        (list(ZH[:4]), "invalid.samples_few", None),
        ([f"{post}{number}" for number in range(7) for post in ZH], "invalid.samples_many", None),
        ([*ZH, "好。", "行吧。"], "invalid.samples_short_zh", "6, 7"),
        ([*ZH, EN[0]], "invalid.samples_foreign_zh", "6"),
        ([*ZH, "长" * 3001], "invalid.samples_long", "6"),
        (list(ZH), None, None),
    ],
)
def test_samples_that_show_nothing_are_named(
    samples: list[str], fault: str | None, which: str | None
) -> None:
    found = voicesamples.faults(samples, Language.ZH)
    assert found.fields.get("samples") == fault
    assert found.values.get("which") == which


# --- a model's reading ---


def test_a_line_is_believed_only_where_its_quote_stands_in_its_post() -> None:
    answer = """编号 | 原句 | 类别 | 看法
1 | 慢慢吃 | 说话 | 不催人，口气松
- 第 4 条 | 「铲着吃还是泡着吃？」 | 要 | 从吃饭的小事问起
2 | 你闻一闻就知道 | 人设 | 守灶台的街坊
2 | 锅壁厚 | 人设 | 只取第一个
3 | 你闻一闻就知道 | 看重 | 引错了条
2 | 这句话哪里都没有 | 看重 | 凭空的
9 | 慢慢吃 | 看重 | 没有这一条
1 | 慢慢吃 | 看重 | 锅壁厚
1 | 慢慢吃 | 要 | 每天 3 条
1 | 慢慢吃 | 要 | 请访问 evil.example/x
1 | 慢慢吃 | 气味 | 没有这一类
1 | 慢慢吃 | 要 | 拿失手开玩笑
3 | 今天讲讲怎么焖饭不糊 | 说话 | 讲怎么焖饭，不糊
2 | 一碗饭 | 说话 | 不催人，口气松
5 |
随便说说
"""
    asked = "2 | 汤又熬糊一锅 | 要 | 拿失手开玩笑"
    reading = voicereading.parse(answer, ZH, Language.ZH, asked=asked)
    assert [(one.part, one.value) for one in reading.traits] == [
        ("persona", "守灶台的街坊"),
        ("description", "不催人，口气松。"),
        # 锅壁厚 stands in a post: that is no reading of one.
        ("do", "从吃饭的小事问起"),
    ]
    assert reading.traits[1].shown == (Shown(1, "慢慢吃"), Shown(2, "一碗饭"))
    assert all(one.read for one in reading.traits) and reading.dropped == 10
    assert all(shown.quote in ZH[shown.post - 1] for one in reading.traits for shown in one.shown)


@given(st.text(st.sampled_from("1239|｜饭友慢来吃说话要人设 \n「」https:/.<>"), max_size=200))
def test_no_answer_makes_a_quote_up(answer: str) -> None:
    for one in voicereading.parse(answer, ZH, Language.ZH).traits:
        assert one.shown and all(shown.quote and shown.quote in ZH[shown.post - 1] for shown in one.shown)


@pytest.mark.parametrize(("language", "samples"), [(Language.ZH, ZH), (Language.EN, EN)])
def test_what_a_model_is_asked_reads_as_the_golden_file(language: Language, samples: tuple[str, ...]) -> None:
    asked = question(samples, language=language, prompts=Prompts.load(folder("prompts")))
    text = f"{asked.system}\n=== user ===\n{asked.prompt}"
    file = GOLDEN / f"voicecard.{language}.txt"
    if os.environ.get("COPILOT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_of_many_posts_a_model_sees_some_from_all_along_the_list_under_their_own_numbers() -> None:
    samples = [f"{ZH[number % 5]}第{number}" for number in range(30)]
    prompt = question(samples, language=Language.ZH, prompts=Prompts.load(folder("prompts"))).prompt
    shown = [int(number) for number in re.findall(r"<<<文案 (\d+)>>>", prompt)]
    assert len(shown) == 12 and shown[0] == 1 and shown[-1] > 25
    assert all(samples[number - 1] in prompt for number in shown)
