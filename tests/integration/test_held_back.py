"""The send desk and what was held back: why, where to put it right, and gone once it is on its way again."""

from __future__ import annotations

from flask import Flask

from copilot.services.house import Services
from copilot.services.queries.senddesk import HeldBy
from tests.conftest import Team
from tests.steps import approve, revise, scheduled_post
from tests.visiting import HOME, Visitor, one, parsed, said


def test_a_changed_source_holds_and_the_desk_says_which_and_where_to_go(
    services: Services, team: Team, app: Flask
) -> None:
    post = scheduled_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    desk = services.senddesk.view(brand=team.brand)
    assert [task.post for task in desk.held] == [post]
    assert not (desk.due or desk.coming or desk.done)
    page = Visitor(app, "hang").get(f"{HOME}/send-desk")
    held = said(page, "section[aria-labelledby=held]")
    assert "小灶陶锅" in held and "饭友一群、饭友二群" in held and "周航" not in held
    link = one(page, "section[aria-labelledby=held] a.queue__title")
    assert link.attributes["href"] == f"{HOME}/posts/{post}"
    assert "1 held back" in said(page, ".page-head__lede")


def test_it_says_what_it_waits_for_until_it_is_on_its_way(services: Services, team: Team, app: Flask) -> None:
    post = scheduled_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    (task,) = services.senddesk.view(brand=team.brand).held
    assert task.holding is not None and task.holding.by is HeldBy.EDITED
    approve(services, team, post)
    (task,) = services.senddesk.view(brand=team.brand).held
    assert task.holding is not None and task.holding.by is HeldBy.SEALED
    hang = Visitor(app, "hang")
    assert "The new text is approved: schedule it" in said(hang.get(f"{HOME}/send-desk"))
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    desk = services.senddesk.view(brand=team.brand)
    assert not desk.held and not desk.done
    assert [one.post for one in desk.coming] == [post]
    sections = parsed(hang.get(f"{HOME}/send-desk")).css("section.section")
    heads = [section.attributes["aria-labelledby"] for section in sections]
    assert heads == ["due", "coming"]


def test_it_is_gone_too_once_somebody_took_it_off_the_schedule(services: Services, team: Team) -> None:
    """That was a person's decision of today; what was held before it is history."""
    post = scheduled_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    approve(services, team, post)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    services.scheduling.unschedule(post, brand=team.brand, actor=team.operator)
    desk = services.senddesk.view(brand=team.brand)
    assert not (desk.held or desk.coming or desk.done)
