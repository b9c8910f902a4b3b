"""Templates of columns: what a community's day is commonly made of, in a brand's own language and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Form, Module, Value
from copilot.domain.materials import Kind


class Shelf(StrEnum):
    """Where a template lies: `day` holds the five of the seed's day, which are a beginning together."""

    DAY = "day"
    FIXED = "fixed"
    JOIN = "join"
    MORE = "more"


@dataclass(frozen=True)
class Wording:
    """What a template says in one language; `why` is for whoever chooses, the rest becomes the column's."""

    name: str
    purpose: str
    structure: tuple[str, ...]
    call_to_action: str
    kpi: str
    why: str


@dataclass(frozen=True)
class ColumnTemplate:
    """Of several `times` a person says which is meant; `channels` are those that fit, the best first."""

    slug: str
    shelf: Shelf
    module: Module
    value: Value
    form: Form
    cadence: Cadence
    times: tuple[time, ...]
    kinds: tuple[Kind, ...]
    length: Mapping[Language, tuple[int, int]]
    channels: Mapping[Language, tuple[Channel, ...]]
    words: Mapping[Language, Wording]
    alone: bool = False
    tolerance: timedelta = timedelta(hours=2)

    @property
    def asks_time(self) -> bool:
        return len(self.times) > 1


def column_of(
    template: ColumnTemplate,
    language: Language,
    destinations: Iterable[tuple[str, Channel]],
    at: time | None = None,
) -> Column:
    """The column that a template becomes for a brand with these destinations (slug, channel).

    It goes to all of them that are of the first channel that fits and the brand has; where there is none,
    to the best channel without any, for a person to add one.
    """
    fitting, reached = template.channels[language], list(destinations)
    had = {channel for _, channel in reached}
    channel = next((one for one in fitting if one in had), fitting[0])
    words = template.words[language]
    return Column(
        id=0,
        slug=template.slug,
        name=words.name,
        module=template.module,
        value=template.value,
        form=template.form,
        cadence=template.cadence,
        time=at or template.times[0],
        channel=channel,
        purpose=words.purpose,
        kinds=template.kinds,
        length=template.length[language],
        call_to_action=words.call_to_action,
        structure=words.structure,
        destinations=tuple(slug for slug, of in reached if of is channel),
        kpi=words.kpi,
        tolerance=template.tolerance,
        alone=template.alone,
    )
