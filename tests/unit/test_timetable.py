"""The wall: which columns meet, where a minute is free, and a week as it is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.materials import Kind
from copilot.domain.timetable import clashes, free_minute, next_day, week

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)


def column(slug: str, cadence: Cadence, at: time = time(9), *places: str, alone: bool = False) -> Column:
    return Column(
        id=0,
        slug=slug,
        name=slug,
        module=Module.INTERACTION,
        value=Value.SOCIAL,
        form=Form.TEXT,
        cadence=cadence,
        time=at,
        channel=Channel.COMMUNITY,
        purpose="x",
        kinds=(Kind.STORY,),
        length=(1, 2),
        call_to_action="",
        destinations=places or ("one",),
        alone=alone,
    )


DAILY, FRIDAYS = Cadence(Every.DAY), Cadence(Every.WEEK, weekdays=(5,))


def test_columns_meet_where_time_people_and_day_are_the_same() -> None:
    daily, friday = column("daily", DAILY), column("friday", FRIDAYS)
    (met,) = clashes(daily, [daily, friday], TODAY)
    assert (met.slug, met.day, met.is_refused) == ("friday", date(2026, 11, 27), False)
    assert clashes(friday, [replace(daily, time=time(9, 5))], TODAY) == ()
    assert clashes(friday, [replace(daily, destinations=("two",))], TODAY) == ()
    assert clashes(friday, [column("monday", Cadence(Every.WEEK, weekdays=(1,)))], TODAY) == ()
    assert clashes(friday, [column("join", Cadence(Every.JOIN))], TODAY) == ()
    # Whoever names no destination reaches all whom the channel reaches.
    assert clashes(friday, [replace(daily, destinations=())], TODAY) != ()


def test_a_month_and_a_week_meet_on_some_day_of_the_year() -> None:
    (met,) = clashes(
        column("first", Cadence(Every.MONTH, month_days=(1,))), [column("friday", FRIDAYS)], TODAY
    )
    assert met.day == date(2027, 1, 1)


def test_whoever_stands_alone_refuses_on_either_side() -> None:
    flash, daily = column("flash", DAILY, alone=True), column("daily", DAILY)
    assert [one.is_refused for one in clashes(flash, [daily], TODAY)] == [True]
    assert [one.is_refused for one in clashes(daily, [flash], TODAY)] == [True]


def test_the_next_free_minute_is_five_minutes_on_until_nobody_is_met() -> None:
    held = [column("a", DAILY), column("b", DAILY, time(9, 5))]
    assert free_minute(column("c", DAILY), held, TODAY) == time(9, 10)
    assert free_minute(column("c", DAILY, time(8)), held, TODAY) == time(8)
    assert free_minute(column("c", DAILY, time(23, 55)), [column("a", DAILY, time(23, 55))], TODAY) == time(0)


@given(st.lists(st.tuples(st.sets(st.integers(1, 7), min_size=1), st.integers(0, 23)), max_size=6))
def test_a_week_on_the_wall_covers_its_seven_days_line_by_line(columns: list[tuple[set[int], int]]) -> None:
    made = [
        column(str(n), Cadence(Every.WEEK, weekdays=tuple(sorted(days))), time(hour))
        for n, (days, hour) in enumerate(columns)
    ]
    hours = week(made, MONDAY)
    assert [hour.time for hour in hours] == sorted({one.time for one in made})
    assert sorted(line.column.slug for hour in hours for line in hour.lines) == sorted(
        one.slug for one in made
    )
    for hour in hours:
        for line in hour.lines:
            assert sum(run.days for run in line.runs) == 7
            shown = {run.first + n + 1 for run in line.runs if run.occurs for n in range(run.days)}
            assert shown == set(line.column.cadence.weekdays)


def test_days_in_a_row_are_one_bar_and_days_without_stay_apart() -> None:
    (hour,) = week([column("work", Cadence(Every.WEEKDAY))], MONDAY)
    (line,) = hour.lines
    assert [(run.days, run.occurs) for run in line.runs] == [(5, True), (1, False), (1, False)]
    assert week([column("once", Cadence(Every.ONCE, dates=(date(2026, 12, 1),)))], MONDAY) == ()


def test_what_is_over_never_comes_again() -> None:
    assert next_day(column("friday", FRIDAYS), TODAY) == date(2026, 11, 27)
    assert next_day(column("over", Cadence(Every.ONCE, dates=(date(2026, 11, 1),))), TODAY) is None
    assert next_day(column("join", Cadence(Every.JOIN)), TODAY) is None
