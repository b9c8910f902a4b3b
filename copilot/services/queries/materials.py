"""One material as rows: its passages and who cites them, its revisions and what changed between two of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from copilot import models
from copilot.domain.comparing import Change, compare_long, folded
from copilot.domain.materials import Kind, MaterialStatus
from copilot.domain.posts import PostState
from copilot.errors import NotFound
from copilot.services.queries.flags import FlagRow, flags_about
from copilot.services.queries.rows import local
from copilot.services.queries.shelf import MaterialRow
from copilot.services.queries.stories import withdrawals


@dataclass(frozen=True)
class PassageRow:
    """`is_valid` is of this instant; of those that are not, `is_early` tells what is still to come from what is over."""

    id: int
    ordinal: int
    text: str
    heading: tuple[str, ...]
    locator: Mapping[str, Any]
    valid_from: datetime | None
    valid_until: datetime | None
    is_valid: bool
    is_early: bool
    cited_by: tuple[int, ...]
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CitingPost:
    """A post whose newest text cites the material."""

    id: int
    name: str
    module: str
    starts_at: datetime
    state: str

    @property
    def is_sent(self) -> bool:
        return self.state == PostState.SENT


@dataclass(frozen=True)
class RevisionLine:
    """`cause` is file or settings; the window's edges are in the brand's zone."""

    number: int
    at: datetime
    by: str
    cause: str
    kind: Kind
    title: str
    digest: str
    characters: int
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True)
class MaterialView:
    """`posts` holds, by id and newest first, every post that cites any revision of the material.

    `withdrawn_at` is when a member took back the consent to a story that has none now.
    """

    material: MaterialRow
    attribution: str
    consent: str
    withdrawn_at: datetime | None
    names: tuple[str, ...]
    passages: tuple[PassageRow, ...]
    revisions: tuple[RevisionLine, ...]
    posts: Mapping[int, CitingPost]
    flags: tuple[FlagRow, ...]

    @property
    def current(self) -> RevisionLine:
        return self.revisions[0]


@dataclass(frozen=True)
class Comparison:
    """What one revision says and another said. `changes` are words, with long unchanged stretches folded."""

    title: str
    older: RevisionLine
    newer: RevisionLine
    changes: tuple[Change, ...]

    @property
    def is_same_text(self) -> bool:
        return not any(change.is_change for change in self.changes)


@dataclass(frozen=True)
class OriginalFile:
    name: str
    digest: str


@dataclass(frozen=True)
class Use:
    """A post in which a passage was used, for the search page."""

    post: int
    name: str
    starts_at: datetime
    state: str

    @property
    def is_sent(self) -> bool:
        return self.state == PostState.SENT


def view(
    session: Session, brand: models.Brand, row: models.Material, material: MaterialRow, now: datetime
) -> MaterialView:
    zone = brand.zone
    cited, posts = _citing(session, row.id, zone)
    is_found = row.status == MaterialStatus.ACTIVE
    passages = session.scalars(
        select(models.Passage)
        .where(models.Passage.revision_id == row.current_id)
        .order_by(models.Passage.ordinal)
    )
    return MaterialView(
        material=material,
        attribution=row.attribution,
        consent=row.consent,
        withdrawn_at=_local(withdrawals(session, [row.id]).get(row.id), zone) if not row.consent else None,
        names=tuple(row.names),
        passages=tuple(
            PassageRow(
                id=passage.id,
                ordinal=passage.ordinal,
                text=passage.text,
                heading=tuple(passage.heading),
                locator=passage.locator,
                valid_from=_local(passage.valid_from, zone),
                valid_until=_local(passage.valid_until, zone),
                is_valid=is_found
                and (passage.valid_from is None or passage.valid_from <= now)
                and (passage.valid_until is None or passage.valid_until > now),
                is_early=passage.valid_from is not None and passage.valid_from > now,
                cited_by=cited.get(passage.text, ()),
                fields=passage.fields,
            )
            for passage in passages
        ),
        revisions=_revisions(session, row, zone),
        posts=posts,
        flags=tuple(flag for flag in flags_about(session, row.id, zone) if flag.post in posts),
    )


def comparison(session: Session, row: models.Material, older: int, newer: int, zone: str) -> Comparison:
    lines = {line.number: line for line in _revisions(session, row, zone)}
    for number in (older, newer):
        if number not in lines:
            raise NotFound("material_revision", number)
    before, after = (
        "\n".join(
            session.scalars(
                select(models.Passage.text)
                .join(models.MaterialRevision)
                .where(
                    models.MaterialRevision.material_id == row.id, models.MaterialRevision.number == number
                )
                .order_by(models.Passage.ordinal)
            )
        )
        for number in (older, newer)
    )
    return Comparison(row.title, lines[older], lines[newer], folded(compare_long(before, after)))


def original(session: Session, row: models.Material, number: int) -> OriginalFile:
    """Under the name that it came by: what is downloaded, edited and uploaded again is the same material."""
    digest = session.scalar(
        select(models.MaterialRevision.digest).where(
            models.MaterialRevision.material_id == row.id, models.MaterialRevision.number == number
        )
    )
    if digest is None:
        raise NotFound("material_revision", number)
    return OriginalFile(PurePosixPath(row.path).name, digest)


def uses(session: Session, brand: models.Brand, passages: Sequence[int]) -> Mapping[int, tuple[Use, ...]]:
    """A new revision of a material has new passages; the same words in a former one are the same passage to a person."""
    said, said_revision = aliased(models.Passage), aliased(models.MaterialRevision)
    same, same_revision = aliased(models.Passage), aliased(models.MaterialRevision)
    rows = session.execute(
        select(said.id, models.Post, models.Slot.starts_at)
        .join(said_revision, said_revision.id == said.revision_id)
        .join(same_revision, same_revision.material_id == said_revision.material_id)
        .join(same, (same.revision_id == same_revision.id) & (same.text == said.text))
        .join(models.Claim, models.Claim.passage_id == same.id)
        .join(models.Post, models.Post.head_id == models.Claim.revision_id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(said.id.in_(passages), said.brand_id == brand.id)
        .distinct()
        .order_by(models.Slot.starts_at.desc(), models.Post.id)
        .options(joinedload(models.Post.slot).joinedload(models.Slot.column))
    )
    found: dict[int, list[Use]] = defaultdict(list)
    for passage, post, starts_at in rows:
        use = Use(post.id, post.slot.column.name, local(starts_at, brand.zone), post.state)
        found[passage].append(use)
    return {passage: tuple(used) for passage, used in found.items()}


def _revisions(session: Session, row: models.Material, zone: str) -> tuple[RevisionLine, ...]:
    """The newest first."""
    rows = session.execute(
        select(models.MaterialRevision, models.User.name)
        .outerjoin(models.User, models.User.id == models.MaterialRevision.created_by)
        .where(models.MaterialRevision.material_id == row.id)
        .order_by(models.MaterialRevision.number.desc())
    )
    return tuple(
        RevisionLine(
            number=revision.number,
            at=local(revision.created_at, zone),
            by=name or "",
            cause=revision.cause,
            kind=Kind(revision.kind),
            title=revision.title,
            digest=revision.digest,
            characters=revision.characters,
            valid_from=_local(revision.valid_from, zone),
            valid_until=_local(revision.valid_until, zone),
        )
        for revision, name in rows
    )


def _citing(
    session: Session, material: int, zone: str
) -> tuple[dict[str, tuple[int, ...]], dict[int, CitingPost]]:
    """The posts whose newest text cites the material: by the words cited their ids, and by id, newest first.

    By the words, because the passages of a new revision are new ones, and what they still say is still cited.
    """
    rows = session.execute(
        select(models.Passage.text, models.Post)
        .join(models.Claim, models.Claim.passage_id == models.Passage.id)
        .join(models.Post, models.Post.head_id == models.Claim.revision_id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(models.MaterialRevision.material_id == material)
        .distinct()
        .order_by(models.Slot.starts_at.desc(), models.Post.id)
        .options(joinedload(models.Post.slot).joinedload(models.Slot.column))
    )
    cited: dict[str, tuple[int, ...]] = {}
    posts: dict[int, CitingPost] = {}
    for text, post in rows:
        cited[text] = (*cited.get(text, ()), post.id)
        posts[post.id] = CitingPost(
            id=post.id,
            name=post.slot.column.name,
            module=post.slot.column.module,
            starts_at=local(post.slot.starts_at, zone),
            state=post.state,
        )
    return cited, posts


def _local(at: datetime | None, zone: str) -> datetime | None:
    return local(at, zone) if at is not None else None
