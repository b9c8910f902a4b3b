"""Letting a finding stand at the desk: one press, what was typed, and the block that offers it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g, render_template_string

from copilot.domain.messages import Message
from copilot.domain.permissions import Actor
from copilot.domain.waiving import MOST_REASON
from copilot.services.house import Services
from copilot.services.queries.marks import FindingRow
from copilot.web.waiverform import Refused
from tests.conftest import Team
from tests.steps import COPY, approve, drafted_post
from tests.visiting import HOME, Visitor, one, said
from tests.waiving import TOP, WHY, WORD, WRONG, edit, finding, let_stand, view

Drawn = Callable[..., str]


class TestTheForm:
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
        assert f"has no finding {10**6}" in said(gone, "[data-error]")

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

    def test_a_copywriter_presses_nothing(self, services: Services, team: Team, app: Flask) -> None:
        post = drafted_post(services, team, TOP)
        number = finding(services, team, post).id
        mia = Visitor(app, "mia")
        assert mia.post(f"{HOME}/posts/{post}/waive/{number}", {"reason": WHY}).status_code == 403
        waiver = let_stand(services, team, post)
        assert mia.post(f"{HOME}/posts/{post}/waivers/{waiver}/take-back").status_code == 403

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
