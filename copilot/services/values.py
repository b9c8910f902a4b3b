"""Rows to values and back: where the database's nouns become what the domain decides on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from copilot import models
from copilot.domain.brands import BannedTerm, Brand, Language, PreferredTerm, Scales, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.materials import Kind, Source, Window
from copilot.errors import InvalidInput


def brand(row: models.Brand) -> Brand:
    return Brand(
        id=row.id,
        slug=row.slug,
        name=row.name,
        zone=row.zone,
        language=Language(row.language),
        members_called=row.members_called,
        products=tuple(row.products),
    )


def voice(profile: Mapping[str, Any]) -> Voice:
    """Reads a profile as `voice.yaml` has it; InvalidInput names the key that does not fit."""
    known = dict(profile)
    try:
        preferred = tuple(
            PreferredTerm(entry["use"], tuple(entry["instead_of"]), entry.get("reason", ""))
            for entry in known.pop("preferred", ())
        )
        banned = tuple(
            BannedTerm(entry["term"], entry.get("reason", ""), entry.get("instead"))
            for entry in known.pop("banned", ())
        )
        scales = Scales(**known.pop("scales", {}))
        lists = {key: tuple(value) for key, value in known.items() if isinstance(value, list)}
        return Voice(**{**known, **lists, "scales": scales, "preferred": preferred, "banned": banned})
    except (KeyError, TypeError) as exc:
        raise InvalidInput({"voice": "invalid.profile"}, detail=str(exc)) from exc


def column(identity: int, profile: Mapping[str, Any]) -> Column:
    """Reads a column as `columns.yaml` has it; InvalidInput names what does not fit."""
    known = dict(profile)
    try:
        cadence = known.pop("cadence")
        hour, minute = str(known.pop("time")).split(":")
        low, high = known.pop("length")
        return Column(
            id=identity,
            slug=known.pop("slug"),
            name=known.pop("name"),
            module=Module(known.pop("module")),
            value=Value(known.pop("value")),
            form=Form(known.pop("form")),
            cadence=Cadence(Every(cadence["every"]), tuple(cadence.get("weekdays", ()))),
            time=time(int(hour), int(minute)),
            channel=Channel(known.pop("channel")),
            purpose=known.pop("purpose"),
            kinds=tuple(Kind(kind) for kind in known.pop("kinds")),
            length=(int(low), int(high)),
            call_to_action=known.pop("call_to_action"),
            structure=tuple(known.pop("structure", ())),
            destinations=tuple(known.pop("destinations", ())),
            owner=known.pop("owner", ""),
            kpi=known.pop("kpi", ""),
            tolerance=timedelta(minutes=int(known.pop("tolerance_minutes", 120))),
            extra=known,
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise InvalidInput({"column": "invalid.profile"}, detail=str(exc)) from exc


def source(row: models.Passage, *, score: float = 0.0) -> Source:
    """A passage with its revision and material loaded, as evidence."""
    material = row.revision.material
    return Source(
        passage=row.id,
        text=row.text,
        kind=Kind(row.kind),
        title=material.title,
        context=" › ".join([material.title, *row.heading]),
        window=Window(row.valid_from, row.valid_until),
        fields=dict(row.fields),
        attribution=material.attribution,
        score=score,
    )
