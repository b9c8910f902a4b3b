"""What the coming days will lack: played through on paper, before anyone has to write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.gaps import (
    REST,
    STORY_EVERY,
    Demand,
    Lot,
    Mark,
    Occasion,
    Reason,
    Telling,
    survey,
)
from copilot.domain.materials import Kind, Window

# A Saturday noon.
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GROUP = frozenset({"one"})


def daily(
    slug: str = "seeding",
    *kinds: Kind,
    days: int = 7,
    readers: frozenset[str] = GROUP,
    written: frozenset[int] = frozenset(),
    hour: int = 0,
) -> Demand:
    slots = tuple(
        Occasion(NOW + day * DAY + hour * timedelta(hours=1), day in written) for day in range(days)
    )
    return Demand(slug, kinds or (Kind.SELLING_POINT,), readers, slots)


def marks(demand: Demand, *lots: Lot) -> list[Mark]:
    return [supply.mark for supply in survey([demand], lots)[0].supplies]


def test_three_points_carry_three_days_and_the_fourth_says_since_when() -> None:
    (line,) = survey([daily(days=5)], [Lot(Kind.SELLING_POINT, Window(), 3, 3)])
    assert [supply.mark for supply in line.supplies] == [Mark.ENOUGH] * 3 + [Mark.THIN] * 2
    assert [supply.fresh for supply in line.supplies] == [3, 2, 1, 0, 0]
    assert all(supply.valid == 3 for supply in line.supplies)
    (lack,) = line.lacks
    assert (lack.reason, lack.at, lack.slots) == (Reason.USED, NOW + 3 * DAY, 2)
    assert lack.since == NOW + 2 * DAY
    assert lack.kinds == (Kind.SELLING_POINT,)


def test_a_slot_that_is_written_needs_nothing_more() -> None:
    demand = daily(days=3, written=frozenset({1}))
    assert marks(demand, Lot(Kind.SELLING_POINT, Window(), 2, 2)) == [Mark.ENOUGH, Mark.WRITTEN, Mark.ENOUGH]


def test_nothing_valid_says_whether_it_ran_out_comes_later_or_never_was() -> None:
    ran_out = Lot(Kind.SELLING_POINT, Window(end=NOW + 2 * DAY), 9, 9)
    comes = Lot(Kind.SELLING_POINT, Window(start=NOW + 9 * DAY))
    for lots, day, reason, since in (
        ([ran_out], 2, Reason.EXPIRED, NOW + 2 * DAY),
        ([comes], 0, Reason.NOT_YET, NOW + 9 * DAY),
        ([Lot(Kind.OFFER, Window())], 0, Reason.MISSING, None),
    ):
        (lack,) = survey([daily(days=4)], lots)[0].lacks
        assert (lack.reason, lack.at, lack.since) == (reason, NOW + day * DAY, since)


def test_what_one_group_read_is_news_to_another() -> None:
    told = Telling(NOW - DAY, "seeding", GROUP)
    lot = Lot(Kind.SELLING_POINT, Window(), told=(told,))
    assert marks(daily(days=1), lot) == [Mark.THIN]
    assert marks(daily(days=1, readers=frozenset({"two"})), lot) == [Mark.ENOUGH]


def test_a_passage_rests_a_fortnight_and_is_fresh_again() -> None:
    lot = Lot(Kind.SELLING_POINT, Window(), told=(Telling(NOW - REST + 2 * DAY, "seeding", GROUP),))
    assert marks(daily(days=4), lot) == [Mark.THIN, Mark.THIN, Mark.ENOUGH, Mark.THIN]


def test_a_post_of_next_week_takes_its_passage_from_every_other_slot() -> None:
    lot = Lot(Kind.SELLING_POINT, Window(), told=(Telling(NOW + 5 * DAY, "seeding", GROUP),))
    assert marks(daily(days=2), lot) == [Mark.THIN, Mark.THIN]


def test_two_columns_draw_on_one_store_in_the_order_of_the_day() -> None:
    morning, evening = daily("topic", days=2), daily("evening", days=2, hour=8)
    lines = survey([evening, morning], [Lot(Kind.SELLING_POINT, Window(), 3, 3)])
    assert [[supply.fresh for supply in line.supplies] for line in lines] == [[2, 0], [3, 1]]


def test_thursday_needs_a_members_story() -> None:
    """Plenty to say of the product, but the one story left is used on Saturday, and a week later another is due."""
    demand = daily("seeding", Kind.SELLING_POINT, Kind.EXPERIENCE, days=14)
    story = Lot(Kind.EXPERIENCE, Window(), passages=2)
    (line,) = survey([demand], [Lot(Kind.SELLING_POINT, Window(), 90, 90), story])
    (lack,) = line.lacks
    assert (lack.reason, lack.at, lack.since) == (Reason.STORY_USED, NOW + STORY_EVERY, NOW)
    assert lack.kinds == (Kind.EXPERIENCE,)
    assert [supply.mark for supply in line.supplies].count(Mark.THIN) == lack.slots == 1


def test_a_column_that_told_a_story_yesterday_is_not_due_another() -> None:
    demand = daily("seeding", Kind.SELLING_POINT, Kind.PRAISE, days=6)
    told = Lot(Kind.PRAISE, Window(), told=(Telling(NOW - DAY, "seeding", GROUP),))
    assert survey([demand], [Lot(Kind.SELLING_POINT, Window(), 9, 9), told])[0].lacks == ()


def test_without_any_story_the_first_slot_is_told_so_once_a_week() -> None:
    demand = daily("seeding", Kind.SELLING_POINT, Kind.PRAISE, days=14)
    (lack,) = survey([demand], [Lot(Kind.SELLING_POINT, Window(), 99, 99)])[0].lacks
    assert (lack.reason, lack.at, lack.slots, lack.since) == (Reason.STORY_MISSING, NOW, 2, None)


def test_newcomers_have_read_nothing_yet() -> None:
    demand = Demand("welcome", (Kind.STORY,), GROUP, daily(days=9).occasions, is_for_newcomers=True)
    told = Lot(Kind.STORY, Window(), told=(Telling(NOW - DAY, "topic", GROUP),))
    assert set(marks(demand, told)) == {Mark.ENOUGH}
    assert set(marks(demand)) == {Mark.NOTHING}


# --- whatever the library and the calendar hold ---

KINDS = st.sampled_from([Kind.STORY, Kind.OFFER, Kind.EXPERIENCE, Kind.PRAISE])
READERS = st.frozensets(st.sampled_from(["one", "two", "three"]), min_size=1)
EDGES = st.none() | st.integers(-20, 20).map(lambda day: NOW + day * DAY)
TELLINGS = st.builds(
    Telling,
    st.integers(-20, 13).map(lambda day: NOW + day * DAY),
    st.sampled_from(["a", "b", "other"]),
    READERS,
)


@st.composite
def lots(draw: st.DrawFn) -> Lot:
    kind, window = draw(KINDS), Window(draw(EDGES), draw(EDGES))
    if draw(st.booleans()):
        return Lot(kind, window, told=tuple(draw(st.lists(TELLINGS, max_size=3))))
    count = draw(st.integers(1, 5))
    return Lot(kind, window, count, 1 if kind in (Kind.EXPERIENCE, Kind.PRAISE) else count)


@st.composite
def demands(draw: st.DrawFn, slug: str) -> Demand:
    kinds = tuple(draw(st.lists(KINDS, min_size=1, unique=True)))
    hours = sorted(draw(st.sets(st.integers(0, 14 * 24), max_size=20)))
    slots = tuple(Occasion(NOW + hour * timedelta(hours=1), draw(st.booleans())) for hour in hours)
    return Demand(slug, kinds, draw(READERS), slots, draw(st.booleans()))


@given(demands("a"), demands("b"), st.lists(lots(), max_size=12))
def test_the_marks_say_what_the_counts_say(a: Demand, b: Demand, library: list[Lot]) -> None:
    for demand, line in zip((a, b), survey([a, b], library), strict=True):
        assert [supply.at for supply in line.supplies] == [one.at for one in demand.occasions]
        for occasion, supply in zip(demand.occasions, line.supplies, strict=True):
            valid = sum(
                lot.passages for lot in library if lot.kind in demand.kinds and lot.window.covers(supply.at)
            )
            assert supply.valid == valid >= supply.fresh >= supply.stories >= 0
            assert (supply.mark is Mark.WRITTEN) == occasion.is_written
            if not occasion.is_written:
                assert (supply.mark is Mark.NOTHING) == (valid == 0)
                assert (supply.reason is None) == (supply.mark is Mark.ENOUGH)
                assert supply.mark is not Mark.ENOUGH or supply.fresh > 0
        assert sum(lack.slots for lack in line.lacks) == sum(one.reason is not None for one in line.supplies)
        for lack in line.lacks:
            assert lack.at in {one.at for one in line.supplies if one.reason is lack.reason}
            assert set(lack.kinds) <= set(demand.kinds) and lack.kinds


@given(demands("a"), demands("b"), st.lists(lots(), max_size=12))
def test_the_order_in_which_columns_and_materials_come_decides_nothing_about_what_is_valid(
    a: Demand, b: Demand, library: list[Lot]
) -> None:
    straight = survey([a, b], library)
    turned = survey([b, a], list(reversed(library)))
    for line, other in zip(straight, reversed(turned), strict=True):
        assert [one.valid for one in line.supplies] == [one.valid for one in other.supplies]


@given(demands("a"), st.lists(lots(), max_size=8))
def test_a_store_without_end_leaves_no_slot_without_something_new(a: Demand, library: list[Lot]) -> None:
    plenty = [Lot(kind, Window(), 500, 500) for kind in a.kinds]
    assert survey([a], [*library, *plenty])[0].lacks == ()


@given(st.integers(1, 30), st.integers(0, 30))
def test_no_passage_is_promised_to_two_slots(days: int, passages: int) -> None:
    lots = [Lot(Kind.SELLING_POINT, Window(), passages, passages)] if passages else []
    assert marks(daily(days=days), *lots).count(Mark.ENOUGH) == min(days, passages)
