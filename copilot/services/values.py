"""Rows to values and back: where the database's nouns become what the domain decides on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from copilot import models
from copilot.domain.brands import BannedTerm, Brand, Language, PreferredTerm, Scales, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.rulebook import RuleBook
from copilot.errors import InvalidInput

COLUMN_SLUG = re.compile(r"[^\s/\\?#%.]+")
"""A column's slug is a part of addresses; beyond that it may be in any script."""


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


def rule_book(kept: Mapping[str, Any]) -> RuleBook:
    """Reads a rule book as `rules.yaml` has it; InvalidInput for what is none."""
    try:
        return RuleBook.from_json(kept)
    except (KeyError, TypeError, ValueError) as exc:
        raise InvalidInput({"rules": "invalid.profile"}, detail=str(exc)) from exc


def cadence(profile: Mapping[str, Any]) -> Cadence:
    """Reads a cadence as `columns.yaml` has it; ValueError, TypeError or KeyError for what is none."""
    return Cadence(
        Every(profile["every"]),
        weekdays=tuple(int(day) for day in profile.get("weekdays", ())),
        month_days=tuple(int(day) for day in profile.get("days", ())),
        festivals=tuple(profile.get("festivals", ())),
        dates=tuple(date.fromisoformat(str(day)) for day in profile.get("dates", ())),
    )


def column(identity: int, profile: Mapping[str, Any]) -> Column:
    """Reads a column as `columns.yaml` has it; InvalidInput names what does not fit."""
    known = dict(profile)
    try:
        every = cadence(known.pop("cadence"))
        hour, minute = str(known.pop("time")).split(":")
        low, high = known.pop("length")
        return Column(
            id=identity,
            slug=known.pop("slug"),
            name=known.pop("name"),
            module=Module(known.pop("module")),
            value=Value(known.pop("value")),
            form=Form(known.pop("form")),
            cadence=every,
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
            tolerance=timedelta(minutes=int(known.pop("tolerance_minutes", tolerance_minutes(every)))),
            alone=bool(known.pop("alone", False)),
            extra=known,
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise InvalidInput({"column": "invalid.profile"}, detail=str(exc)) from exc


def column_profile(of: Column) -> dict[str, Any]:
    """The column as `columns.yaml` has it: `column` makes the same of it. What is as by default is left out."""
    every = of.cadence
    listed = {
        "weekdays": list(every.weekdays),
        "days": list(every.month_days),
        "festivals": list(every.festivals),
        "dates": [day.isoformat() for day in every.dates],
    }
    minutes = of.tolerance // timedelta(minutes=1)
    optional = {
        "owner": of.owner,
        "kpi": of.kpi,
        "tolerance_minutes": minutes if minutes != tolerance_minutes(every) else None,
        "alone": of.alone,
    }
    return {
        "slug": of.slug,
        "name": of.name,
        "module": str(of.module),
        "value": str(of.value),
        "form": str(of.form),
        "cadence": {"every": str(every.every), **{key: days for key, days in listed.items() if days}},
        "time": of.time.strftime("%H:%M"),
        "channel": str(of.channel),
        "destinations": list(of.destinations),
        "purpose": of.purpose,
        "kinds": [str(kind) for kind in of.kinds],
        "length": list(of.length),
        "structure": list(of.structure),
        "call_to_action": of.call_to_action,
        **{key: value for key, value in optional.items() if value},
        **of.extra,
    }


def tolerance_minutes(every: Cadence) -> int:
    """How late a post may go out where its column does not say: two hours, and a quarter of a year for what stands."""
    return 90 * 24 * 60 if every.every is Every.JOIN else 120


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
