"""Follows a change of a material to what was made from it: its facts, and every unsent post that cites it.

All of it happens in the transaction that changes the material, so that there is no moment at which a post
with yesterday's price could still go out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from copilot import models
from copilot.domain import facts, patching
from copilot.domain.brands import Brand
from copilot.domain.delivery import LONG_OVER, has_expired
from copilot.domain.facts import Outcome, Pinned, SuggestedFact
from copilot.domain.flags import Broken, Cause, Resolution, Said, bearing
from copilot.domain.materials import CITABLE, Kind, MaterialStatus, Window
from copilot.domain.posts import UNSENT
from copilot.services import auditing, contesting, flagging, loading, values
from copilot.services.facts import follow_facts

_GONE = {
    MaterialStatus.DRAFT: Cause.RETIRED,
    MaterialStatus.RETIRED: Cause.RETIRED,
    MaterialStatus.DELETED: Cause.DELETED,
}


def follow(
    session: Session,
    material: models.Material,
    *,
    now: datetime,
    actor: int | None,
    suggestions: Sequence[SuggestedFact] | None = None,
) -> None:
    """Call this after every change of a material; `suggestions` are the facts of a new revision."""
    session.flush()
    if suggestions is not None:
        follow_facts(session, material, suggestions, now)
        if len(material.revisions) == 1:
            # Nobody can have written from what has only just come in.
            return
    _follow_posts(session, material, _citing(session, material), now, actor)
    if suggestions is not None:
        contesting.follow_changes(session, material, now=now, actor=actor)


def ask_again(session: Session, post: models.Post, *, now: datetime, actor: int | None) -> None:
    """Asks every material that a post's newest text cites whether it still says so.

    For whatever becomes unsent while nobody was told of changes: a text checked a moment ago, a tick taken back.
    """
    session.flush()
    for material in session.scalars(_cited_by_heads().where(models.Post.id == post.id)).all():
        _follow_posts(session, material, _citing(session, material, post.id), now, actor)
    contesting.contest(session, post, now=now, actor=actor)


def expire(session: Session, *, now: datetime) -> int:
    """Flags what time alone made untrue, such as an offer under a post that is late; returns how many flags."""
    ran_out = models.Material.current_id.in_(
        select(models.Passage.revision_id).where(models.Passage.valid_until <= now)
    )
    rows = session.scalars(
        _cited_by_heads().where(
            ran_out,
            loading.open_since(now - LONG_OVER),
        )
    ).all()
    return sum(_follow_posts(session, row, _citing(session, row), now, None) for row in rows)


def audit_material(
    session: Session, row: models.Material, at: datetime, actor: int | None, event: str, **data: object
) -> None:
    auditing.record(
        session,
        at=at,
        actor=actor,
        brand=row.brand_id,
        subject="material",
        identity=row.id,
        event=event,
        path=row.path,
        **data,
    )


@dataclass
class _Cited:
    """One quote that a post's newest text rests on, with the sentences that it carries."""

    passage: models.Passage
    quote: str
    spans: list[tuple[int, int]] = field(default_factory=list)


_Citing = Iterable[tuple[models.Post, list[_Cited]]]


def _follow_posts(
    session: Session, material: models.Material, citing: _Citing, now: datetime, actor: int | None
) -> int:
    """Compares what the posts quote with what the material says now; returns how many new flags that raised."""
    bears = _Bearing(material)
    patches = _Patches(session, material)
    raised = 0
    for post, cited in citing:
        tolerance = loading.column(post.slot.column).tolerance
        if has_expired(post.slot.starts_at, tolerance, now):
            continue
        at = max(post.slot.starts_at, now)
        open_flags = {
            (flag.passage_id, flag.quote): flag
            for flag in session.scalars(
                flagging.flags_of(post.id).where(
                    models.Flag.material_id == material.id, models.Flag.cause != Cause.CONTESTED
                )
            )
        }
        for one in cited:
            broken = bears.broken(one, at)
            flag = open_flags.get((one.passage.id, one.quote))
            if broken is None:
                if flag is not None:
                    flagging.resolve(flag, Resolution.RESTORED, now, None)
            elif flagging.was_kept(session, post, one.passage.id, one.quote, broken):
                if flag is not None:
                    flagging.resolve(flag, Resolution.KEPT, now, None)
            elif flag is None:
                raised += 1
                session.add(
                    models.Flag(
                        brand_id=post.brand_id,
                        post_id=post.id,
                        revision_id=post.head_id,
                        material_id=material.id,
                        passage_id=one.passage.id,
                        cause=broken.cause,
                        quote=one.quote,
                        now=broken.now,
                        patches=patches.of(post, one, broken),
                        created_at=now,
                    )
                )
            elif (flag.cause, flag.now) != (broken.cause, broken.now):
                flag.cause, flag.now = broken.cause, broken.now
                flag.patches = patches.of(post, one, broken)
        flagging.suspend_or_release(session, post, material, now=now, actor=actor)
    return raised


class _Bearing:
    """What a material says now, read once for all that quote it."""

    def __init__(self, material: models.Material) -> None:
        self._material = material
        self._gone = _GONE.get(MaterialStatus(material.status))
        if Kind(material.kind) not in CITABLE or material.current is None:
            self._gone = self._gone or Cause.RETIRED

    def broken(self, cited: _Cited, at: datetime) -> Broken | None:
        if self._gone is not None:
            return Broken(self._gone)
        before = said(cited.passage)
        if cited.passage.revision_id == self._material.current_id and before.window.covers(at):
            return None
        return bearing(cited.quote, before, self._says, at)

    @cached_property
    def _says(self) -> list[Said]:
        return (
            [said(passage) for passage in self._material.current.passages] if self._material.current else []
        )


