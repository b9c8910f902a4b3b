"""A member's story from the group to the copy: asked for, told, and taken back when the member wants it back."""

from __future__ import annotations

import pytest
from flask import Flask

from copilot.domain.materials import Kind
from copilot.domain.posts import PostState
from copilot.domain.stories import Story
from copilot.errors import InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.looks import is_found
from tests.steps import COPY, approve, drafted_post, library, written
from tests.visiting import HOME, Visitor, one, said

WORDS = "下夜班到家七点，小灶陶锅焖一锅粥，女儿吃了两碗才去上学。"
CONSENT = "11月20日私聊同意，可在饭友群使用，署名「阿棉」。"
PAGE = f"{HOME}/library/stories"


def told(services: Services, team: Team, consent: str = "", text: str = WORDS) -> int:
    story = Story(text, Kind.EXPERIENCE, attribution="阿棉，饭友一群", heard="饭友一群，周五早上")
    return services.telling.tell(story, consent=consent, brand=team.brand, actor=team.manager)


def test_a_story_waits_until_its_member_agrees_and_is_found_at_once_then(
    services: Services, team: Team
) -> None:
    story = told(services, team)
    assert not is_found(services, team, WORDS)
    (waiting,) = services.stories.view(brand=team.brand).waiting
    assert (waiting.id, waiting.text, waiting.heard) == (story, WORDS, "饭友一群，周五早上")
    assert waiting.title == "下夜班到家七点，小灶陶锅焖一锅粥，女儿吃了两碗才去…"

    services.telling.agree(story, consent=CONSENT, attribution="阿棉", brand=team.brand, actor=team.manager)
    assert is_found(services, team, WORDS)
    view = services.stories.view(brand=team.brand)
    assert view.waiting == ()
    assert [(one.attribution, one.consent) for one in view.agreed] == [("阿棉", CONSENT)]
    (hit,) = services.retrieval.search("夜班 粥", brand=team.brand, kinds=[Kind.EXPERIENCE], k=5)
    assert hit.source.attribution == "阿棉"


def test_with_consent_it_needs_no_second_step(services: Services, team: Team) -> None:
    told(services, team, CONSENT)
    assert is_found(services, team, WORDS)


def test_a_member_who_takes_the_consent_back_stops_the_post_that_would_have_told_it(
    services: Services, team: Team
) -> None:
    story = told(services, team, CONSENT)
    post = drafted_post(services, team, f"{WORDS}\n{COPY}")
    approve(services, team, post)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    (row,) = services.stories.view(brand=team.brand).agreed
    assert (row.sent_posts, row.unsent_posts) == (0, 1)

    services.telling.withdraw(story, brand=team.brand, actor=team.manager)
    assert not is_found(services, team, WORDS)
    assert services.desk.post(post, brand=team.brand).state is PostState.SUSPENDED
    (withdrawn,) = services.stories.view(brand=team.brand).withdrawn
    assert withdrawn.withdrawn_at is not None and withdrawn.consent == ""


def test_what_the_library_holds_is_not_taken_in_again_and_keeps_its_consent(
    services: Services, team: Team
) -> None:
    told(services, team, CONSENT)
    with pytest.raises(InvalidInput) as refused:
        told(services, team, text=f" {WORDS}\n")
    assert refused.value.fields == {"text": "invalid.story_known"}
    assert is_found(services, team, WORDS)


def test_a_story_that_was_left_out_may_come_in_again(services: Services, team: Team) -> None:
    story = told(services, team)
    services.telling.discard(story, brand=team.brand, actor=team.manager)
    assert services.stories.view(brand=team.brand).waiting == ()
    assert told(services, team) == story
    assert len(services.stories.view(brand=team.brand).waiting) == 1


def test_only_who_curates_decides_and_only_over_members_stories(services: Services, team: Team) -> None:
    story = told(services, team)
    with pytest.raises(NotAllowed):
        services.telling.agree(story, consent=CONSENT, attribution="", brand=team.brand, actor=team.operator)
    library(services, team)
    pot = next(
        row.id for row in services.library.materials(brand=team.brand) if row.kind is Kind.SELLING_POINT
    )
    with pytest.raises(NotFound):
        services.telling.withdraw(pot, brand=team.brand, actor=team.manager)


