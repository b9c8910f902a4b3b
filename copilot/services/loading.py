"""Fetches one row or says which one there is not; a brand's rows are never found from another brand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Brand, Voice
from copilot.domain.columns import Column, Every
from copilot.domain.materials import Kind, MaterialStatus
from copilot.domain.rulebook import RuleBook
from copilot.errors import NotFound
from copilot.services import values

Row = TypeVar("Row", bound=models.Base)


def one(session: Session, kind: type[Row], identity: int, *, brand: int | None = None) -> Row:
    """The row with this id; with `brand` given, a row of another brand is as absent as one that never was."""
    row = session.get(kind, identity)
    if row is None or (brand is not None and getattr(row, "brand_id", brand) != brand):
        raise NotFound(kind.__tablename__, identity)
    return row


def brand_by_slug(session: Session, slug: str) -> models.Brand:
    row = session.scalar(select(models.Brand).where(models.Brand.slug == slug))
    if row is None:
        raise NotFound("brand", slug)
    return row


def brand_and_voice(session: Session, brand: int) -> tuple[Brand, Voice]:
    """The brand, and its newest voice with every name that copy must not say among its competitors."""
    row = one(session, models.Brand, brand)
    newest = session.scalar(
        select(models.Voice)
        .where(models.Voice.brand_id == brand)
        .order_by(models.Voice.version.desc())
        .limit(1)
    )
    if newest is None:
        raise NotFound("voice", row.slug)
    voice = values.voice(newest.profile)
    names = dict.fromkeys([*voice.competitors, *_names_in_notes(session, brand)])
    home = replace(values.brand(row), rules=rule_book(session, brand))
    return home, replace(voice, competitors=tuple(names))


def rule_book(session: Session, brand: int) -> RuleBook:
    """The rules in force; a brand that never changed any keeps to the packs of its language."""
    kept = session.scalar(
        select(models.RuleBook.rules)
        .where(models.RuleBook.brand_id == brand)
        .order_by(models.RuleBook.version.desc())
        .limit(1)
    )
    return values.rule_book(kept) if kept is not None else RuleBook()


def _names_in_notes(session: Session, brand: int) -> list[str]:
    """The names that the brand's competitor notes are about, in a fixed order, so that a voice stays equal to itself."""
    listed = session.scalars(
        select(models.Material.names)
        .where(
            models.Material.brand_id == brand,
            models.Material.kind == Kind.COMPETITOR_NOTE,
            models.Material.status == MaterialStatus.ACTIVE,
        )
        .order_by(models.Material.id)
    )
    return [name for names in listed for name in names]


def column(row: models.Column) -> Column:
    return values.column(row.id, row.profile)


def open_since(since: datetime) -> ColumnElement[bool]:
    """Slots after this instant, and those of columns that answer an event, whose copy holds beyond its hour."""
    every = models.Column.profile["cadence"]["every"].as_string()
    return or_(models.Slot.starts_at > since, models.Slot.column.has(every == Every.JOIN))


def active_columns(session: Session, brand: int) -> list[models.Column]:
    sop = session.scalar(
        select(models.Sop)
        .where(models.Sop.brand_id == brand, models.Sop.active.is_(True))
        .order_by(models.Sop.version.desc())
        .limit(1)
    )
    return list(sop.columns) if sop is not None else []
