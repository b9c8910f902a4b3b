"""The picture library: takes pictures in, says what is in them, and keeps which materials they belong to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, delete, select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.materials import MaterialStatus
from copilot.domain.media import Picture
from copilot.domain.messages import Message
from copilot.domain.posts import PostEvent, PostState
from copilot.errors import Conflict, InvalidInput, Unreadable
from copilot.models.database import Database
from copilot.ports import Blobs, Clock, PictureReader
from copilot.services import auditing, loading
from copilot.services.moving import move
from copilot.services.reviewing import standing_approvals

MOST_ALT = 300
_SEALED = (PostState.APPROVED, PostState.SCHEDULED, PostState.SUSPENDED)


@dataclass(frozen=True)
class PictureFile:
    """A picture to take in. `materials` are the paths of those that it belongs to."""

    name: str
    data: bytes
    alt: str = ""
    materials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Added:
    """What became of one file; `picture` is None where it was refused, for the reason that is given."""

    name: str
    picture: int | None = None
    unchanged: bool = False
    refused: Message | None = None


class MediaLibrary:
    def __init__(self, *, db: Database, clock: Clock, read: PictureReader, blobs: Blobs) -> None:
        self._db = db
        self._clock = clock
        self._read = read
        self._blobs = blobs

    def add(self, files: Sequence[PictureFile], *, brand: int, actor: int | None) -> list[Added]:
        """Takes pictures in, each with its description and materials if it brings them.

        The same bytes again change nothing, not even for a picture that was retired. A file that is no
        sound picture is a result with the reason and does not stop the rest; a material that is not
        there is passed over, because it said itself why it was not taken in.
        """
        alts = [_alt(file.alt) for file in files]
        known = self._known(brand, [hashlib.sha256(file.data).hexdigest() for file in files])
        looked = [self._looked_at(file, known) for file in files]
        now, results = self._clock(), list[Added]()
        with self._db.write() as session:
            loading.one(session, models.Brand, brand)
            for file, alt, seen in zip(files, alts, looked, strict=True):
                if isinstance(seen, Message):
                    results.append(Added(file.name, refused=seen))
                    continue
                digest, picture = seen
                row = _by_digest(session, brand, digest)
                is_new = row is None
                if row is None:
                    assert picture is not None
                    row = self._insert(session, brand, file.name, digest, picture, actor, now)
                was = row.alt
                row.alt = alt or row.alt
                attached = _attach_by_path(session, row, file.materials)
                if is_new:
                    self._audit(session, row, actor, "added", name=row.name, digest=digest)
                results.append(Added(file.name, row.id, unchanged=not (is_new or attached or row.alt != was)))
        return results

    def describe(self, alts: Mapping[int, str], *, brand: int, actor: int | None) -> None:
        """Says what is in these pictures, for those who do not see them; InvalidInput for saying nothing.

        The errors of several come at once, each as the field `alt-<id>`.
        """
        wanted = {picture: " ".join(alt.split()) for picture, alt in alts.items()}
        wrong = {f"alt-{picture}": "invalid.alt_needed" for picture, alt in wanted.items() if not alt}
        wrong |= {
            f"alt-{picture}": "invalid.alt_long" for picture, alt in wanted.items() if len(alt) > MOST_ALT
        }
        if wrong:
            raise InvalidInput(wrong, most=MOST_ALT)
        with self._db.write() as session:
            for picture, alt in wanted.items():
                row = loading.one(session, models.Media, picture, brand=brand)
                if row.alt != alt:
                    self._audit(session, row, actor, "described", before=row.alt, after=alt)
                    row.alt = alt

    def attach(self, material: int, pictures: Iterable[int], *, brand: int, actor: int | None) -> None:
        """Puts pictures after those that the material has; one that it has stays in its place."""
        with self._db.write() as session:
            owner = loading.one(session, models.Material, material, brand=brand)
            for picture in pictures:
                row = loading.one(session, models.Media, picture, brand=brand)
                if row.retired_at is not None:
                    raise InvalidInput({"pictures": "invalid.picture_retired"}, name=row.name)
                if _attach(session, owner.id, row.id):
                    self._audit(session, row, actor, "attached", material=owner.id)

    def detach(self, material: int, picture: int, *, brand: int, actor: int | None) -> None:
        """Takes a picture off the material; the library keeps it."""
        with self._db.write() as session:
            owner = loading.one(session, models.Material, material, brand=brand)
            row = loading.one(session, models.Media, picture, brand=brand)
            session.execute(
                delete(models.MaterialMedia).where(
                    models.MaterialMedia.material_id == owner.id, models.MaterialMedia.media_id == row.id
                )
            )
            self._audit(session, row, actor, "detached", material=owner.id)

    def reorder(self, material: int, pictures: Sequence[int], *, brand: int, actor: int | None) -> None:
        """Sets the order of the material's pictures. Conflict unless these are the ones that it has now."""
        with self._db.write() as session:
            owner = loading.one(session, models.Material, material, brand=brand)
            links = {link.media_id: link for link in _links(session, owner.id)}
            if len(pictures) != len(links) or set(pictures) != set(links):
                raise Conflict("error.pictures_moved")
            for position, picture in enumerate(pictures):
                links[picture].position = position
            auditing.record(
                session,
                at=self._clock(),
                actor=actor,
                brand=brand,
                subject="material",
                identity=owner.id,
                event="pictures_ordered",
                pictures=list(pictures),
            )

    def retire(self, picture: int, *, brand: int, actor: int | None) -> None:
        """Takes a picture out of every choice, and the seal off each unsent post that shows it.

        Withdrawing those approvals holds their deliveries at the same instant; the checks then refuse
        the posts until the picture is out of them or back in the library. What was sent keeps it.
        """
        now = self._clock()
        with self._db.write() as session:
            row = loading.one(session, models.Media, picture, brand=brand)
            if row.retired_at is not None:
                return
            row.retired_at = now
            self._audit(session, row, actor, "retired")
            for post in _showing(session, brand, row.digest, _SEALED):
                move(session, post, PostEvent.WITHDRAW, at=now, actor=actor, picture=row.id)
                for approval in standing_approvals(session, post.id):
                    approval.withdrawn_at, approval.withdrawn_by = now, actor
                    auditing.record(
                        session,
                        at=now,
                        actor=actor,
                        brand=brand,
                        subject="approval",
                        identity=approval.id,
                        event="withdrawn",
                        post=post.id,
                        picture=row.id,
                    )

    def restore(self, picture: int, *, brand: int, actor: int | None) -> None:
        """Brings a retired picture back; posts that lost their seal over it need a new one."""
        with self._db.write() as session:
            row = loading.one(session, models.Media, picture, brand=brand)
            if row.retired_at is not None:
                row.retired_at = None
                self._audit(session, row, actor, "restored")

    def _known(self, brand: int, digests: Sequence[str]) -> set[str]:
        with self._db.read() as session:
            return set(
                session.scalars(
                    select(models.Media.digest).where(
                        models.Media.brand_id == brand, models.Media.digest.in_(digests)
                    )
                )
            )

    def _looked_at(self, file: PictureFile, known: set[str]) -> tuple[str, Picture | None] | Message:
        """The digest under which the picture is kept, with what was read of it unless it is there already."""
        digest = hashlib.sha256(file.data).hexdigest()
        if digest in known:
            return digest, None
        try:
            picture = self._read(file.name, file.data)
        except Unreadable as exc:
            return Message(exc.message_id, exc.params)
        return self._blobs.put(picture.data), picture

    def _insert(
        self,
        session: Session,
        brand: int,
        name: str,
        digest: str,
        picture: Picture,
        actor: int | None,
        now: datetime,
    ) -> models.Media:
        row = models.Media(
            brand_id=brand,
            digest=digest,
            name=name,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            size=len(picture.data),
            created_by=actor,
            created_at=now,
        )
        session.add(row)
        session.flush()
        return row

    def _audit(
        self, session: Session, row: models.Media, actor: int | None, event: str, **data: object
    ) -> None:
        auditing.record(
            session,
            at=self._clock(),
            actor=actor,
            brand=row.brand_id,
            subject="picture",
            identity=row.id,
            event=event,
            **data,
        )


