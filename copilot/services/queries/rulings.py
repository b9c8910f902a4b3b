"""The rules as rows: packs with what the brand changed of them, its own, the versions, and how often each spoke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from copilot import models, rulepacks, wording
from copilot.domain.brands import Language
from copilot.domain.checks.rules import Pack, Rule
from copilot.domain.checks.ruling import packs_on
from copilot.domain.checks.trying import found_in_examples
from copilot.domain.findings import Check, Severity
from copilot.domain.messages import Message
from copilot.domain.rulebook import Change, OwnRule, RuleBook
from copilot.domain.rulechanges import compare_books
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading, values
from copilot.services.queries.rows import local
from copilot.services.rulings import newest_version

DAYS = 30
"""How far back it is counted how often a rule spoke."""


@dataclass(frozen=True)
class Use:
    """Posts in which a rule objected to something in the last days, and those in which people let it stand."""

    posts: int = 0
    waived: int = 0

    @property
    def annoys(self) -> bool:
        """Half of those who met it let it stand: it may be the rule that is wrong."""
        return self.waived >= 2 and self.waived * 2 >= self.posts


@dataclass(frozen=True)
class RuleRow:
    """A shipped rule as it holds here. `finds` are words that raise it: its terms, or what it finds in its examples."""

    rule: Rule
    pack: str
    change: Change
    finds: tuple[str, ...]
    use: Use

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.change.severity or self.rule.severity

    @property
    def is_off(self) -> bool:
        return self.change.is_off

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Those of the brand; the rule has its own."""
        return self.change.exceptions

    @property
    def is_changed(self) -> bool:
        return not self.change.is_empty


@dataclass(frozen=True)
class OwnRow:
    """A rule of the brand's own, to be read as a shipped one is: it cannot be off, and nobody changes it from without."""

    rule: OwnRule
    use: Use
    pack: str = "own"
    is_off: bool = False
    exceptions: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def finds(self) -> tuple[str, ...]:
        return self.rule.terms


@dataclass(frozen=True)
class PackRow:
    """A pack as a chapter. `sections` are its rules by category, as far as they were asked for; `count` is of all."""

    pack: Pack
    is_on: bool
    count: int
    changed: int
    sections: tuple[tuple[str, tuple[RuleRow, ...]], ...]

    @property
    def shown(self) -> int:
        return sum(len(rows) for _, rows in self.sections)


@dataclass(frozen=True)
class VersionRow:
    """`changes` are what it changed of the version before."""

    version: int
    note: str
    author: str
    at: datetime
    changes: tuple[Message, ...]


@dataclass(frozen=True)
class RulesView:
    """`version` 0 is what holds for a brand that never changed anything. `own` and `packs` are what was asked for."""

    version: int
    book: RuleBook
    language: Language
    packs: tuple[PackRow, ...]
    own: tuple[OwnRow, ...]
    versions: tuple[VersionRow, ...]

    @property
    def shown(self) -> int:
        return len(self.own) + sum(pack.shown for pack in self.packs)

    def rule(self, name: str) -> RuleRow | OwnRow | None:
        rows = (row for pack in self.packs for _, section in pack.sections for row in section)
        own = (row for row in self.own if row.rule.id == name)
        return next((row for row in rows if row.id == name), None) or next(own, None)


class RulingQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def view(self, *, brand: int, query: str = "", level: str = "", pack: str = "") -> RulesView:
        """Everything, or the rules that say something of `query`, are of a `level` and stand in this pack.

        Levels are the severities in force, "off" and "changed".
        """
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            language = Language(home.language)
            book = loading.rule_book(session, brand)
            uses = _uses(session, brand, self._clock() - timedelta(days=DAYS))
            packs = tuple(rulepacks.shipped(name) for name in rulepacks.PACKS)
            on = {pack.name for pack in packs_on(packs, book, language)}
            rows = [_pack_row(pack, pack.name in on, book, uses) for pack in packs]
            own = [OwnRow(one, uses.get(one.id, Use())) for one in book.own]
            return RulesView(
                version=newest_version(session, brand),
                book=book,
                language=language,
                # Those that hold stand first.
                packs=tuple(
                    _asked(row, query, level)
                    for row in sorted(rows, key=lambda row: not row.is_on)
                    if pack in ("", row.pack.name)
                ),
                own=tuple(row for row in own if not pack and _own_is_asked(row, query, level)),
                versions=tuple(_versions(session, brand, home.zone, language)),
            )


