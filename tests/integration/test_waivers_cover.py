"""What a waiver covers: these words in their sentence, while they stand, and nothing else."""

from __future__ import annotations

import pytest

from copilot import models
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from copilot.domain.waiving import OUTGROWN, Seats, fingerprint, waive
from copilot.errors import Conflict
from copilot.services import loading
from copilot.services.house import Services
from copilot.services.revising import keep_revision
from copilot.services.waiving import standing_waivers
from tests.conftest import Team
from tests.steps import COPY, drafted_post
from tests.waiving import TOP, WHY, WORD, audited, edit, finding, let_stand, planted, view


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
        with pytest.raises(Conflict, match="unknown_finding"):
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
        with pytest.raises(Conflict, match="unknown_finding"):
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
