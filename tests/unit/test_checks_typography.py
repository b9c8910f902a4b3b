"""Typography: what is mended, what is left as its writer set it, and what holds for any text."""

from __future__ import annotations

import re
import sys
import unicodedata
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import Language, Voice
from copilot.domain.checks import apply_fixes
from copilot.domain.checks.typography import typography
from copilot.domain.checks.voice import voice
from copilot.domain.findings import Check, Finding, Severity

ZH, EN = Language.ZH, Language.EN


def mended(text: str, language: Language) -> str:
    return apply_fixes(text, typography(text, language))


def fixable(text: str, language: Language) -> list[Finding]:
    return [finding for finding in typography(text, language) if finding.suggestion is not None]


CHINESE = [
    # Marks typed twice, or two where one will do
    ("新茶到了，，快来", "新茶到了，快来"),
    ("到了。。快来", "到了。快来"),
    ("等等。。。好了", "等等……好了"),
    ("等等...好了", "等等……好了"),
    ("真的？？", "真的？"),
    ("先泡茶，。再说", "先泡茶。再说"),
    ("真的,,", "真的，"),
    # Half-width marks in Chinese, with the white space that comes with them
    ("早,饭友们", "早，饭友们"),
    ("时间: 今晚 20:00; 地点: 店里.", "时间：今晚 20:00；地点：店里。"),
    ("到货了. 明天开卖", "到货了。明天开卖"),
    ("满 500,减 30", "满 500，减 30"),
    ("用 iPhone,都可以", "用 iPhone，都可以"),
    ("他说“好”.", "他说“好”。"),
    ("看 https://x.cn/a,b, 快来", "看 https://x.cn/a,b，快来"),
    ("热得慢--凉得也慢", "热得慢——凉得也慢"),
    ("开卖 (限前 50 名) 快来", "开卖（限前 50 名）快来"),
    # Full-width figures, letters and times of day
    ("１２３ 盒ＡＢＣ", "123 盒ABC"),
    ("八折就是 ８０％", "八折就是 80%"),
    ("今晚 20：00 开播", "今晚 20:00 开播"),
    # A line of English in a Chinese copy is English
    ("掌柜说：\nSlow on purpose，own less and mend it。", "掌柜说：\nSlow on purpose, own less and mend it."),
    # Pairs
    ("茶（绿茶)好喝", "茶（绿茶）好喝"),
    ("茶(tea）好喝", "茶（tea）好喝"),
    ("【福利]来了", "【福利】来了"),
    ('掌柜说"好"', "掌柜说“好”"),
    ('回复"OK"就行', "回复“OK”就行"),
    ('回复「开饭」或"早安"', "回复「开饭」或「早安」"),
    ("叫'小满'的人", "叫‘小满’的人"),
    # Spaces
    ("好的 ，这就来", "好的，这就来"),
    ("好的， 这就来", "好的，这就来"),
    ("好的。  \n行\t", "好的。\n行"),
    ("用  iPhone 下单", "用 iPhone 下单"),
    ("茶\u00a0A 款", "茶 A 款"),
    ("看《 茶经 》", "看《茶经》"),
    ("今天 30 ℃，湿度 60 %", "今天 30℃，湿度 60%"),
    ("饭\u200b友\ufeff们", "饭友们"),
    # A space that cuts a word or a phrase in two
    ("味道最 佳", "味道最佳"),
    ("这锅饭的味 道很好", "这锅饭的味道很好"),
    ("新茶 的味道", "新茶的味道"),
    # Spaces beside Latin and figures follow what most of the text does
    ("用 iPhone 或 iPad 的都行，vivo手机也行", "用 iPhone 或 iPad 的都行，vivo 手机也行"),
    ("买2袋送1只，满 300减20", "买2袋送1只，满300减20"),
    # Sizes
    ("垫子 30x20cm，盒子 30*20*10 厘米", "垫子 30×20cm，盒子 30×20×10 厘米"),
]

ENGLISH = [
    ("It is here , now .", "It is here, now."),
    ("Is it ready ? Yes !", "Is it ready? Yes!"),
    ("Feed it  twice", "Feed it twice"),
    ("Feed it.  Then rest.", "Feed it. Then rest."),
    ("bread,butter and jam", "bread, butter and jam"),
    ("We are done.Now we rest.", "We are done. Now we rest."),
    ("Mind the the crust", "Mind the crust"),
    ("The the crust", "The crust"),
    ("Mix it. then rest. Bake. Cool.", "Mix it. Then rest. Bake. Cool."),
    ("Hello，slow bakers。", "Hello, slow bakers."),
    ("Rye（dark）is good", "Rye (dark) is good"),
    ("flour、water", "flour, water"),
    ("Feed it at １２：３０", "Feed it at 12:30"),
    ("the jar（white)", "the jar (white)"),
    ("It’s “slow”, isn't it", "It’s “slow”, isn’t it"),
    ('It\'s "slow", isn’t it', "It's \"slow\", isn't it"),
    ("done..", "done."),
    ("really??", "really?"),
    ("a “ slow ” loaf", "a “slow” loaf"),
    ("100 % rye", "100% rye"),
    ("12 x 8 cm", "12 × 8 cm"),
    ("Marnie\u200b, hello", "Marnie, hello"),
    ("tea\tpot", "tea pot"),
]


