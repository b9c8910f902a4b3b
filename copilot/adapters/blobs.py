"""Bytes in a folder by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class FolderBlobs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        target = self._place(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            # Written beside and moved: a reader never sees half a file, and a crash leaves none.
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
                file.write(data)
            os.replace(file.name, target)  # noqa: PTH105 - atomic on the same file system
        return digest

    def get(self, digest: str) -> bytes:
        return self._place(digest).read_bytes()

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
