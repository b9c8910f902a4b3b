"""What fits in a rule book, what a version changed, and what a rule makes of a sentence before anybody keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot import files, rulepacks, wording
from copilot.domain.brands import Brand, Language
from copilot.domain.checks.bookfaults import faults
from copilot.domain.checks.ruling import packs_on, switched
from copilot.domain.checks.trying import Silence, found_in_examples, try_examples, try_text
from copilot.domain.findings import Severity
from copilot.domain.rulebook import Change, OwnRule, RuleBook
from copilot.domain.rulechanges import compare_books
from copilot.errors import InvalidInput
from copilot.rulepacks import chinese, compiled, for_brand
from copilot.services.brandrules import KEYS, read_rules
from copilot.services.brandsettings import read_settings
from copilot.services.brandtrees import FolderTree
from copilot.services.brandyaml import dump, parse

PACKS = tuple(rulepacks.shipped(name) for name in rulepacks.PACKS)
HEARTH = Brand(1, "hearth", "迟禾小灶", "Asia/Shanghai", Language.ZH, products=("小灶陶锅", "溪石米缸"))
MERE = Brand(2, "mere", "Slowmere", "Europe/London", Language.EN, products=("Keeper Jar",))
REFILL = OwnRule(
    id="own.refill",
    severity=Severity.BLOCK,
    reason="我们不说代装",
    terms=("代装", "灌装"),
    exceptions=("代装饭盒",),
    instead="现装",
    positive=("可以代装", "帮你代装", "灌装也行"),
    negative=("带上代装饭盒", "装好了", "续杯"),
)


def wrong(book: RuleBook, brand: Brand = HEARTH) -> dict[str, str]:
    return {fault.field: fault.message.id for fault in faults(book, brand, PACKS, chinese())}


def own(**parts: object) -> RuleBook:
    return RuleBook(own=(replace(REFILL, **parts),))  # type: ignore[arg-type]


def test_a_sound_book_has_no_fault() -> None:
    book = RuleBook(
        packs=("cn-ad-law",),
        changes=(Change("ad.absolute-top", severity=Severity.WARN, exceptions=("顶级大厨班",)),),
        own=(REFILL,),
        declaration="本文由 AI 协助起草。",
    )
    assert wrong(book) == {}


MANY = tuple(f"代装{number}" for number in range(101))


@pytest.mark.parametrize(
    ("book", "field", "message"),
    [
        (RuleBook(packs=("cn-ad-law", "cn-nowhere")), "packs.cn-nowhere", "rules_pack"),
        (RuleBook(changes=(Change("ad.gone", is_off=True),)), "changes.ad.gone", "rules_unknown"),
        (
            RuleBook(changes=(Change("ad.gift-terms", is_off=True), Change("ad.gift-terms", Severity.NOTE))),
            "changes.ad.gift-terms",
            "rules_double",
        ),
        (
            RuleBook(changes=(Change("ad.absolute-top", exceptions=("顶级大厨班", "很好喝")),)),
            "changes.ad.absolute-top.exceptions.2",
            "rules_exception",
        ),
        (
            RuleBook(changes=(Change("ad.absolute-top", exceptions=(" ",)),)),
            "changes.ad.absolute-top.exceptions.1",
            "rules_empty",
        ),
        (
            RuleBook(changes=(Change("ad.absolute-top", exceptions=("顶级" * 31,)),)),
            "changes.ad.absolute-top.exceptions.1",
            "rules_term",
        ),
        (
            RuleBook(changes=(Change("ad.absolute-top", exceptions=("顶级大厨班", "頂級")),)),
            "changes.ad.absolute-top.exceptions.2",
            "rules_exception_term",
        ),
        (
            RuleBook(changes=(Change("en.green", exceptions=("Carbon Neutral",)),)),
            "changes.en.green.exceptions.1",
            "rules_exception_term",
        ),
        (own(exceptions=("代装饭盒", "灌装")), "own.refill.exceptions.2", "rules_exception_own"),
        (own(reason=" "), "own.refill.reason", "rules_reason"),
        (own(reason="x" * 201), "own.refill.reason", "rules_line"),
        (own(terms=()), "own.refill.terms", "rules_no_terms"),
        (own(terms=("代装", "装")), "own.refill.terms.2", "rules_short"),
        (own(terms=("代装", "")), "own.refill.terms.2", "rules_empty"),
        (own(terms=("代装" * 31,)), "own.refill.terms.1", "rules_term"),
        (own(terms=MANY), "own.refill.terms", "rules_many"),
        (own(positive=("可以代装", "帮你代装")), "own.refill.positive", "rules_examples"),
        (own(negative=()), "own.refill.negative", "rules_examples"),
        (own(positive=("可以代装", "今天现做", "帮你代装")), "own.refill.positive.2", "rules_silent"),
        (own(negative=("装好了", "续杯", "灌装线")), "own.refill.negative.3", "rules_speaks"),
        (own(positive=("代装" * 151, "可以代装", "帮你代装")), "own.refill.positive.1", "rules_example_long"),
        (own(instead="灌装"), "own.refill.instead", "rules_blocked"),
        (own(instead="销量冠军"), "own.refill.instead", "rules_blocked"),
        (own(terms=("代装", "灌装", "陶锅")), "own.refill.terms", "rules_own_name"),
        (own(terms=("代装", "灌装", "迟禾小灶")), "own.refill.terms", "rules_own_name"),
        (own(id="refill"), "own.1.id", "rules_id"),
        (own(id="own.Re fill"), "own.1.id", "rules_id"),
        (RuleBook(own=(REFILL, REFILL)), "own.refill.id", "rules_own_taken"),
        (RuleBook(declaration="很" * 101), "declaration", "rules_declaration"),
        (RuleBook(declaration="由销量冠军 AI 撰写。"), "declaration", "rules_blocked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_named_by_its_field(book: RuleBook, field: str, message: str) -> None:
    assert wrong(book) == {field: f"invalid.{message}"}
    for fault in faults(book, HEARTH, PACKS, chinese()):
        for language in wording.LANGUAGES:
            assert wording.word(fault.message, language)


def test_a_term_may_lie_in_a_product_that_is_an_exception() -> None:
    book = own(terms=("代装", "灌装", "陶锅"), exceptions=("代装饭盒", "小灶陶锅"))
    assert wrong(book) == {}


def test_a_replacement_is_read_by_the_rules_that_hold_here() -> None:
    """What the brand made milder, or switched off, does not stand in the way."""
    milder = RuleBook(changes=(Change("ad.absolute-sales", severity=Severity.NOTE),), own=(REFILL,))
    champion = replace(REFILL, instead="销量冠军")
    assert wrong(replace(milder, own=(champion,))) == {}
    assert wrong(RuleBook(packs=(), own=(champion,))) == {}


def test_the_packs_of_a_language_are_told_alike_everywhere() -> None:
    for language in Language:
        names = tuple(pack.name for pack in packs_on(PACKS, RuleBook(), language))
        assert names == rulepacks.for_brand_language(language)


def test_a_pack_goes_off_and_on_again() -> None:
    off = switched(PACKS, RuleBook(), "zh", "cn-platforms", False)
    assert off.packs == ("cn-ad-law",)
    assert switched(PACKS, off, "zh", "cn-platforms", True) == RuleBook()
    both = switched(PACKS, RuleBook(), "zh", "en-claims", True)
    assert both.packs == ("cn-ad-law", "cn-platforms", "en-claims")
    assert switched(PACKS, both, "zh", "en-claims", True) == both


def test_a_change_takes_the_place_of_the_one_before_and_an_empty_one_takes_it_back() -> None:
    book = RuleBook().changing(Change("ad.gift-terms", is_off=True))
    milder = book.changing(Change("ad.gift-terms", severity=Severity.NOTE))
    assert milder.changes == (Change("ad.gift-terms", severity=Severity.NOTE),)
    assert milder.changing(Change("ad.gift-terms")) == RuleBook()


def said(before: RuleBook, after: RuleBook) -> list[str]:
    usual = rulepacks.for_brand_language("zh")
    return [wording.word(message, "en") for message in compare_books(before, after, usual)]


def test_what_a_version_changed_is_said_in_sentences() -> None:
    before = RuleBook(
        changes=(Change("ad.alcohol", is_off=True), Change("ad.gift-terms", Severity.NOTE)),
        own=(REFILL,),
        declaration="旧声明",
    )
    after = RuleBook(
        packs=("cn-ad-law",),
        changes=(
            Change("ad.absolute-top", severity=Severity.WARN, exceptions=("顶级大厨班",)),
            Change("ad.gift-terms"),
        ),
        own=(replace(REFILL, reason="改了", terms=("代装",)), replace(REFILL, id="own.other")),
    )
    assert said(before, after) == [
        "switched off: WeChat and WeCom rules",
        "ad.absolute-top is now “Worth changing”",
        "ad.absolute-top lets “顶级大厨班” stand",
        "ad.alcohol is on again",
        "ad.gift-terms has its own severity again",
        "own.refill, reason: now “改了”",
        *(f"own.refill, words: “{word}” taken out" for word in REFILL.terms if word != "代装"),
        "new rule own.other: 我们不说代装",
        "no declaration any more",
    ]
    assert "rule own.other taken out: 我们不说代装" in said(after, before)
    assert "switched on: WeChat and WeCom rules" in said(after, before)
    assert "ad.absolute-top no longer lets “顶级大厨班” stand" in said(after, before)
    assert said(before, before) == []


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("severity", Severity.NOTE, "own.refill is now “Worth a look”"),
        ("basis", "店规第三条", "own.refill, basis: now “店规第三条”"),
        ("instead", "装瓶", "own.refill, replacement: now “装瓶”"),
        ("alternatives", ("换个说法",), "own.refill, alternatives: “换个说法” added"),
        ("exceptions", ("灌装线",), "own.refill, exceptions: “灌装线” added"),
    ],
)
def test_a_change_of_the_brands_own_rule_says_what_it_is_now(part: str, value: object, told: str) -> None:
    plain = replace(REFILL, basis="", instead=None, alternatives=(), exceptions=())
    changed = replace(plain, severity=Severity.BLOCK) if part == "severity" else plain
    assert said(RuleBook(own=(changed,)), RuleBook(own=(replace(changed, **{part: value}),))) == [told]


def test_what_an_own_rule_loses_is_said_too_and_so_is_another_order() -> None:
    full = replace(REFILL, basis="店规", instead="装瓶", terms=("灌装", "代装"))
    bare = replace(full, basis="", instead=None, terms=("代装", "灌装"))
    assert said(RuleBook(own=(full,)), RuleBook(own=(bare,))) == [
        "own.refill, basis: taken out",
        "own.refill, words: in another order",
        "own.refill, replacement: taken out",
    ]
    emptied = replace(full, instead="")
    assert said(RuleBook(own=(full,)), RuleBook(own=(emptied,))) == [
        "own.refill: its words are now simply taken out"
    ]


PARTS: dict[str, Callable[[RuleBook], RuleBook]] = {
    "packs": lambda book: replace(book, packs=("en-claims",)),
    "severity": lambda book: book.changing(Change("ad.data-source", Severity.BLOCK)),
    "off": lambda book: book.changing(Change("ad.finance", is_off=True)),
    "exceptions": lambda book: book.changing(Change("ad.absolute-top", exceptions=("顶级赛",))),
    "own": lambda book: book.owning(REFILL),
    "declaration": lambda book: replace(book, declaration="x"),
}


@given(st.sets(st.sampled_from(sorted(PARTS))), st.sets(st.sampled_from(sorted(PARTS))))
def test_books_are_said_to_differ_exactly_when_they_do(one: set[str], other: set[str]) -> None:
    books = []
    for parts in (one, other):
        book = RuleBook()
        for part in sorted(parts):
            book = PARTS[part](book)
        books.append(book.tidy())
    assert bool(said(*books)) == (books[0] != books[1])


def test_however_it_was_typed_a_book_has_one_form() -> None:
    typed = RuleBook(
        changes=(Change("b.one"), Change(" a.two ", is_off=True, exceptions=(" 顶级  赛 ", "顶级 赛", ""))),
        own=(replace(REFILL, reason=" 我们\n不说 ", terms=("代装", "代装", " "), instead=""),),
        declaration="  ",
    )
    tidied = typed.tidy()
    assert tidied.changes == (Change("a.two", is_off=True, exceptions=("顶级 赛",)),)
    assert (tidied.own[0].reason, tidied.own[0].terms, tidied.own[0].instead) == ("我们 不说", ("代装",), "")
    assert tidied == tidied.tidy() and tidied.declaration == ""


def test_a_sentence_on_trial_tells_who_speaks_and_who_is_silent_and_why() -> None:
    book = RuleBook(
        packs=("cn-ad-law",),
        changes=(
            Change("ad.absolute-sales", is_off=True),
            Change("ad.absolute-top", exceptions=("顶级大厨班",)),
        ),
        own=(REFILL,),
    )
    heard = try_text(
        "顶级大厨班的顶级食材，销量冠军，转发集赞，可以代装",
        force=for_brand(Language.ZH, book),
        every=compiled(*rulepacks.PACKS),
        on=["cn-ad-law"],
        book=book,
    )
    assert {(one.finding.text, one.rule.id, one.silence) for one in heard} == {
        ("顶级", "ad.absolute-top", None),
        ("代装", "own.refill", None),
        ("顶级", "ad.absolute-top", Silence.EXCEPTION),
        ("销量冠军", "ad.absolute-sales", Silence.RULE),
        ("转发集赞", "wx.forced-sharing", Silence.PACK),
    }


def test_each_example_is_read_before_its_rule_is_kept() -> None:
    rule = replace(REFILL, positive=("可以代装", "今天现做"), negative=("灌装线，销量冠军", "装好了"))
    read = try_examples(rule, for_brand(Language.ZH, RuleBook()), "zh", chinese())
    assert [(one.text, one.found, one.others, one.holds) for one in read] == [
        ("可以代装", ("代装",), (), True),
        ("今天现做", (), (), False),
        ("灌装线，销量冠军", ("灌装",), ("ad.absolute-sales",), False),
        ("装好了", (), (), True),
    ]
    assert not any(one.found for one in try_examples(replace(rule, terms=()), compiled(), "zh", chinese()))


def test_every_shipped_rule_has_words_to_show_and_a_category_with_a_name() -> None:
    for pack in PACKS:
        found = found_in_examples(pack, chinese())
        for rule in pack.rules:
            assert rule.terms or found[rule.id], rule.id
            assert f"rulecategory.{rule.category}" in wording.sentences(), rule.category


# rules.yaml


def read(text: str, brand: Brand = HEARTH) -> RuleBook:
    return read_rules(parse("rules.yaml", text.encode(), known=KEYS), brand)


FULL = RuleBook(
    packs=("cn-ad-law", "en-claims"),
    changes=(
        Change("ad.absolute-top", severity=Severity.WARN, exceptions=("顶级大厨班",)),
        Change("ad.gift-terms", is_off=True),
    ),
    own=(REFILL, replace(REFILL, id="own.taken-out", instead="", basis="群规", alternatives=("自己装",))),
    declaration="本文由 AI 协助起草。",
)


@pytest.mark.parametrize("book", [RuleBook(), RuleBook(packs=()), FULL])
def test_a_book_is_read_back_as_it_was_written(book: RuleBook) -> None:
    assert read(dump(book.as_json()).decode()) == book


def test_nothing_in_a_written_book_is_taken_for_yes_or_no() -> None:
    """YAML reads a bare `off` as false; no key and no value of ours is one of those words."""
    assert read("changes: [{rule: ad.gift-terms, silent: true}]\n").change_of("ad.gift-terms").is_off


OWN = "own: [{id: own.x, severity: warn, reason: r, terms: [代装], positive: [代装, 代装啊, 可代装], negative: [a, b, c]"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("paks: [cn-ad-law]\n", "paks"),
        ("changes: [{rule: ad.gift-terms, sevrity: note}]\n", "changes[1].sevrity"),
        ("changes: [{rule: ad.gift-terms, severity: loud}]\n", "changes[1].severity"),
        ("changes: [{severity: note}]\n", "changes[1].rule"),
        (OWN + ", term: x}]\n", "own[1].term"),
        (OWN.replace("severity: warn", "severity: off") + "}]\n", "own[1].severity"),
        (OWN.replace("reason: r, ", "") + "}]\n", "own[1].reason"),
        (OWN.replace("positive: [代装,", "positive: [早上好,") + "}]\n", "own.x.positive.1"),
        ("packs: [cn-nowhere]\n", "packs.cn-nowhere"),
        ("declaration: [a]\n", "declaration"),
    ],
)
def test_a_file_that_does_not_fit_names_the_place(text: str, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert list(caught.value.fields) == ["rules.yaml"]
    assert caught.value.values["key"] == key
    for language in wording.LANGUAGES:
        error = caught.value
        assert wording.word(wording.Message(error.fields["rules.yaml"], error.values), language)


@pytest.mark.parametrize("brand", ["chihe-xiaozao", "slowmere"])
def test_the_sample_brands_have_rules_that_fit_them(brand: str) -> None:
    folder: Path = files.folder("knowledge_base") / brand
    settings = read_settings(FolderTree(folder))
    assert settings.rules is not None
    assert len(settings.rules["own"]) >= 2
    rules = for_brand(Language.EN, RuleBook(packs=(), own=RuleBook.from_json(settings.rules).own))
    for path in (folder / "materials").rglob("*.md"):
        assert rules.find(path.read_text(encoding="utf-8")) == (), path.name


def test_a_brand_of_another_language_is_read_the_same_way() -> None:
    jar = replace(
        REFILL,
        id="own.jar",
        terms=("life jar",),
        exceptions=(),
        instead="Keeper Jar",
        positive=("a life jar", "The Life Jar", "Their life jar, again"),
        negative=("a jar", "Keeper Jar", "wildlife jar"),
    )
    assert wrong(RuleBook(own=(jar,)), MERE) == {}
    keeper = replace(jar, terms=("life jar", "keeper"), instead=None)
    assert wrong(RuleBook(own=(keeper,)), MERE)["own.jar.terms"] == "invalid.rules_own_name"
