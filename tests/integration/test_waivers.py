"""A finding that somebody lets stand: who may, what it covers, who sees it, and what the database makes of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from sqlalchemy import select

from copilot import models
from copilot.config import Config
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from copilot.domain.permissions import Actor, Permission
from copilot.domain.posts import PostState
from copilot.domain.waiving import MOST_REASON, OUTGROWN, Seats, fingerprint, waive
from copilot.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound
from copilot.services import loading
from copilot.services.house import Services
from copilot.services.queries.desk import PostView
from copilot.services.queries.marks import FindingRow
from copilot.services.revising import keep_revision
from copilot.services.waiving import standing_waivers
from copilot.web.trace import happened
from copilot.web.waiverform import Refused
from tests.commanding import Opened, Ran, ran
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.looks import state
from tests.steps import CALL, COPY, approve, approved_post, drafted_post, scheduled_post, written
from tests.visiting import HOME, Visitor, one, parsed, said

WORD = "顶级"
TOP = f"{COPY.removesuffix(CALL)}这口锅是{WORD}的。\n{CALL}"
WRONG = COPY.replace("239", "199")
WHY = "供应商的授权书上就是这么写的"


def view(services: Services, team: Team, post: int) -> PostView:
    return services.desk.post(post, brand=team.brand)


def finding(services: Services, team: Team, post: int, text: str = WORD) -> FindingRow:
    """What stops the post in these words."""
    return next(
        one for one in view(services, team, post).findings if one.text == text and one.severity == "block"
    )


def let_stand(services: Services, team: Team, post: int, actor: Actor | None = None, text: str = WORD) -> int:
    return services.waiving.waive(
        post,
        finding(services, team, post, text).id,
        brand=team.brand,
        actor=actor or team.operator,
        reason=WHY,
    )


def waiver_of(services: Services, team: Team, post: int) -> int:
    (kept, *_) = view(services, team, post).waived
    assert kept.waiver is not None
    return kept.waiver.id


def audited(services: Services, subject: str = "waiver") -> list[models.Audit]:
    with services.parts.db.read() as session:
        return list(
            session.scalars(
                select(models.Audit).where(models.Audit.subject == subject).order_by(models.Audit.id)
            )
        )


def planted(services: Services, post: int, check: str, rule: str, text: str) -> int:
    """A finding of the newest text as that check would leave it."""
    with services.parts.db.write() as session:
        row = session.get(models.Post, post)
        assert row is not None and row.head_id is not None
        made = models.Finding(
            revision_id=row.head_id,
            check=check,
            rule=rule,
            severity="block",
            start=0,
            end=len(text),
            text=text,
            reason="rule",
            params={"rule": rule},
        )
        session.add(made)
        session.flush()
        return made.id


def edit(services: Services, team: Team, post: int, text: str) -> None:
    head = view(services, team, post).head
    assert head is not None
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=head.number)


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
            ("👍。", "invalid.waiver_reason"),
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


class TestWhatItCovers:
    def test_all_places_of_its_sentence_at_once_and_once_only(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP.replace("是顶级的", "是顶级的，锅盖也是顶级的"))
        seen = view(services, team, post)
        first, second = (one for one in seen.findings if one.text == WORD and one.severity == "block")
        given = {}
        for number, reason in ((first.id, WHY), (second.id, "另一个理由")):
            given[number] = services.waiving.waive(
                post, number, brand=team.brand, actor=team.operator, reason=reason
            )
        assert len(set(given.values())) == 1 and len(audited(services)) == 1
        seen = view(services, team, post)
        assert seen.blocking == 0 and len(seen.waived) == 1
        assert [one.waiver.reason for one in seen.findings if one.waiver is not None] == [WHY, WHY]

    def test_another_sentence_with_the_same_words_needs_its_own(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, f"{WORD}的锅来了。\n{TOP}")
        first, second = (one for one in view(services, team, post).findings if one.is_blocking)
        assert first.says == second.says and first.seen != second.seen
        given = []
        for told in (first, second):
            given.append(
                services.waiving.waive(post, told.id, brand=team.brand, actor=team.operator, reason=WHY)
            )
            left = [row for row in view(services, team, post).findings if row.is_blocking]
            assert [row.start for row in left] == ([second.start] if told is first else [])
            # Nobody let it stand before in other words: that one is where it was.
            assert all(row.reminder is None for row in left)
        assert len(set(given)) == 2 and len(audited(services)) == 2
        services.waiving.take_back(given[0], brand=team.brand, actor=team.manager)
        (again,) = (row for row in view(services, team, post).findings if row.is_blocking)
        assert again.start == first.start and again.reminder is None

    def test_where_its_sentence_changes_it_stands_again_and_says_why(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, TOP)
        let_stand(services, team, post)
        moved = f"这口锅是{WORD}的。\n\n{COPY}"
        edit(services, team, post, moved)
        assert view(services, team, post).blocking == 0, "it only stands elsewhere"
        changed = TOP.replace(f"是{WORD}的", f"绝对是{WORD}的")
        edit(services, team, post, changed)
        back = finding(services, team, post)
        assert back.waiver is None and back.reminder == OUTGROWN
        with pytest.raises(Conflict, match="blocking_findings"):
            services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        assert [one.waiver for one in services.checking.recheck(post, brand=team.brand).findings] == [None]
        again = let_stand(services, team, post)
        assert view(services, team, post).blocking == 0
        # Both stand in the post, each for its own sentence.
        edit(services, team, post, TOP)
        (kept,) = view(services, team, post).waived
        assert kept.waiver is not None and kept.waiver.id != again

    def test_what_is_about_the_whole_copy_is_read_again_once_that_changes(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, COPY)
        number = planted(services, post, "structure", "missing_call", "")
        waiver = services.waiving.waive(post, number, brand=team.brand, actor=team.operator, reason=WHY)
        with services.parts.db.read() as session:
            (stands,) = standing_waivers(session, post)
            home, _ = loading.brand_and_voice(session, team.brand)
        whole = Finding(Check.STRUCTURE, "missing_call", Severity.WARN, 0, 0, "", Message("rule"))
        for text, covered in ((COPY, waiver), (f"{COPY}\n今晚见。", None)):
            (found,) = waive([whole], [stands], Seats(text, home.language))
            assert found.waiver == covered

    def test_a_form_names_one_sentence(self, services: Services, team: Team) -> None:
        """The sentence that was read is edited before the press: nobody has read what stands there now."""
        post = drafted_post(services, team, f"{WORD}的锅来了。\n{TOP}")
        first, second = (one for one in view(services, team, post).findings if one.is_blocking)
        edit(services, team, post, f"{WORD}的新锅来了。\n{TOP}")
        with pytest.raises(Conflict, match="waive_outdated"):
            services.waiving.waive(
                post, first.id, brand=team.brand, actor=team.operator, reason=WHY, seen=first.seen
            )
        with pytest.raises(Conflict, match="waive_outdated"):
            services.waiving.waive(post, first.id, brand=team.brand, actor=team.operator, reason=WHY)
        services.waiving.waive_seen(post, second.seen, brand=team.brand, actor=team.operator, reason=WHY)
        (left,) = (one for one in view(services, team, post).findings if one.is_blocking)
        assert left.start == 0

    def test_it_goes_along_while_the_words_stay_and_falls_away_with_them(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, TOP)
        let_stand(services, team, post)
        edit(services, team, post, f"晚上好呀，饭友们。\n{TOP}")
        assert view(services, team, post).blocking == 0
        edit(services, team, post, TOP.replace(WORD, "最佳"))
        seen = view(services, team, post)
        assert seen.blocking == 1 and not seen.waived
        # Nobody took it back: where the sentence comes again, so does what was said of it.
        edit(services, team, post, TOP)
        assert view(services, team, post).blocking == 0

    def test_another_post_with_the_same_words_needs_its_own(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        number = finding(services, team, post).id
        let_stand(services, team, post)
        tomorrow = next(
            card.slot
            for day in services.calendar.week(brand=team.brand, around=services.parts.clock().date()).days
            for card in day.slots
            if card.post is None
        )
        other = services.planning.open_post(tomorrow, brand=team.brand, actor=team.copywriter)
        services.revising.save(other, brand=team.brand, actor=team.copywriter, text=TOP, based_on=None)
        assert view(services, team, other).blocking == 1
        with pytest.raises(Conflict, match="blocking_findings"):
            services.reviewing.submit(other, brand=team.brand, actor=team.copywriter)
        # And a finding's number opens no other post's door.
        with pytest.raises(Conflict, match="waive_outdated"):
            services.waiving.waive(other, number, brand=team.brand, actor=team.operator, reason=WHY)

    def test_a_finding_of_a_former_text_means_the_same_one_of_the_newest(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, TOP)
        former = finding(services, team, post)
        edit(services, team, post, f"晚上好呀，饭友们。\n{TOP}")
        services.waiving.waive(post, former.id, brand=team.brand, actor=team.operator, reason=WHY)
        assert view(services, team, post).blocking == 0
        edit(services, team, post, COPY)
        with pytest.raises(Conflict) as refused:
            services.waiving.waive(post, former.id, brand=team.brand, actor=team.operator, reason=WHY)
        assert refused.value.message_id == "error.waive_outdated"

    def test_a_number_that_came_to_another_finding_is_not_what_was_read(
        self, services: Services, team: Team
    ) -> None:
        """A check that runs again writes its findings anew, and a database gives numbers out twice."""
        post = drafted_post(services, team, TOP)
        number = finding(services, team, post).id
        for seen in (fingerprint("compliance", "absolute", "最佳"), "nonsense"):
            with pytest.raises(Conflict, match="waive_outdated"):
                services.waiving.waive(
                    post, number, brand=team.brand, actor=team.operator, reason=WHY, seen=seen
                )
        seen = finding(services, team, post).seen
        services.waiving.waive(post, number, brand=team.brand, actor=team.operator, reason=WHY, seen=seen)
        with pytest.raises(Conflict, match="waive_outdated"):
            services.waiving.waive(post, 10**6, brand=team.brand, actor=team.operator, reason=WHY)

    def test_a_draft_that_says_it_again_is_covered_too(self, services: Services, team: Team) -> None:
        """A writer's copy is checked without regard to its post; what was let stand there is known all the same."""
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        channel = view(services, team, post).column.channel
        checked = services.checking.check_text(TOP, brand=team.brand, channel=channel)
        assert [one.waiver for one in checked.findings if one.text == WORD] == [None]
        with services.parts.db.write() as session:
            row = session.get(models.Post, post)
            assert row is not None
            now = services.parts.clock()
            keep_revision(session, row, TOP, [], "model", team.copywriter.id, {}, checked, now=now)
        seen = view(services, team, post)
        assert seen.head is not None and seen.head.number == 2
        assert [one.waiver.id for one in seen.waived if one.waiver is not None] == [waiver]
        assert seen.blocking == 0
        edited = [row for row in audited(services, "post") if row.action == "post.edited"]
        assert [row.data["blocking"] for row in edited] == [1, 0]


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


