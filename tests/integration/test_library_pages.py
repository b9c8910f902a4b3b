"""The library's pages: shelves, taking in, many at once, one material with its revisions, and the search."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from copilot.app import create_app
from copilot.domain.materials import Kind
from copilot.domain.permissions import Role
from copilot.domain.posts import PostState
from copilot.services.house import Services
from copilot.services.queries.shelf import Look, MaterialRow, Order, Wish
from copilot.services.terms import Upload
from copilot.web.finding import highlighted
from tests.conftest import POT, Team
from tests.fakes import FakeClock
from tests.steps import approved_post, drafted_post, library, scheduled_post
from tests.visiting import HOME, Visitor, one, parsed, pictures, said

SHELVES = f"{HOME}/library"


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def grace(app: Flask, team: Team) -> Visitor:
    return Visitor(app, "grace")


def add(services: Services, team: Team, path: str, text: str | bytes, **terms: Any) -> int:
    data = text if isinstance(text, bytes) else text.encode()
    upload = Upload(path, data, Kind(path.partition("/")[0]), **terms)
    result = services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)
    assert result.material is not None, result.reason
    return result.material


def rows(services: Services, team: Team, **wish: Any) -> list[MaterialRow]:
    return list(services.library.shelf(Wish(**wish), brand=team.brand).rows)


def file(text: str | bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text if isinstance(text, bytes) else text.encode()), name


def run_newest(services: Services, team: Team, kind: str = "ingest") -> int:
    job = services.jobs.recent(brand=team.brand, kind=kind)[0].id
    services.jobs.run(job)
    return job


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
            "2 Expire within 14 days",
            "2 Expired",
            "1 Drafts",
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

    def test_a_long_upload_shows_the_troubled_files_and_counts_the_rest(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        sent = [file(f"# {n}\n\n第 {n} 则。", f"{n}.md") for n in range(20)] + [file("", "empty.txt")]
        grace.post(SHELVES, {"kind": "story", "files": sent})
        job = run_newest(services, team)
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
        job = run_newest(services, team)
        taken = len(rows(services, team))
        assert 0 < taken < 60
        over = grace.get(f"{SHELVES}/jobs/{job}")
        assert f"{taken} files are in" in said(over) and f"{60 - taken} files need a look" in said(over)
        assert "59.md Not taken. The work broke off before this file was finished." in said(over)
        assert "reading" not in said(over) and "waiting" not in said(over)
        embedder.passages = embed
        again = [file(f"# {n}\n\n第 {n} 则。", f"{n}.md") for n in range(60)]
        grace.post(SHELVES, {"kind": "story", "files": again})
        assert "60 files are in" in said(grace.get(f"{SHELVES}/jobs/{run_newest(services, team)}"))

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
        job = run_newest(services, team)
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
        pot = next(row.id for row in rows(services, team) if row.path == "selling_point/pot.md")
        asked = grace.post(f"{SHELVES}/bulk", {"do": "delete", "material": [pot, stories[0]]})
        assert asked.status_code == 200
        assert "1 unsent post is written from this" in said(asked)
        assert "小灶陶锅" in said(asked)
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
        job = run_newest(services, team, "settle")
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


class TestOneMaterial:
    @pytest.fixture
    def pot(self, services: Services, team: Team) -> int:
        library(services, team)
        return rows(services, team)[0].id

    def revise(self, grace: Visitor, services: Services, team: Team, pot: int, text: str) -> TestResponse:
        answer = grace.post(f"{SHELVES}/{pot}/revision", {"file": file(text, "any name.md")})
        assert answer.status_code == 303, said(answer)
        run_newest(services, team)
        return grace.get(answer.location)

    def test_settings_keep_what_was_typed_and_say_what_is_wrong(self, grace: Visitor, pot: int) -> None:
        typed = {"title": " ", "kind": "highlight", "valid_from": "2026-12-02", "valid_until": "2026-12-31"}
        refused = grace.post(f"{SHELVES}/{pot}/settings", typed)
        assert refused.status_code == 422
        assert "must not be empty" in said(refused, "#set-title-error")
        assert 'value="2026-12-31"' in refused.text
        assert re.search(r'<option value="highlight" selected>', refused.text)
        crooked = {**typed, "title": "锅", "valid_until": "2026-12-01"}
        refused = grace.post(f"{SHELVES}/{pot}/settings", crooked)
        assert "last day is before the first" in said(refused, "#set-valid_until-error")
        assert one(refused, "#set-title").attributes["value"] == "锅"

    def test_settings_make_a_revision_and_the_comparison_says_what_they_changed(
        self, grace: Visitor, services: Services, team: Team, pot: int
    ) -> None:
        embedder: Any = services.parts.embedder
        embedded = len(embedder._embedder.embedded)
        terms = {"title": "小灶陶锅", "kind": "highlight", "valid_from": "", "valid_until": "2026-12-31"}
        answer = grace.post(f"{SHELVES}/{pot}/settings", terms)
        assert "The settings are kept" in said(grace.get(answer.location))
        assert len(embedder._embedder.embedded) == embedded  # The title stayed, so every vector was there.
        compared = grace.get(f"{SHELVES}/{pot}/compare")
        assert "Word for word the same" in said(compared)
        assert [node.text() for node in parsed(compared).css("del")] == ["Selling points", "no limit"]
        assert [" ".join(node.text().split()) for node in parsed(compared).css("ins")] == [
            "Highlights",
            "until Thu 31 Dec",
        ]
        assert "new settings" in said(grace.get(f"{SHELVES}/{pot}"))

    def test_a_kind_whose_shelf_has_such_a_file_is_refused_beside_the_form(
        self, grace: Visitor, services: Services, team: Team, pot: int
    ) -> None:
        add(services, team, "highlight/pot.md", "# 另一个\n\n别的锅。")
        refused = grace.post(f"{SHELVES}/{pot}/settings", {"title": "小灶陶锅", "kind": "highlight"})
        assert refused.status_code == 409
        assert "already a file highlight/pot.md" in said(refused)

    def test_a_new_title_over_many_passages_is_a_job(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        table = "商品,会员价\n" + "".join(f"第 {n} 号,{n} 元\n" for n in range(60))
        prices = add(services, team, "offer/prices.csv", table)
        terms = {"title": "价目表", "kind": "offer", "valid_from": "", "valid_until": "2026-12-31"}
        answer = grace.post(f"{SHELVES}/{prices}/settings", terms)
        assert "job=" in answer.location
        run_newest(services, team, "settle")
        view = services.library.material(prices, brand=team.brand)
        assert view.material.title == "价目表"
        assert view.material.valid_until is not None
        assert "Has its new settings" in said(grace.get(answer.location))

    def test_a_new_revision_flags_what_was_written_and_the_words_that_changed_are_marked(
        self, grace: Visitor, services: Services, team: Team, pot: int
    ) -> None:
        post = drafted_post(services, team)
        cheaper = POT.replace("239 元", "219 元")
        page = self.revise(grace, services, team, pot, cheaper)
        assert "1 unsent post rests on what this no longer says" in said(page, ".flagged")
        assert "239 元" in said(page, ".flagged del") and "219 元" in said(page, ".flagged ins")
        assert f'href="{HOME}/posts/{post}"' in page.text
        compared = grace.get(f"{SHELVES}/{pot}/compare?older=2&newer=1")
        assert [node.text() for node in parsed(compared).css("del")] == ["239"]
        assert [node.text() for node in parsed(compared).css("ins")] == ["219"]
        assert grace.get(f"{SHELVES}/{pot}/compare?older=1&newer=9").status_code == 404

    def test_what_a_former_revision_said_and_this_one_still_says_is_still_cited(
        self, grace: Visitor, services: Services, team: Team, pot: int
    ) -> None:
        post = drafted_post(services, team)
        page = self.revise(grace, services, team, pot, POT + "\n## 后记\n\n另有一段新话。\n")
        assert said(page, ".source").count("Cited by") == 1
        assert f"/posts/{post}/trace" in one(page, ".source").html  # type: ignore[operator]
        assert rows(services, team)[0].cited_by == 1

    @pytest.mark.parametrize(
        ("data", "name", "reason"),
        [
            (b"x", "pot.pdf", "This is a .pdf file, and the material is a .md"),
            (b"", "pot.md", "0 bytes"),
            (POT.encode(), "pot.md", "the very file"),
        ],
    )
    def test_a_file_that_is_no_revision_is_refused_beside_the_field(
        self, grace: Visitor, pot: int, data: bytes, name: str, reason: str
    ) -> None:
        refused = grace.post(f"{SHELVES}/{pot}/revision", {"file": file(data, name)})
        assert refused.status_code == 422
        assert reason in said(refused, "#field-file-error")

    def test_the_file_of_any_revision_is_saved_and_never_shown(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        page = "<script>alert(1)</script><p>陶土取自青溪。</p>"
        brook = add(services, team, "story/青溪.html", page)
        answer = grace.get(f"{SHELVES}/{brook}/revisions/1/file")
        assert answer.data == page.encode()
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert grace.get(f"{SHELVES}/{brook}/revisions/2/file").status_code == 404

    def test_names_that_copy_never_says_survive_a_new_file(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        note = add(services, team, "competitor_note/other.md", "# 别家的锅\n\n别家的锅卖 99 元。")
        typed = {"title": "别家的锅", "kind": "competitor_note", "names": "铁釜，老灶\n铁釜"}
        grace.post(f"{SHELVES}/{note}/settings", typed)
        assert services.library.material(note, brand=team.brand).names == ("铁釜", "老灶")
        self.revise(grace, services, team, note, "# 别家的锅\n\n别家的锅卖 89 元。")
        assert services.library.material(note, brand=team.brand).names == ("铁釜", "老灶")

    def test_pictures_only_says_what_happened_and_what_to_do(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        scan = add(services, team, "story/scan.docx", pictures())
        words = said(grace.get(f"{SHELVES}/{scan}"))
        assert "no draft is written from it" in words and "Add a text version" in words

    def test_a_table_stands_as_a_table_and_what_ran_out_says_so(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        table = "商品,会员价,有效期止\n米缸,129 元,2026-11-19\n陶锅,239 元,\n"
        prices = add(services, team, "offer/prices.csv", table)
        page = grace.get(f"{SHELVES}/{prices}")
        heads = [node.text() for node in parsed(page).css(".passage-table th")]
        assert heads[:4] == ["Place", "商品", "会员价", "有效期止"]
        assert "Expired" in said(page, ".passage-table tr.is-over")

    def test_it_is_retired_and_brought_back(
        self, grace: Visitor, app: Flask, services: Services, team: Team, pot: int
    ) -> None:
        after = grace.get(grace.post(f"{SHELVES}/{pot}/retire").location)
        assert "nothing new is written from it" in said(after) and "Undo" in said(after)
        grace.post(f"{SHELVES}/{pot}/restore")
        assert services.library.materials(brand=team.brand)[0].health == "active"
        assert Visitor(app, "mia").post(f"{SHELVES}/{pot}/retire").status_code == 403


class TestSearch:
    def test_it_marks_the_words_and_says_why(self, grace: Visitor, services: Services, team: Team) -> None:
        library(services, team)
        page = grace.get(f"{SHELVES}/search", query_string={"q": "会员价"})
        assert "<mark>会员价</mark>" in page.text
        add(
            services,
            team,
            "offer/autumn.csv",
            "商品,会员价,有效期起,有效期止\n溪石米缸,129 元,2026-11-18,2026-12-09\n",
        )
        found = grace.get(f"{SHELVES}/search", query_string={"q": "溪石米缸", "kind": "offer"})
        assert "Wed 18 Nov – Wed 9 Dec" in said(found)
        nothing = grace.get(f"{SHELVES}/search", query_string={"q": "会员价", "kind": "news"})
        assert "Nothing that is valid" in said(nothing)

    def test_highlights_take_english_words_whole_and_lose_no_character(self) -> None:
        text = "A panda bought a Pan. PAN!"
        runs = highlighted(text, "pan")
        assert "".join(piece for piece, _ in runs) == text
        assert [piece for piece, said in runs if said] == ["Pan", "PAN"]

    def test_words_that_any_question_is_made_of_are_neither_marked_nor_counted(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        add(services, team, "logistics/post.md", "# 运费\n\n买满 99 元之后包邮，退的是钱，要退回卡里。")
        add(services, team, "story/en.md", "# Rest\n\nThe kiln has to rest after the winter firing.")
        found = grace.get(f"{SHELVES}/search", query_string={"q": "要多少钱后包邮了"})
        assert {mark.text() for mark in parsed(found).css("mark")} == {"包邮"}
        assert re.search(r"words, no\. \d+ 包邮 ", said(found, ".why"))
        english = grace.get(
            f"{SHELVES}/search", query_string={"q": "when is the kiln to rest", "language": "en"}
        )
        assert {mark.text() for mark in parsed(english).css("mark")} == {"kiln", "rest", "Rest"}
        # Whoever asks for such a word alone means it.
        alone = grace.get(f"{SHELVES}/search", query_string={"q": "钱"})
        assert {mark.text() for mark in parsed(alone).css("mark")} == {"钱"}

    def test_a_heading_that_was_found_by_is_shown(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        add(services, team, "logistics/post.md", "# 服务说明\n\n## 冷链配送\n\n当天装箱，次日送到。")
        found = grace.get(f"{SHELVES}/search", query_string={"q": "冷链"})
        assert said(found, ".hit__heading") == "冷链 配送"
        assert "服务说明" in said(found, ".source__title")

    def test_it_says_so_when_no_passage_holds_the_words(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        library(services, team)
        found = grace.get(f"{SHELVES}/search", query_string={"q": "zzqqxx blorf"})
        assert "No passage that is valid now says any of these words. The nearest" in said(
            found, ".hits__count"
        )
        assert parsed(found).css(".hit") and not parsed(found).css("mark")
        assert "The best" in said(grace.get(f"{SHELVES}/search?q=会员价"), ".hits__count")

    def test_what_fits_and_has_run_out_or_not_begun_is_named(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        library(services, team)
        add(services, team, "offer/over.md", "# 秋分价\n\n秋分陶锅 219 元。", valid_until=date(2026, 11, 19))
        add(services, team, "offer/soon.md", "# 冬至价\n\n冬至陶锅 199 元。", valid_from=date(2026, 12, 20))
        over = grace.get(f"{SHELVES}/search", query_string={"q": "秋分陶锅"})
        assert "1 passage that fits has expired 秋分价" in said(over, ".notice")
        assert "until Thu 19 Nov" in said(over, ".notice")
        soon = grace.get(f"{SHELVES}/search", query_string={"q": "冬至陶锅"})
        assert "1 passage that fits is not valid yet 冬至价" in said(soon, ".notice")
        then = grace.get(f"{SHELVES}/search", query_string={"q": "秋分陶锅", "at": "2026-12-21"})
        assert "1 passage that fits is not valid on Mon 21 Dec 秋分价" in said(then, ".notice")
        # On its day it is simply found, and what says less than the best is not told of.
        on_its_day = grace.get(f"{SHELVES}/search", query_string={"q": "冬至陶锅", "at": "2026-12-21"})
        assert "冬至价" in said(on_its_day, ".source__title").replace(" ", "")
        assert "冬至价" not in "".join(node.text() for node in parsed(on_its_day).css(".notice"))
        assert not parsed(grace.get(f"{SHELVES}/search?q=小灶陶锅会员价")).css(".notice")

    def test_a_whole_text_is_cut_to_what_an_address_can_carry(self, grace: Visitor, team: Team) -> None:
        found = grace.get(f"{SHELVES}/search", query_string={"q": "陶" * 5000})
        assert len(one(found, "input[name=q]").attributes["value"] or "") == 200
        assert one(found, "input[name=q]").attributes["maxlength"] == "200"
        assert "the first 200 characters were" in said(found)

    def test_it_says_why_a_passage_was_found_and_which_posts_use_it(
        self, grace: Visitor, services: Services, team: Team, clock: FakeClock
    ) -> None:
        post = scheduled_post(services, team)
        found = grace.get(f"{SHELVES}/search", query_string={"q": "小灶陶锅会员价"})
        why = said(found, ".why")
        assert re.search(r"meaning, no\. \d+ likeness 0\.\d\d", why)
        assert re.search(r"words, no\. \d+ .*会员价", why)
        assert one(found, ".use").attributes["href"] == f"{HOME}/posts/{post}"
        assert "Scheduled" in said(found, ".use")
        # Sent posts lead to their trace; a new revision that says the same is used by the same posts.
        clock.forward(hours=3, minutes=31)
        services.delivering.tick()
        services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
        add(services, team, "selling_point/pot.md", POT + "\n## 后记\n\n另有一段新话。\n")
        found = grace.get(f"{SHELVES}/search", query_string={"q": "小灶陶锅会员价"})
        assert one(found, ".use").attributes["href"] == f"{HOME}/posts/{post}/trace"
        nobody = grace.get(f"{SHELVES}/search", query_string={"q": "新话"})
        assert "no post yet" in said(nobody, ".why")

    def test_the_same_words_elsewhere_are_folded_into_one_hit(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        same = "陶土取自青溪上游的红泥，晒足四十天，再过三遍水，去掉草根和砂石，然后才上轮盘拉坯成形。"
        add(services, team, "story/one.md", f"# 青溪其一\n\n{same}")
        add(services, team, "concept/two.md", f"# 青溪其二\n\n{same}")
        found = grace.get(f"{SHELVES}/search", query_string={"q": "青溪红泥"})
        assert len(parsed(found).css(".hit")) == 1
        assert re.search(r"Also said in 青溪其[一二]", said(found, ".why"))

    def test_another_day_and_another_language_choose(
        self, grace: Visitor, services: Services, team: Team
    ) -> None:
        add(services, team, "offer/xmas.md", "# 冬至价\n\n冬至陶锅 199 元。", valid_from=date(2026, 12, 20))
        add(services, team, "story/en.md", "# Winter solstice\n\nAt the winter solstice we rest.")
        question = {"q": "冬至 solstice"}

        def titles(**more: str) -> list[str]:
            page = grace.get(f"{SHELVES}/search", query_string={**question, **more})
            return sorted(node.text() for node in parsed(page).css(".source__title"))

        assert titles() == ["Winter solstice"]
        assert titles(at="2026-12-21") == ["Winter solstice", "冬至价"]
        assert titles(at="2026-12-21", language="zh") == ["冬至价"]
        assert titles(at="2026-12-21", language="en") == ["Winter solstice"]
        wrong = grace.get(f"{SHELVES}/search", query_string={**question, "at": "soon"})
        assert "“soon” is not a day" in said(wrong, "#search-at-error")
        assert one(wrong, "#search-at").attributes["value"] == "soon"
