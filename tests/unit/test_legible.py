"""What of a text a reader can see."""

from __future__ import annotations

import pytest

from copilot.domain.legible import is_reason, is_written, plain


def test_control_characters_go_and_lines_and_tabs_stay() -> None:
    assert plain(" 周五\x00见\x07\r\n\t九点\r开团\x85 ") == "周五见\n\t九点\n开团"


@pytest.mark.parametrize("text", ["", "\u200b", "\x00\x07", "。", "——！", "\u3164", "\u2800", "\ufe0f"])
def test_what_shows_no_word_and_no_picture_is_no_text(text: str) -> None:
    assert not is_written(text)


@pytest.mark.parametrize("text", ["好", "7", "a.", "🍲", "❤️", "🇨🇳"])
def test_a_letter_a_figure_or_a_picture_is_a_text(text: str) -> None:
    assert is_written(text)


@pytest.mark.parametrize("text", ["\u200b\u200b", "\x00\x07", "。。", "👍👍", "1", "好。", "\u3164\u3164"])
def test_a_mark_is_no_reason(text: str) -> None:
    assert not is_reason(text)


def test_two_letters_may_be_one() -> None:
    assert is_reason("ok") and is_reason("误报") and is_reason("第 1 条")
