"""The rule packs are data that proves itself: every rule's examples, and the loader's refusals."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import replace

import pytest

from copilot import rulepacks
from copilot.domain.brands import Language, PreferredTerm, Voice
from copilot.domain.channels import Channel, limits_of
from copilot.domain.checks import TermSet, apply_fixes, run, suite
from copilot.domain.checks.compliance import RuleSet, compliance
from copilot.domain.checks.rules import Rule
from copilot.domain.findings import Check, Severity, blocking
from copilot.errors import Conflict, InvalidInput, NotFound
from copilot.rulepacks import PACKS, chinese, compiled, for_brand_language, parse
from copilot.services.checkeval import shipped

RULES = [rule for name in PACKS for rule in rulepacks.shipped(name).rules]
EVERYTHING = compiled(*PACKS)

MINIMAL = """
pack: house
version: 1
language: zh
title: {en: House, zh: 自家}
note: {en: A note, zh: 说明}
rules:
  - id: house.words
    category: house
    severity: warn
    reason: {en: Because, zh: 因为}
    basis: {en: House rule, zh: 店规}
    terms: [内部价]
    positive: [今天内部价, 内部价来了, 问内部价]
    negative: [内部装修, 价格, 店里]
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_raises_on_its_positive_examples_and_on_none_of_its_negative_ones(rule: Rule) -> None:
    assert len(rule.positive) >= 3
    assert len(rule.negative) >= 3
    for text in rule.positive:
        raised = [finding for finding in compliance(text, EVERYTHING) if finding.rule == rule.id]
        assert raised, f"silent on {text}"
        assert all(finding.severity is rule.severity for finding in raised)
    for text in rule.negative:
        raised = [
            f for f in compliance(text, EVERYTHING) if f.rule == rule.id or f.severity is Severity.BLOCK
        ]
        assert not raised, f"speaks on {text}: {raised}"


def test_no_finding_begins_or_ends_within_a_latin_word() -> None:
    """A person reads what is marked: “free g” for “free gift” is no word of theirs."""
    examples = [text for rule in RULES for text in (*rule.positive, *rule.negative)]
    labelled = [json.loads(line)["text"] for line in shipped("checks").splitlines()]
    for text in (*examples, *labelled):
        for finding in compliance(text, EVERYTHING):
            for edge in (finding.start, finding.end):
                around = text[max(0, edge - 1) : edge + 1]
                assert len(around) < 2 or not (around.isascii() and around.isalnum()), (finding.text, text)
    (found,) = compliance("Get your free gift now.", EVERYTHING)
    assert found.text == "Get your free gift"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_explains_itself_in_both_languages(rule: Rule) -> None:
    for worded in (rule.reason, rule.basis):
        assert set(worded) == {"en", "zh"}
        assert all(worded.values())
    assert rule.alternatives


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.fixes], ids=lambda rule: rule.id)
def test_a_fix_is_never_itself_a_finding(rule: Rule) -> None:
    for term, fix in rule.fixes.items():
        assert not compliance(f"这款{fix}的茶", EVERYTHING), (term, fix)


# What a reader could hold a brand to: an offer, a relation of prices, a stock, a certificate, a promise.
PROMISES = re.compile(
    r"优惠|活动价|福利|秒杀|特价|专[享属]|券|打折|\d折|立减|直减|满减|[赠送]|免费|包邮|礼|积分|返|抽奖|更(?:低|便宜|实惠|划算)"
    r"|现货|限量|库存|名额|最后|证书|认证|专利|检测|报告|保证|承诺|包[退换赔]|退款|质保|复购|回购|销量|口碑|备案"
    r"|\b(?:free|gift|sale|offer|discount|off|deal|save|cheaper|lower|stock|left|only|certif\w+|patent\w*|tested|proven"
    r"|guarantee\w*|promise\w*|refund\w*|returns?|warranty|bestsell\w+|members?|points?|rewards?)\b",
    re.IGNORECASE,
)
FIGURES = re.compile(r"\d+|[零〇一二两三四五六七八九十百千万]+")
# A person is told what to write, and writes it from what there is.
INSTRUCTIONS = re.compile(
    r"^(?:直接写|写|只写|只介绍|有|在|把|去掉|照|适宜|用|以|按|欢迎|回复|say|name|leave|begin|ask|describe|tell)"
)


def test_no_fix_says_what_was_not_there() -> None:
    """It takes out or tones down. What states an offer would stand as the brand's own word, unread."""
    examples = [text for rule in RULES for text in (*rule.positive, *rule.negative)]
    labelled = [json.loads(line)["text"] for line in shipped("checks").splitlines()]
    spelt = [f"今天的{term}，群里见" for rule in RULES for term in rule.fixes]
    mended = 0
    for text in (*examples, *labelled, *spelt):
        found = [one for one in compliance(text, EVERYTHING) if one.suggestion is not None]
        after = apply_fixes(text, found)
        mended += after != text
        for told in (PROMISES, FIGURES):
            assert not Counter(told.findall(after)) - Counter(told.findall(text)), (text, after)
    assert mended >= 100


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_alternative_names_no_figure_and_offers_nothing_that_may_not_be(rule: Rule) -> None:
    for alternative in rule.alternatives:
        assert not re.search(r"[\d…]", alternative)
        assert INSTRUCTIONS.match(alternative) or not PROMISES.search(alternative), alternative


