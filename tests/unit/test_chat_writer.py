"""A writer against real sockets: what a model's service does wrong becomes a reason to act on."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_httpserver import HTTPServer

from copilot.adapters.llm.cleansing import Cleanser
from copilot.adapters.llm.failures import translated
from copilot.adapters.llm.openai_compatible import ChatWriter
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.drafts import Assignment, Brief, Delta, Finished, WriterEvent
from copilot.domain.materials import Kind
from copilot.domain.messages import Message
from copilot.errors import ExternalError, Permanent, Retryable
from copilot.wording import word

KEY = "sk-very-secret-key-0123456789"
COMPLETIONS = "/v1/chat/completions"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CLOSING = STREAM + b"Connection: close\r\n\r\n"
CHUNKED = STREAM + b"Transfer-Encoding: chunked\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def assignment() -> Assignment:
    column = Column(
        id=1,
        slug="topic",
        name="Topic",
        module=Module.INTERACTION,
        value=Value.KNOWLEDGE,
        form=Form.TOPIC,
        cadence=Cadence(Every.DAY),
        time=datetime(2026, 11, 23, 11).time(),
        channel=Channel.SLACK,
        purpose="bread",
        kinds=(Kind.STORY,),
        length=(10, 60),
        call_to_action="Tell us.",
    )
    brief = Brief(
        brand=Brand(1, "b", "B", "Europe/London", Language.EN),
        voice=Voice(persona="P"),
        column=column,
        channel=Channel.SLACK,
        starts_at=datetime(2026, 11, 23, 11, tzinfo=ZoneInfo("Europe/London")),
        sources=(),
    )
    return Assignment(brief, "You write {plainly}.", "Write about $bread {now}.", 120)


def piece(text: str = "", *, finish: str | None = None, **more: Any) -> bytes:
    delta = {"role": "assistant", "content": text} if text else {}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def answer(*texts: str, finish: str = "stop") -> bytes:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    end = {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [], "usage": usage}
    body = b"".join(piece(text) for text in texts) + piece(finish=finish)
    return body + b"data: " + json.dumps(end).encode() + b"\n\n" + DONE


class RawServer:
    """Answers each connection with bytes as scripted: what no well-behaved server library would send."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.connections = 0
        self.closes = True
        self.hung_up = threading.Event()
        self.over = threading.Event()
        self._scripts: list[Iterator[bytes]] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def enqueue(self, *parts: bytes) -> None:
        self._scripts.append(iter(parts))

    def enqueue_script(self, script: Iterator[bytes]) -> None:
        self._scripts.append(script)

    def drip(self, *parts: bytes, every: float = 0.02) -> Iterator[bytes]:
        """The parts at once, then a comment's byte now and then until the test is over."""
        yield from parts
        while not self.over.wait(every):
            yield b":"

    def close(self) -> None:
        self.over.set()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                while self._scripts and (request := _request(connection)):
                    self.requests.append(request)
                    self._answer(connection)
                    if self.closes:
                        break

    def _answer(self, connection: socket.socket) -> None:
        try:
            for part in self._scripts.pop(0):
                connection.sendall(part)
        except OSError:
            self.hung_up.set()


def _request(connection: socket.socket) -> dict[str, Any]:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return {}
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(65536)
    parsed: dict[str, Any] = json.loads(body)
    return parsed


@pytest.fixture
def raw() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()


@contextmanager
def nothing_listens() -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"


def writer(url: str, *, deadline: float = 20.0, sleep: Callable[[float], None] | None = None) -> ChatWriter:
    return ChatWriter(
        base_url=url, api_key=KEY, model="tiny", deadline=deadline, sleep=sleep or (lambda _: None)
    )


def everything(chat: ChatWriter) -> tuple[str, Finished]:
    events = list(chat.write(assignment()))
    assert isinstance(events[-1], Finished)
    assert all(isinstance(event, Delta) for event in events[:-1])
    return "".join(event.text for event in events if isinstance(event, Delta)), events[-1]


def failure(chat: ChatWriter) -> tuple[list[WriterEvent], ExternalError]:
    """What came before it broke, and how it broke; the sentence exists in both languages without secrets."""
    came: list[WriterEvent] = []
    with pytest.raises(ExternalError) as caught:
        for event in chat.write(assignment()):
            came.append(event)
    told = [word(Message(caught.value.message_id, caught.value.params), locale) for locale in ("en", "zh")]
    assert all("tiny" in sentence and "secret" not in sentence for sentence in (*told, str(caught.value)))
    return came, caught.value


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


def test_a_short_retry_after_is_waited_for_once_and_the_draft_comes(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    httpserver.expect_ordered_request(COMPLETIONS).respond_with_data(
        "{}", status=429, headers={"Retry-After": "2"}
    )
    httpserver.expect_ordered_request(COMPLETIONS).respond_with_data(
        answer("Bread."), content_type="text/event-stream"
    )
    text, _ = everything(writer(httpserver.url_for("/v1"), sleep=slept.append))
    assert (text, slept) == ("Bread.", [2.0])


def test_a_long_retry_after_is_handed_on_and_not_waited_for(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    httpserver.expect_request(COMPLETIONS).respond_with_data("{}", status=429, headers={"Retry-After": "90"})
    _, error = failure(writer(httpserver.url_for("/v1"), sleep=slept.append))
    assert isinstance(error, Retryable)
    assert (error.reason, error.after, slept) == ("rate_limited", 90.0, [])


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


def test_an_address_without_a_scheme_is_a_wrong_address() -> None:
    _, error = failure(writer("localhost:8089/v1"))
    assert (error.reason, type(error)) == ("not_found", Permanent)


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


def test_closing_the_iterator_closes_the_connection_upstream(raw: RawServer) -> None:
    raw.enqueue_script(raw.drip(CLOSING, piece("Bread "), piece("rises ")))
    events = writer(raw.url).write(assignment())
    assert next(events) == Delta("Bread ")
    events.close()  # type: ignore[attr-defined]
    assert raw.hung_up.wait(5)


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
    raw.enqueue(CLOSING, answer("``", "`js", "on\n", '{"post": 1}\n', "``", "`"))
    assert everything(writer(raw.url))[0] == '{"post": 1}\n'


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
    client = chat._built()[1].root_client
    raw.enqueue(CLOSING, answer("Bread."))
    everything(chat)
    assert chat._built()[1].root_client is client


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
    assert writer(raw.url).answer("Read {this}.", "A $6 bar.", max_tokens=90).text == "one | two\nthree"
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


def test_our_own_errors_pass_translation_unchanged() -> None:
    with suppress(Permanent), translated("tiny"):
        raise Permanent("other", "cut")
    with pytest.raises(Permanent) as caught, translated("tiny"):
        raise Permanent("other", "cut")
    assert caught.value.service == "other"
