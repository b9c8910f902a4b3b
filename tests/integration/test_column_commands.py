"""`copilot column`: the columns of a brand as scripts use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import Team

Run = Callable[..., Ran]


@pytest.fixture
def run(services: Services) -> Run:
    def _run(*args: str) -> Ran:
        return ran(Opened(services), "--lang", "en", "column", *args)

    return _run


def test_the_list_keeps_its_form_and_says_every_cadence_in_a_word(
    services: Services, team: Team, run: Run
) -> None:
    for template in ("welfare-friday", "new-product", "welcome"):
        services.sops.add_template(template, brand=team.brand, actor=team.operator)
    listed = run("list", "--brand", "hearth", "--json").json
    assert [tuple(row) for row in listed] == [("slug", "name", "module", "cadence", "time")] * 4
    assert [row["cadence"] for row in listed] == ["day", "week:5", "month:1", "join"]


def test_a_column_is_added_from_a_template_and_whoever_acts_must_be_allowed_to(
    services: Services, team: Team, run: Run
) -> None:
    added = run("add", "--brand", "hearth", "--template", "noon", "--json")
    assert added.json == {
        "slug": "noon",
        "name": "中午好物",
        "module": "seeding",
        "cadence": "day",
        "time": "12:00",
    }
    assert added.err == ""
    again = run("add", "--brand", "hearth", "--template", "noon")
    assert again.code == 2 and "There is a column “noon” already" in again.err
    mia = run("add", "--brand", "hearth", "--template", "points", "--as", "mia")
    assert (mia.code, mia.out) == (2, "")
    hang = run("add", "--brand", "hearth", "--template", "points", "--time", "10:15", "--as", "hang")
    assert hang.out == "“积分与优惠” is a column now: points, day, 10:15.\n"
    assert services.timetable.view(brand=team.brand).author == "周航"
    # A minute may be shared, and whoever does so is told.
    shared = run("add", "--brand", "hearth", "--template", "topic", "--time", "15:00", "--json")
    assert shared.json["time"] == "15:00"
    assert "“下午好物” goes to the same people in the same minute, first on 2026-11-21" in shared.err


def test_the_flash_sale_has_to_be_told_which_nine_and_gets_a_minute_of_its_own(team: Team, run: Run) -> None:
    flash = ("add", "--brand", "hearth", "--template", "flash-sale")
    assert run("add", "--brand", "hearth", "--template", "check-in").code == 0
    asked = run(*flash)
    assert (asked.code, asked.err) == (2, "--time: Say which is meant: 09:00, 21:00.\n")
    taken = run(*flash, "--time", "9:00")
    assert taken.code == 2 and "09:05 is free" in taken.err
    assert run(*flash, "--time", "21:00").code == 0
    unknown = run("add", "--brand", "hearth", "--template", "nothing")
    assert unknown.code == 2 and "Known are: check-in, points" in unknown.err


def test_the_templates_are_listed_in_the_readers_language(run: Run, services: Services) -> None:
    rows = run("templates", "--json").json
    assert len(rows) == 14
    flash = next(row for row in rows if row["template"] == "flash-sale")
    assert flash["times"] == ["09:00", "21:00"] and flash["name"] == "Nine o'clock flash sale"
    chinese = ran(Opened(services), "--lang", "zh", "column", "templates")
    assert "九点秒杀" in chinese.out and len(chinese.out.splitlines()) == 14
