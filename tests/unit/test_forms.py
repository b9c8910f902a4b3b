"""What a post of each form must have, in both languages, and what only counts the form itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot import wording
from copilot.domain.brands import Language
from copilot.domain.checks.structure import structure
from copilot.domain.columns import Form
from copilot.domain.findings import Severity, Verdict
from copilot.domain.forms import STRUCTURE, Part, missing_parts, numbering, operator_note, quiz_options
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.grounding.options import settled
from copilot.domain.longforms import article, shots
from copilot.domain.materials import Kind, Source
from copilot.domain.messages import Message

ZH, EN = Language.ZH, Language.EN
AT = datetime(2026, 11, 27, 21, tzinfo=ZoneInfo("Asia/Shanghai"))

SCRIPT = """镜头一（5 秒）｜画面：一只手把灯放上桌。｜口播：晚上好，来看松影台灯。
镜头二（7 秒）｜画面：灯臂慢慢转过来。｜口播：松影台灯的灯臂可以转 270 度，侧躺着看书也照得到。
镜头三（4 秒）｜画面：灯暗下来。｜口播：想看下回拍什么，说一声。"""
ARTICLE = """The Wren Pot in plain words
Digest: What the pot is like, and how to keep it.

Good evening, neighbours. This takes a few minutes.

What it is like
The Wren Pot has walls with fine pores. It sits 1 cm above its saucer.

How to use it

Soak a new Wren Pot for 20 minutes.

