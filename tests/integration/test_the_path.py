"""The main job, service by service: from a material to a sent post, and every way to be refused on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copilot.app import create_app
from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.delivery import DeliveryState
from copilot.domain.findings import Verdict
from copilot.domain.posts import PostState
from copilot.domain.waiving import fingerprint
from copilot.errors import (
    Conflict,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Permanent,
    Retryable,
    StaleRevision,
)
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock, FakePublisher, FakeWriter
from tests.looks import state
from tests.steps import CALL, COPY, approved_post, drafted_post, library, scheduled_post, todays_slot
from tests.visiting import HOME, Visitor, said


def test_a_slot_goes_from_material_to_sent_and_can_be_traced(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    assert services.delivering.tick() == {}
    clock.forward(hours=3, minutes=31)
    assert services.delivering.tick() == {"awaiting_person": 2}
    (task,) = services.senddesk.view(brand=team.brand).due
    assert task.text == COPY
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    assert state(services, team, post) is PostState.SENT

    trace = services.trace.view(post, brand=team.brand)
    price = next(claim for claim in trace.claims if "239" in claim.text)
    assert price.verdict is Verdict.SUPPORTED
    evidence = price.evidence[0]
    assert evidence.quote in evidence.text
    assert evidence.path == "selling_point/pot.md"
    assert trace.seal is not None and trace.seal.name == "周航" and not trace.seal.broken
    assert {delivery.state for delivery in trace.deliveries} == {"sent"}
    assert trace.events[0].action == "post.opened"


def test_a_wrong_price_cannot_be_submitted(services: Services, team: Team) -> None:
    post = drafted_post(services, team, COPY.replace("239", "199"))
    view = services.desk.post(post, brand=team.brand)
    finding = next(finding for finding in view.findings if finding.check == "claims")
    assert view.head is not None
    assert view.head.text[finding.start : finding.end] == finding.text
    assert "199" in finding.text
    with pytest.raises(Conflict) as refused:
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    assert refused.value.message_id == "error.blocking_findings"
    assert state(services, team, post) is PostState.DRAFT


def test_one_fix_mends_a_finding(services: Services, team: Team) -> None:
    post = drafted_post(services, team, COPY.replace("239", "199"))
    finding = next(
        one for one in services.desk.post(post, brand=team.brand).findings if one.check == "claims"
    )
    assert finding.suggestion is not None
    services.revising.fix(post, finding.id, brand=team.brand, actor=team.copywriter)
    view = services.desk.post(post, brand=team.brand)
    assert view.head is not None and view.head.text == COPY
    assert view.blocking == 0


def test_a_number_that_came_to_another_finding_fixes_nothing(services: Services, team: Team) -> None:
    """A check that runs again writes its findings anew, and a database gives numbers out twice."""
    post = drafted_post(services, team, COPY.replace("239", "199"))
    (wrong,) = (one for one in services.desk.post(post, brand=team.brand).findings if one.check == "claims")
    who = {"brand": team.brand, "actor": team.copywriter}
    for number, seen in (
        (wrong.id, fingerprint("compliance", "ad.absolute-top", "顶级")),
        (10**6, wrong.says),
    ):
        with pytest.raises(Conflict) as refused:
            services.revising.fix(post, number, **who, seen=seen)
        assert refused.value.message_id == "error.fix_outdated"
    services.revising.fix(post, wrong.id, **who, seen=wrong.says)
    assert services.desk.post(post, brand=team.brand).blocking == 0


def test_the_author_does_not_approve(services: Services, team: Team) -> None:
    library(services, team)
    slot = todays_slot(services, team)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.operator)
    services.revising.save(post, brand=team.brand, actor=team.operator, text=COPY, based_on=None)
    services.reviewing.submit(post, brand=team.brand, actor=team.operator)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    with pytest.raises(NotAllowed) as refused:
        services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    assert refused.value.message_id == "error.four_eyes"


def test_a_copywriter_does_not_approve_at_all(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    with pytest.raises(NotAllowed):
        services.reviewing.approve(post, brand=team.brand, actor=team.copywriter, revision=1)


def test_an_approval_is_of_what_the_approver_saw(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    first = services.desk.post(post, brand=team.brand).head
    assert first is not None
    services.revising.save(
        post, brand=team.brand, actor=team.copywriter, text=COPY + "\n等你。", based_on=first.number
    )
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    with pytest.raises(Conflict) as refused:
        services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=first.id)
    assert refused.value.message_id == "error.approved_text_moved"


def test_an_edit_breaks_the_seal_and_stops_the_delivery(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.revising.save(
        post, brand=team.brand, actor=team.copywriter, text=COPY + "\n等你。", based_on=head.number
    )
    view = services.desk.post(post, brand=team.brand)
    assert view.seal is not None and view.seal.broken
    assert view.state is PostState.DRAFT
    clock.forward(hours=4)
    assert services.delivering.tick() == {}


def test_two_people_editing_lose_nothing(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY + "\n一。", based_on=1)
    with pytest.raises(StaleRevision) as refused:
        services.revising.save(post, brand=team.brand, actor=team.operator, text=COPY + "\n二。", based_on=1)
    assert refused.value.params == {"based_on": 1, "newest": 2}
    assert [one.number for one in services.desk.post(post, brand=team.brand).revisions] == [2, 1]


def test_changes_asked_for_need_a_reason(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    with pytest.raises(InvalidInput):
        services.reviewing.request_changes(post, brand=team.brand, actor=team.operator, note="  ")
    services.reviewing.request_changes(post, brand=team.brand, actor=team.operator, note="开头太像昨天的")
    view = services.desk.post(post, brand=team.brand)
    assert view.state is PostState.CHANGES_REQUESTED
    assert view.notes[0].text == "开头太像昨天的"


def test_a_missed_slot_expires_and_is_never_blasted_out(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    clock.forward(days=1)
    assert services.delivering.tick() == {"expired": 2}
    assert state(services, team, post) is PostState.EXPIRED


def test_a_slot_that_is_over_cannot_be_scheduled(services: Services, team: Team, clock: FakeClock) -> None:
    post = approved_post(services, team)
    clock.forward(days=1)
    with pytest.raises(Conflict) as refused:
        services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    assert refused.value.message_id == "error.slot_over"
    assert state(services, team, post) is PostState.APPROVED


def test_a_tick_set_by_mistake_can_be_taken_back_for_ten_minutes(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    first, second = services.senddesk.view(brand=team.brand).due[0].open
    services.delivering.mark_sent(first.delivery, brand=team.brand, actor=team.operator)
    services.delivering.skip(second.delivery, brand=team.brand, actor=team.operator, reason="群已解散")
    assert state(services, team, post) is PostState.SENT
    services.delivering.undo(first.delivery, brand=team.brand, actor=team.operator)
    assert state(services, team, post) is PostState.SCHEDULED
    services.delivering.mark_sent(first.delivery, brand=team.brand, actor=team.operator)
    clock.forward(minutes=11)
    with pytest.raises(Conflict) as refused:
        services.delivering.undo(first.delivery, brand=team.brand, actor=team.operator)
    assert refused.value.message_id == "error.undo_too_late"


def test_another_brands_post_is_not_found(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    other = services.brands.create(slug="other", name="Other", zone="Europe/London", language="en")
    with pytest.raises(NotFound):
        services.desk.post(post, brand=other)
    with pytest.raises(NotFound):
        services.reviewing.submit(post, brand=other, actor=team.copywriter)


class TestAutomaticChannel:
    """A destination whose adapter sends by itself: one attempt, and never a guess."""

    @pytest.fixture
    def post(self, services: Services, team: Team, clock: FakeClock) -> int:
        with services.parts.db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE destination SET adapter = 'fake'")
        post = scheduled_post(services, team)
        clock.forward(hours=3, minutes=31)
        return post

    def test_what_is_sent_is_what_was_approved(
        self, services: Services, team: Team, post: int, publisher: FakePublisher
    ) -> None:
        assert services.delivering.tick() == {"sent": 2}
        assert [parcel.text for parcel in publisher.sent] == [COPY, COPY]
        assert len({parcel.key for parcel in publisher.sent}) == 2
        assert state(services, team, post) is PostState.SENT
        assert services.delivering.tick() == {}

    def test_an_unseen_outcome_is_never_sent_again_by_itself(
        self, services: Services, team: Team, post: int, publisher: FakePublisher, clock: FakeClock
    ) -> None:
        publisher.trouble.append(OutcomeUnknown("channel", "timeout"))
        assert services.delivering.tick() == {"unknown": 1, "sent": 1}
        clock.forward(minutes=30)
        assert services.delivering.tick() == {}
        (task,) = services.senddesk.view(brand=team.brand).unknown
        unknown = next(tick for tick in task.ticks if tick.state is DeliveryState.UNKNOWN)
        services.delivering.resolve_unknown(
            unknown.delivery, brand=team.brand, actor=team.operator, was_sent=True
        )
        assert len(publisher.sent) == 1

    def test_a_refusal_that_may_pass_is_tried_again_later(
        self, services: Services, team: Team, post: int, publisher: FakePublisher, clock: FakeClock
    ) -> None:
        publisher.trouble.append(Retryable("channel", "unavailable"))
        assert services.delivering.tick() == {"due": 1, "sent": 1}
        assert services.delivering.tick() == {}
        clock.forward(minutes=2)
        assert services.delivering.tick() == {"sent": 1}
        assert len(publisher.sent) == 2

    def test_a_refusal_for_good_is_failed(
        self, services: Services, team: Team, post: int, publisher: FakePublisher
    ) -> None:
        publisher.trouble.append(Permanent("channel", "unauthorized"))
        assert services.delivering.tick() == {"failed": 1, "sent": 1}


class TestModelFaults:
    """Each fault of a model ends as a message beside the action; nothing typed is lost, the slot stays draftable."""

    @pytest.fixture
    def house(self, services: Services, config: Config, writer: FakeWriter) -> Services:
        return build(config, clock=services.parts.clock, made=replace(services.parts, writer=writer))

    @pytest.mark.parametrize(
        "fault",
        [
            Retryable("model", "timeout"),
            Retryable("model", "rate_limited", after=7),
            Retryable("model", "unavailable"),
            Permanent("model", "unauthorized"),
            Permanent("model", "nonsense"),
        ],
        ids=lambda fault: fault.reason,
    )
    def test_a_fault_keeps_the_text_and_the_slot(
        self, house: Services, team: Team, writer: FakeWriter, fault: Exception
    ) -> None:
        post = drafted_post(house, team)
        writer.enqueue("小灶陶锅的", fault)
        generation = house.drafting.request(post, brand=team.brand, actor=team.copywriter)
        house.drafting.run(generation)
        view = house.desk.post(post, brand=team.brand)
        assert view.generation is not None and view.generation.error is not None
        assert view.generation.error.id.startswith("external.")
        assert view.generation.text == "小灶陶锅的"
        assert view.head is not None and view.head.text == COPY
        writer.enqueue(COPY)
        again = house.drafting.request(post, brand=team.brand, actor=team.copywriter)
        house.drafting.run(again)
        done = house.desk.post(post, brand=team.brand).generation
        assert done is not None and done.state == "done"

    def test_markers_are_stripped_and_grounding_is_decided_by_code(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        writer.enqueue("小灶陶锅的会员价是 239 元", "[", f"1]，容量是 1.2 升[7]。\n{CALL}")
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None
        assert view.head.text == COPY
        assert [claim.verdict for claim in view.claims] == [Verdict.SUPPORTED, Verdict.OPINION]
        assert view.head.provenance["prompts"]

    def test_blocking_findings_go_back_to_the_model_twice_at_most(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        wrong = "小灶陶锅的会员价是 9 元。"
        for _ in range(3):
            writer.enqueue(wrong)
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert len(writer.history) == 3
        assert "9 元" in {finding.text for finding in view.findings}
        assert view.head is not None and view.head.provenance["repairs"] == 2

    def test_a_repair_that_makes_it_worse_is_not_taken(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        writer.enqueue("小灶陶锅的会员价是 9 元。")
        writer.enqueue("检查发现：9 元不对，8 元也不对，7 元也不对。")
        writer.enqueue("小灶陶锅的会员价是 239 元。")
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None and view.head.text == f"小灶陶锅的会员价是 239 元。\n{CALL}"
        assert "8 元" not in writer.history[2].prompt

    def test_only_the_sentence_that_was_stopped_is_said_anew(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        writer.enqueue("小灶陶锅的会员价是 9 元。\n小灶陶锅的容量是 1.2 升。")
        writer.enqueue("小灶陶锅的会员价是 239 元[1]。")
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None
        assert view.head.text == f"小灶陶锅的会员价是 239 元。\n小灶陶锅的容量是 1.2 升。\n{CALL}"
        asked = writer.history[1].prompt
        assert "<<<这一句>>>\n小灶陶锅的会员价是 9 元。\n<<<这一句完>>>" in asked and "被检查拦下" in asked

    def test_an_answer_that_tells_nothing_replaces_no_copy(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        wrong = "早。\n\n" + COPY + "\n" + "小灶陶锅是全网最低价。" * 4
        writer.enqueue(wrong)
        for _ in range(2):
            writer.enqueue("好的，请提供素材和要求。")
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None and "请提供" not in view.head.text and "239 元" in view.head.text

    def test_what_nothing_supports_in_the_end_is_struck_and_the_page_says_so(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        true = "小灶陶锅的会员价是 239 元。\n小灶陶锅的容量是 1.2 升。"
        wrong = "小灶陶锅附赠 5 个碗。"
        writer.enqueue(f"{true}{wrong}")
        for _ in range(2):
            writer.enqueue("小灶陶锅再送 6 个碗。")
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None and view.head.text == f"{true}\n{CALL}" and not view.blocking
        assert view.head.provenance["struck"] == [wrong]
        page = Visitor(create_app(house), "mia").get(f"{HOME}/posts/{post}")
        assert wrong in said(page)

    def test_what_the_model_repeats_of_its_task_is_struck_and_not_asked_for_anew(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        true = "小灶陶锅的会员价是 239 元。\n小灶陶锅的容量是 1.2 升。"
        task = "可以再加一两句场景或感受，不加别的事实。"
        writer.enqueue(f"好的，我明白了。{true}{task}")
        house.drafting.run(house.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None and view.head.text == f"{true}\n{CALL}" and not view.blocking
        assert view.head.provenance["struck"] == [task] and len(writer.history) == 1

    def test_a_column_without_passages_says_so(self, services: Services, team: Team) -> None:
        slot = todays_slot(services, team)
        post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
        services.drafting.run(services.drafting.request(post, brand=team.brand, actor=team.copywriter))
        view = services.desk.post(post, brand=team.brand)
        assert view.generation is not None and view.generation.error is not None
        assert view.generation.error.id == "external.no_passages"
        assert view.head is None

    def test_one_draft_at_a_time(self, house: Services, team: Team) -> None:
        post = drafted_post(house, team)
        house.drafting.request(post, brand=team.brand, actor=team.copywriter)
        with pytest.raises(Conflict) as refused:
            house.drafting.request(post, brand=team.brand, actor=team.copywriter)
        assert refused.value.message_id == "error.already_drafting"


def test_a_sent_post_is_history(services: Services, team: Team, clock: FakeClock) -> None:
    post = scheduled_post(services, team)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    with pytest.raises(IllegalTransition):
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text="换一个", based_on=1)
    with pytest.raises(Conflict):
        services.drafting.request(post, brand=team.brand, actor=team.copywriter)