def _pack_row(pack: Pack, is_on: bool, book: RuleBook, uses: Mapping[str, Use]) -> PackRow:
    found = _found(pack.name)
    rows = [
        RuleRow(
            rule=rule,
            pack=pack.name,
            change=book.change_of(rule.id),
            finds=tuple(dict.fromkeys((*rule.terms, *(() if rule.terms else found[rule.id])))),
            use=uses.get(rule.id, Use()),
        )
        for rule in pack.rules
    ]
    sections = {
        rule.category: tuple(row for row in rows if row.rule.category == rule.category) for rule in pack.rules
    }
    return PackRow(
        pack=pack,
        is_on=is_on,
        count=len(rows),
        changed=sum(row.is_changed for row in rows),
        sections=tuple(sections.items()),
    )


@cache
def _found(pack: str) -> dict[str, tuple[str, ...]]:
    return found_in_examples(rulepacks.shipped(pack), rulepacks.chinese())


def _asked(row: PackRow, query: str, level: str) -> PackRow:
    kept = (
        (category, tuple(one for one in rows if _is_asked(one, row.is_on, query, level)))
        for category, rows in row.sections
    )
    return replace(row, sections=tuple((category, rows) for category, rows in kept if rows))


def _is_asked(row: RuleRow, is_on: bool, query: str, level: str) -> bool:
    is_off = row.is_off or not is_on
    rule = row.rule
    at_level = {
        "": True,
        "off": is_off,
        "changed": row.is_changed,
    }.get(level, not is_off and level == row.severity)
    said = (
        rule.id,
        *rule.reason.values(),
        *rule.basis.values(),
        *(wording.sentences()[f"rulecategory.{rule.category}"].values()),
        *row.finds,
        *row.change.exceptions,
    )
    return at_level and _says(said, query)


def _own_is_asked(row: OwnRow, query: str, level: str) -> bool:
    rule = row.rule
    said = (rule.id, rule.reason, rule.basis, *rule.terms, *rule.exceptions)
    return level in ("", str(rule.severity)) and _says(said, query)


def _says(texts: Iterable[str], query: str) -> bool:
    fold = rulepacks.chinese().fold
    wanted = fold(query).split()
    said = fold("\n".join(texts))
    return all(word in said for word in wanted)


def _uses(session: Session, brand: int, since: datetime) -> dict[str, Use]:
    """Posts are counted, not findings: each revision of a post says again what the one before said."""
    post, finding, revision = models.Post, models.Finding, models.Revision
    spoke = session.execute(
        select(finding.rule, func.count(func.distinct(revision.post_id)))
        .join(revision, revision.id == finding.revision_id)
        .join(post, post.id == revision.post_id)
        .where(post.brand_id == brand, revision.created_at > since, finding.check == Check.COMPLIANCE)
        .group_by(finding.rule)
    )
    given = session.execute(
        select(models.Waiver.rule, func.count(func.distinct(models.Waiver.post_id)).label("posts"))
        .where(
            models.Waiver.brand_id == brand,
            models.Waiver.check == Check.COMPLIANCE,
            models.Waiver.created_at > since,
            models.Waiver.withdrawn_at.is_(None),
        )
        .group_by(models.Waiver.rule)
    )
    waived = {row.rule: row.posts for row in given}
    found = {rule: Use(count, waived.pop(rule, 0)) for rule, count in spoke}
    # A post from before that was let stand now.
    return {**{rule: Use(count, count) for rule, count in waived.items()}, **found}


def _versions(session: Session, brand: int, zone: str, language: Language) -> Iterable[VersionRow]:
    """Every version, the newest first."""
    rows = session.execute(
        select(models.RuleBook, models.User.name)
        .outerjoin(models.User, models.User.id == models.RuleBook.author_id)
        .where(models.RuleBook.brand_id == brand)
        .order_by(models.RuleBook.version)
    ).all()
    books = [RuleBook(), *(values.rule_book(row.rules) for row, _ in rows)]
    usual = rulepacks.for_brand_language(language)
    changes = [tuple(compare_books(before, after, usual)) for before, after in pairwise(books)]
    found = [
        VersionRow(row.version, row.note, name or "", local(row.created_at, zone), changed)
        for (row, name), changed in zip(rows, changes, strict=True)
    ]
    return found[::-1]
