"""Occasions as rows: what the coming weeks hold, what is proposed for them, and what ties each week together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.featuring import Proposal
from copilot.domain.messages import Message
from copilot.domain.occasions import AHEAD_DAYS, Happening, Node, NodeKind, happenings, monday, quiet
from copilot.models.database import Database
from copilot.ports import Clock
from copilot.services import loading
from copilot.services.occasionrows import Known, known
from copilot.services.occasions import Decision

WEEKS = 4


@dataclass(frozen=True)
class OccasionDay:
    """A day with what is on it; `quiet` says why nothing is sold on it, where nothing is."""

    date: date
    is_today: bool
    is_past: bool
    happenings: tuple[Happening, ...]
    quiet: Message | None


@dataclass(frozen=True)
class LineRow:
    """A week with its main line, and what could be one where it has none."""

    week: date
    line: str
    suggestion: str

    @property
    def last(self) -> date:
        return self.week + timedelta(days=6)


@dataclass(frozen=True)
class NodeRow:
    """A day of the community's own. `next` is when it comes again; None for one that is over."""

    id: int
    kind: str
    name: str
    day: date
    yearly: bool
    note: str
    next: date | None


@dataclass(frozen=True)
class DecidedRow:
    """A decision on an occasion that is still to come; `column` is the slug of the SOP's column that it became."""

    key: str
    day: date
    name: str
    state: str
    column: str
    decided_by: str


@dataclass(frozen=True)
class OccasionsView:
    today: date
    weeks: tuple[tuple[OccasionDay, ...], ...]
    proposals: tuple[Proposal, ...]
    decided: tuple[DecidedRow, ...]
    nodes: tuple[NodeRow, ...]
    lines: tuple[LineRow, ...]
    places: Mapping[str, str]


@dataclass(frozen=True)
class WeekOccasions:
    """What the calendar shows of a week: its main line, its days by date, and how many columns are proposed."""

    line: LineRow
    days: Mapping[date, OccasionDay]
    proposed: int


class OccasionQueries:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def view(self, *, brand: int, weeks: int = WEEKS, ahead: int = AHEAD_DAYS) -> OccasionsView:
        """`weeks` to look at from this one's Monday, and proposals for `ahead` days from tomorrow."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            today = self._today(home)
            facts = known(session, home, today)
            offered = facts.proposals(ahead)
            decisions = _decisions(session, brand)
            start = monday(today)
            places = session.execute(
                select(models.Destination.slug, models.Destination.name).where(
                    models.Destination.brand_id == brand
                )
            )
            return OccasionsView(
                today=today,
                weeks=tuple(_days(start + timedelta(weeks=number), facts) for number in range(weeks)),
                proposals=tuple(one for one in offered if one.key not in decisions),
                decided=_decided(session, decisions.values(), offered, facts),
                nodes=_nodes(session, brand, today),
                lines=tuple(
                    _line(session, brand, start + timedelta(weeks=number), facts) for number in range(weeks)
                ),
                places={place.slug: place.name for place in places},
            )

    def week(self, *, brand: int, start: date) -> WeekOccasions:
        """The seven days from a Monday."""
        with self._db.read() as session:
            home = loading.one(session, models.Brand, brand)
            facts = known(session, home, self._today(home))
            decisions = _decisions(session, brand)
            return WeekOccasions(
                line=_line(session, brand, start, facts),
                days={day.date: day for day in _days(start, facts)},
                proposed=sum(one.key not in decisions for one in facts.proposals()),
            )

    def _today(self, brand: models.Brand) -> date:
        return self._clock().astimezone(ZoneInfo(brand.zone)).date()


def _days(start: date, facts: Known) -> tuple[OccasionDay, ...]:
    language, last = facts.setting.language, start + timedelta(days=6)
    met = happenings(start, last, language, facts.nodes)
    return tuple(
        OccasionDay(
            date=day,
            is_today=day == facts.today,
            is_past=day < facts.today,
            happenings=tuple(one for one in met if one.day == day),
            quiet=rest.reason if (rest := quiet(day, language)) is not None else None,
        )
        for day in (start + timedelta(days=number) for number in range(7))
    )


def _line(session: Session, brand: int, week: date, facts: Known) -> LineRow:
    line = session.scalar(
        select(models.MainLine.line).where(models.MainLine.brand_id == brand, models.MainLine.week == week)
    )
    is_over = week + timedelta(days=6) < facts.today
    return LineRow(week, line or "", "" if line or is_over else facts.line_for(week))


def _nodes(session: Session, brand: int, today: date) -> tuple[NodeRow, ...]:
    """Those to come first, the nearest at the head; then those that are over."""
    rows = session.scalars(
        select(models.Node).where(models.Node.brand_id == brand, models.Node.retired_at.is_(None))
    )
    found = []
    for row in rows:
        node = Node(row.id, NodeKind(row.kind), row.name, row.day, row.yearly)
        coming = node.days(today, max(today, row.day) + timedelta(days=366))
        found.append(
            NodeRow(row.id, row.kind, row.name, row.day, row.yearly, row.note, coming[0] if coming else None)
        )
    return tuple(sorted(found, key=lambda one: (one.next is None, one.next or one.day, one.id)))


def _decisions(session: Session, brand: int) -> dict[str, models.FeaturedDecision]:
    rows = session.scalars(
        select(models.FeaturedDecision)
        .where(models.FeaturedDecision.brand_id == brand)
        .order_by(models.FeaturedDecision.decided_at, models.FeaturedDecision.id)
    )
    return {row.key: row for row in rows}


def _decided(
    session: Session,
    decisions: Iterable[models.FeaturedDecision],
    offered: Sequence[Proposal],
    facts: Known,
) -> tuple[DecidedRow, ...]:
    """Decisions on days to come, the soonest first; named after their column, or after what was proposed."""
    names = {column.slug: column.name for column in facts.setting.columns}
    proposed = {one.key: f"{one.occasion} · {one.profile['name']}" for one in offered}
    people = {user.id: user.name for user in session.scalars(select(models.User))}
    found = []
    for row in decisions:
        slug, _, day = row.key.rpartition(":")
        if date.fromisoformat(day) > facts.today:
            found.append(
                DecidedRow(
                    key=row.key,
                    day=date.fromisoformat(day),
                    name=names.get(row.column) or proposed.get(row.key) or slug,
                    state=Decision(row.state),
                    column=row.column if row.column in names else "",
                    decided_by=people.get(row.decided_by, ""),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.day, one.key)))
