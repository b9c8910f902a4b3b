"""What is to be sent is asked again wherever it could slip by: time, undo, a call under way, a check too early."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from copilot import models
from copilot.domain.materials import Kind
from copilot.errors import Conflict, NotAllowed, Retryable
from copilot.ports import Parcel
from copilot.services.house import Services
from tests.conftest import POT, Team
from tests.fakes import FakeClock, FakePublisher
from tests.looks import deliveries, flags, open_flags, state, the_material
from tests.steps import (
    COPY,
    POT_FILE,
    PRICE,
    add,
    approve,
    approved_post,
    drafted_post,
    expired,
    library,
    revise,
    scheduled_post,
    todays_slot,
    written,
)

NEW_PRICE = ("239 元", "259 元")


def over(services: Services, clock: FakeClock) -> None:
    """15:42 in Shanghai: the slot of 15:00 is still kept open, and what it was written from has just run out."""
    with services.parts.db.write() as session:
        session.execute(text("UPDATE passage SET valid_until = '2026-11-21 07:30:00.000000'"))
    clock.forward(hours=4.2)


def waiting(services: Services, clock: FakeClock) -> list[int]:
    """The send desk's deliveries, shortly after they fell due."""
    clock.forward(hours=3.6)
    services.delivering.tick()
    with services.parts.db.read() as session:
        return list(session.scalars(select(models.Delivery.id).order_by(models.Delivery.id)))


class TestWhatStillSaysIt:
    @pytest.mark.parametrize(
        ("path", "before", "after"),
        [
            ("offer/p.csv", "产品,会员价\n小灶陶锅,239\n", "产品,会员价\n小灶陶锅,2399\n"),
            ("offer/p.csv", "产品,会员价\n小灶陶锅,239 元\n", "产品,会员价\n小灶陶锅,239 元起\n"),
            ("offer/p.md", "# 价\n\n- 小灶陶锅的会员价是 ¥239\n", "# 价\n\n- 小灶陶锅的会员价是 ¥2399\n"),
            ("offer/p.md", f"# 价\n\n{PRICE}", f"# 价\n\n双十一之前，{PRICE}"),
            (
                "offer/p.md",
                "# 小灶陶锅\n\n会员价 239 元。\n\n# 溪石米缸\n\n会员价 239 元。\n",
                "# 小灶陶锅\n\n会员价 259 元。\n\n# 溪石米缸\n\n会员价 239 元。\n",
            ),
        ],
        ids=["a longer number", "from on", "a longer number in prose", "only until then", "another product"],
    )
    def test_is_the_whole_sentence_of_the_same_thing(
        self, services: Services, team: Team, path: str, before: str, after: str
    ) -> None:
        add(services, team, POT_FILE, POT.replace(PRICE, ""))
        add(services, team, path, before)
        post = written(services, team)
        approve(services, team, post)
        add(services, team, path, after)
        assert open_flags(services)
        assert state(services, team, post) == "suspended"

    def test_is_the_row_whatever_became_of_the_table_around_it(self, services: Services, team: Team) -> None:
        add(services, team, POT_FILE, POT.replace(PRICE, ""))
        add(services, team, "offer/p.csv", "产品,会员价\n小灶陶锅,239 元\n溪石米缸,199 元\n")
        post = written(services, team)
        approve(services, team, post)
        add(services, team, "offer/p.csv", "会员价,产品\n189 元,溪石米缸\n２３９ 元,小灶陶锅\n")
        assert state(services, team, post) == "approved"

    def test_is_no_competitor_note(self, services: Services, team: Team) -> None:
        post = approved_post(services, team)
        services.ingestion.settle(
            the_material(services, team), brand=team.brand, actor=team.manager.id, kind=Kind.COMPETITOR_NOTE
        )
        assert {flag.cause for flag in open_flags(services)} == {"retired"}
        assert state(services, team, post) == "suspended"

    def test_is_nothing_that_holds_from_a_later_day(self, services: Services, team: Team) -> None:
        approved_post(services, team)
        services.ingestion.settle(
            the_material(services, team),
            brand=team.brand,
            actor=team.manager.id,
            window=(date(2026, 12, 1), None),
        )
        assert {flag.cause for flag in open_flags(services)} == {"early"}


