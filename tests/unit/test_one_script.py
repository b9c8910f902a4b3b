"""Traditional characters: what they say is held against sources in simplified ones, and told as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.findings import Verdict
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.materials import Kind, Source
from copilot.domain.quantities import figures
from copilot.domain.simplified import SIMPLIFIED, simplified
from tests.judging import AT

POT = "小灶陶锅不能放在电磁炉上，也不能进微波炉。小灶陶锅的锅壁厚 9 毫米，热得慢，凉得也慢。"
TRADITIONAL = "小灶陶鍋不能放在電磁爐上，也不能進微波爐。小灶陶鍋的鍋壁厚 9 毫米，熱得慢，涼得也慢。"


def judged(copy: str, passage: str, products: tuple[str, ...] = ("小灶陶锅",)) -> Ledger:
    source = Source(1, passage, Kind.SELLING_POINT, "")
    return ledger(copy, [source], at=AT, language=Language.ZH, products=products)


@pytest.mark.parametrize(
    "copy", ["小灶陶锅可以进微波炉。", "小灶陶鍋可以進微波爐。", "小灶陶锅可以進微波爐。"]
)
@pytest.mark.parametrize("passage", [POT, TRADITIONAL])
def test_what_a_source_denies_is_found_in_either_script(copy: str, passage: str) -> None:
    told = judged(copy, passage)
    (finding,) = told.findings
    assert (finding.rule, finding.text) == ("denied", copy)
    assert finding.reason.params["quote"] in passage


@pytest.mark.parametrize("passage", [POT, TRADITIONAL])
def test_a_quote_is_the_source_s_to_the_letter(passage: str) -> None:
    copy = "小灶陶鍋的鍋壁厚 9 毫米，熱得慢，涼得也慢。"
    (claim,) = judged(copy, passage).claims
    assert (claim.verdict, claim.sentence) == (Verdict.SUPPORTED, copy)
    assert claim.quote in passage
    assert all(quote in passage for _, quote in claim.evidence)


def test_a_wrong_figure_is_quoted_as_typed() -> None:
    (finding,) = judged("小灶陶鍋日常價 199 個。", "小灶陶锅日常价 239 个。").findings
    assert finding.text == "199 個"


def test_figures_are_read_in_traditional_characters() -> None:
    for traditional, plain in (
        ("滿 99 減 10", "满 99 减 10"),
        ("買二送一", "买二送一"),
        ("半個鐘頭", "半个钟头"),
        ("兩張 80 元", "两张 80 元"),
        ("第二件半價", "第二件半价"),
    ):
        read, meant = figures(traditional), figures(plain)
        assert [(one.kind, one.value, one.high) for one in read] == [
            (one.kind, one.value, one.high) for one in meant
        ]
        assert read and all(one.text in traditional for one in read)


def everyday() -> list[str]:
    """The 5401 characters of Big5's first level: those in common use where traditional ones are written."""
    found = []
    for lead in range(0xA4, 0xC7):
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            character = bytes((lead, trail)).decode("big5", "ignore")
            if len(character) == 1 and (lead, trail) < (0xC6, 0x7F):
                found.append(character)
    return found


def test_nearly_every_everyday_character_that_is_simplified_at_all_is_known() -> None:
    """Of them OpenCC simplifies 1904; eight rare ones become characters that few machines can show."""
    common = everyday()
    assert len(common) > 5390
    assert sum(character in SIMPLIFIED for character in common) >= 1896
    assert (
        simplified("微波爐、電鍋、麵條、鹽、灣、龜、鬱、籲、竈")
        == "微波炉、电锅、面条、盐、湾、龟、郁、吁、灶"
    )


@given(st.text())
def test_every_character_stands_where_it_stood(text: str) -> None:
    assert len(simplified(text)) == len(text)


def test_a_character_with_two_readings_is_told_by_its_neighbours() -> None:
    assert simplified("看著鍋，帶著走，名著與著名的著作") == "看着锅，带着走，名著与著名的著作"
