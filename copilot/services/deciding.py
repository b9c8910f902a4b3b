"""Carries over what people decided elsewhere: facts that somebody here now stands for, and copy that waits for a yes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from copilot import models
from copilot.domain import facts as pinning
from copilot.domain.copylibrary import EntryStatus
from copilot.domain.facts import FactStatus, Pinned
from copilot.domain.materials import MaterialStatus
from copilot.domain.permissions import Actor
from copilot.models.database import Database
from copilot.services.brandcontents import DecidedFact, KeptCopy
from copilot.services.copylibrary import CopyLibrary
from copilot.services.facts import Facts, pinned


@dataclass(frozen=True)
class Decided:
    """How many were taken over, how many stood already, and what could not be taken over, for people to read."""

    taken: int = 0
    unchanged: int = 0
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Held:
    """A fact that the library holds, with where it stands."""

    fact: Pinned
    status: FactStatus


class Deciding:
    def __init__(self, *, db: Database, facts: Facts, copylibrary: CopyLibrary) -> None:
        self._db = db
        self._facts = facts
        self._copylibrary = copylibrary

    def facts(
        self, decided: Sequence[DecidedFact], *, brand: int, actor: Actor, beat: Callable[[], None]
    ) -> Decided:
        """Confirms and dismisses as it is written down.

        A confirmed fact stays confirmed, because whoever imports it may confirm it and does so under their
        own name; its owner stays where they work for the brand. What a person here decided already stands,
        and what the material of today does not say is left.
        """
        held, owners = self._held(brand), self._owners(brand)
        known: dict[int, _Held] = {}
        used: set[int] = set()
        # The facts that are here already go first, so that none of them is put right into another one.
        for place, fact in enumerate(decided):
            found = _find(held[fact.material], fact, used, is_exact=True)
            if found is not None:
                known[place] = found
                used.add(found.fact.id)
        taken, unchanged = 0, 0
        left: list[str] = []
        plain: list[int] = []
        dismissed: list[int] = []
        for place, fact in enumerate(decided):
            one = known.get(place)
            is_confirmed = fact.status is FactStatus.CONFIRMED
            owner = owners.get(fact.owner, actor.id) if is_confirmed else actor.id
            if one is not None and one.status is not FactStatus.SUGGESTED:
                unchanged += 1
                continue
            if one is not None and (owner == actor.id or fact.value not in one.fact.quote):
                identity: int | None = one.fact.id
                plain += [one.fact.id] if is_confirmed else []
            else:
                beat()
                near = one or _find(held[fact.material], fact, used, is_exact=False)
                identity = self._put(fact, near.fact.id if near else None, owner, brand, actor)
            if identity is None:
                left.append(f"{fact.material}: {fact.subject} · {fact.name} · {fact.value}")
                continue
            taken += 1
            used.add(identity)
            dismissed += [] if is_confirmed else [identity]
        self._facts.confirm(plain, brand=brand, actor=actor)
        self._facts.dismiss(dismissed, brand=brand, actor=actor)
        return Decided(taken, unchanged, tuple(left))

    def copy(
        self, kept: Sequence[KeptCopy], *, brand: int, actor: Actor, beat: Callable[[], None]
    ) -> Decided:
        """Adds the entries as drafts: an approval is a person's yes in this house and never comes in from another.

        What they cite is found anew by the checks of this house. A text that is known here, in use or put
        away, stays as it is.
        """
        with self._db.read() as session:
            known = set(
                session.scalars(select(models.CopyEntry.text).where(models.CopyEntry.brand_id == brand))
            )
        added: set[tuple[str, bool]] = set()
        # Those put away come first: a text that is in use again may not be added a second time.
        for entry in sorted(kept, key=lambda one: one.status is not EntryStatus.RETIRED):
            text, is_away = entry.text.replace("\r\n", "\n"), entry.status is EntryStatus.RETIRED
            if text in known or (text, is_away) in added:
                continue
            beat()
            identity = self._copylibrary.add(
                brand=brand, actor=actor, scene=entry.scene, title=entry.title, text=text
            )
            if is_away:
                self._copylibrary.retire(identity, brand=brand, actor=actor)
            added.add((text, is_away))
        return Decided(len(added), len(kept) - len(added))

    def _put(
        self, fact: DecidedFact, identity: int | None, owner: int, brand: int, actor: Actor
    ) -> int | None:
        """The fact as it is written down: put right where a rule saw something near it, else pinned where it is said."""
        if identity is None:
            passage = self._passage(fact, brand)
            if passage is None:
                return None
            identity = self._facts.pin(
                passage,
                brand=brand,
                actor=actor,
                kind=fact.kind,
                subject=fact.subject,
                name=fact.name,
                value=fact.value,
                quote=fact.quote,
            )
        self._facts.correct(
            identity,
            brand=brand,
            actor=actor,
            kind=fact.kind,
            subject=fact.subject,
            name=fact.name,
            value=fact.value,
            owner=owner,
        )
        return identity

    def _held(self, brand: int) -> dict[str, list[_Held]]:
        """The facts of every material by its path; those that lapsed say nothing any more."""
        with self._db.read() as session:
            rows = session.execute(
                select(models.Fact, models.Material.path)
                .join(models.Material, models.Material.id == models.Fact.material_id)
                .where(
                    models.Fact.brand_id == brand,
                    models.Fact.status != FactStatus.LAPSED,
                    models.Material.status != MaterialStatus.DELETED,
                )
                .order_by(models.Fact.id)
            )
            found: dict[str, list[_Held]] = defaultdict(list)
            for row, path in rows:
                found[path].append(_Held(pinned(row), FactStatus(row.status)))
            return found

    def _owners(self, brand: int) -> dict[str, int]:
        with self._db.read() as session:
            rows = session.execute(
                select(models.User.login, models.User.id)
                .join(models.Membership, models.Membership.user_id == models.User.id)
                .where(models.Membership.brand_id == brand)
            )
            return {row.login: row.id for row in rows}

    def _passage(self, fact: DecidedFact, brand: int) -> int | None:
        """The passage of the material's newest revision that says the quote."""
        with self._db.read() as session:
            rows = session.execute(
                select(models.Passage.id, models.Passage.text)
                .join(models.Material, models.Material.current_id == models.Passage.revision_id)
                .where(
                    models.Material.brand_id == brand,
                    models.Material.path == fact.material,
                    models.Material.status != MaterialStatus.DELETED,
                )
                .order_by(models.Passage.ordinal)
            )
            return next((row.id for row in rows if fact.quote in row.text), None)


def _find(rows: Sequence[_Held], fact: DecidedFact, used: set[int], *, is_exact: bool) -> _Held | None:
    """The fact that is this one; without `is_exact`, a suggestion that was read from the same words."""
    key = pinning.key(fact.kind, fact.subject, fact.name)
    for row in rows:
        known = row.fact
        if known.id in used or not pinning.same_value(
            known.amount, known.unit, known.value, *pinning.amount_of(fact.value), fact.value
        ):
            continue
        if is_exact and pinning.key(known.kind, known.subject, known.name) == key:
            return row
        if not is_exact and row.status is FactStatus.SUGGESTED and known.quote == fact.quote:
            return row
    return None
