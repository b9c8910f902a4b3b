"""Files that are no model cost a sentence, and one over which the library aborts costs a child process."""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from copilot.adapters.llm.local import LocalServer, LocalWriter
from copilot.domain.messages import Message
from copilot.errors import ExternalError, Permanent
from copilot.wording import word

Making = Callable[..., LocalServer]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Making]:
    made: list[LocalServer] = []

    def serve(content: bytes | None, *, now: Callable[[], float] = time.monotonic) -> LocalServer:
        path = tmp_path / "small.gguf"
        if content is not None:
            path.write_bytes(content)
        made.append(LocalServer(path, context=512, parallel=1, threads=1, now=now))
        return made[-1]

    yield serve
    for server in made:
        server.close()


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def gguf(**numbers: int) -> bytes:
    """The head of a model without a single weight, with these numbers in it."""
    entries = [text("general.architecture") + struct.pack("<I", 8) + text("llama")]
    entries += [text(f"llama.{name}") + struct.pack("<II", 4, number) for name, number in numbers.items()]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries)) + b"".join(entries)


SHAPE = {"context_length": 9, "embedding_length": 64, "feed_forward_length": 8}


def failure(server: LocalServer) -> ExternalError:
    with pytest.raises(Permanent) as caught:
        LocalWriter(server, deadline=30).answer("", "Hello", max_tokens=3)
    told = [word(Message(caught.value.message_id, caught.value.params), locale) for locale in ("en", "zh")]
    assert all(str(server.path.parent) not in sentence for sentence in told), "a path is nobody's business"
    return caught.value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "local_missing"),
        (b"", "local_no_model"),
        (b"I am no model.", "local_no_model"),
        (b"GGUF", "local_broken"),
        (gguf(), "local_broken"),
    ],
    ids=["missing", "empty", "text", "cut", "without weights"],
)
def test_a_file_that_is_no_model_is_told_as_what_it_is(
    serving: Making, content: bytes | None, reason: str
) -> None:
    assert failure(serving(content)).reason == reason


def test_a_file_over_which_the_library_aborts_ends_the_child_and_not_us(serving: Making) -> None:
    error = failure(serving(gguf(**SHAPE, block_count=0)))
    assert error.reason == "local_broken"
    assert "n_layer" in error.params["detail"]


def test_what_failed_to_load_is_not_loaded_again_by_each_draft(serving: Making) -> None:
    now = [0.0]
    server = serving(gguf(), now=lambda: now[0])
    first = failure(server)
    began = time.monotonic()
    assert failure(server) is first
    assert time.monotonic() - began < 0.1
    now[0] = 31.0
    assert failure(server) is not first


def test_without_the_extra_it_says_how_to_install_it(
    serving: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    error = failure(serving(gguf()))
    assert error.reason == "local_extra"
    assert "make local" in word(Message(error.message_id, error.params), "en")


def test_warming_up_a_broken_model_disturbs_nobody(serving: Making) -> None:
    LocalWriter(serving(b"I am no model."), deadline=5).warm()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what a process knows")
def test_the_child_knows_no_secret_and_goes_when_it_is_told(
    serving: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_LLM_API_KEY", "sk-secret")
    server = serving(gguf())
    server.start()
    pid = server.pid
    assert pid is not None
    assert b"sk-secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    server.close()
    assert server.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
