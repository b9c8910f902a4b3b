"""The desk's checks together: one fault is told once, and a fix leaves no marks behind."""

from __future__ import annotations

from copilot.domain.channels import Channel
from copilot.services.house import Services
from tests.steps import Team, drafted_post

OFFER = "福利周五下饭三小罐 49 元一组，日常价 59 元。".encode()


def told(services: Services, team: Team, text: str) -> list[tuple[str, str]]:
    checked = services.checking.check_against(
        text, [("offer.md", OFFER)], brand=team.brand, channel=Channel.COMMUNITY
    )
    return [(str(one.check), one.text) for one in checked.findings if one.text]


def test_a_telephone_number_and_a_listed_former_price(services: Services, team: Team) -> None:
    assert told(services, team, "加我 13812345678 领券。") == [("privacy", "13812345678")]
    assert told(services, team, "下饭三小罐 49 元一组，原价 59 元。") == []
    assert ("compliance", "原价") in told(services, team, "下饭三小罐 49 元一组，原价 99 元。")


def test_one_fix_takes_the_marks_of_its_words_along(services: Services, team: Team) -> None:
    allowed = "🍚" * 20  # More than any voice has them.
    post = drafted_post(services, team, f"饭友早{allowed}，🍵，今晚见。")
    surplus = next(one for one in services.desk.post(post, brand=team.brand).findings if one.text == "🍵")
    services.revising.fix(post, surplus.id, brand=team.brand, actor=team.copywriter)
    newest = services.desk.post(post, brand=team.brand).head
    assert newest is not None and newest.text == f"饭友早{allowed}，今晚见。"
