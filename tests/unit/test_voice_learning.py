"""What edits teach: words that people change again and again, and never a price, a product or a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain.brands import BannedTerm, Language, PreferredTerm, Voice
from copilot.domain.voicelearning import Candidate, CandidateKind, Edit, candidates, examples
from copilot.domain.voicepairs import swaps

VOICE = Voice("小满掌柜", address="你", max_exclamations=2, max_emoji=3, sign_off="慢慢来。")


def edits(*pairs: tuple[str, str]) -> list[Edit]:
    return [Edit(number, before, after) for number, (before, after) in enumerate(pairs, 1)]


def learnt(
    *pairs: tuple[str, str], voice: Voice = VOICE, language: Language = Language.ZH
) -> list[Candidate]:
    return list(candidates(edits(*pairs), voice, language, names=["小灶陶锅", "林小满"]))


def keys(found: list[Candidate]) -> list[str]:
    return [f"{one.kind}:{one.key}" for one in found]


def test_a_word_that_two_people_replace_alike_becomes_a_preferred_term_with_both_sentences() -> None:
    (found,) = learnt(
        ("亲们，新米到了，焖一锅试试。", "饭友们，新米到了，焖一锅试试。"),
        ("锅还热着，亲们别急着揭盖。", "锅还热着，饭友们别急着揭盖。"),
    )
    assert found.kind is CandidateKind.PREFERRED
    assert found.value == {"use": "饭友们", "instead_of": ["亲们"]}
    assert [(seen.post, seen.before, seen.after) for seen in found.evidence] == [
        (1, "亲们，新米到了，焖一锅试试。", "饭友们，新米到了，焖一锅试试。"),
        (2, "锅还热着，亲们别急着揭盖。", "锅还热着，饭友们别急着揭盖。"),
    ]


def test_two_changes_side_by_side_are_two_changes() -> None:
    found = learnt(
        ("锅到了，亲们快来看看！", "锅到了，街坊们来看看。"),
        ("米到了，亲们快来尝尝！", "米到了，街坊们来尝尝。"),
    )
    assert keys(found) == ["preferred:亲们→街坊们"]


def test_once_is_no_habit_and_a_word_that_mostly_stays_is_none_either() -> None:
    pair = ("亲们，新米到了，焖一锅试试。", "饭友们，新米到了，焖一锅试试。")
    assert learnt(pair) == []
    kept = [
        (f"亲们，{day}有雨，收好衣服。", f"亲们，{day}有雨，收好衣裳。") for day in ("周一", "周二", "周三")
    ]
    assert keys(learnt(pair, ("亲们好，锅到了。", "饭友们好，锅到了。"), *kept)) == ["preferred:衣服→衣裳"]


def test_two_who_change_it_both_ways_show_nothing() -> None:
    there, back = ("亲们好，锅到了。", "饭友们好，锅到了。"), ("饭友们好，米到了。", "亲们好，米到了。")
    assert (
        learnt(
            there,
            back,
            ("亲们早，锅到了。", "饭友们早，锅到了。"),
            ("饭友们早，米到了。", "亲们早，米到了。"),
        )
        == []
    )


def test_a_word_taken_out_of_three_posts_becomes_a_banned_term() -> None:
    pairs = [(f"{thing}超级好用，你试试。", f"{thing}好用，你试试。") for thing in ("锅盖", "米缸", "木勺")]
    assert learnt(*pairs[:2]) == []
    (found,) = (one for one in learnt(*pairs) if one.kind is not CandidateKind.RULE)
    assert (found.part, found.value) == ("banned", {"term": "超级", "instead": ""})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("会员价 239 元，今晚截止。", "会员价 219 元，今晚截止。"),
        ("今天买小灶陶锅的人多。", "今天买溪石米缸的人多。"),
        ("这是王阿姨教的焖法。", "这是李阿姨教的焖法。"),
        ("周三下午三点开窑。", "周五下午四点开窑。"),
    ],
)
def test_prices_products_days_and_people_are_never_terms(before: str, after: str) -> None:
    assert [
        one
        for one in learnt(*[(before + tail, after + tail) for tail in "一二三四"])
        if one.part in ("preferred", "banned")
    ] == []


def test_what_holds_a_products_name_is_that_product_and_no_word() -> None:
    pairs = [(f"{n}个人问起迷你小灶陶锅。", f"{n}个人问起那口锅。") for n in "甲乙丙"]
    assert [one for one in learnt(*pairs) if one.part in ("preferred", "banned")] == []
    named = candidates(
        edits(*[(f"{n}说锅巴真香。", f"{n}说饭粒真香。") for n in "甲乙丙"]),
        VOICE,
        Language.ZH,
        names=["锅巴脆"],
    )
    assert [one for one in named if one.part == "preferred"] == []


def test_in_english_a_capital_inside_a_sentence_is_a_name() -> None:
    pairs = [
        (f"Our customers love the {thing}, says Ruth.", f"Our slow bakers love the {thing}, says Anna.")
        for thing in ("jar", "crust", "lid")
    ]
    (found,) = learnt(*pairs, language=Language.EN)
    assert found.value == {"use": "slow bakers", "instead_of": ["customers"]}


def test_what_the_voice_says_already_is_not_proposed() -> None:
    pairs = (
        ("亲们，新米到了，焖一锅试试。", "饭友们，新米到了，焖一锅试试。"),
        ("锅还热着，亲们别急着揭盖。", "锅还热着，饭友们别急着揭盖。"),
    )
    knowing = replace(VOICE, preferred=(PreferredTerm("饭友们", ("亲们", "宝子们")),))
    assert learnt(*pairs, voice=knowing) == []
    banning = replace(VOICE, banned=(BannedTerm("超级"),))
    taken = [(f"{thing}超级好用，你试试。", f"{thing}好用，你试试。") for thing in ("锅盖", "米缸", "木勺")]
    assert [one for one in learnt(*taken, voice=banning) if one.kind is CandidateKind.BANNED] == []


LONG = "今天焖饭的时候多放了半指水，火也没关小，结果一锅饭软得像粥。"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{n}号锅到了！快来看！", "{n}号锅到了。来看看。", ("max_exclamations", 0)),
        ("{n}号锅到了🍚🍚", "{n}号锅到了🍚", ("max_emoji", 1)),
        ("各位早上好。" + LONG + "{n}号", LONG + "{n}号", ("dont", "不用问候语开头，直接说事。")),
        (LONG + LONG + "{n}号", LONG + "{n}号", ("do", "比初稿再短一点，说完就收。")),
        ("想看{n}号锅，你回一声。", "想看{n}号锅，您回一声。", ("address", "您")),
        ("{n}号锅到了，看看去。慢慢来。", "{n}号锅到了，看看去。", ("sign_off", "")),
        ("今天{n}号锅到了大家有空都来铺子里看看吧。", "今天{n}号锅到了。有空来看看。", ("max_sentence", 8)),
    ],
)
def test_what_most_edits_do_becomes_a_rule(before: str, after: str, expected: tuple[str, object]) -> None:
    pairs = [(before.format(n=n), after.format(n=n)) for n in "甲乙丙"]
    found = {one.part: one for one in learnt(*pairs) if one.kind is CandidateKind.RULE}
    part, value = expected
    assert found[part].value == value
    assert [seen.post for seen in found[part].evidence] == [1, 2, 3]
    # Where as many do not, it is nobody's rule.
    left = [
        (before.format(n=n), before.format(n=n).replace("锅", "壶").replace("饭", "粥")) for n in "丁戊己"
    ]
    assert part not in {
        one.part for one in learnt(*pairs, *left) if one.kind is CandidateKind.RULE and one.value == value
    }


_WORDS = st.lists(
    st.sampled_from(
        ["亲们", "饭友们", "锅", "239 元", "好用", "超级", "，", "。", "！", "王阿姨", "新米到了", "\n"]
    ),
    min_size=3,
    max_size=12,
).map("".join)


@settings(max_examples=80)
@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=2, max_size=5))
def test_every_quote_of_a_candidate_stands_in_its_texts(pairs: list[tuple[str, str]]) -> None:
    found = learnt(*pairs)
    assert found == learnt(*pairs)
    for one in found:
        for seen in one.evidence:
            drafted, approved = pairs[seen.post - 1]
            assert seen.before in drafted and seen.after in approved
    for before, after in pairs:
        for swap in swaps(before, after, Language.ZH, names=[]):
            assert swap.old in before and swap.new in after and swap.old not in after
            assert not any(digit in swap.old + swap.new for digit in "0123456789")


def test_examples_are_unlike_each_other_in_tone_and_free_of_what_will_be_over() -> None:
    good = "早，灶上的水刚开。咱们今天焖一锅新米，慢慢吃呀。"
    texts = [
        Edit(1, good, good),
        Edit(2, "", "早，灶上的水刚开。咱们今天焖一锅新米，慢慢吃哦。"),
        Edit(3, "", "晚上好呀，碗洗了没有？锅巴留着泡粥，香着呢。"),
        Edit(4, "", "尊敬的会员：特此通知，本店即日起调整营业时间，敬请谅解。"),
        Edit(5, "", "下午好呀，喝口茶。今天的米缸会员价 119 元，要的回一声哦。"),
    ]
    friendly = replace(VOICE, scales=replace(VOICE.scales, friendly=5))
    found = examples(texts, friendly, Language.ZH)
    assert [one.evidence[0].post for one in found] == [3, 2, 5]
    held = replace(friendly, examples=(texts[2].approved,))
    assert [one.evidence[0].post for one in examples(texts, held, Language.ZH)] == [2, 5]