@pytest.mark.parametrize(("typed", "right"), CHINESE)
def test_a_slip_in_chinese_is_mended(typed: str, right: str) -> None:
    assert mended(typed, ZH) == right


@pytest.mark.parametrize(("typed", "right"), ENGLISH)
def test_a_slip_in_english_is_mended(typed: str, right: str) -> None:
    assert mended(typed, EN) == right


@pytest.mark.parametrize(
    "text",
    [
        # What Chinese writes so
        "茶……慢慢喝——不急",
        "《茶经》、《大观茶论》“双11”「开饭」",
        "他说：“好。”然后走了。",
        "周一至周五 9:00—18:00，3-5天到，10%~15%",
        "　　开头空两格\n　　再起一段",
        "姓　名：\n电　话：",
        "第 3 天 / 共 7 天，11月30日，8:30",
        # Figures, names and addresses
        "29.9 元，满 1,000 减 3，比分 3:0，水粉比 1:1.2，12.1–12.3",
        "¥ 29.9 一袋，¥29.9 起",
        "用 C++、Vue.js、file.txt、v2.0、Wi-Fi 6、No.1、A4 纸、T恤、B站",
        "看 www.xiaoman.cn/a,b 或写信到 hello@xiaoman.cn",
        "7x24 小时客服，1920x1080 的屏",
        "约翰.史密斯来了",
        "Yahoo!奇摩",
        # Topics, people, codes, placeholders
        "@小满 早呀，#开饭打卡# 今天吃什么",
        "复制这段 ￥AbCd12345￥ 打开手淘",
        "口令：春风 十里",
        "优惠券 {name}，[玫瑰]",
        # Faces
        "好:) 好;-) (≧▽≦) o(╯□╰)o ^_^ 笑死（",
        # Layout and manners
        "A. 5 分钟  B. 15 分钟  C. 等到忍不住",
        "甜度： 🍬\n1) 量米\na) 开火\n一、选豆\n（1）洗",
        "今天下雨 记得带伞",
        "苹果 香蕉 梨，都有",
        "饭友二群 何阿姨说：“味道好。”",
        "春 夏 秋 冬",
        "套餐10：30元",
        "目录........3",
        # Exclamation marks are counted by the voice
        "到货了！！！",
        # English within Chinese
        "店里的布袋上印着 Slow on Purpose, Own Less",
        "Wait... what?!",
        "Slow on purpose, own less.",
        # Emoji that are one picture
        "一家人👨‍👩‍👧和❤️‍🔥",
    ],
)
def test_chinese_as_its_writer_set_it_is_left_alone(text: str) -> None:
    assert typography(text, ZH) == ()


@pytest.mark.parametrize(
    "text",
    [
        "It costs $29.90, 1,000 of them, at 10:30 and 1:1, v2.0, C++, file.txt, 80/20, 12.1–12.3",
        "e.g. rye, i.e. dark, at 5 a.m. in the U.K., by Dr. Smith, No. 1",
        "See slowmere.example/a,b or http://a.example/x?y=1,z or write to hi@slowmere.example",
        "Wait ... what? . . . :) ;-) :wave: <!channel> @marnie #baking",
        ".5 litres, .com, ./file, ../x, node.js,react",
        "A. Yes  B. No  C. Maybe",
        "iPhone users. iPad users. eBay too. Done.",
        "it's 5'10\" tall, rock 'n' roll",
        "It’s “fine”, isn’t it? ‘Quite.’",
        "We had had enough. That that is, is. Very very slow. It went on on Monday.",
        "all of it small. no capitals. fine.",
        "5\u00a0kg at 28 °C",
        "We say 开饭，then eat. 《茶经》",
        "2 x 450 g tins, a 12 x 8 grid",
        "Really?! No!!! Yes...",
        "Morning.\n\n  1. Flour\n  2. Water",
    ],
)
def test_english_as_its_writer_set_it_is_left_alone(text: str) -> None:
    assert typography(text, EN) == ()


