"""Takes a brand's folder in: its settings, its materials and what people settled about them, all as a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.materials import MaterialStatus
from copilot.domain.permissions import Actor, Permission, Role, may
from copilot.errors import InvalidInput, NotFound
from copilot.models.database import Database
from copilot.ports import Blobs, Clock, Progress
from copilot.services import loading
from copilot.services.accounts import Accounts
from copilot.services.brandcontents import Contents, material_bytes
from copilot.services.brandfolders import BrandFolders, Settled
from copilot.services.brandplans import Plan, PlannedFile, PlannedPicture
from copilot.services.brandsettings import SLUG, Settings
from copilot.services.brandtrees import Tree
from copilot.services.deciding import Decided, Deciding
from copilot.services.ingestion import FileResult, FileStatus, Ingestion
from copilot.services.lifecycle import Lifecycle
from copilot.services.media import Added, MediaLibrary
from copilot.services.picturing import Picturing
from copilot.services.standings import Standing, standings, without_lost_consent
from copilot.services.terms import Terms, Upload, days_as_window, window_as_days

_BATCH = 20
_CLEARABLE = ("valid_from", "valid_until", "attribution", "consent")


@dataclass(frozen=True)
class Taken:
    """What became of one file; `change` is added, revised, unchanged or refused."""

    file: FileResult
    change: str


@dataclass(frozen=True)
class Imported:
    """`facts` and `copy` are None where nobody acted who could answer for them."""

    brand: int
    slug: str
    created: bool
    settings: Settled
    files: tuple[Taken, ...]
    retired: tuple[str, ...]
    pictures: tuple[Added, ...]
    facts: Decided | None
    copy: Decided | None


class Importing:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        blobs: Blobs,
        accounts: Accounts,
        folders: BrandFolders,
        ingestion: Ingestion,
        lifecycle: Lifecycle,
        media: MediaLibrary,
        deciding: Deciding,
    ) -> None:
        self._db = db
        self._clock = clock
        self._blobs = blobs
        self._accounts = accounts
        self._folders = folders
        self._ingestion = ingestion
        self._lifecycle = lifecycle
        self._picturing = Picturing(db=db, blobs=blobs, media=media)
        self._deciding = deciding

    def plan(
        self,
        tree: Tree,
        contents: Contents,
        *,
        slug: str,
        settings: Settings | None,
        zone: str,
        language: Language,
        retire: bool = False,
    ) -> Plan:
        """Keeps the bytes of what was found to fit, so that whoever carries it out needs no folder."""
        if not SLUG.fullmatch(slug):
            raise InvalidInput({"slug": "invalid.slug"})
        today = self._clock().astimezone(ZoneInfo(zone)).date()
        return Plan(
            slug=slug,
            settings=settings,
            materials=tuple(
                PlannedFile(
                    path=one.path,
                    kind=one.kind,
                    digest=self._blobs.put(material_bytes(tree, one, today=today, language=language)),
                    settled=one.settled,
                )
                for one in contents.materials
            ),
            facts=contents.facts,
            copy=contents.copy,
            pictures=tuple(
                PlannedPicture(self._blobs.put(tree.read(one.file)), one) for one in contents.pictures
            ),
            order=contents.order,
            retire=retire,
        )

    def carry_out(
        self,
        plan: Plan,
        *,
        user: int | None,
        found_as: Role = Role.BRAND_MANAGER,
        as_owner: bool = False,
        progress: Progress | None = None,
    ) -> Imported:
        """Brings the brand to what the plan says; doing it again changes nothing.

        Whoever imports acts: they need CURATE in a brand that is there, and a brand that is new gets them as
        its `found_as`. Without a person the facts and the copy library are left out: both need somebody who
        stands for them. What only an administrator changes stays then too, unless the machine's owner acts,
        `as_owner`, as in a sync of a brand with its own folder. `progress` hears of the files, and goes on to
        hear that they are all in while the rest comes in, or the job would be taken for one that nobody works on.
        """
        before = self._find(plan.slug)
        actor = self._actor(user, before, plan.slug)
        administers = may(actor.role, Permission.ADMINISTER) if actor is not None else as_owner
        settled = self._settle_brand(plan, before, user, found_as, administers)
        brand = settled.brand
        actor = actor or self._actor(user, brand, plan.slug)
        by = actor.id if actor is not None else None

        def beat() -> None:
            if progress is not None:
                progress(len(plan.materials), len(plan.materials))

        with self._db.read() as session:
            materials = without_lost_consent(plan.materials, session, brand)
        files = self._take_in(materials, brand, by, progress)
        retired = self._retire_missing(plan, brand, by) if plan.retire else ()
        self._settle(materials, brand, by, beat)
        return Imported(
            brand=brand,
            slug=plan.slug,
            created=before is None,
            settings=settled,
            files=files,
            retired=retired,
            pictures=self._picturing.show(plan.pictures, plan.order, brand=brand, actor=by, beat=beat),
            facts=self._deciding.facts(plan.facts, brand=brand, actor=actor, beat=beat) if actor else None,
            copy=self._deciding.copy(plan.copy, brand=brand, actor=actor, beat=beat) if actor else None,
        )

    def person(self, login: str) -> int:
        """The person with this login, whatever brands they belong to."""
        with self._db.read() as session:
            found = session.scalar(select(models.User.id).where(models.User.login == login.strip().lower()))
        if found is None:
            raise NotFound("person", login)
        return found

    def _find(self, slug: str) -> int | None:
        with self._db.read() as session:
            return session.scalar(select(models.Brand.id).where(models.Brand.slug == slug))

    def _actor(self, user: int | None, brand: int | None, slug: str) -> Actor | None:
        if user is None or brand is None:
            return None
        try:
            actor = self._accounts.actor(user=user, brand=brand)
        except NotFound:
            raise NotFound("brand", slug) from None
        actor.require(Permission.CURATE)
        return actor

    def _settle_brand(
        self, plan: Plan, brand: int | None, user: int | None, found_as: Role, administers: bool
    ) -> Settled:
        if plan.settings is not None:
            return self._folders.settle(
                plan.settings,
                slug=plan.slug,
                actor=user,
                founder=(user, found_as) if user is not None else None,
                administers=administers,
            )
        if brand is None:
            raise NotFound("brand", plan.slug)
        return Settled(brand)

    def _take_in(
        self, files: Sequence[PlannedFile], brand: int, actor: int | None, progress: Progress | None
    ) -> tuple[Taken, ...]:
        with self._db.read() as session:
            standing = standings(session, brand)
        held = self._ingestion.held({one.path: one.digest for one in files}, brand=brand)
        results = {
            one.path: Taken(held[one.path], "unchanged")
            for one in files
            if one.path in held and _stays(one, standing[one.path].status)
        }
        waiting = [one for one in files if one.path not in results]
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            uploads = [self._upload(one) for one in batch]
            for one, result in zip(
                batch, self._ingestion.add_each(uploads, brand=brand, actor=actor), strict=True
            ):
                results[one.path] = Taken(result, _change(result, standing.get(one.path)))
                if progress is not None:
                    progress(len(results), len(files))
        return tuple(results[one.path] for one in files)

    def _upload(self, one: PlannedFile) -> Upload:
        said = one.settled
        return Upload(
            path=one.path,
            data=self._blobs.get(one.digest),
            kind=one.kind,
            valid_from=_day(said.get("valid_from")),
            valid_until=_day(said.get("valid_until")),
            title=said.get("title", ""),
            attribution=said.get("attribution", ""),
            consent=said.get("consent", ""),
            cleared=frozenset(key for key in _CLEARABLE if key in said and not said[key]),
            # What is to end as a draft or retired is never found in between.
            hold="status" in said,
        )

    def _retire_missing(self, plan: Plan, brand: int, actor: int | None) -> tuple[str, ...]:
        present = {one.path for one in plan.materials}
        with self._db.read() as session:
            standing = standings(session, brand)
        gone = {
            path: one.id
            for path, one in standing.items()
            if one.status is MaterialStatus.ACTIVE and path not in present
        }
        if gone:
            self._lifecycle.retire(list(gone.values()), brand=brand, actor=actor)
        return tuple(sorted(gone))

    def _settle(
        self, files: Sequence[PlannedFile], brand: int, actor: int | None, beat: Callable[[], None]
    ) -> None:
        """Gives materials the status and terms that were settled; those that have them already stay untouched."""
        settled = [one for one in files if one.settled]
        if not settled:
            return
        with self._db.read() as session:
            zone = loading.one(session, models.Brand, brand).zone
            standing = standings(session, brand)
        for one in settled:
            row = standing.get(one.path)
            if row is None or row.status is MaterialStatus.DELETED:
                continue
            row = self._become(row, one.settled.get("status"), brand, actor)
            wanted = _wanted(one.settled, row.terms, zone)
            if wanted != row.terms:
                beat()
                self._ingestion.settle(
                    row.id,
                    brand=brand,
                    actor=actor,
                    title=wanted.title,
                    window=window_as_days(wanted.window, zone),
                    attribution=wanted.attribution,
                    consent=wanted.consent,
                    names=wanted.names,
                )

    def _become(self, row: Standing, status: str | None, brand: int, actor: int | None) -> Standing:
        if status == MaterialStatus.RETIRED and row.status is not MaterialStatus.RETIRED:
            self._lifecycle.retire([row.id], brand=brand, actor=actor)
        elif status == MaterialStatus.DRAFT and row.status is MaterialStatus.ACTIVE:
            self._lifecycle.withdraw(row.id, brand=brand, actor=actor)
            # A story that is taken back loses its consent on the way.
            return replace(row, terms=replace(row.terms, consent=""))
        return row


def _stays(one: PlannedFile, status: MaterialStatus) -> bool:
    """Whether a file that is held to the letter need not be taken in: a retired one stays so where it should."""
    if status is MaterialStatus.RETIRED:
        return one.settled.get("status") == MaterialStatus.RETIRED
    return status is not MaterialStatus.DELETED


def _change(result: FileResult, before: Standing | None) -> str:
    if result.status is FileStatus.REFUSED:
        return "refused"
    if result.unchanged:
        return "unchanged"
    return "added" if before is None or before.status is MaterialStatus.DELETED else "revised"


def _wanted(said: Mapping[str, Any], stands: Terms, zone: str) -> Terms:
    """The terms that stand, with what is settled put in."""
    first, last = window_as_days(stands.window, zone)
    window = stands.window
    if "valid_from" in said or "valid_until" in said:
        first = _day(said["valid_from"]) if "valid_from" in said else first
        last = _day(said["valid_until"]) if "valid_until" in said else last
        window = days_as_window((first, last), zone)
    return replace(
        stands,
        title=said.get("title", stands.title),
        window=window,
        attribution=said.get("attribution", stands.attribution),
        consent=said.get("consent", stands.consent),
        names=tuple(said["names"]) if "names" in said else stands.names,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
