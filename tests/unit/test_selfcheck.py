"""The self-check: what the machine answers by itself, and what it leaves to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from copilot import wording
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.findings import Verdict
from copilot.domain.messages import Message
from copilot.domain.selfcheck import Ask, Beside, Outgoing, Question, Sentence, self_check

COLUMN = Column(
    id=1,
    slug="seeding",
    name="下午好物",
    module=Module.SEEDING,
    value=Value.KNOWLEDGE,
    form=Form.SEEDING,
    cadence=Cadence(Every.DAY),
    time=time(15),
    channel=Channel.COMMUNITY,
    purpose="小灶陶锅",
    kinds=(),
    length=(20, 260),
    call_to_action="想要的饭友在群里说一声。",
    kpi="群里说一声的人数",
)
AT = datetime(2026, 11, 21, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
WALL, COST = "锅壁厚 9 毫米。\n", "会员价是 239 元。\n"
POST = Outgoing(
    text=f"{WALL}{COST}{COLUMN.call_to_action}",
    language=Language.ZH,
    column=COLUMN,
    at=AT,
    is_late=False,
    places=("饭友一群", "饭友二群"),
    objections=(),
    sentences=(
        Sentence(0, Verdict.SUPPORTED),
        Sentence(len(WALL), Verdict.SUPPORTED),
        Sentence(len(WALL + COST), Verdict.OPINION),
    ),
    beside=(),
)


def answer(post: Outgoing, ask: Ask) -> Question:
    return next(one for one in self_check(post) if one.ask is ask)


def told(post: Outgoing, ask: Ask, locale: str = "en") -> str:
    found = answer(post, ask).answer
    assert found is not None
    return wording.word(found, locale)


def test_every_question_is_asked_once_and_in_order() -> None:
    assert [one.ask for one in self_check(POST)] == list(Ask)


@pytest.mark.parametrize("ask", list(Ask))
def test_every_question_is_worded(ask: Ask) -> None:
    for locale in wording.LANGUAGES:
        assert wording.word(Message(f"selfcheck.{ask}"), locale).strip()


def test_where_all_is_well_only_what_nobody_can_compute_is_left_to_a_person() -> None:
    assert [one.ask for one in self_check(POST) if one.needs_eye] == [Ask.CUSTOMERS, Ask.ONE_LINE]
    assert all(one.is_well for one in self_check(POST) if not one.needs_eye)


def test_the_tone_is_what_voice_and_terms_say() -> None:
    marked = replace(POST, objections=[("voice", "emoji"), ("terms", "banned"), ("compliance", "absolute")])
    assert not answer(marked, Ask.TONE).is_well
    assert told(marked, Ask.TONE) == "Marked as not the brand's way of speaking: 2."


def test_a_position_that_is_overrun_is_told_and_one_that_fits_proves_no_wish() -> None:
    assert answer(POST, Ask.CUSTOMERS).needs_eye
    assert told(replace(POST, objections=[("limits", "bytes")]), Ask.CUSTOMERS, "zh").startswith("按这个阵地")


def test_two_calls_to_act_are_more_than_one_line() -> None:
    """The check marks each call after the first."""
    more = replace(POST, objections=[("structure", "calls_to_action")] * 2)
    assert told(more, Ask.ONE_LINE) == "It asks members to do 3 things."


def test_value_comes_before_a_price_or_it_does_not() -> None:
    assert told(POST, Ask.VALUE_FIRST) == "Sentences with a source before the first price or offer: 1."
    turned = replace(POST, text=f"{COST}{WALL}", sentences=POST.sentences[:1])
    assert not answer(turned, Ask.VALUE_FIRST).is_well
    greeting = "各位饭友早。\n"
    greeted = replace(
        POST,
        text=f"{greeting}{COST}",
        sentences=(Sentence(0, Verdict.OPINION), Sentence(len(greeting), Verdict.SUPPORTED)),
    )
    assert not answer(greeted, Ask.VALUE_FIRST).is_well, "a greeting gives nothing yet"
    free = replace(POST, text=WALL, sentences=POST.sentences[:1])
    assert answer(free, Ask.VALUE_FIRST).is_well


def test_claims_and_their_sources_are_counted() -> None:
    assert told(POST, Ask.SOURCES) == "Every claim has a source (2)."
    bare = replace(POST, sentences=(*POST.sentences, Sentence(40, Verdict.UNSUPPORTED)))
    assert told(bare, Ask.SOURCES) == "Without a source: 1 of 3 claims."
    assert not answer(bare, Ask.SOURCES).is_well
    opinion = replace(POST, sentences=(Sentence(0, Verdict.OPINION),))
    assert answer(opinion, Ask.SOURCES).is_well


def beside(minutes: int, name: str = "晚间福利", place: str = "饭友一群") -> Beside:
    return Beside(name, place, AT + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "is_well"), [(-30, False), (0, False), (30, False), (31, True), (-31, True)]
)
def test_half_an_hour_to_the_same_group_is_too_close(minutes: int, is_well: bool) -> None:
    crowded = replace(POST, beside=[beside(240), beside(minutes)])
    assert answer(crowded, Ask.DISTURBANCE).is_well is is_well


def test_the_nearest_is_named_and_a_post_to_two_groups_counts_once() -> None:
    day = [beside(-360, "早安"), beside(120), beside(120, place="饭友二群")]
    assert told(replace(POST, beside=day), Ask.DISTURBANCE) == (
        "Other posts written for the same destinations that day: 2. The nearest is “晚间福利” at 17:00."
    )
    assert told(replace(POST, beside=[beside(20)]), Ask.DISTURBANCE) == (
        "The second post to 饭友一群 within 30 minutes: “晚间福利” is there at 15:20, 20 minutes apart."
    )


def test_an_effect_needs_a_call_and_something_to_count() -> None:
    assert told(POST, Ask.EFFECT, "zh") == "有行动引导，看「群里说一声的人数」。"
    assert not answer(replace(POST, text=WALL), Ask.EFFECT).is_well
    assert not answer(replace(POST, column=replace(COLUMN, kpi="")), Ask.EFFECT).is_well
    # Any call will do, not only the column's own.
    assert answer(replace(POST, text="回复「陶锅」。"), Ask.EFFECT).is_well


def test_where_and_when_it_goes() -> None:
    assert told(POST, Ask.DEPLOYMENT) == "As its column is planned: 饭友一群、饭友二群, at 15:00."
    assert not answer(replace(POST, is_late=True), Ask.DEPLOYMENT).is_well
    assert not answer(replace(POST, places=()), Ask.DEPLOYMENT).is_well
    # At Qingming nothing is sold.
    quiet = replace(POST, at=datetime(2026, 4, 5, 15, tzinfo=AT.tzinfo))
    assert not answer(quiet, Ask.DEPLOYMENT).is_well
    assert "清明" in told(quiet, Ask.DEPLOYMENT, "zh")


def test_what_answers_an_event_has_no_hour_and_no_neighbours() -> None:
    welcome = replace(
        POST,
        column=replace(COLUMN, module=Module.WELCOME, cadence=Cadence(Every.JOIN)),
        is_late=True,
        beside=[beside(5)],
    )
    assert answer(welcome, Ask.DISTURBANCE).is_well
    assert told(welcome, Ask.DEPLOYMENT) == "To whoever joins: 饭友一群、饭友二群."
