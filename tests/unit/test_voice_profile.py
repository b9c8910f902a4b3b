"""A voice as it is kept, compared and heard: what is written down is the voice, and a slider means something."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot import rulepacks
from copilot.domain.brands import BannedTerm, Language, PreferredTerm, Scales, Voice
from copilot.domain.checks import tone
from copilot.domain.comparing import ChangeKind
from copilot.domain.voicechanges import differences, lines
from copilot.domain.voiceprofile import FIELDS, LEVELS, as_profile, faults, part, says, with_part
from copilot.domain.voicesample import hear
from copilot.domain.voicescales import sounds, trials
from copilot.services import values

_LINE = st.text(st.sampled_from("早饭友锅abc 。！🍚"), min_size=1, max_size=8).map(str.strip).filter(bool)
_LINES = st.lists(_LINE, unique=True, max_size=4).map(tuple)
_PREFERRED = st.builds(PreferredTerm, use=_LINE, instead_of=_LINES, reason=st.one_of(st.just(""), _LINE))
_BANNED = st.builds(
    BannedTerm, term=_LINE, reason=st.just(""), instead=st.one_of(st.none(), st.just(""), _LINE)
)
VOICES = st.builds(
    Voice,
    persona=_LINE,
    description=_LINE,
    values=_LINES,
    scales=st.builds(
        Scales, friendly=st.integers(1, 5), humorous=st.integers(1, 5), literary=st.integers(1, 5)
    ),
    max_emoji=st.integers(0, 9),
    greetings=_LINES,
    preferred=st.lists(_PREFERRED, unique_by=lambda term: term.use, max_size=3).map(tuple),
    banned=st.lists(_BANNED, unique_by=lambda term: term.term, max_size=3).map(tuple),
    examples=_LINES,
    do=_LINES,
)
PLAIN = Voice("小满掌柜", address="你", scales=Scales(friendly=4), sign_off="慢慢来。")


@given(VOICES)
def test_what_is_kept_reads_as_the_same_voice(voice: Voice) -> None:
    assert values.voice(as_profile(voice)) == voice


@given(VOICES, VOICES)
def test_a_comparison_names_exactly_the_parts_that_differ(before: Voice, after: Voice) -> None:
    made = differences(before, after)
    assert [change.part for change in made] == [
        name for name in FIELDS if part(before, name) != part(after, name)
    ]
    assert all(change.rows for change in made)
    for change in made:
        taken = "".join(
            one.text for row in change.rows for one in row.changes if one.kind is ChangeKind.REMOVED
        )
        come = "".join(one.text for row in change.rows for one in row.changes if one.kind is ChangeKind.ADDED)
        # What is shown as taken out was there, and what is shown as put in is there now.
        assert all(letter in "".join(lines(before, change.part)) for letter in taken)
        assert all(letter in "".join(lines(after, change.part)) for letter in come)


def test_an_entry_that_changed_is_one_row_and_one_that_moved_is_said_to() -> None:
    before = replace(PLAIN, preferred=(PreferredTerm("饭友", ("亲们",)),), do=("先说事", "再说趣"))
    after = replace(PLAIN, preferred=(PreferredTerm("饭友", ("亲们", "宝子们")),), do=("再说趣", "先说事"))
    terms, rules = differences(before, after)
    assert [str(row.kind) for row in terms.rows] == ["changed"]
    assert "".join(one.text for one in terms.rows[0].changes if one.kind is ChangeKind.ADDED) == " / 宝子们"
    assert [str(row.kind) for row in rules.rows] == ["moved"]


@pytest.mark.parametrize(
    ("name", "value", "there"),
    [
        ("friendly", 2, 2),
        ("max_emoji", 0, 0),
        ("address", "您", "您"),
        ("do", "先说事", ("先说事",)),
        ("emoji", ["🍚"], ("🍚",)),
        ("banned", {"term": "超级", "instead": ""}, (BannedTerm("超级", "", ""),)),
        ("preferred", {"use": "饭友", "instead_of": ["亲们"]}, (PreferredTerm("饭友", ("亲们",)),)),
    ],
)
def test_a_part_takes_a_value_once(name: str, value: object, there: object) -> None:
    made = with_part(PLAIN, name, value)
    assert part(made, name) == there
    assert says(made, name, value) and not says(PLAIN, name, value)
    assert with_part(made, name, value) == made


def test_a_better_word_joins_the_row_that_has_it() -> None:
    once = with_part(PLAIN, "preferred", {"use": "饭友", "instead_of": ["亲们"]})
    twice = with_part(once, "preferred", {"use": "饭友", "instead_of": ["宝子们"]})
    assert twice.preferred == (PreferredTerm("饭友", ("亲们", "宝子们")),)


@pytest.mark.parametrize(
    ("voice", "wrong"),
    [
        (PLAIN, {}),
        (replace(PLAIN, persona=""), {"persona": "invalid.empty"}),
        (replace(PLAIN, max_emoji=21), {"max_emoji": "invalid.voice_marks"}),
        (replace(PLAIN, max_sentence=4), {"max_sentence": "invalid.voice_sentence"}),
        (replace(PLAIN, scales=Scales(friendly=6)), {"friendly": "invalid.voice_scale"}),
        (replace(PLAIN, do=("长" * 201,)), {"do": "invalid.voice_line"}),
        (replace(PLAIN, links=("点这里",)), {"links": "invalid.voice_link"}),
        (replace(PLAIN, links=("shop.example/page",)), {}),
        (replace(PLAIN, preferred=(PreferredTerm("饭友", ()),)), {"preferred": "invalid.voice_preferred"}),
        (
            replace(PLAIN, preferred=(PreferredTerm("饭友", ("亲",)), PreferredTerm("会员", ("亲",)))),
            {"preferred": "invalid.voice_double"},
        ),
        (
            replace(PLAIN, preferred=(PreferredTerm("饭友", ("亲",)),), banned=(BannedTerm("饭友"),)),
            {"banned": "invalid.voice_both"},
        ),
    ],
)
def test_a_profile_that_cannot_stand_says_where(voice: Voice, wrong: dict[str, str]) -> None:
    assert faults(voice).fields == wrong


@pytest.mark.parametrize("language", Language)
def test_each_step_of_the_friendly_scale_sounds_like_that_step(language: Language) -> None:
    heard = [
        tone(sounds(Scales(friendly=step), language)["friendly"], Scales(friendly=step), language)[0]
        for step in LEVELS
    ]
    scores = [one.score for one in heard]
    assert scores == sorted(scores, key=lambda score: score or 0) and len(set(scores)) == len(scores)
    assert all(one.passes for one in heard)


@pytest.mark.parametrize("language", Language)
def test_the_trial_texts_are_mended_towards_what_the_slider_asks_for(language: Language) -> None:
    chinese = rulepacks.chinese()
    stiff = hear(trials(language)["stiff"], replace(PLAIN, scales=Scales(friendly=5)), language, chinese)
    chatty = hear(trials(language)["chatty"], replace(PLAIN, scales=Scales(friendly=1)), language, chinese)
    for heard in (stiff, chatty):
        assert heard.tone[0].passes is False and heard.findings and not heard.is_same
        assert "".join(one.text for one in heard.stretches) == heard.text
    assert (stiff.after[0].score or 0) > (stiff.tone[0].score or 0)
    assert (chatty.after[0].score or 0) < (chatty.tone[0].score or 0)
    # The same text under the opposite slider is left as it is, but for its noise.
    assert (
        hear(trials(language)["stiff"], replace(PLAIN, scales=Scales(friendly=1)), language, chinese)
        .tone[0]
        .passes
    )
