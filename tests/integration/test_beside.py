"""What stands beside a draft: variants, one sentence anew, the same post in other positions, a model that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from copilot import models
from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.channels import LIMITS, Channel
from copilot.domain.findings import Severity
from copilot.domain.posts import PostState
from copilot.errors import Conflict, InvalidInput, Permanent, Retryable
from copilot.services.briefs import Wanted
from copilot.services.house import Services
from copilot.services.queries.desk import PostView
from tests.commanding import Opened, ran
from tests.conftest import Team
from tests.fakes import FakeWriter
from tests.steps import CALL, COPY, approve, drafted_post, library, revise, todays_slot

WECHAT = (
    Channel.OFFICIAL_ACCOUNT, Channel.WECOM_PRIVATE, Channel.MOMENTS, Channel.MALL, Channel.VIDEO_CHANNEL, Channel.LIVE,
)  # fmt: skip
FAULTS = [
    Permanent("fake-model", "unauthorized"),
    Retryable("fake-model", "rate_limited", after=30),
    Retryable("fake-model", "unavailable"),
    Retryable("fake-model", "timeout"),
    Retryable("fake-model", "cut"),
    Permanent("fake-model", "nonsense"),
    Retryable("fake-model", "empty"),
]


@pytest.fixture
def house(services: Services, config: Config, writer: FakeWriter) -> Iterator[Services]:
    """The house with a model that says what it is told to."""
    built = build(config, clock=services.parts.clock, made=replace(services.parts, writer=writer))
    yield built
    built.ownership.release()


def empty_post(services: Services, team: Team) -> int:
    library(services, team)
    return services.planning.open_post(todays_slot(services, team), brand=team.brand, actor=team.copywriter)


def run(services: Services, team: Team, post: int, **how: Any) -> PostView:
    generation = services.drafting.request(post, brand=team.brand, actor=team.copywriter, **how)
    services.drafting.run(generation)
    return services.desk.post(post, brand=team.brand)


def test_a_draft_is_shown_how_approved_posts_of_its_module_sound_and_no_others(
    house: Services, team: Team, writer: FakeWriter
) -> None:
    first = drafted_post(house, team, f"早，灶热了。\n{COPY}")
    week = house.calendar.week(brand=team.brand, around=date(2026, 11, 26))
    second, third = (card.slot for day in week.days for card in day.slots if day.date.day in (23, 24))
    other = house.planning.open_post(second, brand=team.brand, actor=team.copywriter)
    house.revising.save(
        other, brand=team.brand, actor=team.copywriter, text=f"没审的话。\n{COPY}", based_on=None
    )
    post = house.planning.open_post(third, brand=team.brand, actor=team.copywriter)
    writer.enqueue(COPY)
    run(house, team, post)
    approve(house, team, first)
    writer.enqueue(COPY)
    run(house, team, post)
    before, after = (made.prompt for made in writer.history)
    assert "范文" not in before
    assert "<<<范文 1>>>\n早，灶热了。" in after and "没审的话" not in after


class TestAModelThatFails:
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.reason)
    def test_an_empty_slot_is_filled_by_the_composer_and_the_page_says_why(
        self, house: Services, team: Team, writer: FakeWriter, fault: Exception
    ) -> None:
        post = empty_post(house, team)
        writer.enqueue(fault)
        view = run(house, team, post)
        assert view.head is not None and view.head.origin == "composer"
        assert view.fell_back is not None and view.fell_back.id == f"external.{fault.reason}"
        with house.parts.db.read() as session:
            assert session.scalars(select(models.Usage.outcome)).all() == [fault.reason]

    def test_data_in_place_of_copy_is_no_copy(self, house: Services, team: Team, writer: FakeWriter) -> None:
        post = empty_post(house, team)
        writer.enqueue('```json\n{"lines": ["小灶陶锅", "239 元"]}\n```')
        view = run(house, team, post)
        assert view.head is not None and view.head.origin == "composer"
        assert view.fell_back is not None and view.fell_back.id == "external.nonsense"

    def test_what_had_come_before_the_break_is_kept_as_a_variant(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = empty_post(house, team)
        writer.enqueue("小灶陶锅焖饭", Retryable("fake-model", "cut"))
        view = run(house, team, post)
        (remnant,) = view.variants
        assert (remnant.text, remnant.was_cut) == ("小灶陶锅焖饭", True)

    @pytest.mark.parametrize("pieces", [(), ("小灶陶锅的会员",)], ids=["at once", "half-way"])
    def test_a_repair_that_fails_leaves_the_models_own_text_with_its_findings(
        self, house: Services, team: Team, writer: FakeWriter, pieces: tuple[str, ...]
    ) -> None:
        wrong = "小灶陶锅的会员价是 9 元。"
        post = empty_post(house, team)
        writer.enqueue(wrong)
        writer.enqueue(*pieces, Retryable("fake-model", "timeout"))
        view = run(house, team, post)
        assert view.head is not None and (view.head.text, view.head.origin) == (f"{wrong}\n{CALL}", "model")
        assert view.blocking and view.fell_back is None

    def test_a_text_that_stands_is_never_replaced_by_what_nobody_asked_for(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        writer.enqueue(Retryable("fake-model", "timeout"))
        view = run(house, team, post)
        assert view.head is not None and view.head.text == COPY and view.variants == ()
        assert view.generation is not None and view.generation.state == "failed"
        again = run(house, team, post, payload={"offline": True})
        assert again.head is not None and again.head.origin == "composer" and again.fell_back is None

    def test_the_command_prints_the_draft_and_the_reason_and_ends_with_three(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        library(house, team)
        writer.enqueue(Permanent("fake-model", "unauthorized"))
        done = ran(
            Opened(house),
            "draft",
            "--brand",
            "hearth",
            "--column",
            "seeding",
            "--at",
            "2026-11-22T15:00",
            "--json",
        )
        assert done.code == 3 and "fake-model" in done.err and len(done.err.splitlines()) == 1
        assert done.json["provenance"]["writer"] == "composer"

    def test_a_month_that_is_spent_leaves_the_writing_to_the_composer(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        with house.parts.db.write() as session:
            session.get_one(models.Brand, team.brand).model_budget = 0
        view = run(house, team, empty_post(house, team))
        assert view.fell_back is not None and view.fell_back.id == "external.over_budget"
        assert writer.history == []


class TestVariants:
    def test_what_was_let_stand_in_the_post_is_not_to_be_fixed_in_a_variant(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        top = COPY.replace(CALL, f"这口锅是顶级的。\n{CALL}")
        post = drafted_post(house, team, top)
        for _ in range(3):
            writer.enqueue(top)
        (variant,) = run(house, team, post, wanted=Wanted.VARIANT).variants
        assert (variant.text, variant.blocking) == (top, 1)
        stopped = next(one for one in house.desk.post(post, brand=team.brand).findings if one.is_blocking)
        waiver = house.waiving.waive(
            post, stopped.id, brand=team.brand, actor=team.operator, reason="授权书上的原话"
        )
        assert house.desk.post(post, brand=team.brand).variants[0].blocking == 0
        house.waiving.take_back(waiver, brand=team.brand, actor=team.operator)
        assert house.desk.post(post, brand=team.brand).variants[0].blocking == 1

    def test_what_was_let_stand_in_another_sentence_is_to_be_fixed_in_a_variant(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team, COPY.replace(CALL, f"锅盖也是顶级的。\n{CALL}"))
        for _ in range(3):
            writer.enqueue(COPY.replace(CALL, f"这口锅是顶级的。\n{CALL}"))
        run(house, team, post, wanted=Wanted.VARIANT)
        stopped = next(one for one in house.desk.post(post, brand=team.brand).findings if one.is_blocking)
        house.waiving.waive(post, stopped.id, brand=team.brand, actor=team.operator, reason="授权书上的原话")
        assert house.desk.post(post, brand=team.brand).variants[0].blocking == 1

    def test_they_stand_beside_the_text_until_one_is_taken(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        view = services.desk.post(post, brand=team.brand)
        for _ in range(2):
            view = run(services, team, post, wanted=Wanted.VARIANT)
        assert view.head is not None and view.head.text == COPY
        one, other = view.variants
        assert one.text != other.text and not one.blocking
        services.variants.take(one.id, brand=team.brand, actor=team.copywriter)
        taken = services.desk.post(post, brand=team.brand)
        assert taken.head is not None and taken.head.text == one.text and taken.head.number == 2
        assert [row.id for row in taken.variants] == [other.id]
        services.variants.put_away(other.id, brand=team.brand, actor=team.copywriter)
        assert services.desk.post(post, brand=team.brand).variants == ()
        with pytest.raises(Conflict):
            services.variants.take(other.id, brand=team.brand, actor=team.copywriter)
        services.variants.bring_back(other.id, brand=team.brand, actor=team.copywriter)
        with pytest.raises(Conflict):
            services.variants.bring_back(one.id, brand=team.brand, actor=team.copywriter)

    def test_taking_one_breaks_the_seal_as_any_edit(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        approve(services, team, post)
        variant = run(services, team, post, wanted=Wanted.VARIANT).variants[0]
        assert services.desk.post(post, brand=team.brand).state is PostState.APPROVED
        services.variants.take(variant.id, brand=team.brand, actor=team.copywriter)
        view = services.desk.post(post, brand=team.brand)
        assert view.state is PostState.DRAFT and view.seal is not None and view.seal.broken


class TestOneSentence:
    def test_only_the_sentence_changes(self, house: Services, team: Team, writer: FakeWriter) -> None:
        post = drafted_post(house, team)
        writer.enqueue("小灶陶锅装得下 1.2 升，会员价 239 元。[1]")
        sentence = COPY.partition("\n")[0]
        payload = {"revision": 1, "start": 0, "end": len(sentence)}
        view = run(house, team, post, wanted=Wanted.SENTENCE, payload=payload)
        assert view.head is not None
        assert view.head.text == "小灶陶锅装得下 1.2 升，会员价 239 元。\n想要的饭友在群里说一声。"
        asked = writer.history[0].brief.sentence
        assert asked is not None and asked.text == sentence
        assert sentence in writer.history[0].prompt

    def test_a_text_that_moved_on_meanwhile_is_not_overwritten(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        payload = {"revision": 1, "start": 0, "end": len(COPY.partition("\n")[0])}
        generation = house.drafting.request(
            post, brand=team.brand, actor=team.copywriter, wanted=Wanted.SENTENCE, payload=payload
        )
        mine = "小灶陶锅的容量是 1.2 升。"
        house.revising.save(post, brand=team.brand, actor=team.copywriter, text=mine, based_on=1)
        writer.enqueue("小灶陶锅装得下 1.2 升。[1]")
        house.drafting.run(generation)
        view = house.desk.post(post, brand=team.brand)
        assert view.head is not None and view.head.text == mine
        assert [one.text for one in view.variants] == ["小灶陶锅装得下 1.2 升。\n想要的饭友在群里说一声。"]

    def test_a_sentence_that_breaks_off_says_why_and_changes_nothing(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        payload = {"revision": 1, "start": 0, "end": len(COPY.partition("\n")[0])}
        writer.enqueue("小灶陶锅装", Retryable("fake-model", "cut"))
        view = run(house, team, post, wanted=Wanted.SENTENCE, payload=payload)
        assert view.head is not None and view.head.text == COPY
        assert view.generation is not None and view.generation.error is not None
        assert view.generation.error.id == "external.cut"

    def test_without_a_model_another_fact_of_the_same_passages_takes_its_place(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team)
        end = len(COPY.partition("\n")[0])
        view = run(
            services, team, post, wanted=Wanted.SENTENCE, payload={"revision": 1, "start": 0, "end": end}
        )
        assert view.head is not None and view.head.text != COPY
        assert view.head.text.endswith("\n想要的饭友在群里说一声。")
        assert not view.blocking and any(claim.verdict == "supported" for claim in view.claims)

    def test_a_sentence_that_is_not_there_is_refused(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        with pytest.raises(InvalidInput):
            services.drafting.resay(post, brand=team.brand, actor=team.copywriter, sentence="没有这句。")


class TestPositions:
    def told(self, services: Services, team: Team, post: int, *channels: Channel) -> list[PostView]:
        begun = services.translating.request(post, channels, brand=team.brand, actor=team.copywriter)
        for _, generation in begun:
            services.drafting.run(generation)
        return [services.desk.post(sibling, brand=team.brand) for sibling, _ in begun]

    def test_one_post_becomes_linked_versions_that_rest_on_the_same_passages(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team)
        views = self.told(services, team, post, *WECHAT, Channel.TELEGRAM)
        texts = {view.head.text for view in views if view.head is not None}
        assert len(texts) == len(WECHAT) + 1
        for view in views:
            assert view.head is not None
            channel, text = Channel(view.card.channel), view.head.text
            assert "239 元" in text and "1.2 升" in text, channel
            limits = LIMITS[channel]
            assert limits.max_characters is None or len(text) <= limits.max_characters
            assert limits.max_bytes is None or len(text.encode()) <= limits.max_bytes
            assert not [one for one in view.findings if one.severity is Severity.BLOCK], channel
        home = services.desk.post(post, brand=team.brand)
        assert [one.shared for one in home.siblings if not one.is_here] == [1] * len(views)
        assert set(home.elsewhere).isdisjoint({*WECHAT, Channel.TELEGRAM, Channel.COMMUNITY})

    def test_a_changed_fact_marks_every_sibling(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        views = self.told(services, team, post, Channel.MOMENTS, Channel.LIVE)
        revise(services, team, ("239 元", "259 元"))
        for view in (post, *(one.id for one in views)):
            assert services.desk.post(view, brand=team.brand).flags, view

    def test_a_sibling_of_a_text_that_moved_on_says_so(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        self.told(services, team, post, Channel.MOMENTS)
        assert not any(one.is_behind for one in services.desk.post(post, brand=team.brand).siblings)
        services.revising.save(
            post, brand=team.brand, actor=team.copywriter, text="小灶陶锅的会员价是 239 元。", based_on=1
        )
        moments = [one for one in services.desk.post(post, brand=team.brand).siblings if not one.is_here]
        assert [one.is_behind for one in moments] == [True]

    def test_nobody_repeats_what_its_material_no_longer_says(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        revise(services, team, ("239 元", "259 元"))
        begun = services.translating.request(post, [Channel.LIVE], brand=team.brand, actor=team.copywriter)
        services.drafting.run(begun[0][1])
        view = services.desk.post(begun[0][0], brand=team.brand)
        assert view.head is None and view.generation is not None and view.generation.error is not None
        assert view.generation.error.id == "error.original_moved"

    def test_a_model_is_handed_the_facts_and_the_position(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = drafted_post(house, team)
        writer.enqueue("今天焖饭用的小灶陶锅，1.2 升，会员价 239 元。[1]\n要问什么直接发我。")
        (view,) = self.told(house, team, post, Channel.MOMENTS)
        assert view.head is not None and view.head.origin == "model"
        prompt = writer.history[0].prompt
        assert "朋友圈" in prompt and COPY.partition("\n")[0] in prompt and "[1]" in prompt

    def test_what_makes_no_sense_is_refused(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        for channels in ([], [Channel.COMMUNITY]):
            with pytest.raises(InvalidInput):
                services.translating.request(post, channels, brand=team.brand, actor=team.copywriter)
        slot = services.desk.post(post, brand=team.brand).card.slot
        bare = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter, channel=Channel.SMS)
        with pytest.raises(Conflict):
            services.translating.request(bare, [Channel.LIVE], brand=team.brand, actor=team.copywriter)

    def test_the_command_prints_a_draft_for_each(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        done = ran(
            Opened(services),
            "translate",
            "--post",
            post,
            "--channel",
            "moments",
            "--channel",
            "live",
            "--json",
        )
        assert done.code == 0, done.err
        assert [draft["channel"] for draft in done.json] == ["moments", "live"]
        assert all(draft["citations"] for draft in done.json)


class TestWhatAModelSends:
    """It is cleaned as what a person types is, before anything of it is kept or shown."""

    SENT = ("小灶陶锅\x00的会员价\x1b是 239 元，\r", "\n容量是 1.2 升。\r\n", f"\x07{CALL}\x85")

    def test_a_draft_is_kept_and_shown_without_control_characters(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = empty_post(house, team)
        writer.enqueue(*self.SENT)
        view = run(house, team, post)
        assert view.head is not None and view.head.origin == "model"
        assert view.head.text == f"小灶陶锅的会员价是 239 元，\n容量是 1.2 升。\n{CALL}"
        assert view.generation is not None
        told = house.events.tail(view.generation.id)
        shown = "".join(event.data for event in told if event is not None and event.kind == "delta")
        assert shown.strip() == view.head.text

    def test_so_is_what_came_before_a_break_and_a_sentence_said_anew(
        self, house: Services, team: Team, writer: FakeWriter
    ) -> None:
        post = empty_post(house, team)
        writer.enqueue("小灶\x00陶锅焖饭\x08", Retryable("fake-model", "cut"))
        (remnant,) = run(house, team, post).variants
        assert remnant.text == "小灶陶锅焖饭"
        typed = drafted_post(house, team)
        writer.enqueue("小灶陶锅装得下\x00 1.2 升，会员价 239 元。[1]")
        head = house.desk.post(typed, brand=team.brand).head
        assert head is not None
        sentence = COPY.splitlines()[0]
        view = run(
            house,
            team,
            typed,
            wanted=Wanted.SENTENCE,
            payload={"revision": head.id, "start": 0, "end": len(sentence)},
        )
        assert view.head is not None
        assert view.head.text == f"小灶陶锅装得下 1.2 升，会员价 239 元。\n{CALL}"
