"""The demo: the sample brands, their people, and a fortnight lived through the real gate by a fake clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from copilot.domain.brands import Language
from copilot.domain.facts import FactKind
from copilot.domain.materials import Kind
from copilot.domain.permissions import Actor, Role
from copilot.errors import CopilotError
from copilot.ports import Clock, Progress
from copilot.services.brandfolders import pictures, uploads
from copilot.services.democopy import stock
from copilot.services.democrew import Crew
from copilot.services.ingestion import FileResult
from copilot.services.queries.rows import EMPTY, BrandRow, SlotCard

PASSWORD = "demo"  # noqa: S105 - the demo's people are meant to be let in, on a loopback address only
_PEOPLE = (
    ("xiaoman", "林小满", Role.COPYWRITER, "zh_Hans"),
    ("zhouhang", "周航", Role.OPERATOR, "zh_Hans"),
    ("grace", "Grace Hart", Role.BRAND_MANAGER, "en"),
    ("admin", "Admin", Role.ADMINISTRATOR, "en"),
)
_PAST_DAYS = 7
# What members asked this morning; the last of each no material covers.
_QUESTIONS = {
    Language.ZH: ("小灶陶锅第一次用要先做什么？", "新米一杯加多少水？", "你们有没有电饭煲？"),
    Language.EN: (
        "How do I wash the Larder Bag?",
        "My starter smells of nail varnish, what now?",
        "Do you ship to Norway?",
    ),
}


@dataclass
class TravellingClock:
    """A clock that stands where it was put."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Loaded:
    brand: str
    files: tuple[FileResult, ...]
    posts: int


class Demo:
    def __init__(self, *, clock: Clock, crew: Callable[[Clock], Crew], samples: Path) -> None:
        self._clock = clock
        self._crew = crew
        self._samples = samples

    def load(self, progress: Progress | None = None) -> list[Loaded]:
        """Loads every sample brand. Loading again adds what a new day needs and doubles nothing."""
        folders = sorted(path for path in self._samples.iterdir() if (path / "brand.yaml").is_file())
        return [_Fortnight(self._crew, self._clock()).live(folder, progress) for folder in folders]


