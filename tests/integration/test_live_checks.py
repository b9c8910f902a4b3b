"""The live check: what the gate would say of a text while it is typed, with nothing searched and nothing kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from typing import cast

import pytest
from flask import Flask

from copilot import models
from copilot.config import Config
from copilot.domain.findings import Severity, Verdict
from copilot.domain.posts import PostState
from copilot.errors import InvalidInput, NotFound
from copilot.services.house import Services
from copilot.services.livechecking import MOST, Live
from copilot.services.queries.marks import ClaimRow, FindingRow
from tests.commanding import Opened, ran
from tests.conftest import Team
from tests.fakes import FakeEmbedder, FakeIndex
from tests.looks import state
from tests.steps import CALL, COPY, add, approved_post, drafted_post, picture, revise, todays_slot, written
from tests.visiting import HOME, Visitor, one, parsed, said

TOP = f"这口顶级小灶陶锅,会员价是 239 元。\n{CALL}"
WHY = "展会上的原话，有照片"


def live(services: Services, team: Team, post: int, text: str) -> Live:
    return services.live.check(post, text, brand=team.brand)


def found(answer: Live, text: str) -> FindingRow:
    return next(row for row in answer.view.findings if row.text == text)


def told(rows: Sequence[FindingRow]) -> list[tuple[object, ...]]:
    return sorted(
        (row.check, row.rule, row.severity, row.start, row.end, row.text, row.suggestion or "")
        for row in rows
    )


class TestWhatItSays:
    def test_it_says_what_the_gate_says_of_the_same_text(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        text = f"{TOP}\n您好！！小灶陶锅的容量是 1.2 升。"
        answer = live(services, team, post, text)
        assert not answer.is_saved
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=1)
        gate = services.desk.post(post, brand=team.brand)
        assert told(answer.view.findings) == told(gate.findings)
        assert [(c.text, c.verdict, c.quotes) for c in answer.view.claims] == [
            (c.text, c.verdict, c.quotes) for c in gate.claims
        ]
        assert "".join(stretch.text for stretch in answer.view.stretches) == text

    def test_what_the_same_people_get_the_day_before_counts_too(self, services: Services, team: Team) -> None:
        drafted_post(services, team)
        week = services.calendar.week(brand=team.brand, around=date(2026, 11, 23))
        monday = next(card.slot for day in week.days for card in day.slots)
        post = services.planning.open_post(monday, brand=team.brand, actor=team.copywriter)
        answer = live(services, team, post, COPY)
        told_of = {row.reason.id for row in answer.view.findings if row.check == "repetition"}
        assert told_of == {"finding.repetition.alike_planned", "finding.repetition.sentence_planned"}
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
        gate = services.desk.post(post, brand=team.brand)
        repeated = [row for row in gate.findings if row.check == "repetition"]
        assert told([row for row in answer.view.findings if row.check == "repetition"]) == told(repeated)

    def test_what_the_day_before_has_was_read_once_it_is_sent(self, services: Services, team: Team) -> None:
        before = drafted_post(services, team)
        week = services.calendar.week(brand=team.brand, around=date(2026, 11, 23))
        monday = next(card.slot for day in week.days for card in day.slots)
        post = services.planning.open_post(monday, brand=team.brand, actor=team.copywriter)
        with services.parts.db.write() as session:
            session.get_one(models.Post, before).state = PostState.SENT
        found = live(services, team, post, COPY).view.findings
        told_of = {row.reason.id for row in found if row.check == "repetition"}
        assert told_of == {"finding.repetition.alike", "finding.repetition.sentence"}

    def test_places_are_counted_in_what_stands_in_the_editor(self, services: Services, team: Team) -> None:
        """A text is saved without the white space around it; the marks lie under the text as it was typed."""
        post = drafted_post(services, team)
        for text in (f"\n\n  {TOP}\r\n  ", f"\n{COPY}\n"):
            answer = live(services, team, post, text)
            typed = text.replace("\r\n", "\n")
            assert answer.text == typed
            assert answer.view.claims
            for row in (*answer.view.findings, *answer.view.claims):
                assert isinstance(row, ClaimRow | FindingRow)
                assert row.text == typed[row.start : row.end]

    def test_the_newest_text_has_the_findings_that_were_written_down(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, f"{COPY}\n这口陶锅卖出了三万口。")
        answer, page = (
            live(services, team, post, f"{COPY}\n这口陶锅卖出了三万口。"),
            services.desk.post(post, brand=team.brand),
        )
        assert answer.is_saved
        assert answer.view.findings == page.findings
        assert not any(row.is_open for row in answer.view.findings)

    def test_what_the_sources_at_hand_do_not_say_is_open_until_the_library_is_searched(
        self, services: Services, team: Team
    ) -> None:
        post = written(services, team, CALL)
        add(services, team, "selling_point/crock.md", "# 溪石米缸\n\n溪石米缸的会员价是 119 元。")
        text = f"溪石米缸的会员价是 119 元。\n{CALL}"
        answer = live(services, team, post, text)
        row = found(answer, "119 元")
        assert (row.is_open, row.severity, row.id) == (True, Severity.WARN, 0)
        assert answer.view.blocking == 0
        assert [claim.is_open for claim in answer.view.claims if "119" in claim.text] == [True]
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=1)
        saved = live(services, team, post, f"{text} ")
        assert [c.verdict for c in saved.view.claims if "119" in c.text] == [Verdict.SUPPORTED]
        assert not saved.view.findings

    def test_what_the_library_was_searched_for_is_open_no_longer(
        self, services: Services, team: Team
    ) -> None:
        wrong = "小灶陶锅卖出了三万口。"
        post = drafted_post(services, team, f"{wrong}\n{COPY}")
        answer = live(services, team, post, f"各位饭友早。\n{wrong}\n{COPY}")
        row = found(answer, "三万")
        kept = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "三万")
        assert (row.id, row.is_open, row.severity) == (kept.id, False, Severity.BLOCK)

    def test_another_price_in_the_draft_s_own_passages_says_nothing_against_a_new_sentence(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team)
        row = found(live(services, team, post, f"{COPY}\n陶锅的备用锅盖 35 元一只。"), "35 元")
        assert (row.is_open, row.severity, row.suggestion) == (True, Severity.WARN, None)
        assert row.reason.id == "claims.open_figure"

    def test_a_slip_in_a_sentence_that_was_borne_out_blocks_at_once(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team)
        answer = live(services, team, post, COPY.replace("239", "199"))
        row = found(answer, "199 元")
        assert (row.severity, row.suggestion) == (Severity.BLOCK, "239 元")
        assert answer.view.blocking == 1
        assert row not in answer.view.safe  # A fact is for a person to see.

    def test_what_is_wrong_with_the_pictures_stays_said(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        shown = picture(services, team)
        services.revising.illustrate(post, brand=team.brand, actor=team.copywriter, media=[shown])
        services.media.retire(shown, brand=team.brand, actor=team.manager.id)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=f"{COPY}好。", based_on=2)
        page = services.desk.post(post, brand=team.brand)
        pictured = [row for row in page.findings if row.check == "pictures"]
        assert pictured
        answer = live(services, team, post, f"{COPY}今晚说说。")
        assert [row for row in answer.view.findings if row.check == "pictures"] == pictured

    def test_an_empty_slot_and_an_empty_editor_are_checked_too(self, services: Services, team: Team) -> None:
        post = services.planning.open_post(
            todays_slot(services, team), brand=team.brand, actor=team.copywriter
        )
        assert live(services, team, post, " \n").view.findings == ()
        answer = live(services, team, post, "这口锅是顶级的。")
        assert found(answer, "顶级").severity is Severity.BLOCK

    def test_a_text_beyond_any_post_is_refused(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        assert live(services, team, post, "饭" * MOST).view.findings
        with pytest.raises(InvalidInput):
            live(services, team, post, "饭" * (MOST + 1))

    def test_another_brands_post_is_not_found(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        live(services, team, post, COPY)
        other = services.brands.create(slug="other", name="Other", zone="UTC", language="zh")
        with pytest.raises(NotFound):
            services.live.check(post, COPY, brand=other)


class Closed(FakeEmbedder):
    """Fails whoever embeds anything."""

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        raise AssertionError(f"embedded {texts}")

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        raise AssertionError(f"embedded {texts}")


class TestWhatItTouches:
    def test_it_embeds_nothing_and_writes_nothing(
        self, services: Services, team: Team, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post = drafted_post(services, team)
        index = cast("FakeIndex", services.parts.index)
        monkeypatch.setattr(index, "_embedder", Closed())
        text = f"{COPY}\n溪石米缸卖出了三万口，这口锅是顶级的。"
        with pytest.raises(AssertionError, match="embedded"):
            services.checking.check_post(text, post, brand=team.brand)
        watcher = sqlite3.connect(config.data_dir / "copilot.db")
        before = watcher.execute("PRAGMA data_version").fetchone()
        for more in ("", "！", "今晚见。"):
            assert live(services, team, post, text + more).view.findings
        assert watcher.execute("PRAGMA data_version").fetchone() == before
        monkeypatch.undo()  # The watcher sees whatever is written, as by a save.
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=f"{COPY}好。", based_on=1)
        assert watcher.execute("PRAGMA data_version").fetchone() != before
        watcher.close()


class TestWhatChangesMeanwhile:
    """What it read is kept from one answer to the next; whatever changes it is seen at once."""

    def test_a_material(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        text = f"{COPY}今晚见。"
        assert not live(services, team, post, text).view.blocking
        revise(services, team, ("239 元", "259 元"))
        assert found(live(services, team, post, text), "239 元")
        assert live(services, team, post, text.replace("239", "259")).view.blocking == 0

    def test_the_voice(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        text = f"{COPY}今晚见。"
        assert not live(services, team, post, text).view.findings
        view = services.voicesheet.view(brand=team.brand)
        voice = view.voice.__class__(**{**view.voice.__dict__, "competitors": ("今晚",)})
        services.voices.save(
            voice, brand=team.brand, actor=team.manager, note="试一试", based_on=view.version
        )
        assert found(live(services, team, post, text), "今晚").severity is Severity.BLOCK

    def test_a_waiver(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        text = f"各位饭友早。\n{TOP}"
        assert live(services, team, post, text).view.blocking == 1
        kept = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "顶级")
        waiver = services.waiving.waive(post, kept.id, brand=team.brand, actor=team.operator, reason=WHY)
        answer = live(services, team, post, text)
        row = found(answer, "顶级")
        assert row.waiver is not None
        assert (row.waiver.reason, row.waiver.author) == (WHY, "周航")
        assert answer.view.blocking == 0
        assert row not in answer.view.safe
        services.waiving.take_back(waiver, brand=team.brand, actor=team.operator)
        assert live(services, team, post, text).view.blocking == 1

    def test_a_waiver_of_words_that_were_saved_without_and_are_typed_again(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team, TOP)
        kept = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "顶级")
        services.waiving.waive(post, kept.id, brand=team.brand, actor=team.operator, reason=WHY)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=1)
        row = found(live(services, team, post, TOP), "顶级")
        assert row.waiver is not None and row.waiver.author == "周航"

    def test_a_waiver_of_a_sentence_that_is_written_on(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        kept = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "顶级")
        assert found(live(services, team, post, TOP), "顶级").seen == kept.seen
        services.waiving.waive(post, kept.id, brand=team.brand, actor=team.operator, reason=WHY)
        text = TOP.replace("顶级", "真顶级")
        row = found(live(services, team, post, text), "顶级")
        assert row.is_blocking and row.reminder is not None and row.reminder.id == "waiver.outgrown"
        assert row.seen != kept.seen and row.says == kept.says
        # The page that is saved says the same of it, by the same fingerprint.
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=1)
        saved = found(live(services, team, post, text), "顶级")
        assert (saved.seen, saved.reminder) == (row.seen, row.reminder)
        # Another sentence that says it as well is neither let stand nor said to have changed.
        twice = live(services, team, post, f"{TOP}\n顶级的还有锅盖。").view
        assert [(one.is_blocking, one.reminder) for one in twice.findings if one.text == "顶级"] == [
            (False, None),
            (True, None),
        ]

    def test_a_newer_text(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team)
        text = f"{COPY}今晚见。"
        assert not live(services, team, post, text).is_saved
        services.revising.save(post, brand=team.brand, actor=team.operator, text=text, based_on=1)
        assert live(services, team, post, text).is_saved


@pytest.mark.parametrize(
    ("text", "shown"), [("早安，\n\n饭友们 好。\n晚安。", "11 characters"), ("早\n", "1 character")]
)
def test_a_text_has_one_length(services: Services, team: Team, app: Flask, text: str, shown: str) -> None:
    """Where it stands beside the editor, and where the check of a column's length tells it."""
    post = drafted_post(services, team)
    answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/live", {"text": text})
    assert said(answer, "#standing").endswith(shown)
    (short,) = (one for one in live(services, team, post, text).view.findings if one.rule == "too_short")
    assert f"{short.reason.params['actual']} character" in shown


