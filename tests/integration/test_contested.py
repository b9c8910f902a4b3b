"""A confirmed price that changes in its own material reaches the copy that took it from another one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from copilot import models
from copilot.errors import Conflict
from copilot.services.house import Services
from tests.conftest import POT, Team
from tests.fakes import FakeClock
from tests.looks import deliveries, flags, open_change, open_flags, state
from tests.steps import COPY, POT_FILE, PRICE, add, scheduled_post, written

LIST = "产品,会员价\n小灶陶锅,239 元\n溪石米缸,199 元\n"
NEW_LIST = LIST.replace("239", "259")


@pytest.fixture
def post(services: Services, team: Team) -> int:
    """Scheduled on the word of the pot's own page; the price list came afterwards and says the same, confirmed."""
    post = scheduled_post(services, team)
    add(services, team, "offer/prices.csv", LIST)
    services.facts.confirm([fact(services, "小灶陶锅")], brand=team.brand, actor=team.manager)
    return post


def fact(services: Services, subject: str) -> int:
    """The price that the list gives."""
    with services.parts.db.read() as session:
        return session.scalars(
            select(models.Fact.id)
            .join(models.Material, models.Material.id == models.Fact.material_id)
            .where(models.Material.path == "offer/prices.csv", models.Fact.subject == subject)
        ).one()


def test_the_old_price_is_held_although_another_page_still_gives_it(
    services: Services, team: Team, post: int
) -> None:
    add(services, team, "offer/prices.csv", NEW_LIST)
    (flag,) = open_flags(services)
    assert (flag.cause, flag.post_id) == ("contested", post)
    assert "239" in flag.quote and "259" in flag.now
    assert [(patch["text"], patch["replacement"]) for patch in flag.patches] == [("239 元", "259 元")]
    assert state(services, team, post) == "suspended"
    assert set(deliveries(services)) == {"held"}
    (concerned,) = services.factsheet.view(brand=team.brand).changes[0].unsent
    assert (concerned.post, concerned.flag) == (post, flag.id)

    services.facts.accept(open_change(services), brand=team.brand, actor=team.manager)
    assert state(services, team, post) == "suspended", "the fact is settled, the copy is not"
    services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    assert not open_flags(services)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None and head.text == COPY.replace("239", "259")


def test_nobody_approves_the_old_price_again(services: Services, team: Team, post: int) -> None:
    add(services, team, "offer/prices.csv", NEW_LIST)
    services.facts.accept(open_change(services), brand=team.brand, actor=team.manager)
    services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=f"{COPY}早。", based_on=None)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    with pytest.raises(Conflict) as refused:
        services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    assert refused.value.message_id == "error.open_flags"


def test_an_old_price_that_finds_its_evidence_late_is_named_to_the_writer(
    services: Services, team: Team
) -> None:
    """Blocked for want of a source; then an old deck brings one, and the check passes on the word of that alone."""
    add(services, team, POT_FILE, POT.replace(PRICE, ""))
    add(services, team, "offer/prices.csv", LIST)
    services.facts.confirm([fact(services, "小灶陶锅")], brand=team.brand, actor=team.manager)
    add(services, team, "offer/prices.csv", NEW_LIST)
    services.facts.accept(open_change(services), brand=team.brand, actor=team.manager)
    post = written(services, team)
    assert services.desk.post(post, brand=team.brand).blocking
    add(services, team, "user_guide/deck.md", f"# 小灶陶锅\n\n{PRICE}")
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    (flag,) = services.desk.post(post, brand=team.brand).flags
    assert flag.cause == "contested"


def test_a_change_that_a_person_refuses_lets_go(services: Services, team: Team, post: int) -> None:
    add(services, team, "offer/prices.csv", NEW_LIST)
    services.facts.refuse(open_change(services), brand=team.brand, actor=team.manager)
    assert not open_flags(services)
    assert state(services, team, post) == "approved"


def test_a_change_that_the_material_takes_back_lets_go(services: Services, team: Team, post: int) -> None:
    add(services, team, "offer/prices.csv", NEW_LIST)
    add(services, team, "offer/prices.csv", LIST)
    assert not open_flags(services)
    assert state(services, team, post) == "approved"


