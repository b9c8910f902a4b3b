"""The copy library's story: kept or written, approved by a second person, and never said longer than it is true."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from copilot.domain.copylibrary import Loss, Scene, Standing, fingerprint
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from copilot.services.queries.copylibrary import EntryRow
from tests.conftest import POT, Team
from tests.fakes import FakeClock
from tests.steps import COPY, add, approve, approved_post, drafted_post, library, revise, scheduled_post
from tests.visiting import HOME, Visitor, one, parsed, said

COPYLIB = f"{HOME}/library/copy"
REPLY = "小灶陶锅的会员价是 239 元，容量是 1.2 升。"
OFFER = "商品,会员价,有效期起,有效期止\n溪石米缸,109 元,2026-11-18,2026-12-09\n"
JAR = "溪石米缸会员价 109 元。"


def written(services: Services, team: Team, text: str = REPLY, title: str = "陶锅多少钱") -> int:
    return services.copylibrary.add(
        brand=team.brand, actor=team.copywriter, scene=Scene.OFFER, title=title, text=text
    )


def approved(services: Services, team: Team, text: str = REPLY, title: str = "陶锅多少钱") -> int:
    entry = written(services, team, text, title)
    services.copylibrary.approve(entry, brand=team.brand, actor=team.operator, seen=fingerprint(text))
    return entry


def row(services: Services, team: Team, entry: int) -> EntryRow:
    return services.copyshelf.entry(entry, brand=team.brand).row


# ---- keeping a post ----


def test_an_approved_post_is_kept_with_its_approval_and_its_sources(services: Services, team: Team) -> None:
    post = approved_post(services, team)
    entry = services.copylibrary.keep(
        post, brand=team.brand, actor=team.operator, scene=Scene.OFFER, title="午后陶锅"
    )
    view = services.copyshelf.entry(entry, brand=team.brand)
    assert view.row.text == COPY
    assert view.row.standing is Standing.READY
    assert (view.row.author, view.row.approver) == ("林小满", "周航")
    assert any("239 元" in citation.quote for citation in view.citations)
    assert view.post == post
    assert services.copyshelf.kept(post, brand=team.brand) == entry


def test_a_post_is_kept_once(services: Services, team: Team) -> None:
    post = scheduled_post(services, team)
    keep = {"brand": team.brand, "actor": team.operator, "scene": Scene.OFFER}
    services.copylibrary.keep(post, title="一", **keep)
    with pytest.raises(Conflict) as refused:
        services.copylibrary.keep(post, title="二", **keep)
    assert refused.value.message_id == "error.copy_kept"


def test_what_nobody_approved_is_not_kept(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    keep = {"brand": team.brand, "scene": Scene.OFFER, "title": "午后陶锅"}
    with pytest.raises(Conflict):
        services.copylibrary.keep(post, actor=team.operator, **keep)
    with pytest.raises(NotAllowed):
        services.copylibrary.keep(post, actor=team.copywriter, **keep)
    approve(services, team, post)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=f"{COPY}好。", based_on=1)
    with pytest.raises(Conflict, match=r"copy_not_approved"):
        services.copylibrary.keep(post, actor=team.operator, **keep)


# ---- a reply written by hand ----


def test_a_reply_waits_for_a_second_person(services: Services, team: Team) -> None:
    library(services, team)
    entry = services.copylibrary.add(
        brand=team.brand, actor=team.operator, scene=Scene.OFFER, title="陶锅多少钱", text=f"  {REPLY}\r\n"
    )
    assert row(services, team, entry).standing is Standing.WAITING
    assert row(services, team, entry).text == REPLY
    seen = fingerprint(REPLY)
    with pytest.raises(NotAllowed) as refused:
        services.copylibrary.approve(entry, brand=team.brand, actor=team.operator, seen=seen)
    assert refused.value.message_id == "error.four_eyes"
    with pytest.raises(NotAllowed):
        services.copylibrary.approve(entry, brand=team.brand, actor=team.copywriter, seen=seen)
    services.copylibrary.approve(entry, brand=team.brand, actor=team.manager, seen=seen)
    view = services.copyshelf.entry(entry, brand=team.brand)
    assert view.row.standing is Standing.READY
    assert any("239 元" in citation.quote for citation in view.citations)
    assert [deed.action for deed in view.history] == ["copy_entry.approved", "copy_entry.added"]


def test_a_wrong_price_is_kept_as_a_draft_and_not_approved(services: Services, team: Team) -> None:
    library(services, team)
    text = "小灶陶锅的会员价是 199 元。"
    entry = written(services, team, text)
    assert services.copyshelf.entry(entry, brand=team.brand).citations == ()
    with pytest.raises(Conflict) as refused:
        services.copylibrary.approve(entry, brand=team.brand, actor=team.operator, seen=fingerprint(text))
    assert refused.value.message_id == "error.blocking_findings"


def test_a_yes_is_to_the_text_that_was_read(services: Services, team: Team) -> None:
    library(services, team)
    entry = written(services, team)
    change = {"brand": team.brand, "actor": team.copywriter, "scene": Scene.OFFER, "title": "陶锅多少钱"}
    services.copylibrary.edit(entry, text=f"{REPLY}慢慢挑。", seen=fingerprint(REPLY), **change)
    with pytest.raises(Conflict) as refused:
        services.copylibrary.approve(entry, brand=team.brand, actor=team.operator, seen=fingerprint(REPLY))
    assert refused.value.message_id == "error.copy_moved"
    with pytest.raises(Conflict):
        services.copylibrary.edit(entry, text="别的话。", seen=fingerprint(REPLY), **change)


def test_a_new_text_needs_a_new_yes_and_a_new_title_does_not(services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    edit = {"brand": team.brand, "actor": team.manager, "seen": fingerprint(REPLY)}
    services.copylibrary.edit(entry, scene=Scene.CLOSING, title="报价", text=REPLY, **edit)
    shown = row(services, team, entry)
    assert (shown.standing, shown.title, shown.scene) == (Standing.READY, "报价", Scene.CLOSING)
    services.copylibrary.edit(entry, scene=Scene.CLOSING, title="报价", text=f"{REPLY}慢慢挑。", **edit)
    shown = row(services, team, entry)
    assert (shown.standing, shown.author, shown.approver) == (Standing.WAITING, "Grace Hart", "")


def test_the_database_keeps_an_approved_text_whoever_asks(services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    for change in ("text = '全网最低价'", "approver_id = author_id"):
        with pytest.raises(IntegrityError), services.parts.db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE copy_entry SET {change} WHERE id = {entry}")


def test_what_is_missing_is_named_beside_its_field(services: Services, team: Team) -> None:
    faults = [("", "", ""), ("nowhere", "x" * 61, "x" * 2001)]
    told = []
    for scene, title, text in faults:
        with pytest.raises(InvalidInput) as refused:
            services.copylibrary.add(
                brand=team.brand, actor=team.copywriter, scene=scene, title=title, text=text
            )
        told.append(refused.value.fields)
    assert told == [
        {"scene": "invalid.scene", "title": "invalid.empty", "text": "invalid.empty_copy"},
        {"scene": "invalid.scene", "title": "invalid.copy_title", "text": "invalid.copy_long"},
    ]


# ---- as long as it is true ----


def test_an_entry_ends_with_its_offer_and_says_so(services: Services, team: Team, clock: FakeClock) -> None:
    add(services, team, "offer/prices.csv", OFFER)
    entry = approved(services, team, JAR, "米缸价格")
    shown = row(services, team, entry)
    assert shown.until is not None and f"{shown.until:%Y-%m-%d %H:%M}" == "2026-12-10 00:00"
    assert not shown.ends_soon
    clock.forward(days=17)
    assert row(services, team, entry).ends_soon
    clock.forward(days=3)
    shown = row(services, team, entry)
    assert shown.standing is Standing.LOOK
    assert [(lost.loss, lost.title) for lost in shown.lost] == [(Loss.EXPIRED, "prices")]
    assert shown.lost[0].at == shown.until
    with pytest.raises(Conflict):
        services.copylibrary.use(entry, brand=team.brand, actor=team.copywriter)
    # The same text cannot be waved through: what it states is over.
    with pytest.raises(Conflict) as refused:
        services.copylibrary.approve(entry, brand=team.brand, actor=team.operator, seen=fingerprint(JAR))
    assert refused.value.message_id == "error.blocking_findings"


def test_a_changed_price_takes_the_entry_off_the_shelf(
    services: Services, team: Team, clock: FakeClock
) -> None:
    library(services, team)
    entry = approved(services, team)
    clock.forward(hours=1)
    revise(services, team, ("239 元", "259 元"))
    shown = row(services, team, entry)
    assert shown.standing is Standing.LOOK
    assert [(lost.loss, lost.title, lost.at) for lost in shown.lost] == [
        (Loss.CHANGED, "小灶陶锅", clock.now)
    ]
    with pytest.raises(Conflict):
        services.copylibrary.use(entry, brand=team.brand, actor=team.operator)


def test_a_newer_revision_that_still_says_it_changes_nothing(services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    before = services.copyshelf.entry(entry, brand=team.brand).citations
    revise(services, team, ("锅壁厚 9 毫米", "锅壁厚 8 毫米"))
    after = services.copyshelf.entry(entry, brand=team.brand)
    assert after.row.standing is Standing.READY
    # The citation now leads to the passage that says it today.
    assert [one.quote for one in after.citations] == [one.quote for one in before]
    assert {one.passage for one in after.citations}.isdisjoint(one.passage for one in before)
    assert services.copylibrary.use(entry, brand=team.brand, actor=team.copywriter) == 1


def test_a_retired_material_takes_its_entries_along_and_brings_them_back(
    services: Services, team: Team, clock: FakeClock
) -> None:
    material = library(services, team)
    entry = approved(services, team)
    clock.forward(hours=1)
    services.lifecycle.retire([material], brand=team.brand, actor=team.manager.id)
    lost = row(services, team, entry).lost
    assert [(one.loss, one.at) for one in lost] == [(Loss.RETIRED, clock.now)]
    services.lifecycle.restore([material], brand=team.brand, actor=team.manager.id)
    assert row(services, team, entry).standing is Standing.READY


def test_a_text_that_another_material_carries_now_can_be_approved_again(
    services: Services, team: Team
) -> None:
    material = library(services, team)
    entry = approved(services, team)
    services.lifecycle.retire([material], brand=team.brand, actor=team.manager.id)
    add(services, team, "selling_point/pot-2.md", POT)
    assert row(services, team, entry).standing is Standing.LOOK
    services.copylibrary.approve(entry, brand=team.brand, actor=team.manager, seen=fingerprint(REPLY))
    view = services.copyshelf.entry(entry, brand=team.brand)
    assert (view.row.standing, view.row.approver) == (Standing.READY, "Grace Hart")
    assert material not in {citation.material for citation in view.citations}
    with pytest.raises(Conflict) as refused:
        services.copylibrary.approve(entry, brand=team.brand, actor=team.manager, seen=fingerprint(REPLY))
    assert refused.value.message_id == "error.copy_stands"


def test_put_away_and_brought_back(services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    with pytest.raises(NotAllowed):
        services.copylibrary.retire(entry, brand=team.brand, actor=team.copywriter)
    services.copylibrary.retire(entry, brand=team.brand, actor=team.operator)
    assert services.copyshelf.shelf(brand=team.brand).rows == ()
    with pytest.raises(Conflict):
        services.copylibrary.edit(
            entry,
            brand=team.brand,
            actor=team.operator,
            scene=Scene.OFFER,
            title="x",
            text="y",
            seen=fingerprint(REPLY),
        )
    services.copylibrary.restore(entry, brand=team.brand, actor=team.operator)
    assert row(services, team, entry).standing is Standing.READY


def test_another_brands_entries_are_not_there(services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    other = services.brands.create(slug="other", name="Other", zone="UTC", language="en")
    with pytest.raises(NotFound):
        services.copyshelf.entry(entry, brand=other)
    with pytest.raises(NotFound):
        services.copylibrary.use(entry, brand=other, actor=team.operator)
    assert services.copyshelf.shelf(brand=other).is_empty


# ---- the shelf ----


def test_the_shelf_offers_the_ready_first_and_the_most_used_of_them(
    services: Services, team: Team, clock: FakeClock
) -> None:
    library(services, team)
    add(services, team, "offer/prices.csv", OFFER)
    jar = approved(services, team, JAR, "米缸价格")
    thanks = approved(services, team, "谢谢你。", "谢谢夸奖")
    price = approved(services, team)
    written(services, team, "慢慢挑。", "不着急")
    services.copylibrary.use(price, brand=team.brand, actor=team.copywriter)
    clock.forward(days=20)
    shelf = services.copyshelf.shelf(brand=team.brand)
    assert [row.id for row in shelf.rows] == [price, thanks, jar]
    assert shelf.by_standing == {Standing.READY: 2, Standing.LOOK: 1, Standing.WAITING: 1}
    assert [row.id for row in services.copyshelf.shelf(brand=team.brand, show=Standing.LOOK).rows] == [jar]
    found = services.copyshelf.shelf(brand=team.brand, query="陶锅 多少 钱", scene=Scene.OFFER)
    assert found.rows[0].id == price
    first = services.copyshelf.shelf(brand=team.brand, most=2)
    assert (len(first.rows), first.found, first.following) == (2, 3, 2)
    rest = services.copyshelf.shelf(brand=team.brand, start=2, most=2)
    assert [row.id for row in rest.rows] == [jar] and rest.following is None


def test_among_two_thousand_entries_the_one_that_was_asked_for_is_first(
    services: Services, team: Team
) -> None:
    library(services, team)
    entry = approved(services, team)
    with services.parts.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER copy_entry_starts_unapproved")
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) "
            "INSERT INTO copy_entry (brand_id, scene, title, text, status, author_id, approver_id, uses,"
            " created_at, changed_at) SELECT brand_id, scene, title || i, text || '第 ' || i || ' 种说法，"
            "慢慢挑，不着急，想好了在群里说一声。', status, author_id, approver_id, i % 7, created_at, changed_at "
            f"FROM copy_entry, n WHERE id = {entry}"
        )
        connection.exec_driver_sql(
            "INSERT INTO copy_citation (entry_id, passage_id, quote) SELECT e.id, c.passage_id, c.quote "
            f"FROM copy_entry AS e, copy_citation AS c WHERE c.entry_id = {entry} AND e.id <> {entry}"
        )
    # Superseded passages are the dear case: every quote is looked for in what stands there now.
    revise(services, team, ("锅壁厚 9 毫米", "锅壁厚 8 毫米"))
    shelf = services.copyshelf.shelf(brand=team.brand, query="陶锅多少钱，第 1234 种说法")
    assert "1234" in shelf.rows[0].text
    assert shelf.by_standing == {Standing.READY: 2000}


# ---- the pages ----


def test_a_copywriter_writes_a_reply_and_an_operator_approves_it(
    app: Flask, services: Services, team: Team
) -> None:
    library(services, team)
    mia = Visitor(app, "mia")
    empty = mia.get(COPYLIB)
    assert "Nothing kept yet" in said(empty)
    refused = mia.post(f"{COPYLIB}/new", {"title": "陶锅多少钱", "text": REPLY, "scene": ""})
    assert refused.status_code == 422
    assert "Choose where in a conversation" in said(refused, "#field-scene-error")
    assert one(refused, "textarea").text() == REPLY
    answer = mia.post(f"{COPYLIB}/new", {"title": "陶锅多少钱", "text": REPLY, "scene": "offer"})
    assert answer.status_code == 303
    page = mia.get(answer.location)
    assert "waits for an operator or brand manager" in said(page)
    assert parsed(page).css_first("form[action$='/approve']") is None

    hang = Visitor(app, "hang")
    waiting = hang.get(f"{COPYLIB}?show=waiting")
    assert "written by 林小满" in said(waiting)
    page = hang.get(answer.location)
    seen = one(page, "form[action$='/approve'] input[name=seen]").attributes["value"]
    assert hang.post(f"{answer.location}/approve", {"seen": seen}).status_code == 303
    shelf = hang.get(COPYLIB)
    button = one(shelf, ".entry button[data-copy]")
    assert one(shelf, str(button.attributes["data-copy"])).text() == REPLY
    assert "周航" in said(hang.get(answer.location), ".seal")


def test_findings_stand_beside_a_reply_that_may_not_be_said(
    app: Flask, services: Services, team: Team
) -> None:
    library(services, team)
    text = "小灶陶锅的会员价是 199 元。"
    entry = written(services, team, text)
    hang = Visitor(app, "hang")
    page = hang.get(f"{COPYLIB}/{entry}")
    assert parsed(page).css_first(".finding--block") is not None
    assert "must be fixed before approval" in said(page)
    refused = hang.post(f"{COPYLIB}/{entry}/approve", {"seen": fingerprint(text)})
    assert refused.status_code == 409 and "must fix" in said(refused, "[data-error]")
    typed = {"title": "陶锅多少钱", "text": REPLY, "scene": "offer", "seen": "stale"}
    refused = hang.post(f"{COPYLIB}/{entry}/edit", typed)
    assert refused.status_code == 409
    assert one(refused, "#edit textarea").text() == REPLY
    typed["seen"] = str(one(refused, "#edit input[name=seen]").attributes["value"])
    assert hang.post(f"{COPYLIB}/{entry}/edit", typed).status_code == 303
    assert row(services, team, entry).author == "周航"


def test_a_copy_is_counted_with_a_script_and_without(app: Flask, services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    mia = Visitor(app, "mia")
    counted = mia.post(f"{COPYLIB}/{entry}/use", headers={"HX-Request": "true"})
    assert counted.text.strip() == "used 1 time"
    answer = mia.post(f"{COPYLIB}/{entry}/use")
    assert answer.status_code == 303
    page = mia.get(answer.location)
    assert one(page, "textarea[readonly][autofocus]").text() == REPLY
    assert row(services, team, entry).uses == 2


def test_what_ran_out_has_no_copy_button_and_says_why(
    app: Flask, services: Services, team: Team, clock: FakeClock
) -> None:
    material = add(services, team, "offer/prices.csv", OFFER)
    entry = approved(services, team, JAR, "米缸价格")
    mia = Visitor(app, "mia")
    assert "until Wed 9 Dec" in said(mia.get(COPYLIB))
    thanks = approved(services, team, "谢谢你。", "谢谢夸奖")
    clock.forward(days=20)
    # The tab lists as many as it counts, and a search still finds what ran out.
    assert said(mia.get(COPYLIB), ".shelf__side [aria-current]") == "To use 1"
    entries = parsed(mia.get(COPYLIB)).css(".entry")
    assert len(entries) == 1 and f"copy-{thanks}" in (entries[0].html or "")
    assert "米缸价格" in said(mia.get(f"{COPYLIB}?q=米缸"), ".entries")
    page = mia.get(f"{COPYLIB}?show=look")
    assert parsed(page).css_first("[data-copy]") is None
    assert re.search(r"prices ran out after Wed 9 Dec", said(page))
    assert one(page, ".entry__lost a").attributes["href"] == f"{HOME}/library/{material}"
    assert "Check it again" in said(page, ".entry__foot")
    refused = mia.post(f"{COPYLIB}/{entry}/use", headers={"HX-Request": "true"})
    assert refused.status_code == 409 and "do not send this" in said(refused, "[data-error]")
    assert "Seal broken" in said(mia.get(f"{COPYLIB}/{entry}"))


def test_the_desk_keeps_a_sealed_post_and_says_where(app: Flask, services: Services, team: Team) -> None:
    post = approved_post(services, team)
    hang = Visitor(app, "hang")
    desk = hang.get(f"{HOME}/posts/{post}")
    assert one(desk, "#keep-title").attributes["value"] == "下午好物"
    refused = hang.post(f"{COPYLIB}/keep", {"post": post, "title": "午后陶锅", "scene": ""})
    assert refused.status_code == 422
    assert one(refused, "#keep").attributes.get("open", "no") != "no"
    assert one(refused, "#keep-title").attributes["value"] == "午后陶锅"
    answer = hang.post(f"{COPYLIB}/keep", {"post": post, "title": "午后陶锅", "scene": "offer"})
    assert answer.status_code == 303
    assert "The post it was kept from" in said(hang.get(answer.location))
    assert "Kept in the copy library" in said(hang.get(f"{HOME}/posts/{post}"))
    assert parsed(Visitor(app, "mia").get(f"{HOME}/posts/{post}")).css_first("#keep-title") is None


def test_the_search_marks_words_and_leaves_the_text_whole(app: Flask, services: Services, team: Team) -> None:
    library(services, team)
    entry = approved(services, team)
    page = Visitor(app, "mia").get(COPYLIB, query_string={"q": "会员价"})
    assert one(page, f"#copy-{entry} mark").text() == "会员价"
    assert one(page, f"#copy-{entry}").text() == REPLY
    nothing = Visitor(app, "mia").get(COPYLIB, query_string={"q": "发票抬头"})
    assert "Nothing here says this" in said(nothing)
    link = one(nothing, ".empty-state a").attributes["href"]
    assert one(Visitor(app, "mia").get(str(link)), "#field-title").attributes["value"] == "发票抬头"