def said(passage: models.Passage) -> Said:
    return Said(
        text=passage.text,
        window=Window(passage.valid_from, passage.valid_until),
        heading=tuple(passage.heading),
        fields=passage.fields,
    )


def _cited_by_heads() -> Select[models.Material]:
    """The materials that the newest texts of unsent posts cite, by whichever of their revisions."""
    return (
        select(models.Material)
        .join(models.MaterialRevision, models.MaterialRevision.material_id == models.Material.id)
        .join(models.Passage, models.Passage.revision_id == models.MaterialRevision.id)
        .join(models.Claim, models.Claim.passage_id == models.Passage.id)
        .join(models.Post, models.Post.head_id == models.Claim.revision_id)
        .join(models.Slot, models.Slot.id == models.Post.slot_id)
        .where(models.Post.state.in_(UNSENT), models.Claim.quote != "")
        .distinct()
    )


def _citing(session: Session, material: models.Material, post: int | None = None) -> _Citing:
    """The unsent posts, or the one of them, whose newest text rests on any revision of the material."""
    rows = session.execute(
        select(models.Post, models.Claim, models.Passage)
        .join(models.Claim, models.Claim.revision_id == models.Post.head_id)
        .join(models.Passage, models.Passage.id == models.Claim.passage_id)
        .join(models.MaterialRevision, models.MaterialRevision.id == models.Passage.revision_id)
        .where(
            models.MaterialRevision.material_id == material.id,
            models.Post.state.in_(UNSENT),
            models.Claim.quote != "",
            *([] if post is None else [models.Post.id == post]),
        )
        .order_by(models.Post.id, models.Claim.start)
        .options(joinedload(models.Post.slot))
    ).all()
    posts: dict[int, models.Post] = {}
    cited: dict[int, dict[tuple[int, str], _Cited]] = defaultdict(dict)
    for row, claim, passage in rows:
        posts[row.id] = row
        one = cited[row.id].setdefault((passage.id, claim.quote), _Cited(passage, claim.quote))
        one.spans.append((claim.start, claim.end))
    for row, quote, passage in session.execute(_left_open(material, post)).all():
        posts[row.id] = row
        cited[row.id].setdefault((passage.id, quote), _Cited(passage, quote))
    for identity, row in posts.items():
        yield row, list(cited[identity].values())


def _left_open(material: models.Material, post: int | None) -> Select[models.Post, str, models.Passage]:
    """What a former text rested on and the newest still says without resting on anything."""
    return (
        select(models.Post, models.Flag.quote, models.Passage)
        .join(models.Flag, models.Flag.revision_id == models.Post.head_id)
        .join(models.Passage, models.Passage.id == models.Flag.passage_id)
        .where(
            models.Flag.material_id == material.id,
            models.Flag.cause != Cause.CONTESTED,
            models.Flag.resolved_at.is_(None),
            models.Post.state.in_(UNSENT),
            *([] if post is None else [models.Post.id == post]),
        )
        .order_by(models.Post.id, models.Flag.id)
        .options(joinedload(models.Post.slot))
    )


class _Patches:
    """The edits that would follow a material's new revision, worked out only where a post needs them."""

    def __init__(self, session: Session, material: models.Material) -> None:
        self._session = session
        self._material = material
        self._deltas: dict[int, list[tuple[Pinned, SuggestedFact]]] = {}

    @cached_property
    def _brand(self) -> Brand:
        return values.brand(loading.one(self._session, models.Brand, self._material.brand_id))

    @cached_property
    def _current(self) -> list[SuggestedFact]:
        return self._facts(self._material.current.passages) if self._material.current is not None else []

    def of(self, post: models.Post, cited: _Cited, broken: Broken) -> list[dict[str, object]]:
        """What follows from the material's facts, and from the sentence itself where none pins its figures."""
        if broken.cause is not Cause.CHANGED or post.head is None or not cited.spans:
            return []
        copy, products, language = post.head.text, self._brand.products, self._brand.language
        by_fact = (
            patch
            for before, after in self._changed_since(cited.passage.revision)
            if before.quote in cited.passage.text
            for patch in patching.sayings(
                copy,
                before=before.value,
                after=after.value,
                subject=before.subject,
                name=before.name,
                within=cited.spans,
                products=products,
                language=language,
            ).patches
        )
        by_quote = patching.propose_from_quote(
            copy, quote=cited.quote, now=broken.now, within=cited.spans, products=products, language=language
        )
        return [asdict(patch) for patch in flagging.agreed([*by_fact, *by_quote])]

    def _changed_since(self, revision: models.MaterialRevision) -> list[tuple[Pinned, SuggestedFact]]:
        if revision.id not in self._deltas:
            before = [
                Pinned(0, one.kind, one.subject, one.name, one.value, one.amount, one.unit, one.quote)
                for one in self._facts(revision.passages)
            ]
            self._deltas[revision.id] = [
                (matched.before, matched.after)
                for matched in facts.changes(before, self._current)
                if matched.outcome is Outcome.CHANGED and matched.before and matched.after
            ]
        return self._deltas[revision.id]

    def _facts(self, passages: Sequence[models.Passage]) -> list[SuggestedFact]:
        return [
            fact
            for passage in passages
            for fact in facts.suggest(
                values.source(passage), products=self._brand.products, language=self._brand.language
            )
        ]
