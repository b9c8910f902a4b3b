"""Whatever a file does to its reader, it costs that file alone: children under limits."""

from __future__ import annotations

import os
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from copilot.adapters.readers import read
from copilot.adapters.readers.bounded import BoundedReader
from copilot.adapters.sandbox import Sandbox, shared
from copilot.adapters.sandbox.wire import MAX_ANSWER, MEGABYTE, Frame, pack
from copilot.errors import Unreadable

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    hostile = Sandbox("tests.hostile", seconds=1, memory_mb=300, at_once=4)
    yield hostile
    hostile.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[Sandbox]:
    hostile = Sandbox("tests.hostile", memory_mb=300)
    yield hostile
    hostile.close()


def ask(sandbox: Sandbox, task: str, name: str = "a.txt", data: bytes = b"") -> list[Frame]:
    return sandbox.ask(task, name, data, list)


def refusal(sandbox: Sandbox, task: str, name: str = "a.txt", data: bytes = b"") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        ask(sandbox, task, name, data)
    return caught.value


def told(sandbox: Sandbox, task: str = "echo", name: str = "a.txt", data: bytes = b"") -> dict[str, Any]:
    [(head, _)] = ask(sandbox, task, name, data)
    return head


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


# --- what the child may not do ------------------------------------------------------------------


@pytest.mark.parametrize("task", ["loop", "sleep", "sleep_without_alarm"])
def test_a_reader_that_never_ends_is_ended_and_says_so(sandbox: Sandbox, task: str) -> None:
    helper = told(sandbox)["helper"]
    began = time.monotonic()
    refused = refusal(sandbox, task)
    assert (refused.reason, dict(refused.params)) == ("too_slow", {"seconds": 1})
    assert 0.9 <= time.monotonic() - began < 3.5
    after = told(sandbox)
    assert after["helper"] == helper, "the helper survives its child"
    children = Path(f"/proc/{helper}/task/{helper}/children")
    if children.exists():
        left = {int(child) for child in children.read_text("ascii").split()} - {after["child"]}
        assert not [child for child in left if alive(child)]


@pytest.mark.parametrize("task", ["allocate", "allocate_and_crash"])
def test_a_reader_that_takes_two_gigabytes_is_stopped_at_its_limit(patient: Sandbox, task: str) -> None:
    """In Python it gets an error; a parser in C that finds no more memory can only crash."""
    assert refusal(patient, task).reason == "too_heavy"
    assert told(patient)["name"] == "a.txt"


@pytest.mark.parametrize("task", ["exit_hard", "crash", "raise_error", "invent_reason", "unfold"])
def test_a_reader_that_crashes_or_babbles_costs_one_file(sandbox: Sandbox, task: str) -> None:
    assert refusal(sandbox, task).reason == "broken"
    assert told(sandbox, data=b"next")["name"] == "a.txt"


@pytest.mark.parametrize(
    "babble",
    [
        b"",
        b"\x80\x04\x95nonsense that is no frame at all",
        pack({"title": 3, "meta": {}, "warnings": []}),
        pack({}, kind=b"?"),
        pack({"reason": "window", "values": {}}, kind=b"R"),
        pack({"reason": "too_slow", "values": {"seconds": ["x"]}}, kind=b"R"),
    ],
)
def test_what_a_child_says_is_judged_not_believed(sandbox: Sandbox, babble: bytes) -> None:
    assert refusal(sandbox, "babble", data=babble).reason == "broken"


def test_nothing_can_be_written_read_opened_or_forked(sandbox: Sandbox, tmp_path: Path) -> None:
    target = tmp_path / "planted"
    assert refusal(sandbox, "write_file", str(target), b"x").reason == "broken"
    assert not target.exists()
    target.write_bytes(b"secret")
    assert refusal(sandbox, "read_file", str(target)).reason == "broken"
    assert told(sandbox, "write_standard") == {"quiet": True}
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert refusal(sandbox, "connect", str(server.getsockname()[1])).reason == "broken"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    if os.geteuid() != 0:  # root may always fork
        assert refusal(sandbox, "fork").reason == "broken"


def test_a_child_knows_no_secret_and_holds_nothing_of_the_servers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COPILOT_LLM_API_KEY", "sk-secret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with (tmp_path / "database").open("wb"), socket.create_server(("127.0.0.1", 0)):
        fresh = Sandbox("tests.hostile", memory_mb=400)
        head = told(fresh, "tell")
        fresh.close()
    assert not [name for name in head["environment"] if name.startswith(("COPILOT", "OPENAI"))]
    assert "sk-secret" not in str(head)
    assert len(head["descriptors"]) == 4, "three that lead nowhere and its connection"
    assert head["limits"] == {"RLIMIT_AS": [400 * MEGABYTE] * 2, "RLIMIT_NOFILE": [0, 0]}


