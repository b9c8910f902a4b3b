"""The page of one material with its revisions, and the search that says why it found a passage."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from copilot.services.house import Services
from copilot.web.finding import highlighted
from tests.conftest import POT, Team
from tests.documents import pictures
from tests.fakes import FakeClock
from tests.looks import embedded, rows
from tests.steps import POT_FILE, add, drafted_post, library, run_newest, scheduled_post
from tests.visiting import HOME, SHELVES, Visitor, file, one, parsed, said


class TestOneMaterial:
    @pytest.fixture
    def pot(self, services: Services, team: Team) -> int:
        return library(services, team)

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
        assert "Wed 2 Dec – Tue 1 Dec" in said(refused, "#set-valid_until-error")
        refused = grace.post(
            f"{SHELVES}/{pot}/settings", {**typed, "title": "锅", "valid_until": "9999-12-31"}
        )
        assert "“9999-12-31” is no year" in said(refused, "#set-valid_until-error")
        refused = grace.post(f"{SHELVES}/{pot}/settings", {**typed, "title": "长" * 201})
        assert refused.status_code == 422 and "200 at most" in said(refused, "#set-title-error")

    def test_settings_make_a_revision_and_the_comparison_says_what_they_changed(
        self, grace: Visitor, services: Services, team: Team, pot: int
    ) -> None:
        computed = len(embedded(services))
        terms = {"title": "小灶陶锅", "kind": "highlight", "valid_from": "", "valid_until": "2026-12-31"}
        answer = grace.post(f"{SHELVES}/{pot}/settings", terms)
        assert "The settings are kept" in said(grace.get(answer.location))
        assert len(embedded(services)) == computed  # The title stayed, so every vector was there.
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
        assert "239 元" in said(page, ".flagged") and "219 元" in said(page, ".flagged")
        assert [said(page, f".flagged {mark}") for mark in ("del", "ins")] == ["239", "219"]
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
        table = (
            "商品,编号,说明,会员价,有效期起,valid_until\n"
            "米缸,FRIDAYLARDER,米缸用的是青溪的红泥，烧了三天三夜，缸口一圈留着手指印，夏天也不生虫。,129 元,,2026-11-19\n"
            "陶锅,,,239 元,,\n"
        )
        prices = add(services, team, "offer/prices.csv", table)
        page = grace.get(f"{SHELVES}/{prices}")
        heads = [node.text() for node in parsed(page).css(".passage-table th")]
        # The columns of a row's own window are told by ours.
        assert heads == ["Place", "商品", "编号", "说明", "会员价", "Valid", "Cited by"]
        assert "until Thu 19 Nov" in said(page, ".passage-table__valid")
        assert [said(page, f"tr.is-over .passage-table__{how}") for how in ("whole", "prose")] == [
            "FRIDAYLARDER",
            "米缸用的是青溪的红泥，烧了三天三夜，缸口一圈留着手指印，夏天也不生虫。",
        ]
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

    def test_a_draft_that_fits_is_named_to_whoever_may_let_it_be_used(
        self, grace: Visitor, app: Flask, services: Services, team: Team
    ) -> None:
        library(services, team)
        he = add(services, team, "praise/he.md", "# 何姨\n\n柴火灶上焖的。", attribution="何姨")
        assert "1 material that fits is still a draft 何姨" in said(
            grace.get(f"{SHELVES}/search?q=柴火"), ".notice"
        )
        assert one(grace.get(f"{SHELVES}/search?q=柴火"), ".notice a").attributes["href"] == f"{SHELVES}/{he}"
        for other in ("?q=柴火&kind=offer", "?q=小灶陶锅会员价", ""):
            assert not parsed(grace.get(f"{SHELVES}/search{other}")).css(".notice")
        assert not parsed(Visitor(app, "mia").get(f"{SHELVES}/search?q=柴火")).css(".notice")

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
        assert re.search(r"meaning, no\. \d+", why) and "0." not in why
        assert re.search(r"words, no\. \d+ .*会员价", why)
        assert one(found, ".use").attributes["href"] == f"{HOME}/posts/{post}"
        assert "Scheduled" in said(found, ".use")
        # Sent posts lead to their trace; a new revision that says the same is used by the same posts.
        clock.forward(hours=3, minutes=31)
        services.delivering.tick()
        services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
        add(services, team, POT_FILE, POT + "\n## 后记\n\n另有一段新话。\n")
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
        far = grace.get(f"{SHELVES}/search", query_string={**question, "at": "0001-01-01"})
        assert "Give a day from 1900 to 9998" in said(far, "#search-at-error")
        assert one(wrong, "#search-at").attributes["value"] == "soon"
