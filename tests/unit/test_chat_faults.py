"""What a model's service does wrong becomes a reason to act on, or is mended by asking again."""

from __future__ import annotations

import email.utils
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from copilot.adapters.llm.breaker import Breaker
from copilot.adapters.llm.failures import translated
from copilot.adapters.llm.pauses import TRIES, pause
from copilot.domain.drafts import Delta
from copilot.errors import ExternalError, Permanent, Retryable
from tests.answering import (
    CHUNKED,
    CLOSING,
    COMPLETIONS,
    KEY,
    STREAM,
    RawServer,
    answer,
    assignment,
    everything,
    failure,
    nothing_listens,
    piece,
    writer,
)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (401, "unauthorized", Permanent),
        (403, "unauthorized", Permanent),
        (402, "quota", Permanent),
        (404, "not_found", Permanent),
        (413, "too_long", Permanent),
        (429, "rate_limited", Retryable),
        (500, "unavailable", Retryable),
        (503, "unavailable", Retryable),
        (504, "timeout", Retryable),
    ],
)
def test_each_status_has_its_reason(
    httpserver: HTTPServer, status: int, reason: str, kind: type[ExternalError]
) -> None:
    said = {"error": {"message": f"Incorrect API key provided: {KEY}", "code": "x"}}
    httpserver.expect_request(COMPLETIONS).respond_with_json(said, status=status)
    came, error = failure(writer(httpserver.url_for("/v1")))
    assert (came, error.reason, type(error)) == ([], reason, kind)


def busy(httpserver: HTTPServer, *waits: str, status: int = 429) -> None:
    """Refuses as often as there are waits, each its Retry-After, and then writes."""
    for wait in waits:
        httpserver.expect_ordered_request(COMPLETIONS).respond_with_data(
            "{}", status=status, headers={"Retry-After": wait} if wait else {}
        )
    httpserver.expect_ordered_request(COMPLETIONS).respond_with_data(
        answer("Bread."), content_type="text/event-stream"
    )


def test_a_short_retry_after_is_waited_for_and_the_draft_comes(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    busy(httpserver, "2", "4")
    text, _ = everything(writer(httpserver.url_for("/v1"), sleep=slept.append))
    assert (text, slept) == ("Bread.", [2.0, 4.0])


def test_a_retry_after_may_be_a_date(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    busy(httpserver, email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True))
    everything(writer(httpserver.url_for("/v1"), sleep=slept.append))
    assert len(slept) == 1 and 2 < slept[0] <= 4


def test_without_a_wish_of_the_service_each_pause_is_longer(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    busy(httpserver, "", "", status=503)
    assert everything(writer(httpserver.url_for("/v1"), sleep=slept.append))[0] == "Bread."
    assert 0.5 <= slept[0] <= 0.75 < 1.5 <= slept[1] <= 2.25


def test_after_three_tries_it_is_said(httpserver: HTTPServer) -> None:
    httpserver.expect_request(COMPLETIONS).respond_with_data("{}", status=500)
    _, error = failure(writer(httpserver.url_for("/v1")))
    assert (error.reason, len(httpserver.log)) == ("unavailable", 3)


@pytest.mark.parametrize(("patience", "slept"), [(5.0, []), (60.0, [50.0, 50.0])])
def test_no_pause_is_longer_than_whoever_waits_has_patience(
    httpserver: HTTPServer, patience: float, slept: list[float]
) -> None:
    waited: list[float] = []
    httpserver.expect_request(COMPLETIONS).respond_with_data("{}", status=429, headers={"Retry-After": "50"})
    chat = writer(httpserver.url_for("/v1"), deadline=200, sleep=waited.append)
    _, error = failure(chat, replace(assignment(), patience=patience))
    assert isinstance(error, Retryable)
    assert (error.reason, error.after, waited) == ("rate_limited", 50.0, slept)


def test_no_pause_reaches_past_the_deadline(httpserver: HTTPServer) -> None:
    waited: list[float] = []
    httpserver.expect_request(COMPLETIONS).respond_with_data("{}", status=429, headers={"Retry-After": "50"})
    chat = writer(httpserver.url_for("/v1"), deadline=40, sleep=waited.append)
    assert failure(chat, replace(assignment(), patience=60))[1].reason == "rate_limited"
    assert waited == []


@given(
    tries=st.integers(1, 5),
    wish=st.none() | st.floats(0, 500),
    patience=st.floats(0, 120),
    left=st.floats(0, 200),
    chance=st.floats(0, 1),
)
def test_a_pause_undercuts_no_wish_and_outlasts_no_patience(
    tries: int, wish: float | None, patience: float, left: float, chance: float
) -> None:
    seconds = pause(tries, wish, patience=patience, left=left, chance=chance)
    if seconds is not None:
        assert tries < TRIES
        assert (wish or 0.0) <= seconds <= patience and seconds < left
    elif tries < TRIES:
        assert (pause(tries, wish, patience=1e9, left=1e9, chance=chance) or 0) >= min(patience, left)


def test_an_empty_purse_is_not_a_rate_limit(httpserver: HTTPServer) -> None:
    said = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    httpserver.expect_request(COMPLETIONS).respond_with_json(said, status=429)
    _, error = failure(writer(httpserver.url_for("/v1")))
    assert (error.reason, type(error)) == ("quota", Permanent)


def test_a_server_that_refuses_usage_is_asked_plainly_from_then_on(raw: RawServer) -> None:
    body = b'{"error": {"message": "unknown field stream_options"}}'
    raw.enqueue(
        b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body),
        body,
    )
    raw.enqueue(CLOSING, answer("Bread."))
    raw.enqueue(CLOSING, answer("More bread."))
    chat = writer(raw.url)
    assert everything(chat)[0] == "Bread."
    assert everything(chat)[0] == "More bread."
    assert ["stream_options" in request for request in raw.requests] == [True, False, False]
    assert all("temperature" in request for request in raw.requests), "only what was refused is left out"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("invalid temperature: only 1 is allowed for this model", {"frequency_penalty", "stream_options"}),
        ("Penalty is not enabled for this model", {"temperature", "stream_options"}),
        ("Extra inputs are not permitted", set()),
        (
            "Unsupported parameter: use 'max_completion_tokens' instead",
            {"temperature", "frequency_penalty", "stream_options", "max_completion_tokens"},
        ),
    ],
)
def test_what_a_server_refuses_is_not_sent_again(httpserver: HTTPServer, said: str, left: set[str]) -> None:
    httpserver.expect_ordered_request(COMPLETIONS).respond_with_json({"error": {"message": said}}, status=400)
    busy(httpserver)
    everything(writer(httpserver.url_for("/v1")))
    optional = {"temperature", "frequency_penalty", "stream_options", "max_completion_tokens"}
    assert set(httpserver.log[1][0].get_json()) & optional == left


