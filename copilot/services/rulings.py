"""The rule book's use cases: packs switched, rules changed, the brand's own kept, each as a version with its why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from copilot import models, rulepacks
from copilot.domain.brands import Brand
from copilot.domain.checks.bookfaults import LONGEST_LINE, Fault, faults
from copilot.domain.checks.rules import Pack
from copilot.domain.checks.ruling import packs_on, switched
from copilot.domain.checks.trying import Example, Heard, try_examples, try_text
from copilot.domain.legible import plain, reason_fault
from copilot.domain.messages import Message
from copilot.domain.permissions import Actor, Permission
from copilot.domain.rulebook import Change, OwnRule, RuleBook
from copilot.errors import Conflict, InvalidInput, NotFound
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import auditing, brandyaml, loading, values
from copilot.services.brandrules import KEYS, RULES, read_rules

Touched = Callable[[RuleBook], object]
"""The part of a book that one change is about."""


@dataclass(frozen=True)
class Trial:
    """An own rule that nobody kept yet: what it makes of its examples, and what does not fit."""

    examples: tuple[Example, ...]
    faults: tuple[Fault, ...]

    @property
    def passes(self) -> bool:
        return not self.faults

    @property
    def open_faults(self) -> tuple[Fault, ...]:
        """What the examples do not show themselves."""
        return tuple(fault for fault in self.faults if not fault.is_of_example)


class Rulings:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def save(self, book: RuleBook, *, brand: int, actor: Actor, note: str, based_on: int) -> int:
        """Puts a whole book in force and returns its version; an equal one makes none.

        `based_on` is the version that it was made from, 0 before there was any: Conflict if a newer one is in
        force. InvalidInput names each part that does not fit, and a missing why.
        """
        return self._amend(lambda home: book, "saved", brand=brand, actor=actor, note=note, based_on=based_on)

    def switch_pack(self, name: str, on: bool, *, brand: int, actor: Actor, note: str) -> int:
        """A pack that is on, or off, already makes no version."""
        if name not in rulepacks.PACKS:
            known = ", ".join(sorted(rulepacks.PACKS))
            raise InvalidInput({"pack": "invalid.rules_pack"}, pack=name, known=known)
        return self._amend(
            lambda home: switched(_packs(), home.rules, home.language, name, on),
            "pack_switched",
            brand=brand,
            actor=actor,
            note=note,
            pack=name,
            on=on,
        )

    def change_rule(
        self, change: Change, *, brand: int, actor: Actor, note: str, based_on: int | None = None
    ) -> int:
        """Replaces what the brand changed of one shipped rule; an empty change takes it back.

        With `based_on`, Conflict if this rule was changed since that version.
        """
        return self._amend(
            lambda home: home.rules.changing(change),
            "rule_changed",
            touched=lambda book: book.change_of(change.rule),
            brand=brand,
            actor=actor,
            note=note,
            based_on=based_on,
            rule=change.rule,
        )

    def add_own(self, rule: OwnRule, *, brand: int, actor: Actor, note: str) -> int:
        """Adds a rule of the brand's own; InvalidInput for an id that another one has."""
        return self._amend(
            lambda home: replace(home.rules, own=(*home.rules.own, rule)),
            "own_kept",
            brand=brand,
            actor=actor,
            note=note,
            rule=rule.id,
        )

    def keep_own(
        self, rule: OwnRule, *, brand: int, actor: Actor, note: str, based_on: int | None = None
    ) -> int:
        """Adds a rule of the brand's own, or puts it in the place of the one with its id.

        With `based_on`, Conflict if this rule was changed since that version.
        """
        return self._amend(
            lambda home: home.rules.owning(rule),
            "own_kept",
            touched=lambda book: book.own_of(rule.id),
            brand=brand,
            actor=actor,
            note=note,
            based_on=based_on,
            rule=rule.id,
        )

    def drop_own(self, rule: str, *, brand: int, actor: Actor, note: str) -> int:
        """Takes a rule of the brand's own out; an older version brings it back."""

        def drop(home: Brand) -> RuleBook:
            if home.rules.own_of(rule) is None:
                raise NotFound("rule", rule)
            return home.rules.without(rule)

        return self._amend(drop, "own_dropped", brand=brand, actor=actor, note=note, rule=rule)

    def declare(self, text: str, *, brand: int, actor: Actor, note: str, based_on: int | None = None) -> int:
        """The sentence that says a machine helped to write; "" asks for none.

        With `based_on`, Conflict if it was changed since that version.
        """
        return self._amend(
            lambda home: replace(home.rules, declaration=text),
            "declared",
            touched=lambda book: book.declaration,
            brand=brand,
            actor=actor,
            note=note,
            based_on=based_on,
        )

    def bring_back(self, version: int, *, brand: int, actor: Actor, note: str) -> int:
        """Makes an older version the newest again, but for changes of rules that no pack has any more.

        Version 0 is what holds for a brand that never changed anything.
        """
        known = {rule.id for pack in _packs() for rule in pack.rules}
        with self._db.read() as session:
            loading.one(session, models.Brand, brand)
            old = book_of(session, brand, version)
        wanted = replace(old, changes=tuple(one for one in old.changes if one.rule in known))
        return self._amend(
            lambda home: wanted, "brought_back", brand=brand, actor=actor, note=note, of=version
        )

    def version(self, *, brand: int) -> int:
        """The version in force, 0 for a brand that never changed anything."""
        with self._db.read() as session:
            return newest_version(session, brand)

    def read(self, data: bytes, *, brand: int, file: str = RULES) -> RuleBook:
        """The book that a rules.yaml holds, once all of it fits this brand; InvalidInput names the place that does not.

        `file` is what it is called where it comes from. A file of nothing is a slip, and no wish to have no rules: that is said by {}.
        """
        if not data.strip():
            raise InvalidInput({file: "invalid.rules_nothing"})
        return read_rules(brandyaml.parse(file, data, known=KEYS), self._home(brand))

    def hear(self, text: str, *, brand: int) -> tuple[Heard, ...]:
        """Which rules speak about a text as things stand, and which would if they were on. Nothing is kept."""
        home = self._home(brand)
        return try_text(
            text,
            force=rulepacks.for_brand(home.language, home.rules),
            every=rulepacks.compiled(*rulepacks.PACKS),
            on=[pack.name for pack in packs_on(_packs(), home.rules, home.language)],
            book=home.rules,
        )

    def try_own(self, rule: OwnRule, *, brand: int, instead_of: str = "") -> Trial:
        """What a rule that nobody kept yet makes of its examples; `instead_of` is the own rule that it would replace."""
        home = self._home(brand)
        (tidied,) = RuleBook(own=(rule,)).tidy().own
        beside = home.rules.without(instead_of)
        wanted = replace(beside, own=(*beside.own, tidied)).tidy()
        others = rulepacks.for_brand(home.language, beside)
        return Trial(
            try_examples(tidied, others, home.language, rulepacks.chinese()), _new_faults(wanted, home)
        )

    def _home(self, brand: int) -> Brand:
        with self._db.read() as session:
            return home_of(session, brand)

    def _amend(
        self,
        change: Callable[[Brand], RuleBook],
        event: str,
        *,
        brand: int,
        actor: Actor,
        note: str,
        based_on: int | None = None,
        touched: Touched | None = None,
        **data: Any,
    ) -> int:
        """One change on the newest version, as one version more."""
        actor.require(Permission.CURATE)
        with self._db.write() as session:
            home = home_of(session, brand)
            newest = newest_version(session, brand)
            if based_on is not None and based_on != newest:
                before = book_of(session, brand, based_on)
                if touched is None or touched(before) != touched(home.rules):
                    raise Conflict("error.rules_moved", based_on=based_on, newest=newest)
            wanted = change(home).tidy()
            if wanted == home.rules.tidy():
                return newest
            said = " ".join(plain(note).split())
            wrong = [*_new_faults(wanted, home), *_note_faults(said)]
            if wrong:
                raise refusal(wrong)
            return put_in_force(
                session,
                wanted,
                brand=brand,
                actor=actor.id,
                note=said,
                now=self._clock(),
                event=event,
                **data,
            )


