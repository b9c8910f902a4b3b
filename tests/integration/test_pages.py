"""What the pages of review, send desk, library and trace say and do, over real services, without a browser."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from copilot.app import create_app
from copilot.domain.permissions import Actor
from copilot.domain.posts import PostState
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.steps import COPY, add, approved_post, drafted_post, scheduled_post, written
from tests.visiting import HOME

Enter = Callable[[Actor], FlaskClient]


@pytest.fixture
def app(services: Services) -> Flask:
    app = create_app(services)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def enter(app: Flask, services: Services) -> Enter:
    """A browser in which this person has signed in, reading English."""

    def _enter(actor: Actor) -> FlaskClient:
        services.accounts.choose_locale(actor.id, "en")
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = str(actor.id), True
        return client

    return _enter


def words(answer: TestResponse) -> str:
    """The page's text as a reader sees it."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text)))


def waiting_post(services: Services, team: Team, text: str = COPY) -> int:
    post = drafted_post(services, team, text)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    return post


def head(services: Services, team: Team, post: int) -> int:
    found = services.desk.post(post, brand=team.brand).head
    assert found is not None
    return found.id


def test_the_operator_seals_from_the_queue_and_is_shown_the_seal(
    services: Services, team: Team, enter: Enter
) -> None:
    post = waiting_post(services, team)
    browser = enter(team.operator)
    page = browser.get(f"{HOME}/review")
    assert "1 post waits" in words(page)
    assert "饭友一群、饭友二群" in words(page)
    assert "Sat 21 Nov 13:00 – 17:00" in words(page)
    answer = browser.post(
        f"{HOME}/review/{post}/approve", data={"revision": head(services, team, post), "then": "schedule"}
    )
    assert answer.status_code == 303
    after = browser.get(answer.location)
    notice = words(after)
    assert "is sealed and scheduled: exactly this text goes out Sat 21 Nov 15:00" in notice
    assert re.search(r"15:00\. 饭友一群、饭友二群.*周航", notice)
    assert services.desk.post(post, brand=team.brand).state is PostState.SCHEDULED


def test_what_is_only_sealed_offers_the_way_to_the_schedule(
    services: Services, team: Team, enter: Enter
) -> None:
    post = waiting_post(services, team)
    browser = enter(team.operator)
    answer = browser.post(f"{HOME}/review/{post}/approve", data={"revision": head(services, team, post)})
    page = browser.get(answer.location)
    assert "is sealed: this text, and no other, may go out" in words(page)
    assert re.search(rf'href="{HOME}/posts/{post}">.*?Schedule</a>', page.text)
    # The brand manager seals too, and schedules nothing.
    manager = enter(team.manager).get(answer.location)
    assert not re.search(rf'href="{HOME}/posts/{post}">.*?Schedule</a>', manager.text)


def test_whoever_wrote_the_text_is_told_why_they_cannot_seal_it(
    services: Services, team: Team, enter: Enter
) -> None:
    post = drafted_post(services, team)
    services.revising.save(post, brand=team.brand, actor=team.operator, text=f"{COPY}。", based_on=1)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    browser = enter(team.operator)
    page = browser.get(f"{HOME}/review")
    assert re.search(r'data-key="a" disabled aria-describedby="four-eyes"', page.text)
    assert "so someone else has to seal it" in words(page)
    refused = browser.post(
        f"{HOME}/review/{post}/approve", data={"revision": head(services, team, post), "selfcheck": "tone"}
    )
    assert refused.status_code == 403
    assert 'value="tone" checked' in refused.text
    assert services.desk.post(post, brand=team.brand).state is PostState.IN_REVIEW


def test_a_copywriter_reads_the_queue_but_is_offered_no_decision(
    services: Services, team: Team, enter: Enter
) -> None:
    post = waiting_post(services, team)
    browser = enter(team.copywriter)
    page = browser.get(f"{HOME}/review")
    assert "小灶陶锅的会员价是 239 元" in words(page)
    assert 'id="approve"' not in page.text
    assert browser.post(f"{HOME}/review/{post}/approve").status_code == 403


def test_changes_need_a_note_and_the_reason_stands_beside_it(
    services: Services, team: Team, enter: Enter
) -> None:
    post = waiting_post(services, team)
    browser = enter(team.operator)
    refused = browser.post(f"{HOME}/review/{post}/request-changes", data={"note": "  "})
    assert refused.status_code == 422
    assert "Say what should change" in re.search(r'id="field-note-error">(.*?)</span>', refused.text, re.S)[1]  # type: ignore[index]
    answer = browser.post(f"{HOME}/review/{post}/request-changes", data={"note": "开头再轻松一点"})
    assert "went back to its writer" in words(browser.get(answer.location))


