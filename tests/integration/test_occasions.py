"""Occasions from the proposal to the column: accepted once, turned down for good, undone; own days and main lines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from copilot import models
from copilot.domain.occasions import NodeKind
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from copilot.services.occasions import OwnDay
from tests.commanding import Opened, ran
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.steps import add
from tests.visiting import HOME, Visitor, one, parsed, said

PAGE = f"{HOME}/occasions"
MEETING = OwnDay(NodeKind.FIRST_MEETING, "饭友见面会", date(2026, 11, 28))
NEWS = "---\nvalid_until: 2026-12-03\n---\n# 石埂镇开镰饭\n\n石埂镇的开镰饭在晒谷场。\n"


def meeting(services: Services, team: Team, own: OwnDay = MEETING) -> str:
    """The key under which the community's own day is proposed."""
    node = services.occasions.add_node(own, brand=team.brand, actor=team.operator)
    return f"node-{node}:{own.day}"


def keys(services: Services, team: Team) -> list[str]:
    return [one.key for one in services.almanac.view(brand=team.brand).proposals]


def slots(services: Services, team: Team, column: str) -> list[datetime]:
    with services.parts.db.read() as session:
        return list(
            session.scalars(
                select(models.Slot.starts_at)
                .join(models.Column, models.Column.id == models.Slot.column_id)
                .where(models.Slot.brand_id == team.brand, models.Column.slug == column)
            )
        )


def test_an_accepted_proposal_is_a_column_with_its_slot_and_no_proposal_any_more(
    services: Services, team: Team
) -> None:
    key = meeting(services, team)
    assert keys(services, team) == [key]
    slug = services.occasions.accept(key, brand=team.brand, actor=team.operator)
    (column,) = [row for row in services.brands.columns(team.brand) if row.slug == slug]
    assert (column.name, column.module, column.time) == ("饭友见面会", "notification", "09:36")
    services.planning.plan_ahead()
    days = ["2026-11-25T01:36:00+00:00", "2026-11-28T01:36:00+00:00"]
    assert [at.isoformat() for at in slots(services, team, slug)] == days
    view = services.almanac.view(brand=team.brand)
    assert view.proposals == ()
    (row,) = view.decided
    assert (row.key, row.state, row.column, row.decided_by) == (key, "accepted", slug, "周航")


def test_accepted_twice_it_is_one_column(services: Services, team: Team) -> None:
    key = meeting(services, team)
    first = services.occasions.accept(key, brand=team.brand, actor=team.operator)
    assert services.occasions.accept(key, brand=team.brand, actor=team.manager) == first
    assert len(services.brands.columns(team.brand)) == 2
    with services.parts.db.read() as session:
        events = session.scalars(select(models.Audit.action).where(models.Audit.subject == "featured")).all()
    assert events == ["featured.accepted"]


def test_accepted_by_several_at_once_it_is_one_column(services: Services, team: Team) -> None:
    key = meeting(services, team)

    def accept(_number: int) -> str:
        return services.occasions.accept(key, brand=team.brand, actor=team.operator)

    with ThreadPoolExecutor(4) as people:
        slugs = set(people.map(accept, range(4)))
    assert len(slugs) == 1 and len(services.brands.columns(team.brand)) == 2
    (row,) = services.almanac.view(brand=team.brand).decided
    assert {row.column} == slugs


def test_a_column_that_was_made_before_a_crash_is_found_and_not_made_again(
    services: Services, team: Team
) -> None:
    key = meeting(services, team)
    slug = services.occasions.accept(key, brand=team.brand, actor=team.operator)
    with services.parts.db.write() as session:
        session.query(models.FeaturedDecision).delete()
    assert keys(services, team) == []
    assert services.occasions.accept(key, brand=team.brand, actor=team.operator) == slug
    assert len(services.brands.columns(team.brand)) == 2