def test_a_model_that_nobody_knows_is_not_a_wrong_address(httpserver: HTTPServer) -> None:
    said = {"error": {"message": "The model `tiny` does not exist", "code": "model_not_found"}}
    httpserver.expect_request(COMPLETIONS).respond_with_json(said, status=404)
    assert failure(writer(httpserver.url_for("/v1")))[1].reason == "unknown_model"


def test_an_address_without_its_version_is_told_with_the_likely_one(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/chat/completions").respond_with_data("no such page", status=404)
    home = httpserver.url_for("")
    _, error = failure(writer(f"{home.replace('//', '//user:secretpw@')}/"))
    assert (error.reason, type(error)) == ("wrong_address", Permanent)
    assert error.params["likely"] == f"{home.rstrip('/')}/v1"


def test_a_refusal_is_told_in_the_servers_words_without_secrets(httpserver: HTTPServer) -> None:
    said = f"Bad model for key {KEY} at //user:secretpw@host?token=secret with Bearer secret"
    httpserver.expect_request(COMPLETIONS).respond_with_json({"error": {"message": said}}, status=400)
    _, error = failure(writer(httpserver.url_for("/v1")))
    assert error.reason == "bad_request"
    assert error.params["detail"].startswith("Bad model for key")


def test_a_prompt_too_long_for_the_model_is_its_own_reason(httpserver: HTTPServer) -> None:
    said = "the request exceeds the available context size. try increasing the context size"
    httpserver.expect_request(COMPLETIONS).respond_with_json({"error": {"message": said}}, status=400)
    _, error = failure(writer(httpserver.url_for("/v1")))
    assert error.reason == "too_long"


def test_nobody_listens() -> None:
    with nothing_listens() as url:
        _, error = failure(writer(url))
    assert (error.reason, type(error)) == ("unreachable", Retryable)


def test_a_silence_that_three_have_met_is_not_waited_for_by_the_fourth(raw: RawServer) -> None:
    now = [0.0]
    breaker = Breaker(now=lambda: now[0])
    with nothing_listens() as url:
        for _ in range(3):
            failure(writer(url, breaker=breaker))
    chat = writer(raw.url, breaker=breaker)
    _, error = failure(chat)
    assert isinstance(error, Retryable)
    assert (error.reason, error.after, raw.requests) == ("unreachable", 30.0, [])
    now[0] = 30.0
    raw.enqueue(CLOSING, answer("Bread."))
    raw.enqueue(CLOSING, answer("More bread."))
    assert [everything(chat)[0] for _ in range(2)] == ["Bread.", "More bread."]


def test_a_service_that_answers_with_an_error_has_been_reached(httpserver: HTTPServer) -> None:
    httpserver.expect_request(COMPLETIONS).respond_with_data("{}", status=500)
    chat = writer(httpserver.url_for("/v1"))
    for _ in range(4):
        assert failure(chat)[1].reason == "unavailable"
    assert len(httpserver.log) == 12


def test_an_address_without_a_scheme_is_a_wrong_address() -> None:
    _, error = failure(writer("localhost:8089/v1"))
    assert (error.reason, type(error)) == ("wrong_address", Permanent)
    assert error.params["likely"] == "http://localhost:8089/v1"


@pytest.mark.parametrize("head", [CLOSING, CHUNKED], ids=["closing", "chunked"])
def test_a_stream_without_a_last_word_was_cut_however_it_ended(raw: RawServer, head: bytes) -> None:
    body = piece("Bread rises ")
    if head is CHUNKED:
        body = b"%x\r\n%s\r\n" % (len(body), body)
    raw.enqueue(head, body)
    came, error = failure(writer(raw.url))
    assert came == [Delta("Bread rises ")]
    assert (error.reason, type(error)) == ("cut", Retryable)
    assert len(raw.requests) == 1, "what a person has begun to read is never begun again"


def test_a_connection_cut_before_the_first_word_is_tried_once_more(raw: RawServer) -> None:
    raw.enqueue(CLOSING)
    raw.enqueue(CLOSING, answer("Bread."))
    assert everything(writer(raw.url))[0] == "Bread."


@pytest.mark.parametrize("start", [b"", STREAM, CLOSING, CLOSING + piece("Bread ")], ids=range(4))
def test_a_dripping_server_is_cut_off_by_the_deadline(raw: RawServer, start: bytes) -> None:
    """Each byte comes in time for a per-read timeout: before the head, within it, and in the body."""
    raw.enqueue_script(raw.drip(start or b"H"))
    chat = writer(raw.url, deadline=0.4)
    chat.warm()
    began = time.monotonic()
    came, error = failure(chat)
    assert (error.reason, type(error)) == ("timeout", Retryable)
    assert time.monotonic() - began < 2.0
    assert came == ([Delta("Bread ")] if b"Bread" in start else [])
    assert raw.hung_up.wait(5), "the connection upstream was closed"


def test_a_silent_server_is_cut_off_too(raw: RawServer) -> None:
    raw.enqueue_script(raw.drip(CLOSING, every=60))
    _, error = failure(writer(raw.url, deadline=0.3))
    assert error.reason == "timeout"


def test_a_page_of_html_is_no_answer(httpserver: HTTPServer) -> None:
    httpserver.expect_request(COMPLETIONS).respond_with_data("<html>Sign in</html>", content_type="text/html")
    _, error = failure(writer(httpserver.url_for("/v1")))
    assert (error.reason, type(error)) == ("nonsense", Permanent)


@pytest.mark.parametrize(
    "line", [b"data: <html>\n\n", b'data: {"choices": [{}]}\n\n', b'data: "choices"\n\n']
)
def test_events_that_are_no_chunks_are_nonsense(raw: RawServer, line: bytes) -> None:
    raw.enqueue(CLOSING, line)
    _, error = failure(writer(raw.url))
    assert (error.reason, type(error)) == ("nonsense", Permanent)


def test_an_error_told_within_the_stream_keeps_its_meaning(raw: RawServer) -> None:
    raw.enqueue(CLOSING, piece("Bread "), b'data: {"error": {"message": "overloaded", "code": 503}}\n\n')
    came, error = failure(writer(raw.url))
    assert (came, error.reason) == ([Delta("Bread ")], "unavailable")


def test_our_own_errors_pass_translation_unchanged() -> None:
    with suppress(Permanent), translated("tiny"):
        raise Permanent("other", "cut")
    with pytest.raises(Permanent) as caught, translated("tiny"):
        raise Permanent("other", "cut")
    assert caught.value.service == "other"
