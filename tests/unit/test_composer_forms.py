"""The composer in every form that has lines of its own: each part there, each figure from a material, no promise."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from copilot.adapters.llm.composer import Composer
from copilot.adapters.llm.composer.frames import book
from copilot.domain.brands import Language
from copilot.domain.channels import LIMITS, Channel
from copilot.domain.checks.compliance import compliance
from copilot.domain.checks.measures import emoji, length
from copilot.domain.columns import Form
from copilot.domain.forms import missing_parts, numbering, quiz_options
from copilot.domain.grounding import ledger
from copilot.domain.grounding.options import settled
from copilot.domain.longforms import article, shots
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.sentences import sentences
from copilot.rulepacks import compiled, for_brand_language
from copilot.services import briefing
from tests.composing import (
    CALLS,
    MARKER,
    VOICES,
    brief_of,
    column_of,
    copy_of,
    drafted,
    fortnight,
    length_of,
    note_of,
    sources_of,
)

ZH, EN = Language.ZH, Language.EN
LANGUAGES = pytest.mark.parametrize("language", list(Language))
NEW = [
    Form.ANNOUNCEMENT,
    Form.SOLITAIRE,
    Form.DICE,
    Form.LOTTERY,
    Form.RED_ENVELOPE,
    Form.PHOTO_REWARD,
    Form.VIDEO_SCRIPT,
    Form.LIVE_TEASER,
    Form.ARTICLE,
]
WEEK = 7
# There are four things to write an article about.
DAYS = dict.fromkeys(Form, WEEK) | {Form.ARTICLE: 4}
FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


@LANGUAGES
@pytest.mark.parametrize("form", NEW)
class TestAWeek:
    def test_every_part_is_there_and_the_measure_is_kept(self, form: Form, language: Language) -> None:
        least, most = length_of(form, language)
        rules = compiled(*for_brand_language(language))
        for brief, marked in fortnight(form, language, DAYS[form]):
            text, voice = MARKER.sub("", marked), VOICES[language]
            assert missing_parts(form, text, language) == (), text
            assert least <= length(text, language) <= most, text
            assert len(emoji(text)) <= voice.max_emoji and "{" not in text
            assert CALLS[language] in text and text.endswith(voice.sign_off)
            assert not compliance(text, rules) and brief.column.form is form

    def test_every_figure_is_a_material_s_own(self, form: Form, language: Language) -> None:
        for brief, marked in fortnight(form, language, DAYS[form]):
            text = MARKER.sub("", marked)
            counted = numbering(form, text, language)
            found = ledger(
                text, brief.sources, at=brief.starts_at, language=language, products=brief.brand.products,
                furniture=(CALLS[language], brief.voice.sign_off, *brief.voice.greetings), numbering=counted,
            )  # fmt: skip
            assert not found.findings, text
            everything = " ".join(source.text for source in brief.sources)
            for figure in FIGURE.finditer(text):
                own = any(start <= figure.start() < end for start, end in counted)
                assert own or figure.group() in everything

    def test_no_sentence_comes_twice(self, form: Form, language: Language) -> None:
        own = CALLS[language] + VOICES[language].sign_off + " ".join(VOICES[language].greetings)
        # A dice's number is no sentence; what stands under it is.
        texts = [MARKER.sub("", marked) for _, marked in fortnight(form, language, DAYS[form])]
        told = [text[a:b] for text in texts for a, b in sentences(text, language) if text[a:b] not in own]
        long = [sentence for sentence in told if length(sentence, language) > 6 and "画面" not in sentence]
        long = [sentence for sentence in long if "Picture" not in sentence]
        assert sorted(long) == sorted(set(long))


GUIDE = (
    "松影台灯的灯罩晾 30 分钟再装回去。云脚书架的木蜡油要等 40 分钟才干。"
    "半亩花盆新买来先泡水 20 分钟。竹节衣架的棉线泡 15 分钟再洗。"
)
FIGURES = (Source(1, GUIDE, Kind.MAINTENANCE, "打理", "打理 › 半亩居"),)


@pytest.mark.parametrize(
    ("language", "sources"),
    [(ZH, sources_of(ZH)), (ZH, FIGURES), (EN, sources_of(EN))],
    ids=["zh", "zh-figures", "en"],
)
def test_the_operator_gets_the_answer_of_a_quiz_and_readers_where_it_will_be(
    language: Language, sources: tuple[Source, ...]
) -> None:
    call = "选一个字母。" if language is ZH else "Reply with a letter."
    column = column_of(Form.QUIZ, language, call_to_action=call)
    letters = book(language).words.letters
    proven = 0
    for day in range(8):
        brief = brief_of(Form.QUIZ, language, day, column=column, sources=sources)
        text, note = copy_of(brief), note_of(brief)
        if not note:  # the vote of every other day
            continue
        proven += 1
        quote = re.split("素材原文：|The passage says: ", note)[1]
        assert any(quote in source.text for source in sources) and quote not in text
        right = next(letter for letter in letters if letter in note)
        answer = next(line for line in text.split("\n") if line.startswith(right)).removeprefix(right)
        blanked = [line for line in text.split("\n") if "＿＿" in line or "____" in line]
        answers = (answer, answer.split()[0], *brief.brand.products)
        filled = [re.sub("＿＿|____", one, line) for line in (answer, *blanked) for one in answers]
        assert any(quote in line or line.rstrip("。.") + quote[-1] == quote for line in filled), (text, note)
        assert answer.split()[0] in quote
        assert missing_parts(Form.QUIZ, text, language) == ()
        found = ledger(text, sources, at=brief.starts_at, language=language)
        assert not settled(found, quiz_options(Form.QUIZ, text)).findings
    assert proven > 2


def _source(
    text: str, kind: Kind = Kind.POLICY, place: str = "活动 › 活动", end: timedelta | None = None
) -> Source:
    at = brief_of(Form.LOTTERY, ZH).starts_at
    return Source(900, text, kind, place.split(" › ")[0], place, Window(None, at + end if end else None))


class TestNothingIsPromisedThatNoMaterialHas:
    @LANGUAGES
    @pytest.mark.parametrize("form", [Form.LOTTERY, Form.RED_ENVELOPE, Form.PHOTO_REWARD, Form.LIVE_TEASER])
    def test_without_a_prize_it_is_played_for_fun_and_the_operator_is_told_why(
        self, form: Form, language: Language
    ) -> None:
        for day in range(4):
            brief = brief_of(form, language, day)
            text = copy_of(brief)
            assert not re.search(r"[£$€¥￥]|元|块钱|免费|\bfree\b|\bwin a\b", text)
            assert not re.search(r"\d{1,2}[:：]\d\d|\d ?[ap]m\b|\d月", text)
            assert ("素材里没有" if language is ZH else "The materials hold no") in note_of(brief)

    def test_a_draw_is_told_as_its_material_has_it(self) -> None:
        told = "周五抽奖，抽 3 位送竹刷子。在群里留言就算参加，每人一次。11月27日 20:00 当众抽签，名字在群里公布。"
        brief = brief_of(Form.LOTTERY, ZH, 4, sources=(_source(told), *sources_of(ZH)))
        text = copy_of(brief)
        assert "3 位送竹刷子" in text and "11月27日 20:00" in text and note_of(brief) == ""
        assert missing_parts(Form.LOTTERY, text, ZH) == ()
        assert not compliance(text, compiled(*for_brand_language(ZH)))

    def test_an_envelope_is_told_as_its_material_has_it(self) -> None:
        told = "周五晚上发 20 个红包，每个 2 元。红包的口令是半亩，晚上八点放进群里。"
        brief = brief_of(Form.RED_ENVELOPE, ZH, 4, sources=(_source(told), *sources_of(ZH)))
        assert "20 个红包" in copy_of(brief) and note_of(brief) == ""

    def test_a_reward_for_a_photo_is_told_unless_it_belongs_to_another_day(self) -> None:
        standing = _source("晒图一张得 5 积分，一天只算一次。")
        event = _source("发图的邻居记 50 积分，图片不比高低。", Kind.NEWS, "搬仓 › 搬仓")
        brief = brief_of(Form.PHOTO_REWARD, ZH, sources=(standing, *sources_of(ZH)))
        assert "5 积分" in copy_of(brief) and note_of(brief) == ""
        for day in range(4):
            assert "积分" not in copy_of(
                brief_of(Form.PHOTO_REWARD, ZH, day, sources=(event, *sources_of(ZH)))
            )

    def test_a_live_session_with_a_date_says_when_and_how_to_come_in(self) -> None:
        told = "11月28日 20:00 阿宁在视频号直播，现场拆一盏松影台灯。直播间从群公告点进来，不用预约。"
        brief = brief_of(Form.LIVE_TEASER, ZH, sources=(_source(told, Kind.NEWS), *sources_of(ZH)))
        text = copy_of(brief)
        assert "11月28日 20:00" in text and "直播间从群公告点进来" in text and note_of(brief) == ""


class TestWhatEachFormIs:
    def test_a_notice_names_its_matter_and_says_when_and_what_to_do(self) -> None:
        told = (
            "仓库 11月30日搬到河边，当天不发货。隔壁的猫也跟着搬，先住在纸箱里。"
            "要改地址的邻居请在 11月29日前私聊阿宁。"
        )
        moving = _source(told, Kind.NEWS, "仓库搬家 › 安排", timedelta(days=5))
        for day in range(3):
            text = copy_of(brief_of(Form.ANNOUNCEMENT, ZH, day, sources=(moving, *sources_of(ZH))))
            head, hello, first, *_ = text.split("\n")
            assert head == "【群公告】仓库搬家" and ("邻居" in hello or "阿宁" in hello)
            assert first.startswith("仓库 11月30日搬到河边") and "11月29日前私聊阿宁" in first

    @LANGUAGES
    def test_a_chain_begins_with_a_word_that_the_fact_led_to(self, language: Language) -> None:
        words = book(language).forms["solitaire"].words
        quoted = "「(.{4})」" if language is ZH else "“([a-z]+)”"
        led = 0
        for _, marked in fortnight(Form.SOLITAIRE, language, WEEK):
            (word,) = set(re.findall(quoted, marked))
            assert word in words
            last = word[-1] if language is ZH else f" {word[-1].upper()}"
            led += any(
                near in line for near in words[word] for line in marked.split("\n") if MARKER.search(line)
            )
            assert "“" + last in marked or last in marked
        assert led > 2

    def test_every_idiom_has_four_characters(self) -> None:
        assert {len(word) for word in book(ZH).forms["solitaire"].words} == {4}

    @LANGUAGES
    def test_each_shot_lasts_as_long_as_its_words(self, language: Language) -> None:
        for _, marked in fortnight(Form.VIDEO_SCRIPT, language, WEEK):
            script = shots(MARKER.sub("", marked), language)
            assert len({shot.picture for shot in script}) == len(script)
            for shot in script:
                pace = length(shot.line, language) / shot.seconds
                assert pace <= (5 if language is ZH else 3) and 3 <= shot.seconds <= 20

    @LANGUAGES
    def test_an_article_tells_of_one_thing_under_headings_of_the_materials(self, language: Language) -> None:
        for brief, marked in fortnight(Form.ARTICLE, language, DAYS[Form.ARTICLE]):
            read = article(MARKER.sub("", marked))
            places = {source.context.split(" › ")[-1] for source in brief.sources}
            assert all(heading.split("：")[-1].split(": ")[-1] in places for heading in read.headings)
            assert len(set(MARKER.findall(marked))) >= 2

    def test_where_lines_are_scarce_numbers_share_one(self) -> None:
        column = column_of(Form.DICE, ZH, channel=Channel.MOMENTS)
        text = copy_of(brief_of(Form.DICE, ZH, column=column, channel=Channel.MOMENTS))
        most = LIMITS[Channel.MOMENTS].max_lines
        assert most is not None and len(text.split("\n")) <= most
        assert missing_parts(Form.DICE, text, ZH) == ()


@LANGUAGES
@pytest.mark.parametrize(("form", "most"), [(Form.ANNOUNCEMENT, 4), (Form.DICE, 1), (Form.ARTICLE, 10)])
def test_a_model_is_given_the_points_that_the_composer_would_tell(
    form: Form, most: int, language: Language
) -> None:
    brief = brief_of(form, language)
    points = Composer().outline(brief).points
    assert 1 <= len(points) <= most
    assert all(point.text.rstrip("。.") in brief.sources[point.sources[0] - 1].text for point in points)
    assert len(points) == 1 or len({brief.sources[point.sources[0] - 1].title for point in points}) <= 2


def test_half_of_a_range_is_no_question() -> None:
    ranged = "Cut the water of the Heron Lamp paste from 315 g to 300 g."
    guide = f"{ranged} The Heron Lamp paste takes 90 g of flour. The Heron Lamp paste keeps 110 g of it back."
    source = Source(1, guide, Kind.USER_GUIDE, "paste", "paste › Heron Lamp")
    asked = [Composer().outline(brief_of(Form.QUIZ, EN, day, sources=(source,))).question for day in range(8)]
    lines = ["\n".join(question.lines) for question in asked if question is not None]
    assert any("____ g of" in one for one in lines) and not any("to ____ g" in one for one in lines)


@LANGUAGES
def test_a_model_is_given_a_question_that_nothing_it_tells_answers(language: Language) -> None:
    asked = []
    for day in range(8):
        brief = brief_of(Form.QUIZ, language, day)
        outline = Composer().outline(brief)
        question = outline.question
        assert question is not None and outline.points
        assert not any(question.is_told_by(point.text) for point in outline.points)
        assert question.proof in outline.takes and question.proof not in "\n".join(question.lines)
        talk = "\n".join(point.text for point in outline.points)
        copy = briefing.completed(talk, replace(brief, question=question))
        again = briefing.completed(f"{question.proof} {copy}", replace(brief, question=question))
        assert again == copy
        assert question.is_in(copy) and missing_parts(Form.QUIZ, copy, language) == ()
        assert question.right in question.note
        asked.append(question.lines)
    assert len(set(asked)) > 5


@LANGUAGES
def test_the_week_s_main_line_is_taken_up_in_some_talk_and_never_in_an_offer(language: Language) -> None:
    line = "给屋子添一点光" if language is ZH else "A light in the window"

    def told(form: Form, line: str) -> int:
        days = range(6)
        return sum(line in copy_of(brief_of(form, language, day, line=line)) for day in days)

    assert 0 < told(Form.CHECK_IN, line) + told(Form.TOPIC, line) < 12
    assert told(Form.OFFER, line) == told(Form.LOTTERY, line) == 0
    assert told(Form.CHECK_IN, f"{line} -50%") == 0


def test_what_is_said_to_the_team_is_not_said_to_readers() -> None:
    inward = Source(
        901, "介绍松影台灯的时候先说灯臂，再说灯罩。", Kind.SELLING_POINT, "灯", "松影台灯 › 怎么介绍它"
    )
    for day in range(8):
        brief = brief_of(Form.SEEDING, ZH, day, sources=(inward, *sources_of(ZH)))
        assert "先说灯臂" not in drafted(brief)
