"""Who may let a finding stand, which findings that covers, and until when."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.findings import Check, Finding, Severity, blocking
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.posts import PostState
from copilot.domain.waiving import (
    Seats,
    Waiver,
    fingerprint,
    is_revocable,
    is_waivable,
    needed_to_waive,
    outgrown,
    waive,
)

WORD = "顶级"
SAID = "这口锅是顶级的，锅盖也是顶级的。"
COPY = f"{SAID}会员价 199 元。\n灶台也是顶级的。"


def found(text: str, word: str = WORD) -> list[Finding]:
    """A finding at each place where the text says the word."""
    places = [at for at in range(len(text)) if text.startswith(word, at)]
    return [
        Finding(Check.COMPLIANCE, "absolute", Severity.BLOCK, at, at + len(word), word, Message("rule"))
        for at in places
    ]


def seats(text: str) -> Seats:
    return Seats(text, Language.ZH)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


GIVEN = Waiver(7, "compliance", "absolute", WORD, digest(SAID))
WHOLE = Finding(Check.STRUCTURE, "missing_call", Severity.WARN, 0, 0, "", Message("rule"))


def covering(text: str, waiver: Waiver, *findings: Finding) -> list[int | None]:
    return [one.waiver for one in waive(findings or found(text), [waiver], seats(text))]


def test_a_waiver_covers_these_words_under_this_rule_in_their_sentence() -> None:
    price = Finding(Check.CLAIMS, "unsupported", Severity.BLOCK, 20, 25, "199 元", Message("rule"))
    covered = waive([*found(COPY), price], [GIVEN], seats(COPY))
    assert [one.waiver for one in covered] == [7, 7, None, None]
    assert [(one.text, one.start) for one in blocking(covered)] == [(WORD, COPY.rindex(WORD)), ("199 元", 20)]


@pytest.mark.parametrize(
    "other",
    [
        replace(GIVEN, text="顶级的"),
        replace(GIVEN, rule="efficacy"),
        replace(GIVEN, check="terms"),
        replace(GIVEN, text=""),
        replace(GIVEN, seat=digest("灶台也是顶级的。")),
        replace(GIVEN, seat=digest(COPY)),
        replace(GIVEN, seat=""),
    ],
    ids=["words", "rule", "check", "no words", "sentence", "the whole copy", "from before seats were kept"],
)
def test_it_covers_nothing_else(other: Waiver) -> None:
    assert covering(SAID, other) == [None, None]


def test_a_finding_loses_a_waiver_that_no_longer_stands() -> None:
    covered = waive(found(SAID), [GIVEN], seats(SAID))
    assert all(one.waiver == 7 for one in covered)
    assert all(one.waiver is None for one in waive(covered, [], seats(SAID)))


def test_of_two_the_newer_is_told() -> None:
    newer = replace(GIVEN, id=9)
    assert {one.waiver for one in waive(found(SAID), [newer, GIVEN], seats(SAID))} == {9}


@pytest.mark.parametrize(
    ("words", "seat"),
    [
        (WORD, SAID),
        ("也是顶级的。会员价 1", f"{SAID}会员价 199 元。"),
        ("\n", "会员价 199 元。 灶台也是顶级的。"),
        ("。\n", "会员价 199 元。"),
        ("199", "会员价 199 元。"),
    ],
    ids=["within one", "across two", "between two", "the end of one", "the second"],
)
def test_a_seat_is_the_sentence_or_the_sentences_that_the_words_lie_in(words: str, seat: str) -> None:
    start = COPY.index(words)
    assert seats(COPY).of(start, start + len(words)) == digest(seat)


@pytest.mark.parametrize(
    ("pot", "jar", "price", "language"),
    [
        ("小灶陶锅热得慢。", "溪石米缸收得住潮。", "它日常价 199 元。", Language.ZH),
        ("The Drover Pan is slow.", "The Keeper Jar is dry.", "Its price is £19.", Language.EN),
    ],
)
def test_what_it_is_belongs_to_the_seat(pot: str, jar: str, price: str, language: Language) -> None:
    def seat(text: str) -> str:
        at = text.index("19")
        return Seats(text, language).of(at, at + 2)

    assert seat(f"{pot}\n{price}") != seat(f"{jar}\n{price}")
    assert seat(f"{pot}\n{price}") == seat(f"早。\n{pot}\n{price}")
    named = price.replace("它", "小灶陶锅").replace("Its", "The pan's")
    assert seat(f"{pot}\n{named}") == seat(f"{jar}\n{named}")


def test_white_space_makes_no_other_seat() -> None:
    told = "  这口  锅是\u3000顶级的 。 \n"
    assert seats(told).of(told.index(WORD), told.index(WORD) + 2) == digest("这口 锅是 顶级的 。")
    assert seats(told).of(0, 0) == digest("这口 锅是 顶级的 。")
    assert seats(" \n").of(0, 0) == seats("").of(0, 0) == seats(" \n").of(0, 1) == digest("")


def test_what_is_about_the_whole_copy_is_let_stand_in_this_very_copy() -> None:
    waiver = Waiver(8, "structure", "missing_call", "", digest(" ".join(COPY.split())))
    assert covering(COPY, waiver, WHOLE) == [8]
    assert covering(COPY.replace("\n", "\n\n"), waiver, WHOLE) == [8]
    for other in (f"{COPY}今晚见。", COPY.replace("199", "239"), "全新的一篇。"):
        assert covering(other, waiver, WHOLE) == [None]


# Sentences as people write them, each with the word somewhere, none like another, and none a mere lead-in.
_WORDS = st.text("的锅很好用我们家abc，19 ", min_size=1, max_size=12)
_SENTENCES = st.lists(
    st.builds(lambda before, after: f"锅{before}{WORD}{after}好。", _WORDS, _WORDS),
    min_size=1,
    max_size=6,
    unique_by=lambda one: " ".join(one.split()),
)


@given(_SENTENCES, st.data())
def test_a_sentence_that_is_moved_about_keeps_its_waivers_and_one_that_is_edited_loses_them(
    said: list[str], data: st.DataObject
) -> None:
    before = "\n".join(said)
    waivers = [
        Waiver(number, one.check, one.rule, one.text, one.seat)
        for number, one in enumerate(waive(found(before), [], seats(before)), start=1)
    ]
    moved = data.draw(st.permutations(said))
    gap = data.draw(st.sampled_from(["\n", "\n\n", " ", ""]))
    # Other sentences may come in before, between and after; none of ours is touched.
    after = gap.join(["早上好。", *moved, "晚安。"])
    assert not blocking(waive(found(after), waivers, seats(after)))

    edited = data.draw(st.integers(0, len(moved) - 1))
    at = data.draw(st.integers(1, moved[edited].index(WORD)))
    changed = [*moved]
    changed[edited] = f"{moved[edited][:at]}啦{moved[edited][at:]}"
    after = gap.join(changed)
    (stands,) = blocking(waive(found(after), waivers, seats(after)))
    start = after.index(changed[edited])
    assert start <= stands.start < start + len(changed[edited])


def test_what_was_let_stand_in_another_wording_is_known() -> None:
    said = ("compliance", "absolute", WORD)
    assert outgrown([GIVEN], {7}) == frozenset()
    assert outgrown([GIVEN], set()) == {said}
    # It stands where it was given, and nobody was asked about another sentence: that is no sentence that changed.
    other = replace(GIVEN, id=9, text="最好")
    assert outgrown([GIVEN, other], {7}) == {("compliance", "absolute", "最好")}


@pytest.mark.parametrize("check", list(Check))
def test_every_check_says_who_may_let_it_stand(check: Check) -> None:
    """Written out, so that a new check is decided on and not let through."""
    wanted = {
        Check.LIMITS: None,
        Check.PRIVACY: None,
        Check.PICTURES: None,
        Check.CLAIMS: Permission.CURATE,
        Check.FRESHNESS: Permission.CURATE,
    }
    assert needed_to_waive(check, "any") == wanted.get(check, Permission.REVIEW)


def test_markup_is_a_fault_and_no_matter_of_taste() -> None:
    assert needed_to_waive("structure", "markup") is None
    assert needed_to_waive("structure", "wordless") is None
    assert needed_to_waive("structure", "too_long") is Permission.REVIEW


def test_what_is_over_is_not_decided_on_and_what_is_approved_not_taken_back() -> None:
    over = {PostState.SENT, PostState.SKIPPED, PostState.EXPIRED}
    assert {state for state in PostState if not is_waivable(state)} == over
    assert {state for state in PostState if is_revocable(state)} == {
        PostState.DRAFT,
        PostState.IN_REVIEW,
        PostState.CHANGES_REQUESTED,
    }


def test_a_fingerprint_is_of_all_four() -> None:
    prints = {
        fingerprint("compliance", "absolute", "顶级"),
        fingerprint("terms", "absolute", "顶级"),
        fingerprint("compliance", "efficacy", "顶级"),
        fingerprint("compliance", "absolute", "最好"),
        fingerprint("compliance", "absolute", "顶级", digest(SAID)),
        fingerprint("compliance", "absolute", "顶级", digest(COPY)),
    }
    assert len(prints) == 6
