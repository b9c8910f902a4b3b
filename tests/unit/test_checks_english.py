"""What English copy needs of matching: letters set apart, curly apostrophes, and patterns that know their subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copilot.domain.checks.compliance import RuleSet, compliance
from copilot.domain.checks.normalize import fold, join
from copilot.domain.findings import Finding
from copilot.rulepacks import chinese, shipped

PACK = shipped("en-claims")
EN = RuleSet.compile([PACK], chinese())


def said(copy: str) -> list[tuple[str, str]]:
    return [(finding.rule, finding.text) for finding in compliance(copy, EN)]


@pytest.mark.parametrize(
    ("copy", "rule", "found"),
    [
        ("A real c u r e for gout.", "en.disease", "c u r e for gout"),
        ("This balm t.r.e.a.t.s eczema.", "en.disease", "t.r.e.a.t.s eczema"),
        ("It p-r-e-v-e-n-t-s migraines.", "en.disease", "p-r-e-v-e-n-t-s migraines"),
        ("It p🔥r🔥e🔥v🔥e🔥n🔥t🔥s migraines.", "en.disease", "p🔥r🔥e🔥v🔥e🔥n🔥t🔥s migraines"),
        ("L.a.s.t c.h.a.n.c.e, friends.", "en.urgency", "L.a.s.t c.h.a.n.c.e"),
        ("ｃｕｒｅｓ acne, they say.", "en.disease", "ｃｕｒｅｓ acne"),
        ("It cu\u200bres acne.", "en.disease", "cu\u200bres acne"),
        ("The nation’s favourite jam.", "en.superlative", "nation’s favourite"),
        ("Best\u2011in\u2011class wool.", "en.superlative", "Best\u2011in\u2011class"),
    ],
)
def test_disguises_and_typeset_marks_are_read_and_quoted_as_typed(copy: str, rule: str, found: str) -> None:
    assert (rule, found) in said(copy)


@pytest.mark.parametrize(
    "copy",
    [
        "Rows A B C D are for members with prams.",
        "Sizes S, M, L, X at the desk.",
        "Open a.m. and p.m., e.g. on Monday.",
        "We don’t say that it cures acne.",
        "Spell it: f, then r, then e, then e.",
    ],
)
def test_letters_that_stand_apart_for_another_reason_say_nothing(copy: str) -> None:
    assert said(copy) == []


def test_only_letters_that_are_parted_alike_are_joined() -> None:
    view = join(fold("o.n.l.y t.o.d.a.y, a b, c-u r.e", chinese().folding))
    assert view is not None
    assert view.text == "only today, a b, c-u r.e"
    assert view.span(0, 4) == (0, 7)


def test_a_long_row_of_letters_is_read_in_time() -> None:
    view = join(fold("a b " * 10_000, chinese().folding))
    assert view is not None
    assert len(view.text) < 30_000


def test_what_a_rule_is_about_never_hides_what_its_patterns_would_find() -> None:
    plain = replace(PACK, rules=tuple(replace(rule, about=()) for rule in PACK.rules))
    unasked = RuleSet.compile([plain], chinese())
    lines = [line for rule in PACK.rules for line in (*rule.positive, *rule.negative)]
    told: list[tuple[Finding, ...]] = [compliance(line, EN) for line in lines]
    assert told == [compliance(line, unasked) for line in lines]


def test_a_rule_is_silent_where_the_text_is_not_about_its_matter() -> None:
    rule = replace(PACK.rules[0], patterns=("sleeps? well",), about=("pillow",), terms=())
    rules = RuleSet.compile([replace(PACK, rules=(rule,))], chinese())
    assert compliance("Everybody sleeps well.", rules) == ()
    assert len(compliance("On a Pillow everybody sleeps well.", rules)) == 1


@pytest.mark.parametrize(
    ("copy", "joined"),
    [
        ("the n u m b e r  o n e mat", "the number one mat"),
        ("a fr🎁ee mug", "a free mug"),
        ("c🎁u🎁r🎁e", "cure"),
    ],
)
def test_words_spelt_out_in_a_row_and_pictures_inside_words_are_seen_through(copy: str, joined: str) -> None:
    view = join(fold(copy, chinese().folding))
    assert view is not None
    assert view.text == joined
    assert len(view.starts) == len(view.gaps) == len(view.base) == len(view.text)


def test_only_today_beside_a_discount_is_urgency_and_beside_an_event_is_not() -> None:
    assert [rule for rule, _ in said("Only today the jugs are half off.")] == ["en.urgency"]
    assert said("Today only the south door is open because of the fair.") == []
