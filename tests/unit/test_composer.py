"""The offline composer over a fortnight: true to its sources, in the voice, and never the same twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.adapters.llm.composer import Composer
from copilot.adapters.llm.composer.facts import facts
from copilot.adapters.llm.composer.frames import FORMS, LISTS, book
from copilot.adapters.llm.composer.scoring import score
from copilot.domain.brands import Language
from copilot.domain.checks.measures import emoji, exclamations, length
from copilot.domain.checks.structure import calls_to_action
from copilot.domain.columns import Form
from copilot.domain.drafts import Assignment, Brief, Delta, Finished
from copilot.domain.grounding import ledger
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.sentences import sentences
from copilot.errors import Permanent
from tests.composing import (
    BRANDS,
    CALLS,
    LENGTHS,
    MARKER,
    VOICES,
    ZONE,
    brief_of,
    column_of,
    copy_of,
    drafted,
    fortnight,
    sources_of,
)


def _grams(text: str) -> set[str]:
    bare = "".join(text.split())
    return {bare[at : at + 4] for at in range(len(bare) - 3)}


def _sentences(text: str, language: Language) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def _greets(sentence: str) -> bool:
    """A bare "Good morning, neighbours." may open every day, as people do."""
    return len(sentence.split()) < 5 and sentence.isascii() and len(sentence) < 32


LANGUAGES = pytest.mark.parametrize("language", list(Language))
DAILY = pytest.mark.parametrize("form", [Form.CHECK_IN, Form.TOPIC, Form.SEEDING, Form.TEXT])


@LANGUAGES
@DAILY
class TestAFortnight:
    def test_no_two_posts_are_alike_and_no_sentence_comes_twice(self, form: Form, language: Language) -> None:
        texts = [MARKER.sub("", marked) for _, marked in fortnight(form, language)]
        for one, other in combinations(texts, 2):
            shared = _grams(one) & _grams(other)
            assert len(shared) / len(_grams(one) | _grams(other)) < 0.35
        voice = VOICES[language]
        own = CALLS[language] + voice.sign_off
        told = [s for text in texts for s in _sentences(text, language) if s not in own and not _greets(s)]
        assert sorted(told) == sorted(set(told))

    def test_what_is_told_is_what_the_sources_say(self, form: Form, language: Language) -> None:
        for brief, marked in fortnight(form, language):
            copied: dict[int, int] = {}
            start = 0
            for marker in MARKER.finditer(marked):
                source = brief.sources[int(marker[1]) - 1]
                lead_and_fact = marked[start : marker.start()].split("\n")[-1]
                fact = _sentences(lead_and_fact, language)[-1]
                lifted = next(fact[at:] for at in range(len(fact)) if fact[at:] in source.text)
                assert len(lifted) > 10
                copied[source.passage] = copied.get(source.passage, 0) + len(lifted)
                start = marker.end()
            clean = MARKER.sub("", marked)
            assert len(MARKER.findall(marked)) >= 2
            assert max(copied.values()) <= 0.6 * len(clean)

    def test_no_claim_stands_without_support(self, form: Form, language: Language) -> None:
        for brief, marked in fortnight(form, language):
            found = ledger(
                MARKER.sub("", marked),
                brief.sources,
                at=brief.starts_at,
                language=language,
                products=brief.brand.products,
                furniture=(CALLS[language], brief.voice.sign_off, *brief.voice.greetings),
            )
            assert not found.findings

    def test_the_voice_and_the_column_are_kept(self, form: Form, language: Language) -> None:
        least, most = LENGTHS[language]
        for brief, marked in fortnight(form, language):
            voice, text = brief.voice, MARKER.sub("", marked)
            assert least <= length(text, language) <= most
            assert len(emoji(text)) <= voice.max_emoji
            assert len(exclamations(text)) <= voice.max_exclamations
            assert not any(term.term in text.lower() for term in voice.banned)
            for sentence in _sentences(text, language):
                words = len(sentence) if language is Language.ZH else len(sentence.split())
                assert words <= voice.max_sentence + 2, sentence  # an emoji may follow the last word

    def test_it_opens_in_person_calls_to_action_and_signs_off(self, form: Form, language: Language) -> None:
        brand, voice = BRANDS[language], VOICES[language]
        for brief, marked in fortnight(form, language):
            opening, *_, last, sign_off = [line for line in MARKER.sub("", marked).split("\n") if line]
            names = (brand.members_called, voice.persona, "all", *(g.rstrip("。.") for g in voice.greetings))
            assert any(name.lower() in opening.lower() for name in names)
            assert last.endswith(brief.column.call_to_action)
            assert sign_off == voice.sign_off
            assert "晚上" not in opening and "evening" not in opening.lower()


@pytest.mark.parametrize(
    ("language", "note", "answering"),
    [
        (
            Language.ZH,
            "快巢的书架脚是方的，小朋友跑过去会磕疼。",
            "云脚书架的脚是圆头的，小朋友跑过去不容易磕疼。",
        ),
        (
            Language.EN,
            "Nestrush lamps hide their switch down the cord, where nobody finds it in the dark.",
            "The Heron Lamp has its switch on the stem, where a hand finds it in the dark.",
        ),
    ],
)
def test_a_point_of_ours_that_answers_a_competitor_note_weighs_more_and_the_note_is_not_told(
    language: Language, note: str, answering: str
) -> None:
    plain = brief_of(Form.SEEDING, language)
    noted = replace(plain, background=(Source(900, note, Kind.COMPETITOR_NOTE, "note"),))
    words = book(language).words
    gained = {
        fact.text: score(fact, noted, words) - score(fact, plain, words) for fact in facts(plain, words)
    }
    assert max(gained, key=lambda text: gained[text]) == answering
    assert gained[answering] > 0 and sorted(gained.values())[len(gained) // 2] < gained[answering] / 2
    for day in range(5):
        copy = copy_of(replace(noted, starts_at=noted.starts_at + timedelta(days=day)))
        assert note.rstrip("。.") not in copy and not any(name in copy for name in noted.voice.competitors)


@LANGUAGES
@pytest.mark.parametrize("form", list(Form))
def test_the_same_brief_gives_the_same_copy_and_another_attempt_another(
    form: Form, language: Language
) -> None:
    brief = brief_of(form, language)
    assert drafted(brief) == drafted(brief)
    others = {drafted(replace(brief, seed=seed)) for seed in range(1, 6)}
    assert len(others | {drafted(brief)}) >= 5


@LANGUAGES
def test_it_streams_a_few_words_at_a_time(language: Language) -> None:
    *deltas, last = Composer().write(Assignment(brief_of(Form.TOPIC, language), "", ""))
    assert last == Finished("stop")
    assert all(isinstance(delta, Delta) and 0 < len(delta.text) < 60 for delta in deltas)
    assert len(deltas) > 10
    assert (Composer.name, Composer.is_model) == ("composer", False)


@LANGUAGES
@settings(max_examples=30, deadline=None)
@given(
    form=st.sampled_from([Form.CHECK_IN, Form.TOPIC, Form.SEEDING, Form.QUIZ, Form.POLL, Form.TEXT]),
    seed=st.integers(0, 2**31),
    day=st.integers(0, 400),
)
def test_any_day_and_any_seed_keep_the_measure(language: Language, form: Form, seed: int, day: int) -> None:
    brief = brief_of(form, language, day, seed=seed)
    text = copy_of(brief)
    least, most = LENGTHS[language]
    assert least <= length(text, language) <= most
    assert len(emoji(text)) <= brief.voice.max_emoji
    assert not ({"{", "}"} & set(text))


class TestAsking:
    @LANGUAGES
    def test_a_quiz_hides_the_name_and_offers_three_answers(self, language: Language) -> None:
        column = column_of(Form.QUIZ, language)
        call = "回复字母，答案稍后公布。" if language is Language.ZH else "Reply with your answer."
        hidden = 0
        for day in range(14):
            text = copy_of(brief_of(Form.QUIZ, language, day, column=replace(column, call_to_action=call)))
            options = [line for line in text.split("\n") if line.startswith(("A. ", "B. ", "C. "))]
            assert len(options) == 3
            hidden += "＿＿" in text or "____" in text
        assert hidden > 7

    @LANGUAGES
    def test_a_quiz_without_an_answer_to_promise_is_a_poll_on_every_other_day(
        self, language: Language
    ) -> None:
        days = [
            "＿＿" in text or "____" in text
            for text in (copy_of(brief_of(Form.QUIZ, language, d)) for d in range(8))
        ]
        assert not any(one and other for one, other in pairwise(days))
        assert any(days)

    def test_a_figure_is_asked_for_among_figures_that_the_sources_know(self) -> None:
        guide = (
            "松影台灯的灯罩晾 30 分钟再装回去。云脚书架的木蜡油要等 40 分钟才干。"
            "半亩花盆新买来先泡水 20 分钟。竹节衣架的棉线泡 15 分钟再洗。"
        )
        care = Source(1, guide, Kind.MAINTENANCE, "打理", "打理 › 半亩居")
        column = column_of(Form.QUIZ, Language.ZH, call_to_action="回复字母，答案稍后公布。")
        asked = 0
        for day in range(12):
            text = copy_of(brief_of(Form.QUIZ, Language.ZH, day, column=column, sources=(care,)))
            stem = next((line for line in text.split("\n") if "＿＿ 分钟" in line), "")
            if not stem:
                continue
            asked += 1
            options = [line[3:] for line in text.split("\n") if line.startswith(("A. ", "B. ", "C. "))]
            assert len(set(options)) == 3 and all(option in guide for option in options)
            assert sum(stem.replace("＿＿", option.split()[0]) in guide for option in options) == 1
        assert asked > 6

    @LANGUAGES
    def test_a_poll_says_something_of_each_of_three_products(self, language: Language) -> None:
        marked = drafted(brief_of(Form.POLL, language))
        options = [line for line in marked.split("\n") if line.startswith(("A. ", "B. ", "C. "))]
        products = BRANDS[language].products
        named = [next(product for product in products if product in option) for option in options]
        assert len(set(named)) == 3
        assert all(MARKER.search(option) for option in options)


def _row(number: int, fields: dict[str, str], end: datetime | None, kind: Kind = Kind.OFFER) -> Source:
    joint, gap = ("：", "；") if any("\u4e00" <= c <= "\u9fff" for c in "".join(fields)) else (": ", "; ")
    text = gap.join(f"{key}{joint}{value}" for key, value in fields.items())
    return Source(number, text, kind, "offers", "offers", Window(None, end), fields)


NOW = datetime(2026, 11, 27, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
FIELDS = {"商品": "半亩花盆", "日常价": "¥99", "会员价": "¥89", "有效期止": "2026-12-01"}


class TestOffers:
    def _offer(self, *sources: Source) -> Brief:
        return brief_of(Form.OFFER, Language.ZH, 4, sources=(*sources, *sources_of(Language.ZH)))

    def test_a_row_becomes_a_sentence_with_its_own_figures_and_its_end(self) -> None:
        marked = drafted(self._offer(_row(1, FIELDS, NOW + timedelta(days=4))))
        assert "半亩花盆，日常价 ¥99，会员价 ¥89，有效期到 2026-12-01。[1]" in marked

    def test_a_row_whose_window_is_over_is_not_told(self) -> None:
        current = _row(2, {**FIELDS, "会员价": "¥79"}, NOW + timedelta(days=4))
        marked = drafted(self._offer(_row(1, FIELDS, NOW - timedelta(days=1)), current))
        assert "¥79" in marked and "¥89" not in marked

    def test_a_sentence_in_a_cell_is_lifted_as_it_stands(self) -> None:
        fields = {
            "offer": "Pot week",
            "details": "Neighbours pay £14 for a Wren Pot until 3 December, instead of £18.",
            "conditions": "The pot week covers 60 pots, with at most 2 to an order.",
            "valid_until": "2026-12-03",
        }
        end = datetime(2026, 12, 4, tzinfo=ZoneInfo("Europe/London"))
        sources = (_row(1, fields, end), *sources_of(Language.EN))
        marked = drafted(brief_of(Form.OFFER, Language.EN, 4, sources=sources))
        assert f"{fields['details']}[1]" in marked and f"{fields['conditions']}[1]" in marked


class TestWhatIsNeverSaid:
    def test_a_competitor_note_an_unsigned_member_and_an_orphaned_sentence(self) -> None:
        sources = (
            Source(
                1, "松影台灯的底座比别家的底座重得多，值得写进去。", Kind.COMPETITOR_NOTE, "同行", "松影台灯"
            ),
            Source(2, "松影台灯陪我考完了研究生，灯罩还像新的一样。", Kind.PRAISE, "好评", "松影台灯"),
            Source(
                3, "它比看上去要轻得多，一只手就拎得走，上楼不费劲。", Kind.SELLING_POINT, "灯", "松影台灯"
            ),
            Source(4, "客服人员要先说松影台灯的好处，再报价格。", Kind.SELLING_POINT, "话术", "松影台灯"),
            Source(5, "松影台灯是今年的爆款，邻居们都在抢着买。", Kind.SELLING_POINT, "灯", "松影台灯"),
        )
        for day in range(14):
            text = copy_of(
                brief_of(Form.SEEDING, Language.ZH, day, sources=(*sources, *sources_of(Language.ZH)))
            )
            assert not any(source.text.rstrip("。") in text for source in sources)

    def test_a_member_is_quoted_by_name(self) -> None:
        words = "My daughter reads under the Heron Lamp and forgets her supper."
        said = Source(1, words, Kind.PRAISE, "Praise", "Heron Lamp", attribution="Iris, neighbour in Kendal")
        texts = [
            copy_of(brief_of(Form.SEEDING, Language.EN, day, sources=(said, *sources_of(Language.EN))))
            for day in range(16)
        ]
        quoting = [text for text in texts if words in text]
        assert quoting
        assert all("Iris, neighbour in Kendal" in text and f"“{words}”" in text for text in quoting)

    def test_a_member_is_quoted_unbroken(self) -> None:
        words = (
            "我家的松影台灯放在缝纫机旁边，穿针一下就穿上了。",
            "天黑以后的半个钟头，是我一天里安静的时候。",
        )
        said = Source(1, "".join(words), Kind.EXPERIENCE, "来信", "来信 › 晚上", attribution="邻居阿桂")
        texts = [
            copy_of(brief_of(Form.CHECK_IN, Language.ZH, day, sources=(said, *sources_of(Language.ZH))))
            for day in range(16)
        ]
        quoting = [text for text in texts if words[0] in text]
        assert quoting and all(f"“{words[0]}{words[1]}”" in text for text in quoting)

    def test_the_rules_of_the_house_are_no_morning_greeting(self) -> None:
        rules = (
            "饭点以后请不要在群里发广告和外部链接。别人的照片要转出群，先问过本人。签收之后七天内可以退货。"
        )
        policy = Source(1, rules, Kind.POLICY, "群规", "群规 › 半亩居群规")
        for form in (Form.CHECK_IN, Form.TOPIC, Form.SEEDING, Form.QUIZ):
            for day in range(14):
                text = copy_of(brief_of(form, Language.ZH, day, sources=(policy, *sources_of(Language.ZH))))
                assert "广告" not in text and "退货" not in text

    def test_a_greeting_belongs_to_the_part_of_the_day_that_it_names_first(self) -> None:
        voice = replace(VOICES[Language.ZH], greetings=("下午好，离晚饭还有一会儿。", "晚上好，灯给你留着。"))
        texts = [copy_of(brief_of(Form.QUIZ, Language.ZH, day, voice=voice)) for day in range(40)]
        assert not any("下午好" in text for text in texts)
        assert any("灯给你留着" in text for text in texts)

    def test_formal_address_is_kept_everywhere(self) -> None:
        voice = replace(VOICES[Language.ZH], address="您", greetings=(), max_emoji=0)
        for form in Form:
            for day in range(8):
                text = copy_of(brief_of(form, Language.ZH, day, voice=voice))
                assert "你" not in text
                assert not emoji(text)


def test_a_name_that_was_just_said_gives_way_to_a_pronoun() -> None:
    texts = [copy_of(brief_of(Form.SEEDING, Language.EN, day)) for day in range(14)]
    assert any(
        re.search(r"[.] It(?:s|) (?:has|wears|comes|turns|takes|sits|stem|switch)", text) for text in texts
    )


class TestInstruction:
    def test_a_named_product_is_what_the_post_is_about(self) -> None:
        for day in range(6):
            brief = brief_of(Form.SEEDING, Language.EN, day, instruction="Please write about the Wren Pot.")
            assert "Wren Pot" in copy_of(brief)
            assert "Heron Lamp" not in copy_of(brief)

    @LANGUAGES
    def test_shorter_and_longer(self, language: Language) -> None:
        wish = ("短一点", "写长一点") if language is Language.ZH else ("shorter please", "make it longer")
        short, long = (copy_of(brief_of(Form.SEEDING, language, instruction=text)) for text in wish)
        least, most = LENGTHS[language]
        assert least <= length(short, language) <= (least + most) / 2 <= length(long, language) <= most


class TestWelcome:
    def test_welfare_comes_first_questions_next_and_rules_last(self) -> None:
        policy = [
            ("进群福利", "新邻居进群可领一张新人券，私聊阿宁就能拿到。连续打卡的邻居另有积分。"),
            ("新邻居常问", "多久发货？半亩居收到订单以后隔天发货。想退怎么办？没用过的东西都可以退。"),
            ("群规", "群里请勿发广告和外部链接。别人的照片要转出群，先问过本人。"),
        ]
        sources = tuple(
            Source(at, text, Kind.POLICY, "入群说明", f"入群说明 › {heading}")
            for at, (heading, text) in enumerate(policy, start=1)
        )
        order = [
            int(n) for n in MARKER.findall(drafted(brief_of(Form.WELCOME, Language.ZH, sources=sources)))
        ]
        assert order == sorted(order) and set(order) == {1, 2, 3}


@LANGUAGES
@pytest.mark.parametrize("form", list(Form))
def test_sources_that_are_too_thin_are_refused_with_a_reason(form: Form, language: Language) -> None:
    thin = (Source(1, "标题" if language is Language.ZH else "A heading", Kind.STORY, "t", "t"),)
    with pytest.raises(Permanent) as caught:
        drafted(brief_of(form, language, sources=thin))
    assert caught.value.message_id == "external.no_passages"


SLOTS = {
    Language.ZH: {
        "members": "邻居",
        "persona": "阿宁",
        "brand": "半亩居",
        "you": "你",
        "product": "松影台灯",
        "word": "细水长流",
        "last": "流",
        "near": "水",
        "first": "好在哪里",
        "second": "怎么用",
        "line": "给屋子添一点光",
    },
    Language.EN: {
        "members": "neighbours",
        "persona": "Nora",
        "brand": "Fernhill",
        "you": "you",
        "product": "the Wren Pot",
        "word": "kettle",
        "last": "E",
        "near": "kettle",
        "first": "What it is like",
        "second": "How to use it",
        "line": "A light in the window",
    },
}


class TestFrames:
    def _said(self, language: Language) -> list[str]:
        frames = book(language)
        slots = dict(SLOTS[language])
        slots.update(
            hello=frames.words.dayparts["evening"].hello,
            now=frames.words.dayparts["evening"].now,
            weekday=frames.words.weekdays[4],
            attribution="Iris",
            fact="…",
        )
        pools = [frames.leads.about, frames.leads.said, frames.leads.line]
        for form in FORMS:
            parts = frames.forms[form]
            pools += [tuple(frame.text for frame in parts[name]) for name in LISTS[form]]
            pools += [*parts.asks.values()]
            pools += [choice for choices in parts.options.values() for choice in choices]
        return [frame.format(**slots) for pool in pools for frame in pool if frame]

    @LANGUAGES
    def test_no_frame_claims_or_asks_for_anything_on_its_own(self, language: Language) -> None:
        at = datetime(2026, 11, 27, 21, tzinfo=ZoneInfo(ZONE[language]))
        for text in self._said(language):
            assert not ledger(text, (), at=at, language=language).findings, text
            assert not calls_to_action(text, language), text
            assert "!" not in text and "！" not in text

    @LANGUAGES
    def test_there_are_enough_of_them(self, language: Language) -> None:
        for form in FORMS:
            parts = book(language).forms[form]
            assert len(parts["openings"]) >= 10 and len(parts["closings"]) >= 8
            assert all(len(parts[name]) >= least for name, least in LISTS[form].items())
        assert set(FORMS) == {form.value for form in Form}
