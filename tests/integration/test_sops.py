"""The SOP in people's hands: what becomes of the calendar when its columns change, and that nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from copilot import models
from copilot.domain.permissions import Actor
from copilot.domain.posts import PostState
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.brandsettings import read_settings
from copilot.services.brandtrees import FolderTree
from copilot.services.house import Services
from copilot.services.queries.rows import SlotCard
from tests.conftest import BRAND, COLUMNS, POT, VOICE, Team
from tests.fakes import FakeClock
from tests.steps import COPY, POT_FILE, add, approve, library, scheduled_post, todays_slot, written

SEEDING: dict[str, Any] = {
    "name": "下午好物",
    "module": "seeding",
    "value": "knowledge",
    "form": "seeding",
    "cadence": {"every": "day"},
    "time": "15:00",
    "channel": "community",
    "destinations": ["one", "two"],
    "purpose": "小灶陶锅的材质、容量与价格",
    "kinds": ["selling_point", "offer"],
    "length": [20, 260],
    "structure": [],
    "call_to_action": "想要的饭友在群里说一声。",
}
QUIZ = {**SEEDING, "name": "晚间问答", "form": "quiz", "module": "interaction", "time": "21:00"}


def cards(services: Services, team: Team, weeks: int = 2) -> list[SlotCard]:
    """What the calendar shows from this week on."""
    day = services.parts.clock().date()
    shown = []
    for _ in range(weeks):
        week = services.calendar.week(brand=team.brand, around=day)
        shown += [card for one in week.days for card in one.slots]
        day = week.following
    return shown


def at(services: Services, team: Team, column: str) -> list[str]:
    """Day and time of a column's slots in the calendar."""
    return [f"{card.starts_at:%m-%d %H:%M}" for card in cards(services, team) if card.column == column]


def change(services: Services, team: Team, actor: Actor | None = None, **given: Any) -> None:
    services.sops.change(
        "seeding",
        brand=team.brand,
        actor=actor or team.operator,
        profile={**SEEDING, **given},
        based_on=services.timetable.version(brand=team.brand),
    )


def test_a_new_column_is_in_the_calendar_at_once_and_asks_nothing_of_the_past(
    services: Services, team: Team
) -> None:
    slug = services.sops.add({**QUIZ, "time": "9:00"}, brand=team.brand, actor=team.manager, note="试一周")
    assert slug == "column"
    # It is half past eleven on Saturday: this morning's nine o'clock was never anybody's to write.
    assert at(services, team, slug)[0] == "11-22 09:00"
    assert len(at(services, team, slug)) == 8
    view = services.timetable.view(brand=team.brand)
    assert (view.version, view.author, view.note) == (2, "Grace Hart", "试一周")
    assert [row.column.slug for row in view.columns] == ["seeding", "column"]
    services.ticking.tick("test")
    assert at(services, team, slug)[0] == "11-22 09:00"
    assert services.sops.add({**QUIZ, "name": "Evening quiz"}, brand=team.brand, actor=None) == "evening-quiz"
    assert (
        services.sops.add({**QUIZ, "name": "Evening quiz"}, brand=team.brand, actor=None) == "evening-quiz-2"
    )


def test_a_changed_time_moves_what_is_empty_and_leaves_what_somebody_wrote(
    services: Services, team: Team
) -> None:
    library(services, team)
    services.planning.plan_ahead()
    today, *_ = [card for card in cards(services, team) if card.column == "seeding"]
    draft = written(services, team)
    change(services, team, time="15:30")
    slots = at(services, team, "seeding")
    assert slots[:3] == ["11-21 15:00", "11-22 15:30", "11-23 15:30"]
    assert len(slots) == len({slot[:5] for slot in slots}), "a column comes once a day"
    card = next(card for card in cards(services, team) if card.post == draft)
    assert (card.slot, card.state) == (today.slot, PostState.DRAFT)
    # The draft is still written and checked for the column that it was begun for.
    assert services.desk.post(draft, brand=team.brand).column.time.hour == 15
    services.planning.plan_ahead()
    services.planning.plan(brand=team.brand, start=date(2026, 11, 21), days=7)
    assert at(services, team, "seeding") == slots


