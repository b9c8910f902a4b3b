"""What an entry of the copy library may be used for, and how entries answer a search: decisions without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.copylibrary import (
    EntryStatus,
    Loss,
    Lost,
    Scene,
    Searchable,
    Standing,
    fingerprint,
    loss_of,
    ranked,
    require_hand,
    standing,
)
from copilot.domain.materials import MaterialStatus, Window
from copilot.domain.permissions import Actor, Role
from copilot.errors import NotAllowed
from copilot.models.search import words
from copilot.wording import sentences

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ACTIVE = MaterialStatus.ACTIVE


def test_a_quote_holds_while_a_live_passage_says_it_inside_its_window() -> None:
    assert loss_of(Window(), ACTIVE, NOW) is None
    assert loss_of(Window(NOW - DAY, NOW + DAY), ACTIVE, NOW) is None
    assert loss_of(Window(end=NOW), ACTIVE, NOW) is Loss.EXPIRED
    assert loss_of(Window(start=NOW + DAY), ACTIVE, NOW) is Loss.EARLY
    assert loss_of(None, ACTIVE, NOW) is Loss.CHANGED


def test_a_material_that_was_put_away_carries_nothing_whatever_its_passages_say() -> None:
    assert loss_of(Window(), MaterialStatus.DELETED, NOW) is Loss.DELETED
    assert loss_of(Window(), MaterialStatus.RETIRED, NOW) is Loss.RETIRED
    # A story whose consent was taken back waits as a draft: nobody may quote it meanwhile.
    assert loss_of(Window(), MaterialStatus.DRAFT, NOW) is Loss.RETIRED


@given(
    st.sampled_from(MaterialStatus),
    st.one_of(st.none(), st.tuples(st.integers(-3, 3), st.integers(-3, 3))),
)
def test_only_a_living_quote_of_an_active_material_is_no_loss(
    status: MaterialStatus, days: tuple[int, int] | None
) -> None:
    window = Window(NOW + days[0] * DAY, NOW + days[1] * DAY) if days is not None else None
    holds = status is ACTIVE and window is not None and window.covers(NOW)
    assert (loss_of(window, status, NOW) is None) is holds


def test_only_an_approved_entry_with_all_its_sources_is_ready() -> None:
    lost = [Lost(Loss.EXPIRED, "价目表", 1, "109 元", NOW)]
    assert standing(EntryStatus.APPROVED, []) is Standing.READY
    assert standing(EntryStatus.APPROVED, lost) is Standing.LOOK
    assert standing(EntryStatus.DRAFT, []) is Standing.WAITING
    assert standing(EntryStatus.DRAFT, lost) is Standing.WAITING
    assert standing(EntryStatus.RETIRED, lost) is Standing.RETIRED


def test_who_may_put_an_entry_away() -> None:
    writer, operator = Actor(1, "小满", Role.COPYWRITER), Actor(2, "周航", Role.OPERATOR)
    require_hand(writer, author=1, status=EntryStatus.DRAFT)
    require_hand(operator, author=1, status=EntryStatus.APPROVED)
    for author, status in ((2, EntryStatus.DRAFT), (1, EntryStatus.APPROVED)):
        with pytest.raises(NotAllowed):
            require_hand(writer, author=author, status=status)


def test_a_fingerprint_is_of_the_exact_text() -> None:
    assert fingerprint("满 99 元包邮") != fingerprint("满 99 元包邮。")
    assert fingerprint("满 99 元包邮") == fingerprint("满 99 元包邮")


SHELF = [
    Searchable(1, "多久发货", "迟禾小灶 48 小时内发货，一般 2 到 4 天送到。"),
    Searchable(2, "收到破损", "麻烦你拍两张照片给我，我们 48 小时内补发。"),
    Searchable(3, "运费怎么算", "满 99 元包邮，不满 99 元收 8 元运费。"),
    Searchable(4, "谢谢夸奖", "听你这么说，掌柜今天可以多吃一碗。"),
]


def test_chinese_questions_find_the_reply_and_not_the_whole_shelf() -> None:
    scores = ranked(words("什么时候发货"), SHELF)
    assert max(scores, key=lambda one: scores[one]) == 1
    assert 4 not in scores
    scores = ranked(words("收到的东西破损了"), SHELF)
    assert max(scores, key=lambda one: scores[one]) == 2


def test_english_words_are_found_whole_and_in_any_case() -> None:
    shelf = [Searchable(1, "The pan", "A Pan chips."), Searchable(2, "The company", "Our company mends.")]
    assert set(ranked(words("PAN"), shelf)) == {1}


def test_a_title_counts_more_than_a_mention_and_a_rare_word_more_than_a_common_one() -> None:
    shelf = [
        Searchable(1, "运费", "按实付金额算。"),
        Searchable(2, "退货", "退货的运费我们出。"),
        Searchable(3, "换货", "换货的运费我们出。"),
    ]
    scores = ranked(["运费"], shelf)
    assert scores[1] > scores[2] == scores[3]
    scores = ranked(["运费", "换货"], shelf)
    assert max(scores, key=lambda one: scores[one]) == 3


@given(st.text(max_size=20))
def test_whatever_is_typed_is_looked_for_as_it_stands(typed: str) -> None:
    assert set(ranked(words(typed), SHELF)) <= {1, 2, 3, 4}
    assert ranked([], SHELF) == {}


def test_every_scene_standing_and_loss_has_its_words() -> None:
    worded = sentences()
    for kind, values in (("scene", Scene), ("standing", Standing), ("loss", Loss)):
        assert all(f"{kind}.{value}" in worded for value in values)
    assert len({worded[f"scene.{scene}"]["zh"] for scene in Scene}) == len(Scene)


@pytest.mark.parametrize(
    ("question", "best", "never"),
    [
        ("能不能问一下多久发货", 1, 5),
        ("什么时候能收到货", 1, 5),
        ("运费多少", 3, 5),
        ("怎么谢谢你", 4, 6),
    ],
)
def test_what_every_question_says_finds_nothing_by_itself(question: str, best: int, never: int) -> None:
    shelf = [*SHELF, Searchable(5, "积分", "积分不能换现金。"), Searchable(6, "怎么开锅", "先煮一次米水。")]
    scores = ranked(words(question), shelf)
    assert best in scores and never not in scores
    # Alone they still find what says them.
    assert set(ranked(words("怎么"), shelf)) == {3, 6}
