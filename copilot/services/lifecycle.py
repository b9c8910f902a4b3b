"""A material's life after it was taken in: found or not, kept or gone, and the library matched to a folder."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import MaterialStatus
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock, Progress
from copilot.services import loading
from copilot.services.following import audit_material, follow
from copilot.services.indexing import Indexing, forget_vectors, put_in, take_out
from copilot.services.ingestion import FileResult, Ingestion
from copilot.services.terms import Upload, rightful_status

_S = MaterialStatus
_IS = {
    _S.DRAFT: "error.material_draft",
    _S.ACTIVE: "error.material_active",
    _S.RETIRED: "error.material_retired",
    _S.DELETED: "error.material_deleted",
}


class Lifecycle:
    def __init__(self, *, db: Database, clock: Clock, ingestion: Ingestion, indexing: Indexing) -> None:
        self._db = db
        self._clock = clock
        self._ingestion = ingestion
        self._indexing = indexing

    def retire(self, materials: Sequence[int], *, brand: int, actor: int | None) -> None:
        """Takes materials out of every search at once; what cites them is flagged, what was sent keeps its trace."""
        self._become(materials, _S.RETIRED, "retired", {_S.ACTIVE, _S.DRAFT}, brand, actor)

    def delete(self, materials: Sequence[int], *, brand: int, actor: int | None) -> None:
        """As `retire`, and out of every list; their vectors are gone too. `restore` brings them back."""
        self._become(materials, _S.DELETED, "deleted", {_S.ACTIVE, _S.DRAFT, _S.RETIRED}, brand, actor)

    def restore(self, materials: Sequence[int], *, brand: int, actor: int | None) -> None:
        """Brings materials back with their newest revision; a member's story without consent as a draft."""
        self._become(materials, _S.ACTIVE, "restored", {_S.RETIRED, _S.DELETED}, brand, actor)

    def activate(self, material: int, *, brand: int, actor: int | None) -> None:
        """Lets a draft be found. InvalidInput for a member's story that nobody gave consent to."""
        with self._db.read() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            if rightful_status(row, _S.ACTIVE) is not _S.ACTIVE:
                raise InvalidInput({"consent": "invalid.consent_needed"})
        self._become([material], _S.ACTIVE, "activated", {_S.DRAFT}, brand, actor)

    def withdraw(self, material: int, *, brand: int, actor: int | None) -> None:
        """Takes a consent back and makes a draft of an active material, such as of the story of that member.

        The consent is gone whatever the status, so that no restoring brings a story back on it; what is
        retired or deleted stays so. What was recorded of it is kept in the audit log alone.
        """
        unsettled: list[int] = []
        with self._db.write() as session:
            row = loading.one(session, models.Material, material, brand=brand)
            had, row.consent = row.consent, ""
            if row.status == _S.ACTIVE:
                unsettled = self._move(session, row, _S.DRAFT, "withdrawn", {_S.ACTIVE}, actor, consent=had)
            elif had:
                audit_material(session, row, self._clock(), actor, "withdrawn", consent=had)
        self._indexing.agree(unsettled)

    def sync(
        self, uploads: Sequence[Upload], *, brand: int, actor: int | None, progress: Progress | None = None
    ) -> list[FileResult]:
        """Makes the library match these files: adds and revises them, retires the materials that are not there."""
        results = self._ingestion.add_all(uploads, brand=brand, actor=actor, progress=progress)
        present = {upload.path for upload in uploads}
        with self._db.read() as session:
            rows = session.execute(
                select(models.Material.id, models.Material.path).where(
                    models.Material.brand_id == brand, models.Material.status == _S.ACTIVE
                )
            ).all()
        gone = [row.id for row in rows if row.path not in present]
        if gone:
            self.retire(gone, brand=brand, actor=actor)
        return results

    def _become(
        self,
        materials: Sequence[int],
        status: MaterialStatus,
        event: str,
        sources: set[MaterialStatus],
        brand: int,
        actor: int | None,
    ) -> None:
        """All of them or, when one cannot, none."""
        unsettled: list[int] = []
        with self._db.write() as session:
            for material in dict.fromkeys(materials):
                row = loading.one(session, models.Material, material, brand=brand)
                unsettled += self._move(session, row, rightful_status(row, status), event, sources, actor)
        self._indexing.agree(unsettled)

    def _move(
        self,
        session: Session,
        row: models.Material,
        status: MaterialStatus,
        event: str,
        sources: set[MaterialStatus],
        actor: int | None,
        **data: object,
    ) -> list[int]:
        before = MaterialStatus(row.status)
        if before is status:
            return []
        if before not in sources:
            raise Conflict(_IS[before], title=row.title)
        now = self._clock()
        row.status = status
        if status is _S.ACTIVE:
            unsettled = put_in(session, row.current) if row.current is not None else []
        else:
            unsettled = take_out(session, row)
        if status is _S.DELETED:
            session.flush()
            forget_vectors(session, row.id)
        audit_material(session, row, now, actor, event, **data)
        follow(session, row, now=now, actor=actor)
        return unsettled