_WARMED = """
import re._compiler, sys
from pathlib import Path
from copilot.bootstrap import build
from copilot import models
from copilot.config import Config
services = build(Config(data_dir=Path(sys.argv[1])))
(brand,) = services.brands.all()
services.live.warm(brand=brand.id)
made = []
compiled = re._compiler.compile
re._compiler.compile = lambda *given: (made.append(given), compiled(*given))[1]
services.live.check(int(sys.argv[2]), sys.argv[3], brand=brand.id)
print(len(made))
"""


def test_what_a_check_compiles_is_compiled_before_somebody_types(
    services: Services, config: Config, team: Team
) -> None:
    """Some 1,600 patterns, and a second of a machine: in a process of its own, for this one has them."""
    post = drafted_post(services, team)
    said_of_it = [sys.executable, "-c", _WARMED, str(config.data_dir), str(post), TOP]
    made = subprocess.run(said_of_it, capture_output=True, text=True, check=True)
    assert int(made.stdout) < 150


class TestThePage:
    def test_an_answer_holds_the_marks_and_all_that_follows_from_them(
        self, services: Services, team: Team, app: Flask
    ) -> None:
        post = drafted_post(services, team)
        mia = Visitor(app, "mia")
        desk = parsed(mia.get(f"{HOME}/posts/{post}"))
        editor = one(desk, ".editor")
        assert editor.attributes["hx-trigger"] == "copy:settled"
        answer = mia.post(editor.attributes["hx-post"] or "", {"text": TOP})
        assert answer.status_code == 200
        page = parsed(answer)
        assert one(page, ".editor__marks").text() == TOP
        assert one(page, ".editor__marks .flag--block").text() == "顶级"
        assert one(page, ".editor__marks .claim--supported").text() in TOP
        # Each part takes the place of one that stands on the desk.
        parts = page.css("[hx-swap-oob]")
        assert {part.attributes["id"] for part in parts} == {
            "claim-notes",
            "findings",
            "ledger",
            "checks-count",
            "standing",
        }
        assert all(desk.css_first(f"#{part.attributes['id']}") is not None for part in parts)
        row = one(page, "#findings .finding--block")
        assert (row.attributes["data-text"], row.attributes["data-put"]) == ("顶级", "优质")
        assert "data-safe" in row.attributes
        assert "1 finding must be fixed" in " ".join(one(page, "#standing").text().split())
        # It cannot be let stand before it is written down: a waiver is given for a version.
        assert not page.css("[name^=reason-]")

    def test_a_text_that_is_too_long_is_told_so(self, services: Services, team: Team, app: Flask) -> None:
        post = drafted_post(services, team)
        answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/live", {"text": "饭" * (MOST + 1)})
        assert answer.status_code == 422
        assert "beyond 20000" in said(answer, "[data-error]")

    def test_an_operator_may_let_stand_what_is_written_down_and_a_copywriter_may_not(
        self, services: Services, team: Team, app: Flask
    ) -> None:
        post = drafted_post(services, team, TOP)
        typed = {"text": f"各位饭友早。\n{TOP}"}
        for login, there in (("hang", True), ("mia", False)):
            page = parsed(Visitor(app, login).post(f"{HOME}/posts/{post}/live", typed))
            assert bool(page.css("#findings [formaction*='/waive/']")) is there, login

    def test_without_a_script_the_page_is_as_it_was(self, services: Services, team: Team, app: Flask) -> None:
        """Every button that only a script can answer is hidden until there is one."""
        post = drafted_post(services, team, TOP)
        page = parsed(Visitor(app, "mia").get(f"{HOME}/posts/{post}"))
        for button in page.css("[data-undo], [data-next]"):
            assert "hidden" in button.attributes
        for button in page.css("#findings [data-fix], #findings [data-fix-all]"):
            assert button.attributes["type"] == "submit"
            assert button.attributes["form"] == "write"
        assert one(page, "#claim-notes").attributes.get("hidden", "absent") is None


