"""The offline composer over a fortnight: true to its sources, in the voice, and never the same twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.adapters.llm.composer import Composer
from copilot.adapters.llm.composer.facts import facts
from copilot.adapters.llm.composer.frames import FORMS, book
from copilot.adapters.llm.composer.scoring import score
from copilot.domain.brands import BannedTerm, Brand, Language, PreferredTerm, Voice
from copilot.domain.channels import Channel
from copilot.domain.checks.measures import emoji, exclamations, length
from copilot.domain.checks.structure import calls_to_action
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.drafts import Assignment, Brief, Delta, Finished
from copilot.domain.grounding import ledger
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.sentences import sentences
from copilot.errors import Permanent

MARKER = re.compile(r"\[(\d+)\]")
ZONE = {Language.ZH: "Asia/Shanghai", Language.EN: "Europe/London"}
SLOT = {
    Form.CHECK_IN: time(9),
    Form.POINTS: time(10),
    Form.TOPIC: time(11),
    Form.OFFER: time(12),
    Form.SEEDING: time(15),
    Form.QUIZ: time(21),
    Form.POLL: time(21),
    Form.WELCOME: time(10, 30),
    Form.TEXT: time(16),
}

ZH_PRODUCTS = ("松影台灯", "云脚书架", "半亩花盆", "竹节衣架")
ZH_TEXTS = {
    ("松影台灯", Kind.SELLING_POINT): """松影台灯的灯臂可以转 270 度，侧躺着看书也照得到。松影台灯的底座重 1.8 千克，猫路过也碰不倒。
松影台灯的开关做在灯杆上，摸黑伸手就能找到。松影台灯的灯罩是亚麻布，光落在桌上是柔的。松影台灯的电线长 2 米，床头和沙发边都够得着。
松影台灯有三档亮度，最暗那一档留给起夜的人。松影台灯的灯罩可以拆下来，装箱的时候不占地方。松影台灯的木杆是白蜡木，摸上去有一点温。""",
    ("松影台灯", Kind.USER_GUIDE): """松影台灯的灯罩用软毛刷掸灰，不要用湿布擦。松影台灯换灯泡之前先拔插头，等 10 分钟再动手。
松影台灯放在惯用手的对面，写字就不会挡住光。松影台灯的木杆每半年上一次木蜡油，颜色会慢慢变深。""",
    ("云脚书架", Kind.SELLING_POINT): """云脚书架的脚是圆头的，小朋友跑过去不容易磕疼。云脚书架每层承重 20 千克，放一排精装书没有问题。
云脚书架的层板可以上下调，绘本和画册各有各的高度。云脚书架靠墙只占 28 厘米，走廊里也放得下。云脚书架的背板可以反过来装，一面是木色，一面是米白。
云脚书架的螺丝都藏在里面，手摸过去是平的。""",
    ("云脚书架", Kind.USER_GUIDE): """云脚书架装好以后推一推，不晃再往上放书。云脚书架重的书放下层，轻的书放上层，站得更稳。
云脚书架离暖气远一些，木头怕烤。云脚书架搬家之前把层板编上号，装回去就不会错。云脚书架落了灰，用拧干的布顺着木纹擦。""",
    ("半亩花盆", Kind.SELLING_POINT): """半亩花盆的盆壁有细密的气孔，浇多了水也散得快。半亩花盆的口径 24 厘米，种一棵薄荷能长得很开。
半亩花盆的托盘抬高了 1 厘米，水不会闷在盆底。半亩花盆的釉只上一半，另一半留着陶土的颜色。半亩花盆的盆沿向外翻，搬动的时候手扣得住。""",
    ("半亩花盆", Kind.USER_GUIDE): """半亩花盆第一次用先泡水 20 分钟，盆壁喝饱了再装土。半亩花盆装土留出两指高，浇水才不会漫出来。
半亩花盆外壁起了白霜，用旧牙刷蘸醋刷掉就好。半亩花盆冬天搬进屋里，离窗户半步远。半亩花盆的托盘隔天倒一次积水，蚊子就不来了。""",
    ("竹节衣架", Kind.SELLING_POINT): """竹节衣架的肩头做宽了 3 厘米，毛衣挂久了也不起角。竹节衣架的挂钩可以转一整圈，正着反着都好取。
