"""What a week gives its readers: in balance it is only counted, out of balance it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot import wording
from copilot.domain.balance import balance
from copilot.domain.columns import Module, Value

TALK = (Module.INTERACTION, Value.SOCIAL)
GUIDE = (Module.INTERACTION, Value.KNOWLEDGE)
SEEDING = (Module.SEEDING, Value.KNOWLEDGE)
OFFER = (Module.WELFARE, Value.WELFARE)


def noted(*posts: tuple[Module, Value]) -> list[tuple[str, object]]:
    return [(note.id, note.params.get("share")) for note in balance(posts).notes]


def test_a_week_with_something_of_everything_is_only_counted() -> None:
    week = [*[TALK] * 4, *[GUIDE] * 2, SEEDING, OFFER, OFFER]
    found = balance(week)
    assert found.notes == ()
    assert list(found.values.items()) == [(Value.SOCIAL, 4), (Value.KNOWLEDGE, 3), (Value.WELFARE, 2)]
    assert found.modules == {Module.INTERACTION: 6, Module.WELFARE: 2, Module.SEEDING: 1}


def test_what_is_missing_and_what_outweighs_the_rest_is_said_with_its_share() -> None:
    assert noted(*[TALK] * 4, *[GUIDE] * 4) == [("balance.welfare_absent", None)]
    assert noted(*[TALK] * 7, *[GUIDE] * 2, OFFER) == [("balance.social_most", 70)]
    assert noted(*[TALK] * 4, *[SEEDING] * 3, *[OFFER] * 3) == [("balance.promotion_most", 60)]


def test_of_a_few_posts_nobody_expects_a_balance() -> None:
    assert noted(*[OFFER] * 6) == []


@given(st.lists(st.tuples(st.sampled_from(Module), st.sampled_from(Value)), max_size=40))
def test_every_post_counts_once_and_every_note_has_words(week: list[tuple[Module, Value]]) -> None:
    found = balance(week)
    assert sum(found.values.values()) == sum(found.modules.values()) == len(week)
    assert set(found.values) == set(Value)
    for note in found.notes:
        assert all(wording.word(note, language) for language in wording.LANGUAGES)


@pytest.mark.parametrize("value", list(Value))
def test_every_value_can_be_missing_or_too_much(value: Value) -> None:
    other = next(one for one in Value if one is not value)
    assert f"balance.{value}_most" in dict(
        noted(*[(Module.INTERACTION, value)] * 9, (Module.INTERACTION, other))
    )
    assert f"balance.{value}_absent" in dict(noted(*[(Module.INTERACTION, other)] * 9))