def put_in_force(
    session: Session,
    book: RuleBook,
    *,
    brand: int,
    actor: int | None,
    note: str,
    now: datetime,
    event: str,
    **data: Any,
) -> int:
    """Adds a version inside the caller's transaction and writes down who did it. The caller found the book to fit."""
    newest = newest_version(session, brand)
    row = models.RuleBook(
        brand_id=brand,
        version=newest + 1,
        rules=book.as_json(),
        note=note,
        author_id=actor,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as exc:
        # Two people who save in one instant: on PostgreSQL the second learns of it only here.
        raise Conflict("error.rules_moved", based_on=newest, newest=newest + 1) from exc
    auditing.record(
        session,
        at=now,
        actor=actor,
        brand=brand,
        subject="rule_book",
        identity=row.id,
        event=event,
        version=row.version,
        **data,
    )
    return row.version


def _new_faults(wanted: RuleBook, home: Brand) -> tuple[Fault, ...]:
    """What does not fit and did fit before: a rule that its pack lost since is no fault of whoever changes another."""
    found = faults(wanted, home, _packs(), rulepacks.chinese())
    stood = faults(home.rules.tidy(), home, _packs(), rulepacks.chinese()) if found else ()
    return tuple(fault for fault in found if fault not in stood)


def _note_faults(note: str) -> list[Fault]:
    if (wrong := reason_fault(note, "invalid.rules_note")) is not None:
        return [Fault("note", Message(wrong))]
    if len(note) > LONGEST_LINE:
        return [Fault("note", Message("invalid.rules_line", {"line": LONGEST_LINE}))]
    return []


def refusal(found: Sequence[Fault]) -> InvalidInput:
    """The faults as one error. Of two whose sentences take unlike values, the first is told: mending it leads to the next."""
    fields: dict[str, str] = {}
    given: dict[str, Any] = {}
    for fault in found:
        params = fault.message.params
        if all(given.get(name, value) == value for name, value in params.items()):
            fields[fault.field] = fault.message.id
            given |= params
    return InvalidInput(fields, **given)


def newest_version(session: Session, brand: int) -> int:
    """0 for a brand that never changed anything."""
    newest = session.scalar(
        select(models.RuleBook.version)
        .where(models.RuleBook.brand_id == brand)
        .order_by(models.RuleBook.version.desc())
        .limit(1)
    )
    return newest or 0


def book_of(session: Session, brand: int, version: int) -> RuleBook:
    if version == 0:
        return RuleBook()
    kept = session.scalar(
        select(models.RuleBook.rules).where(
            models.RuleBook.brand_id == brand, models.RuleBook.version == version
        )
    )
    if kept is None:
        raise NotFound("rule_book", version)
    return values.rule_book(kept)


def home_of(session: Session, brand: int) -> Brand:
    """The brand with the rules in force."""
    row = loading.one(session, models.Brand, brand)
    return replace(values.brand(row), rules=loading.rule_book(session, brand))


def _packs() -> tuple[Pack, ...]:
    return tuple(rulepacks.shipped(name) for name in rulepacks.PACKS)
