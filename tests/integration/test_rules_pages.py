"""The rule book over real services: each change a version with its why, and the page on which it is made."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from copilot import models, rulepacks
from copilot.domain.findings import Severity
from copilot.domain.rulebook import Change, RuleBook
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from copilot.wording import word
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.ruling import REFILL, held, spoken, version
from tests.steps import COPY, drafted_post
from tests.visiting import HOME, Visitor, one, parsed, said
from tests.voicing import events

PAGE = f"{HOME}/rules"
WHY = "会员问起过"
TOP = "甄选顶级食材"


def page_rule(name: str) -> str:
    return f'[id="rule-{name}"]'


def finding_of(services: Services, post: int, rule: str) -> int:
    """A finding of the newest text of a post."""
    with services.parts.db.read() as session:
        head = session.get_one(models.Post, post).head
        assert head is not None
        return next(row.id for row in head.findings if row.rule == rule)


# --- versions ---


def test_each_intention_is_one_version_with_its_why(services: Services, team: Team) -> None:
    rulings, by = services.rulings, {"brand": team.brand, "actor": team.manager, "note": WHY}
    assert spoken(services, team, TOP) == {"ad.absolute-top": "block"}
    assert rulings.change_rule(Change("ad.absolute-top", Severity.NOTE), **by) == 1
    assert spoken(services, team, TOP) == {"ad.absolute-top": "note"}
    assert rulings.switch_pack("cn-platforms", False, **by) == 2
    assert spoken(services, team, "转发集赞领小样") == {}
    assert rulings.keep_own(REFILL, **by) == 3
    assert spoken(services, team, "今天可以代装") == {"own.refill": "block"}
    assert rulings.keep_own(replace(REFILL, severity=Severity.NOTE), **by) == 4
    assert spoken(services, team, "今天可以代装") == {"own.refill": "note"}
    assert rulings.declare("本文由 AI 协助起草。", **by) == 5
    assert rulings.drop_own("own.refill", **by) == 6
    assert rulings.bring_back(4, **by) == 7
    book = held(services, team)
    assert (book.packs, book.declaration, len(book.own)) == (("cn-ad-law",), "", 1)
    assert rulings.bring_back(0, **by) == 8
    assert held(services, team) == RuleBook()
    assert events(services, "rule_book") == [
        "rule_book.rule_changed",
        "rule_book.pack_switched",
        "rule_book.own_kept",
        "rule_book.own_kept",
        "rule_book.declared",
        "rule_book.own_dropped",
        "rule_book.brought_back",
        "rule_book.brought_back",
    ]
    newest, *older = services.rulesheet.view(brand=team.brand).versions
    assert (newest.version, newest.note, newest.author) == (8, WHY, "Grace Hart")
    assert [word(message, "en") for message in older[-1].changes] == ["ad.absolute-top is now “Worth a look”"]


def test_what_is_equal_makes_no_version_and_asks_for_no_why(services: Services, team: Team) -> None:
    by = {"brand": team.brand, "actor": team.manager}
    assert services.rulings.switch_pack("cn-ad-law", True, note="", **by) == 0
    assert services.rulings.save(RuleBook(), note="", based_on=0, **by) == 0
    services.rulings.keep_own(REFILL, note=WHY, **by)
    assert services.rulings.keep_own(replace(REFILL, reason=f" {REFILL.reason} "), note="", **by) == 1
    assert services.rulings.change_rule(Change("ad.alcohol"), note="", **by) == 1


def test_only_what_is_in_the_way_of_a_change_is_a_conflict(services: Services, team: Team) -> None:
    by = {"brand": team.brand, "actor": team.manager, "note": WHY}
    services.rulings.change_rule(Change("ad.alcohol", is_off=True), **by)
    # Somebody else's rule is no conflict, the same rule is, and a whole book always.
    assert services.rulings.change_rule(Change("ad.gift-terms", is_off=True), **by, based_on=0) == 2
    with pytest.raises(Conflict) as moved:
        services.rulings.change_rule(Change("ad.alcohol", Severity.NOTE), **by, based_on=0)
    assert (moved.value.message_id, moved.value.params) == (
        "error.rules_moved",
        {"based_on": 0, "newest": 2},
    )
    with pytest.raises(Conflict):
        services.rulings.save(RuleBook(own=(REFILL,)), **by, based_on=1)
    assert version(services, team) == 2


def test_every_fault_is_named_and_so_is_a_missing_why(services: Services, team: Team) -> None:
    by = {"brand": team.brand, "actor": team.manager}
    broken = replace(REFILL, reason="", positive=("早上好", "帮你代装", "灌装也行"))
    with pytest.raises(InvalidInput) as refused:
        services.rulings.save(
            RuleBook(changes=(Change("ad.gone", is_off=True),), own=(broken,)), note=" ", based_on=0, **by
        )
    assert refused.value.fields == {
        "changes.ad.gone": "invalid.rules_unknown",
        "own.refill.reason": "invalid.rules_reason",
        "own.refill.positive.1": "invalid.rules_silent",
        "note": "invalid.rules_note",
    }
    for mark, told in (
        ("\u200b\u200b", "invalid.rules_note"),
        ("\x00\x07", "invalid.rules_note"),
        ("。", "invalid.rules_note"),
        ("👍", "invalid.wordless"),
    ):
        with pytest.raises(InvalidInput) as blank:
            services.rulings.add_own(REFILL, note=mark, **by)
        assert blank.value.fields == {"note": told}
    services.rulings.add_own(REFILL, note=WHY, **by)
    with pytest.raises(InvalidInput) as taken:
        services.rulings.add_own(replace(REFILL, reason="另一条"), note=WHY, **by)
    assert taken.value.fields == {"own.refill.id": "invalid.rules_own_taken"}
    with pytest.raises(InvalidInput):
        services.rulings.switch_pack("cn-nowhere", True, note=WHY, **by)
    with pytest.raises(NotFound):
        services.rulings.drop_own("own.nowhere", note=WHY, **by)
    with pytest.raises(NotFound):
        services.rulings.bring_back(9, note=WHY, **by)
    with pytest.raises(NotAllowed):
        services.rulings.keep_own(REFILL, brand=team.brand, actor=team.operator, note=WHY)
    assert version(services, team) == 1


def test_a_rule_that_its_pack_lost_stands_in_nobody_s_way(services: Services, team: Team) -> None:
    with services.parts.db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO rule_book (brand_id, version, rules, note, created_at) VALUES "
            '(?, 1, \'{"changes": [{"rule": "ad.long-gone", "silent": true}]}\', \'x\', \'2026-11-01\')',
            (team.brand,),
        )
    by = {"brand": team.brand, "actor": team.manager, "note": WHY}
    assert services.rulings.keep_own(REFILL, **by) == 2
    assert services.rulings.bring_back(1, **by) == 3
    assert held(services, team) == RuleBook()


def test_the_versions_are_the_log_and_nobody_rewrites_it(services: Services, team: Team) -> None:
    services.rulings.keep_own(REFILL, brand=team.brand, actor=team.manager, note=WHY)
    for statement in ("UPDATE rule_book SET note = 'nothing happened'", "DELETE FROM rule_book"):
        with pytest.raises(DatabaseError), services.parts.db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert services.rulesheet.view(brand=team.brand).versions[0].note == WHY


def test_it_is_counted_in_posts_how_often_a_rule_spoke_and_was_let_stand(
    services: Services, team: Team, clock: FakeClock
) -> None:
    services.planning.plan(brand=team.brand, start=date(2026, 11, 21), days=7)
    week = services.calendar.week(brand=team.brand, around=date(2026, 11, 24))
    slots = [card.slot for day in week.days for card in day.slots if not day.is_past and card.post is None]
    for number, slot in enumerate(slots[:2]):
        post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
        for based_on, text in ((None, "顶级的一口锅"), (1, "顶级的锅，顶级的米")):
            services.revising.save(
                post, brand=team.brand, actor=team.copywriter, text=text, based_on=based_on
            )
        if number == 0:
            services.waiving.waive(
                post,
                finding_of(services, post, "ad.absolute-top"),
                brand=team.brand,
                actor=team.operator,
                reason="就是这款锅的名字",
            )
    row = services.rulesheet.view(brand=team.brand).rule("ad.absolute-top")
    assert row is not None and (row.use.posts, row.use.waived) == (2, 1)
    clock.forward(days=31)
    row = services.rulesheet.view(brand=team.brand).rule("ad.absolute-top")
    assert row is not None and (row.use.posts, row.use.waived) == (0, 0)


# --- the page ---


def test_the_book_lists_every_rule_that_holds_with_its_reason(grace: Visitor) -> None:
    page = grace.get(PAGE)
    shipped = [rule.id for name in ("cn-ad-law", "cn-platforms") for rule in rulepacks.shipped(name).rules]
    shown = [node.attributes["id"] or "" for node in parsed(page).css("li.rule")]
    assert sorted(shown) == sorted(f"rule-{name}" for name in shipped)
    top = said(page, page_rule("ad.absolute-top"))
    assert "Must fix" in top and "Advertising Law art. 9(3)" in top and "顶级" in top
    for note in ("editorial judgement", "This is not legal advice", "a person keeps this list current"):
        assert note in said(page)
    # What does not hold is read where it is asked for.
    other = one(page, "#pack-en-claims a").attributes["href"] or ""
    free = said(grace.get(other), page_rule("en.free"))
    assert "Off" in free and "16 CFR 251" in free and not parsed(grace.get(other)).css("#pack-cn-ad-law")


def test_a_filter_leaves_the_rules_that_are_asked_for(grace: Visitor, services: Services, team: Team) -> None:
    services.rulings.change_rule(
        Change("ad.gift-terms", is_off=True), brand=team.brand, actor=team.manager, note=WHY
    )

    def ids(query: str) -> list[str]:
        return [node.attributes["id"] or "" for node in parsed(grace.get(f"{PAGE}?{query}")).css("li.rule")]

    assert "rule-ad.absolute-named" in ids("q=最佳") and "rule-ad.absolute-top" not in ids("q=最佳")
    assert ids("q=pyramid") == ["rule-wx.pyramid"]
    assert ids("level=changed") == ["rule-ad.gift-terms"]
    assert "rule-ad.gift-terms" in ids("level=off") and "rule-en.free" in ids("level=off")
    assert "rule-ad.gift-terms" not in ids("level=warn")
    assert "No rule says that" in said(grace.get(f"{PAGE}?q=nothing-of-the-kind"))
    assert grace.get(f"{PAGE}?level=nonsense&q=<b>").status_code == 200


def test_a_rule_is_changed_where_it_stands(grace: Visitor, services: Services, team: Team) -> None:
    sent = {"rule": "ad.absolute-top", "severity": "warn", "exceptions": "顶级大厨班", "note": WHY}
    answer = grace.post(f"{PAGE}/rule", sent | {"based_on": "0"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?done=saved#rule-ad.absolute-top")
    page = grace.get(answer.location)
    assert "Version 1 is in force" in said(page)
    entry = said(page, page_rule("ad.absolute-top"))
    assert "Worth changing" in entry and "shipped: Must fix" in entry and "Stands here: 顶级大厨班" in entry
    assert spoken(services, team, "顶级大厨班里有顶级食材") == {"ad.absolute-top": "warn"}
    same = grace.post(f"{PAGE}/rule", sent | {"based_on": "1"})
    assert "done=same" in same.location
    back = grace.post(f"{PAGE}/rule", {"rule": "ad.absolute-top", "note": "还是照旧", "based_on": "1"})
    assert back.status_code == 303 and held(services, team) == RuleBook()


def test_whatever_is_refused_keeps_what_was_typed(grace: Visitor, services: Services, team: Team) -> None:
    sent = {"rule": "ad.absolute-top", "severity": "note", "exceptions": "很好喝\n<b>顶级</b>赛", "note": ""}
    answer = grace.post(f"{PAGE}/rule", sent)
    assert answer.status_code == 422
    entry = one(answer, page_rule("ad.absolute-top"))
    assert one(entry, "details[open] textarea").text().strip() == sent["exceptions"]
    assert one(entry, "option[selected]").attributes["value"] == "note"
    assert "Line 1: This contains nothing" in said(answer, page_rule("ad.absolute-top"))
    assert "Say in a few words why" in said(answer, page_rule("ad.absolute-top"))
    assert version(services, team) == 0
    services.rulings.change_rule(
        Change("ad.absolute-top", is_off=True), brand=team.brand, actor=team.manager, note=WHY
    )
    moved = grace.post(f"{PAGE}/rule", sent | {"exceptions": "", "note": "x", "based_on": "0"})
    assert moved.status_code == 409 and "version 1 is in force now" in said(moved, "[data-error]")
    unknown = grace.post(f"{PAGE}/rule", {"rule": "ad.nowhere", "severity": "off", "note": "x"})
    assert unknown.status_code == 422


def test_a_fault_names_the_line_as_it_was_typed(grace: Visitor, services: Services, team: Team) -> None:
    """Blank lines and repeats, which no book keeps, count as well."""
    sent = {"rule": "ad.absolute-top", "severity": "", "note": WHY}
    answer = grace.post(
        f"{PAGE}/rule", sent | {"exceptions": "顶级大厨班\r\n\r\n顶级大厨班\r\n很好喝\r\n\r\n顶级"}
    )
    assert answer.status_code == 422
    entry = said(answer, page_rule("ad.absolute-top"))
    assert "Line 4: This contains nothing" in entry and "Line 6: The rule looks for this very word" in entry
    assert version(services, team) == 0


def test_a_pack_is_switched_with_a_why(grace: Visitor, services: Services, team: Team) -> None:
    assert grace.post(f"{PAGE}/pack", {"pack": "cn-platforms", "on": "off"}).status_code == 422
    assert grace.post(f"{PAGE}/pack", {"pack": "cn-platforms", "on": "?", "note": "x"}).status_code == 422
    answer = grace.post(f"{PAGE}/pack", {"pack": "cn-platforms", "on": "off", "note": "这个月只做线下"})
    assert answer.location == f"{PAGE}?done=saved#pack-cn-platforms"
    page = grace.get(answer.location)
    assert "switched off: WeChat and WeCom rules" in said(page, "#versions")
    assert held(services, team).packs == ("cn-ad-law",)


def test_the_declaration_is_a_sentence_of_the_brand(grace: Visitor, services: Services, team: Team) -> None:
    refused = grace.post(f"{PAGE}/declaration", {"declaration": "销量冠军的 AI", "note": WHY})
    assert refused.status_code == 422
    assert one(refused, "#declaration-text").attributes["value"] == "销量冠军的 AI"
    assert "ad.absolute-sales would object" in said(refused, "#declaration")
    grace.post(f"{PAGE}/declaration", {"declaration": "本文由 AI 协助起草。", "note": WHY, "based_on": "0"})
    assert held(services, team).declaration == "本文由 AI 协助起草。"
    assert "asked for on Official Account, video channel and live" in said(grace.get(PAGE), "#declaration")
    grace.post(f"{PAGE}/declaration", {"declaration": "", "note": WHY, "based_on": "1"})
    assert held(services, team).declaration == ""


def test_a_sentence_is_tried_and_nothing_is_kept(grace: Visitor, services: Services, team: Team) -> None:
    services.rulings.change_rule(
        Change("ad.absolute-sales", is_off=True), brand=team.brand, actor=team.manager, note=WHY
    )
    sent = {"text": "顶级食材，销量冠军，best-in-class <b>"}
    live = grace.post(f"{PAGE}/try", sent, headers={"HX-Request": "true"})
    assert not parsed(live).css_matches("form")
    for shown in ("ad.absolute-top", "ad.absolute-sales", "switched off here", "its pack is off"):
        assert shown in said(live, "#tried")
    links = [node.attributes["href"] for node in parsed(live).css("a.tried__rule")]
    assert (
        links[0] == f"{PAGE}#rule-ad.absolute-top" and f"{PAGE}?pack=en-claims#rule-en.superlative" in links
    )
    whole = grace.post(f"{PAGE}/try", sent)
    assert one(whole, "#try-text").text() == sent["text"]
    assert "ad.absolute-top" in said(whole, "#tried")
    clear = grace.post(f"{PAGE}/try", {"text": "早上好"}, headers={"HX-Request": "true"})
    assert "No rule objects to this" in said(clear)
    assert version(services, team) == 1


OWN = {
    "reason": REFILL.reason,
    "terms": "代装\n灌装",
    "exceptions": "代装饭盒",
    "positive": "\n".join(REFILL.positive),
    "negative": "\n".join(REFILL.negative),
    "severity": "block",
    "instead": "现装",
    "how": "",
    "name": "refill",
    "note": WHY,
}


def test_a_rule_of_the_brand_is_tested_before_it_is_kept(
    grace: Visitor, services: Services, team: Team
) -> None:
    assert "before it is kept" in said(grace.get(f"{PAGE}/own"), "#tested")
    failing = OWN | {"positive": "可以代装\n今天现做\n帮你代装", "name": ""}
    tested = grace.post(f"{PAGE}/own/test", failing, headers={"HX-Request": "true"})
    assert "5 of 6 examples do what they should" in said(tested)
    assert "it should speak here" in said(tested) and not parsed(tested).css_matches("form")
    whole = grace.post(f"{PAGE}/own/test", failing)
    assert one(whole, "#own-positive").text().split() == ["可以代装", "今天现做", "帮你代装"]
    refused = grace.post(f"{PAGE}/own", failing)
    assert refused.status_code == 422
    assert "Line 2: The rule says nothing about this" in said(refused)
    assert one(refused, "#note").attributes["value"] == WHY
    assert version(services, team) == 0

    kept = grace.post(f"{PAGE}/own", OWN)
    assert kept.location == f"{PAGE}?done=saved#rule-own.refill"
    assert held(services, team).own == (REFILL,)
    taken = grace.post(f"{PAGE}/own", OWN)
    assert taken.status_code == 422 and "There is a rule “own.refill” already" in said(taken)


def test_a_rule_is_edited_under_its_name_and_taken_out_again(
    grace: Visitor, services: Services, team: Team
) -> None:
    services.rulings.keep_own(REFILL, brand=team.brand, actor=team.manager, note=WHY)
    form = grace.get(f"{PAGE}/own?rule=own.refill")
    assert one(form, "#own-reason").attributes["value"] == REFILL.reason
    assert one(form, "input[name=based_on]").attributes["value"] == "1"
    assert "Ready: every example does what it should" in said(form, "#tested")
    sent = OWN | {"rule": "own.refill", "name": "", "severity": "note", "instead": "", "how": "out"}
    edited = grace.post(f"{PAGE}/own", sent | {"based_on": "1"})
    assert edited.status_code == 303
    (rule,) = held(services, team).own
    assert (rule.id, rule.severity, rule.instead) == ("own.refill", Severity.NOTE, "")
    moved = grace.post(f"{PAGE}/own", sent | {"based_on": "1", "reason": "另说"})
    assert moved.status_code == 409
    assert one(moved, "#own-reason").attributes["value"] == "另说"
    # How it stands by now is on the page, so that what is kept after it is kept knowingly.
    assert "Version 2 · Grace Hart ·" in said(moved, "#now") and WHY in said(moved, "#now")
    assert f"reason {REFILL.reason}" in said(moved, "#now") and "words" not in said(moved, "#now dl")
    assert one(moved, "input[name=based_on]").attributes["value"] == "2"
    assert grace.post(f"{PAGE}/own", sent | {"based_on": "2", "reason": "另说"}).status_code == 303
    assert held(services, team).own[0].reason == "另说"

    assert grace.post(f"{PAGE}/own/drop", {"rule": "own.refill", "note": ""}).status_code == 422
    gone = grace.post(f"{PAGE}/own/drop", {"rule": "own.refill", "note": "用不上了"})
    assert "The rule is taken out" in said(grace.get(gone.location))
    assert held(services, team).own == ()
    assert grace.get(f"{PAGE}/own?rule=own.refill").status_code == 404
    lost = grace.post(f"{PAGE}/own", sent | {"based_on": "3"})
    assert lost.status_code == 409 and "The rule was taken out" in said(lost, "#now")
    assert one(lost, "input[name=based_on]").attributes["value"] == "4"
    back = grace.post(f"{PAGE}/bring-back", {"version": "2", "note": "还是要"})
    assert "It is back, as version 5" in said(grace.get(back.location))
    assert len(held(services, team).own) == 1


def test_a_name_is_found_where_none_is_given(grace: Visitor, services: Services, team: Team) -> None:
    grace.post(f"{PAGE}/own", OWN | {"name": ""})
    latin = OWN | {
        "name": "",
        "terms": "life jar",
        "exceptions": "",
        "positive": "a life jar\nthe life jar\nlife jar",
        "negative": "a jar\njam\ntea",
    }
    grace.post(f"{PAGE}/own", latin)
    grace.post(f"{PAGE}/own", OWN | {"name": ""})
    assert [rule.id for rule in held(services, team).own] == ["own.rule-1", "own.life-jar", "own.rule-2"]


def test_a_reader_sees_the_rules_and_tries_sentences(app: Flask, services: Services, team: Team) -> None:
    services.rulings.keep_own(REFILL, brand=team.brand, actor=team.manager, note=WHY)
    mia = Visitor(app, "mia")
    page = mia.get(PAGE)
    assert "A brand manager can change them" in said(page)
    posting = [node.attributes["action"] or "" for node in parsed(page).css("main form[method=post]")]
    assert [action for action in posting if "/rules/" in action] == [f"{PAGE}/try#try"]
    assert mia.post(f"{PAGE}/try", {"text": TOP}).status_code == 200
    assert mia.get(f"{PAGE}/own").status_code == 403
    # The way there is a finding's; whoever curates has it in the navigation.
    assert not parsed(page).css_matches(f'nav a[href="{PAGE}"]')
    assert parsed(Visitor(app, "grace").get(PAGE)).css_matches(f'nav a[href="{PAGE}"][aria-current=page]')


def test_a_finding_leads_whoever_reads_it_to_its_rule(app: Flask, services: Services, team: Team) -> None:
    post = drafted_post(services, team, f"{COPY}\n{TOP}。")
    mia = Visitor(app, "mia")
    link = one(parsed(mia.get(f"{HOME}/posts/{post}")), ".finding__rule a")
    assert link.text() == "ad.absolute-top"
    page, _, place = (link.attributes["href"] or "").partition("#")
    assert one(parsed(mia.get(page)), f"[id='{place}'] .rule__id").text() == link.text()


def test_the_page_is_whole_in_chinese(app: Flask, services: Services, team: Team) -> None:
    services.rulings.keep_own(REFILL, brand=team.brand, actor=team.manager, note=WHY)
    grace = Visitor(app, "grace", locale="zh_Hans")
    page = grace.get(PAGE)
    assert "这是《广告法》点名禁止的绝对化用语" in said(page, page_rule("ad.absolute-named"))
    assert "新增 own.refill" in said(page, "#versions")
    refused = grace.post(f"{PAGE}/own/drop", {"rule": "own.refill", "note": ""})
    assert re.search("请写一句为什么改", said(refused))