def test_a_dismissed_proposal_stays_away_until_somebody_undoes_it(
    services: Services, team: Team, clock: FakeClock
) -> None:
    key = meeting(services, team)
    services.occasions.dismiss(key, brand=team.brand, actor=team.operator)
    services.occasions.dismiss(key, brand=team.brand, actor=team.operator)
    clock.forward(days=2)
    assert keys(services, team) == []
    assert [row.state for row in services.almanac.view(brand=team.brand).decided] == ["dismissed"]
    services.occasions.undo(key, brand=team.brand, actor=team.operator)
    assert keys(services, team) == [key]


def test_undoing_an_acceptance_takes_the_column_out_again(services: Services, team: Team) -> None:
    key = meeting(services, team)
    slug = services.occasions.accept(key, brand=team.brand, actor=team.operator)
    with pytest.raises(Conflict):
        services.occasions.dismiss(key, brand=team.brand, actor=team.operator)
    services.sops.remove(slug, brand=team.brand, actor=team.manager)
    assert [row.column for row in services.almanac.view(brand=team.brand).decided] == [""]
    assert services.occasions.accept(key, brand=team.brand, actor=team.operator) == slug
    services.occasions.undo(key, brand=team.brand, actor=team.operator)
    assert slug not in [row.slug for row in services.brands.columns(team.brand)]
    assert slots(services, team, slug) == []
    assert keys(services, team) == [key]


def test_what_is_not_proposed_cannot_be_accepted(services: Services, team: Team, clock: FakeClock) -> None:
    key = meeting(services, team)
    clock.forward(days=7)
    for unknown in (key, "double-11:2027-11-11", "nonsense"):
        with pytest.raises(Conflict) as refused:
            services.occasions.accept(unknown, brand=team.brand, actor=team.operator)
        assert refused.value.message_id == "error.occasion_gone"


def test_only_who_plans_decides(services: Services, team: Team) -> None:
    key = meeting(services, team)
    for deed in (services.occasions.accept, services.occasions.dismiss, services.occasions.undo):
        with pytest.raises(NotAllowed):
            deed(key, brand=team.brand, actor=team.copywriter)
    with pytest.raises(NotAllowed):
        services.occasions.set_line(date(2026, 11, 23), "丰收", brand=team.brand, actor=team.copywriter)


def test_news_of_the_library_is_a_hot_event_while_it_holds(services: Services, team: Team) -> None:
    material = add(services, team, "news/harvest.md", NEWS)
    (found,) = services.almanac.view(brand=team.brand).proposals
    assert (found.key, found.day) == (f"hot-{material}:2026-12-03", date(2026, 11, 22))
    assert "石埂镇开镰饭" in found.profile["purpose"]
    services.lifecycle.retire([material], brand=team.brand, actor=team.manager.id)
    assert keys(services, team) == []


def test_a_yearly_leap_day_is_shown_on_the_28th(services: Services, team: Team, clock: FakeClock) -> None:
    began = OwnDay(NodeKind.ANNIVERSARY, "建群纪念日", date(2024, 2, 29), yearly=True)
    services.occasions.add_node(began, brand=team.brand, actor=team.operator)
    (node,) = services.almanac.view(brand=team.brand).nodes
    assert node.next == date(2027, 2, 28)
    clock.forward(days=90)
    (found,) = [
        one for one in services.almanac.view(brand=team.brand).proposals if one.key.startswith("node-")
    ]
    assert found.profile["cadence"] == {"every": "once", "dates": ["2027-02-28"]}


def test_a_day_of_the_community_s_own_is_changed_taken_out_and_brought_back(
    services: Services, team: Team, clock: FakeClock
) -> None:
    services.occasions.add_node(MEETING, brand=team.brand, actor=team.operator)
    (node,) = services.almanac.view(brand=team.brand).nodes
    later = OwnDay(NodeKind.VOTE, " 选 2027 年的新品 ", date(2026, 11, 30), note="上次 82 人投票")
    services.occasions.change_node(node.id, later, brand=team.brand, actor=team.operator)
    (node,) = services.almanac.view(brand=team.brand).nodes
    assert (node.kind, node.name, node.note) == ("vote", "选 2027 年的新品", "上次 82 人投票")
    services.occasions.retire_node(node.id, brand=team.brand, actor=team.operator)
    assert services.almanac.view(brand=team.brand).nodes == () and keys(services, team) == []
    services.occasions.bring_back_node(node.id, brand=team.brand, actor=team.operator)
    assert keys(services, team) == [f"node-{node.id}:2026-11-30"]
    clock.forward(days=10)
    over = OwnDay(NodeKind.VOTE, "选出来了", date(2026, 11, 30))
    services.occasions.change_node(node.id, over, brand=team.brand, actor=team.operator)
    (node,) = services.almanac.view(brand=team.brand).nodes
    assert (node.name, node.next) == ("选出来了", None)
    with pytest.raises(NotFound):
        services.occasions.retire_node(node.id + 1, brand=team.brand, actor=team.operator)


