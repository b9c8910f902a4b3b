"""The gap report over a real calendar: what is valid, what was told to whom, and what to add by when."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from flask import Flask
from sqlalchemy import event

from copilot.domain.gaps import Mark, Reason
from copilot.domain.materials import Kind
from copilot.domain.stories import Story
from copilot.services.house import Services
from copilot.services.queries.gaps import ColumnGaps
from tests.commanding import Opened, ran
from tests.conftest import COLUMNS, Team, hearth
from tests.fakes import FakeClock
from tests.looks import the_material
from tests.steps import add, drafted_post, library, scheduled_post
from tests.visiting import HOME, Visitor, said

PAGE = f"{HOME}/library/gaps"
TABLE = "商品,会员价,有效期止\n" + "".join(f"溪石米缸 {n} 号,{n}9 元,2026-11-24\n" for n in range(1, 7))


def seeding(services: Services, team: Team, days: int = 14) -> ColumnGaps:
    (column,) = services.gaps.report(brand=team.brand, days=days).columns
    return column


def marks(column: ColumnGaps) -> str:
    shown = {Mark.WRITTEN: "w", Mark.ENOUGH: "+", Mark.THIN: "-", Mark.NOTHING: "0", None: "."}
    return "".join(shown[day.mark] for day in column.days)


def test_an_empty_library_leaves_every_slot_with_nothing(services: Services, team: Team) -> None:
    column = seeding(services, team)
    assert marks(column) == "0" * 14
    (lack,) = column.lacks
    assert (lack.reason, lack.slots, lack.kinds) == (Reason.MISSING, 14, (Kind.SELLING_POINT, Kind.OFFER))
    assert lack.slot.isoformat() == "2026-11-21T15:00:00+08:00"


def test_rows_that_run_out_are_counted_until_their_last_day(services: Services, team: Team) -> None:
    add(services, team, "offer/prices.csv", TABLE)
    column = seeding(services, team)
    assert marks(column) == "++++" + "0" * 10
    assert [supply.valid for day in column.days for supply in day.supplies][:5] == [6, 6, 6, 6, 0]
    (lack,) = column.lacks
    assert (lack.reason, lack.slot.day, lack.slots) == (Reason.EXPIRED, 25, 10)
    assert lack.since is not None and lack.since.isoformat() == "2026-11-25T00:00:00+08:00"


def test_a_post_uses_up_what_it_cites_for_the_groups_that_read_it(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    assert marks(seeding(services, team)) == "w" + "-" * 13
    (lack,) = seeding(services, team).lacks
    assert (lack.reason, lack.since) == (Reason.USED, lack.slot - timedelta(days=1))
    clock.forward(hours=3, minutes=40)
    services.delivering.tick()
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    clock.forward(days=1, hours=-3)
    assert marks(seeding(services, team)) == "-" * 13 + "+"  # A fortnight after the 21st it is fresh again.


def test_what_went_out_to_nobody_uses_nothing_up(services: Services, team: Team, clock: FakeClock) -> None:
    scheduled_post(services, team)
    clock.forward(days=1)
    services.delivering.tick()
    assert seeding(services, team).days[0].mark is Mark.ENOUGH


def test_the_same_words_in_a_new_revision_are_not_news(services: Services, team: Team) -> None:
    drafted_post(services, team)
    before = seeding(services, team).days[1].supplies[0]
    pot = the_material(services, team)
    services.lifecycle.retire([pot], brand=team.brand, actor=team.manager.id)
    services.lifecycle.restore([pot], brand=team.brand, actor=team.manager.id)
    assert seeding(services, team).days[1].supplies[0] == before
    add(services, team, "selling_point/lid.md", "小灶陶锅有内外两层盖，汤水不溢。")
    assert seeding(services, team).days[1].supplies[0].fresh == before.fresh + 1


def test_a_retired_material_and_a_story_without_consent_supply_nothing(
    services: Services, team: Team
) -> None:
    pot = library(services, team)
    assert seeding(services, team).days[0].supplies[0].valid == 1
    services.lifecycle.retire([pot], brand=team.brand, actor=team.manager.id)
    assert seeding(services, team).days[0].mark is Mark.NOTHING


@pytest.fixture
def storytelling(services: Services, team: Team, tmp_path: Path) -> Team:
    """The same column, drawing on members' stories and on a competitor note, which supplies nothing; and a welcome."""
    folder = hearth(tmp_path)
    columns = yaml.safe_load(COLUMNS)["columns"]
    columns[0]["kinds"] = ["selling_point", "experience", "competitor_note"]
    columns.append(
        {**columns[0], "slug": "welcome", "name": "欢迎", "cadence": {"every": "join"}, "kinds": ["story"]}
    )
    (folder / "columns.yaml").write_text(json.dumps({"columns": columns}), "utf-8")
    services.folders.load(folder)
    return team