Thank you for reading."""

WHOLE = [
    (Form.CHECK_IN, ZH, "早，邻居们。今天也来报个到，说一句就算打卡。"),
    (Form.CHECK_IN, EN, "Morning, neighbours. Say hello in one line, and you are in."),
    (Form.TOPIC, ZH, "松影台灯放在惯用手的对面。你家的灯放在哪边？"),
    (Form.TOPIC, EN, "Heavy books go low. Where do you keep yours?"),
    (Form.QUIZ, ZH, "空着的该填多少？\n泡水 ＿＿ 分钟。\nA. 15 分钟\nB. 20 分钟\nC. 30 分钟\n答案稍后在群里揭晓。"),
    (Form.QUIZ, EN, "Which number is missing?\nA. 10 B. 20 C. 30\nThe answer comes later."),
    (Form.POLL, ZH, "你把票投给谁？\n1️⃣ 台灯\n2️⃣ 花盆"),
    (Form.POLL, EN, "Which would you keep?\nA. The lamp\nB. The pot\nC. The shelf\nD. The hook"),
    (Form.OFFER, ZH, "半亩花盆会员价 89 元，12月1日截止，每人限 2 只。"),
    (Form.OFFER, EN, "Neighbours pay £14 for a Wren Pot until 3 December."),
    (Form.WELCOME, ZH, "欢迎新邻居，进群领一张新人券。群里请勿发广告。"),
    (Form.WELCOME, EN, "Welcome. There are 100 points in your account. The rules: be kind."),
    (Form.ANNOUNCEMENT, ZH, "【群公告】搬仓\n各位邻居，11月30日起仓库搬家，要改地址的请私聊阿宁。"),
    (Form.ANNOUNCEMENT, EN, "Notice: open day\nNeighbours, the workshop opens on 29 November. Please bring a jar."),
    (Form.SOLITAIRE, ZH, "阿宁起头：「细水长流」。接“流”字，同音也算。"),
    (Form.SOLITAIRE, EN, "I begin with “kettle”. The next word begins with E."),
    (Form.DICE, ZH, "发个骰子表情。\n一点、二点：说件小事。\n三点、四点：夸夸上一位。\n五点、六点：听阿宁说。"),
    (Form.DICE, EN, "Roll a die.\nOne or two: say hello.\nThree or four: name a song.\nFive or six: listen."),
    (Form.LOTTERY, ZH, "抽 3 位送竹饭勺，留言就算参加，周五晚上当众抽签公布。"),
    (Form.LOTTERY, EN, "One name wins a jar. Write a line here to enter, and I draw it on Friday."),
    (Form.RED_ENVELOPE, ZH, "红包里装着一条小窍门，口令是「松影台灯」。"),
    (Form.RED_ENVELOPE, EN, "There is a tip in this envelope. The password is “Wren Pot”."),
    (Form.PHOTO_REWARD, ZH, "拍一张你家的花盆，发在群里。"),
    (Form.PHOTO_REWARD, EN, "Take a photo of your pot and post it in the thread."),
    (Form.VIDEO_SCRIPT, ZH, SCRIPT),
    (
        Form.VIDEO_SCRIPT,
        EN,
        "Shot 1 (4 seconds) | Picture: A lamp. | Voice: Hello.\n"
        "Shot 2 (6 seconds) | Picture: An arm. | Voice: It turns.\n"
        "Shot 3 (3 seconds) | Picture: Dark. | Voice: Good night.",
    ),
    (Form.LIVE_TEASER, ZH, "周六晚上八点，老周师傅开窑，从群公告点进直播间。"),
    (Form.LIVE_TEASER, EN, "On Saturday at 8 pm we open the kiln, live. The link to come in is here."),
    (Form.ARTICLE, EN, ARTICLE),
    (Form.ARTICLE, ZH, "松影台灯，从头说\n摘要：它好在哪里。\n\n邻居好。\n\n灯臂\n转得动。\n\n灯罩\n是亚麻布。\n\n谢谢读完。"),
]  # fmt: skip
LACKING = [
    (Form.QUIZ, ZH, "空着的该填多少？\nA. 15\nB. 20\nC. 30\n回复字母。", {Part.ANSWER}),
    (Form.QUIZ, EN, "Which is it?\nA. One\nB. Two\nThe answer comes later.", {Part.OPTIONS}),
    (Form.POLL, ZH, "票箱开了。\nA. 台灯\nB. 花盆\nC. 书架\nD. 衣架\n① 都行", {Part.QUESTION, Part.OPTIONS}),
    (Form.OFFER, ZH, "半亩花盆会员价 89 元。", {Part.UNTIL}),
    (Form.ANNOUNCEMENT, ZH, "仓库搬家了，地址换到河边。", {Part.WHEN, Part.WHOM, Part.ACTION}),
    (Form.SOLITAIRE, ZH, "来玩成语，规矩照旧。", {Part.START}),
    (Form.DICE, EN, "Roll a die and say hello.", {Part.OUTCOMES}),
    (Form.LOTTERY, ZH, "留言抽奖啦。", {Part.NUMBER, Part.DRAW}),
    (Form.PHOTO_REWARD, EN, "Take a photo of the pot.", {Part.HAND_IN}),
    (Form.VIDEO_SCRIPT, ZH, SCRIPT.rpartition("\n")[0], {Part.SHOTS}),
    (Form.VIDEO_SCRIPT, ZH, SCRIPT.replace("（7 秒）", "").replace("画面：灯暗下来。｜", ""), {Part.SECONDS, Part.PICTURES}),
    (Form.ARTICLE, EN, ARTICLE.replace("Digest: ", "").replace("plain words", "words " * 9), {Part.TITLE, Part.DIGEST}),
    (Form.ARTICLE, EN, ARTICLE.replace("How to use it\n", ""), {Part.SECTIONS}),
]  # fmt: skip


@pytest.mark.parametrize(("form", "language", "text"), WHOLE, ids=lambda value: str(value)[:12])
def test_a_whole_post_misses_nothing(form: Form, language: Language, text: str) -> None:
    assert missing_parts(form, text, language) == ()


@pytest.mark.parametrize(
    ("form", "language", "text", "parts"),
    LACKING,
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_what_is_not_there_is_named(form: Form, language: Language, text: str, parts: set[Part]) -> None:
    assert set(missing_parts(form, text, language)) == parts


def test_every_form_has_its_parts_and_every_part_its_words() -> None:
    assert set(STRUCTURE) == set(Form)
    assert {part for parts in STRUCTURE.values() for part in parts} == set(Part)
    for part in Part:
        said = {wording.word(Message(f"finding.structure.missing_{part}"), locale) for locale in ("en", "zh")}
        assert len(said) == 2


@given(text=st.text(max_size=200), form=st.sampled_from(Form), language=st.sampled_from(Language))
def test_no_text_is_too_odd_to_be_read(text: str, form: Form, language: Language) -> None:
    assert set(missing_parts(form, text, language)) <= set(STRUCTURE[form])
    for start, end in (*numbering(form, text, language), *quiz_options(form, text)):
        assert 0 <= start < end <= len(text)


def test_a_missing_part_warns_and_a_notice_may_ask_twice() -> None:
    vote = "你把票投给谁？选好了说一声。"
    (found,) = structure(vote, ZH, None, Form.POLL)
    assert (found.rule, found.severity) == ("missing_options", Severity.WARN)
    assert structure(vote, ZH, None) == structure("", ZH, None, Form.POLL) == ()
    notice = "【群公告】搬仓\n各位邻居，11月30日前私聊阿宁报名。想改地址的，请预约。"
    assert [one.rule for one in structure(notice, ZH, None)] == ["calls_to_action"]
    assert structure(notice, ZH, None, Form.ANNOUNCEMENT) == ()


def test_a_script_is_read_shot_by_shot() -> None:
    first, second, third = shots(SCRIPT, ZH)
    assert (first.picture, first.line, first.seconds) == ("一只手把灯放上桌。", "晚上好，来看松影台灯。", 5)
    assert second.seconds == 7 and third.line.startswith("想看下回")


def test_an_article_comes_apart_into_the_fields_of_its_place() -> None:
    read = article(ARTICLE)
    assert read.title == "The Wren Pot in plain words"
    assert read.digest == "What the pot is like, and how to keep it."
    assert read.body.startswith("Good evening") and read.body.endswith("Thank you for reading.")
    assert read.headings == ("What it is like", "How to use it")
    assert article("只有一句话。").title == article("").title == ""


LAMP = Source(1, "松影台灯的灯臂可以转 270 度，侧躺着看书也照得到。", Kind.SELLING_POINT, "灯")
POT = Source(2, "半亩花盆第一次用先泡水 20 分钟。竹节衣架的棉线泡 15 分钟再洗。", Kind.USER_GUIDE, "盆")


def _judged(text: str, form: Form) -> Ledger:
    found = ledger(
        text, (LAMP, POT), at=AT, language=ZH, products=("松影台灯", "半亩花盆", "竹节衣架"),
        numbering=numbering(form, text, ZH),
    )  # fmt: skip
    return settled(found, quiz_options(form, text))


def test_the_seconds_of_a_shot_claim_nothing_and_its_words_do() -> None:
    assert _judged(SCRIPT, Form.VIDEO_SCRIPT).findings == ()
    assert {finding.text for finding in _judged(SCRIPT, Form.TEXT).findings} >= {"5 秒", "7 秒"}
    false = SCRIPT.replace("270 度", "90 度").replace("灯暗下来。", "字幕写着 49 元。")
    assert {finding.text for finding in _judged(false, Form.VIDEO_SCRIPT).findings} == {"90 度", "49 元"}


QUIZ = "半亩花盆第一次用先泡水 ＿＿ 分钟。\nA. 20 分钟\nB. 33 分钟\nC. 47 分钟"


@pytest.mark.parametrize(
    ("text", "is_quiz"),
    [
        (QUIZ, True),
        ("泡水要多久？猜猜看。\nA. 20 分钟 B. 33 分钟 C. 47 分钟\n答案晚上揭晓。", True),
        (
            "How long does the pot soak?\nA. 20 minutes\nB. 33 minutes\nC. 47 minutes\nThe answer follows.",
            True,
        ),
        ("今天想要哪一份？\nA. 小份 29 元\nB. 中份 39 元\nC. 大份 49 元\n回复字母。", False),
        ("Which size?\nA. Small, £9\nB. Middle, £12\nC. Large, £15\nReply with your answer.", False),
        ("泡水 ＿＿ 分钟，填空。\nA. 20 分钟\nB. 33 分钟", False),
        ("A. 20 元\nB. 33 元\nC. 47 元\n想要哪个？答案发群里。", False),
        ("答案是哪个？\n1. 20 分钟\n2. 33 分钟\n3. 47 分钟", False),
        ("正确答案是哪个？\nB. 20 分钟\nA. 33 分钟\nC. 47 分钟", False),
    ],
)
def test_a_text_of_no_known_form_is_a_quiz_only_where_it_can_be_nothing_else(
    text: str, is_quiz: bool
) -> None:
    assert bool(quiz_options(None, text)) == is_quiz


def test_the_wrong_answers_of_a_quiz_are_wrong_on_purpose_if_one_is_right() -> None:
    assert _judged(QUIZ, Form.QUIZ).findings == ()
    assert {finding.text for finding in _judged(QUIZ, Form.TOPIC).findings} == {"33 分钟", "47 分钟"}
    verdicts = [claim.verdict for claim in _judged(QUIZ, Form.QUIZ).claims]
    assert verdicts.count(Verdict.SUPPORTED) >= 1 and Verdict.UNSUPPORTED not in verdicts
    unproven = QUIZ.replace("20 分钟", "55 分钟")
    assert len(_judged(unproven, Form.QUIZ).findings) == 3
    beside = QUIZ + "\n答对送 99 元券。"
    assert [finding.text for finding in _judged(beside, Form.QUIZ).findings if "99" in finding.text]


def test_an_operator_reads_the_answer_with_its_proof() -> None:
    note = operator_note("answer", ZH, answer="A. 20 分钟", quote="先泡水 20 分钟。")
    assert "A. 20 分钟" in note and "先泡水 20 分钟。" in note
