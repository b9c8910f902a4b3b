"""A brand's rule book: packs on and off, rules changed, rules of its own, and one automaton for all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import BannedTerm, Language, PreferredTerm, Voice
from copilot.domain.checks import TermSet, compliance, terms
from copilot.domain.checks.spellings import spellings
from copilot.domain.checks.vocabulary import Vocabulary
from copilot.domain.findings import Finding, Severity
from copilot.domain.rulebook import Change, OwnRule, RuleBook
from copilot.rulepacks import chinese, compiled, for_brand

OWN = OwnRule(
    id="own.refill",
    severity=Severity.BLOCK,
    reason="我们不说代装",
    terms=("代装", "灌装"),
    exceptions=("代装饭盒",),
    instead="续杯",
    positive=("可以代装", "帮你代装", "灌装也行"),
    negative=("代装饭盒", "装好了", "续杯"),
)
SOME_TEXT = st.text(max_size=30)


def rules_of(findings: tuple[Finding, ...]) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in findings]


def test_a_brand_without_a_book_keeps_to_the_packs_of_its_language() -> None:
    assert for_brand(Language.ZH, RuleBook()) is compiled("cn-ad-law", "cn-platforms")
    assert for_brand(Language.EN, RuleBook()) is compiled("en-claims")


def test_a_pack_that_is_switched_off_is_silent() -> None:
    book = RuleBook(packs=("cn-ad-law",))
    assert compliance("转发集赞领小样", for_brand(Language.ZH, RuleBook()))
    assert not compliance("转发集赞领小样", for_brand(Language.ZH, book))


def test_a_rule_can_be_graver_milder_or_off_and_can_learn_an_exception() -> None:
    copy = "甄选顶级食材"
    assert rules_of(compliance(copy, for_brand(Language.ZH, RuleBook()))) == [
        ("ad.absolute-top", Severity.BLOCK)
    ]
    milder = RuleBook(changes=(Change("ad.absolute-top", severity=Severity.NOTE),))
    assert rules_of(compliance(copy, for_brand(Language.ZH, milder))) == [("ad.absolute-top", Severity.NOTE)]
    off = RuleBook(changes=(Change("ad.absolute-top", is_off=True),))
    assert compliance(copy, for_brand(Language.ZH, off)) == ()
    taught = RuleBook(changes=(Change("ad.absolute-top", exceptions=("顶级食材",)),))
    assert compliance(copy, for_brand(Language.ZH, taught)) == ()
    assert compliance("顶级享受", for_brand(Language.ZH, taught))


def test_a_brand_s_own_rule_says_its_own_reason_and_offers_its_own_words() -> None:
    rules = for_brand(Language.ZH, RuleBook(own=(OWN,)))
    (finding,) = compliance("今天可以代 装，带上代装饭盒", rules)
    assert (finding.text, finding.suggestion, finding.severity) == ("代 装", "续杯", Severity.BLOCK)
    assert finding.reason.params["reason"] == OWN.reason


def test_a_change_of_a_rule_that_is_gone_changes_nothing() -> None:
    book = RuleBook(changes=(Change("ad.long-gone", is_off=True),))
    assert rules_of(compliance("甄选顶级食材", for_brand(Language.ZH, book))) == [
        ("ad.absolute-top", Severity.BLOCK)
    ]


CHANGES = st.builds(
    Change,
    rule=SOME_TEXT,
    severity=st.none() | st.sampled_from(Severity),
    is_off=st.booleans(),
    exceptions=st.lists(SOME_TEXT, max_size=2).map(tuple),
).filter(lambda change: not change.is_empty)
OWN_RULES = st.builds(
    OwnRule,
    id=SOME_TEXT,
    severity=st.sampled_from(Severity),
    reason=SOME_TEXT,
    terms=st.lists(SOME_TEXT, max_size=2).map(tuple),
    positive=st.lists(SOME_TEXT, max_size=2).map(tuple),
    negative=st.lists(SOME_TEXT, max_size=2).map(tuple),
    exceptions=st.lists(SOME_TEXT, max_size=2).map(tuple),
    instead=st.none() | SOME_TEXT,
    alternatives=st.lists(SOME_TEXT, max_size=2).map(tuple),
    basis=SOME_TEXT,
)


@given(
    st.builds(
        RuleBook,
        packs=st.none() | st.lists(SOME_TEXT, max_size=2).map(tuple),
        changes=st.lists(CHANGES, max_size=3).map(tuple),
        own=st.lists(OWN_RULES, max_size=2).map(tuple),
        declaration=SOME_TEXT,
    )
)
def test_what_is_kept_of_a_book_is_the_book(book: RuleBook) -> None:
    assert RuleBook.from_json(book.as_json()) == book


@pytest.mark.parametrize(
    ("term", "pinyin", "some"),
    [
        ("最佳", "zui jia", {"zui佳", "最jia", "zuijia"}),
        ("国家级", "guo jia ji", {"gjj", "国jia级", "国j级", "guojiaji"}),
    ],
)
def test_a_term_is_spelt_in_letters_in_part_and_throughout(term: str, pinyin: str, some: set[str]) -> None:
    assert some <= set(spellings(term, pinyin))


def test_one_letter_beside_one_character_is_a_class_and_no_spelling() -> None:
    assert "d级" not in set(spellings("顶级", "ding ji"))
    assert not compliance("想买一辆D级车的看过来", compiled("cn-ad-law"))


def test_syllables_that_do_not_fit_the_term_spell_nothing() -> None:
    assert not list(spellings("最佳", "zui"))


VOICE = Voice(
    persona="小满",
    banned=(BannedTerm("顶级", instead="优质"), BannedTerm("亲")),
    preferred=(PreferredTerm("茶友", ("用户",)), PreferredTerm("茶友们", ("茶友大军",))),
    competitors=("云岭茶坊",),
)


@given(
    st.lists(
        st.sampled_from(
            ["顶级", "顶·级", "用户", "亲", "茶友大军", "云岭茶坊", "最佳", "最佳食用", "，", "好", " "]
        ),
        max_size=12,
    ).map("".join)
)
def test_one_pass_over_all_terms_finds_what_each_list_finds_alone(text: str) -> None:
    rules, known = compiled("cn-ad-law", "cn-platforms"), TermSet.compile(VOICE, chinese())
    scan = Vocabulary(rules, known).scan(text)
    assert rules.judge(scan.reading, scan.rules) == compliance(text, rules)
    assert known.judge(scan.reading, scan.terms) == terms(text, known)


def test_books_that_say_the_same_share_their_rules() -> None:
    book = RuleBook(own=(OWN,))
    assert for_brand(Language.ZH, book) is for_brand(Language.ZH, replace(book))
