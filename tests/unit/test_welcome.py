"""The welcome: its order is known from its words, and it fits what WeCom takes."""

from __future__ import annotations

import pytest

from copilot.domain.brands import Language
from copilot.domain.checks import welcome_order
from copilot.domain.welcome import NICKNAME, Part, structure_in_order, welcome

ZH = """欢迎新来的饭友，我是小满掌柜。
新饭友进群 7 天内可领 1 张 10 元新人券，满 79 元可用。
再说说常问的：多久发货？48 小时内发货，一般 2 到 4 天送到。
末了说说群规：群里不发广告和外部链接，再发就请出群。
私聊掌柜发「新人」，领取新人券。"""
EN = """Welcome, and mind the step.
New members find 100 Crumbs in their account on joining, which is £2 off an order.
Questions about an order go to the help thread, and we answer within 4 working hours.
And the house rules, briefly: no advertising and no selling in here.
Say hello with the name of your starter."""


@pytest.mark.parametrize(("text", "language"), [(ZH, Language.ZH), (EN, Language.EN)])
def test_a_welcome_in_order_is_recognised_part_by_part(text: str, language: Language) -> None:
    seen = welcome(text, language)
    assert [place.part for place in seen.places] == list(Part)
    assert seen.is_in_order and seen.missing == ()
    assert all(text[place.start : place.end] == place.text for place in seen.places)
    assert welcome_order(text, language) == ()


@pytest.mark.parametrize(("text", "language"), [(ZH, Language.ZH), (EN, Language.EN)])
def test_rules_before_the_welfare_are_found_where_they_stand(text: str, language: Language) -> None:
    first, *lines, last = text.splitlines()
    turned = "\n".join([first, *reversed(lines), last])
    (found,) = welcome_order(turned, language)
    assert found.rule == "welcome_order"
    assert turned[found.start : found.end] == found.text
    assert not welcome(turned, language).is_in_order


def test_a_part_that_nobody_recognises_is_asked_about_and_is_no_finding() -> None:
    seen = welcome("欢迎新人。群里不发广告，请看群规。", Language.ZH)
    assert seen.missing == (Part.WELFARE, Part.QUESTIONS)
    assert welcome_order("欢迎新人。群里不发广告，请看群规。", Language.ZH) == ()


@pytest.mark.parametrize(
    ("structure", "fits"),
    [
        (("问候", "进群福利", "常见问题", "群规"), True),
        (("welfare", "questions", "rules"), True),
        (("进群福利", "群规"), True),
        (("群规", "进群福利", "常见问题"), False),
        (("gift", "house rules", "faq"), False),
        ((), True),
    ],
)
def test_the_structure_of_a_welcome_has_an_order(structure: tuple[str, ...], fits: bool) -> None:
    assert structure_in_order(structure) is fits


def test_as_a_template_it_calls_the_newcomer_by_name_once_and_counts_bytes() -> None:
    seen = welcome(ZH, Language.ZH)
    assert seen.template == f"{NICKNAME}，{ZH}"
    assert welcome(seen.template, Language.ZH).template == seen.template
    assert seen.bytes == len(seen.template.encode()) and seen.fits
    room = 3000 - len(f"{NICKNAME}，".encode())
    assert welcome("x" * room, Language.ZH).fits
    assert not welcome("x" * (room + 1), Language.ZH).fits
    assert welcome("Hello.", Language.EN).template == f"{NICKNAME}, Hello."
