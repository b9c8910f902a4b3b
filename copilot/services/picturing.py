"""Brings the pictures of a folder into the library, with the materials that show them and in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from copilot import models
from copilot.domain.materials import MaterialStatus
from copilot.models.database import Database
from copilot.ports import Blobs
from copilot.services.brandplans import PlannedPicture
from copilot.services.media import Added, MediaLibrary, PictureFile

_BATCH = 20


class Picturing:
    def __init__(self, *, db: Database, blobs: Blobs, media: MediaLibrary) -> None:
        self._db = db
        self._blobs = blobs
        self._media = media

    def show(
        self,
        pictures: Sequence[PlannedPicture],
        order: Mapping[str, Sequence[str]],
        *,
        brand: int,
        actor: int | None,
        beat: Callable[[], None],
    ) -> tuple[Added, ...]:
        """Takes them in; a material that has others besides shows those after the ones in `order`."""
        with self._db.read() as session:
            known = set(session.scalars(select(models.Media.id).where(models.Media.brand_id == brand)))
        added: list[Added] = []
        for start in range(0, len(pictures), _BATCH):
            beat()
            batch = pictures[start : start + _BATCH]
            files = [
                PictureFile(
                    one.listed.name, self._blobs.get(one.digest), one.listed.alt, one.listed.materials
                )
                for one in batch
            ]
            results = self._media.add(files, brand=brand, actor=actor)
            for one, result in zip(batch, results, strict=True):
                if one.listed.retired and result.picture is not None and result.picture not in known:
                    self._media.retire(result.picture, brand=brand, actor=actor)
            added += results
        by_file = {one.listed.file: result.picture for one, result in zip(pictures, added, strict=True)}
        for path, files_of in order.items():
            wanted = [picture for file in files_of if (picture := by_file[file]) is not None]
            self._put_in_order(path, wanted, brand, actor)
        return tuple(added)

    def _put_in_order(self, path: str, wanted: Sequence[int], brand: int, actor: int | None) -> None:
        with self._db.read() as session:
            rows = session.execute(
                select(models.MaterialMedia.material_id, models.MaterialMedia.media_id)
                .join(models.Material, models.Material.id == models.MaterialMedia.material_id)
                .where(
                    models.Material.brand_id == brand,
                    models.Material.path == path,
                    models.Material.status != MaterialStatus.DELETED,
                )
                .order_by(models.MaterialMedia.position, models.MaterialMedia.media_id)
            ).all()
        shown = [row.media_id for row in rows]
        places = {picture: place for place, picture in enumerate(wanted)}
        ordered = sorted(shown, key=lambda picture: places.get(picture, len(places)))
        if ordered != shown:
            self._media.reorder(rows[0].material_id, ordered, brand=brand, actor=actor)
