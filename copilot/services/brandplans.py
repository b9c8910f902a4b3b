"""An import that was found to fit, as a value that a job can carry: its bytes lie among the blobs already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from copilot.domain.materials import Kind
from copilot.services.brandcontents import DecidedFact, KeptCopy, ListedPicture
from copilot.services.brandsettings import Settings


@dataclass(frozen=True)
class PlannedFile:
    """A material to take in; its bytes lie among the blobs already. `settled` is as in MaterialFile."""

    path: str
    kind: Kind
    digest: str
    settled: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedPicture:
    digest: str
    listed: ListedPicture


@dataclass(frozen=True)
class Plan:
    """An import that was found to fit. `retire` takes what is not among the materials out of the library."""

    slug: str
    settings: Settings | None
    materials: tuple[PlannedFile, ...]
    facts: tuple[DecidedFact, ...] = ()
    copy: tuple[KeptCopy, ...] = ()
    pictures: tuple[PlannedPicture, ...] = ()
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retire: bool = False


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as a job carries it."""
    return asdict(plan)


def plan_of(payload: Mapping[str, Any]) -> Plan:
    """The plan that `plan_json` took apart."""
    settings = payload["settings"]
    return Plan(
        slug=payload["slug"],
        settings=Settings(
            settings["brand"], settings["voice"], tuple(settings["columns"]), settings.get("rules")
        )
        if settings
        else None,
        materials=tuple(
            PlannedFile(one["path"], Kind(one["kind"]), one["digest"], one["settled"])
            for one in payload["materials"]
        ),
        facts=tuple(DecidedFact.of(one) for one in payload["facts"]),
        copy=tuple(KeptCopy.of(one) for one in payload["copy"]),
        pictures=tuple(
            PlannedPicture(one["digest"], ListedPicture.of(one["listed"])) for one in payload["pictures"]
        ),
        order={path: tuple(shown) for path, shown in payload["order"].items()},
        retire=payload["retire"],
    )
