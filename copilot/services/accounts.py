"""Accounts: people, their passwords and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from copilot import models
from copilot.domain.permissions import Actor, Role
from copilot.errors import InvalidInput, NotAllowed, NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading


@dataclass(frozen=True)
class Person:
    id: int
    login: str
    name: str
    locale: str


@dataclass(frozen=True)
class DemoPerson:
    """One of the people of the demo, who sign in with one click when demo mode allows it."""

    id: int
    login: str
    name: str
    role: Role


class Accounts:
    def __init__(self, *, db: Database, clock: Clock, hasher: PasswordHasher) -> None:
        self._db = db
        self._clock = clock
        self._hasher = hasher

    def authenticate(self, login: str, password: str) -> Person:
        """NotAllowed('sign_in') for an unknown name and for a wrong password alike."""
        with self._db.read() as session:
            row = session.scalar(select(models.User).where(models.User.login == login.strip().lower()))
        try:
            # An unknown name costs as much time as a known one, so that nobody can list names by the clock.
            self._hasher.verify(row.password_hash if row else self._decoy, password)
        except (VerifyMismatchError, InvalidHashError):
            raise NotAllowed("sign_in", message_id="error.sign_in") from None
        if row is None:
            raise NotAllowed("sign_in", message_id="error.sign_in")
        return _person(row)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash("no such person")

    def person(self, identity: int) -> Person | None:
        with self._db.read() as session:
            row = session.get(models.User, identity)
            return _person(row) if row is not None else None

    def person_by_login(self, login: str) -> Person | None:
        with self._db.read() as session:
            row = session.scalar(select(models.User).where(models.User.login == login.strip().lower()))
            return _person(row) if row is not None else None

    def actor(self, *, user: int, brand: int) -> Actor:
        """The person with the role they have in this brand; a brand they do not belong to is not found."""
        with self._db.read() as session:
            found = session.execute(
                select(models.User, models.Membership.role)
                .join(models.Membership)
                .where(models.User.id == user, models.Membership.brand_id == brand)
            ).one_or_none()
        if found is None:
            raise NotFound("brand", brand)
        return Actor(found[0].id, found[0].name, Role(found[1]))

    def actor_by_login(self, login: str, *, brand: int) -> Actor:
        """As `actor`; NotFound names the login, whether there is nobody of it or they have no role in this brand."""
        with self._db.read() as session:
            row = session.scalar(select(models.User).where(models.User.login == login.strip().lower()))
        try:
            if row is not None:
                return self.actor(user=row.id, brand=brand)
        except NotFound:
            pass
        raise NotFound("person", login)

    def members(self, brand: int) -> list[Actor]:
        """Everyone with a role in this brand, copywriters first."""
        order = list(Role)
        with self._db.read() as session:
            rows = session.execute(
                select(models.User.id, models.User.name, models.Membership.role)
                .join(models.Membership)
                .where(models.Membership.brand_id == brand)
            ).all()
        people = [Actor(row.id, row.name, Role(row.role)) for row in rows]
        return sorted(people, key=lambda person: (order.index(person.role), person.id))

    def demo_people(self) -> tuple[DemoPerson, ...]:
        """The demo's copywriter, operator and brand manager, in this order."""
        order = list(Role)
        with self._db.read() as session:
            rows = session.execute(
                select(models.User.id, models.User.login, models.User.name, models.Membership.role)
                .join(models.Membership)
                .where(models.User.is_demo.is_(True))
                .distinct()
            ).all()
        people = {row.id: DemoPerson(row.id, row.login, row.name, Role(row.role)) for row in rows}
        wanted = [person for person in people.values() if person.role is not Role.ADMINISTRATOR]
        return tuple(sorted(wanted, key=lambda person: order.index(person.role)))

    def add_person(
        self,
        *,
        login: str,
        name: str,
        password: str,
        roles: dict[int, Role],
        locale: str = "en",
        is_demo: bool = False,
    ) -> int:
        """Adds a person, or gives an existing one these roles by brand. Returns the id."""
        login = login.strip().lower()
        problems = {
            field: "invalid.empty"
            for field, value in (("login", login), ("name", name.strip()), ("password", password))
            if not value
        }
        if problems:
            raise InvalidInput(problems)
        hashed = self._hasher.hash(password)
        with self._db.write() as session:
            row = session.scalar(select(models.User).where(models.User.login == login))
            if row is None:
                row = models.User(
                    login=login,
                    name=name.strip(),
                    password_hash=hashed,
                    locale=locale,
                    is_demo=is_demo,
                    created_at=self._clock(),
                )
                session.add(row)
                session.flush()
            held = {membership.brand_id: membership for membership in row.memberships}
            for brand, role in roles.items():
                if brand in held:
                    held[brand].role = role
                else:
                    session.add(models.Membership(user_id=row.id, brand_id=brand, role=role))
            return row.id

    def give_role(self, user: int, role: Role, *, brand: int) -> Role | None:
        """The person works in this brand with this role from now on. Returns the role they had in it before."""
        with self._db.write() as session:
            person = loading.one(session, models.User, user)
            held = next((one for one in person.memberships if one.brand_id == brand), None)
            if held is None:
                session.add(models.Membership(user_id=person.id, brand_id=brand, role=role))
                return None
            before, held.role = Role(held.role), role
            return before

    def choose_locale(self, user: int, locale: str) -> None:
        with self._db.write() as session:
            row = session.get(models.User, user)
            if row is not None:
                row.locale = locale


def _person(row: models.User) -> Person:
    return Person(row.id, row.login, row.name, row.locale)
