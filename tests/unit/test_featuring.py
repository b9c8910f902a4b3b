"""Featured columns: what occasions propose, for which day and minute, and what rests on days without promotion."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.featuring import Proposal, Setting, featured, free_minute
from copilot.domain.festivals import FESTIVALS
from copilot.domain.ideas import (
    FESTIVAL_IDEAS,
    HOT_IDEAS,
    KPIS,
    LENGTHS,
    NODE_IDEAS,
    STRUCTURES,
    Idea,
    chinese,
)
from copilot.domain.materials import Kind
from copilot.domain.occasions import (
    QUIET_MODULES,
    Hot,
    Node,
    NodeKind,
    happenings,
    is_quiet,
    line_fits,
    quiet,
    suggest_line,
)
from copilot.domain.timetable import clashes
from copilot.services import values
from copilot.wording import sentences

ZH, EN = Language.ZH, Language.EN
SATURDAY = date(2026, 11, 21)
DAILY = Cadence(Every.DAY)


def column(slug: str, at: time, module: Module = Module.INTERACTION, cadence: Cadence = DAILY) -> Column:
    return Column(
        id=0,
        slug=slug,
        name=slug,
        module=module,
        value=Value.SOCIAL,
        form=Form.TOPIC,
        cadence=cadence,
        time=at,
        channel=Channel.COMMUNITY,
        purpose="",
        kinds=(Kind.STORY,),
        length=(50, 200),
        call_to_action="",
        destinations=(f"group-of-{slug}",),
        owner=f"owner-of-{slug}",
    )


NINE, TEN = column("talk", time(9)), column("gift", time(10), Module.WELFARE)
DAYS = st.dates(date(2026, 1, 1), date(2040, 12, 1))
LANGUAGES = st.sampled_from(list(Language))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
COLUMNS = st.lists(TIMES, max_size=12).map(
    lambda times: tuple(column(f"c{number}", at) for number, at in enumerate(times))
)
NODES = st.lists(
    st.builds(
        Node,
        id=st.integers(1, 5),
        kind=st.sampled_from(NodeKind),
        name=st.text("日 a{}", min_size=1, max_size=20),
        day=DAYS,
        yearly=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda node: node.id,
)
EVENTS = st.lists(
    st.builds(
        lambda number, first, lasts: Hot(number, Kind.NEWS, "磨坊", first, first + timedelta(days=lasts)),
        st.integers(1, 4),
        DAYS,
        st.integers(0, 20),
    ),
    max_size=3,
    unique_by=lambda event: event.material,
)


@settings(max_examples=30, deadline=None)
@given(language=LANGUAGES, columns=COLUMNS, nodes=NODES, events=EVENTS, today=DAYS, days=st.integers(1, 40))
def test_whatever_is_proposed_fits(
    language: Language,
    columns: tuple[Column, ...],
    nodes: list[Node],
    events: list[Hot],
    today: date,
    days: int,
) -> None:
    def proposals() -> tuple[Proposal, ...]:
        return featured(Setting(language, columns), nodes, events, today=today, days=days)

    found = proposals()
    assert found == proposals()
    assert list(found) == sorted(found, key=lambda one: one.day)
    others = list(columns)
    for one in found:
        made = values.column(0, one.profile)
        slug = one.key.partition(":")[0]
        lead = FESTIVALS[slug].lead_days if slug in FESTIVALS else 14
        assert timedelta(days=1) <= one.day - today <= timedelta(days=max(days, lead))
        assert made.cadence.occurs(one.day)
        assert made.slug not in {other.slug for other in others}
        assert clashes(made, others, today) == ()
        others.append(made)
        if is_quiet(one.day, language):
            assert made.module not in QUIET_MODULES and not one.key.startswith("hot-")


@settings(max_examples=30, deadline=None)
@given(wanted=TIMES, step=st.integers(1, 90))
def test_on_a_crowded_day_the_minute_is_still_free_and_as_near_as_it_can_be(wanted: time, step: int) -> None:
    taken = {time(minute // 60, minute % 60) for minute in range(0, 24 * 60, step)} - {time(4, 4)}
    found = free_minute(taken, wanted)
    assert found not in taken
    assert step == 1 or time(8) <= found <= time(22)


def test_two_weeks_before_black_friday_a_calm_list_is_proposed_between_the_columns() -> None:
    setting = Setting(EN, (NINE, TEN, column("late", time(20, 0))))
    (friday, *_) = featured(setting, [], [], today=date(2026, 11, 13))
    assert (friday.key, friday.occasion) == ("black-friday:2026-11-27", "Black Friday")
    assert friday.profile["cadence"] == {"every": "once", "dates": ["2026-11-27"]}
    assert (friday.profile["module"], friday.profile["time"]) == ("conversion", "20:36")
    assert friday.profile["kinds"] == ["offer", "bundle"]


def test_what_needs_preparing_is_proposed_earlier() -> None:
    assert [one.key for one in featured(Setting(EN), [], [], today=date(2026, 11, 6))] == [
        "black-friday:2026-11-27"
    ]
    assert featured(Setting(EN), [], [], today=date(2026, 11, 5)) == ()


def test_it_goes_where_the_daily_column_of_its_module_goes() -> None:
    weekly = column("weekly", time(12), Module.CONVERSION, Cadence(Every.WEEK, (5,)))
    places = {f"group-of-{slug}": Channel.COMMUNITY for slug in ("weekly", "gift", "talk")}
    setting = Setting(ZH, (weekly, NINE, TEN), places)
    (laba,) = featured(setting, [], [], today=date(2027, 1, 14), days=1)
    assert laba.profile["destinations"] == ["group-of-talk"] and laba.profile["owner"] == "owner-of-talk"
    (sale,) = featured(setting, [], [], today=date(2027, 3, 7), days=1)[:1]
    assert sale.profile["destinations"] == ["group-of-gift"]
    closed = Setting(ZH, (NINE,), {"group-of-gift": Channel.COMMUNITY})
    assert featured(closed, [], [], today=date(2027, 1, 14), days=1)[0].profile["destinations"] == []
    alone = Setting(ZH, destinations={"moments": Channel.MOMENTS, "mail": Channel.EMAIL})
    (laba,) = featured(alone, [], [], today=date(2027, 1, 14), days=1)
    assert (laba.profile["channel"], laba.profile["destinations"]) == ("moments", ["moments"])


def test_a_festival_that_has_its_column_is_not_proposed_again_next_year() -> None:
    (laba,) = featured(Setting(ZH, (NINE,)), [], [], today=date(2027, 1, 14), days=1)
    kept = values.column(0, laba.profile)
    assert kept.cadence.occurs(date(2028, 1, 4))
    assert featured(Setting(ZH, (NINE, kept)), [], [], today=date(2028, 1, 3), days=1) == ()


def test_on_qingming_there_is_talk_and_nothing_for_sale() -> None:
    (found,) = featured(Setting(ZH), [], [], today=date(2027, 4, 1), days=5)
    assert (found.day, found.profile["module"]) == (date(2027, 4, 5), "interaction")
    rest = quiet(date(2027, 4, 5), ZH)
    assert rest is not None and rest.modules == {Module.CONVERSION, Module.WELFARE, Module.SEEDING}
    assert (rest.reason.id, rest.reason.params) == ("featured.quiet", {"name": "清明"})
    assert quiet(date(2027, 4, 5), EN) is None and is_quiet(date(2026, 11, 8), EN)


def test_an_idea_that_sells_is_left_out_where_its_day_turns_out_quiet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    selling = replace(chinese.FESTIVALS["qingming"], module=Module.WELFARE, form=Form.OFFER)
    monkeypatch.setitem(cast("dict[str, Idea]", chinese.FESTIVALS), "qingming", selling)
    assert featured(Setting(ZH), [], [], today=date(2027, 4, 1), days=5) == ()


def test_on_a_day_of_mourning_nothing_is_proposed_and_news_waits_until_it_is_over() -> None:
    news = Hot(7, Kind.NEWS, "The mill wheel", date(2026, 11, 1), date(2026, 11, 12))
    found = featured(Setting(EN), [], [news], today=date(2026, 11, 7), days=5)
    assert (found[0].key, found[0].day) == ("hot-7:2026-11-12", date(2026, 11, 9))
    assert all(one.day != date(2026, 11, 8) for one in found)
    over = Hot(7, Kind.NEWS, "The mill wheel", date(2026, 11, 1), date(2026, 11, 8))
    kept = featured(Setting(EN), [], [over], today=date(2026, 11, 7), days=5)
    assert [one.key for one in kept] == ["black-friday:2026-11-27"]


def test_a_hot_event_keeps_its_key_from_day_to_day() -> None:
    news = Hot(7, Kind.TREND, "小锅饭", date(2026, 11, 20), date(2026, 12, 4))
    keys = {
        one.key
        for late in range(5)
        for one in featured(Setting(ZH), [], [news], today=SATURDAY + timedelta(days=late))
        if one.key.startswith("hot-")
    }
    assert keys == {"hot-7:2026-12-04"}


@pytest.mark.parametrize(
    ("year", "day"), [(2027, date(2027, 2, 28)), (2028, date(2028, 2, 29)), (2023, None)]
)
def test_a_leap_day_is_kept_every_year_since_it_began(year: int, day: date | None) -> None:
    began = Node(1, NodeKind.ANNIVERSARY, "闰日聚会", date(2024, 2, 29), yearly=True)
    assert began.days(date(year, 1, 1), date(year, 12, 31)) == ([day] if day else [])


def test_the_community_s_own_day_comes_before_a_festival_and_a_solar_term_last() -> None:
    own = Node(1, NodeKind.VOTE, "选群主", date(2027, 8, 8))
    met = happenings(date(2027, 8, 8), date(2027, 8, 8), ZH, [own])
    assert [one.slug for one in met] == ["node-1", "qixi", "liqiu"]


def test_a_main_line_is_suggested_from_the_nearest_thing_there_is() -> None:
    week = date(2026, 11, 16)
    news = Hot(7, Kind.NEWS, "石埂镇开镰饭活动", date(2026, 11, 20), date(2026, 12, 4))
    meeting = Node(1, NodeKind.FIRST_MEETING, "饭友见面会", date(2026, 11, 22))

    def line(nodes: list[Node], hot: list[Hot], new: list[str], language: Language = ZH) -> str:
        return suggest_line(week, language, nodes, hot, new, today=SATURDAY)

    assert line([meeting], [news], ["新米"]).startswith("饭友见面会：时间、地点")
    assert line([], [news], ["新米"]).startswith("「石埂镇开镰饭活动」")
    assert line([], [], ["新米"]).startswith("「新米」这周登场")
    assert line([], [], []) == ""
    assert line([], [], ["Keeper Jar"], EN).startswith("Black Friday: members' prices")
    assert line([], [], ["新" * 50]) == "新" * 50
    assert line([], [], ["新" * 90]) == ""


def test_a_name_that_is_a_question_is_asked_and_not_announced() -> None:
    vote = Node(1, NodeKind.VOTE, "Which flour next?", date(2026, 11, 25))
    found, *_ = featured(Setting(EN), [vote], [], today=SATURDAY, days=5)
    assert found.profile["purpose"].startswith("Which flour next? – what is to be decided")


def test_a_quiet_day_is_no_main_line() -> None:
    assert suggest_line(date(2027, 4, 5), ZH, [], [], [], today=date(2027, 4, 5)) == ""


IDEAS = [
    *((language, idea) for language, ideas in FESTIVAL_IDEAS.items() for idea in ideas.values()),
    *((language, idea.about("周年庆")) for language, ideas in NODE_IDEAS.items() for idea in ideas.values()),
    *((language, idea.about("周年庆")) for language, idea in HOT_IDEAS.items()),
]


@pytest.mark.parametrize("language", list(Language))
def test_ideas_are_short_and_know_the_parts_of_their_form(language: Language) -> None:
    for known, idea in IDEAS:
        if known is language:
            assert STRUCTURES[language][idea.form] and KPIS[language][idea.module]
            assert line_fits(idea.purpose, language) and idea.call_to_action
            assert not re.search(r"[%£$¥]|\d ?(元|折|p\b)", idea.purpose)
    assert LENGTHS[language][0] < LENGTHS[language][1]
    year = happenings(date(2026, 11, 21), date(2027, 11, 21), language)
    for one in year:
        week = one.day - timedelta(days=one.day.weekday())
        line = suggest_line(week, language, [], [], [], today=one.day)
        assert one.is_quiet or (line and line_fits(line, language))


def test_every_reason_is_worded() -> None:
    kinds = {str(festival.kind) for festival in FESTIVALS.values()} | {str(kind) for kind in NodeKind}
    assert {f"featured.{kind}" for kind in (*kinds, "quiet", "news", "trend")} <= sentences().keys()
    assert {f"node.{kind}" for kind in NodeKind} <= sentences().keys()
