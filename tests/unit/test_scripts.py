"""Scripts: staff speak openly as staff, never as customers, and say nothing that the post does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.adapters.llm.composer.followups import compose, steps
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.columns import Form
from copilot.domain.posing import Pose, is_members_role, posing
from copilot.domain.scripts import (
    Cue,
    Line,
    Speaker,
    gives_away,
    in_order,
    introduced,
    is_too_long,
    said_anew,
    unnamed,
)

ZH = Brand(1, "hearth", "小灶", "Asia/Shanghai", Language.ZH, "饭友", ("小灶陶锅",))
EN = Brand(2, "slow", "Slow", "Europe/London", Language.EN, "slow bakers", ("Keeper Jar",))
BRANDS = {Language.ZH: ZH, Language.EN: EN}
VOICES = {
    Language.ZH: Voice("小满掌柜", address="您", emoji=("🍚",), sign_off="慢慢来。"),
    Language.EN: Voice("Marnie", address="you", max_emoji=0, sign_off="Marnie"),
}
CAST = {
    Language.ZH: (Speaker("阿穗", "小助手"), Speaker("周航", "店长")),
    Language.EN: (Speaker("Tom", "warden"), Speaker("Grace", "bench lead")),
}
POSTS = {
    Language.ZH: "下午好，饭友。\n小灶陶锅的会员价是 239 元，活动到 12月10日截止。\n回复「看看」细看。\n慢慢来。",
    Language.EN: "Good afternoon.\nThe Keeper Jar is £18 until 9 December.\nReply to this message to hear more.\nMarnie",
}
CALLS = {Language.ZH: "回复「看看」细看。", Language.EN: "Reply to this message to hear more."}
PROSE = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Zs"]), max_size=60)

SAID = {
    Pose.BUYER: ("我买了两罐", "我也刚下单了", "上次回购的还没吃完", "我家昨天又入手一个", "I bought two of these", "I’ve just ordered", "My last order was the blue one"),
    Pose.MEMBER: ("作为老顾客说一句", "我也是饭友", "As a customer I can say", "I'm a slow baker myself", "us members know"),
    Pose.PRAISE: ("我用了两个月真好用", "亲测有效", "孩子每天吃着都说好吃", "I have used mine daily and love it", "I swear by it", "Highly recommend? I would recommend"),
    Pose.ORDER: ("给我留一份", "求链接", "我要两罐", "多少钱呀？", "I'll take two", "put me down for one", "Where can I buy this?"),
    Pose.CROWD: ("已经抢了三单", "只剩 3 份了", "手慢无", "好多饭友都下单了", "Only three left", "selling fast", "Ten people have already ordered"),
}  # fmt: skip
OPEN = (
    "还没投的饭友，回一个选项就算一票。",
    "想买的饭友先把条件看清。",
    "大家都来投一票。",
    "一人投一票，别多投。",
    "我来数票，你说说为什么选它。",
    "不用排长龙，也不用着急。",
    "我去问清楚再回你。",
    "Not voted yet? One letter is a vote.",
    "If you bought one and it came cracked, tell me.",
    "There is no hurry.",
    "Ask me how much flour it takes.",
    "What members ask, I answer.",
)


def language_of(text: str) -> Language:
    return Language.EN if text.isascii() or "’" in text else Language.ZH


@pytest.mark.parametrize(("pose", "text"), [(pose, text) for pose, said in SAID.items() for text in said])
def test_what_only_a_customer_could_say_is_refused(pose: Pose, text: str) -> None:
    language = language_of(text)
    found = posing(text, language, BRANDS[language].members_called)
    assert f"posing.{pose}" in {finding.rule for finding in found}
    assert all(finding.text == text[finding.start : finding.end] for finding in found)


@pytest.mark.parametrize("text", OPEN)
def test_what_staff_may_say_is_let_through(text: str) -> None:
    language = language_of(text)
    assert posing(text, language, BRANDS[language].members_called) == ()


@given(PROSE, st.sampled_from([text for said in SAID.values() for text in said]), PROSE)
def test_nothing_said_around_a_pose_hides_it(before: str, pose: str, after: str) -> None:
    language = language_of(pose)
    members = BRANDS[language].members_called
    assert posing(f"{before}\n{pose}\n{after}", language, members)


@pytest.mark.parametrize(
    ("role", "is_theirs"),
    [("店长", False), ("会员运营", False), ("客服", False), ("老顾客", True), ("资深饭友", True),
     ("customer care", False), ("warden", False), ("happy customer", True), ("slow baker", True)],
)  # fmt: skip
def test_nobody_is_shown_with_a_role_that_members_have(role: str, is_theirs: bool) -> None:
    assert is_members_role(role, EN.members_called if role.isascii() else ZH.members_called) is is_theirs


@given(
    st.lists(
        st.builds(Line, st.sampled_from(CAST[Language.ZH]), st.integers(0, 240), st.text("好的店长阿穗周航来", min_size=1)),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip
def test_everybody_says_who_they_are_when_they_first_speak(lines: list[Line]) -> None:
    said = introduced(lines, Language.ZH)
    assert unnamed(said) == ()
    assert introduced(said, Language.ZH) == said
    assert [line.minutes for line in said] == sorted(line.minutes for line in lines)
    kept = zip(in_order(lines), said, strict=True)
    assert all(after.text.endswith(before.text) for before, after in kept)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("form", list(Form))
def test_every_form_has_its_lines_in_a_voice_of_its_own(form: Form, language: Language) -> None:
    brand, voice = BRANDS[language], VOICES[language]
    seen = set()
    for seed in range(6):
        made = compose(
            POSTS[language],
            CAST[language],
            brand=brand,
            voice=voice,
            form=form,
            call=CALLS[language],
            seed=seed,
        )
        lines = [cue.line for cue in made]
        assert 3 <= len(lines) <= 5 and list(in_order(lines)) == lines and unnamed(lines) == ()
        assert len({line.minutes for line in lines}) == len(lines)
        for line in lines:
            assert posing(line.text, language, brand.members_called) == (), line.text
            assert not is_too_long(line.text, language) and "{" not in line.text
            assert "你" not in line.text and "!" not in line.text and "！" not in line.text
        assert not any("{" in cue.aim for cue in made)
        again = compose(
            POSTS[language],
            CAST[language],
            brand=brand,
            voice=voice,
            form=form,
            call=CALLS[language],
            seed=seed,
        )
        assert again == made
        seen.add(tuple(line.text for line in lines))
    assert len(seen) > 2


def test_the_posts_own_sentences_are_said_again_where_the_form_needs_them() -> None:
    made = compose(
        POSTS[Language.ZH], CAST[Language.ZH], brand=ZH, voice=VOICES[Language.ZH], form=Form.OFFER,
        call=CALLS[Language.ZH], seed=0,
    )  # fmt: skip
    said = " ".join(cue.line.text for cue in made)
    assert "12月10日截止" in said and CALLS[Language.ZH] in said
    bare = compose(
        "下午好。", CAST[Language.ZH], brand=ZH, voice=VOICES[Language.ZH], form=Form.OFFER, call="", seed=0
    )
    assert len(bare) == len(made) and not any(
        figure in " ".join(cue.line.text for cue in bare) for figure in "0123456789"
    )


QUIZ = "小灶陶锅煮一杯米要几分钟？\nA. 10 分钟\nB. 12 分钟\nC. 30 分钟\n答案稍后公布。"


@pytest.mark.parametrize(
    ("text", "tells"),
    [("答案是 C", True), ("别急，30 分钟那个也想想", True), ("该选 B", True), ("答案公布的时候我来喊你", False), ("选一个回在群里", False)],
)  # fmt: skip
def test_a_quiz_keeps_its_answer(text: str, tells: bool) -> None:
    assert gives_away(text, QUIZ, Form.QUIZ, Language.ZH) is tells
    assert not gives_away(text, QUIZ, Form.TOPIC, Language.ZH)


CUES = (
    Cue(Line(CAST[Language.ZH][0], 5, "还没投的投一票。"), "提醒没投的人投一票"),
    Cue(Line(CAST[Language.ZH][1], 30, "说说为什么。"), "请投了的人说说缘由"),
)


def test_a_models_rows_are_taken_only_as_they_were_asked_for() -> None:
    answer = """好的，以下是跟帖：
