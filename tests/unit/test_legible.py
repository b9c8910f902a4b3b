"""What of a text a reader can see."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.legible import (
    PlainStream,
    is_reason,
    is_written,
    plain,
    plain_with_places,
    reason_fault,
    spelled,
)

# Line ends in every order, signs that steer, one that turns a line round, and words between.
STEERED = st.text(alphabet="ab好 \t\r\n\x00\x07\x1b\x7f\x85\u202e", max_size=30)


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


@given(STEERED)
def test_a_text_in_pieces_comes_to_what_it_comes_to_as_a_whole(text: str) -> None:
    for size in (1, 2, 7):
        stream = PlainStream()
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        assert "".join(map(stream.feed, ["", *pieces])).strip() == plain(text)


@given(STEERED)
def test_what_is_seen_knows_where_it_stands(text: str) -> None:
    said, places = plain_with_places(text)
    assert said.strip() == plain(text)
    assert places == sorted(set(places)) and len(places) == len(said)
    for sign, place in zip(said, places, strict=True):
        assert text[place] == sign or (sign, text[place]) == ("\n", "\r")


@given(STEERED)
def test_a_document_that_is_spelled_is_the_same_document(text: str) -> None:
    document = spelled(json.dumps([text], ensure_ascii=False))
    assert json.loads(document) == [text]
    assert not any(unicodedata.category(sign) == "Cc" or sign == "\u202e" for sign in document)


def test_what_steers_a_terminal_is_spelled_and_what_sets_a_text_stays() -> None:
    assert spelled("顶\x1b[31m级\u202e\n\t🍲") == "顶\\u001b[31m级\\u202e\n\t🍲"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "invalid.empty"),
        ("\u200b", "invalid.empty"),
        ("。", "invalid.empty"),
        ("x", "invalid.wordless"),
        ("1", "invalid.wordless"),
        ("👍。", "invalid.wordless"),
        ("误报", None),
    ],
)
def test_a_reason_that_is_too_short_is_not_told_as_missing(text: str, fault: str | None) -> None:
    assert reason_fault(text, "invalid.empty") == fault
