"""How work grows with its text, compared within one run: no bound in seconds holds on every machine."""

from __future__ import annotations

import time
from collections.abc import Callable


def is_linear(work: Callable[[str], object], piece: str) -> bool:
    """Whether four times the text takes about four times the processor's time; what is quadratic takes sixteen."""
    work(piece * (1_000 // len(piece)))
    short, long = (_seconds(work, piece * (size // len(piece))) for size in (5_000, 20_000))
    return long < 10 * short + 0.1


def _seconds(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started