class _Fortnight:
    """One brand's days, from a week ago to tomorrow."""

    def __init__(self, crew: Callable[[Clock], Crew], now: datetime) -> None:
        self._now = now
        self._clock = TravellingClock(now)
        self._crew = crew(self._clock)
        self._posts = 0

    def live(self, folder: Path, progress: Progress | None) -> Loaded:
        crew = self._crew
        self._clock.now = self._now - timedelta(days=_PAST_DAYS + 2)
        known = next((row.id for row in crew.brands.all() if row.slug == folder.name), None)
        # Its people may have changed columns and voice since: what they made of it is theirs.
        identity = known if known is not None else crew.folders.load(folder)
        brand = next(row for row in crew.brands.all() if row.id == identity)
        people = self._people(identity)
        zone = ZoneInfo(brand.zone)
        today = self._now.astimezone(zone).date()
        files = crew.lifecycle.sync(
            uploads(folder, today=today, language=Language(brand.language)),
            brand=identity,
            actor=people[Role.BRAND_MANAGER].id,
            progress=progress,
        )
        crew.media.add(pictures(folder), brand=identity, actor=people[Role.BRAND_MANAGER].id)
        self._stand_for_prices(identity, people[Role.BRAND_MANAGER])
        first = today - timedelta(days=_PAST_DAYS)
        crew.planning.plan(brand=identity, start=first, days=_PAST_DAYS + 15)
        for card in self._cards(brand, first, today):
            self._past(brand, card, people)
        self._today(brand, people)
        self._tomorrow(brand, people)
        self._shelf(brand, people)
        self._questions(brand, people[Role.OPERATOR])
        return Loaded(brand.slug, tuple(files), self._posts)

    def _shelf(self, brand: BrandRow, people: dict[Role, Actor]) -> None:
        is_chinese = brand.language == Language.ZH
        stock(
            self._crew,
            brand,
            writer=people[Role.COPYWRITER],
            approver=people[Role.OPERATOR if is_chinese else Role.BRAND_MANAGER],
            now=self._now,
            travel=self._at,
        )

    def _questions(self, brand: BrandRow, operator: Actor) -> None:
        """Asked once: a question that comes again is counted."""
        if not self._crew.questions.recent(brand=brand.id):
            for question in _QUESTIONS[Language(brand.language)]:
                self._crew.replying.ask(question, brand=brand.id, actor=operator)

    def _stand_for_prices(self, brand: int, manager: Actor) -> None:
        """The brand manager confirms what the price lists say; the rest waits for whoever tries the product."""
        waiting = self._crew.factsheet.view(brand=brand, kind=FactKind.PRICE).rows
        listed = [row.id for row in waiting if row.material_kind == Kind.OFFER]
        self._crew.facts.confirm(listed, brand=brand, actor=manager)

    def _people(self, brand: int) -> dict[Role, Actor]:
        for login, name, role, locale in _PEOPLE:
            self._crew.accounts.add_person(
                login=login, name=name, password=PASSWORD, roles={brand: role}, locale=locale, is_demo=True
            )
        return {role: self._crew.accounts.actor_by_login(login, brand=brand) for login, _, role, _ in _PEOPLE}

    def _cards(self, brand: BrandRow, first: date, before: date) -> list[SlotCard]:
        """The slots of [first, before), local days, that hold nothing yet."""
        cards: list[SlotCard] = []
        day = first
        while day < before:
            week = self._crew.calendar.week(brand=brand.id, around=day)
            cards += [card for one in week.days if first <= one.date < before for card in one.slots]
            day = week.following
        return [card for card in cards if card.state == EMPTY]

    def _at(self, moment: datetime) -> None:
        """Travels, but never past the real present: the past is lived, the future is not."""
        self._clock.now = min(moment.astimezone(UTC), self._now)

    def _draft(self, brand: BrandRow, card: SlotCard, writer: Actor) -> int | None:
        """A draft by the offline composer with the picture of what it cites, if there is one.

        None where the library lacks what the column needs: a gap.
        """
        post = self._crew.planning.open_post(card.slot, brand=brand.id, actor=writer)
        generation = self._crew.drafting.request(post, brand=brand.id, actor=writer)
        self._crew.drafting.run(generation)
        view = self._crew.desk.post(post, brand=brand.id)
        if view.head is None:
            return None
        at_hand = self._crew.pictures.of_post(post, brand=brand.id)
        if at_hand.near:
            nearest = at_hand.choices[0].id
            self._crew.revising.illustrate(post, brand=brand.id, actor=writer, media=[nearest])
        self._posts += 1
        return post

    def _seal(self, brand: BrandRow, post: int, writer: Actor, approver: Actor) -> bool:
        """Through the gate; False where a blocking finding stopped the post, which then stays a draft."""
        try:
            self._crew.reviewing.submit(post, brand=brand.id, actor=writer)
        except CopilotError:
            return False
        head = self._crew.desk.post(post, brand=brand.id).head
        assert head is not None
        self._crew.reviewing.approve(post, brand=brand.id, actor=approver, revision=head.id)
        return True

    def _send(self, brand: BrandRow, post: int, operator: Actor, at: datetime) -> None:
        self._crew.scheduling.schedule(post, brand=brand.id, actor=operator)
        self._at(at)
        self._crew.delivering.tick(brand=brand.id)
        self._at(at + timedelta(minutes=3))

    def _mark(self, brand: BrandRow, post: int, operator: Actor) -> None:
        for task in self._crew.senddesk.view(brand=brand.id).due:
            if task.post == post:
                for tick in task.open:
                    self._crew.delivering.mark_sent(tick.delivery, brand=brand.id, actor=operator)

    def _past(self, brand: BrandRow, card: SlotCard, people: dict[Role, Actor]) -> None:
        """A past slot: written the day before, approved in the evening, sent on time."""
        writer, operator = people[Role.COPYWRITER], people[Role.OPERATOR]
        approver = operator if brand.language == Language.ZH else people[Role.BRAND_MANAGER]
        self._at(card.starts_at - timedelta(hours=20))
        post = self._draft(brand, card, writer)
        if post is None:
            return
        self._at(card.starts_at - timedelta(hours=15))
        if self._seal(brand, post, writer, approver):
            self._at(card.starts_at - timedelta(hours=14))
            self._send(brand, post, operator, card.starts_at)
            self._mark(brand, post, operator)

    def _today(self, brand: BrandRow, people: dict[Role, Actor]) -> None:
        """Today: what is past is sent, the latest of it waits at the send desk, 15:00 waits for a writer."""
        writer, operator = people[Role.COPYWRITER], people[Role.OPERATOR]
        approver = operator if brand.language == Language.ZH else people[Role.BRAND_MANAGER]
        today = self._now.astimezone(ZoneInfo(brand.zone)).date()
        cards = [
            card
            for card in self._cards(brand, today, today + timedelta(days=1))
            if card.starts_at.time() != time(15, 0)
        ]
        over = [card for card in cards if card.starts_at <= self._now]
        for card in over:
            self._at(card.starts_at - timedelta(hours=20))
            post = self._draft(brand, card, writer)
            if post is None:
                continue
            if self._seal(brand, post, writer, approver):
                self._send(brand, post, operator, card.starts_at)
                if card is not over[-1]:
                    self._mark(brand, post, operator)
        self._clock.now = self._now
        for turn, card in enumerate(card for card in cards if card.starts_at > self._now):
            self._ahead(brand, card, people, ("sealed", "review")[turn % 2])

    def _tomorrow(self, brand: BrandRow, people: dict[Role, Actor]) -> None:
        self._clock.now = self._now
        tomorrow = self._now.astimezone(ZoneInfo(brand.zone)).date() + timedelta(days=1)
        ends = ("sealed", "broken", "review", "changes", "draft")
        cards = self._cards(brand, tomorrow, tomorrow + timedelta(days=1))
        for end, card in zip(ends, (one for one in cards if one.column != "seeding"), strict=False):
            self._ahead(brand, card, people, end)

    def _ahead(self, brand: BrandRow, card: SlotCard, people: dict[Role, Actor], end: str) -> None:
        """A coming slot, left at one station of its way."""
        writer, operator = people[Role.COPYWRITER], people[Role.OPERATOR]
        approver = operator if brand.language == Language.ZH else people[Role.BRAND_MANAGER]
        crew = self._crew
        post = self._draft(brand, card, writer)
        if post is None or end == "draft":
            return
        if end in ("sealed", "broken"):
            if self._seal(brand, post, writer, approver):
                crew.scheduling.schedule(post, brand=brand.id, actor=operator)
            if end == "broken":
                head = crew.desk.post(post, brand=brand.id).head
                assert head is not None
                tail = "记得回来看看。" if brand.language == Language.ZH else "Do come back soon."
                crew.revising.save(
                    post, brand=brand.id, actor=writer, text=f"{head.text}\n{tail}", based_on=head.number
                )
            return
        try:
            crew.reviewing.submit(post, brand=brand.id, actor=writer)
        except CopilotError:
            return
        if end == "changes":
            note = (
                "开头再轻松一点，群里刚发过类似的句式。"
                if brand.language == Language.ZH
                else "The opening is close to yesterday's. Start from the kitchen, not from the product."
            )
            crew.reviewing.request_changes(post, brand=brand.id, actor=operator, note=note)