class TestTheDatabase:
    """By raw SQL, on a connection as any other program would open it."""

    @pytest.fixture
    def raw(self, services: Services, config: Config) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(Path(config.database.removeprefix("sqlite:///")), isolation_level=None)
        yield connection
        connection.close()

    APPROVE = (
        "INSERT INTO approval (post_id, revision_id, digest, window_start, window_end, approver_id, created_at)"
        " SELECT p.id, r.id, r.digest, r.created_at, r.created_at, ?, r.created_at"
        " FROM post p JOIN revision r ON r.id = p.head_id WHERE p.id = ?"
    )

    def test_no_approval_and_no_review_while_a_block_stands(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, TOP)
        given = (team.operator.id, post)
        for statement, values in (
            (self.APPROVE, given),
            ("UPDATE post SET state = 'in_review' WHERE id = ?", (post,)),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="a finding blocks this copy"):
                raw.execute(statement, values)
        let_stand(services, team, post)
        raw.execute("UPDATE post SET state = 'in_review' WHERE id = ?", (post,))
        raw.execute(self.APPROVE, given)

    @pytest.mark.parametrize(
        "forged",
        [
            "UPDATE finding SET waiver_id = 99 WHERE severity = 'block'",
            "UPDATE finding SET waiver_id = (SELECT min(id) FROM waiver) WHERE severity = 'block'",
        ],
        ids=["a waiver that is none", "a waiver of other words"],
    )
    def test_a_waiver_of_something_else_opens_nothing(
        self, services: Services, team: Team, raw: sqlite3.Connection, forged: str
    ) -> None:
        post = drafted_post(services, team, TOP.replace(WORD, "最佳"))
        let_stand(services, team, post, text="最佳")
        edit(services, team, post, TOP)
        raw.execute(forged)
        with pytest.raises(sqlite3.IntegrityError, match="a finding blocks this copy"):
            raw.execute(self.APPROVE, (team.operator.id, post))

    def test_a_waiver_of_another_sentence_opens_nothing(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, f"{WORD}的锅来了。\n{TOP}")
        let_stand(services, team, post)
        raw.execute("UPDATE finding SET waiver_id = (SELECT min(id) FROM waiver) WHERE severity = 'block'")
        with pytest.raises(sqlite3.IntegrityError, match="a finding blocks this copy"):
            raw.execute(self.APPROVE, (team.operator.id, post))

    def test_a_waiver_has_a_seat_and_keeps_it(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        columns = 'brand_id, post_id, "check", rule, text, seat, reason, author_id, created_at'
        without = columns.replace("seat", "''")
        for statement in (
            f"INSERT INTO waiver ({columns}) SELECT {without} FROM waiver",
            "UPDATE waiver SET seat = 'x'",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="a waiver"):
                raw.execute(statement)
        (kept,) = raw.execute("SELECT seat FROM waiver WHERE id = ?", (waiver,)).fetchone()
        assert kept == finding(services, team, post).seat

    def test_what_stands_in_the_rows_is_what_stands(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        with services.parts.db.read() as session:
            (kept,) = standing_waivers(session, post)
        assert (kept.id, kept.text) == (waiver, WORD)
        services.waiving.take_back(waiver, brand=team.brand, actor=team.operator)
        assert raw.execute("SELECT count(*) FROM finding WHERE waiver_id IS NOT NULL").fetchone() == (0,)
        with services.parts.db.read() as session:
            assert standing_waivers(session, post) == ()


class TestThePages:
    def test_pressing_it_keeps_what_was_typed_first(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        post = drafted_post(services, team, TOP)
        asked = finding(services, team, post)
        typed = f"晚上好呀，饭友们。\n{TOP}"
        answer = hang.post(
            f"{HOME}/posts/{post}/waive/{asked.id}",
            {
                "text": typed,
                "based_on": "1",
                f"reason-{asked.id}": f" {WHY}\r\n",
                f"seen-{asked.id}": asked.seen,
                "reason-999": "一条别的",
            },
        )
        assert answer.status_code == 303
        seen = view(services, team, post)
        assert seen.head is not None and seen.head.text == typed
        assert seen.blocking == 0 and seen.waived[0].waiver is not None
        assert seen.waived[0].waiver.reason == WHY
        back = hang.post(f"{HOME}/posts/{post}/waivers/{seen.waived[0].waiver.id}/take-back")
        assert back.status_code == 303 and view(services, team, post).blocking == 1

    def test_a_refusal_keeps_the_typed_text_and_says_why(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        post = drafted_post(services, team, WRONG)
        stopped = next(one for one in view(services, team, post).findings if one.severity == "block")
        typed = {"text": f"{WRONG}\n小灶见。", "based_on": "1", "reason": WHY, "seen": stopped.seen}
        refused = hang.post(f"{HOME}/posts/{post}/waive/{stopped.id}", typed)
        assert refused.status_code == 403, "facts are the brand manager's"
        assert one(refused, "textarea[name=text]").text() == typed["text"]
        gone = hang.post(f"{HOME}/posts/{post}/waive/{10**6}", {"reason": WHY})
        assert gone.status_code == 409
        assert "decide again" in said(gone, "[data-error]")

    def test_a_reason_that_will_not_do_stands_beside_its_finding_with_what_was_typed(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        """The text was saved first, so that the finding bears another number on the page that answers."""
        post = drafted_post(services, team, TOP)
        asked = finding(services, team, post)
        typed = f"晚上好呀，饭友们。\n{TOP}"
        long = "长" * (MOST_REASON + 1)
        sent = {"text": typed, "based_on": "1", f"reason-{asked.id}": long, f"seen-{asked.id}": asked.seen}
        refused = hang.post(f"{HOME}/posts/{post}/waive/{asked.id}", sent)
        assert refused.status_code == 422
        now = finding(services, team, post).id
        assert now != asked.id and one(refused, "textarea[name=text]").text() == typed
        assert "At most 300 characters" in said(refused, f"#reason-{now}-error")
        assert one(refused, f"#finding-{now} details").attributes.keys() >= {"open"}
        assert one(refused, f"textarea[name=reason-{now}]").text() == long

    def test_what_is_not_saved_yet_is_saved_and_let_stand_in_one_press(
        self, services: Services, team: Team, app: Flask, hang: Visitor
    ) -> None:
        post = drafted_post(services, team)
        shown = hang.post(f"{HOME}/posts/{post}/live", {"text": TOP})
        block = one(shown, f'[data-text="{WORD}"].finding--block')
        press = one(block, "button[form=write][name=finding]")
        address = press.attributes["formaction"] or ""
        assert address == f"{HOME}/posts/{post}/waive"
        which = press.attributes["value"]
        typed = {"text": TOP, "based_on": "1", "finding": which}
        typed |= {node.attributes["name"]: node.attributes.get("value") or "" for node in block.css("input")}
        assert f"seen-{which}" in typed
        refused = hang.post(address, typed | {f"reason-{which}": " "})
        assert refused.status_code == 422
        saved = finding(services, team, post)
        assert "Say why this may stand" in said(refused, f"#reason-{saved.id}-error")
        assert view(services, team, post).blocking == 1
        typed["based_on"] = "2"
        assert hang.post(address, typed | {f"reason-{which}": WHY}).status_code == 303
        seen = view(services, team, post)
        assert seen.head is not None and seen.head.text == TOP and seen.blocking == 0
        (kept,) = seen.waived
        assert kept.waiver is not None and (kept.text, kept.waiver.reason) == (WORD, WHY)
        mia = Visitor(app, "mia")
        assert mia.post(address, typed | {f"reason-{which}": WHY}).status_code == 403
        told = said(mia.post(f"{HOME}/posts/{post}/live", {"text": TOP.replace(WORD, "最佳")}))
        assert "An operator or brand manager can let this stand." in told

    def test_what_is_edited_before_it_is_saved_is_let_stand_as_it_was_shown(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        """It bears the number of the finding that was saved, and the sentence of the one that is typed."""
        post = drafted_post(services, team, TOP)
        saved = finding(services, team, post)
        typed = TOP.replace(f"是{WORD}的", f"绝对是{WORD}的")
        shown = hang.post(f"{HOME}/posts/{post}/live", {"text": typed})
        block = one(shown, f'[data-text="{WORD}"].finding--block')
        press = one(block, ".waiver button[form=write]")
        address = press.attributes["formaction"] or ""
        assert address == f"{HOME}/posts/{post}/waive/{saved.id}"
        sent = {"text": typed, "based_on": "1", f"reason-{saved.id}": WHY}
        stale = hang.post(address, sent | {f"seen-{saved.id}": saved.seen})
        assert stale.status_code == 409, "that is not what anybody was shown of this text"
        sent["based_on"] = "2"
        sent |= {node.attributes["name"]: node.attributes.get("value") or "" for node in block.css("input")}
        assert hang.post(address, sent).status_code == 303
        assert view(services, team, post).blocking == 0

    @pytest.mark.parametrize("where", ["review?post={post}", "posts/{post}"])
    def test_what_stands_again_says_why(
        self, services: Services, team: Team, grace: Visitor, where: str
    ) -> None:
        post = drafted_post(services, team, TOP)
        page = f"{HOME}/{where.format(post=post)}"
        let_stand(services, team, post)
        assert "Let stand before" not in said(grace.get(page))
        edit(services, team, post, TOP.replace("这口锅", "这口大锅"))
        told = said(grace.get(page), ".finding--block .finding__hint")
        assert told == "Let stand before, but the wording has changed since. It needs another look."
        let_stand(services, team, post)
        assert "Let stand before" not in said(grace.get(page))

    def test_what_the_library_may_yet_bear_out_is_not_let_stand_before_it_was_asked(
        self, services: Services, team: Team, grace: Visitor
    ) -> None:
        post = drafted_post(services, team)
        shown = grace.post(f"{HOME}/posts/{post}/live", {"text": f"{COPY}\n锅盖重 3 公斤。"})
        row = one(shown, "#findings .finding:has(.finding__hint)")
        assert "the library is searched when you save" in row.text()
        assert not row.css_matches(".waiver")

    def test_a_reason_comes_back_although_its_finding_does_not(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        """Somebody saved another text meanwhile: what was typed stands in the editor, and its reason beside the findings."""
        post = drafted_post(services, team, TOP)
        asked = finding(services, team, post)
        edit(services, team, post, COPY)
        sent = {"text": f"{TOP}\n晚安。", "based_on": "1", "finding": asked.mark}
        sent |= {f"reason-{asked.mark}": WHY, f"seen-{asked.mark}": asked.seen}
        for address in ("waive", f"waive/{asked.id}"):
            refused = hang.post(f"{HOME}/posts/{post}/{address}", sent | {"reason": WHY, "seen": asked.seen})
            assert refused.status_code == 409
            assert WHY in said(refused, "#pane-checks [data-error]")
            assert one(refused, "textarea[name=text]").text() == sent["text"]

    def test_from_the_review_one_comes_back_to_the_review(
        self, services: Services, team: Team, hang: Visitor, grace: Visitor
    ) -> None:
        post = drafted_post(services, team, f"{TOP}\n快来抢购，最后一天。")
        let_stand(services, team, post)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        here = f"{HOME}/review?post={post}"
        form = one(hang.get(here), "#checks .waiver form")
        address = form.attributes["action"] or ""
        assert address.startswith(f"{HOME}/review/{post}/waive/")
        filled = {node.attributes["name"]: node.attributes.get("value") or "" for node in form.css("input")}
        (field,) = (node.attributes["name"] for node in form.css("textarea"))
        long = "长" * (MOST_REASON + 1)
        refused = hang.post(address, filled | {field: long})
        assert refused.status_code == 422 and one(refused, "#decide")
        assert "At most 300 characters" in said(refused, "#checks .waiver[open] [data-error]")
        assert one(refused, f"#checks textarea[name={field}]").text() == long
        done = hang.post(address, filled | {field: WHY})
        assert (done.status_code, done.location) == (303, f"{here}#checks")
        assert len(view(services, team, post).waived) == 2
        gone = hang.post(f"{HOME}/review/{post}/waive/{10**6}", {"reason": WHY})
        assert gone.status_code == 409 and WHY in said(gone, "#checks [data-error]")
        # It is taken back from here too, while nobody has decided, and the reviewer sees what stops the post.
        waiver = view(services, team, post).waived[0].waiver
        assert waiver is not None
        take_back = f"{HOME}/review/{post}/waivers/{waiver.id}/take-back"
        assert one(grace.get(here), f'form[action="{take_back}"]')
        assert grace.post(take_back).location == f"{here}#checks"
        assert "before approval" in said(grace.get(here), "#decide")
        head = view(services, team, post).head
        assert head is not None
        refused = grace.post(f"{HOME}/review/{post}/approve", {"revision": str(head.id)})
        assert refused.status_code == 409 and state(services, team, post) is PostState.IN_REVIEW
        let_stand(services, team, post)
        assert grace.post(f"{HOME}/review/{post}/approve", {"revision": str(head.id)}).status_code == 303
        sealed = grace.post(f"{HOME}/review/{post}/waivers/{waiver_of(services, team, post)}/take-back")
        assert sealed.status_code == 409 and "approval withdrawn first" in said(
            sealed, "#checks [data-error]"
        )

    @pytest.mark.parametrize("where", ["review?post={post}", "posts/{post}"])
    def test_the_copy_to_read_shows_quietly_what_stands(
        self, services: Services, team: Team, app: Flask, where: str
    ) -> None:
        post = drafted_post(services, team, TOP)
        grace = Visitor(app, "grace")
        page = f"{HOME}/{where.format(post=post)}"
        assert one(grace.get(page), ".copy .flag--block").text() == WORD
        let_stand(services, team, post)
        assert not parsed(grace.get(page)).css_matches(".copy .flag--block")
        assert one(grace.get(page), ".copy .flag--stands").text() == WORD
        # A sentence without support is waved under already, here as in the editor.
        planted(services, post, "claims", "unsupported_statement", TOP[:8])
        assert not parsed(grace.get(page)).css_matches(".copy .flag--block")

    def test_a_sentence_is_drawn_quietly_once_all_that_it_claims_stands(
        self, services: Services, team: Team, app: Flask, grace: Visitor
    ) -> None:
        post = drafted_post(services, team, f"{COPY}\n锅盖重 3 公斤，锅身重 5 公斤。")
        wrong = [one for one in view(services, team, post).findings if one.check == "claims"]
        assert len(wrong) == 2
        marks = {"review": ".copy", "desk": ".editor__marks"}

        def drawn(where: str) -> tuple[bool, bool]:
            answer = grace.get(f"{HOME}/{'review?post=' if where == 'review' else 'posts/'}{post}")
            found = one(answer, f"{marks[where]} .claim--unsupported").attributes["class"] or ""
            return "claim--stands" in found, bool(parsed(answer).css(f"{marks[where]} .flag--block"))

        for count, flagged in enumerate(wrong):
            assert {drawn(where) for where in marks} == {(False, True)}, count
            services.waiving.waive(
                post, flagged.id, brand=team.brand, actor=team.manager, reason=WHY, seen=flagged.seen
            )
        assert {drawn(where) for where in marks} == {(True, False)}

    def test_a_copywriter_presses_nothing(self, services: Services, team: Team, app: Flask) -> None:
        post = drafted_post(services, team, TOP)
        number = finding(services, team, post).id
        mia = Visitor(app, "mia")
        assert mia.post(f"{HOME}/posts/{post}/waive/{number}", {"reason": WHY}).status_code == 403
        waiver = let_stand(services, team, post)
        assert mia.post(f"{HOME}/posts/{post}/waivers/{waiver}/take-back").status_code == 403

    @pytest.mark.parametrize("where", ["review?post={post}", "posts/{post}"])
    def test_whoever_approves_reads_what_was_let_stand(
        self, services: Services, team: Team, grace: Visitor, where: str
    ) -> None:
        post = drafted_post(services, team, TOP)
        let_stand(services, team, post)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        page = grace.get(f"{HOME}/{where.format(post=post)}")
        assert said(page, ".waived-list") == f"{WORD} · {WHY} · 周航"

    def test_counts_everywhere_leave_it_out(self, services: Services, team: Team, app: Flask) -> None:
        post = drafted_post(services, team, TOP)
        mia = Visitor(app, "mia")
        pages = [f"{HOME}/calendar?day=2026-11-21", f"{HOME}/today"]
        before = [said(mia.get(page)) for page in pages]
        assert any("1 to fix" in page for page in before)
        desk = f"{HOME}/posts/{post}"
        assert said(mia.get(desk), "#checks-count") == "1"
        let_stand(services, team, post)
        assert not any("to fix" in said(mia.get(page)) for page in pages)
        assert said(mia.get(desk), "#checks-count") == ""
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        assert "finding" not in said(Visitor(app, "hang").get(f"{HOME}/review"), ".queue")

    def test_the_trace_tells_of_it(self, services: Services, team: Team, grace: Visitor) -> None:
        post = drafted_post(services, team, TOP)
        let_stand(services, team, post)
        page = parsed(grace.get(f"{HOME}/posts/{post}/trace"))
        for place in (".events", "#waived"):
            text = one(page, place).text()
            assert "周航" in text and WORD in text and WHY in text, place
        assert f"这口锅是{WORD}的。" in one(page, "#waived").text()

    def test_the_trace_leaves_nothing_out_and_keeps_the_order(
        self, services: Services, team: Team, grace: Visitor
    ) -> None:
        """All within one minute: what was let stand, taken back and let stand again was let stand twice."""
        post = drafted_post(services, team, TOP)
        for _ in range(2):
            given = let_stand(services, team, post)
            services.waiving.take_back(given, brand=team.brand, actor=team.operator)
        acts = [row.last.action for row in happened(services.trace.view(post, brand=team.brand).events)]
        assert [act for act in acts if act.startswith("waiver")] == ["waiver.given", "waiver.taken_back"] * 2
        assert not parsed(grace.get(f"{HOME}/posts/{post}/trace")).css("#waived")

    def test_only_saves_on_end_are_told_as_one(self, services: Services, team: Team, grace: Visitor) -> None:
        post = drafted_post(services, team, TOP)
        for number, text in enumerate((f"{TOP}早。", f"{TOP}晚。"), start=1):
            services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=number)
        let_stand(services, team, post)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=f"{TOP}好。", based_on=3)
        rows = happened(services.trace.view(post, brand=team.brand).events)
        assert [(row.last.action, row.times) for row in rows][-3:] == [
            ("post.edited", 3),
            ("waiver.given", 1),
            ("post.edited", 1),
        ]
        assert "wrote 3 revisions" in said(grace.get(f"{HOME}/posts/{post}/trace"), ".events")

    def test_what_is_let_stand_of_the_whole_copy_says_so_in_the_trace(
        self, services: Services, team: Team, grace: Visitor
    ) -> None:
        post = drafted_post(services, team, "好，早。")
        whole = next(row for row in view(services, team, post).findings if not row.text)
        services.waiving.waive(post, whole.id, brand=team.brand, actor=team.operator, reason=WHY)
        (told,) = services.trace.view(post, brand=team.brand).waived
        assert (told.text, told.sentence, told.waiver.reason) == ("", "", WHY)
        text = said(grace.get(f"{HOME}/posts/{post}/trace"), "#waived")
        assert "The whole copy" in text and "周航" in text and WHY in text

    def test_the_trace_draws_a_sentence_as_the_desk_does(
        self, services: Services, team: Team, grace: Visitor
    ) -> None:
        post = drafted_post(services, team, f"{COPY}\n锅盖重 3 公斤，锅身重 5 公斤。")
        wrong = [one for one in view(services, team, post).findings if one.check == "claims"]
        assert len(wrong) == 2
        for count, flagged in enumerate(wrong):
            page = parsed(grace.get(f"{HOME}/posts/{post}/trace"))
            assert len(page.css(".claim--unsupported")) == 2 and not page.css(".claim--stands"), count
            services.waiving.waive(
                post, flagged.id, brand=team.brand, actor=team.manager, reason=WHY, seen=flagged.seen
            )
        page = parsed(grace.get(f"{HOME}/posts/{post}/trace"))
        assert [len(page.css(f"{place} .claim--stands")) for place in (".copy", ".traced")] == [1, 1]
        assert WHY in one(page, ".traced:has(.claim--stands)").text()


Drawn = Callable[..., str]


class TestTheBlockOfOneFinding:
    """`desk/_waiver.html`, by itself."""

    @pytest.fixture
    def drawn(self, app: Flask, services: Services, team: Team) -> Drawn:
        """A macro of the template as a person of this role sees it."""

        def _drawn(macro: str, actor: Actor, post: int, shown: FindingRow, **given: object) -> str:
            with app.test_request_context(headers={"Accept-Language": "en"}):
                g.brand, g.actor = services.brands.of_post(post), actor
                return render_template_string(
                    '{% import "desk/_waiver.html" as waivers with context %}'
                    f"{{{{ waivers.{macro}(view, finding, editor=editor|default(false)) }}}}",
                    view=view(services, team, post),
                    finding=shown,
                    **given,
                )

        return _drawn

    def test_a_form_of_its_own_or_of_the_editor(self, services: Services, team: Team, drawn: Drawn) -> None:
        post = drafted_post(services, team, TOP)
        shown = finding(services, team, post)
        alone = drawn("waiver_form", team.operator, post, shown)
        assert f'action="{HOME}/posts/{post}/waive/{shown.id}"' in alone and "csrf_token" in alone
        assert f'maxlength="{MOST_REASON}"' in alone
        within = drawn("waiver_form", team.operator, post, shown, editor=True)
        assert "<form" not in within and within.count('form="write"') == 3
        assert f'formaction="{HOME}/posts/{post}/waive/{shown.id}"' in within
        assert "required" not in within, "it would keep Save from being pressed"

    def test_whoever_may_not_is_told_who_may(self, services: Services, team: Team, drawn: Drawn) -> None:
        post = drafted_post(services, team, TOP)
        told = drawn("waiver_form", team.copywriter, post, finding(services, team, post))
        assert "An operator or brand manager can let this stand." in told and "<details" not in told
        edit(services, team, post, WRONG)
        stopped = next(one for one in view(services, team, post).findings if one.severity == "block")
        assert "A brand manager can let this stand." in drawn("waiver_form", team.operator, post, stopped)
        assert "<details" in drawn("waiver_form", team.manager, post, stopped)

    def test_nothing_is_drawn_where_nobody_may(self, services: Services, team: Team, drawn: Drawn) -> None:
        post = drafted_post(services, team, f"{COPY}\n打 13912345678。")
        (private,) = (one for one in view(services, team, post).findings if one.check == "privacy")
        for actor in (team.copywriter, team.manager):
            assert not drawn("waiver_form", actor, post, private).strip()
            assert not drawn("waived", actor, post, private).strip()

    def test_a_refused_try_stands_there_again(self, services: Services, team: Team, drawn: Drawn) -> None:
        post = drafted_post(services, team, TOP)
        shown = finding(services, team, post)
        again = {
            "refused": Refused(shown.seen, "<b>因为", True),
            "error": Message("error.invalid_input"),
            "fields": {"reason": Message("invalid.waiver_reason")},
        }
        form = drawn("waiver_form", team.operator, post, shown, editor=True, **again)
        assert '<details class="fold waiver" open' in form and "&lt;b&gt;因为</textarea>" in form
        assert "Say why this may stand" in form and 'aria-invalid="true"' in form
        other = {**again, "refused": Refused("another", "因为", True)}
        assert "open" not in drawn("waiver_form", team.operator, post, shown, **other)

    def test_who_did_and_the_way_back(self, services: Services, team: Team, drawn: Drawn) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        shown = finding(services, team, post)
        told = drawn("waived", team.manager, post, shown)
        assert "周航 let this stand" in told and WHY in told
        assert f"/waivers/{waiver}/take-back" in told and "csrf_token" in told
        assert "formaction" in drawn("waived", team.manager, post, shown, editor=True)
        assert "take-back" not in drawn("waived", team.copywriter, post, shown)
        assert not drawn("waiver_form", team.manager, post, shown).strip()
        approve(services, team, post)
        sealed = drawn("waived", team.manager, post, finding(services, team, post))
        assert "周航 let this stand" in sealed and "take-back" not in sealed


class TestTheSelfCheck:
    def test_it_stands_beside_the_approval_with_the_machines_answers(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        post = drafted_post(services, team)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        for where in (f"review?post={post}", f"posts/{post}"):
            page = hang.get(f"{HOME}/{where}")
            boxes = parsed(page).css("input[name=selfcheck]")
            assert len(boxes) == 8 and not any("checked" in box.attributes for box in boxes)
            told = said(page, ".self-check")
            assert "Every claim has a source (1)." in told
            assert "Nothing else is written for these destinations that day." in told
            assert "饭友一群、饭友二群, at 15:00" in told
            assert "Only a person can say." in told

    def test_the_day_around_it_is_the_brands_and_of_the_same_places(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team)
        near, far = neighbour(services, post, minutes=20), neighbour(services, post, minutes=-600)
        answers = {one.ask: one for one in services.desk.self_check(view(services, team, post))}
        said_of = answers["disturbance"].answer
        assert said_of is not None and said_of.id == "selfcheck.disturbance.close"
        assert (said_of.params["minutes"], said_of.params["time"]) == (20, "15:20")
        with services.parts.db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE post SET state = 'skipped' WHERE id = ?", (near,))
        said_of = answer_of(services, team, post)
        assert said_of == ("selfcheck.disturbance.others", 1), "what is skipped disturbs nobody"
        with services.parts.db.write() as session:
            elsewhere = session.get(models.Post, far)
            assert elsewhere is not None
            elsewhere.channel = "moments"
            session.add(
                models.Destination(
                    brand_id=team.brand, slug="m", name="朋友圈", channel="moments", adapter="manual"
                )
            )
        assert answer_of(services, team, post) == ("selfcheck.disturbance.alone", None)

    def test_ticks_are_kept_with_the_approval(self, services: Services, team: Team, hang: Visitor) -> None:
        post = drafted_post(services, team)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        head = view(services, team, post).head
        assert head is not None
        sent = {"revision": str(head.id), "selfcheck": ["one_line", "tone", "made_up"]}
        assert hang.post(f"{HOME}/posts/{post}/approve", sent).status_code == 303
        (given,) = (row for row in audited(services, "approval") if row.action == "approval.given")
        assert given.data["selfcheck"] == ["tone", "one_line"]

    def test_an_approval_without_ticks_says_so(self, services: Services, team: Team) -> None:
        approved_post(services, team)
        (given,) = audited(services, "approval")
        assert given.data["selfcheck"] == []

    def test_a_refused_approval_keeps_the_ticks(self, services: Services, team: Team, hang: Visitor) -> None:
        post = drafted_post(services, team)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        refused = hang.post(f"{HOME}/review/{post}/approve", {"revision": "1000", "selfcheck": "effect"})
        assert refused.status_code == 404
        assert "checked" in one(refused, "input[name=selfcheck][value=effect]").attributes


def neighbour(services: Services, post: int, *, minutes: int) -> int:
    """A post of the same column so many minutes from this one, written as well."""
    with services.parts.db.write() as session:
        row = session.get(models.Post, post)
        assert row is not None and row.head is not None
        slot = models.Slot(
            brand_id=row.brand_id,
            column_id=row.slot.column_id,
            starts_at=row.slot.starts_at + timedelta(minutes=minutes),
        )
        session.add(slot)
        session.flush()
        other = models.Post(
            brand_id=row.brand_id,
            slot_id=slot.id,
            channel=row.channel,
            state="draft",
            created_at=row.created_at,
        )
        session.add(other)
        session.flush()
        written = models.Revision(
            post_id=other.id,
            number=1,
            text=row.head.text,
            channel=row.channel,
            digest=row.head.digest,
            origin="person",
            author_id=row.head.author_id,
            created_at=row.created_at,
        )
        session.add(written)
        session.flush()
        other.head_id = written.id
        return other.id


def answer_of(services: Services, team: Team, post: int) -> tuple[str, object]:
    asked = services.desk.self_check(view(services, team, post))
    found = next(one.answer for one in asked if one.ask == "disturbance")
    assert found is not None
    return found.id, found.params.get("count")


class TestTheCommands:
    @pytest.fixture
    def run(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
        return lambda *args: ran(Opened(services), "review", *args)

    def test_a_finding_is_looked_up_let_stand_and_taken_back(
        self, services: Services, team: Team, run: Callable[..., Ran]
    ) -> None:
        post = drafted_post(services, team, TOP)
        (found,) = (
            row
            for row in run("findings", post, "--json").json
            if row["text"] == WORD and row["severity"] == "block"
        )
        assert (found["waived"], found["waiver"]) == (None, None)
        number = found["finding"]
        refused = run("waive", post, number, "--reason", WHY, "--as", "mia")
        assert refused.code == 2 and "Your role" in refused.err
        blank = run("waive", post, number, "--reason", " ", "--as", "hang")
        assert blank.code == 2 and blank.err.startswith("--reason: Say why")
        done = run("waive", post, number, "--reason", WHY, "--as", "hang", "--json")
        assert done.code == 0, done.err
        waiver = done.json["waiver"]
        assert done.json == {"waiver": waiver, "post": post, "blocking": 0}
        (found,) = (row for row in run("findings", post, "--json").json if row["waiver"])
        assert found["waived"] == {"by": "周航", "reason": WHY} and isinstance(found["reason"], str)
        plain = run("findings", post)
        assert plain.code == 0 and f"{waiver}\t周航\t{WHY}" in plain.out
        again = run("take-back", waiver, "--as", "hang")
        assert (again.code, again.out) == (0, f"{waiver}\t{post}\t1\n")
        assert not any(row["let_stand_before"] for row in run("findings", post, "--json").json)
        assert run("waive", post, number, "--reason", WHY, "--as", "hang").code == 0
        edit(services, team, post, TOP.replace("这口锅", "这口大锅"))
        (back,) = (row for row in run("findings", post, "--json").json if row["severity"] == "block")
        assert back["let_stand_before"] and back["waiver"] is None
        assert "the wording has changed since" in run("findings", post).out
        refused = run("submit", post, "--as", "mia")
        assert refused.code == 2 and "1 × must fix" in refused.err
        assert run("take-back", 99, "--as", "hang").code == 2

    def test_help_says_what_it_covers(self, services: Services, run: Callable[..., Ran]) -> None:
        for name in ("findings", "waive", "take-back"):
            shown = run(name, "--help")
            assert shown.code == 0 and "Usage:" in shown.out
        listed = run("--help").out
        assert all(name in listed for name in ("findings", "waive", "take-back"))


def test_only_posts_say_who_let_something_stand(services: Services, team: Team) -> None:
    """A text that is checked by itself has nobody who could."""
    post = written(services, team, "小灶陶锅。")
    check = services.handlers["check"]
    result = check(
        {"brand": team.brand, "channel": "community", "text": TOP}, lambda done, total, so_far=None: None
    )
    assert result["findings"] and all("waived" not in one for one in result["findings"])
    assert all(one.waiver is None for one in view(services, team, post).findings)