def test_a_day_that_does_not_fit_names_each_field(services: Services, team: Team) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.occasions.add_node(OwnDay("party", " ", None), brand=team.brand, actor=team.operator)
    assert set(refused.value.fields) == {"kind", "name", "day"}
    gone = OwnDay(NodeKind.OTHER, "很久以前", date(2026, 11, 20))
    with pytest.raises(InvalidInput) as refused:
        services.occasions.add_node(gone, brand=team.brand, actor=team.operator)
    assert refused.value.fields == {"day": "invalid.node_over"}


def test_a_week_has_one_main_line_and_a_blank_one_takes_it_away(services: Services, team: Team) -> None:
    def line() -> str:
        return services.occasions.line(date(2026, 11, 29), brand=team.brand)

    for typed in ("  新米上桌，\n一周讲一口锅  ", "陶锅的一周"):
        services.occasions.set_line(date(2026, 11, 25), typed, brand=team.brand, actor=team.operator)
    assert line() == "陶锅的一周"
    assert services.occasions.line(date(2026, 11, 22), brand=team.brand) == ""
    with pytest.raises(InvalidInput) as refused:
        services.occasions.set_line(date(2026, 11, 25), "锅" * 61, brand=team.brand, actor=team.operator)
    assert refused.value.fields == {"line": "invalid.line_characters"} and line() == "陶锅的一周"
    services.occasions.set_line(date(2026, 11, 25), " ", brand=team.brand, actor=team.operator)
    assert line() == ""


# --- pages ---


def test_the_operator_accepts_undoes_and_turns_down(services: Services, team: Team, app: Flask) -> None:
    key = meeting(services, team)
    hang = Visitor(app, "hang")
    page = hang.get(PAGE)
    assert "饭友见面会" in said(page, ".featured") and "in 7 days" in said(page, ".featured__day")
    done = hang.post(f"{PAGE}/accept", {"key": key})
    assert done.status_code == 303
    page = hang.get(done.location)
    assert "The column is in the SOP" in said(page, ".notices") and "1 decided already" in said(page)
    assert one(page, ".notices button[name=key]").attributes["value"] == key
    hang.post(f"{PAGE}/undo", {"key": key})
    page = hang.get(hang.post(f"{PAGE}/dismiss", {"key": key}).location)
    assert "Nothing to decide" in said(page)
    refused = hang.post(f"{PAGE}/accept", {"key": "double-11:2027-11-11"})
    assert refused.status_code == 409 and "no longer proposed" in said(refused, ".notices")


def test_a_form_that_does_not_fit_keeps_what_was_typed(services: Services, team: Team, app: Flask) -> None:
    hang = Visitor(app, "hang")
    typed = {"kind": "vote", "name": "选群主", "day": "明天", "yearly": "1", "note": "问阿穗"}
    refused = hang.post(f"{PAGE}/nodes", typed)
    assert refused.status_code == 422
    assert "written as 2026-11-24" in said(refused, "#new-day-error")
    assert one(refused, "#new-name").attributes["value"] == "选群主"
    assert one(refused, "#new-kind option[selected]").attributes["value"] == "vote"
    added = hang.post(f"{PAGE}/nodes", {**typed, "day": "2026-11-30"})
    assert "The day is kept" in said(hang.get(added.location), ".notices")
    (node,) = services.almanac.view(brand=team.brand).nodes
    wrong = hang.post(f"{PAGE}/nodes/{node.id}", {**typed, "name": ""})
    assert wrong.status_code == 422 and "open" in one(wrong, f"#node-{node.id} details").attributes
    gone = hang.post(f"{PAGE}/nodes/{node.id}/retire")
    assert "Bring it back" in said(hang.get(gone.location), ".notices")
    hang.post(f"{PAGE}/nodes/{node.id}/bring-back")
    assert "选群主" in said(hang.get(PAGE), ".own")