def test_a_second_review_shows_what_changed_since_the_seal_and_which_figures(
    services: Services, team: Team, enter: Enter
) -> None:
    post = approved_post(services, team)
    text = COPY.replace("容量是 1.2 升", "锅壁厚 9 毫米")
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=1)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    page = enter(team.operator).get(f"{HOME}/review")
    assert "Seal broken" in words(page)
    assert re.search(r"<del>[^<]*1\.2 升</del>", page.text)
    assert re.search(r"<ins>[^<]*9 毫米</ins>", page.text)
    assert "Figures changed" in words(page)


def test_the_send_desk_ticks_off_one_group_at_a_time_and_takes_it_back(
    services: Services, team: Team, clock: FakeClock, enter: Enter
) -> None:
    scheduled_post(services, team)
    browser = enter(team.operator)
    assert "Nothing to send now, 1 coming" in words(browser.get(f"{HOME}/send-desk"))
    clock.forward(hours=3, minutes=40)
    services.delivering.tick()
    page = browser.get(f"{HOME}/send-desk")
    assert "1 to send now" in words(page) and "Late, due" in words(page)
    assert f">{COPY}</textarea>" in page.text
    task = services.senddesk.view(brand=team.brand).due[0]
    one = task.open[0].delivery
    answer = browser.post(f"{HOME}/send-desk/deliveries/{one}/sent", data={"post": task.post})
    after = browser.get(answer.location)
    assert "1 destination is left" in words(after)
    assert after.text.count(f"/send-desk/deliveries/{one}/undo") == 2

    # Whoever holds an old page is told beside the tick, and nothing is counted twice.
    again = browser.post(f"{HOME}/send-desk/deliveries/{one}/sent", data={"post": task.post})
    assert again.status_code == 409
    assert re.search(rf'id="delivery-{one}".*?data-error', again.text, re.S)

    browser.post(f"{HOME}/send-desk/deliveries/{one}/undo")
    assert len(services.senddesk.view(brand=team.brand).due[0].open) == 2


def test_an_open_send_desk_learns_that_someone_else_acted(
    services: Services, team: Team, clock: FakeClock, enter: Enter
) -> None:
    post = scheduled_post(services, team)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    browser = enter(team.operator)
    seen = re.search(r"changes\?seen=(\w+)", browser.get(f"{HOME}/send-desk").text)
    assert seen is not None
    question = f"{HOME}/send-desk/changes?seen={seen[1]}"
    assert browser.get(question).status_code == 204
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    assert "Something changed here" in words(browser.get(question))


def test_the_trace_opens_the_evidence_of_the_figure_that_was_pressed(
    services: Services, team: Team, clock: FakeClock, enter: Enter
) -> None:
    post = scheduled_post(services, team)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    claims = services.trace.view(post, brand=team.brand).claims
    price = next(claim for claim in claims if "239" in claim.text)
    page = enter(team.copywriter).get(f"{HOME}/posts/{post}/trace?claim={price.id}")
    opened = re.search(rf'id="claim-{price.id}" open>(.*?)</details>', page.text, re.S)
    assert opened is not None
    assert re.search(r"<mark>[^<]*239 元", opened[1])
    assert "selling_point/pot.md" in opened[1]
    said = words(page)
    # Each row of the record has its line, in its order.
    assert said.index("marked as sent 饭友一群") < said.index("marked as sent 饭友二群")
    assert "周航" in said and "Sat 21 Nov 13:00 – 17:00" in said


def test_the_trace_of_a_table_row_marks_the_cell_and_not_the_row(
    services: Services, team: Team, enter: Enter
) -> None:
    table = "商品,规格,会员价\n溪石米缸,2 升,129 元\n小灶陶锅,1.2 升,239 元\n"
    add(services, team, "offer/prices.csv", table)
    post = written(services, team, "溪石米缸，会员价 129 元。\n想要的饭友在群里说一声。")
    page = enter(team.copywriter).get(f"{HOME}/posts/{post}/trace")
    row = re.search(r"<tbody><tr>(.*?)</tr>", page.text, re.S)
    assert row is not None
    cells = re.findall(r"<td>(.*?)</td>", row[1])
    assert any("<mark" in cell and "129 元" in cell for cell in cells)
    assert "2 升" in cells
