"""Pictures as rows: the contact sheet, one with where it is used, and those of a material or a post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain.channels import LIMITS, Channel
from copilot.domain.materials import MaterialStatus
from copilot.domain.media import Mime
from copilot.errors import NotFound
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.queries.rows import local

_MOST_CHOICES = 200


@dataclass(frozen=True)
class PictureRow:
    """A picture of the library. `file_name` is what it is called when somebody saves it."""

    id: int
    digest: str
    name: str
    file_name: str
    mime: Mime
    width: int
    height: int
    size: int
    alt: str
    retired: bool
    added_at: datetime
    by: str


@dataclass(frozen=True)
class PictureCard:
    """A picture on the contact sheet with how often it is used; posts count by their newest revision."""

    picture: PictureRow
    materials: int
    posts: int

    @property
    def is_undescribed(self) -> bool:
        return not self.picture.alt and not self.picture.retired


@dataclass(frozen=True)
class ShowingMaterial:
    id: int
    title: str
    kind: str


@dataclass(frozen=True)
class ShowingPost:
    id: int
    name: str
    starts_at: datetime
    state: str


@dataclass(frozen=True)
class PictureView:
    """`sealed` are those of the posts that would lose their seal if the picture were retired."""

    picture: PictureRow
    materials: tuple[ShowingMaterial, ...]
    posts: tuple[ShowingPost, ...]

    @property
    def sealed(self) -> int:
        return sum(post.state in ("approved", "scheduled", "suspended") for post in self.posts)


@dataclass(frozen=True)
class MaterialPictures:
    """A material's pictures in order, and what the library could add, the newest first."""

    material: int
    shown: tuple[PictureRow, ...]
    choices: tuple[PictureRow, ...]


@dataclass(frozen=True)
class PostPictures:
    """The pictures of a post's newest revision in order, and what differs from the revision approved last.

    `choices` are the library's described pictures, the first `near` of them those of the cited materials.
    `most` is what the channel takes, None where that is not known. `moved` says that the same pictures
    change places.
    """

    shown: tuple[PictureRow, ...]
    choices: tuple[PictureRow, ...]
    near: int
    most: int | None
    added: tuple[PictureRow, ...]
    removed: tuple[PictureRow, ...]
    moved: bool


class MediaQueries:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    def sheet(self, *, brand: int) -> list[PictureCard]:
        """All pictures, retired ones last, the newest first; those that came together keep their order."""
        with self._db.read() as session:
            listed = _rows(session, brand)
            materials: Counter[int] = Counter(
                session.scalars(
                    select(models.MaterialMedia.media_id)
                    .join(models.Material, models.Material.id == models.MaterialMedia.material_id)
                    .where(
                        models.Material.brand_id == brand, models.Material.status != MaterialStatus.DELETED
                    )
                )
            )
            posts = Counter(digest for _, media in _illustrated(session, brand) for digest in media)
        cards = [PictureCard(row, materials[row.id], posts[row.digest]) for row in listed]
        return sorted(cards, key=lambda card: card.picture.retired)

    def picture(self, picture: int, *, brand: int) -> PictureView:
        with self._db.read() as session:
            digest = loading.one(session, models.Media, picture, brand=brand).digest
            (row,) = _rows(session, brand, [digest])
            materials = session.scalars(
                select(models.Material)
                .join(models.MaterialMedia, models.MaterialMedia.material_id == models.Material.id)
                .where(
                    models.MaterialMedia.media_id == picture,
                    models.Material.status != MaterialStatus.DELETED,
                )
                .order_by(models.Material.title)
            )
            return PictureView(
                picture=row,
                materials=tuple(ShowingMaterial(one.id, one.title, one.kind) for one in materials),
                posts=_showing(session, brand, digest),
            )

    def served(self, digest: str, *, brand: int) -> PictureRow:
        """The picture with these bytes; NotFound unless this brand has it, whoever else may."""
        with self._db.read() as session:
            found = _rows(session, brand, [digest])
        if not found:
            raise NotFound("media", digest)
        return found[0]

    def of_material(self, material: int, *, brand: int) -> MaterialPictures:
        with self._db.read() as session:
            owner = loading.one(session, models.Material, material, brand=brand)
            rows = {row.id: row for row in _rows(session, brand)}
            shown = [rows[picture] for picture in _of_materials(session, [owner.id])]
        return MaterialPictures(owner.id, tuple(shown), _choices(rows.values(), shown))

    def of_post(self, post: int, *, brand: int) -> PostPictures:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            rows = {one.digest: one for one in _rows(session, brand)}
            media = row.head.media if row.head is not None else []
            sealed = _approved_last(session, row)
            cited = {claim.passage_id for claim in row.head.claims} if row.head is not None else set()
            materials = session.scalars(
                select(models.MaterialRevision.material_id)
                .join(models.Passage, models.Passage.revision_id == models.MaterialRevision.id)
                .where(models.Passage.id.in_(cited - {None}))
                .distinct()
            ).all()
            near = _of_materials(session, materials)
        shown = _named(rows, media)
        described = [one for one in rows.values() if one.alt]
        nearest = sorted(described, key=lambda one: near.index(one.id) if one.id in near else len(near))
        choices = _choices(nearest, shown)
        return PostPictures(
            shown=shown,
            choices=choices,
            near=sum(one.id in near for one in choices),
            most=LIMITS[Channel(row.channel)].max_pictures,
            added=_named(rows, [digest for digest in media if digest not in sealed])
            if sealed is not None
            else (),
            removed=_named(rows, [digest for digest in sealed or () if digest not in media]),
            moved=sealed is not None and sealed != media and sorted(sealed) == sorted(media),
        )