def test_a_usual_price_is_noted_beside_a_lower_one_unless_the_voice_prescribes_the_word() -> None:
    copy, former = "溪石米缸日常价 129 元，换季价 109 元。", "溪石米缸原价 129 元，换季价 109 元。"
    plain = Voice(persona="掌柜", address="饭友")
    prescribing = replace(plain, preferred=(PreferredTerm("日常价", ("柜台价",)), PreferredTerm("原价", ())))
    for voice, expected in ((plain, ["ad.price-usual"]), (prescribing, [])):
        checks = suite(
            brand_voice=voice,
            language=Language.ZH,
            channel=limits_of(Channel.COMMUNITY, Language.ZH),
            wanted=None,
            rules=EVERYTHING,
            known=TermSet.compile(voice, chinese()),
        )
        assert [one.rule for one in run(copy, checks) if one.check is Check.COMPLIANCE] == expected
        # A voice cannot prescribe away what the law asks for.
        assert [one.rule for one in run(former, checks) if one.check is Check.COMPLIANCE] == [
            "ad.price-reference"
        ]


@pytest.mark.parametrize("piece", ["", "1", "最，", "free ", "据2026年", "第一 ", "\n"])
def test_the_packs_read_hostile_copy_in_time(piece: str) -> None:
    """20,000 characters of one thing, or of everything that the rules look for, are soon read."""
    piece = piece or "。".join(text for rule in RULES for text in rule.positive)
    text = (piece * (20_000 // len(piece) + 1))[:20_000]
    started = time.perf_counter()
    compliance(text, EVERYTHING)
    assert time.perf_counter() - started < 3  # It takes a third of a second; the rest is for a busy machine.


def test_the_packs_follow_the_brand_s_language() -> None:
    assert for_brand_language("zh") == ("cn-ad-law", "cn-platforms")
    assert for_brand_language("en") == ("en-claims",)
    assert {name for language in ("zh", "en") for name in for_brand_language(language)} == set(PACKS)


def test_rules_are_found_again_by_the_id_that_a_finding_carries() -> None:
    (finding,) = blocking(compliance("甄选顶级食材", EVERYTHING))
    rule = EVERYTHING.rule(str(finding.reason.params["rule"]))
    assert rule is not None
    assert "绝对化" in rule.reason["zh"]
    assert EVERYTHING.rule("gone") is None


def test_one_compilation_is_shared() -> None:
    assert compiled("cn-ad-law") is compiled("cn-ad-law")


def test_an_unknown_pack_is_not_found() -> None:
    with pytest.raises(NotFound):
        rulepacks.shipped("fr-claims")


def test_two_packs_may_not_name_a_rule_alike() -> None:
    with pytest.raises(Conflict):
        RuleSet.compile([parse(MINIMAL), parse(MINIMAL)], chinese())


def test_a_minimal_pack_is_read() -> None:
    pack = parse(MINIMAL)
    assert [finding.text for finding in compliance("给你内部价", RuleSet.compile([pack], chinese()))] == [
        "内部价"
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "place", "fault"),
    [
        ("category:", "categorie:", "rules[0].categorie", "rulepack.unknown_key"),
        ("version: 1\n", "", "pack.version", "rulepack.missing_key"),
        ("severity: warn", "severity: fatal", "house.words.severity", "rulepack.unknown_severity"),
        ("terms: [内部价]", "patterns: ['(']", "house.words.patterns", "rulepack.bad_pattern"),
        ("terms: [内部价]", "patterns: ['(a+b)']", "house.words.patterns", "rulepack.slow_pattern"),
        ("terms: [内部价]", "patterns: ['内部价?|']", "house.words.patterns", "rulepack.empty_pattern"),
        ("terms: [内部价]", "terms: []", "house.words", "rulepack.nothing_to_find"),
        ("terms: [内部价]", "terms: [no]", "house.words.terms", "rulepack.wrong_kind"),
        (", 店里]", "]", "house.words", "rulepack.too_few_examples"),
        ("basis:", "unless: {on: [店]}\n    basis:", "house.words.unless.True", "rulepack.unknown_key"),
        ("basis:", "fixes: {外部价: 价}\n    basis:", "house.words.fixes.外部价", "rulepack.unknown_key"),
        ("pack: house", "pack: [house", "pack", "rulepack.not_yaml"),
    ],
)  # fmt: skip
def test_a_faulty_pack_is_refused_with_its_place(was: str, becomes: str, place: str, fault: str) -> None:
    assert was in MINIMAL
    with pytest.raises(InvalidInput) as refusal:
        parse(MINIMAL.replace(was, becomes))
    assert refusal.value.fields == {place: fault}