def _alt(typed: str) -> str:
    """A description as one line. InvalidInput where it is longer than anybody wants to listen to."""
    alt = " ".join(typed.split())
    if len(alt) > MOST_ALT:
        raise InvalidInput({"alt": "invalid.alt_long"}, most=MOST_ALT)
    return alt


def _by_digest(session: Session, brand: int, digest: str) -> models.Media | None:
    return session.scalar(
        select(models.Media).where(models.Media.brand_id == brand, models.Media.digest == digest)
    )


def _links(session: Session, material: int) -> list[models.MaterialMedia]:
    return list(
        session.scalars(
            select(models.MaterialMedia)
            .where(models.MaterialMedia.material_id == material)
            .order_by(models.MaterialMedia.position, models.MaterialMedia.media_id)
        )
    )


def _attach(session: Session, material: int, picture: int) -> bool:
    """Whether the material did not have it."""
    links = _links(session, material)
    if any(link.media_id == picture for link in links):
        return False
    after = max((link.position for link in links), default=-1) + 1
    session.add(models.MaterialMedia(material_id=material, media_id=picture, position=after))
    session.flush()
    return True


def _attach_by_path(session: Session, row: models.Media, paths: Sequence[str]) -> bool:
    """Whether one of the materials with these paths did not have it."""
    owners = session.scalars(
        select(models.Material.id)
        .where(
            models.Material.brand_id == row.brand_id,
            models.Material.path.in_(paths),
            models.Material.status != MaterialStatus.DELETED,
        )
        .order_by(models.Material.id)
    ).all()
    return len([owner for owner in owners if _attach(session, owner, row.id)]) > 0


def _showing(session: Session, brand: int, digest: str, states: Sequence[PostState]) -> Sequence[models.Post]:
    """The posts in these states whose newest revision has the picture."""
    return session.scalars(
        select(models.Post)
        .join(models.Revision, models.Post.head_id == models.Revision.id)
        .where(
            models.Post.brand_id == brand,
            models.Post.state.in_(states),
            cast(models.Revision.media, String).contains(digest),
        )
        .order_by(models.Post.id)
    ).all()