分钟 | 名字 | 说的话
- 5 | 阿穗 | 「票箱开着，随手一投。」
5 | 阿穗 | 第二遍不算
30 分钟 ｜ 周航 ｜ 请投了的人说说缘由。
30 | 阿穗 | 换了个人
45 | 周航 | 没有安排的时间
30 | 周航
"""
    assert said_anew(answer, CUES) == {5: "票箱开着，随手一投。"}
    assert said_anew(answer, CUES, asked="你就写：票箱开着，随手一投。") == {5: "第二遍不算"}


@pytest.mark.parametrize("text", ["请投了的人说说缘由吧", "好的，我先开口了。", "Sure, I will say so."])
def test_a_row_that_only_answers_whoever_asked_says_nothing(text: str) -> None:
    assert said_anew(f"30 | 周航 | {text}", CUES) == {}


@given(st.text(max_size=200))
def test_whatever_a_model_answers_only_cues_get_words(answer: str) -> None:
    assert set(said_anew(answer, CUES)) <= {5, 30}


@given(st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=40))
def test_a_row_that_keeps_the_contract_is_taken_to_the_letter(text: str) -> None:
    assert said_anew(f"30 | 周航 | {text}", CUES) == {30: text}


def test_each_step_says_what_it_is_for() -> None:
    for language in Language:
        for form in Form:
            told = steps(form, language)
            assert len({step.aim for step in told}) == len(told)
            assert [step.after for step in told] == sorted(step.after for step in told)


def test_an_introduction_reads_well_whatever_the_role() -> None:
    for role, said in (
        ("warden", "Tom here, the warden. "),
        ("from the kitchen", "Tom here, from the kitchen. "),
    ):
        (line,) = introduced([Line(replace(CAST[Language.EN][0], role=role), 1, "Hello.")], Language.EN)
        assert line.text == f"{said}Hello."
