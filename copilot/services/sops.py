"""The SOP in people's hands: columns added, changed, taken out and brought back, each time as a new version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.columntemplates import ColumnTemplate, Shelf, column_of
from copilot.domain.permissions import Actor, Permission
from copilot.domain.timetable import clashes
from copilot.errors import Conflict, InvalidInput, NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, loading, values
from copilot.services.columnreading import Home, read
from copilot.services.columntemplates import all_templates, template
from copilot.services.planning import plan_to_horizon
from copilot.services.sopversions import newest_sop, publish

MOST_NOTE = 200


class Sops:
    """Every act makes a version that is active at once, moves the slots ahead along and plans the calendar.

    An `actor` of None is whoever has the machine: the command line without `--as`.
    """

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def add(
        self,
        profile: Mapping[str, Any],
        *,
        brand: int,
        actor: Actor | None,
        note: str = "",
        based_on: int | None = None,
    ) -> str:
        """Puts a column, as `columns.yaml` has it, at the end, and returns its slug: one is made where it has none.

        InvalidInput names each field that does not fit; Conflict where the SOP is no longer `based_on`.
        """
        with self._editing(brand, actor) as sop:
            sop.require(based_on)
            given = {**profile, "slug": profile.get("slug") or sop.fresh_slug(str(profile.get("name") or ""))}
            column = read(given, sop.home())
            sop.profiles.append(values.column_profile(column))
            sop.publish("column_added", note, column=column.slug)
            return column.slug

    def add_template(
        self, slug: str, *, brand: int, actor: Actor | None, at: str = "", note: str = ""
    ) -> str:
        """Adds a column from a template, `at` another time than the template's where it is given.

        InvalidInput where a person has to say which time is meant, and for a minute that it may not share.
        """
        wanted = template(slug)
        if wanted.asks_time and not at:
            times = ", ".join(one.strftime("%H:%M") for one in wanted.times)
            raise InvalidInput({"time": "invalid.column_time_asked"}, times=times)
        with self._editing(brand, actor) as sop:
            column = sop.from_template(wanted, at)
            sop.profiles.append(values.column_profile(column))
            sop.publish("column_added", note, column=column.slug, template=slug)
            return column.slug

    def begin_day(self, *, brand: int, actor: Actor | None, note: str = "") -> list[str]:
        """Adds the five columns of the seed's day, those that are there left out. Conflict where all are."""
        with self._editing(brand, actor) as sop:
            added = []
            for wanted in all_templates():
                if wanted.shelf is Shelf.DAY and sop.place(wanted.slug) is None:
                    column = sop.from_template(wanted)
                    sop.profiles.append(values.column_profile(column))
                    added.append(column.slug)
            if not added:
                raise Conflict("error.day_is_there")
            sop.publish("day_begun", note, columns=added)
            return added

    def change(
        self,
        slug: str,
        *,
        brand: int,
        actor: Actor | None,
        profile: Mapping[str, Any],
        based_on: int,
        note: str = "",
    ) -> None:
        """Changes a column; its slug stays. What is as it was already makes no version.

        Conflict where somebody changed the SOP since version `based_on`, InvalidInput as in `add`.
        """
        with self._editing(brand, actor) as sop:
            place = sop.must_have(slug)
            current = values.column(0, sop.profiles[place])
            column = read({**current.extra, **profile, "slug": slug}, sop.home(without=slug))
            # In which order a form lists what was ticked means nothing, and is no change.
            if set(column.kinds) == set(current.kinds):
                column = replace(column, kinds=current.kinds)
            if set(column.destinations) == set(current.destinations):
                column = replace(column, destinations=current.destinations)
            if column == current:
                return
            sop.require(based_on)
            sop.profiles[place] = values.column_profile(column)
            sop.publish("column_changed", note, column=slug)

    def remove(
        self, slug: str, *, brand: int, actor: Actor | None, based_on: int | None = None, note: str = ""
    ) -> None:
        """Takes a column out: its empty slots ahead go, and whatever was written for it stays."""
        with self._editing(brand, actor) as sop:
            sop.require(based_on)
            del sop.profiles[sop.must_have(slug)]
            sop.publish("column_removed", note, column=slug)

    def restore(self, slug: str, *, version: int, brand: int, actor: Actor | None, note: str = "") -> None:
        """Brings a column back as it was in a version, in its place where it is still there.

        Conflict where it is like that already, or would come to stand in a minute that is one column's alone.
        """
        with self._editing(brand, actor) as sop:
            row = next((row for row in sop.version(version).columns if row.slug == slug), None)
            if row is None:
                raise NotFound("column", slug)
            place = sop.place(slug)
            if place is not None and sop.profiles[place] == row.profile:
                raise Conflict("error.column_same", column=row.name)
            for clash in clashes(loading.column(row), sop.home(without=slug).others, sop.today):
                if clash.is_refused:
                    raise Conflict("error.column_minute", column=row.name, other=clash.name)
            if place is None:
                sop.profiles.insert(row.position, dict(row.profile))
            else:
                sop.profiles[place] = dict(row.profile)
            sop.publish("column_restored", note, column=slug, of=version)

    def bring_back(self, version: int, *, brand: int, actor: Actor | None, note: str = "") -> None:
        """Makes all columns what they were in a version. Conflict where they are."""
        with self._editing(brand, actor) as sop:
            profiles = [dict(row.profile) for row in sop.version(version).columns]
            if profiles == sop.profiles:
                raise Conflict("error.sop_same", version=version)
            sop.profiles = profiles
            sop.publish("brought_back", note, of=version)

    def reorder(self, slugs: Sequence[str], *, brand: int, actor: Actor | None, note: str = "") -> None:
        """Puts the columns into this order; InvalidInput unless each is named once."""
        with self._editing(brand, actor) as sop:
            by_slug = {profile["slug"]: profile for profile in sop.profiles}
            if sorted(slugs) != sorted(by_slug):
                raise InvalidInput({"order": "invalid.column_order"})
            profiles = [by_slug[slug] for slug in slugs]
            if profiles == sop.profiles:
                return
            sop.profiles = profiles
            sop.publish("reordered", note)

    @contextmanager
    def _editing(self, brand: int, actor: Actor | None) -> Iterator[_Editing]:
        """One transaction over the newest version; nothing is written unless `publish` is called in it."""
        if actor is not None:
            actor.require(Permission.PLAN)
        with self._db.write() as session:
            home = loading.one(session, models.Brand, brand)
            newest = newest_sop(session, brand)
            profiles = [dict(row.profile) for row in newest.columns] if newest is not None else []
            yield _Editing(session, home, newest, profiles, self._clock(), actor.id if actor else None)


