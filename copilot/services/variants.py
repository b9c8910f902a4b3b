"""Variants: copy that stands beside a post's newest text until a person takes one or puts it away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.permissions import Actor, Permission
from copilot.errors import Conflict
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.checking import Checked, Checking
from copilot.services.revising import keep_revision, media_of


class Variants:
    def __init__(self, *, db: Database, clock: Clock, checking: Checking) -> None:
        self._db = db
        self._clock = clock
        self._checking = checking

    def take(self, variant: int, *, brand: int, actor: Actor) -> int:
        """Makes a variant the post's newest text and returns the revision's id; the former stays in the history.

        It is checked again: its sources may have changed since it was written. Conflict for one that is settled.
        """
        actor.require(Permission.WRITE)
        with self._db.read() as session:
            row = _open(session, variant, brand)
            post, text, given = row.post_id, row.text, row.provenance.get("passages", ())
        checked = self._checking.check_post(text, post, brand=brand, given=given)
        now = self._clock()
        with self._db.write() as session:
            row = _open(session, variant, brand)
            home = loading.one(session, models.Post, post, brand=brand)
            row.revision_id = keep_revision(
                session, home, text, media_of(home), row.origin, actor.id, row.provenance, checked, now=now
            )
            row.settled_at = now
            return row.revision_id

    def put_away(self, variant: int, *, brand: int, actor: Actor) -> None:
        """Takes a variant off the desk."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            _open(session, variant, brand).settled_at = self._clock()

    def bring_back(self, variant: int, *, brand: int, actor: Actor) -> None:
        """Undoes putting it away. Conflict for one that was taken."""
        actor.require(Permission.WRITE)
        with self._db.write() as session:
            row = _of_brand(session, variant, brand)
            if row.revision_id is not None:
                raise Conflict("error.variant_settled")
            row.settled_at = None


def keep_variant(
    session: Session,
    generation: models.Generation,
    text: str,
    origin: str,
    provenance: dict[str, Any],
    checked: Checked | None,
    *,
    now: datetime,
) -> int:
    """Writes copy down beside the post's newest text, with what the checks count in it, and returns its id."""
    counts = {"findings": [], "claims": []} if checked is None else _counted(checked)
    row = models.Variant(
        post_id=generation.post_id,
        generation_id=generation.id,
        text=text,
        origin=origin,
        provenance=provenance,
        checked=counts,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _counted(checked: Checked) -> dict[str, Any]:
    return {
        "findings": [
            {
                "severity": str(one.severity),
                "check": str(one.check),
                "rule": one.rule,
                "start": one.start,
                "end": one.end,
                "text": one.text,
            }
            for one in checked.findings
        ],
        "claims": [{"verdict": str(one.verdict)} for one in checked.claims],
    }


def _open(session: Session, variant: int, brand: int) -> models.Variant:
    row = _of_brand(session, variant, brand)
    if row.settled_at is not None:
        raise Conflict("error.variant_settled")
    return row


def _of_brand(session: Session, variant: int, brand: int) -> models.Variant:
    row = loading.one(session, models.Variant, variant)
    loading.one(session, models.Post, row.post_id, brand=brand)
    return row
