"""A model's service in the hands of a test: what it answers byte by byte, and a writer in front of it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copilot.adapters.llm.breaker import Breaker
from copilot.adapters.llm.openai_compatible import ChatWriter
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.drafts import Assignment, Brief, Delta, Finished, WriterEvent
from copilot.domain.materials import Kind
from copilot.domain.messages import Message
from copilot.errors import ExternalError
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


@contextmanager
def nothing_listens() -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"


def writer(
    url: str,
    *,
    deadline: float = 20.0,
    sleep: Callable[[float], None] | None = None,
    breaker: Breaker | None = None,
) -> ChatWriter:
    return ChatWriter(
        base_url=url,
        api_key=KEY,
        model="tiny",
        deadline=deadline,
        sleep=sleep or (lambda _: None),
        breaker=breaker,
    )


def everything(chat: ChatWriter) -> tuple[str, Finished]:
    events = list(chat.write(assignment()))
    assert isinstance(events[-1], Finished)
    assert all(isinstance(event, Delta) for event in events[:-1])
    return "".join(event.text for event in events if isinstance(event, Delta)), events[-1]


def failure(chat: ChatWriter, asked: Assignment | None = None) -> tuple[list[WriterEvent], ExternalError]:
    """What came before it broke, and how it broke; the sentence exists in both languages without secrets."""
    came: list[WriterEvent] = []
    with pytest.raises(ExternalError) as caught:
        for event in chat.write(asked or assignment()):
            came.append(event)
    told = [word(Message(caught.value.message_id, caught.value.params), locale) for locale in ("en", "zh")]
    assert all("tiny" in sentence and "secret" not in sentence for sentence in (*told, str(caught.value)))
    assert "secretpw" not in str(caught.value)
    return came, caught.value
