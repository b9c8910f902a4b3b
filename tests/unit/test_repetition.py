"""What the same people read lately is told at the words that come back, and a machine's help where a platform asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.checks import apply_fixes
from copilot.domain.checks.declaration import ASKED_ON, undeclared
from copilot.domain.checks.repetition import Earlier, repetition

FRIDAY = Earlier(
    "早上好，饭友们。小灶陶锅煮饭要 30 分钟，这 30 分钟省不掉。一碗饭，慢慢来。",
    "早安",
    datetime(2026, 11, 20, 9),
    is_sent=True,
)
THURSDAY = Earlier(
    "稻子在田里慢慢长 155 天，到了我们手里就不能再耽误。", "故事", datetime(2026, 11, 19, 21), True
)


def test_a_sentence_that_comes_back_is_marked_with_where_it_stood() -> None:
    text = "下午好。小灶陶锅煮饭要30分钟，这30分钟省不掉！今天换一种煮法，水少放一点，米提前泡十分钟。"
    (finding,) = repetition(text, [FRIDAY, THURSDAY], Language.ZH)
    assert finding.text == text[finding.start : finding.end]
    assert finding.rule == "sentence"
    assert finding.reason.params == {"name": "早安", "day": "2026-11-20"}


def test_greetings_and_the_brand_s_own_phrases_may_come_back() -> None:
    text = "早上好，饭友们。今天说说怎么存米。一碗饭，慢慢来。"
    assert repetition(text, [FRIDAY], Language.ZH, allowed=("一碗饭，慢慢来。",)) == ()


def test_a_text_that_reads_like_another_as_a_whole_is_told_once_for_the_whole() -> None:
    text = "早上好，饭友们。小灶陶锅煮饭要 30 分钟，这 30 分钟可省不掉。一碗饭，慢慢来。"
    (finding,) = repetition(text, [THURSDAY, FRIDAY], Language.ZH)
    assert (finding.rule, finding.start, finding.end) == ("alike", 0, 0)
    assert finding.reason.params["name"] == "早安"


def test_of_two_that_said_it_the_newer_is_named() -> None:
    again = Earlier(THURSDAY.text, "晚安", datetime(2026, 11, 21, 21), True)
    found = repetition(THURSDAY.text + "新米今天到店，先给群里留了一批。", [THURSDAY, again], Language.ZH)
    assert {finding.reason.params["name"] for finding in found} == {"晚安"}


def test_what_is_only_planned_was_read_by_nobody() -> None:
    planned = replace(FRIDAY, is_sent=False)
    for text in (
        FRIDAY.text,
        "下午好。小灶陶锅煮饭要30分钟，这30分钟省不掉！今天换一种煮法，米提前泡十分钟。",
    ):
        read = [one.reason for one in repetition(text, [FRIDAY], Language.ZH)]
        told = [one.reason for one in repetition(text, [planned], Language.ZH)]
        assert [one.id for one in told] == [f"{one.id}_planned" for one in read]
        assert [one.params for one in told] == [one.params for one in read]


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_findings_quote_the_text_as_typed(text: str, others: list[str]) -> None:
    earlier = [Earlier(other, "x", datetime(2026, 11, 20), True) for other in others]
    for finding in repetition(text, earlier, Language.ZH):
        assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("channel", sorted(ASKED_ON))
def test_a_declaration_is_offered_at_the_end_and_asked_for_no_more(channel: Channel) -> None:
    copy, declaration = "新米到了，今晚直播见。\n", "本文由 AI 辅助生成，经人工审核。"
    (finding,) = undeclared(copy, channel, declaration)
    mended = apply_fixes(copy, [finding])
    assert mended.rstrip().endswith(declaration)
    assert mended.startswith("新米到了，今晚直播见。")
    assert undeclared(mended, channel, declaration) == ()


def test_nothing_is_asked_in_a_group_of_our_own_nor_where_the_brand_declares_nothing() -> None:
    assert undeclared("新米到了。", Channel.COMMUNITY, "本文由 AI 辅助生成") == ()
    assert undeclared("新米到了。", Channel.LIVE, "") == ()
