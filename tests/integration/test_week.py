"""A week in one job: every slot once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select

from copilot import models
from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.findings import Severity
from copilot.domain.likeness import TOO_ALIKE, jaccard, pieces, repeated
from copilot.errors import Permanent
from copilot.services.briefs import brief_of
from copilot.services.company import Company
from copilot.services.drafting import Drafting
from copilot.services.house import Services
from copilot.services.jobs import JobView
from copilot.services.queries.rows import SlotCard
from copilot.services.weeks import KIND, Weeks
from tests.commanding import Opened, ran
from tests.conftest import BRAND, VOICE, Team
from tests.fakes import TellingWriter
from tests.steps import much_to_tell, written
from tests.visiting import HOME, Visitor, said

MONDAY = date(2026, 11, 23)
COLUMNS = """
columns:
  - {slug: morning, name: 早上好锅, module: interaction, value: social, form: topic, cadence: {every: day}, time: "09:00",
     channel: community, destinations: [one], purpose: 陶锅怎么用, kinds: [user_guide], length: [20, 260], call_to_action: 说来听听。}
  - {slug: seeding, name: 下午好物, module: seeding, value: knowledge, form: seeding, cadence: {every: day}, time: "15:00",
     channel: community, destinations: [one, two], purpose: 小灶陶锅的材质与容量, kinds: [selling_point], length: [20, 260],
     call_to_action: 想要的饭友在群里说一声。}
  - {slug: fresh, name: 周三新鲜事, module: interaction, value: knowledge, form: topic, cadence: {every: week, weekdays: [3]},
     time: "19:30", channel: community, destinations: [two], purpose: 厨房新趋势, kinds: [trend], length: [20, 260], call_to_action: 你也这样吗？}
