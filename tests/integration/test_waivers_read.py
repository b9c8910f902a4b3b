"""What was let stand, for whoever reads the copy and decides: in the review and on the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from copilot.domain.posts import PostState
from copilot.domain.waiving import MOST_REASON
from copilot.services.house import Services
from tests.conftest import Team
from tests.looks import state
from tests.steps import COPY, drafted_post
from tests.visiting import HOME, Visitor, one, parsed, said
from tests.waiving import TOP, WHY, WORD, edit, let_stand, planted, view, waiver_of


class TestWhoeverReads:
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

    @pytest.mark.parametrize("where", ["review?post={post}", "posts/{post}"])
    def test_whoever_approves_reads_what_was_let_stand(
        self, services: Services, team: Team, grace: Visitor, where: str
    ) -> None:
        post = drafted_post(services, team, TOP)
        let_stand(services, team, post)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        page = grace.get(f"{HOME}/{where.format(post=post)}")
        assert said(page, ".waived-list") == f"{WORD} · {WHY} · 周航"
