"""Errors and messages that cross from one process to another, written down as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from copilot.domain.messages import Message, storable
from copilot.errors import CopilotError, ExternalError


class ReportedError(CopilotError):
    """A failure that another process met and wrote down; `external` tells whose fault it was."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error)
        self.message_id = str(error["id"])
        self.external = bool(error.get("external"))
        self._params = dict(error.get("params", {}))

    @property
    def params(self) -> Mapping[str, Any]:
        return self._params


def reported(exc: CopilotError) -> dict[str, Any]:
    """An error as plain JSON, to be raised again as ReportedError wherever it is read."""
    return {"id": exc.message_id, "params": dict(exc.params), "external": isinstance(exc, ExternalError)}


def message_json(message: Message | None) -> dict[str, Any] | None:
    """A message stays an id with its params until a command or page words it."""
    return storable(message) if message is not None else None
