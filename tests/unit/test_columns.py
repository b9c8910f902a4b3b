"""When columns come: every cadence, the ends of months, and the days on which clocks change."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value, occurrences, occurs_at
from copilot.domain.columntemplates import column_of
from copilot.domain.festivals import FESTIVALS
from copilot.domain.materials import Kind
from copilot.services import values
from copilot.services.columntemplates import all_templates

DAYS = st.dates(date(2026, 1, 1), date(2039, 12, 31))
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe"])
CADENCES = st.one_of(
    st.sampled_from([Cadence(Every.DAY), Cadence(Every.WEEKDAY), Cadence(Every.JOIN)]),
    st.sets(st.integers(1, 7), min_size=1).map(
        lambda days: Cadence(Every.WEEK, weekdays=tuple(sorted(days)))
    ),
    st.sets(st.integers(1, 31), min_size=1).map(
        lambda days: Cadence(Every.MONTH, month_days=tuple(sorted(days)))
    ),
    st.sets(st.sampled_from(sorted(FESTIVALS)), min_size=1, max_size=3).map(
        lambda slugs: Cadence(Every.FESTIVAL, festivals=tuple(sorted(slugs)))
    ),
    st.sets(DAYS, min_size=1, max_size=3).map(lambda days: Cadence(Every.ONCE, dates=tuple(sorted(days)))),
)


def column(cadence: Cadence, at: time = time(9), **given: object) -> Column:
    return Column(
        **{  # type: ignore[arg-type]
            "id": 0,
            "slug": "check-in",
            "name": "打卡",
            "module": Module.INTERACTION,
            "value": Value.SOCIAL,
            "form": Form.CHECK_IN,
            "cadence": cadence,
            "time": at,
            "channel": Channel.COMMUNITY,
            "purpose": "早上的小场景",
            "kinds": (Kind.STORY,),
            "length": (50, 160),
            "call_to_action": "回复「早」。",
            "tolerance": timedelta(minutes=values.tolerance_minutes(cadence)),
            **given,
        }
    )


@given(st.integers(1, 31), st.integers(2026, 2039), st.integers(1, 12))
def test_a_day_of_the_month_comes_once_in_every_month(day: int, year: int, month: int) -> None:
    cadence = Cadence(Every.MONTH, month_days=(day,))
    last = monthrange(year, month)[1]
    found = [n for n in range(1, last + 1) if cadence.occurs(date(year, month, n))]
    assert found == [min(day, last)]


def test_two_days_that_a_short_month_does_not_have_are_its_one_last_day() -> None:
    cadence = Cadence(Every.MONTH, month_days=(30, 31))
    assert [day for day in range(1, 29) if cadence.occurs(date(2027, 2, day))] == [28]
    assert [day for day in range(1, 31) if cadence.occurs(date(2027, 4, day))] == [30]


@given(DAYS)
def test_every_other_cadence_says_on_which_days_it_comes(day: date) -> None:
    assert Cadence(Every.DAY).occurs(day)
    assert Cadence(Every.WEEKDAY).occurs(day) == (day.weekday() < 5)
    assert Cadence(Every.WEEK, weekdays=(5, 7)).occurs(day) == (day.strftime("%a") in ("Fri", "Sun"))
    assert Cadence(Every.ONCE, dates=(day,)).occurs(day)
    assert not Cadence(Every.ONCE, dates=(day,)).occurs(day + timedelta(days=1))
    assert not Cadence(Every.JOIN).occurs(day)


def test_a_festival_moves_with_the_moon() -> None:
    cadence = Cadence(Every.FESTIVAL, festivals=("mid-autumn", "new-year"))
    assert [d for d in (date(2026, 9, 25), date(2027, 9, 15), date(2027, 1, 1)) if cadence.occurs(d)]
    assert not cadence.occurs(date(2027, 9, 25))


@pytest.mark.parametrize(
    ("every", "lists"),
    [
        (Every.WEEK, {}),
        (Every.WEEK, {"weekdays": (0,)}),
        (Every.WEEK, {"weekdays": (8,)}),
        (Every.DAY, {"weekdays": (1,)}),
        (Every.MONTH, {}),
        (Every.MONTH, {"month_days": (32,)}),
        (Every.MONTH, {"month_days": (1,), "weekdays": (1,)}),
        (Every.FESTIVAL, {}),
        (Every.FESTIVAL, {"festivals": ("no-such-day",)}),
        (Every.ONCE, {}),
        (Every.JOIN, {"dates": (date(2026, 12, 1),)}),
    ],
)
def test_a_cadence_that_would_never_come_is_none(every: Every, lists: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(ValueError, match="cadence"):
        Cadence(every, **lists)  # type: ignore[arg-type]


@given(CADENCES, DAYS, ZONES, st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_an_occurrence_is_one_and_what_lies_between_is_none(
    cadence: Cadence, start: date, zone: str, at: time
) -> None:
    """Whatever the clocks do: each day that the cadence names has one instant, at the wall time it says."""
    found = list(occurrences(column(cadence, at), start, 10, zone))
    days = [start + timedelta(days=n) for n in range(10)]
    assert len(found) == sum(cadence.occurs(day) for day in days)
    assert found == sorted(found)
    for instant in found:
        assert instant.tzinfo is UTC
        assert occurs_at(column(cadence, at), instant, zone)
        assert not occurs_at(column(cadence, at), instant + timedelta(minutes=1), zone)
        local = instant.astimezone(ZoneInfo(zone))
        # A wall time that is skipped is shown later, by as much as the clocks jump: an hour at most.
        assert (local.hour * 60 + local.minute) - (at.hour * 60 + at.minute) in (0, 30, 60)


def test_the_hours_that_a_change_of_clocks_skips_and_repeats() -> None:
    nightly = column(Cadence(Every.DAY), time(1, 30))
    skipped = list(occurrences(nightly, date(2027, 3, 28), 1, "Europe/London"))
    assert skipped == [datetime(2027, 3, 28, 1, 30, tzinfo=UTC)]
    repeated = list(occurrences(nightly, date(2026, 10, 25), 1, "Europe/London"))
    assert repeated == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]
    morning = column(Cadence(Every.DAY))
    before, after = occurrences(morning, date(2026, 10, 24), 2, "Europe/London")
    assert after - before == timedelta(hours=25)


@given(CADENCES, st.booleans(), st.integers(1, 9999), st.sampled_from(list(Channel)))
def test_a_column_and_its_profile_are_the_same_thing(
    cadence: Cadence, alone: bool, minutes: int, channel: Channel
) -> None:
    whole = column(
        cadence,
        alone=alone,
        tolerance=timedelta(minutes=minutes),
        channel=channel,
        structure=("问候", "打卡"),
        destinations=("one",),
        owner="阿穗",
        kpi="人数",
        extra={"note": "x"},
    )
    assert values.column(0, values.column_profile(whole)) == whole
    plain = column(cadence)
    profile = values.column_profile(plain)
    assert values.column(0, profile) == plain
    assert not {"owner", "tolerance_minutes", "alone"} & profile.keys()


def test_every_template_is_a_column_for_brands_of_both_languages() -> None:
    slugs = [one.slug for one in all_templates()]
    assert len(slugs) == len(set(slugs))
    for template in all_templates():
        for language in Language:
            made = column_of(template, language, [])
            assert values.column(0, values.column_profile(made)) == made
            assert made.destinations == () and made.channel is template.channels[language][0]
            assert all([made.purpose, made.kpi, made.structure, template.words[language].why])


def test_a_template_goes_to_all_of_the_first_channel_that_fits_and_is_there() -> None:
    points = next(one for one in all_templates() if one.slug == "points")
    places = [("mail", Channel.EMAIL), ("a", Channel.SLACK), ("b", Channel.SLACK)]
    made = column_of(points, Language.EN, places)
    assert (made.channel, made.destinations) == (Channel.SLACK, ("a", "b"))
    with_telegram = column_of(points, Language.EN, [*places, ("t", Channel.TELEGRAM)])
    assert with_telegram.destinations == ("t",)


def test_the_seeds_day_is_at_the_seeds_hours() -> None:
    day = [one for one in all_templates() if one.shelf == "day"]
    assert [one.times[0].hour for one in day] == [9, 10, 11, 15, 21]
    (asked,) = (one for one in all_templates() if one.asks_time)
    assert (asked.slug, asked.alone, asked.times) == ("flash-sale", True, (time(9), time(21)))