class TestMendingAll:
    def test_all_safe_fixes_make_one_version_and_leave_the_facts_alone(
        self, services: Services, team: Team, app: Flask
    ) -> None:
        post = drafted_post(services, team, TOP)
        mia = Visitor(app, "mia")
        page = parsed(mia.get(f"{HOME}/posts/{post}"))
        button = one(page, "[data-fix-all]")
        assert button.attributes["form"] == "write"
        typed = f"这口全网最低价的顶级小灶陶锅,会员价是 199 元。\n{CALL}"
        answer = mia.post(button.attributes["formaction"] or "", {"text": typed, "based_on": "1"})
        assert answer.status_code == 303
        newest, kept, first = (row.text for row in services.desk.post(post, brand=team.brand).revisions)
        assert (kept, first) == (typed, TOP)
        assert newest == f"这口实在价的优质小灶陶锅，会员价是 199 元。\n{CALL}"

    def test_where_nothing_is_safe_it_says_so(self, services: Services, team: Team, app: Flask) -> None:
        post = drafted_post(services, team, COPY.replace("239", "199"))
        answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/fix-all")
        assert answer.status_code == 409
        assert "without a look" in said(answer, "[data-error]")
        assert len(services.desk.post(post, brand=team.brand).revisions) == 1

    def test_what_somebody_let_stand_is_not_mended(self, services: Services, team: Team) -> None:
        post = drafted_post(services, team, TOP)
        kept = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "顶级")
        services.waiving.waive(post, kept.id, brand=team.brand, actor=team.operator, reason=WHY)
        services.revising.fix_all(post, brand=team.brand, actor=team.copywriter)
        head = services.desk.post(post, brand=team.brand).head
        assert head is not None and head.text == TOP.replace(",", "，")