"""


@pytest.fixture
def team(services: Services, team: Team, tmp_path: Path) -> Team:
    """The small brand with three columns and enough to tell for a week."""
    folder = tmp_path / "week"
    folder.mkdir()
    for name, content in (("brand", BRAND), ("voice", VOICE), ("columns", COLUMNS)):
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    services.folders.load(folder)
    much_to_tell(services, team)
    return team


def house(services: Services, config: Config, writer: Any, at_once: int = 2) -> Services:
    settings = config.model_copy(update={"llm_at_once": at_once})
    return build(settings, clock=services.parts.clock, made=replace(services.parts, writer=writer))


def asked(services: Services, team: Team) -> int:
    payload = {"brand": team.brand, "user": team.copywriter.id, "start": MONDAY.isoformat()}
    return services.jobs.once(KIND, payload, brand=team.brand)


def compiled(services: Services, team: Team) -> JobView:
    job = asked(services, team)
    services.jobs.run(job)
    return services.jobs.view(job)


def texts(services: Services) -> dict[int, list[str]]:
    """By slot, every revision that it has."""
    with services.parts.db.read() as session:
        found: dict[int, list[str]] = {}
        rows = session.execute(
            select(models.Post.slot_id, models.Revision.text).join(
                models.Revision, models.Revision.post_id == models.Post.id
            )
        )
        for slot, text in rows:
            found.setdefault(slot, []).append(text)
        return found


def states(view: JobView) -> list[str]:
    return [line["state"] for line in view.result["slots"]]


def told_apart(posts: Sequence[str]) -> None:
    """No two are alike, and none says a sentence of another one: a call to action and a sign-off are no news."""
    closing = (*(column["call_to_action"] for column in yaml.safe_load(COLUMNS)["columns"]), "——小满掌柜")
    for one, other in combinations(posts, 2):
        assert jaccard(pieces(one), pieces(other)) < TOO_ALIKE
        assert repeated(one, [other], Language.ZH, allowed=closing) == []


def test_a_week_is_filled_and_its_posts_can_be_told_apart(services: Services, team: Team) -> None:
    view = compiled(services, team)
    assert view.state == "done" and view.done == view.total == 15
    assert set(states(view)) == {"drafted"}
    found = texts(services)
    assert len(found) == 15 and all(len(revisions) == 1 for revisions in found.values())
    told_apart([revisions[0] for revisions in found.values()])
    posts = [services.desk.post(line["post"], brand=team.brand) for line in view.result["slots"]]
    assert not [one for post in posts for one in post.findings if one.severity is Severity.BLOCK]


def test_a_post_that_is_drafted_alone_knows_the_others_of_its_week(services: Services, team: Team) -> None:
    services.planning.plan(brand=team.brand, start=MONDAY, days=14)
    week = services.calendar.week(brand=team.brand, around=MONDAY)
    following = services.calendar.week(brand=team.brand, around=week.following)

    def drafted(card: SlotCard) -> str:
        post = services.planning.open_post(card.slot, brand=team.brand, actor=team.copywriter)
        services.drafting.run(services.drafting.request(post, brand=team.brand, actor=team.copywriter))
        head = services.desk.post(post, brand=team.brand).head
        assert head is not None
        return head.text

    here = [drafted(card) for day in week.days[:2] for card in day.slots]
    drafted(following.days[0].slots[0])
    told_apart(here)
    with services.parts.db.read() as session:
        newest = session.scalars(select(models.Generation).order_by(models.Generation.id.desc())).all()
        assert set(brief_of(session, newest[1])[0].beside) == set(here[:-1])
        assert brief_of(session, newest[0])[0].beside == ()


def test_what_the_library_lacks_is_listed_and_the_slot_filled_from_elsewhere(
    services: Services, team: Team
) -> None:
    view = compiled(services, team)
    fresh = next(line for line in view.result["slots"] if line["column"] == "fresh")
    assert (fresh["state"], fresh["reason"]["id"]) == ("drafted", "week.wider")
    assert ("fresh", ["trend"]) in [(gap["column"], gap["kinds"]) for gap in view.result["gaps"]]


def test_what_a_person_wrote_is_left_alone(services: Services, team: Team) -> None:
    services.planning.plan(brand=team.brand, start=MONDAY, days=7)
    week = services.calendar.week(brand=team.brand, around=MONDAY)
    slot = week.days[2].slots[0].slot
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text="早，饭友。", based_on=None)
    view = compiled(services, team)
    assert states(view).count("kept") == 1
    assert texts(services)[slot] == ["早，饭友。"]


def test_asking_twice_is_one_job_and_a_second_week_drafts_nothing(services: Services, team: Team) -> None:
    assert asked(services, team) == asked(services, team)
    compiled(services, team)
    again = compiled(services, team)
    assert set(states(again)) == {"kept"}
    assert all(len(revisions) == 1 for revisions in texts(services).values())


def test_a_model_is_called_at_most_so_often_at_once(services: Services, config: Config, team: Team) -> None:
    writer = TellingWriter(company=3)
    view = compiled(house(services, config, writer, at_once=3), team)
    assert set(states(view)) == {"drafted"}
    assert writer.most == 3
    with services.parts.db.read() as session:
        calls = session.scalar(select(func.count()).select_from(models.Usage))
    assert calls is not None and calls >= 15


def test_a_model_that_fails_for_one_slot_leaves_it_to_the_composer_and_says_so(
    services: Services, config: Config, team: Team
) -> None:
    writer = TellingWriter()
    writer.trouble["fresh"] = Permanent("telling-model", "quota")
    view = compiled(house(services, config, writer, at_once=1), team)
    fresh = next(line for line in view.result["slots"] if line["column"] == "fresh")
    assert (fresh["state"], fresh["writer"], fresh["reason"]["id"]) == (
        "drafted",
        "composer",
        "external.quota",
    )
    assert {line["writer"] for line in view.result["slots"] if line is not fresh} == {"telling-model"}


class Down(TellingWriter):
    """A model that answers nobody."""

    def write(self, assignment: Any) -> Any:
        raise Permanent("telling-model", "quota")


def test_posts_that_fall_to_the_composer_side_by_side_know_of_each_other(
    services: Services, config: Config, team: Team
) -> None:
    view = compiled(house(services, config, Down(), at_once=4), team)
    assert {line["writer"] for line in view.result["slots"]} == {"composer"}
    told_apart([revisions[0] for revisions in texts(services).values()])


def test_the_drafts_of_a_week_know_what_stands_in_it_already(services: Services, team: Team) -> None:
    known: list[bool] = []

    class Asking:
        """Drafts nothing: it only asks the company of the week about a text."""

        def for_job(self, post: int, **_: Any) -> int:
            return post

        def run(self, _: int, *, company: Company) -> None:
            known.append(not company.is_apart("早，饭友，锅在灶上，水也开了。"))

        def reason(self, _: int) -> None:
            return None

    services.planning.plan(brand=team.brand, start=MONDAY, days=7)
    slot = services.calendar.week(brand=team.brand, around=MONDAY).days[2].slots[0].slot
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    services.revising.save(
        post, brand=team.brand, actor=team.copywriter, text="早，饭友，锅在灶上，水也开了。", based_on=None
    )
    week = Weeks(
        db=services.parts.db,
        clock=services.parts.clock,
        planning=services.planning,
        drafting=cast("Drafting", Asking()),
        care=services.care,
    )
    job = asked(services, team)
    week.compile(job=job, brand=team.brand, actor=team.copywriter, start=MONDAY, advance=lambda *_: None)
    assert len(known) == 14 and all(known)


class TestADayWithoutPromotion:
    """Sunday 13 December is the memorial day on which nothing is sold in China."""

    START, DAY = date(2026, 12, 7), "2026-12-13"

    def test_what_promotes_rests_on_it_and_says_why(self, services: Services, team: Team) -> None:
        answer = ran(Opened(services), "week", "--brand", "hearth", "--start", self.START, "--json")
        (rests,) = answer.json["resting"]
        assert (rests["column"], rests["at"][:10], rests["post"]) == ("seeding", self.DAY, None)
        assert "国家公祭日" in rests["reason"]
        there = [post["column"] for post in answer.json["posts"] if post["at"].startswith(self.DAY)]
        assert there == ["morning"]
        assert answer.code == 0 and answer.json["unwritten"] == [] and answer.json["drafted"] == 14
        assert answer.json["balance"]["modules"] == {"interaction": 8, "seeding": 6}

    def test_the_pages_say_so_and_do_not_ask_for_it(self, app: Flask, services: Services, team: Team) -> None:
        written(services, team, "早，饭友，锅在灶上。")
        mia = Visitor(app, "mia")
        mia.post(f"{HOME}/weeks/{self.START}")
        services.jobs.run(services.jobs.recent(brand=team.brand, kind=KIND, limit=1)[0].id)
        page = said(mia.get(f"{HOME}/calendar?day={self.START}"))
        assert "1 rests, since nothing is promoted on its day" in page and "Rests" in page
        assert "0 to write" in page and "Draft this week" not in page
        assert "Nothing in this week gives members a benefit." in page

    def test_a_person_may_write_it_nevertheless(self, services: Services, team: Team) -> None:
        services.planning.plan(brand=team.brand, start=self.START, days=7)
        week = services.calendar.week(brand=team.brand, around=self.START)
        slot = next(card.slot for card in week.days[6].slots if card.column == "seeding")
        post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
        services.revising.save(
            post, brand=team.brand, actor=team.copywriter, text="今天只歇着。", based_on=None
        )
        payload = {"brand": team.brand, "user": team.copywriter.id, "start": self.START.isoformat()}
        job = services.jobs.once(KIND, payload, brand=team.brand)
        services.jobs.run(job)
        assert "resting" not in states(services.jobs.view(job))


class Killed(BaseException):
    """What a process that is killed does not survive."""


def test_a_week_that_was_killed_in_the_middle_ends_with_one_revision_a_slot(
    services: Services, config: Config, team: Team
) -> None:
    writer = TellingWriter()
    writer.trouble["fresh"] = Killed()
    dying = house(services, config, writer, at_once=1)
    job = asked(dying, team)
    with pytest.raises(Killed):
        dying.jobs.run(job)
    assert services.jobs.view(job).state == "running"
    before = texts(services)
    assert 0 < len(before) < 15
    revived = house(services, config, TellingWriter(), at_once=1)
    revived.jobs.recover()
    revived.drafting.recover()
    revived.jobs.run(job)
    view = revived.jobs.view(job)
    assert view.state == "done"
    after = texts(services)
    assert len(after) == 15 and all(len(revisions) == 1 for revisions in after.values())
    assert all(after[slot] == revisions for slot, revisions in before.items())


def test_a_cancelled_week_keeps_what_is_written(services: Services, config: Config, team: Team) -> None:
    class Cancelling(TellingWriter):
        def write(self, assignment: Any) -> Any:
            if len(self.written) == 4:
                services.jobs.cancel(job, brand=team.brand)
            return super().write(assignment)

    working = house(services, config, Cancelling(), at_once=1)
    job = asked(working, team)
    working.jobs.run(job)
    view = working.jobs.view(job)
    assert view.state == "cancelled"
    drafted: Sequence[str] = [state for state in states(view) if state == "drafted"]
    assert 5 <= len(drafted) < 15
    assert len(texts(services)) == len(drafted)
    assert "waiting" in states(view)


def test_no_selling_point_returns_to_the_same_people_while_there_are_fresh_ones(
    services: Services, config: Config, team: Team
) -> None:
    compiled(house(services, config, TellingWriter(), at_once=1), team)
    with services.parts.db.read() as session:
        told = session.execute(
            select(models.Claim.quote, models.Post.id, models.Column.slug)
            .join(models.Post, models.Post.head_id == models.Claim.revision_id)
            .join(models.Slot, models.Slot.id == models.Post.slot_id)
            .join(models.Column, models.Column.id == models.Slot.column_id)
            .where(models.Claim.passage_id.is_not(None))
        ).all()
    by_quote: dict[str, set[int]] = {}
    for quote, post, _ in told:
        by_quote.setdefault(quote, set()).add(post)
    assert told and {quote: posts for quote, posts in by_quote.items() if len(posts) > 1} == {}


def test_a_week_in_the_past_has_nothing_to_draft(services: Services, team: Team) -> None:
    written(services, team, "早，饭友，锅在灶上。")
    payload = {"brand": team.brand, "user": team.copywriter.id, "start": "2026-11-02"}
    job = services.jobs.once(KIND, payload, brand=team.brand)
    services.jobs.run(job)
    assert services.jobs.view(job).result["slots"] == []
