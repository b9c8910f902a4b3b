"""What a model left out of a copy is put in: whose words it tells, and what readers are asked to do."""

from __future__ import annotations

import pytest

from copilot.domain.brands import Language
from copilot.domain.completing import attributed, called_to_act, signed
from copilot.domain.materials import Kind, Source

MEMBER = Source(
    1,
    "我煮了四十年饭，本来不信一口锅能有多大差别。女儿买的小灶陶锅到家，我按纸上写的时间煮，一次就成了。",
    Kind.EXPERIENCE,
    "何阿姨的话",
    attribution="饭友二群 何阿姨",
)
BAKER = Source(
    2, "I bake on the mill hob, rain or shine. My Larder Bag went to school and back.", Kind.EXPERIENCE, "Esther",
    attribution="Esther, slow baker in Ludlow",
)  # fmt: skip
POT = Source(3, "小灶陶锅的锅壁厚 9 毫米，热得慢，凉得也慢。", Kind.SELLING_POINT, "陶锅")
FIRST, SECOND = (
    "我煮了四十年饭，本来不信一口锅能有多大差别。",
    "女儿买的小灶陶锅到家，我按纸上写的时间煮，一次就成了。",
)


def zh(copy: str, *sources: Source) -> str:
    return attributed(copy, sources or (MEMBER, POT), Language.ZH, but=("迟禾小灶", "小满掌柜"))


def test_a_members_words_are_never_the_brands_own() -> None:
    talk = "下午好，来说件小东西。"
    assert zh(f"{talk}\n{FIRST}{SECOND}\n{POT.text}") == (
        f"{talk}\n饭友二群 何阿姨说：“{FIRST}{SECOND}”\n{POT.text}"
    )
    said = attributed(f"Morning.\n{BAKER.text}", (BAKER,), Language.EN)
    assert said == f"Morning.\nEsther, slow baker in Ludlow, says: “{BAKER.text}”"


def test_only_what_somebody_said_to_the_letter_is_quoted() -> None:
    near = "我煮了四十年饭，本来真不信一口锅能有多大差别。"
    assert zh(near) == f"饭友二群 何阿姨说：{near}"
    plain = Source(2, BAKER.text, Kind.EXPERIENCE, "Esther", attribution="Esther")
    assert attributed(BAKER.text, (plain,), Language.EN) == f"Esther says: “{BAKER.text}”"


@pytest.mark.parametrize(
    "copy",
    [
        f"何阿姨说：{FIRST}{SECOND}",
        f"来听听何阿姨怎么说。\n{FIRST}{SECOND}",
        f"{FIRST.rstrip('。')}，这是何阿姨讲的。{SECOND}",
        f"下午好。\n{POT.text}",
        "我按时间煮，好了。",
    ],
)
def test_what_has_its_name_or_is_nobodys_stays_as_it_is(copy: str) -> None:
    assert zh(copy) == copy


def test_each_of_two_people_gets_a_name_once_and_a_second_look_changes_nothing() -> None:
    other = Source(
        4, "雪菜笋配煎蛋，是我目前吃不腻的搭配。", Kind.PRAISE, "阿棉", attribution="饭友一群 阿棉"
    )
    told = zh(f"{FIRST}{other.text}{SECOND}", MEMBER, other)
    assert told.count("何阿姨说：") == 2 and told.count("阿棉说：") == 1
    assert zh(told, MEMBER, other) == told


def test_a_sentence_that_a_plain_passage_holds_too_and_the_personas_own_words_need_no_name() -> None:
    plain = Source(5, FIRST, Kind.STORY, "店里的话")
    assert zh(FIRST, MEMBER, plain) == FIRST
    own = Source(6, FIRST, Kind.EXPERIENCE, "掌柜", attribution="小满掌柜")
    assert zh(FIRST, own) == FIRST


CALL, SIGN_OFF = "回复「开饭」，晒一张早饭，就算打卡。", "一碗饭，慢慢来。"


def test_the_call_to_act_comes_before_the_sign_off() -> None:
    talk = "早上好，饭友们。"
    assert called_to_act(talk, CALL, SIGN_OFF) == f"{talk}\n{CALL}"
    assert called_to_act(f"{talk}\n{SIGN_OFF}", CALL, SIGN_OFF) == f"{talk}\n{CALL}\n{SIGN_OFF}"
    assert called_to_act(talk, "", SIGN_OFF) == talk


def test_nothing_follows_the_sign_off() -> None:
    talk = f"早上好，饭友们。米泡好了，水也开了。{CALL}"
    assert signed(f"{talk}\n{SIGN_OFF}\n\n细节：水开了。", SIGN_OFF) == f"{talk}\n{SIGN_OFF}"
    assert signed(f"{SIGN_OFF}\n{talk}", SIGN_OFF) == f"{SIGN_OFF}\n{talk}"
    assert signed(talk, SIGN_OFF) == signed(talk, "") == talk


def test_a_call_in_other_words_is_one() -> None:
    copy = "早上好。\n回复「开饭」，再晒一张早饭，就算打卡。"
    assert called_to_act(copy, CALL, SIGN_OFF) == copy