def test_the_share_of_members_words_counts_what_is_active_and_what_went_out(
    services: Services, team: Team, clock: FakeClock
) -> None:
    library(services, team)
    told(services, team, CONSENT)
    told(services, team, text="这个还没问过。")
    post = written(services, team, f"{WORDS}\n{COPY}")
    approve(services, team, post)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    before = services.stories.view(brand=team.brand)
    assert (before.materials.own, before.materials.all, before.added) == (1, 2, 1)
    assert (before.posts.own, before.posts.all) == (0, 0)

    clock.forward(hours=3, minutes=40)
    services.delivering.tick()
    services.delivering.mark_all_sent(post, brand=team.brand, actor=team.operator)
    after = services.stories.view(brand=team.brand)
    assert (after.posts.own, after.posts.all, after.before.all) == (1, 1, 0)
    assert [row.sent_posts for row in after.agreed] == [1]
    clock.forward(days=31)
    later = services.stories.view(brand=team.brand)
    assert (later.posts.all, later.before.own, later.added) == (0, 1, 0)


# --- the page ---


def test_the_manager_pastes_a_story_and_records_the_consent_later(
    services: Services, team: Team, app: Flask
) -> None:
    grace = Visitor(app, "grace")
    assert "No story may be told yet" in said(grace.get(PAGE))
    form = {"text": WORDS, "kind": "experience", "attribution": "阿棉", "heard": "饭友一群"}
    answer = grace.post(PAGE, form)
    assert answer.status_code == 303
    page = grace.get(answer.location)
    assert "waits here until you have written down" in said(page)
    story = services.stories.view(brand=team.brand).waiting[0].id
    assert WORDS in said(page, f"#story-{story}") and "waiting for consent" in said(page, f"#story-{story}")

    refused = grace.post(f"{PAGE}/{story}/agree", {"consent": " ", "attribution": "阿棉二号"})
    assert refused.status_code == 422
    assert "once the member has agreed" in said(refused, f"#consent-{story}-error")
    assert one(refused, f"#attribution-{story}").attributes["value"] == "阿棉二号"

    agreed = grace.post(f"{PAGE}/{story}/agree", {"consent": CONSENT, "attribution": "阿棉"})
    assert agreed.status_code == 303
    assert "drafts can tell the story from now on" in said(grace.get(agreed.location))
    out = grace.post(f"{PAGE}/{story}/withdraw", {"sure": "1"})
    assert "the story is out of use" in said(grace.get(out.location))
    left = grace.post(f"{PAGE}/{story}/discard")
    assert "Bring it back" in said(grace.get(left.location))
    back = grace.post(f"{PAGE}/{story}/bring-back")
    assert WORDS in said(grace.get(back.location), f"#story-{story}")


def test_a_telephone_number_is_pointed_out_before_anything_is_kept(
    services: Services, team: Team, app: Flask
) -> None:
    grace = Visitor(app, "grace")
    form = {"text": f"{WORDS}有事打 13812345678。", "kind": "praise", "title": "粥"}
    asked = grace.post(PAGE, form)
    assert asked.status_code == 422
    assert "13812345678" in said(asked, ".personal__list") and "138****5678" in said(asked, ".personal")
    assert "13812345678" in one(asked, "textarea[name=text]").text()
    assert services.stories.view(brand=team.brand).waiting == ()

    assert grace.post(PAGE, {**form, "personal": "mask"}).status_code == 303
    (story,) = services.stories.view(brand=team.brand).waiting
    assert "138****5678" in story.text and story.title == "粥"


def test_an_order_number_that_looks_like_a_telephone_may_stay(
    services: Services, team: Team, app: Flask
) -> None:
    form = {"text": f"{WORDS}订单 13812345678。", "kind": "praise", "personal": "keep"}
    assert Visitor(app, "grace").post(PAGE, form).status_code == 303
    assert "13812345678" in services.stories.view(brand=team.brand).waiting[0].text


def test_a_form_that_does_not_fit_keeps_what_was_typed(services: Services, team: Team, app: Flask) -> None:
    refused = Visitor(app, "grace").post(PAGE, {"text": WORDS, "kind": "offer", "heard": "饭友一群"})
    assert refused.status_code == 422
    assert "an experience or praise" in said(refused, "#field-kind-error")
    assert one(refused, "textarea[name=text]").text() == WORDS
    assert one(refused, "#field-heard").attributes["value"] == "饭友一群"


def test_a_copywriter_reads_the_stories_and_decides_nothing(
    services: Services, team: Team, app: Flask
) -> None:
    story = told(services, team, CONSENT)
    mia = Visitor(app, "mia")
    page = mia.get(PAGE)
    assert WORDS in said(page) and '<form method="post" action="/b/hearth/library/stories' not in page.text
    assert mia.post(f"{PAGE}/{story}/withdraw").status_code == 403
    assert services.stories.view(brand=team.brand).agreed