def pictures_of(session: Session, brand: int, media: Sequence[str]) -> tuple[PictureRow, ...]:
    """The pictures with these digests, in this order, for other pages that show a revision."""
    return _named({row.digest: row for row in _rows(session, brand, media)}, media) if media else ()


def _rows(session: Session, brand: int, digests: Sequence[str] | None = None) -> list[PictureRow]:
    zone = loading.one(session, models.Brand, brand).zone
    query = (
        select(models.Media, models.User.name)
        .outerjoin(models.User, models.User.id == models.Media.created_by)
        .where(models.Media.brand_id == brand)
        .order_by(models.Media.created_at.desc(), models.Media.id)
    )
    if digests is not None:
        query = query.where(models.Media.digest.in_(digests))
    return [_row(row, by or "", zone) for row, by in session.execute(query)]


def _row(row: models.Media, by: str, zone: str) -> PictureRow:
    mime = Mime(row.mime)
    stem = row.name.rpartition(".")[0] or row.name
    return PictureRow(
        id=row.id,
        digest=row.digest,
        name=row.name,
        file_name=f"{stem}{mime.extension}",
        mime=mime,
        width=row.width,
        height=row.height,
        size=row.size,
        alt=row.alt,
        retired=row.retired_at is not None,
        added_at=local(row.created_at, zone),
        by=by,
    )


def _named(rows: Mapping[str, PictureRow], media: Sequence[str]) -> tuple[PictureRow, ...]:
    return tuple(rows[digest] for digest in media if digest in rows)


def _choices(rows: Iterable[PictureRow], shown: Sequence[PictureRow]) -> tuple[PictureRow, ...]:
    """What may still be chosen, as far as a page can show it."""
    taken = {one.id for one in shown}
    return tuple(one for one in rows if not one.retired and one.id not in taken)[:_MOST_CHOICES]


def _of_materials(session: Session, materials: Sequence[int]) -> list[int]:
    rows = session.scalars(
        select(models.MaterialMedia.media_id)
        .where(models.MaterialMedia.material_id.in_(materials))
        .order_by(models.MaterialMedia.position, models.MaterialMedia.media_id)
    )
    return list(dict.fromkeys(rows))


def _illustrated(session: Session, brand: int) -> list[tuple[int, list[str]]]:
    """The posts whose newest revision has pictures, with these."""
    return [
        (post, media)
        for post, media in session.execute(
            select(models.Post.id, models.Revision.media)
            .join(models.Revision, models.Post.head_id == models.Revision.id)
            .where(models.Post.brand_id == brand, cast(models.Revision.media, String) != "[]")
        )
    ]


def _showing(session: Session, brand: int, digest: str) -> tuple[ShowingPost, ...]:
    zone = loading.one(session, models.Brand, brand).zone
    found = [post for post, media in _illustrated(session, brand) if digest in media]
    rows = session.scalars(
        select(models.Post)
        .join(models.Slot)
        .where(models.Post.id.in_(found))
        .options(joinedload(models.Post.slot).joinedload(models.Slot.column))
        .order_by(models.Slot.starts_at.desc(), models.Post.id)
    )
    return tuple(
        ShowingPost(row.id, row.slot.column.name, local(row.slot.starts_at, zone), row.state) for row in rows
    )


def _approved_last(session: Session, post: models.Post) -> list[str] | None:
    """The pictures that the newest approval bound; None where the post never had one."""
    return session.scalar(
        select(models.Revision.media)
        .join(models.Approval, models.Approval.revision_id == models.Revision.id)
        .where(models.Approval.post_id == post.id)
        .order_by(models.Approval.id.desc())
        .limit(1)
    )
