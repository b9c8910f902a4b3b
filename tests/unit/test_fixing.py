"""Fixes: which are safe to take unread, and that they come to the same copy however they are applied."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from copilot.domain.checks import run
from copilot.domain.checks.fixing import apply_fixes, chosen_fixes, is_safe, safe_fixes, severs
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from tests.seams import LEFT_OVER, any_copy
from tests.seams import finding as words_out

COPY = "顶级陶锅，日常价 239 元！！加我 13812345678。"


def finding(check: Check, words: str, put: str | None, severity: Severity = Severity.BLOCK) -> Finding:
    start = COPY.index(words)
    return Finding(check, "any", severity, start, start + len(words), words, Message("x"), put)


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Any findings about the copy, many of which lie over each other."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(COPY)))
        end = draw(st.integers(start, min(len(COPY), start + 6)))
        found.append(
            Finding(
                check=draw(st.sampled_from(list(Check))),
                rule=draw(st.sampled_from(["a", "b"])),
                severity=draw(st.sampled_from(list(Severity))),
                start=start,
                end=end,
                text=COPY[start:end],
                reason=Message("x"),
                suggestion=draw(st.none() | st.sampled_from(["", "好", "优质的", "3"])),
                waiver=draw(st.none() | st.just(1)),
            )
        )
    return found


@given(findings(), st.randoms(use_true_random=False))
def test_the_same_fixes_are_chosen_whatever_the_order(found: list[Finding], shuffler: random.Random) -> None:
    wanted = apply_fixes(COPY, safe_fixes(COPY, found))
    shuffler.shuffle(found)
    assert apply_fixes(COPY, safe_fixes(COPY, found)) == wanted


@settings(max_examples=1000)
@given(st.randoms(use_true_random=False))
def test_fixes_pressed_one_after_the_other_come_to_the_same_copy(some: random.Random) -> None:
    copy = any_copy(some)
    wanted = apply_fixes(copy.text, copy.findings)
    left = list(copy.findings)
    some.shuffle(left)
    text = copy.text
    for fix in left:
        # Each where its words stand by then.
        at = text.index(fix.text)
        text = apply_fixes(text, [replace(fix, start=at, end=at + len(fix.text))])
    assert text == wanted


@settings(max_examples=1000)
@given(st.randoms(use_true_random=False))
def test_no_fix_leaves_marks_or_blanks_that_belonged_to_what_it_took_out(some: random.Random) -> None:
    copy = any_copy(some)
    assume(not LEFT_OVER.search(copy.text))
    assert not LEFT_OVER.search(apply_fixes(copy.text, copy.findings))


@pytest.mark.parametrize(
    ("copy", "left"),
    [
        ("小灶陶锅，[全网第一]，热得慢。", "小灶陶锅，热得慢。"),
        ("[全网第一]，热得慢。", "热得慢。"),
        ("热得慢，[全网第一]。好用", "热得慢。好用"),
        ("热得慢。[全网第一]！好用", "热得慢。好用"),
        ("三样：[顶级]、陶、瓷", "三样：陶、瓷"),
        ("热得慢，[全网第一]", "热得慢"),
        ("热得慢\n[全网第一]。\n好用", "热得慢\n好用"),
        ("热得慢\n\n[全网第一]\n\n好用", "热得慢\n\n好用"),
        ("- [顶级]\n- 好用", "- 好用"),
        ("1、[顶级]，好用", "1、好用"),
        ("🎉 [顶级]，好用", "🎉 好用"),
        ("陶锅（[顶级]）好用", "陶锅好用"),
        ("陶锅（[顶级]，大）好用", "陶锅（大）好用"),
        ("他说：“[顶级]，好用。”", "他说：“好用。”"),
        ("来[呀]！走", "来！走"),
        ("听风[🌿🌿] [🎉]", "听风"),
        ("限时 [秒杀] ，好用", "限时，好用"),
        ("Warm, [artisan], slow.", "Warm, slow."),
        ("[Artisan], it rises.", "it rises."),
        ("It rises. [World class], it is. Bake.", "It rises. it is. Bake."),
        ("It rises, [world class]. Bake.", "It rises. Bake."),
        ("It rises. [World class]. Bake.", "It rises. Bake."),
        ("A [premium] loaf", "A loaf"),
        ("A loaf [premium]!", "A loaf!"),
        ("A loaf — [premium] — is back.", "A loaf — is back."),
        ('The "[premium]" loaf', "The loaf"),
        ('"[Premium], yes," she said.', '"yes," she said.'),
        ("Only [just] 3.5 kg", "Only 3.5 kg"),
        ("At [our] .com shop", "At .com shop"),
        ("[一]，[二]。[三]", ""),
    ],
)
def test_what_goes_takes_its_marks_along(copy: str, left: str) -> None:
    text, found = "", []
    for number, part in enumerate(re.split(r"[\[\]]", copy)):
        if number % 2:
            found.append(words_out(len(text), part, ""))
        text += part
    assert apply_fixes(text, found) == left


def test_marks_and_spaces_that_go_by_themselves_take_nothing_along() -> None:
    text = "到货了！！ ，快来"
    assert apply_fixes(text, [words_out(4, "！", "")]) == "到货了！ ，快来"
    assert apply_fixes("a  ,b", [words_out(1, " ", "")]) == "a ,b"


def test_what_would_stand_for_a_seam_is_left_as_it_was_typed() -> None:
    text = "顶级，\ufdd0好"
    assert apply_fixes(text, [words_out(0, "顶级", "")]) == "，\ufdd0好"


@given(findings())
def test_no_two_chosen_fixes_touch_the_same_words(found: list[Finding]) -> None:
    chosen = chosen_fixes(COPY, found)
    assert all(one.end <= other.start for one, other in pairwise(chosen))
    assert all(one.start < one.end and one.suggestion is not None for one in chosen)


@given(findings())
def test_a_safe_fix_never_changes_a_figure_that_is_not_personal(found: list[Finding]) -> None:
    safe = [one for one in safe_fixes(COPY, found) if one.check is not Check.PRIVACY]
    digits = [sign for sign in COPY if sign.isdigit()]
    assert [sign for sign in apply_fixes(COPY, safe) if sign.isdigit()] == digits


@pytest.mark.parametrize(
    ("one", "safe"),
    [
        (finding(Check.COMPLIANCE, "顶级", "优质"), True),
        (finding(Check.TERMS, "陶锅", "砂锅"), True),
        (finding(Check.TYPOGRAPHY, "！！", "！"), True),
        (finding(Check.VOICE, "！！", ""), True),
        (finding(Check.PRIVACY, "13812345678", "138****5678"), True),
        (finding(Check.CLAIMS, "239 元", "259 元"), False),
        (finding(Check.FRESHNESS, "239 元", "259 元"), False),
        (finding(Check.TERMS, "239 元", "一杯奶茶钱"), False),
        (finding(Check.COMPLIANCE, "顶级", None), False),
        (replace(finding(Check.COMPLIANCE, "顶级", "优质"), waiver=7), False),
    ],
)
def test_what_is_safe(one: Finding, safe: bool) -> None:
    """Facts are for a person to see, and so is what somebody let stand."""
    assert is_safe(one) is safe


@pytest.mark.parametrize(
    ("copy", "words", "is_severed"),
    [
        ("Bramble Starter is gluten-free.", "gluten-free", True),
        ("A gluten-free starter is here.", "gluten-free", False),
        ("这口锅是顶级的。", "顶级", True),
        ("这口顶级的锅。", "顶级", False),
        ("锅是好锅，顶级。", "顶级", False),
    ],
)
def test_words_that_are_all_a_sentence_says_are_not_taken_out_unread(
    copy: str, words: str, is_severed: bool
) -> None:
    at = copy.index(words)
    assert severs(copy, at, at + len(words)) is is_severed
    out = Finding(Check.TERMS, "any", Severity.BLOCK, at, at + len(words), words, Message("x"), "")
    (told,) = run(copy, [lambda _: [out]])
    assert told.suggestion == (None if is_severed else "")