@pytest.mark.parametrize(
    ("text", "language", "rule", "found", "suggestion"),
    [
        ("早,饭友们", ZH, "half_width", ",", "，"),
        ("茶（绿茶)好", ZH, "brackets", ")", "）"),
        ('掌柜说"好"', ZH, "straight_quotes", '"好"', "“好”"),
        ("开卖(限前 50 名)", ZH, "half_width", "(限前 50 名)", "（限前 50 名）"),
        ("今晚 20：00 开播", ZH, "forms", "20：00", "20:00"),
        ("垫子 30x20cm", ZH, "times", "30x20cm", "30×20cm"),
        ("早。。", ZH, "doubled", "。。", "。"),
        ("Mind the the crust", EN, "repeated", "the the", "the"),
        ("Mix it. then rest. Bake. Cool.", EN, "small_letter", "then", "Then"),
        ("tea、rye", EN, "full_width", "、", ", "),
        ("It’s “slow”, isn't it", EN, "mixed_quotes", "'", "’"),
        # White space alone says nothing: it is quoted with what stands beside it.
        ("Feed it  twice", EN, "space", "it  twice", "it twice"),
        ("It is here , now.", EN, "space", "here ,", "here,"),
        ("早上好 ，饭友们", ZH, "space", "早上好 ，", "早上好，"),
        ("Bake it.  \nCool it.", EN, "line_end", ".  ", "."),
        ("饭\u200b友", ZH, "invisible", "饭\u200b友", "饭友"),
        ("tea\tpot", EN, "odd_space", "tea\tpot", "tea pot"),
        ("bread,butter", EN, "missing_space", "bread,butter", "bread, butter"),
        ("买2袋送1只，满 300", ZH, "uneven", "满 300", "满300"),
    ],
)
def test_a_note_quotes_what_is_wrong_and_says_what_to_put(
    text: str, language: Language, rule: str, found: str, suggestion: str
) -> None:
    (finding,) = typography(text, language)
    assert (finding.check, finding.severity) == (Check.TYPOGRAPHY, Severity.NOTE)
    assert (finding.rule, finding.text, finding.suggestion) == (rule, found, suggestion)
    assert finding.reason.id == f"finding.typography.{rule}"
    assert (finding.reason.params["found"], finding.reason.params["suggestion"]) == (found, suggestion)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("早（没关上", "（"),
        ("早没开）的", "）"),
        ("他说：“好的", "“"),
        ("回复「开饭", "「"),
        ('他说"好的', '"'),
    ],
)
def test_half_a_pair_is_noted_and_left_to_a_person(text: str, found: str) -> None:
    (finding,) = typography(text, ZH)
    assert (finding.rule, finding.text, finding.suggestion) == ("unbalanced", found, None)


def test_a_quotation_of_several_paragraphs_opens_with_each_of_them() -> None:
    assert typography("“Feed it.\n“Then rest.”", EN) == ()


def test_exclamation_marks_are_counted_by_the_voice_alone() -> None:
    text = "到货了！！快来!!"
    assert mended(text, ZH) == "到货了！！快来！！"
    counted = [f for f in voice(text, Voice("小满", max_exclamations=1), ZH) if f.rule == "exclamations"]
    assert [f.text for f in counted] == ["！", "!!"]


class TestManySlips:
    text = "，".join(["今天,新茶到了,快来看看,明天没有"] * 6)

    def test_a_few_are_told_one_by_one(self) -> None:
        findings = typography("今天,新茶到了,快来看看,明天没有", ZH)
        assert [(f.rule, f.text) for f in findings] == [("half_width", ",")] * 3

    def test_many_are_told_in_stretches_and_one_press_mends_each(self) -> None:
        findings = typography(self.text, ZH)
        assert len(findings) <= 3
        assert {f.rule for f in findings} == {"half_width"}
        assert sum(f.reason.params["count"] for f in findings) == 18
        assert apply_fixes(self.text, findings) == self.text.replace(",", "，")

    def test_a_stretch_of_different_slips_says_how_many(self) -> None:
        text = "今天,新茶 ，到了。。快来(限前 5 名),真的,好 。"
        (finding,) = typography(text, ZH)
        assert finding.rule == "several"
        assert finding.reason.params["count"] == 7
        assert apply_fixes(text, [finding]) == "今天，新茶，到了。快来（限前 5 名），真的，好。"


PIECES = [
    *"，,；;：:、。.？?！!()（）【】[]《》“”‘’\"'「」 \t\u3000\u00a0\u200b\u200d\n",
    *"中文的很0１aＡbx*%％℃…—-~@#/=史",
    *(
        "the",
        "The ",
        "Word",
        "iPhone",
        "12:30",
        "1：30",
        "29.9",
        "...",
        "cm",
        "  ",
        " .",
        ", ",
        "你好",
        "约翰.",
    ),
    *("🍵", "👩‍🍳", "http://a.b/c,d", "#话题 ", "@张三 ", ":)", "(^_^)", "5x3cm", "１，０００", "30 ℃"),
]
COPY = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60)
LANGUAGES = st.sampled_from(list(Language))


