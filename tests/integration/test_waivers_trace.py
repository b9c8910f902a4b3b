"""What was let stand, in the trace of its post."""

from __future__ import annotations

from copilot.services.house import Services
from copilot.web.trace import happened
from tests.conftest import Team
from tests.steps import COPY, drafted_post
from tests.visiting import HOME, Visitor, one, parsed, said
from tests.waiving import TOP, WHY, WORD, let_stand, view


class TestTheTrace:
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