def test_thursday_needs_a_members_story(services: Services, storytelling: Team) -> None:
    team = storytelling
    for number in range(30):
        add(services, team, f"selling_point/{number}.md", f"小灶陶锅的第 {number} 个卖点：壁厚 9 毫米。")
    add(services, team, "competitor_note/note.md", "别家的锅壁薄。")
    story = Story("夜班回来焖一锅粥，女儿吃了两碗。", Kind.EXPERIENCE)
    services.telling.tell(story, consent="", brand=team.brand, actor=team.manager)
    column = services.gaps.report(brand=team.brand).columns[0]
    (lack,) = column.lacks
    assert (lack.reason, lack.slot.day, lack.slots) == (Reason.STORY_MISSING, 21, 2)

    waiting = services.stories.view(brand=team.brand).waiting[0].id
    services.telling.agree(waiting, consent="私聊同意", attribution="", brand=team.brand, actor=team.manager)
    column = services.gaps.report(brand=team.brand).columns[0]
    (lack,) = column.lacks
    assert (lack.reason, lack.slot.day, lack.kinds) == (Reason.STORY_USED, 28, (Kind.EXPERIENCE,))
    assert column.days[0].supplies[0].valid == 31


def test_a_welcome_has_no_slot_and_is_looked_at_every_day(services: Services, storytelling: Team) -> None:
    add(services, storytelling, "story/old.csv", "旧事,有效期止\n从前有一条溪,2026-11-22\n")
    welcome = services.gaps.report(brand=storytelling.brand, days=4).columns[1]
    assert marks(welcome) == "++00"
    assert [(lack.slot.day, lack.is_for_newcomers) for lack in welcome.lacks] == [(23, True)]


def test_today_says_the_same_as_the_report(services: Services, team: Team) -> None:
    add(services, team, "offer/prices.csv", TABLE)
    view = services.today.view(brand=team.brand)
    assert (view.gaps, view.later_gaps) == ((), 1)
    services.lifecycle.retire(
        [row.id for row in services.library.materials(brand=team.brand)], brand=team.brand, actor=None
    )
    view = services.today.view(brand=team.brand)
    assert view.gaps == services.gaps.report(brand=team.brand).lacks and view.later_gaps == 0


def test_the_report_asks_the_database_a_dozen_times_at_most_however_long_the_calendar(
    services: Services, team: Team
) -> None:
    scheduled_post(services, team)
    asked: list[str] = []
    event.listen(
        services.parts.db.engine, "before_cursor_execute", lambda *of: asked.append(of[2]), named=False
    )
    services.gaps.report(brand=team.brand, days=3)
    short = len(asked)
    services.gaps.report(brand=team.brand, days=60)
    assert short == len(asked) - short <= 12


# --- the page and the command ---


def test_the_page_says_what_to_add_and_where_that_is_done(services: Services, team: Team, app: Flask) -> None:
    add(services, team, "offer/prices.csv", TABLE)
    page = Visitor(app, "grace").get(PAGE)
    assert (
        "Wed 25 Nov 15:00 has nothing to be written from: the last material runs out on Tue 24 Nov. "
        "9 more slots after it lack the same." in said(page)
    )
    assert f'href="{HOME}/library?kind=selling_point#add"' in page.text
    assert "6 valid, 6 of them new to its readers" in said(page)
    assert "Ask the brand manager for: Selling points, Offers and prices" in said(
        Visitor(app, "mia").get(PAGE)
    )


def test_enough_of_everything_is_said_in_one_line(services: Services, team: Team, app: Flask) -> None:
    for number in range(15):
        add(services, team, f"selling_point/{number}.md", f"小灶陶锅的第 {number} 个卖点：壁厚 9 毫米。")
    assert "Every slot of the next two weeks has something new" in said(Visitor(app, "grace").get(PAGE))


def test_today_shows_the_next_days_lacks_and_leads_to_the_rest(
    services: Services, team: Team, app: Flask
) -> None:
    grace = Visitor(app, "grace")
    page = grace.get(f"{HOME}/today")
    assert "Sat 21 Nov 15:00 has nothing to be written from" in said(page, "[aria-labelledby=gaps]")
    assert f'href="{PAGE}"' in page.text
    add(services, team, "offer/prices.csv", TABLE)
    assert "The next three days have what they need" in said(
        grace.get(f"{HOME}/today"), "[aria-labelledby=gaps]"
    )


def test_the_command_prints_the_lacks_as_rows(services: Services, team: Team) -> None:
    def run(*args: str) -> str:
        result = ran(Opened(services), "kb", "gaps", "--brand", "hearth", *args)
        assert result.code == 0, result.err
        return result.out

    (row,) = json.loads(run("--json", "--days", "3"))
    assert {key: row[key] for key in ("column", "name", "slot", "reason", "kinds")} == {
        "column": "seeding",
        "name": "下午好物",
        "slot": "2026-11-21T15:00:00+08:00",
        "reason": "missing",
        "kinds": ["selling_point", "offer"],
    }
    assert "nothing of these kinds" in run()
    for number in range(15):
        add(services, team, f"selling_point/{number}.md", f"小灶陶锅的第 {number} 个卖点：壁厚 9 毫米。")
    assert json.loads(run("--json")) == []
    assert "Nothing is missing in the next 14 days" in run()
