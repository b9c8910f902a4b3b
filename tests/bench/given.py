"""An embedder that computes nothing: its vectors are noisy copies of real ones, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from copilot.adapters.embeddings.bundled import BundledEmbedder

Vectors = NDArray[np.float32]
# With it a copy's cosine to what it was made from is about .93, as between passages of one subject.
_NOISE = 0.4


class GivenEmbedder:
    """Stands in for the bundled one under its name, for libraries too large to embed while one waits."""

    name = BundledEmbedder.name

    def __init__(self, real: Vectors) -> None:
        self._real = real
        self._owners: dict[str, int] = {}
        # As in the product, where a question that was asked before is not embedded again.
        self._asked = lru_cache(maxsize=512)(self._vector)

    def know(self, text: str, owner: int) -> None:
        """From now on this text's vector is a copy of the real vector with this number."""
        self._owners[text] = owner

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._asked(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        noise = np.random.default_rng(seed).standard_normal(self._real.shape[1], dtype=np.float32)
        owner = self._real[self._owners.get(text, seed % len(self._real))]
        vector = owner + noise * np.float32(_NOISE / np.sqrt(self._real.shape[1]))
        return [float(x) for x in vector / np.linalg.norm(vector)]
