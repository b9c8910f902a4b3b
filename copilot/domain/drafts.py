"""What a draft is written from, and what comes back: the values between drafting and whoever writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from copilot.domain.brands import Brand, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.materials import Source


@dataclass(frozen=True)
class Brief:
    """Everything a writer may know. `starts_at` is the slot's time in the brand's own zone.

    `recent` are texts that the same people got lately, newest first: not to be repeated.
    `background` are competitor notes: they say which of the sources' points to stress, and nothing of them is told.
    `seed` varies offline copy and is stable for a slot and attempt.
    """

    brand: Brand
    voice: Voice
    column: Column
    channel: Channel
    starts_at: datetime
    sources: tuple[Source, ...]
    recent: tuple[str, ...] = ()
    instruction: str = ""
    seed: int = 0
    background: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """A brief together with the prompt rendered from it; a writer without a model reads only the brief."""

    brief: Brief
    system: str
    prompt: str
    max_tokens: int = 700


@dataclass(frozen=True)
class Delta:
    """A piece of copy as it comes, with `[n]` passage markers still in it (n is 1-based in `brief.sources`)."""

    text: str


@dataclass(frozen=True)
class Finished:
    """The writer's own word that it is done; a stream that ends without it was cut."""

    reason: str
    usage: Mapping[str, Any] = field(default_factory=dict)


WriterEvent = Delta | Finished
