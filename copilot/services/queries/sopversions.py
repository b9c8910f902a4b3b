"""The versions of an SOP as rows: what each changed, what is no longer there, and how any two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from copilot import models
from copilot.domain.columns import Column
from copilot.domain.comparing import Change, compare
from copilot.errors import NotFound
from copilot.services import values
from copilot.services.queries.rows import local

_TEXTS = ("name", "purpose", "call_to_action", "owner", "kpi")
_FIELDS = (
    "name", "cadence", "time", "module", "value", "form", "channel", "destinations", "purpose", "kinds",
    "length", "structure", "call_to_action", "owner", "kpi", "tolerance", "alone",
)  # fmt: skip


@dataclass(frozen=True)
class VersionRow:
    """A version of the SOP, and the names of the columns by what became of them in it."""

    number: int
    at: datetime
    author: str
    note: str
    columns: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class RemovedRow:
    """A column that is no longer there, and the last version that had it."""

    slug: str
    name: str
    module: str
    version: int


@dataclass(frozen=True)
class FieldChange:
    """`changes` are the words of a text; for what is no text it is empty."""

    field: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What became of a column between two versions; `before` is None for an added one, `after` for a removed one."""

    before: Column | None
    after: Column | None
    fields: tuple[FieldChange, ...]

    @property
    def column(self) -> Column:
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Comparison:
    older: VersionRow
    newer: VersionRow
    differences: tuple[Difference, ...]
    is_moved: bool


def sops_of(session: Session, brand: int) -> list[models.Sop]:
    """Oldest first, each with its columns."""
    return list(
        session.scalars(
            select(models.Sop)
            .where(models.Sop.brand_id == brand)
            .order_by(models.Sop.version)
            .options(selectinload(models.Sop.columns))
        )
    )


def author_of(session: Session, sop: models.Sop) -> str:
    author = session.get(models.User, sop.author_id) if sop.author_id is not None else None
    return author.name if author is not None else ""


def compared(session: Session, brand: int, older: int, newer: int, zone: str) -> Comparison:
    """NotFound for a version that there is not."""
    sops = {sop.version: sop for sop in sops_of(session, brand)}
    for number in (older, newer):
        if number not in sops:
            raise NotFound("sop", number)
    told = {row.number: row for row in versions_of(session, list(sops.values()), zone)}
    before, after = _columns(sops[older]), _columns(sops[newer])
    differences = (
        _difference(before.get(slug), after.get(slug)) for slug in dict.fromkeys([*after, *before])
    )
    return Comparison(
        older=told[older],
        newer=told[newer],
        differences=tuple(one for one in differences if one is not None),
        is_moved=[slug for slug in after if slug in before] != [slug for slug in before if slug in after],
    )


def _columns(sop: models.Sop) -> dict[str, Column]:
    return {row.slug: values.column(0, row.profile) for row in sop.columns}


def versions_of(session: Session, sops: Sequence[models.Sop], zone: str) -> list[VersionRow]:
    """As they are given, which is oldest first."""
    told = []
    before: Mapping[str, models.Column] = {}
    for sop in sops:
        after = {row.slug: row for row in sop.columns}
        told.append(
            VersionRow(
                number=sop.version,
                at=local(sop.created_at, zone),
                author=author_of(session, sop),
                note=sop.note,
                columns=len(after),
                added=tuple(row.name for slug, row in after.items() if slug not in before),
                changed=tuple(
                    row.name
                    for slug, row in after.items()
                    if slug in before and row.profile != before[slug].profile
                ),
                removed=tuple(row.name for slug, row in before.items() if slug not in after),
            )
        )
        before = after
    return told


def removed_of(sops: Sequence[models.Sop]) -> tuple[RemovedRow, ...]:
    """What older versions had and the newest has not, the last taken out first."""
    last = {
        row.slug: RemovedRow(row.slug, row.name, row.module, sop.version)
        for sop in sops
        for row in sop.columns
    }
    there = {row.slug for row in sops[-1].columns} if sops else set()
    gone = [row for slug, row in last.items() if slug not in there]
    return tuple(sorted(gone, key=lambda row: -row.version))


def _difference(before: Column | None, after: Column | None) -> Difference | None:
    """None where both are the same."""
    if before is None or after is None:
        return Difference(before, after, ())
    changed = [key for key in _FIELDS if _comparable(before, key) != _comparable(after, key)]
    if not changed:
        return None
    return Difference(
        before,
        after,
        tuple(
            FieldChange(key, compare(getattr(before, key), getattr(after, key)) if key in _TEXTS else ())
            for key in changed
        ),
    )


def _comparable(column: Column, key: str) -> object:
    """In which order kinds and destinations are listed means nothing."""
    value = getattr(column, key)
    return frozenset(value) if key in ("kinds", "destinations") else value
