"""Copy that came as JSON, which nobody asked for, is taken out where it is plain which words it is."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from copilot.adapters.llm.unwrapping import Unwrapper
from tests.answering import (
    CLOSING,
    RawServer,
    answer,
    everything,
    failure,
    writer,
)


@pytest.mark.parametrize(
    "said",
    [
        '```json\n{"text": "Bread rises. [1]\\nCome."}\n```',
        '```json {"copy": "Bread rises. [1]\\nCome."} ```',
        '{"title": "Today", "content": "Bread rises. [1]\nCome."}\nI hope this helps.',
        '{"post": {"text": "Bread rises. [1]\\nCome.", "tags": ["bread"]}}',
    ],
)
def test_copy_is_taken_out_of_an_object_that_nobody_asked_for(raw: RawServer, said: str) -> None:
    raw.enqueue(CLOSING, answer(*said))
    text, finished = everything(writer(raw.url))
    assert (text, finished.usage["output_tokens"]) == ("Bread rises. [1]\nCome.", 3)


@pytest.mark.parametrize(
    "said", ['{"post": 1}', '{"text": "Bread.", "copy": "Rolls."}', '{"text": "Bread ri']
)
def test_an_object_in_which_the_copy_is_not_plain_is_nonsense(raw: RawServer, said: str) -> None:
    raw.enqueue(CLOSING, answer(*said))
    came, error = failure(writer(raw.url))
    assert (came, error.reason) == ([], "nonsense")


@given(text=st.text(), cuts=st.lists(st.integers(0, 60), max_size=4))
def test_plain_copy_passes_as_it_is_however_it_comes(text: str, cuts: list[int]) -> None:
    assume(not re.match(r'\s*(```[ \t]*\w{0,16}\s*)?\{\s*"', text))
    assert unwrapped(text, cuts) == text


@given(text=st.text().filter(str.strip), cuts=st.lists(st.integers(0, 60), max_size=4), fenced=st.booleans())
def test_wrapped_copy_comes_out_to_the_letter(text: str, cuts: list[int], fenced: bool) -> None:
    wrapped = json.dumps({"text": text}, ensure_ascii=False)
    assert unwrapped(f"```json\n{wrapped}\n```" if fenced else wrapped, cuts) == text.strip()


def unwrapped(text: str, cuts: list[int]) -> str:
    edges = [0, *sorted(cuts), len(text)]
    unwrapper = Unwrapper()
    shown = [unwrapper.feed(text[start:end]) for start, end in pairwise(edges)]
    return "".join(shown) + unwrapper.flush()
