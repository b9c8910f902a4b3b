"""Children under limits: a stranger's file is parsed where a fault or an attack costs only that file."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from copilot.adapters.sandbox.wire import (
    HEAVY,
    MEGABYTE,
    READY,
    REQUEST,
    Fault,
    Frame,
    Garbled,
    unpacked_answer,
)
from copilot.errors import Unreadable

__all__ = ["MEMORY_MB", "SECONDS", "Sandbox", "shared"]

SECONDS = 20.0
MEMORY_MB = 500
AT_ONCE = 2
"""So many children live at a time; the next one waits. It bounds the memory of all of them together."""

_START = 60.0  # seconds for the parsers to load, on a slow machine
_BACKSTOP = 2.0  # seconds beyond a child's own limits, should nobody have ended it
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Sandbox:
    """Runs the tasks of a module, each call in a child process of its own, from any number of threads.

    The children are forked by one helper process that has the parsers loaded; it starts with the first
    call, is replaced if it dies, and goes when this object or this process does.
    """

    def __init__(
        self,
        tasks: str = "copilot.adapters.sandbox.tasks",
        *,
        seconds: float = SECONDS,
        memory_mb: int = MEMORY_MB,
        at_once: int = AT_ONCE,
    ) -> None:
        self._tasks = tasks
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._helper: _Helper | None = None

    def ask(self, task: str, name: str, data: bytes, collect: Callable[[Iterator[Frame]], T]) -> T:
        """What `collect` makes of the answer's frames. Raises Unreadable, also when the child came to an end."""
        with self._places, self._child() as child:
            began = time.monotonic()
            deadline = began + self._seconds + _BACKSTOP
            answer = _Incoming(child, deadline)
            try:
                _send(child, task, name, data, deadline)
                return collect(unpacked_answer(answer.read))
            except (EOFError, OSError) as exc:
                if time.monotonic() - began >= self._seconds - 0.1:
                    raise Unreadable("too_slow", seconds=round(self._seconds)) from exc
                if answer.last == HEAVY:
                    raise Unreadable("too_heavy") from exc
                _log.warning("The child that handled a file (%s) ended without an answer.", task)
                raise Unreadable("broken") from exc
            except (Garbled, Fault) as exc:
                _log.warning("The child that handled a file (%s) failed: %s", task, exc)
                raise Unreadable("broken") from exc

    def close(self) -> None:
        """Ends the helper; the next call starts another."""
        with self._lock:
            helper = self._helper
        if helper is not None:
            self._give_up(helper)

    def _child(self) -> socket.socket:
        """A connection to a new child that has its limits on."""
        for _ in range(2):  # The helper may have died since the last file; it is replaced once.
            ours, theirs = socket.socketpair()
            helper = self._running()
            try:
                with theirs:
                    socket.send_fds(helper.control, [b"\0"], [theirs.fileno()])
                ours.settimeout(_START)
                if ours.recv(1) == READY:
                    return ours
            except OSError as exc:
                _log.warning("The process that reads files does not answer: %s", exc)
            ours.close()
            self._give_up(helper)
        raise RuntimeError("The process that reads files does not start.")

    def _running(self) -> _Helper:
        with self._lock:
            # A fork of the server must not talk over the socket of the process it came from.
            if self._helper is None or self._helper.owner != os.getpid():
                self._helper = _start(self._tasks, self._seconds, self._memory_mb)
                weakref.finalize(self, _end, self._helper)
            return self._helper

    def _give_up(self, helper: _Helper) -> None:
        with self._lock:
            if self._helper is helper:
                self._helper = None
        _end(helper)


@cache
def shared() -> Sandbox:
    """The one of this process: parsers are loaded once, however many services are built."""
    return Sandbox()


@dataclass(frozen=True)
class _Helper:
    process: subprocess.Popen[bytes]
    control: socket.socket
    owner: int


def _start(tasks: str, seconds: float, memory_mb: int) -> _Helper:
    """Starts the helper with an environment that holds none of our settings, keys among them.

    A session of its own keeps Ctrl-C in a terminal from reaching it before the server has finished.
    """
    ours, theirs = socket.socketpair()
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    with theirs:
        arguments = (str(theirs.fileno()), tasks, str(seconds), str(memory_mb))
        process = subprocess.Popen(  # noqa: S603 - our own module, with our own arguments
            # Without -P the folder the server was started in could shadow any module.
            [sys.executable, "-P", "-m", "copilot.adapters.sandbox.process", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env=environment,
            start_new_session=True,
        )
    return _Helper(process, ours, os.getpid())


def _end(helper: _Helper) -> None:
    """Closing the control socket is what tells the helper to kill its children and go."""
    helper.control.close()
    if helper.owner != os.getpid():
        return
    try:
        helper.process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        helper.process.kill()
        helper.process.wait()


def _send(child: socket.socket, task: str, name: str, data: bytes, deadline: float) -> None:
    child.settimeout(max(0.001, deadline - time.monotonic()))
    # A child that refuses early need not take in the rest: what it says instead is read below.
    with suppress(BrokenPipeError, ConnectionResetError):
        parts = (task.encode(), name.encode("utf-8", "surrogatepass"), data)
        child.sendall(REQUEST.pack(*map(len, parts)) + b"".join(parts[:2]))
        child.sendall(data)


class _Incoming:
    """Reads from a child by length, in large pieces, until the deadline."""

    def __init__(self, child: socket.socket, deadline: float) -> None:
        self._child = child
        self._deadline = deadline
        self._held = b""
        self._at = 0
        self.last = b""

    def read(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._held):
            pieces = [self._held[self._at :]]
            missing = length - len(pieces[0])
            while missing > 0:
                pieces.append(self._piece())
                missing -= len(pieces[-1])
            self._held, self._at, end = b"".join(pieces), 0, length
        start, self._at = self._at, end
        return self._held[start:end]

    def _piece(self) -> bytes:
        self._child.settimeout(max(0.001, self._deadline - time.monotonic()))
        piece = self._child.recv(MEGABYTE)
        if not piece:
            raise EOFError
        self.last = piece[-1:]
        return piece
