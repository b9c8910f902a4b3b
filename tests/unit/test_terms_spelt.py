"""English terms as people type them: with any hyphen or none, over doubled spaces and the end of a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import BannedTerm, PreferredTerm, Voice
from copilot.domain.checks import TermSet, compliance
from copilot.domain.checks.normalize import Even
from copilot.domain.checks.spellings import hyphenations
from copilot.rulepacks import chinese, compiled

KNOWN = TermSet.compile(
    Voice(
        persona="Grace",
        banned=(BannedTerm("gluten-free"), BannedTerm("free gift"), BannedTerm("state-of-the-art", "new")),
        preferred=(PreferredTerm("loaf", ("bread loaf",)),),
    ),
    chinese(),
)
HYPHENS = ("-", "‐", "‑", "‒", "–", "−", "－", "\u00ad", " ", "  ", "\u00a0", "\n", " \n  ", "\t", "\r\n", "")


@pytest.mark.parametrize("joint", HYPHENS)
def test_a_hyphen_is_met_as_any_other_as_a_space_or_as_nothing(joint: str) -> None:
    for words in (f"gluten{joint}free", f"Gluten{joint}Free"):
        copy = f"🍞 Our {words} bread, 好吃"
        (finding,) = KNOWN.find(copy)
        assert finding.text == words == copy[finding.start : finding.end]


@pytest.mark.parametrize("gap", [" ", "  ", "   ", "\n", " \n", "\n\t", "\u3000", "\u00a0 "])
def test_a_space_is_met_over_more_of_them_and_over_the_end_of_a_line(gap: str) -> None:
    copy = f"It comes  with a free{gap}gift and a bread{gap}loaf"
    assert [one.text for one in KNOWN.find(copy)] == [f"free{gap}gift", f"bread{gap}loaf"]


@pytest.mark.parametrize(
    "copy",
    [
        "gluten-freedom",
        "free of gluten",
        "gluten\n\nfree",
        "gluten, free",
        "freegift",
        "free \n \n gift",
        "state of art",
    ],
)
def test_what_is_another_word_or_another_paragraph_is_none(copy: str) -> None:
    assert KNOWN.find(copy) == ()


def test_each_hyphen_of_a_term_may_be_typed_in_its_own_way() -> None:
    assert [one.text for one in KNOWN.find("State-of the–art, stateoftheart")] == [
        "State-of the–art",
        "stateoftheart",
    ]
    assert set(hyphenations("a-b")) == {"a-b", "a b", "ab"}
    assert set(hyphenations("a-b-c-d-e")) == {"a-b-c-d-e", "a b c d e", "abcde"}
    assert list(hyphenations("顶级-好")) == ["顶级-好"]


def test_the_rules_meet_them_too_with_their_fixes_and_exceptions() -> None:
    rules = compiled("en-claims")
    assert {one.rule for one in compliance("A market\nleading kettle", rules)} == {"en.superlative"}
    assert {one.rule for one in compliance("A world–class kettle", rules)} == {"en.superlative"}


@given(st.text(alphabet="ab -–\n\t\r", max_size=40))
def test_every_place_of_an_even_text_is_one_of_the_text_it_was_made_from(folded: str) -> None:
    even = Even.of(folded)
    places = [even.place(at) for at in range(len(even.text))]
    assert places == sorted(set(places))
    assert all(
        folded[place] == character or character in "- \f"
        for place, character in zip(places, even.text, strict=True)
    )
