"""The state machines: every state can be reached, and only listed moves succeed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.delivery import LIVE, MOVES, DeliveryState, check_move, post_event
from copilot.domain.posts import TRANSITIONS, PostEvent, PostState, after, allowed, digest
from copilot.domain.review import require_four_eyes, window_around
from copilot.errors import IllegalTransition, NotAllowed


def test_every_post_state_is_reached_from_a_draft() -> None:
    reached = {PostState.DRAFT}
    while True:
        more = {after(state, event) for state in reached for event in allowed(state)} - reached
        if not more:
            break
        reached |= more
    assert reached == set(PostState)


@given(st.sampled_from(PostState), st.sampled_from(PostEvent))
def test_only_listed_moves_succeed(state: PostState, event: PostEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) in PostState
    else:
        with pytest.raises(IllegalTransition) as refused:
            after(state, event)
        assert refused.value.params["source"] == state


def test_nothing_gets_past_review() -> None:
    """Whatever the path, a post that is scheduled was approved on it."""
    paths = {(PostState.DRAFT, False)}
    while True:
        more = {
            (after(state, event), seen or event is PostEvent.APPROVE)
            if event not in (PostEvent.EDIT, PostEvent.WITHDRAW)
            else (after(state, event), False)
            for state, seen in paths
            for event in allowed(state)
        } - paths
        if not more:
            break
        paths |= more
    assert (PostState.SCHEDULED, False) not in paths
    assert (PostState.SENT, False) not in paths


def test_every_delivery_state_is_reached() -> None:
    reached = {DeliveryState.DUE}
    while more := {target for state in reached for target in MOVES[state]} - reached:
        reached |= more
    assert reached == set(DeliveryState)


def test_what_was_sent_leaves_only_by_the_undo_of_a_tick() -> None:
    assert MOVES[DeliveryState.SENT] == {DeliveryState.AWAITING_PERSON}
    with pytest.raises(IllegalTransition):
        check_move(DeliveryState.SENT, DeliveryState.DUE)


def test_an_unknown_outcome_keeps_its_place_and_is_never_due_again() -> None:
    assert DeliveryState.UNKNOWN in LIVE
    assert DeliveryState.DUE not in MOVES[DeliveryState.UNKNOWN]


@given(st.lists(st.sampled_from(DeliveryState), max_size=6))
def test_a_post_follows_its_deliveries_only_once_all_are_decided(states: list[DeliveryState]) -> None:
    event = post_event(states)
    open_states = {
        DeliveryState.DUE,
        DeliveryState.CLAIMED,
        DeliveryState.SENDING,
        DeliveryState.AWAITING_PERSON,
    }
    if open_states & set(states):
        assert event is None
    elif DeliveryState.SENT in states:
        assert event is PostEvent.SEND


texts = st.text(min_size=1, max_size=200)


@given(texts, texts)
def test_digests_are_equal_exactly_when_texts_are(one: str, other: str) -> None:
    assert (digest(one, "community") == digest(other, "community")) == (one == other)


@given(texts, st.lists(st.text("0123456789abcdef", min_size=4, max_size=8), max_size=4))
def test_a_digest_binds_channel_and_media_in_order(text: str, media: list[str]) -> None:
    assert digest(text, "community", media) != digest(text, "moments", media)
    if media != media[::-1]:
        assert digest(text, "community", media) != digest(text, "community", media[::-1])
    assert len(digest(text, "community", media)) == 64


SLOT = datetime(2026, 11, 21, 7, tzinfo=UTC)


def test_an_approval_is_for_a_time_around_its_slot() -> None:
    start, end = window_around(SLOT, timedelta(hours=2))
    assert end - SLOT == SLOT - start == timedelta(hours=2)


def test_nobody_approves_their_own_text() -> None:
    require_four_eyes(1, {2})
    with pytest.raises(NotAllowed) as refused:
        require_four_eyes(1, {1, 2})
    assert refused.value.message_id == "error.four_eyes"