def test_what_is_not_approved_yet_goes_over_to_the_new_column_and_what_is_does_not(
    services: Services, team: Team
) -> None:
    sealed = scheduled_post(services, team)
    tomorrow = next(card.slot for card in cards(services, team) if card.starts_at.day == 22)
    draft = services.planning.open_post(tomorrow, brand=team.brand, actor=team.copywriter)
    services.revising.save(draft, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
    change(services, team, destinations=["one"], purpose="只说陶锅")
    assert services.desk.post(draft, brand=team.brand).column.purpose == "只说陶锅"
    assert [row.name for row in services.desk.post(draft, brand=team.brand).destinations] == ["饭友一群"]
    kept = services.desk.post(sealed, brand=team.brand)
    assert kept.state is PostState.SCHEDULED
    assert kept.column.purpose == SEEDING["purpose"] and len(kept.destinations) == 2
    slots = at(services, team, "seeding")
    assert len(slots) == len(set(slots)) == 9


def test_a_post_that_waits_for_review_is_approved_for_the_new_destinations(
    services: Services, team: Team
) -> None:
    library(services, team)
    post = written(services, team)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    change(services, team, destinations=["two"])
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    deliveries = services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    assert len(deliveries) == 1


def test_what_was_missed_stays_missed_and_is_not_asked_for_again(
    services: Services, team: Team, clock: FakeClock
) -> None:
    services.planning.plan(brand=team.brand, start=date(2026, 11, 19), days=9)
    before = at(services, team, "seeding")
    services.sops.add(QUIZ, brand=team.brand, actor=team.operator)
    services.ticking.tick("test")
    assert at(services, team, "seeding")[: len(before)] == before


def test_a_column_that_is_taken_out_leaves_what_was_written_and_can_be_brought_back(
    services: Services, team: Team
) -> None:
    draft = written_tomorrow(services, team)
    services.sops.remove("seeding", brand=team.brand, actor=team.operator)
    assert [card.post for card in cards(services, team) if card.column == "seeding"] == [draft]
    assert services.brands.columns(team.brand) == []
    (gone,) = services.timetable.removed(brand=team.brand)
    assert (gone.slug, gone.version) == ("seeding", 1)
    services.sops.restore("seeding", version=gone.version, brand=team.brand, actor=team.operator)
    slots = at(services, team, "seeding")
    assert slots[0] == "11-21 15:00" and len(slots) == len(set(slots)) == 9
    with pytest.raises(Conflict, match="column_same"):
        services.sops.restore("seeding", version=1, brand=team.brand, actor=team.operator)


def written_tomorrow(services: Services, team: Team) -> int:
    library(services, team)
    todays_slot(services, team)
    tomorrow = next(card.slot for card in cards(services, team) if card.starts_at.day == 22)
    post = services.planning.open_post(tomorrow, brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
    return post


def test_a_whole_version_comes_back_and_everything_is_written_down(services: Services, team: Team) -> None:
    services.sops.add(QUIZ, brand=team.brand, actor=team.operator)
    change(services, team, time="16:00")
    services.sops.bring_back(1, brand=team.brand, actor=team.manager, note="还是原来好")
    assert [row.time for row in services.brands.columns(team.brand)] == ["15:00"]
    with pytest.raises(Conflict, match="sop_same"):
        services.sops.bring_back(1, brand=team.brand, actor=team.manager)
    with pytest.raises(NotFound):
        services.sops.bring_back(9, brand=team.brand, actor=team.manager)
    versions = services.timetable.versions(brand=team.brand)
    assert [(one.number, one.added, one.changed, one.removed) for one in versions] == [
        (4, (), ("下午好物",), ("晚间问答",)),
        (3, (), ("下午好物",), ()),
        (2, ("晚间问答",), (), ()),
        (1, ("下午好物",), (), ()),
    ]
    with services.parts.db.read() as session:
        actions = session.scalars(
            select(models.Audit.action).where(models.Audit.subject == "sop").order_by(models.Audit.id)
        ).all()
    assert actions == ["sop.column_added", "sop.column_changed", "sop.brought_back"]


def test_two_versions_are_compared_field_by_field(services: Services, team: Team) -> None:
    change(services, team, time="16:00", purpose="小灶陶锅的材质与价格", kinds=["offer", "selling_point"])
    made = services.timetable.compare(1, 2, brand=team.brand)
    (difference,) = made.differences
    assert [one.field for one in difference.fields] == ["time", "purpose"]
    words = difference.fields[1].changes
    assert [one.text for one in words if one.kind == "removed"] == ["、容量"]
    services.sops.add(QUIZ, brand=team.brand, actor=team.operator)
    (added,) = services.timetable.compare(2, 3, brand=team.brand).differences
    assert added.before is None and added.column.name == "晚间问答"
    services.sops.reorder(["column", "seeding"], brand=team.brand, actor=team.operator)
    moved = services.timetable.compare(3, 4, brand=team.brand)
    assert moved.differences == () and moved.is_moved
    with pytest.raises(NotFound):
        services.timetable.compare(1, 7, brand=team.brand)


def test_whoever_was_overtaken_is_told_and_what_is_as_it_was_makes_no_version(
    services: Services, team: Team
) -> None:
    services.sops.add(QUIZ, brand=team.brand, actor=team.operator)
    with pytest.raises(Conflict) as refused:
        services.sops.change(
            "seeding",
            brand=team.brand,
            actor=team.manager,
            profile={**SEEDING, "time": "16:00"},
            based_on=1,
        )
    assert refused.value.params == {"based_on": 1, "newest": 2}
    services.sops.change("seeding", brand=team.brand, actor=team.manager, profile=SEEDING, based_on=1)
    services.sops.reorder(["seeding", "column"], brand=team.brand, actor=team.operator)
    assert services.timetable.version(brand=team.brand) == 2


def test_only_who_plans_changes_the_columns_and_only_those_of_the_brand(
    services: Services, team: Team
) -> None:
    for deed in (
        lambda: services.sops.add(QUIZ, brand=team.brand, actor=team.copywriter),
        lambda: services.sops.remove("seeding", brand=team.brand, actor=team.copywriter),
        lambda: services.sops.begin_day(brand=team.brand, actor=team.copywriter),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises(NotFound):
        services.sops.remove("welcome", brand=team.brand, actor=team.operator)
    with pytest.raises(InvalidInput):
        services.sops.reorder(["seeding", "seeding"], brand=team.brand, actor=team.operator)


def test_the_flash_sale_asks_which_nine_oclock_and_never_shares_its_minute(
    services: Services, team: Team
) -> None:
    services.sops.begin_day(brand=team.brand, actor=team.operator)
    with pytest.raises(InvalidInput) as asked:
        services.sops.add_template("flash-sale", brand=team.brand, actor=team.operator)
    assert asked.value.fields == {"time": "invalid.column_time_asked"}
    with pytest.raises(InvalidInput) as refused:
        services.sops.add_template("flash-sale", brand=team.brand, actor=team.operator, at="09:00")
    assert refused.value.fields == {"time": "invalid.column_minute"}
    assert (refused.value.values["other"], refused.value.values["free"]) == ("早安打卡", "09:05")
    row = services.timetable.from_template("flash-sale", brand=team.brand)
    assert [(one.free.strftime("%H:%M"), one.taken_by) for one in row.choices] == [
        ("09:05", "早安打卡"),
        ("21:05", "晚间互动"),
    ]
    services.sops.add_template("flash-sale", brand=team.brand, actor=team.operator, at="09:05")
    # From now on nobody moves into its minute either.
    with pytest.raises(InvalidInput, match="column_minute"):
        services.sops.add({**QUIZ, "time": "09:05"}, brand=team.brand, actor=team.operator)
    # Two others may share a minute; the page says so.
    services.sops.add({**QUIZ, "time": "09:00"}, brand=team.brand, actor=team.operator)
    rows = {row.column.slug: row for row in services.timetable.view(brand=team.brand).columns}
    assert [(clash.slug, clash.is_refused) for clash in rows["column"].clashes] == [("check-in", False)]


def test_a_new_brand_begins_with_the_day_of_the_seed(services: Services) -> None:
    brand = services.brands.create(slug="new", name="New", zone="Europe/London", language="en")
    assert services.sops.begin_day(brand=brand, actor=None) == [
        "check-in",
        "points",
        "topic",
        "seeding",
        "evening",
    ]
    assert [(row.time, row.cadence) for row in services.brands.columns(brand)] == [
        (hour, "day") for hour in ("09:00", "10:00", "11:00", "15:00", "21:00")
    ]
    with pytest.raises(Conflict, match="day_is_there"):
        services.sops.begin_day(brand=brand, actor=None)
    view = services.timetable.view(brand=brand)
    assert [len(hour.lines[0].runs) for hour in view.hours] == [1] * 5
    # Nobody has said yet where it goes.
    assert {row.column.channel for row in view.columns} == {"slack", "telegram"}
    assert all(row.destinations == () for row in view.columns)


def test_an_import_of_columns_takes_the_calendar_along_too(
    services: Services, team: Team, tmp_path: Path
) -> None:
    services.planning.plan_ahead()
    files = {"brand.yaml": BRAND, "voice.yaml": VOICE, "columns.yaml": COLUMNS.replace('"15:00"', '"16:00"')}
    (tmp_path / "again").mkdir()
    for name, content in files.items():
        (tmp_path / "again" / name).write_text(content, encoding="utf-8")
    services.folders.load(tmp_path / "again")
    services.planning.plan_ahead()
    assert {slot[6:] for slot in at(services, team, "seeding")[1:]} == {"16:00"}
    with services.parts.db.read() as session:
        orphans = session.scalars(
            select(models.Slot)
            .join(models.Column, models.Column.id == models.Slot.column_id)
            .join(models.Sop, models.Sop.id == models.Column.sop_id)
            .where(models.Sop.active.is_(False), models.Slot.starts_at > services.parts.clock())
        ).all()
    assert orphans == []


def test_every_cadence_goes_out_and_comes_in_as_it_was(
    services: Services, team: Team, tmp_path: Path
) -> None:
    """Days may be written without quotation marks, which YAML takes for dates."""
    text = COLUMNS
    for slug, cadence in (
        ("mid-month", "{every: month, days: [1, 15]}"),
        ("moon", "{every: festival, festivals: [mid-autumn]}"),
        ("opening", "{every: once, dates: [2026-12-01]}"),
    ):
        one = COLUMNS.replace("columns:\n", "").replace("slug: seeding", f"slug: {slug}")
        text += one.replace("{every: day}", cadence)
    (tmp_path / "in").mkdir()
    for name, content in (("brand.yaml", BRAND), ("voice.yaml", VOICE), ("columns.yaml", text)):
        (tmp_path / "in" / name).write_text(content, encoding="utf-8")
    services.folders.load(tmp_path / "in")
    assert [row.cadence for row in services.brands.columns(team.brand)] == [
        "day",
        "month:1,15",
        "festival:mid-autumn",
        "once:2026-12-01",
    ]
    services.exporting.write_folder(services.exporting.files(brand=team.brand), tmp_path / "out")
    settings = read_settings(FolderTree(tmp_path / "out"))
    assert settings.columns == read_settings(FolderTree(tmp_path / "in")).columns
    settled = services.folders.settle(settings, slug="hearth", actor=None)
    assert "columns" not in settled.changed


@pytest.mark.parametrize(
    ("cadence", "message"),
    [
        ("{every: month, day: [1]}", "invalid.yaml_unknown"),
        ("{every: month, days: [first]}", "invalid.yaml_numbers"),
        ("{every: once, dates: [soon]}", "invalid.yaml_days"),
        ("{every: festival, festivals: [x]}", "invalid.yaml_entry"),
        ("daily", "invalid.yaml_mapping"),
    ],
)
def test_a_cadence_that_does_not_fit_is_named_with_its_file(
    tmp_path: Path, cadence: str, message: str
) -> None:
    columns = COLUMNS.replace("{every: day}", cadence)
    for name, content in (("brand.yaml", BRAND), ("voice.yaml", VOICE), ("columns.yaml", columns)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_settings(FolderTree(tmp_path))
    assert refused.value.fields == {"columns.yaml": message}


WELCOME = {
    **SEEDING,
    "slug": "welcome",
    "name": "新人欢迎",
    "module": "welcome",
    "form": "welcome",
    "cadence": {"every": "join"},
    "structure": ["进群福利", "常见问题", "群规"],
}


class TestTheWelcome:
    """Written once, at one place, and watched for as long as it is said."""

    def opened(self, services: Services, team: Team) -> int:
        slot = services.planning.standing_slot("welcome", brand=team.brand, actor=team.copywriter)
        return services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)

    def test_it_has_one_place_which_waits_for_whoever_writes_it(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        services.sops.add(WELCOME, brand=team.brand, actor=team.operator)
        post = self.opened(services, team)
        slot = services.desk.post(post, brand=team.brand).card
        assert slot.starts_at.astimezone(UTC) == datetime(2026, 11, 21, 4, tzinfo=UTC)
        clock.forward(days=3)
        assert self.opened(services, team) == post
        moved = services.desk.post(post, brand=team.brand).card
        assert moved.starts_at.astimezone(UTC) == datetime(2026, 11, 24, 4, tzinfo=UTC)
        assert not moved.late
        with pytest.raises(Conflict, match="column_has_days"):
            services.planning.standing_slot("seeding", brand=team.brand, actor=team.copywriter)
        with pytest.raises(NotFound):
            services.planning.standing_slot("nothing", brand=team.brand, actor=team.copywriter)

    def test_once_approved_it_stays_until_its_facts_change_and_says_so_weeks_later(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        services.sops.add(WELCOME, brand=team.brand, actor=team.operator)
        pot = library(services, team)
        post = self.opened(services, team)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
        view = services.desk.post(post, brand=team.brand)
        assert view.welcome is not None and not view.welcome.holds
        approve(services, team, post)
        clock.forward(days=20)
        held = services.desk.post(post, brand=team.brand)
        assert held.welcome is not None and held.welcome.holds
        assert held.welcome.copy.template.startswith("%NICKNAME%，小灶陶锅")
        assert self.opened(services, team) == post
        services.sops.add(QUIZ, brand=team.brand, actor=team.operator)
        assert self.opened(services, team) == post

        services.lifecycle.retire([pot], brand=team.brand, actor=team.manager.id)
        lost = services.desk.post(post, brand=team.brand)
        assert lost.state is PostState.SUSPENDED
        assert lost.welcome is not None and not lost.welcome.holds
        assert [row.post for row in services.today.view(brand=team.brand).flagged] == [post]

    def test_an_offer_that_ran_out_a_moment_ago_is_not_copied_to_newcomers(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        services.sops.add(WELCOME, brand=team.brand, actor=team.operator)
        add(services, team, POT_FILE, POT, valid_until=date(2026, 12, 5))
        post = self.opened(services, team)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
        approve(services, team, post)
        clock.forward(days=16)
        view = services.desk.post(post, brand=team.brand)
        assert view.state is PostState.APPROVED, "no worker has looked yet"
        assert view.welcome is not None and not view.welcome.holds
        services.delivering.tick()
        assert services.desk.post(post, brand=team.brand).state is PostState.SUSPENDED

    def test_after_a_quarter_of_a_year_it_is_written_anew(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        services.sops.add(WELCOME, brand=team.brand, actor=team.operator)
        library(services, team)
        post = self.opened(services, team)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
        approve(services, team, post)
        clock.forward(days=91)
        over = services.desk.post(post, brand=team.brand)
        assert over.welcome is not None and not over.welcome.holds
        assert self.opened(services, team) != post


def test_the_gaps_know_what_was_approved_for_an_older_version(services: Services, team: Team) -> None:
    scheduled_post(services, team)
    change(services, team, purpose="只说陶锅")
    (line,) = services.gaps.report(brand=team.brand).columns
    today = services.parts.clock() + timedelta(hours=8)
    marks = {day.date: day.mark for day in line.days}
    assert marks[today.date()] == "written"
