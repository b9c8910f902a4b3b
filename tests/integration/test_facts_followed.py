"""A fact through the revisions of its material: lapsed, back again, refused, dismissed, put right."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from copilot import models
from copilot.domain.facts import FactKind
from copilot.errors import Conflict, InvalidInput
from copilot.services.house import Services
from tests.conftest import Team
from tests.looks import open_change, price_fact
from tests.steps import PRICE, add, library, revise, written

SAID = PRICE.strip()
GONE = (PRICE, "")


@pytest.fixture
def price(services: Services, team: Team) -> int:
    """The price of the pot, read from its material and confirmed by the brand manager."""
    library(services, team)
    fact = price_fact(services).id
    services.facts.confirm([fact], brand=team.brand, actor=team.manager)
    return fact


def changes(services: Services) -> list[tuple[str, str]]:
    with services.parts.db.read() as session:
        rows = session.scalars(select(models.FactChange).order_by(models.FactChange.id))
        return [(row.after, row.state) for row in rows]


def lapse(services: Services, team: Team) -> None:
    revise(services, team, GONE)
    services.facts.accept(open_change(services), brand=team.brand, actor=team.manager)
    assert price_fact(services).status == "lapsed"


def typed(**other: str) -> dict[str, Any]:
    return {"subject": "小灶陶锅", "name": "会员价", "value": "239 元"} | other


@pytest.mark.parametrize("now", ["239 元", "259 元"])
def test_what_lapsed_and_is_said_again_waits_for_a_person_with_todays_value(
    services: Services, team: Team, price: int, now: str
) -> None:
    lapse(services, team)
    revise(services, team, ("239 元", now))
    fact = price_fact(services)
    assert (fact.id, fact.value, fact.status) == (price, now, "suggested")
    assert now in fact.quote


def test_what_a_person_pinned_comes_back_with_its_quote(services: Services, team: Team) -> None:
    """No rule sees it, so only its quote tells that the material says it again."""
    library(services, team)
    words = "小灶陶锅可以直接上明火，也可以进烤箱。"
    with services.parts.db.read() as session:
        passage = session.scalars(select(models.Passage).where(models.Passage.text.contains(words))).one().id
    fact = services.facts.pin(
        passage,
        brand=team.brand,
        actor=team.manager,
        kind=FactKind.SPECIFICATION,
        subject="小灶陶锅",
        name="明火",
        value="可以直接上明火",
        quote=words,
    )
    revise(services, team, (words, ""))
    services.facts.accept(open_change(services), brand=team.brand, actor=team.manager)
    assert services.factsheet.fact(fact, brand=team.brand).status == "lapsed"
    revise(services, team)
    assert services.factsheet.fact(fact, brand=team.brand).status == "suggested"


def test_a_refused_change_is_not_asked_again_until_the_material_says_something_else(
    services: Services, team: Team, price: int
) -> None:
    revise(services, team, ("239 元", "259 元"))
    services.facts.refuse(open_change(services), brand=team.brand, actor=team.manager)
    revise(services, team, ("239 元", "259元"), ("25 分钟", "26 分钟"))
    assert changes(services) == [("259 元", "refused")], "another spelling of it is no other value"
    revise(services, team, ("239 元", "279 元"))
    assert changes(services) == [("259 元", "refused"), ("279 元", "open")]
    revise(services, team, ("239 元", "259 元"))
    assert changes(services) == [("259 元", "refused"), ("279 元", "undone")]
    revise(services, team, GONE)
    assert changes(services)[2:] == [("", "open")], "that it is gone is another question"
    services.facts.refuse(open_change(services), brand=team.brand, actor=team.manager)
    revise(services, team, GONE, ("25 分钟", "27 分钟"))
    assert [state for _, state in changes(services)] == ["refused", "undone", "refused"]


def test_a_refusal_is_about_the_value_of_then(services: Services, team: Team, price: int) -> None:
    revise(services, team, ("239 元", "259 元"))
    services.facts.refuse(open_change(services), brand=team.brand, actor=team.manager)
    revise(services, team, ("239 元", "279 元"))
    services.facts.accept(open_change(services), brand=team.brand, actor=team.manager)
    revise(services, team, ("239 元", "259 元"))
    assert changes(services)[2:] == [("259 元", "open")]


def test_what_is_dismissed_leaves_no_question_open(services: Services, team: Team, price: int) -> None:
    revise(services, team, ("239 元", "259 元"))
    change = open_change(services)
    services.facts.dismiss([price], brand=team.brand, actor=team.manager)
    assert changes(services) == [("259 元", "dismissed")]
    assert services.factsheet.view(brand=team.brand).changes == ()
    with pytest.raises(Conflict) as refused:
        services.facts.accept(change, brand=team.brand, actor=team.manager)
    assert refused.value.message_id == "error.change_settled"


def test_nobody_revives_what_lapsed_by_putting_it_right(services: Services, team: Team, price: int) -> None:
    lapse(services, team)
    with pytest.raises(Conflict) as refused:
        services.facts.correct(
            price, brand=team.brand, actor=team.manager, kind=FactKind.PRICE, **typed(name="价格")
        )
    assert refused.value.message_id == "error.fact_lapsed"
    assert (price_fact(services).status, price_fact(services).name) == ("lapsed", "会员价")


def test_only_what_a_material_says_now_can_be_pinned(services: Services, team: Team) -> None:
    library(services, team)
    with services.parts.db.read() as session:
        former = session.scalars(select(models.Passage.id).where(models.Passage.text.contains(SAID))).one()
    revise(services, team, ("239 元", "259 元"))
    with pytest.raises(Conflict) as refused:
        services.facts.pin(
            former, brand=team.brand, actor=team.manager, kind=FactKind.PRICE, quote=SAID, **typed()
        )
    assert refused.value.message_id == "error.former_passage"
    with services.parts.db.read() as session:
        values = set(session.scalars(select(models.Fact.value).where(models.Fact.kind == "price")))
    assert values == {"259 元"}


def test_a_fact_as_typed_has_a_subject_a_name_and_a_source(
    services: Services, team: Team, price: int
) -> None:
    passage = price_fact(services).passage_id
    wrong = typed(subject=" ", name="", value="1 元")
    with pytest.raises(InvalidInput) as corrected:
        services.facts.correct(price, brand=team.brand, actor=team.manager, kind=FactKind.PRICE, **wrong)
    with pytest.raises(InvalidInput) as pinned:
        services.facts.pin(
            passage, brand=team.brand, actor=team.manager, kind=FactKind.PRICE, quote="别处的话", **wrong
        )
    expected = {"subject": "invalid.empty", "name": "invalid.empty", "value": "invalid.value_not_in_quote"}
    assert corrected.value.fields == expected
    assert pinned.value.fields == expected | {"quote": "invalid.quote_not_in_passage"}


def test_a_price_of_another_name_is_no_correction_of_the_copy(services: Services, team: Team) -> None:
    """门店价 299 goes and 会员价 239 comes, in a sentence of the same frame: no machine writes one for the other."""
    store = (SAID, "小灶陶锅的门店价是 299 元。")
    revise(services, team, store)
    post = written(services, team, "小灶陶锅的门店价是 299 元。\n想要的饭友在群里说一声。")
    services.facts.confirm([price_fact(services).id], brand=team.brand, actor=team.manager)
    revise(services, team)
    with services.parts.db.read() as session:
        (flag,) = session.scalars(select(models.Flag)).all()
    assert flag.patches == []
    assert changes(services) == [("", "open")], "the confirmed price is gone; it did not become the other"
    with pytest.raises(Conflict) as refused:
        services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    assert refused.value.message_id == "error.no_patch"


def test_a_cell_that_many_rows_have_is_not_the_row_that_is_gone(services: Services, team: Team) -> None:
    """“会员价：0 元” stands in the new row as well; the row that was confirmed does not stand any more."""
    prices = "商品,会员价\n满 99 元包邮,0 元\n溪石米缸,129 元\n"
    add(services, team, "offer/postage.csv", prices)
    (free,) = [row for row in services.factsheet.view(brand=team.brand).rows if row.value == "0 元"]
    services.facts.confirm([free.id], brand=team.brand, actor=team.manager)
    add(services, team, "offer/postage.csv", prices.replace("满 99 元包邮", "满 129 元包邮"))
    (change,) = services.factsheet.view(brand=team.brand).changes
    assert (change.fact.id, change.after) == (free.id, "")
