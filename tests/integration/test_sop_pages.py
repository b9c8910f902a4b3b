"""The pages of the SOP: what a manager reads off the wall, and what becomes of what they type."""

from __future__ import annotations

from typing import Any

from flask import Flask

from copilot.services.house import Services
from tests.conftest import Team
from tests.steps import COPY, approve, library
from tests.visiting import HOME, Visitor, one, parsed, said

SOP = f"{HOME}/sop"
SEEDING = f"{SOP}/columns/seeding"


def form(page: Any) -> dict[str, Any]:
    """What a browser sends of the column's form, as it stands on the page."""
    sent: dict[str, Any] = {}
    place = one(page, "form.column-form")
    for field in place.css("input, textarea, select"):
        name, kind = field.attributes.get("name"), field.attributes.get("type", "text")
        if not name or name == "csrf_token":
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in field.attributes:
                sent.setdefault(name, []).append(field.attributes["value"])
        else:
            value = field.text() if field.tag == "textarea" else field.attributes.get("value") or ""
            sent.setdefault(name, []).append(value)
    return sent


def errors(answer: Any) -> dict[str, str]:
    """What stands beside the fields, by the field."""
    return {
        (node.attributes["id"] or "").removesuffix("-error").removeprefix("field-"): node.text(strip=True)
        for node in parsed(answer).css(".field__error")
    }


def test_the_week_hangs_on_the_wall_and_every_entry_leads_to_its_column(
    services: Services, team: Team, hang: Visitor
) -> None:
    services.sops.add_template("welfare-friday", brand=team.brand, actor=team.operator)
    services.sops.add_template("new-product", brand=team.brand, actor=team.operator)
    page = hang.get(SOP)
    rows = parsed(page).css(".timetable tbody tr")
    assert [one(row, "th").text(strip=True) for row in rows] == ["15:00", "18:00"]
    daily, friday = rows
    assert one(daily, "td").attributes["colspan"] == "7"
    assert "下午好物" in daily.text() and "Recommendation · 2 destinations" in " ".join(daily.text().split())
    assert [("福利周五" in cell.text()) for cell in friday.css("td")] == [False] * 4 + [True] + [False] * 2
    assert "每月上新 Tue 1 Dec, 16:00" in said(page, ".timetable-later")
    days = [" ".join(day.text(separator=" ").split()) for day in parsed(page).css(".timetable-day > summary")]
    assert days[:5] == ["Monday 16 1 column"] + [
        f"{name} 1 column" for name in ("Tuesday 17", "Wednesday 18", "Thursday 19")
    ] + ["Friday 20 2 columns"]
    link = one(daily, "a").attributes["href"]
    assert link == SEEDING
    assert said(hang.get(SEEDING), "h1") == "下午好物"


def test_a_time_is_changed_on_the_form_and_the_change_can_be_undone(
    services: Services, team: Team, hang: Visitor
) -> None:
    typed = form(hang.get(SEEDING)) | {"time": "16:05", "note": "下午茶以后"}
    answer = hang.post(SEEDING, typed)
    assert answer.status_code == 303
    page = hang.get(answer.location)
    assert "“下午好物” is changed, and the calendar goes along. This is version 2." in said(page, "#notices")
    assert "下午茶以后" in said(page, ".sop-version")
    (row,) = services.brands.columns(team.brand)
    assert row.time == "16:05"
    back = hang.post(f"{SOP}/bring-back", {"version": "1"})
    assert services.brands.columns(team.brand)[0].time == "15:00"
    assert "The columns are what they were." in said(hang.get(back.location), "#notices")
    # An old notice offers nothing: by now it would undo somebody else's work.
    assert "Undo" not in said(hang.get(answer.location), "main")


def test_the_form_sends_back_the_column_as_it_is(services: Services, team: Team, hang: Visitor) -> None:
    services.sops.add_template("welcome", brand=team.brand, actor=team.operator)
    for slug in ("seeding", "welcome"):
        answer = hang.post(f"{SOP}/columns/{slug}", form(hang.get(f"{SOP}/columns/{slug}")))
        assert "Nothing was different, so version 2 stays." in said(hang.get(answer.location), "#notices")
    assert services.timetable.version(brand=team.brand) == 2