竹节衣架的横杆缠了棉线，裤子挂上去不打滑。竹节衣架用的是五年的老竹，湿毛巾挂着也不变形。""",
    ("竹节衣架", Kind.USER_GUIDE): """竹节衣架受潮了就晾在通风的地方，不要暴晒。竹节衣架的棉线脏了可以拆下来洗，晾干再缠回去。
竹节衣架挂大衣的时候先扣一颗扣子，衣襟不会滑开。竹节衣架一根杆上别挂满，留一掌宽好透气。""",
}  # fmt: skip

EN_PRODUCTS = ("Heron Lamp", "Plover Shelf", "Wren Pot", "Thrush Hook")
EN_TEXTS = {
    ("Heron Lamp", Kind.SELLING_POINT): """The Heron Lamp has an arm that turns 270 degrees, so it reaches a book in bed. The Heron Lamp stands on a base of 1.8 kg that a passing cat cannot tip.
The Heron Lamp has its switch on the stem, where a hand finds it in the dark. The Heron Lamp wears a linen shade, and the light lands softly on the table. The Heron Lamp comes with 2 metres of cord, enough for a sofa or a bedside.
The Heron Lamp shade lifts off and packs flat when you move house. The Heron Lamp stem is ash wood, and it feels warm to the touch.""",
    ("Heron Lamp", Kind.USER_GUIDE): """Brush the Heron Lamp shade with a soft brush and keep water away from the linen. Unplug the Heron Lamp and wait 10 minutes before you change the bulb.
Put the Heron Lamp on the far side of your writing hand, and your hand makes no shadow. Rub a little wood wax into the Heron Lamp stem twice a year. Turn the Heron Lamp to the wall if you want the room dim.""",
    ("Plover Shelf", Kind.SELLING_POINT): """The Plover Shelf has round feet, so running children bump into nothing sharp. Each board of the Plover Shelf carries 20 kg, which is a row of hardbacks.
The Plover Shelf has boards that move up and down for picture books and atlases. The Plover Shelf takes 28 cm from the wall and fits a narrow hall. The Plover Shelf has a back panel with a wooden side and a cream side.
The Plover Shelf hides its screws, and the wood feels smooth all over.""",
    ("Plover Shelf", Kind.USER_GUIDE): """Push the Plover Shelf gently when it is built, and load it only if it stands still. Keep heavy books low on the Plover Shelf and light ones high.
Leave the Plover Shelf some distance from a radiator, because wood dislikes the heat. Number the boards of the Plover Shelf before you take it apart. Wipe the Plover Shelf along the grain with a cloth that is nearly dry.""",
    ("Wren Pot", Kind.SELLING_POINT): """The Wren Pot has walls with fine pores, so extra water finds a way out. The Wren Pot measures 24 cm across and gives mint the room it wants.
The Wren Pot sits 1 cm above its saucer, and no water stands at the roots. The Wren Pot is glazed on the upper half and bare clay below. The Wren Pot has a rim that turns out, which gives your fingers a hold.""",
    ("Wren Pot", Kind.USER_GUIDE): """Soak a new Wren Pot for 20 minutes so that the clay drinks before the soil does. Leave a gap under the rim of the Wren Pot, and watering makes no flood.
Scrub white bloom off the Wren Pot with an old toothbrush and some vinegar. Bring the Wren Pot indoors in winter and keep it a step away from the glass. Empty the Wren Pot saucer every few days, and the gnats will go elsewhere.""",
    ("Thrush Hook", Kind.SELLING_POINT): """The Thrush Hook has a shoulder 3 cm wide, so a wet coat keeps its shape. The Thrush Hook turns in its plate and takes a bag from either side.
The Thrush Hook is forged from one bar, and the hammer marks stay visible. The Thrush Hook holds 12 kg on a plaster wall with the plug from the box.""",
    ("Thrush Hook", Kind.USER_GUIDE): """Wipe the Thrush Hook with a drop of oil when the hall gets damp. Screw the Thrush Hook into the plug by hand before you use a driver.
