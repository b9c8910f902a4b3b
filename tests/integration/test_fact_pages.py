"""Facts and flags as people meet them: on their page, on the desk and on Today."""

from __future__ import annotations

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from copilot.services.house import Services
from tests.conftest import Team
from tests.looks import price_fact
from tests.steps import COPY, add, drafted_post, revise, scheduled_post
from tests.visiting import HOME, Visitor, one, parsed, said

FACTS = f"{HOME}/library/facts"


@pytest.fixture
def post(services: Services, team: Team) -> int:
    """A post with the price, scheduled; the price is confirmed as a fact, and then the material changes."""
    post = scheduled_post(services, team)
    services.facts.confirm([price_fact(services).id], brand=team.brand, actor=team.manager)
    revise(services, team, ("239 元", "259 元"))
    return post


def test_the_desk_shows_what_changed_and_puts_it_right(
    app: Flask, services: Services, team: Team, post: int
) -> None:
    mia = Visitor(app, "mia")
    desk = f"{HOME}/posts/{post}"
    flags = said(mia.get(desk), "#flags")
    assert "The material says something else now" in flags
    assert "239 元" in flags and "259 元" in flags
    assert mia.post(f"{desk}/patch").status_code == 303
    assert "#flags" not in mia.get(desk).text
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None and head.text == COPY.replace("239", "259")
    answer = mia.post(f"{desk}/patch")
    assert answer.status_code == 409


def test_a_reviewer_confirms_the_copy_and_the_suspension_ends(
    app: Flask, services: Services, team: Team
) -> None:
    post = scheduled_post(services, team)
    revise(services, team, ("容量是 1.2 升", "容量足有 1.2 升"))
    (flag,) = services.desk.post(post, brand=team.brand).flags
    keep = f"{HOME}/posts/{post}/flags/{flag.id}/keep"
    assert Visitor(app, "mia").post(keep).status_code == 403
    hang = Visitor(app, "hang")
    assert "Suspended" in said(hang.get(f"{HOME}/posts/{post}"))
    assert hang.post(keep).status_code == 303
    assert services.desk.post(post, brand=team.brand).state == "approved"
    assert hang.post(keep).status_code == 409


def test_a_price_that_no_material_gives_cannot_be_kept(
    app: Flask, services: Services, team: Team, post: int
) -> None:
    (flag,) = services.desk.post(post, brand=team.brand).flags
    hang = Visitor(app, "hang")
    answer = hang.post(f"{HOME}/posts/{post}/flags/{flag.id}/keep")
    assert answer.status_code == 409
    assert "must fix" in said(answer)
    assert services.desk.post(post, brand=team.brand).state == "suspended"


def test_today_names_the_posts_whose_sources_changed(app: Flask, post: int) -> None:
    hang = Visitor(app, "hang", locale="zh_Hans")
    assert "239 元 259 元" in said(
        hang.get(f"{HOME}/today"), "#flagged ~ ul, section[aria-labelledby=flagged]"
    )


def test_a_changed_fact_is_decided_beside_the_posts_it_concerns(
    app: Flask, services: Services, team: Team, post: int
) -> None:
    grace = Visitor(app, "grace")
    page = grace.get(FACTS)
    change = one(page, ".change")
    words = " ".join(change.text(separator=" ").split())
    assert "239 元" in words and "259 元" in words
    assert f"/posts/{post}#flags" in (change.html or "")
    action = one(change, "form").attributes["action"] or ""
    material = f"{HOME}/library/{price_fact(services).material_id}"
    link = one(grace.get(material), ".fact .late").attributes["href"]
    assert link == f"{FACTS}#{change.attributes['id']}"
    assert grace.post(action, {"accept": "1"}).status_code == 303
    assert price_fact(services).value == "259 元"
    page = grace.get(FACTS)
    assert "会员价” is 259 元 from now on" in said(page, ".notices")
    assert LexborHTMLParser(page.text).css_first(".change") is None
    assert LexborHTMLParser(grace.get(material).text).css_first(".fact .late") is None
    assert grace.post(action, {"accept": "1"}).status_code == 303
    assert "decided on this change already" in said(grace.get(FACTS), ".notices")


