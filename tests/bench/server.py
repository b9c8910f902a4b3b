"""The product as it is served, in a process of its own, and a person in front of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from types import TracebackType

import httpx2
from selectolax.lexbor import LexborHTMLParser

COPILOT = Path(sys.executable).with_name("copilot")
_STARTS_WITHIN = 60.0


@dataclass(frozen=True)
class Server:
    url: str
    seconds: float
    """From the command to the first answer of the sign-in page."""


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    """`copilot serve` on this folder, once it answers."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(
            [COPILOT, "serve", "--port", str(port)],
            env={**os.environ, **settings, "COPILOT_DATA_DIR": str(folder)},
            stdout=out,
            stderr=out,
        )
        try:
            _await(url, process, log)
            yield Server(url, time.monotonic() - began)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    with httpx2.Client(timeout=_STARTS_WITHIN) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                client.get(f"{url}/sign-in").raise_for_status()
                return
            except httpx2.ConnectError:
                time.sleep(0.01)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Drafted:
    """Seconds from pressing the button to the first piece of copy, and to the end of the draft."""

    first: float
    whole: float


class Person:
    """Signs in and presses buttons as a browser does: forms, redirects, cookies, event streams."""

    def __init__(self, server: Server) -> None:
        # The server closes what idles for five seconds, which is about how long the other side's turn takes:
        # a request on a connection kept from before could meet the closing half way and fail the whole run.
        fresh = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.Client(base_url=server.url, timeout=60.0, limits=fresh)

    def __enter__(self) -> Person:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def sign_in(self, login: str, password: str) -> None:
        form = _form(self._page("/sign-in"), "form[action='/sign-in']")
        answer = self._client.post("/sign-in", data={**form, "login": login, "password": password})
        if answer.status_code != 303:
            raise RuntimeError(f"signing in was answered with {answer.status_code}")

    def at_another_screen(self, server: Server) -> Person:
        """The same person again, with a connection of its own: so many sign-ins at once would be turned away."""
        other = Person(server)
        other._client.cookies.update(self._client.cookies)
        return other

    def draft(self, desk: str, wish: str) -> Drafted:
        """One draft from the button to its end; RuntimeError when it does not come to a good one."""
        page = self._page(desk)
        copy = page.css_first("#write textarea[name=text]")
        form = {**_form(page, "form#write"), "text": copy.text() if copy is not None else ""}
        began = time.monotonic()
        answer = self._client.post(f"{desk}/draft", data={**form, "instruction": wish})
        if answer.status_code != 303:
            raise RuntimeError(f"the draft was answered with {answer.status_code}")
        writing = self._page(answer.headers["Location"]).css_first("[sse-connect]")
        if writing is None:
            raise RuntimeError("the desk shows no stream")
        first = 0.0
        for kind, data in self._events(str(writing.attributes["sse-connect"])):
            if kind == "delta" and not first:
                first = time.monotonic() - began
            if kind == "note":
                raise RuntimeError(f"the draft was disturbed: {data}")
            if kind == "end":
                if data != "done" or not first:
                    raise RuntimeError(f"the draft ended as {data!r}")
                return Drafted(first, time.monotonic() - began)
        raise RuntimeError("the stream broke off")

    def editing(self, desk: str) -> Callable[[str], float]:
        """The editor of a post: each call types a text and returns the seconds until its checks are there."""
        form = _form(self._page(desk), "form#write")

        def typed(text: str) -> float:
            began = time.monotonic()
            self._client.post(f"{desk}/live", data={**form, "text": text}).raise_for_status()
            return time.monotonic() - began

        return typed

    def _page(self, path: str) -> LexborHTMLParser:
        return LexborHTMLParser(self._client.get(path).raise_for_status().text)

    def _events(self, path: str) -> Iterator[tuple[str, str]]:
        with self._client.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
            answer.raise_for_status()
            kind, data = "", ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data += value
                elif not line and kind:
                    yield kind, data
                    kind, data = "", ""


def _form(page: LexborHTMLParser, selector: str) -> dict[str, str]:
    """The hidden fields of a form, the token against forged requests among them."""
    return {
        str(field.attributes["name"]): field.attributes.get("value") or ""
        for field in page.css(f"{selector} input[type=hidden]")
    }
