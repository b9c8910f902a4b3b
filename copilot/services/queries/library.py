"""The library's questions: the shelf, one material, two of its revisions, and who uses what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, exists, select

from copilot import models, rulepacks
from copilot.domain.checks.rivals import LONGEST_NAME, NameFault, faulty_name
from copilot.domain.delivery import DeliveryState
from copilot.domain.materials import Kind
from copilot.domain.posts import UNSENT, PostState
from copilot.errors import InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading, values
from copilot.services.queries import materials
from copilot.services.queries.materials import Comparison, MaterialView, OriginalFile, Use
from copilot.services.queries.shelf import Health, MaterialRow, Shelf, Wish, arrange, by_kind, read_rows


class LibraryQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def materials(self, *, brand: int) -> list[MaterialRow]:
        """All materials that are not deleted, by kind and title; retired ones last."""
        rows = [row for row in self._rows(brand) if row.health is not Health.DELETED]
        return sorted(rows, key=lambda row: (row.health is Health.RETIRED, *by_kind(row)))

    def shelf(self, wish: Wish, *, brand: int, start: int = 0) -> Shelf:
        """The page of the wished rows that begins with number `start`, counted from 0."""
        return arrange(self._rows(brand), wish, start)

    def chosen(self, wish: Wish, kinds: Sequence[Kind], *, brand: int) -> list[int]:
        """The ids of all wished materials of these kinds, whatever page they are on."""
        return [row.id for row in self._rows(brand) if row.kind in kinds and wish.includes(row)]

    def some(self, ids: Sequence[int], *, brand: int) -> list[MaterialRow]:
        """The materials with these ids that the brand has, by kind and title."""
        wanted = set(ids)
        return sorted((row for row in self._rows(brand) if row.id in wanted), key=by_kind)

    def unsent(self, ids: Sequence[int], *, brand: int) -> int:
        """How many posts that have not gone out cite any revision of these materials."""
        return self._citing(ids, brand, models.Post.state.in_(UNSENT))

    def suspended(self, ids: Sequence[int], *, brand: int) -> int:
        """How many posts that cite these materials had an approval and wait for somebody to look."""
        return self._citing(ids, brand, models.Post.state == PostState.SUSPENDED)

    def unscheduled(self, ids: Sequence[int], *, brand: int) -> int:
        """How many approved posts that cite these materials were taken off the schedule, and nobody put them back."""
        held = exists().where(
            models.Delivery.revision_id == models.Post.head_id, models.Delivery.state == DeliveryState.HELD
        )
        ahead = models.Post.slot.has(models.Slot.starts_at > self._clock())
        return self._citing(ids, brand, models.Post.state == PostState.APPROVED, held, ahead)

    def check_names(self, names: Sequence[str], *, brand: int) -> None:
        """InvalidInput for a name that copy could never do without."""
        with self._db.read() as session:
            home = values.brand(loading.one(session, models.Brand, brand))
        faulty = faulty_name(names, home, rulepacks.chinese())
        if faulty is None:
            return
        if faulty.fault is NameFault.SHORT:
            raise InvalidInput({"names": "invalid.name_short"}, value=faulty.name)
        if faulty.fault is NameFault.LONG:
            raise InvalidInput({"names": "invalid.name_long"}, value=faulty.name[:20], most=LONGEST_NAME)
        if faulty.fault is NameFault.OWN:
            raise InvalidInput({"names": "invalid.name_own"}, value=faulty.name)
        raise InvalidInput({"names": "invalid.name_within"}, value=faulty.name, own=faulty.own)

    def _citing(self, ids: Sequence[int], brand: int, *wanted: ColumnElement[bool]) -> int:
        posts: set[int] = set()
        with self._db.read() as session:
            for first in range(0, len(ids), 500):
                posts |= set(
                    session.scalars(
                        select(models.Post.id)
                        .join(models.Claim, models.Claim.revision_id == models.Post.head_id)
                        .join(models.Passage, models.Passage.id == models.Claim.passage_id)
                        .join(
                            models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id
                        )
                        .where(
                            models.Post.brand_id == brand,
                            models.MaterialRevision.material_id.in_(ids[first : first + 500]),
                            *wanted,
                        )
                    )
                )
        return len(posts)

    def material(self, material: int, *, brand: int) -> MaterialView:
        now = self._clock()
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            row = loading.one(session, models.Material, material, brand=brand)
            return materials.view(session, home, row, read_rows(session, home, now, row.id)[0], now)

    def comparison(self, material: int, older: int, newer: int, *, brand: int) -> Comparison:
        """Two revisions of a material, by their numbers; NotFound for one there is not."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            row = loading.one(session, models.Material, material, brand=brand)
            return materials.comparison(session, row, older, newer, home.zone)

    def file(self, material: int, number: int, *, brand: int) -> OriginalFile:
        """The file that a revision was read from."""
        with self._db.read() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            return materials.original(session, row, number)

    def uses(self, passages: Sequence[int], *, brand: int) -> Mapping[int, tuple[Use, ...]]:
        """By passage, the posts whose newest text cites these words of its material, newest first."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            return materials.uses(session, home, passages)

    def _rows(self, brand: int) -> list[MaterialRow]:
        with self._db.read() as session:
            return read_rows(session, loading.one(session, models.Brand, brand), self._clock())