class TestTheGate:
    def test_page_and_command_refuse_alike_while_something_blocks(
        self, services: Services, team: Team, app: Flask
    ) -> None:
        post = drafted_post(services, team, TOP)
        answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/submit", {"text": TOP, "based_on": "1"})
        assert answer.status_code == 409
        assert one(answer, ".standing__blocks").text(strip=True) == "1 finding must be fixed"
        command = ran(Opened(services), "review", "submit", post, "--as", "mia")
        assert command.code != 0 and command.err
        assert state(services, team, post) is PostState.DRAFT

    def test_a_live_answer_to_a_sealed_post_leaves_the_seal_alone(
        self, services: Services, team: Team
    ) -> None:
        post = approved_post(services, team)
        assert live(services, team, post, COPY.replace("239", "199")).view.blocking == 1
        assert state(services, team, post) is PostState.APPROVED


def test_what_somebody_let_stand_is_told_and_marked_nowhere(
    services: Services, team: Team, app: Flask
) -> None:
    post = drafted_post(services, team, TOP)
    kept = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "顶级")
    hang = Visitor(app, "hang")
    assert one(hang.get(f"{HOME}/posts/{post}"), ".copy .flag--block").text() == "顶级"
    services.waiving.waive(post, kept.id, brand=team.brand, actor=team.operator, reason=WHY)
    page = parsed(hang.get(f"{HOME}/posts/{post}"))
    assert not page.css(".copy .flag--block, .editor__marks .flag--block")
    assert WHY in one(page, "#findings .finding--stands").text()
    # Under the editor the place still knows what it is about.
    marked = [mark.text() for mark in page.css(".editor__marks [data-mark]")]
    assert "顶级" in marked
