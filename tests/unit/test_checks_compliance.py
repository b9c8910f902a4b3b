"""Compliance sees through disguises, hears exceptions, and leaves ordinary copy alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.checks.compliance import compliance
from copilot.domain.checks.matching import Reading
from copilot.domain.checks.normalize import fold, join
from copilot.domain.findings import Finding, Severity, blocking
from copilot.rulepacks import PACKS, chinese, compiled

ZH = compiled("cn-ad-law", "cn-platforms")
EN = compiled("en-claims")
ALL = compiled(*PACKS)

DISGUISE = st.text(alphabet="顶级最佳唯一第頂級國家 \u200b\u200d️🔥·*,，、。\nＮＯ．１no.1a㎏①", max_size=40)


def texts(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.text for finding in findings if finding.severity is Severity.BLOCK]


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        ("甄选顶级食材", "顶级"),
        ("甄選頂級食材", "頂級"),
        ("甄选顶 级食材", "顶 级"),
        ("甄选顶\u200b级食材", "顶\u200b级"),
        ("甄选顶🔥级食材", "顶🔥级"),
        ("甄选顶·级食材", "顶·级"),
        ("味道最.佳", "最.佳"),
        ("我们是最、专、业的", "最、专、业"),
        ("坚果销 量 第 一", "销 量 第 一"),
        ("行业ＮＯ．１", "ＮＯ．１"),
        ("國家級工藝", "國家級"),
        ("药到🌿病除", "药到🌿病除"),
        ("好评-返-现五元", "好评-返-现"),
    ],
)
def test_disguises_are_seen_through_and_quoted_as_typed(copy: str, found: str) -> None:
    assert found in texts(compliance(copy, ZH))


@pytest.mark.parametrize(
    "copy",
    [
        "口感独特🌿供应充足",
        "口感独特 供应充足",
        "香气独特，供应稳定",
        "我们从根，治理水土",
        "用量减到最小，佳节也安心",
        "这里树顶 级别不同",
        "中国之最，佳节同游",
    ],
)
def test_neighbouring_words_do_not_make_a_term_across_what_parts_them(copy: str) -> None:
    assert texts(compliance(copy, ZH)) == []


@pytest.mark.parametrize(
    "copy",
    [
        "最近上新了桂花乌龙，来尝尝",
        "最后两天，记得用掉手里的券，11月30日 24:00 截止",
        "第一步先烫杯，第二步投茶",
        "第一次来的朋友，看置顶就能找到答案",
        "有问题随时说，我们第一时间回复",
        "满 29 元起送，无最低消费",
        "开封后三天内是最佳食用时间",
        "最终名单周五晚上公布",
        "你最喜欢哪一款？评论区说说",
        "最多可以叠加两张券",
        "第一批到的是云南豆子",
        "最早明天下午能收到",
        "今天最低气温 3 度，喝点热的",
        "这是我们家最小的一款，放包里刚好",
        "最晚周日 18:00 前提交",
        "我最爱的一杯，还是加了桂花的那款",
        "最难的是坚持，打卡第七天了",
        "群里第一位打卡的是小满",
        "建议最好饭后喝，空腹容易心慌",
        "店里最近在换冬季菜单",
        "限时三天，11月21日 10:00 到 11月23日 22:00",
        "免费试喝，到店报群昵称就行",
        "必须冷藏，开封后两天内喝完",
        "冷藏一夜后口感最好",
        "保留茶叶本来的味道",
        "请确保本群昵称已经改好",
        "被一杯热可可治愈了",
        "第二件半价，仅限群内",
        "这周的话题：你家冰箱里最常见的三样东西",
        "力求把最好的一面带给大家",
    ],
)
def test_ordinary_copy_passes(copy: str) -> None:
    assert blocking(compliance(copy, ZH)) == []


@pytest.mark.parametrize(
    "copy",
    [
        "Our bakers start at five, and the first loaves are out by seven.",
        "Best before the date on the lid; store in a cool place.",
        "The best part of the week? Friday coffee with all of you.",
        "It prevents spills in your bag.",
        "A treat for you and one for the dog.",
        "Feel free to ask, we read every message.",
        "Sugar-free, dairy-free, fuss-free.",
        "Your first order ships on Monday.",
    ],
)
def test_ordinary_english_copy_passes(copy: str) -> None:
    assert compliance(copy, EN) == ()


def test_a_source_and_a_date_make_a_first_place_sayable() -> None:
    assert texts(compliance("全网销量第一", ZH))
    assert not texts(compliance("据某某咨询统计，2025年该品类全网销量第一", ZH))


def test_a_fix_replaces_exactly_what_was_typed() -> None:
    (finding,) = blocking(compliance("甄选顶 级食材", ZH))
    assert (finding.text, finding.suggestion) == ("顶 级", "优质")


def test_a_rule_about_the_whole_post_speaks_once() -> None:
    copy = "种草三款护手霜。亲测好用，戳链接带走。还有测评在后面"
    assert [finding.rule for finding in compliance(copy, ZH)] == ["ad.unmarked"]


@given(DISGUISE)
def test_a_view_never_loses_where_a_character_was_typed(text: str) -> None:
    folded = fold(text, chinese().folding)
    joined = join(folded)
    for view in (folded, *([joined] if joined else [])):
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert list(view.starts) == sorted(view.starts)
        for place, character in enumerate(view.text):
            typed = text[view.starts[place] : view.ends[place]]
            assert len(typed) == 1
            assert character in fold(typed, chinese().folding).text


@given(DISGUISE, st.sampled_from(["顶级", "国家级", "唯一", "最专业"]), DISGUISE)
def test_findings_quote_the_text_as_typed(before: str, term: str, after: str) -> None:
    copy = before + term + after
    for finding in compliance(copy, ALL):
        assert 0 <= finding.start < finding.end <= len(copy)
        assert copy[finding.start : finding.end] == finding.text


@given(st.lists(st.sampled_from(["\u200b", " ", "·", "*", "🔥", "\ufeff", "-"]), min_size=3, max_size=3))
def test_whatever_stands_between_its_characters_a_term_is_found(between: list[str]) -> None:
    copy = "绝" + between[0] + "无" + between[1] + "仅" + between[2] + "有"
    assert copy in texts(compliance(copy, ZH))


@given(st.text(max_size=200))
def test_no_text_breaks_the_matching(text: str) -> None:
    reading = Reading.of(text, chinese())
    ALL.judge(reading, ())
    assert all(text[f.start : f.end] == f.text for f in compliance(text, ALL))
