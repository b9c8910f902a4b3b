"""The library's pages: shelves, taking in, and many materials at once."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from copilot.domain.materials import Kind
from copilot.domain.permissions import Role
from copilot.domain.posts import PostState
from copilot.services.house import Services
from copilot.services.queries.shelf import Look, Order
from copilot.services.terms import Upload
from tests.conftest import Team
from tests.documents import pictures
from tests.fakes import FakeClock
from tests.looks import rows
from tests.steps import POT_FILE, add, approved_post, run_newest
from tests.visiting import HOME, SHELVES, Visitor, file, one, parsed, said


class TestShelves:
    @pytest.fixture(autouse=True)
    def _filled(self, services: Services, team: Team, clock: FakeClock) -> None:
        """One of every health: 21 November 2026 is today."""
        add(services, team, "story/brook.md", "# 青溪\n\n陶土取自青溪。")
        add(services, team, "offer/soon.md", "# 立冬价\n\n陶锅 209 元。", valid_until=date(2026, 12, 4))
        add(services, team, "offer/over.md", "# 秋价\n\n陶锅 219 元。", valid_until=date(2026, 11, 20))
        add(services, team, "policy/later.md", "# 新规\n\n年后再发。", valid_from=date(2027, 1, 4))
        add(services, team, "praise/he.md", "# 何姨\n\n焖的饭真香。")
        add(services, team, "story/scan.docx", pictures())
        table = "商品,会员价,有效期起,有效期止\n米缸,129 元,,2026-11-19\n陶锅,239 元,,2026-11-30\n酱,9 元,,\n"
        add(services, team, "offer/prices.csv", table)
        gone = add(services, team, "story/old.md", "# 旧事\n\n从前有一条溪。")
        services.lifecycle.retire([gone], brand=team.brand, actor=None)
        deleted = add(services, team, "story/wrong.md", "# 错的\n\n传错了。")
        services.lifecycle.delete([deleted], brand=team.brand, actor=None)

    def test_health_is_seen_at_a_glance_and_every_figure_is_a_way_to_its_materials(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        page = grace.get(SHELVES)
        figures = {
            " ".join(node.text(separator=" ").split()): node.attributes.get("href")
            for node in parsed(page).css(".health__figure")
        }
        assert list(figures) == [
            "3 Active",
            "1 Not yet valid",
            "2 Expiring within 14 days",
            "2 Expired",
            "1 Draft",
            "1 Pictures only",
            "0 Not findable yet",
        ]
        # What is none is no link; each other one leads to as many rows as it says.
        for words, href in figures.items():
            if words.startswith("0"):
                assert href is None
                continue
            assert href is not None
            assert len(parsed(grace.get(href)).css(".materials__row")) == int(words.split()[0]), words
        assert [row.title for row in rows(services, team, look=Look.EXPIRING)] == ["prices", "立冬价"]
        assert "1 passage ran out" in said(grace.get(f"{SHELVES}?show=expired"))
        assert "a row ends Mon 30 Nov" in said(page)

    def test_what_was_deleted_is_in_a_view_of_its_own(self, grace: Visitor) -> None:
        assert "错的" not in said(grace.get(SHELVES)) and "旧事" not in said(grace.get(SHELVES))
        deleted = grace.get(f"{SHELVES}?show=deleted")
        assert [node.text() for node in parsed(deleted).css(".table__main")] == ["错的"]
        assert 'value="restore"' in deleted.text and 'value="delete"' not in deleted.text
        assert "旧事" in said(grace.get(f"{SHELVES}?show=retired"))

    def test_words_kinds_and_the_order_choose_together(self, grace: Visitor) -> None:
        offers = grace.get(f"{SHELVES}?kind=offer&sort=expiry")
        titles = [node.text() for node in parsed(offers).css(".table__main")]
        assert titles == ["秋价", "prices", "立冬价"]
        one_of_them = grace.get(f"{SHELVES}?family=product&q=冬")
        assert [node.text() for node in parsed(one_of_them).css(".table__main")] == ["立冬价"]
        assert "Nothing here" in said(grace.get(f"{SHELVES}?q=nobody+wrote+this"))
        # An address that makes no sense shows all there is.
        assert len(parsed(grace.get(f"{SHELVES}?show=x&kind=y&sort=z&from=99")).css(".materials__row")) == 7

    def test_an_empty_list_advises_only_what_can_be_done(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        assert "among the retired" in said(grace.get(f"{SHELVES}?q=zzzz"))
        there = said(grace.get(f"{SHELVES}?show=retired&q=zzzz"))
        assert "use other words" in there and "among the retired" not in there
        gone = rows(services, team, look=Look.RETIRED)
        services.lifecycle.restore([gone[0].id], brand=team.brand, actor=None)
        assert "among the retired" not in said(grace.get(f"{SHELVES}?q=zzzz"))
        bare = said(grace.get(f"{SHELVES}?show=retired"))
        assert "under its own tab" in bare and "filter" not in bare

    def test_whoever_only_reads_gets_rows_without_the_column_of_boxes(
        self, grace: Visitor, app: Flask
    ) -> None:
        assert parsed(Visitor(app, "mia").get(SHELVES)).css(".materials--read")
        assert not parsed(grace.get(SHELVES)).css(".materials--read")

    def test_the_kind_of_a_link_is_chosen_in_the_form(self, grace: Visitor) -> None:
        page = grace.get(f"{SHELVES}?kind=trend")
        assert re.search(r'<option value="trend"[^>]* selected', page.text)

    def test_a_page_of_many_materials_takes_as_many_statements_as_one_of_few(
        self, services: Services, team: Team
    ) -> None:
        counted: list[str] = []

        @event.listens_for(services.parts.db.engine, "before_cursor_execute")
        def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith("SELECT"):
                counted.append(statement)

        rows(services, team)
        few = len(counted)
        for number in range(30):
            add(services, team, f"story/more-{number}.md", f"# 第 {number} 则\n\n陶土取自青溪。")
        counted.clear()
        assert len(rows(services, team, order=Order.EXPIRY)) == 37
        assert len(counted) == few == 4


class TestTakingIn:
    def test_an_upload_names_every_field_that_is_missing(self, grace: Visitor) -> None:
        refused = grace.post(SHELVES, {"valid_from": "2026-12-01"})
        assert refused.status_code == 422
        assert 'id="field-kind-error"' in refused.text and 'id="field-files-error"' in refused.text
        assert 'value="2026-12-01"' in refused.text
        backwards = {"kind": "story", "valid_from": "2026-12-02", "valid_until": "2026-12-01"}
        refused = grace.post(SHELVES, {**backwards, "files": file("x", "a.md")})
        assert 'id="field-valid_until-error"' in refused.text
        nothing = grace.post(SHELVES, {"kind": "story", "files": file("", "a.md")})
        assert "0 bytes" in said(nothing, "#field-files-error")

    def test_a_pasted_text_needs_a_title_and_keeps_what_was_typed(self, grace: Visitor) -> None:
        refused = grace.post(SHELVES, {"kind": "story", "text": "陶土取自青溪。"})
        assert "Give the text a title" in said(refused, "#field-title-error")
        assert one(refused, "#field-text").text() == "陶土取自青溪。"
        assert 'id="field-files-error"' not in refused.text

    def test_a_pasted_text_becomes_a_material_of_its_title(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        grace.post(SHELVES, {"kind": "story", "title": "青溪/的陶土", "text": "陶土取自青溪。"})
        run_newest(services, team)
        (row,) = rows(services, team)
        assert (row.title, row.path) == ("青溪/的陶土", "story/青溪 的陶土.md")

    def test_folders_are_kept_and_one_named_after_a_kind_says_what_is_in_it(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        sent = [
            file("# 价\n\n陶锅 239 元。", "brand/materials/offer/2026/autumn.md"),
            file("# 说明\n\n小火焖。", "brand/使用指南/pot.md"),
            file("# 故事\n\n青溪。", "stories/brook.md"),
            file("x", "stories/.DS_Store"),
            file("x", "stories/__MACOSX/x.md"),
            file("# 上\n\n上一层。", "../../../etc/up.md"),
        ]
        answer = grace.post(SHELVES, {"kind": "story", "folder": sent})
        assert answer.status_code == 303
        run_newest(services, team)
        assert sorted(row.path for row in rows(services, team)) == [
            "offer/2026/autumn.md",
            "story/etc/up.md",
            "story/stories/brook.md",
            "user_guide/pot.md",
        ]
        # Where every file's folder says its kind, none has to be chosen; where one does not, it has.
        ready = grace.post(SHELVES, {"folder": [file("# 价\n\n9 元。", "offer/a.md")]})
        assert ready.status_code == 303
        mixed = [file("# 价\n\n9 元。", "offer/a.md"), file("# 其他\n\n别的。", "b.md")]
        assert 'id="field-kind-error"' in grace.post(SHELVES, {"files": mixed}).text
        double = [file("一", "x/a.md"), file("二", "x/a.md")]
        assert "x/a.md" in said(grace.post(SHELVES, {"kind": "story", "files": double}), "#field-files-error")

    def test_the_page_says_how_far_each_file_is_and_what_became_of_it(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        # Long enough to be embedded by itself.
        long = "".join(f"\n\n## 第{number}则\n\n第 {number} 天的话。" for number in range(40))
        sent = [file(f"# 一{long}", "one.md"), file("", "empty.txt"), file(pictures(), "scan.docx")]
        answer = grace.post(SHELVES, {"kind": "story", "files": sent})
        job = services.jobs.recent(brand=team.brand, kind="ingest")[0].id
        assert answer.location.endswith(f"job={job}#job-{job}")
        fragment = f"{SHELVES}/jobs/{job}"
        waiting = grace.get(fragment)
        assert 'hx-trigger="every 1s"' in waiting.text
        assert said(waiting).count("waiting") == 3

        seen = []
        embedder = services.parts.embedder
        embed = embedder.passages

        def watched(texts: Any, progress: Any = None) -> Any:
            if progress is not None and texts:
                progress(1, 2)
                seen.append(said(grace.get(fragment)))
            return embed(texts, progress)

        embedder.passages = watched  # type: ignore[method-assign]
        ingestion: Any = services.ingestion
        read, being_read = ingestion._read, []

        def reader(name: str, data: bytes) -> Any:
            if name == "one.md":
                being_read.append(said(grace.get(fragment)))
            return read(name, data)

        ingestion._read = reader
        services.jobs.run(job)
        assert "one.md reading …" in being_read[0]
        assert "empty.txt waiting" in being_read[0]
        assert "one.md 1 of 2 passages embedded" in seen[0]
        assert "empty.txt waiting" in seen[0]
        over = grace.get(fragment)
        assert "every 1s" not in over.text
        assert 'hx-select="#shelf"' in over.text
        words = said(over)
        assert "one.md Taken in as 40 passages." in words
        assert "empty.txt Not taken. There is no text in this file" in words
        assert "almost only pictures" in words
        # Whoever left and comes back finds it among the latest.
        assert "Latest uploads" in said(grace.get(SHELVES)) and "empty.txt" in said(grace.get(SHELVES))

    def test_for_a_day_the_library_says_which_files_of_the_latest_upload_somebody_has_to_read_about(
        self, grace: Visitor, app: Flask, services: Services, team: Team, clock: FakeClock
    ) -> None:
        sent = [file("# 一\n\n第一则。", "1.md"), file("", "empty.txt"), file(pictures(), "scan.docx")]
        grace.post(SHELVES, {"kind": "story", "files": sent})
        job = run_newest(services, team).id
        notice = said(grace.get(SHELVES), ".notice")
        assert (
            "1 file of the latest upload was not taken. 1 file of the latest upload needs a look." in notice
        )
        link = one(grace.get(SHELVES), ".notice a").attributes["href"]
        assert link == f"{SHELVES}?job={job}#job-{job}"
        assert not parsed(grace.get(f"{SHELVES}?job={job}")).css(".notice")
        assert not parsed(Visitor(app, "mia").get(SHELVES)).css(".notice")
        clock.forward(hours=25)
        assert "was not taken" not in said(grace.get(SHELVES), "#main")
        # A newer one that went well has nothing to be read.
        grace.post(
            SHELVES, {"kind": "story", "files": [file("# 三\n\n第三则。", "3.md"), file("", "empty.txt")]}
        )
        run_newest(services, team)
        assert "was not taken" in said(grace.get(SHELVES), "#main")
        grace.post(SHELVES, {"kind": "story", "files": [file("# 二\n\n第二则。", "2.md")]})
        run_newest(services, team)
        assert "was not taken" not in said(grace.get(SHELVES), "#main")

    def test_a_day_in_no_year_and_a_title_without_end_are_refused_beside_their_fields(
        self, grace: Visitor
    ) -> None:
        typed = {"kind": "story", "files": file("# A", "a.md"), "valid_until": "9999-12-31"}
        refused = grace.post(SHELVES, typed)
        assert "Give a day from 1900 to 9998" in said(refused, "#field-valid_until-error")
        refused = grace.post(SHELVES, {"kind": "story", "title": "长" * 201, "text": "一段。"})
        assert "201 characters" in said(refused, "#field-title-error")

    def test_a_long_upload_shows_the_troubled_files_and_counts_the_rest(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        sent = [file(f"# {n}\n\n第 {n} 则。", f"{n}.md") for n in range(20)] + [file("", "empty.txt")]
        grace.post(SHELVES, {"kind": "story", "files": sent})
        job = run_newest(services, team).id
        over = grace.get(f"{SHELVES}/jobs/{job}")
        assert "20 files are in" in said(over) and "1 file needs a look" in said(over)
        assert len(parsed(over).css("details .upload__file")) == 20

    def test_an_upload_that_broke_off_says_which_files_are_in_and_which_are_not(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        embedder: Any = services.parts.embedder
        embed = embedder.passages

        def dies(texts: Any, progress: Any = None) -> Any:
            if any("第 40 则" in text for text in texts):
                raise RuntimeError("the model is gone")
            return embed(texts, progress)

        embedder.passages = dies
        sent = [file(f"# {n}\n\n第 {n} 则。", f"{n}.md") for n in range(60)]
        grace.post(SHELVES, {"kind": "story", "files": sent})
        job = run_newest(services, team).id
        taken = len(rows(services, team))
        assert 0 < taken < 60
        over = grace.get(f"{SHELVES}/jobs/{job}")
        assert f"{taken} files are in" in said(over) and f"{60 - taken} files need a look" in said(over)
        assert "59.md Not taken. The work broke off before this file was finished." in said(over)
        assert "reading" not in said(over) and "waiting" not in said(over)
        embedder.passages = embed
        again = [file(f"# {n}\n\n第 {n} 则。", f"{n}.md") for n in range(60)]
        grace.post(SHELVES, {"kind": "story", "files": again})
        assert "60 files are in" in said(grace.get(f"{SHELVES}/jobs/{run_newest(services, team).id}"))

    def test_a_name_is_the_same_from_every_desktop(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        def send(name: str) -> None:
            composed = "# Café\n\n青溪边的咖啡馆。"
            assert grace.post(SHELVES, {"kind": "story", "files": file(composed, name)}).status_code == 303
            run_newest(services, team)

        send("caf\N{LATIN SMALL LETTER E WITH ACUTE}/menu.md")  # From Windows,
        send("cafe\N{COMBINING ACUTE ACCENT}/menu.md")  # and the same file from a Mac.
        assert [row.path for row in rows(services, team)] == [
            "story/caf\N{LATIN SMALL LETTER E WITH ACUTE}/menu.md"
        ]

    def test_the_last_day_is_the_one_that_was_typed_even_where_the_next_has_no_midnight(
        self, app: Flask, services: Services
    ) -> None:
        # In Cairo the clocks of 2026 go forward at the midnight between the 23rd and the 24th of April.
        cairo = services.brands.create(slug="cairo", name="Nile", zone="Africa/Cairo", language="en")
        services.accounts.add_person(
            login="nour", name="Nour", password="secret", roles={cairo: Role.BRAND_MANAGER}
        )
        upload = Upload("story/nile.md", b"# Nile\n\nThe river.", Kind.STORY, valid_until=date(2026, 4, 23))
        material = services.ingestion.add(upload, brand=cairo, actor=None).material
        page = Visitor(app, "nour").get(f"/b/cairo/library/{material}")
        assert one(page, "#set-valid_until").attributes["value"] == "2026-04-23"
        assert "until Thu 23 Apr" in said(page) and "24 Apr" not in said(page)

    @pytest.mark.parametrize("room", ["pictures", "exchange/import"])
    def test_a_browser_hears_that_it_sent_too_much_in_any_room(
        self, app: Flask, grace: Visitor, room: str
    ) -> None:
        """What is still under way is read to its end, or the browser would meet a closed line and no answer."""
        app.config["MAX_CONTENT_LENGTH"] = 2000
        sent = io.BytesIO(b"x" * 50_000)
        answer = grace.http.post(
            f"{SHELVES}/{room}",
            input_stream=sent,
            content_length=50_000,
            content_type="multipart/form-data; boundary=b",
        )
        assert answer.status_code == 413
        assert "Send fewer or smaller files" in said(answer)
        assert sent.tell() == 50_000

    def test_too_much_at_once_is_said_beside_the_field(self, app: Flask, grace: Visitor) -> None:
        app.config["MAX_CONTENT_LENGTH"] = 2000
        answer = grace.post(SHELVES, {"kind": "story", "files": file("溪" * 3000, "a.md")})
        assert answer.status_code == 303
        assert answer.location.endswith("#add")
        assert "64 MB" in said(grace.get(answer.location), "#field-files-error")

    def test_a_members_words_wait_as_a_draft_until_consent_is_noted(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        grace.post(
            SHELVES, {"kind": "praise", "files": file("# 何姨\n\n饭真香。", "he.md"), "attribution": "何姨"}
        )
        job = run_newest(services, team).id
        assert "Kept as a draft" in said(grace.get(f"{SHELVES}/jobs/{job}"))
        (row,) = rows(services, team, look=Look.DRAFT)
        here = f"{SHELVES}/{row.id}"
        refused = grace.post(f"{here}/activate")
        assert refused.status_code == 422
        assert "once the member has agreed" in said(refused, "#set-consent-error")
        terms = {"title": "何姨", "kind": "praise", "attribution": "何姨", "consent": "11 月 20 日微信答应"}
        grace.post(f"{here}/settings", terms)
        grace.post(f"{here}/activate")
        assert [one.title for one in rows(services, team, look=Look.ACTIVE)] == ["何姨"]
        assert services.retrieval.search("饭真香", brand=team.brand)

    def test_a_kind_with_a_short_life_says_so(self, grace: Visitor) -> None:
        page = said(grace.get(SHELVES), "#add")
        assert "News holds for 7 days" in page and "Trend holds for 14 days" in page
        assert "Company policy holds for 90 days" in page


class TestManyAtOnce:
    @pytest.fixture
    def stories(self, services: Services, team: Team) -> list[int]:
        return [
            add(services, team, f"story/{n}.md", f"# 第 {n} 则\n\n溪边的第 {n} 个故事。") for n in range(3)
        ]

    def test_materials_are_retired_together_and_one_press_brings_them_back(
        self, grace: Visitor, services: Services, team: Team, stories: list[int]
    ) -> None:
        answer = grace.post(f"{SHELVES}/bulk?q=则", {"do": "retire", "material": stories[:2]})
        assert answer.status_code == 303 and "q=" in answer.location
        after = grace.get(answer.location)
        assert "2 materials are retired" in said(after)
        undo = one(after, ".notice form")
        ids = [node.attributes["value"] for node in undo.css("[name=material]")]
        assert ids == [str(one) for one in stories[:2]]
        grace.post(undo.attributes["action"] or "", {"do": "restore", "material": ids})
        assert len(rows(services, team, look=Look.ACTIVE)) == 3

    def test_all_of_a_kind_means_those_of_the_other_pages_too_but_not_what_was_filtered_out(
        self, grace: Visitor, services: Services, team: Team, stories: list[int]
    ) -> None:
        add(services, team, "culture/way.md", "# 规矩\n\n先洗手。")
        for number in range(70):
            add(services, team, f"story/more-{number}.md", f"# 多 {number}\n\n又一个故事。")
        page = grace.get(f"{SHELVES}?q=多")
        assert len(parsed(page).css(".materials__row")) == 60
        assert "1–60 of 70" in said(page)
        assert len(parsed(grace.get(f"{SHELVES}?q=多&from=60")).css(".materials__row")) == 10
        grace.post(f"{SHELVES}/bulk?q=多", {"do": "retire", "all": "story"})
        assert len(rows(services, team, look=Look.RETIRED)) == 60
        assert {row.title for row in rows(services, team)} == {"规矩", "第 0 则", "第 1 则", "第 2 则"}

    def test_deleting_asks_once_and_names_how_many_unsent_posts_will_wait(
        self, grace: Visitor, services: Services, team: Team, stories: list[int]
    ) -> None:
        post = approved_post(services, team)
        pot = next(row.id for row in rows(services, team) if row.path == POT_FILE)
        asked = grace.post(f"{SHELVES}/bulk", {"do": "delete", "material": [pot, stories[0]]})
        assert asked.status_code == 200
        assert "1 unsent post is written from this" in said(asked)
        assert "小灶陶锅" in said(asked) and "pot.md" in said(asked, ".asked__list")
        assert "The tab “Deleted” of the library brings everything back" in said(asked)
        assert len(rows(services, team)) == 4
        sure = {"do": "delete", "material": [pot, stories[0]], "sure": "1"}
        after = grace.get(grace.post(f"{SHELVES}/bulk", sure).location)
        assert "2 materials are deleted" in said(after)
        assert services.desk.post(post, brand=team.brand).state is PostState.SUSPENDED
        assert [row.title for row in rows(services, team, look=Look.DELETED)] == ["第 0 则", "小灶陶锅"]
        gone = grace.get(f"{SHELVES}/{pot}")
        assert "1 unsent post rests on what this no longer says" in said(gone)
        assert f'href="{HOME}/posts/{post}"' in gone.text
        grace.post(f"{SHELVES}/{pot}/restore")
        assert services.desk.post(post, brand=team.brand).state is PostState.APPROVED

    def test_a_window_is_set_for_many_by_a_job_and_an_empty_day_stays_as_it_was(
        self, grace: Visitor, services: Services, team: Team, stories: list[int]
    ) -> None:
        services.ingestion.settle(
            stories[0], brand=team.brand, actor=None, window=(date(2026, 11, 1), date(2026, 11, 30))
        )
        answer = grace.post(f"{SHELVES}/bulk", {"do": "window", "all": "story", "valid_until": "2026-12-31"})
        assert "job=" in answer.location
        job = run_newest(services, team, "settle").id
        assert said(grace.get(f"{SHELVES}/jobs/{job}")).count("Has its new settings") == 3
        for row in rows(services, team):
            assert row.valid_until is not None and f"{row.valid_until:%m-%d}" == "01-01"
        assert {row.valid_from and f"{row.valid_from:%m-%d}" for row in rows(services, team)} == {
            None,
            "11-01",
        }
        early = {"do": "window", "material": stories, "valid_until": "2026-10-01"}
        refused = grace.post(f"{SHELVES}/bulk", early)
        assert refused.status_code == 422
        assert "“第 0 则” would end before it begins" in said(refused)

    def test_nothing_ticked_is_said_and_nothing_is_done(
        self, grace: Visitor, services: Services, team: Team, stories: list[int]
    ) -> None:
        for data in ({"do": "retire"}, {"do": "burn", "material": stories}):
            refused = grace.post(f"{SHELVES}/bulk", data)
            assert refused.status_code == 422
            assert "Nothing is chosen yet" in said(refused, ".rows")
        assert len(rows(services, team)) == 3
        mia = Visitor(grace.http.application, "mia")
        assert mia.post(f"{SHELVES}/bulk", {"do": "retire", "material": stories}).status_code == 403
