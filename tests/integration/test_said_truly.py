"""What the pages say of a change is what happened: why a post is held, whose year it is, what a file is called."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from copilot.domain.copylibrary import Scene
from copilot.domain.delivery import DeliveryState
from copilot.domain.materials import Kind
from copilot.domain.stories import Story
from copilot.services.house import Services
from copilot.services.queries.senddesk import HeldBy, Task
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.looks import the_material
from tests.steps import COPY, add, approved_post, library, scheduled_post
from tests.visiting import HOME, SHELVES, Visitor, one, parsed, said

DESK = f"{HOME}/send-desk"
CONSENT = "11月20日私聊同意，可在饭友群使用。"


def held(services: Services, team: Team) -> Task:
    (task,) = services.senddesk.view(brand=team.brand).held
    return task


# ---- a material goes and comes back ----


def test_retiring_says_how_many_approvals_wait_and_restoring_that_they_are_off_the_schedule(
    services: Services, team: Team, grace: Visitor
) -> None:
    scheduled_post(services, team)
    here = f"{SHELVES}/{the_material(services, team)}"
    gone = grace.get(grace.post(f"{here}/retire").location)
    assert "1 approved post that is not sent yet is suspended" in said(gone, ".notice--note")
    back = grace.get(grace.post(f"{here}/restore").location)
    assert "1 post that cites it is approved again but off the schedule" in said(back, ".notice--warn")
    assert "off the schedule" not in said(grace.get(here))


def test_the_same_is_said_of_many_at_once(services: Services, team: Team, grace: Visitor) -> None:
    scheduled_post(services, team)
    pot = the_material(services, team)
    gone = grace.get(grace.post(f"{SHELVES}/bulk", {"do": "retire", "material": pot}).location)
    assert "1 approved post that is not sent yet is suspended" in said(gone, ".notice")
    back = grace.get(grace.post(f"{SHELVES}/bulk", {"do": "restore", "material": pot}).location)
    assert "1 post is approved again but off the schedule" in said(back, ".notice")


def test_nothing_is_said_of_the_schedule_where_nothing_stood_on_it(
    services: Services, team: Team, grace: Visitor, clock: FakeClock
) -> None:
    post = approved_post(services, team)
    here = f"{SHELVES}/{the_material(services, team)}"
    grace.post(f"{here}/retire")
    assert "off the schedule" not in said(grace.get(grace.post(f"{here}/restore").location))
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    grace.post(f"{here}/retire")
    clock.forward(hours=4)  # The slot is over: there is nothing to schedule any more.
    assert "off the schedule" not in said(grace.get(grace.post(f"{here}/restore").location))


def test_the_send_desk_says_why_a_post_is_held_and_blames_nobody(
    services: Services, team: Team, hang: Visitor
) -> None:
    post = scheduled_post(services, team)
    pot = the_material(services, team)
    services.lifecycle.retire([pot], brand=team.brand, actor=team.manager.id)
    holding = held(services, team).holding
    assert holding is not None and (holding.by, holding.sources) == (HeldBy.SOURCE, ("小灶陶锅",))
    page = hang.get(DESK)
    assert "A material that it cites has changed or is out of use" in said(page, f"#held-{post}")
    assert "小灶陶锅" in said(page, f"#held-{post}") and "周航" not in said(page, f"#held-{post}")
    assert parsed(page).css_first("#done") is None  # It is not among what was decided.

    services.lifecycle.restore([pot], brand=team.brand, actor=team.manager.id)
    assert "the approval stands: schedule it again" in said(hang.get(DESK), f"#held-{post}")
    assert "was held back, schedule it again" in said(hang.get(f"{HOME}/today"))

    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    desk = services.senddesk.view(brand=team.brand)
    assert desk.held == () and [len(task.ticks) for task in desk.coming] == [2]
    assert "was held back" not in said(hang.get(f"{HOME}/today"))


def test_an_edit_and_a_withdrawal_are_told_apart(
    services: Services, team: Team, hang: Visitor, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    clock.forward(minutes=5)
    services.reviewing.withdraw(post, brand=team.brand, actor=team.operator)
    assert "Its approval was withdrawn" in said(hang.get(DESK), f"#held-{post}")
    clock.forward(minutes=5)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.revising.save(
        post, brand=team.brand, actor=team.copywriter, text=f"{COPY}明天见。", based_on=head.number
    )
    assert "The text was changed after it was approved" in said(hang.get(DESK), f"#held-{post}")
    holding = held(services, team).holding
    assert holding is not None and holding.at == clock()


def test_what_went_out_before_the_rest_was_held_can_still_be_taken_back(
    services: Services, team: Team, hang: Visitor, clock: FakeClock
) -> None:
    post = scheduled_post(services, team)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    first = services.senddesk.view(brand=team.brand).due[0].open[0].delivery
    services.delivering.mark_sent(first, brand=team.brand, actor=team.operator)
    services.lifecycle.retire([the_material(services, team)], brand=team.brand, actor=None)
    desk = services.senddesk.view(brand=team.brand)
    assert [task.post for task in desk.held] == [task.post for task in desk.done] == [post]
    assert {tick.state for tick in desk.done[0].ticks} == {DeliveryState.SENT, DeliveryState.HELD}
    assert f"/send-desk/deliveries/{first}/undo" in hang.get(DESK).text


# ---- days, rows and files ----


def test_a_day_of_another_year_names_its_year(
    services: Services, team: Team, app: Flask, grace: Visitor
) -> None:
    old = add(
        services,
        team,
        "story/old.md",
        "# 旧\n\n从前。",
        valid_from=date(2020, 1, 1),
        valid_until=date(2020, 2, 1),
    )
    new = add(
        services,
        team,
        "story/new.md",
        "# 新\n\n如今。",
        valid_from=date(2026, 11, 17),
        valid_until=date(2027, 1, 5),
    )
    last = add(services, team, "story/last.md", "# 末\n\n年末。", valid_until=date(2026, 12, 31))
    assert "Wed 1 Jan 2020 – Sat 1 Feb 2020" in said(grace.get(f"{SHELVES}/{old}"), ".page-head__lede")
    assert "Tue 17 Nov – Tue 5 Jan 2027" in said(grace.get(f"{SHELVES}/{new}"), ".page-head__lede")
    # It ends with the first instant of 2027, and its last day is one of this year.
    assert "until Thu 31 Dec" in said(grace.get(f"{SHELVES}/{last}"), ".page-head__lede")
    assert "2026" not in said(grace.get(f"{SHELVES}/{last}"), ".page-head__lede")
    chinese = Visitor(app, "grace", locale="zh_Hans")
    assert "11月17日 周二 – 2027年1月5日 周二" in said(chinese.get(f"{SHELVES}/{new}"), ".page-head__lede")


def test_this_year_is_the_year_where_the_brand_is(
    services: Services, team: Team, grace: Visitor, clock: FakeClock
) -> None:
    eve = add(services, team, "story/eve.md", "# 除夕\n\n年三十。", valid_until=date(2026, 12, 31))
    clock.forward(days=40, hours=13)  # 31 December, 17:00 UTC.
    assert "Thu 31 Dec 2026" in said(grace.get(f"{SHELVES}/{eve}"), ".page-head__lede")


def test_a_row_that_has_not_begun_is_told_from_one_that_is_over(
    services: Services, team: Team, grace: Visitor
) -> None:
    table = "商品,会员价,有效期起,有效期止\n米缸,129 元,,2026-11-19\n陶锅,239 元,2026-12-01,\n酱,9 元,,\n"
    prices = add(services, team, "offer/prices.csv", table)
    rows = parsed(grace.get(f"{SHELVES}/{prices}")).css(".passage-table tbody tr")
    chips = [[chip.text(strip=True) for chip in row.css(".state")] for row in rows]
    assert chips == [["Expired"], ["Not yet valid"], []]


def test_a_file_comes_back_under_the_name_that_it_came_by(
    services: Services, team: Team, grace: Visitor
) -> None:
    add(services, team, "offer/价目表.csv", "商品,会员价\n陶锅,239 元\n")
    prices = add(services, team, "offer/价目表.csv", "商品,会员价\n陶锅,219 元\n")
    for number in (1, 2):
        assert services.library.file(prices, number, brand=team.brand).name == "价目表.csv"
    saved = grace.get(f"{SHELVES}/{prices}/revisions/1/file")
    assert "%E4%BB%B7%E7%9B%AE%E8%A1%A8.csv" in saved.headers["Content-Disposition"]


# ---- what cannot stand is said beside its field ----


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("米", "“米” is a single character"),
        ("Hearth", "“Hearth” is a name of your own"),
        ("陶锅", "“陶锅” is part of your own “小灶陶锅”"),
        ("锅" * 200, "is too long for a name"),
    ],
)
def test_a_name_that_would_block_all_copy_is_refused_beside_its_field(
    services: Services, team: Team, grace: Visitor, name: str, sentence: str
) -> None:
    note = add(services, team, "competitor_note/pots.md", "---\nnames: [陶满堂]\n---\n# 同行\n\n锅厚。")
    terms = {"title": "同行", "kind": "competitor_note", "names": f"陶满堂\n{name}"}
    refused = grace.post(f"{SHELVES}/{note}/settings", terms)
    assert refused.status_code == 422
    assert sentence in said(refused, "#set-names-error")
    assert name in one(refused, "#set-names").text()
    assert services.library.material(note, brand=team.brand).names == ("陶满堂",)
    terms["names"] = "陶满堂\n锅喜盈"
    assert grace.post(f"{SHELVES}/{note}/settings", terms).status_code == 303
    assert services.library.material(note, brand=team.brand).names == ("陶满堂", "锅喜盈")


def test_what_was_ticked_stays_ticked_where_its_days_are_refused(
    services: Services, team: Team, grace: Visitor
) -> None:
    first, _, third = (add(services, team, f"story/{n}.md", f"# {n}\n\n第 {n} 则。") for n in range(3))
    crooked = {"do": "window", "valid_from": "2026-12-20", "valid_until": "2026-12-01"}
    refused = grace.post(f"{SHELVES}/bulk", {**crooked, "material": [first, third]})
    ticked = [node.attributes["value"] for node in parsed(refused).css("[name=material][checked]")]
    assert ticked == [str(first), str(third)]
    assert said(refused, ".chosen__count") == "2 chosen"
    refused = grace.post(f"{SHELVES}/bulk", {**crooked, "all": "story"})
    assert said(refused, ".chosen__count") == "3 chosen"


# ---- a consent is taken back ----


def test_taking_a_consent_back_asks_once_and_shows_what_was_recorded(
    services: Services, team: Team, grace: Visitor
) -> None:
    story = services.telling.tell(
        Story("下夜班焖一锅粥。", Kind.EXPERIENCE, attribution="阿棉"),
        consent=CONSENT,
        brand=team.brand,
        actor=team.manager,
    )
    room = f"{SHELVES}/stories"
    asked = grace.post(f"{room}/{story}/withdraw")
    assert asked.status_code == 200
    assert CONSENT in said(asked) and "No post that is still to be sent cites this story" in said(asked)
    assert [one.consent for one in services.stories.view(brand=team.brand).agreed] == [CONSENT]

    done = grace.get(grace.post(f"{room}/{story}/withdraw", {"sure": "1"}).location)
    assert "No unsent post cites it" in said(done, ".notice")
    view = services.stories.view(brand=team.brand)
    assert (view.waiting, view.agreed) == ((), ()) and [one.id for one in view.withdrawn] == [story]
    assert "withdrawn on Sat 21 Nov" in said(done, f"#story-{story}")
    page = grace.get(f"{SHELVES}/{story}")
    assert "the member withdrew consent on Sat 21 Nov" in said(page)
    assert "nobody has written down" not in said(page)

    grace.post(f"{room}/{story}/agree", {"consent": CONSENT, "attribution": "阿棉"})
    assert [one.id for one in services.stories.view(brand=team.brand).agreed] == [story]
    assert grace.post(f"{room}/{story + 99}/withdraw").status_code == 404


def test_a_number_in_a_story_is_named_where_it_is_refused(
    services: Services, team: Team, grace: Visitor
) -> None:
    refused = grace.post(f"{SHELVES}/stories", {"text": "有事打 13812345678。", "kind": "praise"})
    assert "13812345678 looks like personal data" in said(refused, "#field-text-error")
    assert [button.attributes["value"] for button in parsed(refused).css(".personal button")] == [
        "mask",
        "keep",
    ]


# ---- a reply and what it rests on ----


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("小灶陶锅的会员价是 199 元。", "No material bears out what it states"),
        ("谢谢你一直在。", "It cites no material"),
    ],
)
def test_a_reply_that_cites_nothing_says_why(
    services: Services, team: Team, grace: Visitor, text: str, sentence: str
) -> None:
    library(services, team)
    entry = services.copylibrary.add(
        brand=team.brand, actor=team.copywriter, scene=Scene.OFFER, title="一条", text=text
    )
    page = said(grace.get(f"{SHELVES}/copy/{entry}"), "aside")
    assert sentence in page and "run out" not in page