def test_what_does_not_fit_is_said_beside_its_field_and_everything_typed_stays(
    services: Services, team: Team, hang: Visitor
) -> None:
    typed = form(hang.get(SEEDING)) | {
        "name": "",
        "time": "下午三点",
        "least": "300",
        "most": "20",
        "every": "week",
        "purpose": "只说陶锅",
        "structure": "一\n二",
        "kinds": [],
        "destinations-community": ["two"],
        "note": "试试",
    }
    answer = hang.post(SEEDING, typed)
    assert answer.status_code == 422
    assert set(errors(answer)) == {"name", "time", "length", "weekdays", "kinds"}
    assert "Tick at least one day of the week" in errors(answer)["weekdays"]
    kept = form(answer)
    assert kept["purpose"] == ["只说陶锅"] and kept["structure"] == ["一\n二"] and kept["note"] == ["试试"]
    assert kept["destinations-community"] == ["two"] and "kinds" not in kept
    assert (kept["name"], kept["time"], kept["least"], kept["every"]) == (
        [""],
        ["下午三点"],
        ["300"],
        ["week"],
    )
    assert services.timetable.version(brand=team.brand) == 1


def test_whoever_was_overtaken_keeps_what_they_typed_and_can_save_it_on_top(
    services: Services, team: Team, hang: Visitor
) -> None:
    typed = form(hang.get(SEEDING)) | {"purpose": "我写的目的"}
    services.sops.add_template("noon", brand=team.brand, actor=team.manager)
    answer = hang.post(SEEDING, typed)
    assert answer.status_code == 409
    assert "it is at version 2, and this was begun from version 1" in said(answer, "#notices")
    again = form(answer)
    assert again["purpose"] == ["我写的目的"] and again["based_on"] == ["2"]
    assert hang.post(SEEDING, again).status_code == 303
    assert services.timetable.column("seeding", brand=team.brand).row.column.purpose == "我写的目的"


def test_a_template_is_one_press_away_and_the_flash_sale_asks_which_nine(
    services: Services, team: Team, hang: Visitor
) -> None:
    services.sops.begin_day(brand=team.brand, actor=team.operator)
    shelf = hang.get(f"{SOP}/add")
    assert "In the SOP" in said(shelf, "#check-in")
    flash = said(shelf, "#flash-sale")
    assert "The morning or the evening?" in flash
    assert "Add at 09:05" in flash and "Add at 21:05" in flash and "09:00 is taken by “早安打卡”" in flash
    assert "There is no destination on Official Account yet." in said(shelf, "#article")
    refused = hang.post(f"{SOP}/add", {"template": "flash-sale", "time": "09:00"})
    assert refused.status_code == 422
    assert "09:05 is free" in said(refused, "#flash-sale .field__error")
    answer = hang.post(f"{SOP}/add", {"template": "flash-sale", "time": "09:05"})
    assert "“九点秒杀” is a column now" in said(hang.get(answer.location), "#notices")
    assert hang.post(f"{SOP}/add", {"template": "no-such"}).status_code == 404


def test_a_template_fills_the_form_for_whoever_wants_to_change_it_first(
    services: Services, team: Team, hang: Visitor
) -> None:
    typed = form(hang.get(f"{SOP}/new?template=ugc-day"))
    assert typed["name"] == ["周日晒单"] and typed["destinations-community"] == ["one", "two"]
    answer = hang.post(f"{SOP}/new", typed | {"name": "晒晒你的锅", "weekdays": ["6"]})
    assert answer.status_code == 303
    row = next(row for row in services.brands.columns(team.brand) if row.slug == "ugc-day")
    assert (row.name, row.cadence, row.time) == ("晒晒你的锅", "week:6", "20:00")
    # Pressed a second time, the form finds its column there already.
    assert "slug" in errors(hang.post(f"{SOP}/new", typed))
    own = form(hang.get(f"{SOP}/new"))
    assert own["channel"] == ["community"] and own["name"] == [""]


