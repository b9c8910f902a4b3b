"""A writer against real sockets: what a model's service does wrong becomes a reason to act on."""

from __future__ import annotations

import time

import pytest

from copilot.adapters.llm.cleansing import Cleanser
from copilot.domain.drafts import Delta, Finished
from copilot.errors import Retryable
from tests.answering import (
    CHUNKED,
    CLOSING,
    RawServer,
    answer,
    assignment,
    everything,
    failure,
    nothing_listens,
    piece,
    writer,
)


def test_copy_streams_in_the_pieces_the_model_sent_and_ends_with_its_own_word(raw: RawServer) -> None:
    raw.enqueue(CLOSING, answer("Bread ", "rises. [1]"))
    events = list(writer(raw.url).write(assignment()))
    assert events[:2] == [Delta("Bread "), Delta("rises. [1]")]
    assert isinstance(events[2], Finished)
    assert events[2].reason == "stop"
    assert events[2].usage["output_tokens"] == 3


def test_the_request_carries_the_prompt_to_the_letter_and_asks_for_usage(raw: RawServer) -> None:
    raw.enqueue(CLOSING, answer("Bread."))
    everything(writer(raw.url))
    (request,) = raw.requests
    assert [message["content"] for message in request["messages"]] == [
        "You write {plainly}.",
        "Write about $bread {now}.",
    ]
    assert request["model"] == "tiny"
    assert request["max_tokens"] == 120
    assert request["stream_options"] == {"include_usage": True}


def test_an_answer_that_hit_the_limit_of_tokens_says_so(raw: RawServer) -> None:
    raw.enqueue(CLOSING, answer("Bread ri", finish="length"))
    text, finished = everything(writer(raw.url))
    assert (text, finished.reason) == ("Bread ri", "length")


def test_closing_the_iterator_closes_the_connection_upstream(raw: RawServer) -> None:
    raw.enqueue_script(raw.drip(CLOSING, piece("Bread "), piece("rises ")))
    events = writer(raw.url).write(assignment())
    assert next(events) == Delta("Bread ")
    events.close()  # type: ignore[attr-defined]
    assert raw.hung_up.wait(5)


@pytest.mark.parametrize("texts", [(), (" \n",), ("<think>what now</think>",)])
def test_an_answer_without_a_word_is_empty(raw: RawServer, texts: tuple[str, ...]) -> None:
    raw.enqueue(CLOSING, answer(*texts))
    came, error = failure(writer(raw.url))
    assert (came, error.reason, type(error)) == ([], "empty", Retryable)


def test_a_model_that_thought_until_its_tokens_were_gone_gets_more_of_them(raw: RawServer) -> None:
    raw.enqueue(CLOSING, answer("<think>so much", " to think", finish="length"))
    raw.enqueue(CLOSING, answer("<think>again</think>", "Bread."))
    assert everything(writer(raw.url))[0] == "Bread."
    assert raw.requests[1]["max_tokens"] > raw.requests[0]["max_tokens"]


def test_a_fenced_answer_streams_without_its_fence(raw: RawServer) -> None:
    raw.enqueue(CLOSING, answer("``", "`te", "xt\n", "Bread rises.\n", "``", "`"))
    assert everything(writer(raw.url))[0] == "Bread rises.\n"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["<thi", "nk>a", "b</thin", "k>\n\nBread ", "<3"], "Bread <3"),
        (["I ", "<thin", "g> it"], "I <thing> it"),
        (["```", "\nBread.\n", "```\n"], "Bread.\n"),
        (["Use `x` ", "and ``", "`y```."], "Use `x` and ```y```."),
        (["one\n`", "two"], "one\n`two"),
    ],
)
def test_only_fences_and_thoughts_are_taken_out(pieces: list[str], shown: str) -> None:
    for parts in (pieces, list("".join(pieces))):
        cleanser = Cleanser()
        assert "".join([*(cleanser.feed(part) for part in parts), cleanser.flush()]) == shown


