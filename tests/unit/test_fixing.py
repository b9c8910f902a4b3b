"""Fixes: which are safe to take unread, and that they come to the same copy however they are applied."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.checks.fixing import apply_fixes, chosen_fixes, is_safe, safe_fixes
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

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
def test_the_same_fixes_are_chosen_whatever_the_order_and_applied_in_any(
    found: list[Finding], shuffler: random.Random
) -> None:
    chosen = safe_fixes(COPY, found)
    wanted = apply_fixes(COPY, chosen)
    shuffler.shuffle(found)
    assert apply_fixes(COPY, safe_fixes(COPY, found)) == wanted
    # One press after the other, each where its words stand by then.
    left = list(chosen)
    shuffler.shuffle(left)
    text = COPY
    for fix in left:
        by = sum(
            len(done.suggestion or "") - len(done.text)
            for done in left[: left.index(fix)]
            if done.start < fix.start
        )
        assert text[fix.start + by : fix.end + by] == fix.text
        text = text[: fix.start + by] + (fix.suggestion or "") + text[fix.end + by :]
    assert text == wanted


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
