"""Reads the templates of columns, once; a fault in the file is a fault of ours and stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from functools import cache
from importlib import resources
from typing import Any

from copilot import plainyaml
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Form, Module, Value
from copilot.domain.columntemplates import ColumnTemplate, Shelf, Wording
from copilot.domain.materials import Kind
from copilot.errors import NotFound
from copilot.services import values


@cache
def all_templates() -> tuple[ColumnTemplate, ...]:
    """In the order of the file: the day first, hour by hour."""
    text = (resources.files(__name__) / "templates.yaml").read_text(encoding="utf-8")
    return tuple(_template(entry) for entry in plainyaml.read(text))


def template(slug: str) -> ColumnTemplate:
    """NotFound for a slug that is none."""
    found = next((one for one in all_templates() if one.slug == slug), None)
    if found is None:
        raise NotFound("template", slug)
    return found


def _template(entry: Mapping[str, Any]) -> ColumnTemplate:
    every = values.cadence(entry["cadence"])
    return ColumnTemplate(
        slug=entry["slug"],
        shelf=Shelf(entry["shelf"]),
        module=Module(entry["module"]),
        value=Value(entry["value"]),
        form=Form(entry["form"]),
        cadence=every,
        times=tuple(time.fromisoformat(at) for at in entry["times"]),
        kinds=tuple(Kind(kind) for kind in entry["kinds"]),
        length={language: _pair(entry["length"][language]) for language in Language},
        channels={
            language: tuple(Channel(one) for one in entry["channels"][language]) for language in Language
        },
        words={language: _words(entry[language]) for language in Language},
        alone=entry.get("alone", False),
        tolerance=timedelta(minutes=entry.get("tolerance_minutes", values.tolerance_minutes(every))),
    )


def _words(entry: Mapping[str, Any]) -> Wording:
    return Wording(**{**entry, "structure": tuple(entry["structure"])})


def _pair(length: list[int]) -> tuple[int, int]:
    least, most = length
    return least, most
