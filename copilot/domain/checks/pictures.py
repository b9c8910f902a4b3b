"""Pictures of a post: how many the channel takes, and whether each may be shown and says what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.domain.channels import Limits
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message


@dataclass(frozen=True)
class Shown:
    """A picture in its place in a post; not `usable` once the brand has retired it."""

    name: str
    alt: str
    usable: bool = True


def pictures(shown: Sequence[Shown], channel: Limits) -> tuple[Finding, ...]:
    """More than the platform takes, or a retired one, blocks; a picture that nobody described warns."""
    return tuple(_find(shown, channel.max_pictures))


def _find(shown: Sequence[Shown], most: int | None) -> Iterator[Finding]:
    actual = len(shown)
    if most is not None and actual > most:
        rule = "too_many" if most else "none_taken"
        yield _finding(rule, Severity.BLOCK, {"most": most, "actual": actual, "over": actual - most})
    for place, picture in enumerate(shown, start=1):
        about = {"place": place, "name": picture.name}
        if not picture.usable:
            yield _finding("retired", Severity.BLOCK, about)
        elif not picture.alt:
            yield _finding("no_alt", Severity.WARN, about)


def _finding(rule: str, severity: Severity, params: Mapping[str, Any]) -> Finding:
    """About the post as a whole: the words of the copy are not at fault."""
    return Finding(
        Check.PICTURES, rule, severity, 0, 0, "", Message(f"finding.pictures.{rule}", dict(params))
    )
