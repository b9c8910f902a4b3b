"""The child process that holds a local model: llama.cpp's own server on loopback, for its parent alone.

One line of JSON comes in, one goes out when the model is loaded; it ends when its parent does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any


def main() -> None:
    order = json.loads(sys.stdin.readline())
    # What the library prints belongs to the log; the answer has a line of its own.
    answer = os.dup(1)
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    server = _serve(order)
    os.write(answer, json.dumps({"url": server.listening_address}).encode() + b"\n")
    threading.Event().wait()


def _end_with_parent() -> None:
    """The pipe closes however the parent ends, by a signal too."""
    sys.stdin.read()
    os._exit(0)


def _serve(order: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["path"]
    params.n_ctx = order["context"] * order["parallel"]
    params.n_parallel = order["parallel"]
    threads = order["threads"] or _half_the_cores()
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    # Others on this machine can reach the port too.
    params.api_keys = [order["key"]]
    params.offline = True
    # Prompts of its last drafts stay where they are used again; a second store of them may take gigabytes.
    params.cache_ram_mib = 0
    params.fit_params = False
    return xllamacpp.Server(params)


def _half_the_cores() -> int:
    """The rest serve pages: the engine's threads wait for each other by spinning, so that a core they share stalls all."""
    return max(1, (os.cpu_count() or 2) // 2)


if __name__ == "__main__":
    main()
