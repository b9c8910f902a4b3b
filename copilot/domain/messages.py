"""A sentence as an identity with parameters, so that the same decision reads well in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """`id` is worded by `copilot/wording.py` in the reader's language; `params` are plain JSON values."""

    id: str
    params: Mapping[str, Any] = field(default_factory=dict)


def storable(message: Message) -> dict[str, Any]:
    """A message as plain JSON, for a row or a job's report; `stored_message` reads it again."""
    return {"id": message.id, "params": dict(message.params)}


def stored_message(stored: Mapping[str, Any] | None) -> Message | None:
    """A message from the plain JSON that it was kept as; None where none was kept."""
    return Message(stored["id"], stored["params"]) if stored else None