@dataclass
class _Editing:
    """The newest version as it is being changed: `profiles` are its columns to be."""

    session: Session
    brand: models.Brand
    newest: models.Sop | None
    profiles: list[dict[str, Any]]
    now: datetime
    actor: int | None

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.brand.zone)).date()

    def require(self, based_on: int | None) -> None:
        newest = self.newest.version if self.newest is not None else 0
        if based_on is not None and based_on != newest:
            raise Conflict("error.stale_sop", based_on=based_on, newest=newest)

    def place(self, slug: str) -> int | None:
        return next((n for n, profile in enumerate(self.profiles) if profile["slug"] == slug), None)

    def must_have(self, slug: str) -> int:
        place = self.place(slug)
        if place is None:
            raise NotFound("column", slug)
        return place

    def home(self, *, without: str = "") -> Home:
        return Home(
            language=Language(self.brand.language),
            destinations=dict(self._destinations(enabled=False)),
            others=[values.column(0, profile) for profile in self.profiles if profile["slug"] != without],
            today=self.today,
        )

    def from_template(self, wanted: ColumnTemplate, at: str = "") -> Column:
        column = column_of(wanted, Language(self.brand.language), self._destinations(enabled=True))
        profile = values.column_profile(column)
        return read({**profile, "time": at} if at else profile, self.home())

    def version(self, number: int) -> models.Sop:
        row = self.session.scalar(
            select(models.Sop).where(models.Sop.brand_id == self.brand.id, models.Sop.version == number)
        )
        if row is None:
            raise NotFound("sop", number)
        return row

    def fresh_slug(self, name: str) -> str:
        """One that no column of the brand ever had, from the Latin letters of its name where it has any."""
        used = set(
            self.session.scalars(
                select(models.Column.slug)
                .join(models.Sop, models.Sop.id == models.Column.sop_id)
                .where(models.Sop.brand_id == self.brand.id)
            )
        )
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "column"
        return next(
            slug
            for number in range(1, len(used) + 2)
            if (slug := stem if number == 1 else f"{stem}-{number}") not in used
        )

    def publish(self, event: str, note: str, **data: Any) -> None:
        note = note.strip()
        if len(note) > MOST_NOTE:
            raise InvalidInput({"note": "invalid.column_note_long"}, most_note=MOST_NOTE)
        sop = publish(self.session, self.brand, self.profiles, now=self.now, author=self.actor, note=note)
        plan_to_horizon(self.session, self.brand, self.now)
        auditing.record(
            self.session,
            at=self.now,
            actor=self.actor,
            brand=self.brand.id,
            subject="sop",
            identity=sop.id,
            event=event,
            version=sop.version,
            **data,
        )

    def _destinations(self, *, enabled: bool) -> list[tuple[str, Channel]]:
        """Slug and channel of each; a column may keep one that is switched off, and a new one begins without it."""
        rows = self.session.execute(
            select(models.Destination.slug, models.Destination.channel)
            .where(
                models.Destination.brand_id == self.brand.id,
                models.Destination.enabled.is_(True) if enabled else true(),
            )
            .order_by(models.Destination.id)
        )
        return [(slug, Channel(channel)) for slug, channel in rows]