def test_a_refused_change_leaves_the_fact_and_says_so(
    app: Flask, services: Services, team: Team, post: int
) -> None:
    grace = Visitor(app, "grace", locale="zh_Hans")
    action = one(grace.get(FACTS), ".change form").attributes["action"] or ""
    grace.post(action, {"refuse": "1"})
    assert price_fact(services).value == "239 元"
    assert "仍按「239 元」算" in said(grace.get(FACTS), ".notices")


def test_a_fact_that_is_said_no_longer_lapses(app: Flask, services: Services, team: Team, post: int) -> None:
    revise(services, team, ("的会员价是 239 元", "的会员价到群里问"))
    grace = Visitor(app, "grace")
    action = one(grace.get(FACTS), ".change form").attributes["action"] or ""
    grace.post(action, {"accept": "1"})
    assert price_fact(services).status == "lapsed"
    assert "no longer counts" in said(grace.get(FACTS), ".notices")


def test_what_is_ticked_is_decided_and_nothing_else(
    app: Flask, services: Services, team: Team, post: int
) -> None:
    grace = Visitor(app, "grace")
    waiting = services.factsheet.view(brand=team.brand).rows
    assert len(waiting) > 1
    assert grace.post(FACTS, {"fact": waiting[0].id, "dismiss": "1"}).status_code == 303
    left = services.factsheet.view(brand=team.brand).rows
    assert {row.id for row in waiting} - {row.id for row in left} == {waiting[0].id}
    assert "Dismissed: 1" in said(grace.get(FACTS), ".notices")
    grace.post(FACTS, {"material": left[0].material, f"of-{left[0].material}": [row.id for row in left]})
    assert services.factsheet.view(brand=team.brand).rows == ()
    grace.post(FACTS, {"confirm": "1"})
    assert "Tick at least one fact" in said(grace.get(FACTS))


def test_a_correction_has_to_stand_in_the_quote(
    app: Flask, services: Services, team: Team, post: int
) -> None:
    grace = Visitor(app, "grace")
    fact = services.factsheet.view(brand=team.brand).rows[0]
    typed = {"kind": fact.kind, "subject": "别的锅", "name": fact.name, "value": "一千升"}
    answer = grace.post(f"{FACTS}/{fact.id}", typed)
    assert answer.status_code == 422
    assert "letter for letter" in said(answer) and "别的锅" in answer.text
    assert grace.post(f"{FACTS}/{fact.id}", {**typed, "value": fact.value}).status_code == 303
    again = services.factsheet.fact(fact.id, brand=team.brand)
    assert (again.subject, again.status, again.owner) == ("别的锅", "confirmed", "Grace Hart")
    assert Visitor(app, "mia").post(f"{FACTS}/{fact.id}", typed).status_code == 403


def test_the_days_of_a_row_stand_with_its_facts_and_are_none_themselves(
    app: Flask, services: Services, team: Team
) -> None:
    table = "优惠,商品,优惠价,条件,有效期起,有效期止\n暖灶周,小灶陶锅,209 元,活动到 12月15日结束,2026-12-01,2026-12-15\n"
    add(services, team, "offer/week.csv", table)
    page = Visitor(app, "grace").get(FACTS)
    assert [node.text() for node in parsed(page).css(".fact__value")] == ["209 元"]
    assert "valid to Tue 15 Dec" in said(page, ".fact__words")


def test_a_correction_of_one_thing_says_that_something_is_left(
    app: Flask, services: Services, team: Team
) -> None:
    fire = "小灶陶锅可以直接上明火，也可以进烤箱。"
    post = drafted_post(services, team, f"小灶陶锅的会员价是 239 元。\n{fire}")
    revise(services, team, ("239 元", "259 元"), (fire, ""))
    mia, desk = Visitor(app, "mia"), f"{HOME}/posts/{post}"
    page = mia.get(mia.post(f"{desk}/patch").location)
    assert "What is still marked here is yours to put right" in said(page)
    assert "直接上明火" in said(page, "#flags") and "259" not in said(page, "#flags")


def test_nobody_is_offered_to_seal_what_has_changed_underneath(
    app: Flask, services: Services, team: Team
) -> None:
    post = drafted_post(services, team)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    hang = Visitor(app, "hang")
    assert not one(hang.get(f"{HOME}/review"), "[data-key=a]").attributes.keys() & {"disabled"}
    revise(services, team, ("239 元", "259 元"))
    page = hang.get(f"{HOME}/review")
    assert "disabled" in one(page, "[data-key=a]").attributes
    assert "First settle what has changed" in said(page, "#decide")
