"""A model service that is always equally slow: an OpenAI-compatible server in a process of its own."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing import get_context
from typing import Any

MODEL = "stub"
FIRST_TOKEN_SECONDS = 0.8
TOKENS_A_SECOND = 40
# Nothing here can be checked against a library, so that no finding blocks and no repair follows.
_COPY = """What is on your bench this evening, slow bakers?
Tell us how it looks, and what you would like to try next.
"""


@dataclass(frozen=True)
class Stub:
    """The running service. Set `tokens.value` to choose how long the next answers are.

    With `tells.value` it answers each prompt with the points that stand in it, in the same time.
    """

    base_url: str
    tokens: Any
    tells: Any


@contextmanager
def running(tokens: int) -> Iterator[Stub]:
    context = get_context("spawn")
    length, tells = context.Value("i", tokens), context.Value("i", 0)
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, length, tells), daemon=True)
    process.start()
    try:
        yield Stub(f"http://127.0.0.1:{ours.recv()}/v1", length, tells)
    finally:
        process.terminate()
        process.join()


def _serve(parent: Any, tokens: Any, tells: Any) -> None:
    class Handler(_Handler):
        length = tokens
        telling = tells

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    parent.send(server.server_port)
    server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Small writes must leave at once, or the network's own batching would be measured.
    disable_nagle_algorithm = True
    length: Any
    telling: Any

    def do_POST(self) -> None:
        began = time.monotonic()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        count = self.length.value
        words = _told(asked, count) if self.telling.value else list(islice(cycle(_COPY.split(" ")), count))
        for number, word in enumerate(words):
            # Each token has its own due time, so that a late one does not delay those that follow.
            due = began + FIRST_TOKEN_SECONDS + number / TOKENS_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            self._event(_choice({"role": "assistant", "content": f"{word} "}))
        self._event(_choice({}, finish="stop"))
        if (asked.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": 1, "completion_tokens": count, "total_tokens": count + 1}
            self._event({**_choice({}), "choices": [], "usage": usage})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the table is the only output."""

    def _event(self, content: dict[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(content)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def _told(asked: dict[str, Any], count: int) -> list[str]:
    """The prompt's points in `count` pieces."""
    points = re.findall(r"^- (.+\[\d+\])$", asked["messages"][-1]["content"], re.MULTILINE)
    words = "\n".join(points).split(" ")
    size = math.ceil(len(words) / count)
    pieces = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
    return [*pieces, *[""] * (count - len(pieces))]


def _choice(delta: dict[str, str], *, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
