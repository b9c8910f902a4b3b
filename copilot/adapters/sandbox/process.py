"""The process that handles strangers' files: it loads the parsers once, then forks a child for each file.

`python -m copilot.adapters.sandbox.process CONTROL MODULE SECONDS MEGABYTES` is started by the server
with an environment that holds no secret. It has one thread, opens nothing, and ends when the server
does, because it then reads the end of the control socket.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from copilot.adapters.sandbox.wire import DEAD, HEAVY, MEGABYTE, READY, REQUEST, Frame, packed_answer

Task = Callable[[str, bytes], Iterator[Frame]]

_NEAR = 0.5  # of the limit resident when it crashed; the rest is libraries and what it asked for in vain
_MARGIN = 1.0  # seconds after which this process kills a child that outlived its own alarm


@dataclass(frozen=True)
class _Child:
    deadline: float
    connection: int


def main(control: int, module: str, seconds: float, memory: int) -> None:
    tasks: Mapping[str, Task] = importlib.import_module(module).prepare()
    _quiet()
    woken, waker = _wake_for_the_dead()
    gc.collect()
    gc.freeze()  # The children share what is loaded until one of them writes to it.
    children: dict[int, _Child] = {}
    with socket.socket(fileno=control) as asked:
        while True:
            _bury(children, memory)
            deadlines = [child.deadline - time.monotonic() for child in children.values()]
            ready, _, _ = select.select(
                [control, woken], [], [], max(0.0, min(deadlines)) if deadlines else None
            )
            if woken in ready:
                os.read(woken, 64)
            if control not in ready:
                continue
            note, connections, _, _ = socket.recv_fds(asked, 1, 1)
            if not note:
                break
            for connection in connections:
                try:
                    number = os.fork()
                except OSError:  # no more processes: the server sees its connection close
                    os.close(connection)
                    continue
                if number == 0:
                    asked.close()
                    for others in (woken, waker, *(child.connection for child in children.values())):
                        os.close(others)
                    _attend(connection, tasks, seconds, memory)
                children[number] = _Child(time.monotonic() + seconds + _MARGIN, connection)
    for number in children:
        os.kill(number, signal.SIGKILL)


def _wake_for_the_dead() -> tuple[int, int]:
    """A pipe that can be read from when a child has ended."""
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    return woken, waker


def _bury(children: dict[int, _Child], memory: int) -> None:
    """Reaps who has ended and kills who should have; a number is never reused before it is reaped.

    The child's connection gets the helper's last byte: a parser in C that runs out of memory can
    only crash, and what to do about that is another thing than about a damaged file.
    """
    now = time.monotonic()
    for number, child in list(children.items()):
        overdue = child.deadline <= now
        if overdue:
            os.kill(number, signal.SIGKILL)
        ended, status, usage = os.wait4(number, 0 if overdue else os.WNOHANG)
        if not ended:
            continue
        del children[number]
        heavy = os.WIFSIGNALED(status) and usage.ru_maxrss > memory * 1024 * _NEAR
        with socket.socket(fileno=child.connection) as connection, contextlib.suppress(OSError):
            connection.send(HEAVY if heavy else DEAD, socket.MSG_DONTWAIT)


def _quiet() -> None:
    """From here on what parsers print goes nowhere, and only the server's end stops this process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _attend(connection: int, tasks: Mapping[str, Task], seconds: float, memory: int) -> None:
    """The whole life of a child. It never returns: what the parent process has to do is not its business."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        limit(seconds, memory)
        with socket.socket(fileno=connection) as asked:
            asked.sendall(READY)
            lengths = REQUEST.unpack(_exactly(asked, REQUEST.size))
            task, name, data = (_exactly(asked, length) for length in lengths)
            frames = tasks[task.decode()](name.decode("utf-8", "surrogatepass"), data)
            with asked.makefile("wb", 64 * 1024) as answer:
                answer.writelines(packed_answer(frames))
        status = 0
    finally:
        os._exit(status)


def limit(seconds: float, memory: int) -> None:
    """Takes from this process, for good, the means to do harm.

    No file and no socket can be opened (only what is open stays so), nothing written, nothing forked;
    time and memory end. The alarm keeps its default action, which no parser can catch.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    whole = int(seconds) + 1
    for what, most in (
        (resource.RLIMIT_CPU, whole),
        (resource.RLIMIT_AS, memory * MEGABYTE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        # macOS knows no limit of address space and refuses to set one.
        if what != resource.RLIMIT_AS or sys.platform != "darwin":
            resource.setrlimit(what, (most, most))


def _exactly(asked: socket.socket, length: int) -> bytes:
    received = bytearray(length)
    place = memoryview(received)
    while place:
        count = asked.recv_into(place)
        if not count:
            raise EOFError
        place = place[count:]
    return bytes(received)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
