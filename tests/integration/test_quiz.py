"""A quiz that a model writes asks what the composer made of the passages, and its operator knows the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.findings import blocking
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock, FakeWriter
from tests.steps import add

QUIZ = {
    "name": "灶边问答", "module": "interaction", "value": "social", "form": "quiz", "cadence": {"every": "day"},
    "time": "21:00", "channel": "community", "destinations": ["one"], "purpose": "火候和用水的小题",
    "kinds": ["user_guide"], "length": [30, 200], "call_to_action": "在群里回复你的选项。",
}  # fmt: skip
GUIDE = """---
title: 小灶陶锅用法
---
# 用法

小灶陶锅开锅要小火煮 40 分钟。
小灶陶锅焖一锅饭要 25 分钟。
小灶陶锅煮粥要小火 45 分钟。
小灶陶锅关火后要焖 15 分钟。
小灶陶锅先洗净擦干，再放到灶上。
小灶陶锅的盖子倒过来放，不占地方。
"""


@pytest.fixture
def modelled(services: Services, config: Config, clock: FakeClock, writer: FakeWriter) -> Services:
    """The same house with a model in it."""
    return build(config, clock=clock, made=replace(services.parts, writer=writer))


def test_a_model_leads_up_to_a_question_that_is_not_its_own(
    modelled: Services, team: Team, writer: FakeWriter
) -> None:
    add(modelled, team, "user_guide/pot.md", GUIDE)
    slug = modelled.sops.add(QUIZ, brand=team.brand, actor=team.manager)
    modelled.planning.plan(brand=team.brand, start=date(2026, 11, 22), days=1)
    week = modelled.calendar.week(brand=team.brand, around=date(2026, 11, 22))
    slot = next(card.slot for day in week.days for card in day.slots if card.column == slug)
    post = modelled.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    # A weak model asks a question of its own, and tells the answer of ours.
    writer.enqueue(
        "晚上好。\n小灶陶锅开锅要小火煮 40 分钟。\n小灶陶锅焖一锅饭要 25 分钟。\n小灶陶锅煮粥要小火 45 分钟。\nA. 先洗\nB. 先煮"
    )
    modelled.drafting.run(modelled.drafting.request(post, brand=team.brand, actor=team.copywriter))
    head = modelled.desk.post(post, brand=team.brand).head
    assert head is not None
    assert head.text == (
        "晚上好。\n小灶陶锅开锅要小火煮 40 分钟。\n小灶陶锅焖一锅饭要 25 分钟。\n\n"
        f"{head.provenance['question']}\n在群里回复你的选项。"
    )
    assert "小灶陶锅煮粥要小火 ＿＿ 分钟。\nA. 15 分钟\nB. 25 分钟\nC. 45 分钟\n" in head.text
    assert head.provenance["note"] == "答案：C. 45 分钟。素材原文：小灶陶锅煮粥要小火 45 分钟。"
    assert "- 小灶陶锅煮粥" not in writer.history[0].prompt and "＿＿" not in writer.history[0].prompt
    assert not blocking(modelled.checking.recheck(post, brand=team.brand).findings)
