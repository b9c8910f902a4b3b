"""A finding that somebody lets stand: who may, with which reason, and how it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copilot.domain.permissions import Permission
from copilot.domain.posts import PostState
from copilot.domain.waiving import MOST_REASON
from copilot.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.looks import state
from tests.steps import COPY, approve, drafted_post, scheduled_post
from tests.waiving import TOP, WHY, WORD, WRONG, audited, finding, let_stand, planted, view


class TestWhoMay:
    def test_a_copywriter_lets_nothing_stand(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        with pytest.raises(NotAllowed) as refused:
            let_stand(services, team, post, team.copywriter)
        assert refused.value.permission == Permission.REVIEW
        assert view(services, team, post).blocking == 1 and audited(services) == []

    def test_an_operator_judges_words_and_the_post_then_passes(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        with pytest.raises(Conflict, match="blocking_findings"):
            services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        let_stand(services, team, post)
        assert view(services, team, post).blocking == 0
        # The operator lets it stand and the brand manager approves, or the same person does both.
        approve(services, team, post)
        seen = view(services, team, post)
        assert seen.state is PostState.APPROVED
        (kept,) = seen.waived
        assert kept.waiver is not None
        assert (kept.text, kept.waiver.reason, kept.waiver.author) == (WORD, WHY, "周航")
        assert kept.waiver.at.utcoffset() == timedelta(hours=8)
        services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
        assert state(services, team, post) is PostState.SCHEDULED

    def test_what_is_true_only_whoever_keeps_the_library_can_say(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, WRONG)
        (wrong,) = {one.text for one in view(services, team, post).findings if one.severity == "block"}
        with pytest.raises(NotAllowed) as refused:
            let_stand(services, team, post, team.operator, wrong)
        assert refused.value.permission == Permission.CURATE
        let_stand(services, team, post, team.manager, wrong)
        approve(services, team, post)
        assert state(services, team, post) is PostState.APPROVED

    @pytest.mark.parametrize(
        ("check", "rule", "text"),
        [
            ("limits", "bytes", ""),
            ("privacy", "phone", "13800001111"),
            ("pictures", "retired", ""),
            ("structure", "markup", "<b>"),
        ],
    )
    def test_some_things_have_to_be_mended(
        self, services: Services, team: Team, check: str, rule: str, text: str
    ) -> None:
        post = drafted_post(services, team)
        number = planted(services, post, check, rule, text)
        with pytest.raises(Conflict) as refused:
            services.waiving.waive(post, number, brand=team.brand, actor=team.manager, reason=WHY)
        assert refused.value.message_id == "error.not_waivable"

    def test_a_members_number_is_found_and_nobody_lets_it_stand(self, services: Services, team: Team) -> None:
        number = "13912345678"
        post = drafted_post(services, team, f"{COPY}\n打 {number}。")
        (private,) = (one for one in view(services, team, post).findings if one.check == "privacy")
        assert private.needs is None
        with pytest.raises(Conflict, match="not_waivable"):
            let_stand(services, team, post, team.manager, private.text)

    @pytest.mark.parametrize(
        ("reason", "said"),
        [
            ("", "invalid.waiver_reason"),
            (" \n　", "invalid.waiver_reason"),
            ("\u200b\u200b", "invalid.waiver_reason"),
            ("\x00\x07", "invalid.waiver_reason"),
            ("👍。", "invalid.wordless"),
            ("x", "invalid.wordless"),
            ("长" * (MOST_REASON + 1), "invalid.waiver_reason_long"),
        ],
    )
    def test_a_reason_is_given_in_a_sentence(
        self, services: Services, team: Team, reason: str, said: str
    ) -> None:
        post = drafted_post(services, team, TOP)
        with pytest.raises(InvalidInput) as refused:
            services.waiving.waive(
                post,
                finding(services, team, post).id,
                brand=team.brand,
                actor=team.operator,
                reason=reason,
            )
        assert refused.value.fields == {"reason": said}
        assert audited(services) == []

    def test_another_brand_knows_neither_the_post_nor_the_waiver(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, TOP)
        number = finding(services, team, post).id
        waiver = let_stand(services, team, post)
        other = services.brands.create(slug="other", name="Other", zone="Europe/London", language="en")
        with pytest.raises(NotFound):
            services.waiving.waive(post, number, brand=other, actor=team.manager, reason=WHY)
        with pytest.raises(NotFound):
            services.waiving.take_back(waiver, brand=other, actor=team.manager)

    def test_what_is_over_is_let_stand_by_nobody(
        self, services: Services, team: Team, clock: FakeClock
    ) -> None:
        post = scheduled_post(services, team)
        clock.forward(days=1)
        services.delivering.tick()
        number = planted(services, post, "compliance", "absolute", "陶锅")
        with pytest.raises(IllegalTransition):
            services.waiving.waive(post, number, brand=team.brand, actor=team.operator, reason=WHY)


class TestTakingBack:
    def test_it_stops_the_post_again(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        with pytest.raises(NotAllowed):
            services.waiving.take_back(waiver, brand=team.brand, actor=team.copywriter)
        services.waiving.take_back(waiver, brand=team.brand, actor=team.manager)
        seen = view(services, team, post)
        assert seen.blocking == 1 and not seen.waived
        with pytest.raises(Conflict, match="blocking_findings"):
            services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        with pytest.raises(Conflict, match="waiver_over"):
            services.waiving.take_back(waiver, brand=team.brand, actor=team.manager)
        # It may be given anew, as another waiver.
        assert let_stand(services, team, post) != waiver

    def test_not_once_an_approval_rests_on_it(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)

        def refused() -> bool:
            with pytest.raises(Conflict) as told:
                services.waiving.take_back(waiver, brand=team.brand, actor=team.manager)
            return told.value.message_id == "error.waiver_sealed"

        approve(services, team, post)
        assert refused()
        services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
        assert refused()
        services.reviewing.withdraw(post, brand=team.brand, actor=team.operator)
        assert state(services, team, post) is PostState.IN_REVIEW
        services.waiving.take_back(waiver, brand=team.brand, actor=team.manager)
        assert view(services, team, post).blocking == 1

    def test_its_reviewer_cannot_approve_what_was_taken_back_meanwhile(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        head = view(services, team, post).head
        assert head is not None
        with pytest.raises(NotAllowed):
            services.waiving.take_back(waiver, brand=team.brand, actor=team.copywriter)
        services.waiving.take_back(waiver, brand=team.brand, actor=team.operator)
        (seen,) = services.desk.review_queue(brand=team.brand)
        assert seen.blocking == 1 and not seen.waived
        yes = {"brand": team.brand, "actor": team.manager, "revision": head.id}
        with pytest.raises(Conflict, match="blocking_findings"):
            services.reviewing.approve(post, **yes)
        assert state(services, team, post) is PostState.IN_REVIEW
        # Given in review, it may be taken back there; given again, the post passes.
        for _ in range(2):
            services.waiving.take_back(let_stand(services, team, post), brand=team.brand, actor=team.operator)
        let_stand(services, team, post)
        services.reviewing.approve(post, **yes)
        assert state(services, team, post) is PostState.APPROVED

    def test_both_are_in_the_log_with_their_words(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        services.waiving.take_back(waiver, brand=team.brand, actor=team.manager)
        given, taken = audited(services)
        told = {"post": post, "check": "compliance", "text": WORD, "reason": WHY}
        assert (given.action, given.actor_id, given.subject_id) == ("waiver.given", team.operator.id, waiver)
        assert (taken.action, taken.actor_id, taken.subject_id) == (
            "waiver.taken_back",
            team.manager.id,
            waiver,
        )
        for row in (given, taken):
            assert told.items() <= row.data.items() and row.data["rule"] and row.brand_id == team.brand

    @pytest.mark.parametrize("during", ["submission", "approval"])
    def test_a_waiver_taken_back_meanwhile_is_told_in_words(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch, during: str
    ) -> None:
        """Between the check and the move, which are two transactions."""
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        if during == "approval":
            services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        before, head = state(services, team, post), view(services, team, post).head
        assert head is not None
        passed = services.reviewing._passed

        def meanwhile(*args: object) -> int:
            number = passed(*args)  # type: ignore[arg-type]
            services.waiving.take_back(waiver, brand=team.brand, actor=team.manager)
            return number

        monkeypatch.setattr(services.reviewing, "_passed", meanwhile)
        with pytest.raises(Conflict, match="blocking_findings"):
            if during == "approval":
                services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
            else:
                services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        assert state(services, team, post) is before
