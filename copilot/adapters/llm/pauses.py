"""How long to wait before a service is asked again: longer each time, never longer than anyone has patience for."""

from __future__ import annotations

TRIES = 3
"""So often a call is made in all."""

_FIRST = 0.5
_FACTOR = 3.0
_SPREAD = 0.5


def pause(tries: int, wish: float | None, *, patience: float, left: float, chance: float) -> float | None:
    """Seconds to wait after this many tries; None means that another one is not worth it.

    `wish` is the service's own (Retry-After) and is never undercut. `chance`, from 0 to 1, spreads callers
    who were refused together, so that they do not come back together.
    """
    if tries >= TRIES:
        return None
    backoff = _FIRST * _FACTOR ** (tries - 1)
    wait = max(backoff * (1 + _SPREAD * chance), wish or 0.0)
    return wait if wait <= patience and wait < left else None