def test_evidence_that_came_after_the_text_is_followed_too(services: Services, team: Team) -> None:
    """The ordinary way: blocked for want of a source, the manager adds it, the text passes as it stands."""
    add(services, team, POT_FILE, POT.replace(PRICE, ""))
    post = written(services, team)
    assert services.desk.post(post, brand=team.brand).blocking
    add(services, team, "offer/price.md", f"# 小灶陶锅\n\n{PRICE}")
    approve(services, team, post)
    assert not services.desk.post(post, brand=team.brand).blocking
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    add(services, team, "offer/price.md", f"# 小灶陶锅\n\n{PRICE}".replace(*NEW_PRICE))
    assert state(services, team, post) == "suspended"
    assert set(deliveries(services)) == {"held"}


def test_whoever_is_refused_sees_what_for(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    assert not services.desk.post(post, brand=team.brand).blocking
    revise(services, team, NEW_PRICE)
    with pytest.raises(Conflict) as refused:
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    assert refused.value.message_id == "error.blocking_findings"
    view = services.desk.post(post, brand=team.brand)
    assert view.blocking == 1
    assert [finding.text for finding in view.findings if finding.severity == "block"] == ["239 元"]


def test_a_change_between_the_check_and_the_save_is_flagged(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    checking: Any = services.revising._checking
    check = checking.check_post

    def overtaken(*given: Any, **named: Any) -> Any:
        checked = check(*given, **named)
        revise(services, team, ("容量是 1.2 升", "容量是 1.5 升"))
        return checked

    checking.check_post = overtaken
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=f"{COPY}早。", based_on=None)
    assert any("1.5 升" in flag.now for flag in open_flags(services))


class TestTime:
    def test_reaches_what_was_cited_from_a_former_revision(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        post = approved_post(services, team)
        revise(services, team, ("青溪边的陶土", "青溪边的黏土"))
        assert not flags(services)
        over(services, clock)
        assert expired(services) > 0
        assert state(services, team, post) == "suspended"
        assert expired(services) == 0, "once said is enough"

    def test_reaches_what_was_retired_and_came_back(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        post = approved_post(services, team)
        material = the_material(services, team)
        services.lifecycle.retire([material], brand=team.brand, actor=team.manager.id)
        services.lifecycle.restore([material], brand=team.brand, actor=team.manager.id)
        assert state(services, team, post) == "approved"
        over(services, clock)
        assert expired(services) > 0
        assert state(services, team, post) == "suspended"

    def test_is_asked_before_anything_goes_out(
        self, services: Services, team: Team, clock: FakeClock, publisher: FakePublisher
    ) -> None:
        automatic(services)
        scheduled_post(services, team)
        over(services, clock)
        services.ticking.tick("worker")
        assert publisher.sent == []
        assert set(deliveries(services)) == {"held"}


def automatic(services: Services) -> None:
    with services.parts.db.write() as session:
        session.execute(text("UPDATE destination SET adapter = 'fake'"))


class TestAChangeOnTheWayOut:
    def test_a_tick_taken_back_is_asked_again(self, services: Services, team: Team, clock: FakeClock) -> None:
        post = scheduled_post(services, team)
        desk = waiting(services, clock)
        for delivery in desk:
            services.delivering.mark_sent(delivery, brand=team.brand, actor=team.operator)
        revise(services, team, NEW_PRICE)
        assert state(services, team, post) == "sent"
        services.delivering.undo(desk[0], brand=team.brand, actor=team.operator)
        assert state(services, team, post) == "suspended"
        assert deliveries(services) == ["held", "sent"]

    def test_the_rest_of_a_mended_post_goes_where_it_has_not_been(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        post = scheduled_post(services, team)
        desk = waiting(services, clock)
        services.delivering.mark_sent(desk[0], brand=team.brand, actor=team.operator)
        revise(services, team, NEW_PRICE)
        services.revising.patch(post, brand=team.brand, actor=team.copywriter)
        approve(services, team, post)
        services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
        assert deliveries(services) == ["sent", "held", "due"]

    def test_a_call_that_was_under_way_and_was_the_last_ends_the_post(
        self, services: Services, team: Team, clock: FakeClock, publisher: FakePublisher
    ) -> None:
        automatic(services)
        post = scheduled_post(services, team)
        clock.forward(hours=3.6)
        during(publisher, lambda call: revise(services, team, NEW_PRICE) if call == 2 else None)
        services.delivering.tick()
        assert deliveries(services) == ["sent", "sent"]
        assert state(services, team, post) == "sent"

    def test_a_call_that_reached_nobody_is_not_tried_again(
        self, services: Services, team: Team, clock: FakeClock, publisher: FakePublisher
    ) -> None:
        automatic(services)
        post = scheduled_post(services, team)
        clock.forward(hours=3.6)

        def busy(call: int) -> None:
            revise(services, team, NEW_PRICE)
            raise Retryable("fake", "busy")

        during(publisher, busy)
        assert services.delivering.tick() == {"held": 2}
        assert deliveries(services) == ["held", "held"]
        assert state(services, team, post) == "suspended"


def during(publisher: FakePublisher, happens: Any) -> None:
    publish = publisher.publish
    calls: list[Parcel] = []

    def call(parcel: Parcel) -> Any:
        calls.append(parcel)
        happens(len(calls))
        return publish(parcel)

    publisher.publish = call  # type: ignore[method-assign]


class TestKeeping:
    def keep(self, services: Services, team: Team, actor: Any = None) -> None:
        for flag in open_flags(services):
            services.reviewing.keep(flag.id, brand=team.brand, actor=actor or team.operator)

    def test_does_not_override_the_ledger(self, services: Services, team: Team) -> None:
        post = scheduled_post(services, team)
        revise(services, team, NEW_PRICE)
        with pytest.raises(Conflict) as refused:
            self.keep(services, team)
        assert refused.value.message_id == "error.blocking_findings"
        assert state(services, team, post) == "suspended"

    def test_is_not_for_the_author(self, services: Services, team: Team) -> None:
        library(services, team)
        slot = todays_slot(services, team)
        post = services.planning.open_post(slot, brand=team.brand, actor=team.operator)
        services.revising.save(post, brand=team.brand, actor=team.manager, text=COPY, based_on=None)
        services.reviewing.submit(post, brand=team.brand, actor=team.manager)
        head = services.desk.post(post, brand=team.brand).head
        assert head is not None
        services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
        revise(services, team, ("容量是 1.2 升", "容量足有 1.2 升"))
        with pytest.raises(NotAllowed):
            self.keep(services, team, team.manager)
        self.keep(services, team)
        assert state(services, team, post) == "approved"

    def test_holds_when_the_material_comes_back_to_what_was_kept(
        self, services: Services, team: Team
    ) -> None:
        post = approved_post(services, team)
        kept, other = ("容量是 1.2 升", "容量足有 1.2 升"), ("容量是 1.2 升", "容量是 1.5 升")
        revise(services, team, kept)
        self.keep(services, team)
        revise(services, team, other)
        assert state(services, team, post) == "suspended"
        revise(services, team, kept)
        assert not open_flags(services)
        assert state(services, team, post) == "approved"


def test_patches_that_contradict_each_other_are_left_to_a_person(services: Services, team: Team) -> None:
    """Both prices were 239; now they differ, and nobody can tell which one the copy meant."""
    add(services, team, "offer/p.csv", "产品,日常价,会员价\n小灶陶锅,239 元,239 元\n")
    post = written(services, team, "小灶陶锅只要 239 元，在群里说一声。")
    add(services, team, "offer/p.csv", "产品,日常价,会员价\n小灶陶锅,299 元,219 元\n")
    assert patches(open_flags(services)) == []
    with pytest.raises(Conflict) as refused:
        services.revising.patch(post, brand=team.brand, actor=team.copywriter)
    assert refused.value.message_id == "error.no_patch"


def patches(found: Sequence[models.Flag]) -> list[Any]:
    assert found
    return [patch for flag in found for patch in flag.patches]
