"""The lock of a data folder: whoever holds it is the one process that may open the embedded index."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any

from copilot.errors import Conflict


class Ownership:
    """An advisory lock that the system drops when its process dies, so that a crash leaves nothing to clean."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "owner.lock"
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self, role: str) -> None:
        """Becomes the owner; Conflict('error.owned') names the process that is."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(file)
            file.close()
            raise Conflict("error.owned", **owner) from None
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "role": role}, file)
        file.flush()
        self._file = file

    def try_take(self, role: str) -> bool:
        try:
            self.take(role)
        except Conflict:
            return False
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _owner(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        found = json.loads(file.read())
    except ValueError:
        return {"pid": "?", "role": "?"}
    return {"pid": found.get("pid", "?"), "role": found.get("role", "?")}
