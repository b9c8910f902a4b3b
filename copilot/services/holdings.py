"""What the library holds under a path, and which of its terms a person gave: what an upload is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import MaterialStatus, Window
from copilot.services.terms import ByHand, Terms, Upload, days_as_window, standing_terms, window_as_days


@dataclass(frozen=True)
class Held:
    """A material as it stands. `by_hand` are the terms that a person settled, as `terms_of_file` takes them."""

    material: int
    current: int
    status: MaterialStatus
    terms: Terms
    by_hand: Mapping[str, ByHand]
    digest: str
    warning: str
    passages: int
    characters: int

    def same_as(self, upload: Upload, digest: str, zone: str) -> bool:
        """Whether taking this upload in would change nothing."""
        if (self.digest, self.terms.kind) != (digest, upload.kind):
            return False
        if self.status not in (MaterialStatus.ACTIVE, MaterialStatus.DRAFT):
            return False
        if upload.title or upload.attribution or upload.consent or upload.hold:
            return False
        window = self.terms.window
        if any(
            {
                "valid_from": window.start,
                "valid_until": window.end,
                "attribution": self.terms.attribution,
                "consent": self.terms.consent,
            }[key]
            for key in upload.cleared
        ):
            return False
        given = days_as_window((upload.valid_from, upload.valid_until), zone)
        return given.start in (None, window.start) and given.end in (None, window.end)


def held_under(session: Session, brand: int, paths: Collection[str], zone: str) -> dict[str, Held]:
    """By path, deleted ones too; in three queries however many there are."""
    wanted = set(paths)
    counted = (
        select(models.Passage.revision_id, func.count().label("passages"))
        .where(models.Passage.brand_id == brand)
        .group_by(models.Passage.revision_id)
        .subquery()
    )
    rows = session.execute(
        select(models.Material, models.MaterialRevision, func.coalesce(counted.c.passages, 0))
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Material.current_id)
        .outerjoin(counted, counted.c.revision_id == models.Material.current_id)
        .where(models.Material.brand_id == brand)
    )
    by_hand = _by_hand(session, brand, zone)
    return {
        row.path: Held(
            material=row.id,
            current=current.id,
            status=MaterialStatus(row.status),
            terms=standing_terms(row, current),
            by_hand=by_hand.get(row.id, {}),
            digest=current.digest,
            warning=current.warning,
            passages=int(passages),
            characters=current.characters,
        )
        for row, current, passages in rows
        if row.path in wanted
    }


def by_path(session: Session, brand: int, path: str) -> models.Material | None:
    return session.scalar(
        select(models.Material).where(models.Material.brand_id == brand, models.Material.path == path)
    )


def _by_hand(session: Session, brand: int, zone: str) -> dict[int, dict[str, ByHand]]:
    """Of the materials that were ever settled, the terms that a person gave."""
    settled = (
        select(models.MaterialRevision.material_id)
        .join(models.Material, models.Material.id == models.MaterialRevision.material_id)
        .where(models.Material.brand_id == brand, models.MaterialRevision.cause == "settings")
    )
    rows = session.execute(
        select(
            models.MaterialRevision.material_id,
            models.MaterialRevision.cause,
            models.MaterialRevision.title,
            models.MaterialRevision.valid_from,
            models.MaterialRevision.valid_until,
        )
        .where(models.MaterialRevision.material_id.in_(settled))
        .order_by(models.MaterialRevision.material_id, models.MaterialRevision.number)
    )
    histories: dict[int, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for material, cause, title, start, end in rows:
        first, last = window_as_days(Window(start, end), zone)
        terms = {
            "title": title,
            "valid_from": first.isoformat() if first is not None else "",
            "valid_until": last.isoformat() if last is not None else "",
        }
        histories[material].append((cause, terms))
    return {material: _given(history) for material, history in histories.items()}


def _given(history: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, ByHand]:
    """What a person settled and no file has said otherwise since."""
    given: dict[str, ByHand] = {}
    before: Mapping[str, str] = {}
    for cause, terms in history:
        for key, value in terms.items():
            if cause == "settings" and value != before.get(key):
                given[key] = ByHand(value, given[key].instead_of if key in given else before.get(key, ""))
            elif key in given and given[key].value != value:
                del given[key]
        before = terms
    return given
