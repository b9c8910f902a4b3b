"""A column that a person filled in: every fault is named by its field, and what fits is read as it was meant."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.errors import InvalidInput
from copilot.services import values
from copilot.services.columnreading import Home, read

QUIZ: dict[str, Any] = {
    "slug": "quiz",
    "name": "晚间问答",
    "module": "interaction",
    "value": "knowledge",
    "form": "quiz",
    "cadence": {"every": "day"},
    "time": "21:00",
    "channel": "community",
    "destinations": ["two", "one"],
    "purpose": "用法和保养里能出题的知识",
    "kinds": ["user_guide", "offer"],
    "length": ["20", "260"],
    "structure": ["问候", " ", "一道题"],
    "call_to_action": "在群里回复你的选项。",
}
SEEDING = values.column(0, {**QUIZ, "slug": "seeding", "name": "下午好物", "time": "15:00"})
PLACES = {"one": Channel.COMMUNITY, "two": Channel.COMMUNITY, "moments": Channel.MOMENTS}
HOME = Home(Language.ZH, PLACES, [SEEDING], date(2026, 11, 21))


def test_what_a_form_sends_as_text_is_read_as_it_was_meant() -> None:
    column = read({**QUIZ, "time": "9：05", "tolerance_minutes": "", "note": "kept"}, HOME)
    assert (column.time, column.length, column.tolerance) == (time(9, 5), (20, 260), timedelta(hours=2))
    assert column.structure == ("问候", "一道题") and column.destinations == ("two", "one")
    assert column.extra == {"note": "kept"}
    weekly = read({**QUIZ, "cadence": {"every": "week", "weekdays": ["5", "1", "5"], "dates": ["x"]}}, HOME)
    assert str(weekly.cadence) == "week:1,5"
    once = read({**QUIZ, "cadence": {"every": "once", "dates": ["2026-12-01", "2026-11-30"]}}, HOME)
    assert str(once.cadence) == "once:2026-11-30,2026-12-01"
    joins = read({**QUIZ, "cadence": {"every": "join"}, "time": "whenever"}, HOME)
    assert (joins.time, joins.tolerance) == (time(), timedelta(days=90))


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"time": "25:99"}, {"time": "invalid.column_time"}),
        ({"purpose": " ", "name": ""}, {"name": "invalid.empty", "purpose": "invalid.empty"}),
        ({"name": "长" * 41}, {"name": "invalid.column_name_long"}),
        ({"kpi": "长" * 401}, {"kpi": "invalid.column_text_long"}),
        ({"length": [90, 40]}, {"length": "invalid.column_length_order"}),
        ({"length": ["a", 40]}, {"length": "invalid.column_length"}),
        ({"length": [10, 1500]}, {"length": "invalid.column_length_channel"}),
        ({"destinations": ["one", "nowhere"]}, {"destinations": "invalid.column_destination"}),
        ({"channel": "moments"}, {"destinations": "invalid.column_destination_channel"}),
        (
            {"channel": "pigeon", "form": None},
            {"channel": "invalid.column_choice", "form": "invalid.column_choice"},
        ),
        ({"cadence": {"every": "week"}}, {"weekdays": "invalid.column_weekdays"}),
        ({"cadence": {"every": "month", "days": ["32"]}}, {"days": "invalid.column_days"}),
        ({"cadence": {"every": "festival", "festivals": ["x"]}}, {"festivals": "invalid.column_festivals"}),
        ({"cadence": {"every": "once", "dates": ["soon"]}}, {"dates": "invalid.column_dates"}),
        ({"cadence": {"every": "once", "dates": ["2026-11-20"]}}, {"dates": "invalid.column_past"}),
        ({"cadence": {}}, {"every": "invalid.column_choice"}),
        ({"cadence": "daily"}, {"every": "invalid.column_choice"}),
        ({"kinds": ["competitor_note"]}, {"kinds": "invalid.column_kinds"}),
        ({"kinds": ["gossip", "offer"]}, {"kinds": "invalid.column_kinds"}),
        ({"structure": ["问候"] * 13}, {"structure": "invalid.column_structure"}),
        (
            {"form": "welcome", "structure": ["群规", "进群福利"]},
            {"structure": "invalid.column_welcome_order"},
        ),
        ({"tolerance_minutes": "9999"}, {"tolerance_minutes": "invalid.column_tolerance"}),
        ({"slug": "seeding"}, {"slug": "invalid.column_double"}),
        ({"slug": "a/b"}, {"slug": "invalid.column_slug"}),
        ({"alone": True, "time": "15:00"}, {"time": "invalid.column_minute"}),
    ],
)
def test_every_field_that_does_not_fit_is_named(given: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read({**QUIZ, **given}, HOME)
    assert refused.value.fields == fields


def test_a_length_is_measured_in_the_unit_of_the_language() -> None:
    english = Home(Language.EN, {"tg": Channel.TELEGRAM}, [], HOME.today)
    fits = {**QUIZ, "channel": "telegram", "destinations": ["tg"], "length": [100, 800]}
    assert read(fits, english).length == (100, 800)
    with pytest.raises(InvalidInput, match="column_length_channel"):
        read({**fits, "length": [100, 900]}, english)
