"""A local model: a GGUF file held by a child process, asked as any other OpenAI-compatible service.

The library may abort its whole process over a damaged file or a lack of memory; here that costs the child.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import structlog

from copilot.adapters.llm.openai_compatible import ChatWriter
from copilot.errors import ExternalError, Permanent, Retryable

log = structlog.get_logger()

_MAGIC = b"GGUF"
_WHY = re.compile(r"error loading model: (.+)|GGML_ASSERT\((.+)\) failed")
_WHY_AT_MOST = 160
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_FAMILIES = ("CUDA_", "NVIDIA_", "HIP_", "ROCR_", "GGML_", "LLAMA_", "OMP_")
_REST_SECONDS = 30.0  # Before a model that failed to load is tried again.
_GRACE_SECONDS = 3.0


class LocalServer:
    """Starts the child on first use, again after it died, and ends it with this process.

    `context` is what one draft may read and write, in tokens; `parallel` so many are written at a time;
    `threads` 0 means half of the machine's cores.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int,
        parallel: int,
        threads: int,
        module: str = "copilot.adapters.llm.localserver",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self.name = path.stem
        self._order = {
            "path": str(path.absolute()),
            "context": context,
            "parallel": parallel,
            "threads": threads,
        }
        self._module = module
        self._now = now
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._fault: ExternalError | None = None
        self._rest_until = 0.0

    def start(self) -> None:
        """Begins to load the model and returns at once. Raises Permanent where that cannot be."""
        self._running()

    def address(self, seconds: float) -> tuple[str, str]:
        """Base address and key once the model is loaded; Retryable while it still is after so many seconds."""
        child = self._running()
        if not child.settled.wait(max(0.0, seconds)):
            raise Retryable(self.name, "local_loading", file=self.path.name)
        if child.url is None:
            self._rest(child)
        return f"{child.url}/v1", child.key

    @property
    def pid(self) -> int | None:
        """Of the child, while there is one."""
        child = self._child
        return child.process.pid if child is not None and child.process.poll() is None else None

    def close(self) -> None:
        """Ends the child; the next draft would start another."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            atexit.unregister(child.end)
            child.end()

    def _running(self) -> _Child:
        with self._lock:
            if self._child is not None and not self._child.is_over:
                return self._child
            if self._fault is not None and self._now() < self._rest_until:
                raise self._fault
            self._require_loadable()
            if self._child is not None:
                atexit.unregister(self._child.end)
                self._child.end()
            self._child = _Child(self._module, self._order)
            atexit.register(self._child.end)
            return self._child

    def _rest(self, child: _Child) -> None:
        """Raises why the model was not loaded, and keeps saying so for a while."""
        # A system that has no memory left ends processes in this way; the library's own end is an abort.
        fault = Permanent(
            self.name,
            "local_ended" if child.process.returncode == -signal.SIGKILL else "local_broken",
            file=self.path.name,
            detail=child.why.replace(str(self._order["path"]), self.path.name),
        )
        with self._lock:
            self._fault, self._rest_until = fault, self._now() + _REST_SECONDS
        raise fault

    def _require_loadable(self) -> None:
        """What can be seen without loading anything is said at once."""
        try:
            with self.path.open("rb") as file:
                magic = file.read(len(_MAGIC))
        except OSError as exc:
            raise Permanent(
                self.name, "local_missing", file=self.path.name, detail=exc.strerror or type(exc).__name__
            ) from exc
        if magic != _MAGIC:
            raise Permanent(self.name, "local_no_model", file=self.path.name)
        if importlib.util.find_spec("xllamacpp") is None:
            raise Permanent(self.name, "local_extra")


class LocalWriter(ChatWriter):
    """The same client; only its address is found out when it is needed."""

    def __init__(self, server: LocalServer, *, deadline: float, model: str = "") -> None:
        super().__init__(base_url="", api_key="", model=model or server.name, deadline=deadline)
        self.server = server

    def warm(self) -> None:
        """Begins to load the model. What is wrong with it is said where a person asks for a draft."""
        with contextlib.suppress(ExternalError):
            self.server.start()
            super().warm()

    def close(self) -> None:
        super().close()
        self.server.close()

    def _address(self, seconds: float) -> tuple[str, str]:
        return self.server.address(seconds)


class _Child:
    """One life of the child. `settled` is set when it serves or is over; `url` says which."""

    def __init__(self, module: str, order: dict[str, object]) -> None:
        self.key = secrets.token_urlsafe(24)
        self.url: str | None = None
        self.settled = threading.Event()
        self._ending = False
        self._log: deque[str] = deque(maxlen=40)
        self.process = subprocess.Popen(  # noqa: S603 - our own module, without arguments
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=_environment(),
            # A Ctrl-C at the terminal is for the server, which ends this one when its drafts are done.
            start_new_session=True,
        )
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps({**order, "key": self.key}) + "\n")
            self.process.stdin.flush()
        self._reader = threading.Thread(target=self._read_log, name="model-log", daemon=True)
        self._reader.start()
        self._watch = threading.Thread(target=self._attend, name="model", daemon=True)
        self._watch.start()

    @property
    def is_over(self) -> bool:
        return self.settled.is_set() and (self.url is None or self.process.poll() is not None)

    @property
    def why(self) -> str:
        """The library's own reason for not loading the file, if it gave one."""
        reasons = [found[1] or found[2] for line in self._log if (found := _WHY.search(line))]
        return reasons[-1][:_WHY_AT_MOST] if reasons else "–"

    def end(self) -> None:
        self._ending = True
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._watch.join(_GRACE_SECONDS)

    def _attend(self) -> None:
        """Waits for its one line, and then for its end."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:
            self.url = json.loads(line)["url"]
            self.settled.set()
        self.process.wait()
        self._reader.join(_GRACE_SECONDS)
        if not self._ending:
            log.warning("local_model.ended", code=self.process.returncode, log=list(self._log)[-5:])
        self.settled.set()
        self.process.stdout.close()

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            self._log.extend(line.rstrip() for line in lines)


def _environment() -> dict[str, str]:
    """Neither keys nor settings: what finds libraries and graphics cards, and nothing else."""
    kept = {
        name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith(_FAMILIES)
    }
    # Over an abort the library would call a debugger, if there is one.
    return {**kept, "GGML_NO_BACKTRACE": "1"}
