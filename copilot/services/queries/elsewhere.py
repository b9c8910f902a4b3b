"""Where the library still gives the old value of a fact that has changed: until it is revised, drafts find both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.facts.rows import entries
from copilot.domain.grounding.evidence import passage_sentences
from copilot.domain.materials import CITABLE, MaterialStatus
from copilot.services import contesting, loading, values

_NUMBER = re.compile(r"[0-9]+")
_MOST = 8
_READ = 60
"""Passages that are read closely for one change, at some milliseconds each."""


@dataclass(frozen=True)
class Elsewhere:
    """A sentence of a material in use; `value` is how it writes the old value."""

    material: int
    title: str
    passage: int
    locator: Mapping[str, Any]
    quote: str
    value: str


def still_said(session: Session, change: models.FactChange, *, now: datetime) -> tuple[Elsewhere, ...]:
    """The places that a person has to look at, by material; only where the copy rules are sure of what is meant.

    A value without a digit is not looked for.
    """
    if not change.after:
        return ()
    brand = values.brand(loading.one(session, models.Brand, change.brand_id))
    found: list[Elsewhere] = []
    for passage, material, above in islice(_candidates(session, change, brand.products, now), _READ):
        patches = contesting.gives_old(above + passage.text, change, brand).patches
        patch = next((patch for patch in patches if patch.start >= len(above)), None)
        if patch is not None:
            at = patch.start - len(above)
            start, end = _around(passage, at)
            found.append(
                Elsewhere(
                    material=material.id,
                    title=material.title,
                    passage=passage.id,
                    locator=passage.locator,
                    quote=passage.text[start:end].strip(),
                    value=patch.text,
                )
            )
        if len(found) == _MOST:
            break
    return tuple(found)


def _around(passage: models.Passage, at: int) -> tuple[int, int]:
    """The entry of a row, or the sentence, that somebody has to put right."""
    of_row = [(start, high) for start, _, high in entries(passage.text, passage.fields).values()]
    spans = (*of_row, *passage_sentences(passage.text), (0, len(passage.text)))
    return next(span for span in spans if span[0] <= at < span[1])


def _candidates(
    session: Session, change: models.FactChange, products: Sequence[str], now: datetime
) -> Iterator[tuple[models.Passage, models.Material, str]]:
    """What may be written from and has the very number and the product; with the lines that stand above it."""
    numbers = [re.compile(rf"(?<![0-9]){number}(?![0-9])") for number in _NUMBER.findall(change.before)]
    if not numbers:
        return
    subject = change.fact.subject.lower()
    meant = [product.lower() for product in products if product.lower() in subject]
    rows = session.execute(
        select(models.Passage, models.Material)
        .join(models.Material, models.Material.current_id == models.Passage.revision_id)
        .where(
            models.Material.brand_id == change.brand_id,
            models.Material.status == MaterialStatus.ACTIVE,
            models.Material.kind.in_(CITABLE),
            or_(models.Passage.valid_until.is_(None), models.Passage.valid_until > now),
            *(models.Passage.text.contains(number) for number in _NUMBER.findall(change.before)),
        )
        .order_by(models.Material.title, models.Passage.ordinal)
    )
    for passage, material in rows:
        # What a sentence is about may stand in a title alone.
        above = "".join(f"{line}\n" for line in (material.title, *passage.heading))
        text = above + passage.text
        if all(number.search(text) for number in numbers) and (
            not meant or any(product in text.lower() for product in meant)
        ):
            yield passage, material, above
