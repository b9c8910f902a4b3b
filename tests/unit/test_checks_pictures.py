"""The checks on a post's pictures, and the order that a form of pictures asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from copilot.domain.channels import LIMITS, Channel, Limits, stricter
from copilot.domain.checks.pictures import Shown, pictures
from copilot.domain.findings import Check, Severity
from copilot.web.pictures import rearranged
from copilot.wording import word

WELL = Shown("pot.jpg", "一口陶锅")


@pytest.mark.parametrize(
    ("channel", "most"),
    [(Channel.MOMENTS, 9), (Channel.COMMUNITY, 9), (Channel.TELEGRAM, 10), (Channel.SMS, 0)],
)
def test_a_channel_takes_so_many_and_not_one_more(channel: Channel, most: int) -> None:
    assert pictures([WELL] * most, LIMITS[channel]) == ()
    (found,) = pictures([WELL] * (most + 1), LIMITS[channel])
    assert found.severity is Severity.BLOCK
    assert found.reason.params["over"] == 1


def test_no_known_limit_is_no_limit() -> None:
    assert pictures([WELL] * 100, LIMITS[Channel.EMAIL]) == ()


def test_the_stricter_of_two_limits_counts_pictures_too() -> None:
    assert stricter(Limits(max_pictures=9), Limits(max_pictures=1)).max_pictures == 1
    assert stricter(Limits(), Limits(max_pictures=4)).max_pictures == 4


def test_each_picture_answers_for_itself_by_its_place() -> None:
    shown = [WELL, Shown("a.png", ""), Shown("b.png", "旧图", usable=False), Shown("c.png", "", usable=False)]
    found = pictures(shown, Limits())
    assert [(one.rule, one.severity, one.reason.params["place"]) for one in found] == [
        ("no_alt", Severity.WARN, 2),
        ("retired", Severity.BLOCK, 3),
        ("retired", Severity.BLOCK, 4),
    ]
    for one in found:
        # They are about the post, not about a stretch of its words.
        assert (one.check, one.start, one.end, one.text) == (Check.PICTURES, 0, 0, "")
        assert all("{" not in word(one.reason, locale) for locale in ("en", "zh"))


@pytest.mark.parametrize(
    ("change", "order"),
    [
        ("earlier-2", [2, 1, 3]),
        ("earlier-1", [1, 2, 3]),
        ("later-2", [1, 3, 2]),
        ("later-3", [1, 2, 3]),
        ("remove-1", [2, 3]),
        ("remove-9", [1, 2, 3]),
        ("remove-x", [1, 2, 3]),
        ("", [1, 2, 3]),
    ],
)
def test_a_press_moves_one_picture(change: str, order: list[int]) -> None:
    form = MultiDict([("picture", "1"), ("picture", "2"), ("picture", "3"), ("change", change)])
    assert rearranged(form) == order


@given(st.lists(st.integers(1, 50), unique=True), st.integers(1, 50), st.sampled_from(["earlier", "later"]))
def test_moving_loses_and_doubles_nothing(order: list[int], which: int, change: str) -> None:
    form = MultiDict([*(("picture", str(one)) for one in order), ("change", f"{change}-{which}")])
    assert sorted(rearranged(form)) == sorted(order)