@pytest.mark.parametrize(("task", "reason"), [("shout", "too_heavy"), ("shout_past_the_form", "broken")])
def test_an_endless_answer_is_cut_off_and_the_server_stays_small(
    patient: Sandbox, task: str, reason: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(patient, task).reason == reason
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 2 * MAX_ANSWER


# --- the helper that forks them -----------------------------------------------------------------


def test_a_helper_that_dies_is_replaced_with_the_next_file() -> None:
    sandbox = Sandbox("tests.hostile")
    first = told(sandbox)["helper"]
    os.kill(first, 9)
    assert told(sandbox)["helper"] != first
    sandbox.close()


def test_a_helper_that_cannot_start_is_our_fault_and_not_the_files() -> None:
    sandbox = Sandbox("tests.fakes")  # prepares nothing
    with pytest.raises(RuntimeError, match="does not start"):
        ask(sandbox, "echo")


def test_many_threads_read_at_once_and_each_gets_its_own(sandbox: Sandbox) -> None:
    def asked(number: int) -> bool:
        [(head, body)] = ask(sandbox, "echo", f"{number}.txt", b"%d" % number * 50_000)
        return head["name"] == f"{number}.txt" and body == b"%d" % number * 50_000

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(asked, range(64)))


def test_nobody_outlives_a_server_that_is_killed() -> None:
    script = (
        "import threading, time\n"
        "from copilot.adapters.sandbox import Sandbox\n"
        "sandbox = Sandbox('tests.hostile', seconds=30)\n"
        "[(head, _)] = sandbox.ask('echo', 'a', b'', list)\n"
        "threading.Thread(target=lambda: sandbox.ask('sleep', 'a', b'', list), daemon=True).start()\n"
        'children = f\'/proc/{head["helper"]}/task/{head["helper"]}/children\'\n'
        "child = ''\n"
        "while not child:\n"
        "    child = ' '.join(set(open(children).read().split()) - {str(head['child'])})\n"
        "print(head['helper'], child, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        helper, child = (int(part) for part in server.stdout.readline().split())
        assert alive(helper) and alive(child)
        server.kill()
    deadline = time.monotonic() + 10
    while (alive(helper) or alive(child)) and time.monotonic() < deadline:
        pass
    assert not alive(helper) and not alive(child)


def test_a_command_that_read_a_file_ends_at_once_and_without_a_word() -> None:
    script = (
        "from copilot.adapters.readers.bounded import BoundedReader\n"
        "print(BoundedReader()('a.md', b'# Tea\\n\\nLongjing').title)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Tea\n", "")


BROKEN = [
    ("a.docx", b"PK\x03\x04" + b"x" * 200, "broken"),
    ("a.pdf", b"%PDF-1.7 and no more", "broken"),
    ("a.md", b"---\na: [\n---\n", "front_matter"),
    ("a.csv", "品名,有效期止\n茶,某天\n".encode(), "window"),
    ("a.txt", "锟斤拷锟斤拷锟斤拷".encode(), "encoding"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "legacy_office"),
]


# --- the real readers ---------------------------------------------------------------------------


def test_all_services_share_one_helper() -> None:
    assert shared() is shared()


MATERIALS = sorted(path for path in (ROOT / "knowledge_base").glob("*/materials/*/*") if path.is_file())


def test_every_sample_is_read_in_a_child_as_it_is_outside(caplog: pytest.LogCaptureFixture) -> None:
    """A child can open no file: a module that a reader loads only when it needs it would be missing there."""
    reader = BoundedReader()
    kinds = set()
    for path in MATERIALS:
        data = re.sub(rb"{{day[^}]*}}", b"2026-11-24", path.read_bytes())
        assert reader(path.name, data) == read(path.name, data), path.name
        kinds.add(path.suffix)
    assert {".md", ".csv", ".docx", ".pdf", ".pptx", ".xlsx"} <= kinds
    for name, data, reason in BROKEN:
        with pytest.raises(Unreadable) as caught:
            reader(name, data)
        assert caught.value.reason == reason
    assert not caplog.records


def test_the_real_readers_fit_well_into_their_limits() -> None:
    reader = BoundedReader()
    text = ("春茶上市，满 200 减 20。\n\n" * 40_000).encode()
    assert reader("a.txt", text).characters == read("a.txt", text).characters
