"""The desk keeps whatever a person has set: a typed line, a ticked picture, whichever button they press."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from copilot import models
from copilot.domain.posts import PostState
from copilot.services.house import Services
from tests.conftest import Team
from tests.looks import pictures_of, the_material
from tests.steps import COPY, add, approved_post, drafted_post, picture, revise, written
from tests.visiting import HOME, Visitor, one, parsed, said

TYPED = f"{COPY}\n今晚就回来说说。"


def texts(services: Services, team: Team, post: int) -> list[str]:
    return [revision.text for revision in services.desk.post(post, brand=team.brand).revisions]


@pytest.mark.parametrize("button", ["save", "submit"])
def test_a_ticked_picture_comes_along_with_whatever_keeps_the_text(
    button: str, services: Services, team: Team, app: Flask
) -> None:
    post = drafted_post(services, team)
    chosen = picture(services, team)
    mia = Visitor(app, "mia")
    answer = mia.post(f"{HOME}/posts/{post}/{button}", {"text": TYPED, "based_on": "1", "add": str(chosen)})
    assert answer.status_code == 303
    assert pictures_of(services, team, post) == [chosen]
    view = services.desk.post(post, brand=team.brand)
    assert view.head is not None and view.head.text == TYPED
    assert view.state is (PostState.IN_REVIEW if button == "submit" else PostState.DRAFT)
    # A form without a tick says nothing about the pictures that stand.
    number = str(view.head.number)
    assert mia.post(f"{HOME}/posts/{post}/save", {"text": COPY, "based_on": number}).status_code == 303
    assert pictures_of(services, team, post) == [chosen]


def test_a_refusal_keeps_the_tick(services: Services, team: Team, app: Flask) -> None:
    post = drafted_post(services, team)
    chosen, other = picture(services, team, 1), picture(services, team, 2)
    answer = Visitor(app, "mia").post(
        f"{HOME}/posts/{post}/save", {"text": " ", "based_on": "1", "add": str(chosen)}
    )
    assert answer.status_code == 422
    page = parsed(answer)
    assert "checked" in one(page, f"input[name=add][value='{chosen}']").attributes
    assert "checked" not in one(page, f"input[name=add][value='{other}']").attributes
    assert "open" in one(page, "#pictures details").attributes


def test_a_new_draft_begins_by_saving_what_was_typed(services: Services, team: Team, app: Flask) -> None:
    post = drafted_post(services, team)
    chosen = picture(services, team)
    mia = Visitor(app, "mia")
    page = parsed(mia.get(f"{HOME}/posts/{post}"))
    # The wish and its button belong to the editor's form, so that a browser sends both.
    assert one(page, "[name=instruction]").attributes["form"] == "write"
    assert one(page, "[data-key=d]").attributes["form"] == "write"
    typed = {"text": TYPED, "based_on": "1", "add": str(chosen), "instruction": "小灶陶锅\n的容量"}
    assert mia.post(f"{HOME}/posts/{post}/draft", typed).status_code == 303
    for thread in threading.enumerate():
        if thread.name.startswith("draft-"):
            thread.join()
    drafted, *before = texts(services, team, post)
    assert before == [TYPED, TYPED, COPY] and drafted not in before
    assert pictures_of(services, team, post) == [chosen]
    view = services.desk.post(post, brand=team.brand)
    assert view.generation is not None and view.generation.instruction == "小灶陶锅 的容量"


def test_a_long_history_is_shown_on_request(services: Services, team: Team, app: Flask) -> None:
    post = drafted_post(services, team)
    mia = Visitor(app, "mia")
    for number in range(1, 14):
        typed = {"text": f"{COPY}\n第 {number} 遍。", "based_on": str(number)}
        assert mia.post(f"{HOME}/posts/{post}/save", typed).status_code == 303
    page = parsed(mia.get(f"{HOME}/posts/{post}"))
    assert len(page.css("details.version")) == 12
    link = str(one(page, "a[href*='versions=all']").attributes["href"])
    page = parsed(mia.get(link))
    assert len(page.css("details.version")) == 14 and page.css_first("a[href*='versions=all']") is None


def test_a_new_draft_over_somebody_elses_version_is_refused_and_keeps_the_line(
    services: Services, team: Team, app: Flask
) -> None:
    post = drafted_post(services, team)
    services.revising.save(post, brand=team.brand, actor=team.operator, text=f"{COPY}\n小航。", based_on=1)
    typed = {"text": TYPED, "based_on": "1", "instruction": "容量"}
    answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/draft", typed)
    assert answer.status_code == 409
    assert one(answer, "textarea[name=text]").text() == TYPED
    assert one(answer, "[name=instruction]").text() == "容量"
    assert services.desk.post(post, brand=team.brand).generation is None


def test_a_draft_refused_after_the_line_was_saved_does_not_call_it_lost(
    services: Services, team: Team, app: Flask
) -> None:
    post = drafted_post(services, team)
    services.drafting.request(post, brand=team.brand, actor=team.copywriter)
    answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/draft", {"text": TYPED, "based_on": "1"})
    assert answer.status_code == 409
    assert texts(services, team, post) == [TYPED, COPY]
    assert "It was not saved" not in said(answer)


def test_enter_on_a_ticked_picture_saves_even_where_the_editor_is_folded(
    services: Services, team: Team, app: Flask
) -> None:
    """A browser presses the first button of the form in the page, wherever it stands."""
    post = drafted_post(services, team)
    chosen = picture(services, team)
    services.revising.illustrate(post, brand=team.brand, actor=team.copywriter, media=[chosen])
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    page = parsed(Visitor(app, "mia").get(f"{HOME}/posts/{post}"))
    buttons = page.css("button[form=write], form#write button")
    assert buttons[0].attributes["formaction"] == f"{HOME}/posts/{post}/save"
    assert any((button.attributes.get("value") or "").startswith("remove-") for button in buttons)


def test_a_correction_is_put_into_what_stands_in_the_editor(
    services: Services, team: Team, app: Flask
) -> None:
    """Typed before and behind the old price, and not saved yet: the press keeps it, and finds the price there."""
    post = approved_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    mia = Visitor(app, "mia")
    button = one(mia.get(f"{HOME}/posts/{post}"), ".flags__patch .button")
    assert button.attributes["form"] == "write"
    typed = f"晚上好呀，姐妹们。\n{COPY}\n小灶见。"
    answer = mia.post(button.attributes["formaction"] or "", {"text": typed, "based_on": "1"})
    assert answer.status_code == 303
    assert texts(services, team, post) == [typed.replace("239", "259"), typed, COPY]
    assert "Version 3 says what the materials say now" in said(mia.get(answer.location), "#notices")


def test_a_correction_is_still_offered_after_any_number_of_other_edits(
    services: Services, team: Team, app: Flask
) -> None:
    post = approved_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    mia, typed = Visitor(app, "mia"), COPY
    for based_on, line in enumerate(("姐妹们好。", "天冷了。", "小航来啦。"), start=1):
        typed = f"{line}\n{typed}"
        mia.post(f"{HOME}/posts/{post}/save", {"text": typed, "based_on": str(based_on)})
    assert "239 元 259 元" in said(mia.get(f"{HOME}/posts/{post}"), ".flags__patch")
    mia.post(f"{HOME}/posts/{post}/patch", {"text": typed, "based_on": "4"})
    assert texts(services, team, post)[0] == typed.replace("239", "259")
    assert not services.desk.post(post, brand=team.brand).flags


def test_whoever_corrected_by_hand_and_presses_too_loses_nothing(
    services: Services, team: Team, app: Flask
) -> None:
    post = approved_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    typed = {"text": COPY.replace("239", "259"), "based_on": "1"}
    answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/patch", typed)
    assert answer.status_code == 409
    assert "no correction here" in said(answer, "[data-error]")
    assert texts(services, team, post) == [typed["text"], COPY]


def test_a_fix_mends_what_stands_in_the_editor(services: Services, team: Team, app: Flask) -> None:
    wrong = "小灶陶锅会员价 199 元。"
    post = drafted_post(services, team, f"{wrong}\n{COPY}\n{wrong}")
    findings = services.desk.post(post, brand=team.brand).findings
    first, second = (finding.id for finding in findings if "199" in finding.text)
    mia = Visitor(app, "mia")
    page = parsed(mia.get(f"{HOME}/posts/{post}"))
    button = one(page, f"#finding-{second} button")
    assert button.attributes["form"] == "write"
    typed = f"大家晚上好。\n{wrong}\n{COPY}\n{wrong}"
    # The press says which finding was read, as a number may come to be another's.
    pressed = {"text": typed, "based_on": "1", button.attributes["name"]: button.attributes["value"]}
    answer = mia.post(button.attributes["formaction"] or "", pressed | {"seen": "another"})
    assert answer.status_code == 409
    answer = mia.post(button.attributes["formaction"] or "", pressed | {"based_on": "2"})
    assert answer.status_code == 303
    assert texts(services, team, post)[0] == f"大家晚上好。\n{wrong}\n{COPY}\n{wrong.replace('199', '239')}"
    # Where somebody else was faster, nothing is mended and the line is kept on the page.
    answer = mia.post(f"{HOME}/posts/{post}/fix/{first}", {"text": TYPED, "based_on": "1"})
    assert answer.status_code == 409
    assert one(answer, "textarea[name=text]").text() == TYPED
    # What nobody says any more cannot be mended.
    typed = {"text": TYPED, "based_on": "3"}
    assert mia.post(f"{HOME}/posts/{post}/fix/{first}", typed).status_code == 409
    assert texts(services, team, post)[0] == TYPED


def test_a_correction_says_what_it_made(services: Services, team: Team, app: Flask) -> None:
    post = approved_post(services, team)
    revise(services, team, ("239 元", "259 元"))
    mia = Visitor(app, "mia")
    answer = mia.post(f"{HOME}/posts/{post}/patch")
    assert answer.status_code == 303
    assert texts(services, team, post) == [COPY.replace("239", "259"), COPY]
    assert "Version 2 says what the materials say now. Submit it for review" in said(
        mia.get(answer.location), "#notices"
    )
    # Once it has gone on, an old address does not say so any more.
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    assert "Version 2" not in said(mia.get(answer.location), "#notices")


def test_a_source_counts_as_gone_only_where_its_words_are(services: Services, team: Team, app: Flask) -> None:
    """Three places change elsewhere in the file, then the price itself, then the material goes."""
    post = drafted_post(services, team)
    mia = Visitor(app, "mia")
    gone = "no longer says it"
    revise(services, team, ("锅壁厚 9 毫米", "锅壁厚 10 毫米"), ("25 分钟", "30 分钟"))
    assert all(not source.live for source in passages(services))
    assert gone not in said(mia.get(f"{HOME}/posts/{post}"))
    revise(services, team, ("239 元", "259 元"))
    assert gone in said(mia.get(f"{HOME}/posts/{post}"), "#source-1")
    services.lifecycle.retire([the_material(services, team)], brand=team.brand, actor=team.manager.id)
    assert "The material was taken out of use" in said(mia.get(f"{HOME}/posts/{post}"), "#source-1")
    assert gone not in said(mia.get(f"{HOME}/posts/{post}"))


def passages(services: Services) -> list[models.Passage]:
    """The passages that the newest texts cite."""
    with services.parts.db.read() as session:
        return list(
            session.scalars(
                select(models.Passage).join(models.Claim, models.Claim.passage_id == models.Passage.id)
            )
        )


def test_a_flag_marks_what_differs_and_not_the_whole_row(services: Services, team: Team, app: Flask) -> None:
    table = "商品,规格,会员价\n溪石米缸,2 升,129 元\n小灶陶锅,1.2 升,239 元\n"
    add(services, team, "offer/prices.csv", table)
    post = written(services, team, "溪石米缸，会员价 129 元。\n想要的饭友在群里说一声。")
    add(services, team, "offer/prices.csv", table.replace("129 元", "139 元"))
    page = parsed(Visitor(app, "mia").get(f"{HOME}/posts/{post}"))
    pair = one(page, ".flags__pair")
    assert [node.text() for node in pair.css("del")] == ["129"]
    assert [node.text() for node in pair.css("ins")] == ["139"]
    assert "溪石米缸" in pair.text()


def test_other_words_altogether_are_not_marked(services: Services, team: Team) -> None:
    """A source that runs out still says the same, and one that is gone says nothing: there is nothing to mark."""
    post = drafted_post(services, team)
    services.lifecycle.retire([the_material(services, team)], brand=team.brand, actor=team.manager.id)
    for flag in services.desk.post(post, brand=team.brand).flags:
        assert [change.is_change for change in flag.was] == [False]
        assert flag.says == ()


def test_of_a_number_the_whole_is_marked(services: Services, team: Team) -> None:
    """1,200 became 1,250: half a number, struck out, reads as another one."""
    table = '商品,积分\n小灶陶锅,"1,200 积分"\n溪石米缸,900 积分\n'
    add(services, team, "offer/prices.csv", table)
    post = written(services, team, "小灶陶锅，1,200 积分就能换。\n想要的饭友在群里说一声。")
    add(services, team, "offer/prices.csv", table.replace("1,200", "1,250"))
    (flag,) = services.desk.post(post, brand=team.brand).flags
    assert [change.text for change in flag.was if change.is_change] == ["1,200"]
    assert [change.text for change in flag.says if change.is_change] == ["1,250"]


def test_a_figure_without_a_source_says_what_is_nearest(services: Services, team: Team, app: Flask) -> None:
    post = drafted_post(services, team, COPY.replace("239", "249"))
    note = one(Visitor(app, "mia").get(f"{HOME}/posts/{post}"), ".copy .claim--unsupported .claim__source")
    assert "No source found. Nearest in the materials: 239 元." in note.text()
    assert "Add a material" not in note.text()


def test_a_sentence_that_the_material_denies_is_told_so_and_not_sent_for_a_source(
    services: Services, team: Team, app: Flask
) -> None:
    add(services, team, "user_guide/microwave.md", "# 微波炉\n\n小灶陶锅不能进微波炉。\n")
    post = drafted_post(services, team, "小灶陶锅可以进微波炉。\n想要的饭友在群里说一声。")
    note = one(Visitor(app, "mia").get(f"{HOME}/posts/{post}"), ".copy .claim--unsupported .claim__source")
    assert "The materials say otherwise." in note.text()
    assert "No source found" not in note.text() and "Add a material" not in note.text()