def test_a_second_change_takes_the_place_of_the_first(services: Services, team: Team, post: int) -> None:
    add(services, team, "offer/prices.csv", NEW_LIST)
    add(services, team, "offer/prices.csv", LIST.replace("239", "269"))
    (flag,) = open_flags(services)
    assert "269" in flag.now
    assert [patch["replacement"] for patch in flag.patches] == ["269 元"]


def test_a_fact_that_is_dismissed_lets_go(services: Services, team: Team, post: int) -> None:
    add(services, team, "offer/prices.csv", NEW_LIST)
    services.facts.dismiss([fact(services, "小灶陶锅")], brand=team.brand, actor=team.manager)
    assert not open_flags(services)
    assert state(services, team, post) == "approved"


def test_what_nobody_confirmed_contests_nothing(services: Services, team: Team, post: int) -> None:
    add(services, team, "offer/prices.csv", LIST.replace("199", "189"))
    assert not flags(services)
    assert state(services, team, post) == "scheduled"


def test_another_product_at_the_same_price_is_left_alone(services: Services, team: Team, post: int) -> None:
    services.facts.confirm([fact(services, "溪石米缸")], brand=team.brand, actor=team.manager)
    both = f"{COPY}溪石米缸会员价 199 元。"
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=both, based_on=None)
    add(services, team, "offer/prices.csv", NEW_LIST.replace("溪石米缸,199", "溪石米缸,239"))
    text = [flag.quote for flag in open_flags(services) if flag.cause == "contested"]
    assert text and all("239" in quote for quote in text)
    assert PRICE.strip() in text


def test_what_went_out_with_the_old_price_is_listed_whoever_bore_it_out(
    services: Services, team: Team, post: int, clock: FakeClock
) -> None:
    clock.forward(hours=3.6)
    services.delivering.tick()
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    add(services, team, "offer/prices.csv", NEW_LIST)
    (changed,) = services.factsheet.view(brand=team.brand).changes
    assert [one.post for one in changed.sent] == [post]
    assert not changed.unsent


def test_the_other_places_that_give_the_old_price_are_named_until_they_are_revised(
    services: Services, team: Team, post: int
) -> None:
    """The pot's own page, a deck and a row of another table: but neither the crock's price nor what has run out."""
    add(
        services,
        team,
        "highlight/deck.md",
        "# 秋天的厨房\n\n## 小灶陶锅\n\n厚壁，慢热。会员价 239 元，送食谱。\n",
    )
    add(services, team, "bundle/sets.csv", "套组,会员价\n小灶陶锅,¥239.00\n溪石米缸,239 元\n")
    add(services, team, "offer/over.md", "小灶陶锅的会员价是 239 元。", valid_until=date(2026, 11, 1))
    add(services, team, "offer/prices.csv", NEW_LIST)
    named = ["highlight/deck.md", POT_FILE, "bundle/sets.csv"]
    (change,) = services.factsheet.view(brand=team.brand).changes
    assert {paths(services)[one.material] for one in change.elsewhere} == set(named)
    assert {one.value for one in change.elsewhere} == {"239 元", "¥239.00"}
    assert all(one.value in one.quote for one in change.elsewhere)

    services.facts.accept(change.id, brand=team.brand, actor=team.manager)
    (taken,) = services.factsheet.view(brand=team.brand).taken
    assert (taken.before, taken.fact.value) == ("239 元", "259 元")
    assert {paths(services)[one.material] for one in taken.elsewhere} == set(named)
    add(
        services,
        team,
        "highlight/deck.md",
        "# 秋天的厨房\n\n## 小灶陶锅\n\n厚壁，慢热。会员价 259 元，送食谱。\n",
    )
    add(services, team, "bundle/sets.csv", "套组,会员价\n溪石米缸,239 元\n")
    (taken,) = services.factsheet.view(brand=team.brand).taken
    assert [paths(services)[one.material] for one in taken.elsewhere] == [POT_FILE]
    services.lifecycle.retire([taken.elsewhere[0].material], brand=team.brand, actor=team.manager.id)
    assert not services.factsheet.view(brand=team.brand).taken


def paths(services: Services) -> dict[int, str]:
    with services.parts.db.read() as session:
        return dict(session.execute(select(models.Material.id, models.Material.path)).all())
