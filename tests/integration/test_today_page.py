"""Today tells each post once, counts what it tells, and says what changed under it."""

from __future__ import annotations

from datetime import date

from flask import Flask

from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.steps import COPY, add, approve, drafted_post, library, revise, scheduled_post, todays_slot
from tests.visiting import HOME, Visitor, parsed, said


def test_a_post_whose_source_changed_is_counted_and_stands_once(
    services: Services, team: Team, app: Flask
) -> None:
    """A draft waits to be written on, too: it is put right first."""
    post = drafted_post(services, team)
    hang = Visitor(app, "hang")
    before = services.today.view(brand=team.brand)
    assert post in [card.post for card in before.to_write]
    revise(services, team, ("239 元", "259 元"))
    view = services.today.view(brand=team.brand)
    assert [one.post for one in view.flagged] == [post]
    assert post not in [card.post for card in (*view.to_write, *view.late)]
    page = hang.get(f"{HOME}/today")
    count = len(view.to_write) + 1
    assert f"{count} things wait for you" in said(page, "h1")
    desk = f"{HOME}/posts/{post}"
    titles = [link.attributes["href"] or "" for link in parsed(page).css("a.queue__title")]
    assert [href for href in titles if href.startswith(desk)] == [f"{desk}#flags"]


def test_the_row_says_which_figure_changed_and_that_it_is_late(
    services: Services, team: Team, clock: FakeClock, app: Flask
) -> None:
    scheduled_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    clock.forward(hours=5)
    view = services.today.view(brand=team.brand)
    assert not view.late
    page = Visitor(app, "mia").get(f"{HOME}/today")
    row = said(page, "section[aria-labelledby=flagged]")
    assert "239 元 259 元" in row and "Late" in row
    assert "The material says something else now" not in row
    assert "One slot is late." in said(page)


def test_without_an_edit_to_propose_the_exchanged_figures_are_said(
    services: Services, team: Team, app: Flask
) -> None:
    drafted_post(services, team, "小灶陶锅焖一锅饭要 25 分钟。\n想要的饭友在群里说一声。")
    revise(services, team, ("焖一锅饭要 25 分钟", "焖一锅饭要 35 分钟"))
    (one,) = services.today.view(brand=team.brand).flagged
    assert [(change.kind, change.text) for change in one.changes] == [
        ("removed", "25 分钟"),
        ("added", "35 分钟"),
    ]
    # What is gone altogether has no figure in its place: then the row says so in words.
    revise(services, team, ("小灶陶锅焖一锅饭要 25 分钟。\n", ""))
    assert services.today.view(brand=team.brand).flagged[0].changes == ()
    row = said(Visitor(app, "mia").get(f"{HOME}/today"), "section[aria-labelledby=flagged]")
    assert "The material says something else now" in row


def test_materials_are_counted_as_the_library_counts_them(services: Services, team: Team) -> None:
    library(services, team)
    add(services, team, "experience/story.md", "# 一位饭友\n\n她每天焖饭。\n", hold=True)
    assert services.today.view(brand=team.brand).materials == len(
        services.library.materials(brand=team.brand)
    )
    assert services.today.view(brand=team.brand).materials == 2


def test_a_seal_of_another_day_gives_its_day(
    services: Services, team: Team, clock: FakeClock, app: Flask
) -> None:
    library(services, team)
    todays_slot(services, team)
    week = services.calendar.week(brand=team.brand, around=date(2026, 11, 22))
    slot = next(one.slot for day in week.days if day.date == date(2026, 11, 22) for one in day.slots)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
    approve(services, team, post)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    clock.forward(days=1, hours=3, minutes=31)
    services.delivering.tick()
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    done = said(Visitor(app, "hang").get(f"{HOME}/today"), "section[aria-labelledby=done] .seal")
    assert "Sat 21 Nov" in done


def test_a_row_further_off_than_tomorrow_gives_its_date(services: Services, team: Team, app: Flask) -> None:
    library(services, team)
    todays_slot(services, team)
    for day in (date(2026, 11, 22), date(2026, 11, 25)):
        week = services.calendar.week(brand=team.brand, around=day)
        slot = next(one.slot for on in week.days if on.date == day for one in on.slots)
        post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
    revise(services, team, ("239 元", "259 元"))
    page = Visitor(app, "mia").get(f"{HOME}/today")
    days = [node.text() for node in parsed(page).css("section[aria-labelledby=flagged] .queue__day")]
    assert days == ["Sun", "Wed 25 Nov"]
