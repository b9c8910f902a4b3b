"""What was made from a material follows its changes: facts, unsent posts, and their approvals."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from copilot import models
from copilot.domain.permissions import Role
from copilot.errors import Conflict, NotAllowed
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.looks import deliveries, flags, open_flags, price_fact, state, the_material
from tests.steps import COPY, approved_post, drafted_post, expired, revise, scheduled_post


def test_an_edited_price_reaches_the_fact_the_approval_and_the_copy(services: Services, team: Team) -> None:
    """The story of the whole issue: 239 becomes 259 in the material, and nothing with 239 can go out."""
    post = scheduled_post(services, team)
    fact = price_fact(services)
    assert (fact.value, fact.status) == ("239 元", "suggested")
    services.facts.confirm([fact.id], brand=team.brand, actor=team.manager)

    revise(services, team, ("239 元", "259 元"))

    with services.parts.db.read() as session:
        change = session.scalars(select(models.FactChange)).one()
    assert (change.before, change.after, change.state) == ("239 元", "259 元", "open")
    assert price_fact(services).value == "239 元", "a person confirmed it, so a person changes it"

    (flag,) = open_flags(services)
    assert (flag.cause, flag.post_id) == ("changed", post)
    assert "239" in flag.quote and "259" in flag.now
    assert [(patch["text"], patch["replacement"]) for patch in flag.patches] == [("239 元", "259 元")]

    assert state(services, team, post) == "suspended"
    assert deliveries(services) == ["held", "held"]
    with pytest.raises(Conflict):
        services.scheduling.schedule(post, brand=team.brand, actor=team.operator)

    services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    view = services.desk.post(post, brand=team.brand)
    assert view.head is not None and view.head.text == COPY.replace("239", "259")
    assert state(services, team, post) == "draft"
    assert not open_flags(services)
    assert view.blocking == 0, "the new price has its source"

    services.facts.accept(change.id, brand=team.brand, actor=team.manager)
    assert price_fact(services).value == "259 元"


def test_a_change_elsewhere_in_the_material_leaves_the_approval_alone(services: Services, team: Team) -> None:
    post = scheduled_post(services, team)
    revise(services, team, ("青溪边的陶土", "青溪边的黏土"))
    assert not flags(services)
    assert state(services, team, post) == "scheduled"
    assert deliveries(services) == ["due", "due"]


def test_the_mistake_put_right_gives_the_approval_back(services: Services, team: Team) -> None:
    post = approved_post(services, team)
    revise(services, team, ("239 元", "2390 元"))
    assert state(services, team, post) == "suspended"
    revise(services, team)
    assert [flag.resolution for flag in flags(services)] == ["restored"]
    assert state(services, team, post) == "approved"
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    assert deliveries(services) == ["due", "due"]


def test_a_reviewer_may_say_that_the_copy_is_still_right(services: Services, team: Team) -> None:
    post = approved_post(services, team)
    revise(services, team, ("容量是 1.2 升", "容量足有 1.2 升"))
    (flag,) = open_flags(services)
    assert flag.patches == [], "the figure is the same, so there is nothing to correct by machine"
    with pytest.raises(NotAllowed):
        services.reviewing.keep(flag.id, brand=team.brand, actor=team.copywriter)
    services.reviewing.keep(flag.id, brand=team.brand, actor=team.operator)
    assert state(services, team, post) == "approved"
    with pytest.raises(Conflict):
        services.reviewing.keep(flag.id, brand=team.brand, actor=team.operator)
    # A later change of something else does not ask the same question again.
    revise(services, team, ("容量是 1.2 升", "容量足有 1.2 升"), ("25 分钟", "26 分钟"))
    assert not open_flags(services)


def test_nobody_approves_what_has_changed_underneath(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    revise(services, team, ("容量是 1.2 升", "容量足有 1.2 升"))
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None and len(open_flags(services)) == 1
    with pytest.raises(Conflict) as refused:
        services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    assert refused.value.message_id == "error.open_flags"


@pytest.mark.parametrize("deed", ["retire", "delete"])
def test_what_goes_suspends_and_what_comes_back_restores(services: Services, team: Team, deed: str) -> None:
    post = scheduled_post(services, team)
    material = the_material(services, team)
    getattr(services.lifecycle, deed)([material], brand=team.brand, actor=team.manager.id)
    assert state(services, team, post) == "suspended"
    assert {flag.cause for flag in open_flags(services)} == {f"{deed}d"}
    assert deliveries(services) == ["held", "held"]
    services.lifecycle.restore([material], brand=team.brand, actor=team.manager.id)
    assert not open_flags(services)
    assert state(services, team, post) == "approved"


def test_a_shorter_window_flags_the_posts_beyond_it(services: Services, team: Team) -> None:
    post = approved_post(services, team)
    services.ingestion.settle(
        the_material(services, team),
        brand=team.brand,
        actor=team.manager.id,
        window=(None, date(2026, 11, 20)),
    )
    assert {flag.cause for flag in open_flags(services)} == {"expired"}
    assert state(services, team, post) == "suspended"


def test_time_alone_flags_a_late_post(services: Services, team: Team, clock: FakeClock) -> None:
    """Due at 15:00 and not sent; its offer ends at midnight, the slot is kept open until 17:00 of the day after."""
    post = approved_post(services, team)
    with services.parts.db.write() as session:
        session.execute(text("UPDATE passage SET valid_until = '2026-11-21 07:30:00.000000'"))
    clock.forward(hours=4.2)  # 15:42 in Shanghai: the slot still holds, the passages do not.
    assert expired(services) > 0
    assert {flag.cause for flag in open_flags(services)} == {"expired"}
    assert state(services, team, post) == "suspended"
    assert expired(services) == 0, "once said is enough"


def test_what_is_long_over_is_not_looked_at_again(services: Services, team: Team, clock: FakeClock) -> None:
    drafted_post(services, team)
    with services.parts.db.write() as session:
        session.execute(text("UPDATE passage SET valid_until = '2026-11-21 07:30:00.000000'"))
    clock.forward(hours=72)
    assert expired(services) == 0
    assert not flags(services)


def test_the_database_itself_refuses_to_send_what_has_changed(services: Services, team: Team) -> None:
    scheduled_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    with services.parts.db.write() as session, pytest.raises(Exception, match="guard: no standing approval"):
        session.execute(text("UPDATE delivery SET state = 'due'"))


def test_a_confirmed_fact_that_is_no_longer_said_waits_for_a_person(services: Services, team: Team) -> None:
    drafted_post(services, team)
    fact = price_fact(services)
    services.facts.confirm([fact.id], brand=team.brand, actor=team.manager)
    revise(services, team, ("小灶陶锅的会员价是 239 元。\n", ""))
    with services.parts.db.read() as session:
        change = session.scalars(select(models.FactChange)).one()
    assert change.after == ""
    services.facts.accept(change.id, brand=team.brand, actor=team.manager)
    assert price_fact(services).status == "lapsed"
    with pytest.raises(Conflict):
        services.facts.accept(change.id, brand=team.brand, actor=team.manager)


def test_only_curators_decide_on_facts(services: Services, team: Team) -> None:
    drafted_post(services, team)
    assert team.copywriter.role is Role.COPYWRITER
    with pytest.raises(NotAllowed):
        services.facts.confirm([price_fact(services).id], brand=team.brand, actor=team.copywriter)


class TestACorrection:
    """One press puts right what is certain; whatever else has changed is still open afterwards."""

    FIRE = "小灶陶锅可以直接上明火，也可以进烤箱。"
    CHANGED = (("239 元", "259 元"), (FIRE, ""))

    @pytest.fixture
    def post(self, services: Services, team: Team) -> int:
        post = drafted_post(services, team, f"小灶陶锅的会员价是 239 元。\n{self.FIRE}")
        revise(services, team, *self.CHANGED)
        assert [bool(flag.patches) for flag in open_flags(services)] == [True, False]
        services.revising.patch(post, brand=team.brand, actor=team.copywriter)
        return post

    def test_leaves_open_what_the_newer_text_still_says(
        self, services: Services, team: Team, post: int
    ) -> None:
        view = services.desk.post(post, brand=team.brand)
        assert view.head is not None and "259 元" in view.head.text
        assert [flag.resolution for flag in flags(services)] == ["patched", "edited", ""]
        (left,) = open_flags(services)
        assert (left.revision_id, left.quote, left.patches) == (view.head.id, self.FIRE, [])
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        with pytest.raises(Conflict):
            services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=view.head.id)

    def test_is_whole_once_the_material_says_the_rest_again(
        self, services: Services, team: Team, post: int
    ) -> None:
        revise(services, team, *self.CHANGED[:1])
        assert not open_flags(services)
        assert [flag.resolution for flag in flags(services)] == ["patched", "edited", "restored"]

    def test_is_whole_once_the_sentence_is_gone(self, services: Services, team: Team, post: int) -> None:
        text = "小灶陶锅的会员价是 259 元。"
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=None)
        assert not open_flags(services)
