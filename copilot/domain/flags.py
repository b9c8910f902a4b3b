"""Flags: why a post can no longer be sent as it was approved, and how that was settled."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """What became of the material that a post cites."""

    CHANGED = "changed"
    EXPIRED = "expired"
    RETIRED = "retired"
    DELETED = "deleted"


class Resolution(StrEnum):
    """`edited` by any newer text, `patched` by the proposed one, `kept` because a person says it is still right."""

    EDITED = "edited"
    PATCHED = "patched"
    KEPT = "kept"