@given(COPY, LANGUAGES)
def test_spans_quote_the_text_and_do_not_overlap(text: str, language: Language) -> None:
    end = 0
    for finding in typography(text, language):
        assert end <= finding.start < finding.end
        assert text[finding.start : finding.end] == finding.text != finding.suggestion
        end = finding.end


@given(COPY, LANGUAGES)
def test_a_mended_copy_has_nothing_more_to_mend(text: str, language: Language) -> None:
    assert fixable(mended(text, language), language) == []


@given(COPY, LANGUAGES)
def test_no_fix_changes_a_figure_or_a_chinese_character(text: str, language: Language) -> None:
    def told(copy: str) -> list[str]:
        return [c for c in unicodedata.normalize("NFKC", copy) if c.isdigit() or "一" <= c <= "龥"]

    assert told(mended(text, language)) == told(text)


# What would mean something else with one mark or space changed.
FIXED = [
    *(
        "29.9",
        "10:30",
        "http://a.example/b,c;d",
        "v2.0",
        "1,000",
        "C++",
        "file.txt",
        "12.1–12.3",
        "80/20",
        "1:1",
    ),
    *(
        "¥29.9",
        "hello@a.example",
        "3-5",
        "e.g.",
        "U.K.",
        "8.8折",
        "7x24",
        "iPhone 15 Pro",
        "No.1",
        ":)",
        "#开饭#",
    ),
]


@given(
    st.lists(st.sampled_from(FIXED), min_size=1, max_size=5), st.sampled_from([" ,", "，，", " 。。", "... "])
)
def test_figures_addresses_and_names_stay_as_they_are_among_slips(words: list[str], slip: str) -> None:
    for language, text in (
        (ZH, f"好的{slip}看 {f'{slip}看 '.join(words)} 吧"),
        (EN, f"see{slip} ".join(words)),
    ):
        after = mended(text, language)
        assert [word for word in words if word not in after] == []


class TestHostileInput:
    def test_no_pattern_repeats_without_bound_within_a_repeat(self) -> None:
        modules = [sys.modules[f"copilot.domain.checks.{name}"] for name in RULES]
        patterns = [
            value for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)
        ]
        assert len(patterns) > 30
        assert [each.pattern for each in patterns if _nests(_parser.parse(each.pattern, each.flags))] == []

    @pytest.mark.parametrize(
        "unit",
        [
            *(
                " ",
                "\t",
                "，",
                ",",
                ".",
                "（",
                "(",
                "“",
                '"',
                "'",
                "「",
                "中 ",
                "中,",
                "1：30 ",
                "the ",
                "http://",
            ),
            *("\u200b", "a.", "\n ", " .", "(中)", "。 a", "中b 中", "1x1cm", "@", "`", "{", "<", "(^", "Ａ"),
        ],
    )
    def test_twice_the_text_is_about_twice_the_work(self, unit: str) -> None:
        for language in Language:
            once, twice = (_steps((unit * size)[:size], language) for size in (2_000, 4_000))
            assert twice < 3 * once

    def test_twenty_thousand_characters_are_read_to_the_end(self) -> None:
        text = ('你好,世界.满 300减 30！！去"公园"吧(好的) 。the  the , cat ' * 500)[:20_000]
        for language in Language:
            assert fixable(mended(text, language), language) == []


RULES = ("typography", "proof", "marks", "pairs", "spaces", "english")


def _nests(parsed: Any, *, within: bool = False) -> bool:
    """Whether an unbounded repeat stands in another: the one shape whose cost can run away."""
    for operator, value in parsed:
        repeats = operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
        unbounded = repeats and value[1] == _constants.MAXREPEAT
        if unbounded and within:
            return True
        inner = [part for part in _flat(value) if isinstance(part, _parser.SubPattern)]
        if any(_nests(part, within=within or unbounded) for part in inner):
            return True
    return False


def _flat(value: Any) -> list[Any]:
    if isinstance(value, _parser.SubPattern) or not isinstance(value, (tuple, list)):
        return [value]
    return [part for each in value for part in _flat(each)]


def _steps(text: str, language: Language) -> int:
    """Calls made while the text is read: a measure of work that no busy machine changes."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    former = sys.getprofile()
    sys.setprofile(counted)
    try:
        typography(text, language)
    finally:
        sys.setprofile(former)
    return count
