"""Tasks of a child in the hands of an enemy: each does what a parser taken over by a file could do."""

from __future__ import annotations

import os
import resource
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from copilot.adapters.sandbox.process import Task
from copilot.adapters.sandbox.wire import Frame
from copilot.errors import Unreadable

Steps = Iterator[Frame]


def loop(name: str, data: bytes) -> Steps:
    while True:
        pass
    yield {}, b""


def sleep(name: str, data: bytes) -> Steps:
    time.sleep(3600)
    yield {}, b""


def sleep_without_alarm(name: str, data: bytes) -> Steps:
    import signal

    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    time.sleep(3600)
    yield {}, b""


def allocate(name: str, data: bytes) -> Steps:
    hoard = [bytearray(50_000_000) for _ in range(40)]
    yield {"hoarded": len(hoard)}, b""


def allocate_and_crash(name: str, data: bytes) -> Steps:
    hoard = []
    try:
        while True:
            hoard.append(bytearray(5_000_000))
    except MemoryError:
        os.abort()
    yield {}, b""


def exit_hard(name: str, data: bytes) -> Steps:
    os._exit(0)
    yield {}, b""


def crash(name: str, data: bytes) -> Steps:
    os.abort()
    yield {}, b""


def raise_error(name: str, data: bytes) -> Steps:
    raise LookupError("a fault of ours")
    yield {}, b""


def write_file(name: str, data: bytes) -> Steps:
    Path(name).write_bytes(data)
    yield {"wrote": True}, b""


def write_standard(name: str, data: bytes) -> Steps:
    os.write(1, b"noise")
    os.write(2, b"noise")
    yield {"quiet": True}, b""


def read_file(name: str, data: bytes) -> Steps:
    yield {"length": len(Path(name).read_bytes())}, b""


def connect(name: str, data: bytes) -> Steps:
    with socket.create_connection(("127.0.0.1", int(name))):
        yield {"connected": True}, b""


def fork(name: str, data: bytes) -> Steps:
    yield {"forked": os.fork()}, b""


def shout(name: str, data: bytes) -> Steps:
    for _ in range(1000):
        yield {}, bytes(1_000_000)


def shout_past_the_form(name: str, data: bytes) -> Steps:
    descriptor = _connection()
    os.write(descriptor, b"F" + (8).to_bytes(4, "big") + (1_000_000_000).to_bytes(4, "big") + b'{"a": 1}')
    block = bytes(1_000_000)
    for _ in range(1000):
        rest = memoryview(block)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    yield {}, b""


def babble(name: str, data: bytes) -> Steps:
    """Writes `data` in place of an answer."""
    os.write(_connection(), data)
    os._exit(0)
    yield {}, b""


def unfold(name: str, data: bytes) -> Steps:
    yield {"lists": "x"}, b""
    descriptor = _connection()
    nested = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    os.write(descriptor, b"F" + len(nested).to_bytes(4, "big") + bytes(4))
    rest = memoryview(nested)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os._exit(0)


def invent_reason(name: str, data: bytes) -> Steps:
    raise Unreadable("because_i_say_so")
    yield {}, b""


def tell(name: str, data: bytes) -> Steps:
    """What a child knows of the server: its environment, its open files, its limits."""
    descriptors = []
    for descriptor in range(64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        descriptors.append(descriptor)
    limits = {what: resource.getrlimit(getattr(resource, what)) for what in ("RLIMIT_AS", "RLIMIT_NOFILE")}
    yield {"environment": dict(os.environ), "descriptors": descriptors, "limits": limits}, b""


def echo(name: str, data: bytes) -> Steps:
    yield {"name": name, "child": os.getpid(), "helper": os.getppid()}, data


def _connection() -> int:
    return max(descriptor for descriptor in range(64) if _open(descriptor))


def _open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def prepare() -> Mapping[str, Task]:
    tasks: list[Any] = [
        loop,
        sleep,
        sleep_without_alarm,
        allocate,
        allocate_and_crash,
        exit_hard,
        crash,
        raise_error,
        write_file,
        write_standard,
        read_file,
        connect,
        fork,
        shout,
        shout_past_the_form,
        babble,
        unfold,
        invent_reason,
        tell,
        echo,
    ]
    return {task.__name__: task for task in tasks}