Hang the Thrush Hook at elbow height, and children reach it as well. Space each Thrush Hook a hand apart so that coats can dry.""",
}  # fmt: skip


def _sources(language: Language) -> tuple[Source, ...]:
    texts = ZH_TEXTS if language is Language.ZH else EN_TEXTS
    told: list[Source] = []
    for (product, kind), text in texts.items():
        context = f"{product} › {kind.value}"
        told.append(Source(len(told) + 100, text, kind, product, context, score=1.0))
    return tuple(told)


VOICES = {
    Language.ZH: Voice(
        persona="阿宁",
        address="你",
        max_emoji=2,
        emoji=("🌿", "🪑"),
        max_exclamations=1,
        max_sentence=48,
        greetings=("邻居们早，铺子开门了。", "晚上好，灯给你留着。"),
        sign_off="住得舒服，慢慢来。",
        preferred=(PreferredTerm("邻居", ("亲们",)),),
        banned=(BannedTerm("爆款"), BannedTerm("冒个泡")),
        competitors=("快巢",),
    ),
    Language.EN: Voice(
        persona="Nora",
        address="you",
        max_emoji=1,
        emoji=("🌿",),
        max_exclamations=1,
        max_sentence=28,
        greetings=("Morning from the workshop.", "Evening, neighbours."),
        sign_off="Nora, Fernhill",
        preferred=(PreferredTerm("neighbours", ("customers",)),),
        banned=(BannedTerm("must-have"), BannedTerm("roll call")),
        competitors=("Nestrush",),
    ),
}
BRANDS = {
    Language.ZH: Brand(1, "banmu", "半亩居", ZONE[Language.ZH], Language.ZH, "邻居", ZH_PRODUCTS),
    Language.EN: Brand(2, "fernhill", "Fernhill", ZONE[Language.EN], Language.EN, "neighbours", EN_PRODUCTS),
}
CALLS = {
    Language.ZH: "想聊的邻居，在群里说一句就好。",
    Language.EN: "Tell us in the thread how it is at your place.",
}
LENGTHS = {Language.ZH: (60, 190), Language.EN: (35, 130)}


def _column(form: Form, language: Language, **more: object) -> Column:
    column = Column(
        id=1,
        slug=form.value,
        name="栏目" if language is Language.ZH else "A column",
        module=Module.INTERACTION,
        value=Value.SOCIAL,
        form=form,
        cadence=Cadence(Every.DAY),
        time=SLOT[form],
        channel=Channel.COMMUNITY if language is Language.ZH else Channel.SLACK,
        purpose="家里的东西怎么用、怎么打理"
        if language is Language.ZH
        else "How things at home are used and kept",
        kinds=(),
        length=LENGTHS[language],
        call_to_action=CALLS[language],
    )
    return replace(column, **more)  # type: ignore[arg-type]


def _brief(form: Form, language: Language, day: int = 0, **more: object) -> Brief:
    at = datetime.combine(
        datetime(2026, 11, 23).date() + timedelta(days=day), SLOT[form], tzinfo=ZoneInfo(ZONE[language])
    )
    column = _column(form, language)
    brief = Brief(BRANDS[language], VOICES[language], column, column.channel, at, _sources(language))
    return replace(brief, **more)  # type: ignore[arg-type]


def _marked(brief: Brief) -> str:
    events = list(Composer().write(Assignment(brief, "", "")))
    assert events[-1] == Finished("stop")
    return "".join(event.text for event in events[:-1] if isinstance(event, Delta))


def _copy(brief: Brief) -> str:
    return MARKER.sub("", _marked(brief))


def _fortnight(form: Form, language: Language) -> list[tuple[Brief, str]]:
    recent: tuple[str, ...] = ()
    written = []
    for day in range(14):
        brief = _brief(form, language, day, recent=recent)
        marked = _marked(brief)
        written.append((brief, marked))
        recent = (MARKER.sub("", marked), *recent)
    return written


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
        texts = [MARKER.sub("", marked) for _, marked in _fortnight(form, language)]
        for one, other in combinations(texts, 2):
            shared = _grams(one) & _grams(other)
            assert len(shared) / len(_grams(one) | _grams(other)) < 0.35
        voice = VOICES[language]
        own = CALLS[language] + voice.sign_off
        told = [s for text in texts for s in _sentences(text, language) if s not in own and not _greets(s)]
        assert sorted(told) == sorted(set(told))

    def test_what_is_told_is_what_the_sources_say(self, form: Form, language: Language) -> None:
        for brief, marked in _fortnight(form, language):
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
        for brief, marked in _fortnight(form, language):
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
        for brief, marked in _fortnight(form, language):
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
        for brief, marked in _fortnight(form, language):
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
    plain = _brief(Form.SEEDING, language)
    noted = replace(plain, background=(Source(900, note, Kind.COMPETITOR_NOTE, "note"),))
    words = book(language).words
    gained = {
        fact.text: score(fact, noted, words) - score(fact, plain, words) for fact in facts(plain, words)
    }
    assert max(gained, key=lambda text: gained[text]) == answering
    assert gained[answering] > 0 and sorted(gained.values())[len(gained) // 2] < gained[answering] / 2
    for day in range(5):
        copy = _copy(replace(noted, starts_at=noted.starts_at + timedelta(days=day)))
        assert note.rstrip("。.") not in copy and not any(name in copy for name in noted.voice.competitors)


@LANGUAGES
@pytest.mark.parametrize("form", list(Form))
def test_the_same_brief_gives_the_same_copy_and_another_attempt_another(
    form: Form, language: Language
) -> None:
    brief = _brief(form, language)
    assert _marked(brief) == _marked(brief)
    others = {_marked(replace(brief, seed=seed)) for seed in range(1, 6)}
    assert len(others | {_marked(brief)}) >= 5


@LANGUAGES
def test_it_streams_a_few_words_at_a_time(language: Language) -> None:
    *deltas, last = Composer().write(Assignment(_brief(Form.TOPIC, language), "", ""))
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
    brief = _brief(form, language, day, seed=seed)
    text = _copy(brief)
    least, most = LENGTHS[language]
    assert least <= length(text, language) <= most
    assert len(emoji(text)) <= brief.voice.max_emoji
    assert not ({"{", "}"} & set(text))


class TestAsking:
    @LANGUAGES
    def test_a_quiz_hides_the_name_and_offers_three_answers(self, language: Language) -> None:
        column = _column(Form.QUIZ, language)
        call = "回复字母，答案稍后公布。" if language is Language.ZH else "Reply with your answer."
        hidden = 0
        for day in range(14):
            text = _copy(_brief(Form.QUIZ, language, day, column=replace(column, call_to_action=call)))
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
            for text in (_copy(_brief(Form.QUIZ, language, d)) for d in range(8))
        ]
        assert not any(one and other for one, other in pairwise(days))
        assert any(days)

    def test_a_figure_is_asked_for_among_figures_that_the_sources_know(self) -> None:
        guide = (
            "松影台灯的灯罩晾 30 分钟再装回去。云脚书架的木蜡油要等 40 分钟才干。"
            "半亩花盆新买来先泡水 20 分钟。竹节衣架的棉线泡 15 分钟再洗。"
        )
        care = Source(1, guide, Kind.MAINTENANCE, "打理", "打理 › 半亩居")
        column = _column(Form.QUIZ, Language.ZH, call_to_action="回复字母，答案稍后公布。")
        asked = 0
        for day in range(12):
            text = _copy(_brief(Form.QUIZ, Language.ZH, day, column=column, sources=(care,)))
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
        marked = _marked(_brief(Form.POLL, language))
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
        return _brief(Form.OFFER, Language.ZH, 4, sources=(*sources, *_sources(Language.ZH)))

    def test_a_row_becomes_a_sentence_with_its_own_figures_and_its_end(self) -> None:
        marked = _marked(self._offer(_row(1, FIELDS, NOW + timedelta(days=4))))
        assert "半亩花盆，日常价 ¥99，会员价 ¥89，有效期到 2026-12-01。[1]" in marked

    def test_a_row_whose_window_is_over_is_not_told(self) -> None:
        current = _row(2, {**FIELDS, "会员价": "¥79"}, NOW + timedelta(days=4))
        marked = _marked(self._offer(_row(1, FIELDS, NOW - timedelta(days=1)), current))
        assert "¥79" in marked and "¥89" not in marked

    def test_a_sentence_in_a_cell_is_lifted_as_it_stands(self) -> None:
        fields = {
            "offer": "Pot week",
            "details": "Neighbours pay £14 for a Wren Pot until 3 December, instead of £18.",
            "conditions": "The pot week covers 60 pots, with at most 2 to an order.",
            "valid_until": "2026-12-03",
        }
        end = datetime(2026, 12, 4, tzinfo=ZoneInfo("Europe/London"))
        sources = (_row(1, fields, end), *_sources(Language.EN))
        marked = _marked(_brief(Form.OFFER, Language.EN, 4, sources=sources))
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
            text = _copy(_brief(Form.SEEDING, Language.ZH, day, sources=(*sources, *_sources(Language.ZH))))
            assert not any(source.text.rstrip("。") in text for source in sources)

    def test_a_member_is_quoted_by_name(self) -> None:
        words = "My daughter reads under the Heron Lamp and forgets her supper."
        said = Source(1, words, Kind.PRAISE, "Praise", "Heron Lamp", attribution="Iris, neighbour in Kendal")
        texts = [
            _copy(_brief(Form.SEEDING, Language.EN, day, sources=(said, *_sources(Language.EN))))
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
            _copy(_brief(Form.CHECK_IN, Language.ZH, day, sources=(said, *_sources(Language.ZH))))
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
                text = _copy(_brief(form, Language.ZH, day, sources=(policy, *_sources(Language.ZH))))
                assert "广告" not in text and "退货" not in text

    def test_a_greeting_belongs_to_the_part_of_the_day_that_it_names_first(self) -> None:
        voice = replace(VOICES[Language.ZH], greetings=("下午好，离晚饭还有一会儿。", "晚上好，灯给你留着。"))
        texts = [_copy(_brief(Form.QUIZ, Language.ZH, day, voice=voice)) for day in range(40)]
        assert not any("下午好" in text for text in texts)
        assert any("灯给你留着" in text for text in texts)

    def test_formal_address_is_kept_everywhere(self) -> None:
        voice = replace(VOICES[Language.ZH], address="您", greetings=(), max_emoji=0)
        for form in Form:
            for day in range(8):
                text = _copy(_brief(form, Language.ZH, day, voice=voice))
                assert "你" not in text
                assert not emoji(text)


def test_a_name_that_was_just_said_gives_way_to_a_pronoun() -> None:
    texts = [_copy(_brief(Form.SEEDING, Language.EN, day)) for day in range(14)]
    assert any(
        re.search(r"[.] It(?:s|) (?:has|wears|comes|turns|takes|sits|stem|switch)", text) for text in texts
    )


class TestInstruction:
    def test_a_named_product_is_what_the_post_is_about(self) -> None:
        for day in range(6):
            brief = _brief(Form.SEEDING, Language.EN, day, instruction="Please write about the Wren Pot.")
            assert "Wren Pot" in _copy(brief)
            assert "Heron Lamp" not in _copy(brief)

    @LANGUAGES
    def test_shorter_and_longer(self, language: Language) -> None:
        wish = ("短一点", "写长一点") if language is Language.ZH else ("shorter please", "make it longer")
        short, long = (_copy(_brief(Form.SEEDING, language, instruction=text)) for text in wish)
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
        order = [int(n) for n in MARKER.findall(_marked(_brief(Form.WELCOME, Language.ZH, sources=sources)))]
        assert order == sorted(order) and set(order) == {1, 2, 3}


@LANGUAGES
@pytest.mark.parametrize("form", list(Form))
def test_sources_that_are_too_thin_are_refused_with_a_reason(form: Form, language: Language) -> None:
    thin = (Source(1, "标题" if language is Language.ZH else "A heading", Kind.STORY, "t", "t"),)
    with pytest.raises(Permanent) as caught:
        _marked(_brief(form, language, sources=thin))
    assert caught.value.message_id == "external.no_passages"


SLOTS = {
    Language.ZH: {
        "members": "邻居",
        "persona": "阿宁",
        "brand": "半亩居",
        "you": "你",
        "product": "松影台灯",
    },
    Language.EN: {
        "members": "neighbours",
        "persona": "Nora",
        "brand": "Fernhill",
        "you": "you",
        "product": "the Wren Pot",
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
        pools = [frames.leads.about, frames.leads.said]
        for form in FORMS:
            parts = frames.forms[form]
            pools += [
                tuple(frame.text for frame in pool) for pool in (parts.openings, parts.scenes, parts.closings)
            ]
            pools += [*parts.asks.values(), parts.questions, parts.rules, parts.fallback_rules]
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
            assert len(parts.openings) >= 12 and len(parts.scenes) >= 12 and len(parts.closings) >= 8