def test_a_new_brand_is_taught_and_begins_with_one_press(services: Services, app: Flask, team: Team) -> None:
    for slug in [row.slug for row in services.brands.columns(team.brand)]:
        services.sops.remove(slug, brand=team.brand, actor=team.operator)
    grace = Visitor(app, "grace")
    empty = grace.get(SOP)
    assert "Begin with these five columns" in said(empty, ".empty-state")
    assert "1 column was taken out" in said(empty)
    answer = grace.post(f"{SOP}/begin")
    page = grace.get(answer.location)
    assert "The day stands: five columns" in said(page, "#notices")
    assert len(parsed(page).css(".timetable tbody tr")) == 5
    writer = Visitor(app, "mia")
    assert "Add a column" not in said(writer.get(SOP), "main")
    assert writer.post(f"{SOP}/begin").status_code == 403
    assert "disabled" in one(writer.get(SEEDING), ".column-form__all").attributes


def test_columns_are_moved_taken_out_and_brought_back(services: Services, team: Team, hang: Visitor) -> None:
    services.sops.add_template("noon", brand=team.brand, actor=team.operator)
    answer = hang.post(f"{SOP}/columns/noon/move", {"to": "up"})
    assert "The order is changed." in said(hang.get(answer.location), "#notices")
    assert [row.slug for row in services.brands.columns(team.brand)] == ["noon", "seeding"]
    hang.post(f"{SOP}/columns/noon/move", {"to": "up"})
    assert services.timetable.version(brand=team.brand) == 3
    answer = hang.post(f"{SOP}/columns/noon/remove")
    page = hang.get(answer.location)
    assert "“中午好物” is taken out" in said(page, "#notices")
    assert "中午好物" in said(page, "details.section")
    hang.post(f"{SOP}/columns/noon/restore", {"version": "3"})
    assert [row.slug for row in services.brands.columns(team.brand)] == ["noon", "seeding"]
    told = said(hang.get(f"{SOP}/versions"))
    assert "Version 4" in told and "Taken out: 中午好物" in told
    assert "noon" in hang.get(f"{SOP}/compare?older=1&newer=5").text
    assert hang.get(f"{SOP}/compare?older=1&newer=9").status_code == 404
    for path in ("nothing", "nothing/remove"):
        assert hang.post(f"{SOP}/columns/{path}").status_code == 404


def test_two_versions_stand_side_by_side_in_words(services: Services, team: Team, hang: Visitor) -> None:
    hang.post(SEEDING, form(hang.get(SEEDING)) | {"time": "16:05", "every": "month", "days": ["1", "31"]})
    page = hang.get(f"{SOP}/compare")
    words = said(page, "#seeding")
    assert "How often every day every month on day 1 and 31" in words
    assert "Time 15:00 16:05" in words
    chinese = Visitor(hang.http.application, "hang", locale="zh_Hans")
    assert "每月 1、31 日" in said(chinese.get(f"{SOP}/compare"), "#seeding")


def test_the_welcome_is_written_from_the_page_and_copied_for_wecom_once_it_is_approved(
    services: Services, team: Team, app: Flask, hang: Visitor
) -> None:
    library(services, team)
    services.sops.add_template("welcome", brand=team.brand, actor=team.operator)
    mia = Visitor(app, "mia")
    order = said(mia.get(SOP), ".standing")
    assert "进群福利 welfare" in order and "群规 rules" in order
    slot = mia.post(f"{SOP}/columns/welcome/write").location
    post = services.planning.open_post(int(slot.rsplit("/", 1)[1]), brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=COPY, based_on=None)
    desk = f"{HOME}/posts/{post}"
    before = said(mia.get(desk), ".welcome")
    assert "%NICKNAME%，小灶陶锅" in before and "of 3,000 bytes" in before
    assert "it can be copied once it is approved" in before
    approve(services, team, post)
    after = hang.get(desk)
    assert parsed(after).css_matches("[data-copy='#welcome-template']")
    assert not parsed(after).css_matches(f"form[action='{desk}/schedule']")
    assert "Open it" in said(mia.get(SOP), ".standing")
    assert mia.post(f"{SOP}/columns/seeding/write").status_code == 409