def test_one_client_serves_many_drafts_and_warming_opens_nothing(raw: RawServer) -> None:
    chat = writer(raw.url)
    chat.warm()
    assert raw.requests == []
    client = chat._built(chat._address(0))[1].root_client
    raw.enqueue(CLOSING, answer("Bread."))
    everything(chat)
    assert chat._built(chat._address(0))[1].root_client is client


def test_a_connection_serves_one_draft_after_another(raw: RawServer) -> None:
    raw.closes = False
    chat = writer(raw.url)
    body = answer("Bread.")
    raw.enqueue(CHUNKED, b"%x\r\n%s\r\n" % (len(body), body), b"0\r\n\r\n")
    raw.enqueue(CHUNKED, b"%x\r\n%s\r\n" % (len(body), body), b"0\r\n\r\n")
    assert [everything(chat)[0] for _ in range(2)] == ["Bread.", "Bread."]
    assert (len(raw.requests), raw.connections) == (2, 1)


def test_a_server_that_keeps_the_line_open_after_its_last_event_holds_nobody_up(raw: RawServer) -> None:
    raw.enqueue_script(raw.drip(CLOSING, answer("Bread."), every=60))
    began = time.monotonic()
    assert everything(writer(raw.url))[0] == "Bread."
    assert time.monotonic() - began < 10


def test_a_question_is_answered_whole_and_soberly(raw: RawServer) -> None:
    raw.enqueue(CLOSING, answer("<think>hm</think>", "one | ", "two\n", "three"))
    said = writer(raw.url).answer("Read {this}.", "A $6 bar.", max_tokens=90)
    assert said.text == "one | two\nthree"
    assert 0 < said.first < 10
    (request,) = raw.requests
    assert [message["content"] for message in request["messages"]] == ["Read {this}.", "A $6 bar."]
    assert (request["max_tokens"], request["temperature"], request["frequency_penalty"]) == (90, 0.0, 0.0)


def test_an_answer_that_goes_in_circles_is_ended_and_its_connection_closed(raw: RawServer) -> None:
    round_trip = [piece("a bar | £6\n"), piece("a dish | £2\n"), piece("a bar | £6\n")]
    raw.enqueue_script(raw.drip(CLOSING, *round_trip))
    assert writer(raw.url).answer("", "", max_tokens=900).text.splitlines() == [
        "a bar | £6",
        "a dish | £2",
        "a bar | £6",
    ]
    assert raw.hung_up.wait(5)


def test_an_answer_can_be_heard_as_it_comes_and_before_each_try(raw: RawServer) -> None:
    raw.enqueue(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    raw.enqueue(CLOSING, answer("one\n", "two"))
    heard: list[str] = []
    chat = writer(raw.url, sleep=lambda _seconds: None)
    assert chat.answer("", "", max_tokens=9, heard=heard.append).text == "one\ntwo"
    assert heard == ["", "", "one\n", "one\ntwo"]


class Enough(Exception):
    """Nobody wants to hear more."""


def test_who_wants_to_hear_no_more_has_the_call_ended_and_no_other_made(raw: RawServer) -> None:
    def hear(text: str) -> None:
        if text == until:
            raise Enough

    until = "one\n"
    raw.enqueue_script(raw.drip(CLOSING, piece("one\n"), piece("two\n")))
    with pytest.raises(Enough):
        writer(raw.url).answer("", "", max_tokens=9, heard=hear)
    assert raw.hung_up.wait(5) and len(raw.requests) == 1
    until = ""
    with pytest.raises(Enough):
        writer(raw.url).answer("", "", max_tokens=9, heard=hear)
    assert len(raw.requests) == 1


def test_an_answer_keeps_the_deadline_and_the_reasons_of_a_draft(raw: RawServer) -> None:
    raw.enqueue_script(raw.drip(CLOSING, piece("a bar")))
    began = time.monotonic()
    with pytest.raises(Retryable) as caught:
        writer(raw.url, deadline=0.4).answer("", "", max_tokens=9)
    assert caught.value.reason == "timeout"
    assert time.monotonic() - began < 2.0
    with nothing_listens() as url, pytest.raises(Retryable) as caught:
        writer(url).answer("", "", max_tokens=9)
    assert caught.value.reason == "unreachable"