def test_the_calendar_shows_the_week_as_a_whole_and_keeps_its_line(
    services: Services, team: Team, app: Flask
) -> None:
    meeting(services, team)
    services.planning.plan(brand=team.brand, start=date(2026, 12, 7), days=14)
    hang = Visitor(app, "hang")
    page = hang.get(f"{HOME}/calendar?day=2026-12-13")
    assert "1 featured column proposed" in said(page, ".strip")
    sunday = parsed(page).css(".week__day")[6]
    assert "National Memorial Day" in sunday.text() and "No promotion" in sunday.text()
    assert "Double 12" in parsed(page).css(".week__day")[5].text()
    form = {"week": "2026-12-07", "line": "年底补一次货", "from": "calendar"}
    back = hang.post(f"{PAGE}/line", form)
    assert back.status_code == 303 and "day=2026-12-07" in back.location
    assert one(hang.get(back.location), ".strip textarea").text() == "年底补一次货"
    long = hang.post(f"{PAGE}/line", {**form, "week": "2026-11-23", "line": "长" * 61})
    assert long.status_code == 422 and "60 characters at most" in said(long, "#line-2026-11-23-error")
    assert one(long, "#line-2026-11-23").text() == "长" * 61


def test_a_suggestion_is_one_click_away(services: Services, team: Team, app: Flask) -> None:
    meeting(services, team)
    hang = Visitor(app, "hang")
    button = one(hang.get(PAGE), ".almanac__week:nth-child(2) .main-line__use")
    suggestion = button.attributes["value"]
    assert suggestion is not None and suggestion.startswith("饭友见面会")
    hang.post(f"{PAGE}/line", {"week": "2026-11-23", "line": suggestion})
    page = hang.get(PAGE)
    assert one(page, "#line-2026-11-23").text() == suggestion
    assert parsed(page).css_first(".almanac__week:nth-child(2) .main-line__use") is None


def test_a_copywriter_reads_and_decides_nothing(services: Services, team: Team, app: Flask) -> None:
    key = meeting(services, team)
    mia = Visitor(app, "mia")
    page = mia.get(PAGE)
    assert "饭友见面会" in said(page, ".featured") and parsed(page).css_first(".featured button") is None
    assert parsed(page).css_first("form.own__form") is None
    assert mia.post(f"{PAGE}/accept", {"key": key}).status_code == 403


# --- commands ---


def test_a_script_reads_what_comes_and_sets_a_line(services: Services, team: Team) -> None:
    opened = Opened(services)
    key = meeting(services, team)
    listed = ran(opened, "occasions", "list", "--brand", "hearth", "--weeks", "4", "--json").json
    assert [row["key"] for row in listed["proposals"]] == [key, "double-12:2026-12-12"]
    quiet = [row["date"] for row in listed["days"] if not row["promotion"]]
    assert quiet == ["2026-12-13"]
    assert all(row["date"] <= "2026-12-19" for row in listed["days"])
    assert "饭友见面会" in ran(opened, "occasions", "list", "--brand", "hearth").out
    line = ("occasions", "line", "--brand", "hearth", "--week", "2026-11-25")
    assert ran(opened, *line, "陶锅的一周").code == 2
    assert ran(opened, *line, "陶锅的一周", "--as", "hang").code == 0
    assert ran(opened, *line, "--json").json == {"week": "2026-11-23", "line": "陶锅的一周"}
    refused = ran(opened, *line, "锅" * 61, "--as", "hang")
    assert refused.code == 2 and "60 characters" in refused.err
    assert "has no main line" in ran(opened, *line, "", "--as", "hang").out
