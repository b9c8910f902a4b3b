"""One fault, one finding: a former price that a material states is no fault, and a telephone number is no figure."""

from __future__ import annotations

import pytest

from copilot.domain.brands import Language
from copilot.domain.checks import compliance
from copilot.domain.checks.privacy import privacy
from copilot.domain.checks.sourced import personal, without_sourced
from copilot.domain.grounding import ledger
from copilot.domain.materials import Kind, Source
from copilot.rulepacks import chinese, compiled
from tests.judging import AT

OFFER = "Slow bakers pay £20 for a Keeper Jar until Friday, instead of £24."
SHELF = "The small Keeper Jar costs £20. The large Keeper Jar costs £24."
FRIDAY = "福利周五下饭三小罐 49 元一组，日常价 59 元。"


def warned(copy: str, *passages: str, product: str = "Keeper Jar") -> list[str]:
    """What the rules on former prices still quote of a copy on these passages."""
    language = Language.ZH if "元" in copy else Language.EN
    rules = compiled("cn-ad-law") if language is Language.ZH else compiled("en-claims")
    sources = [Source(number, text, Kind.OFFER, "") for number, text in enumerate(passages, start=1)]
    told = ledger(copy, sources, at=AT, language=language, products=[product])
    found = without_sourced(compliance(copy, rules), told.claims, rules)
    return [one.text for one in found if one.rule in ("en.former-price", "ad.price-reference")]


@pytest.mark.parametrize(
    "copy",
    [
        "The Keeper Jar is £20 instead of £24.",
        "The Keeper Jar was £24, now £20.",
        "Keeper Jar, original price £24, now £20.",
    ],
)
def test_a_former_price_warns_unless_a_material_states_both(copy: str) -> None:
    assert warned(copy, OFFER) == []
    assert warned(copy) != []
    # Two prices of two things are no offer, and neither is a price that was never there.
    assert warned(copy, SHELF) != []
    assert warned(copy.replace("24", "34"), OFFER) != []


@pytest.mark.parametrize(
    "copy",
    [
        "Shops charge £24 for the Keeper Jar; ours is £20.",
        "The Keeper Jar is £20, half the usual price.",
        "RRP £24: the Keeper Jar is £20.",
    ],
)
def test_what_others_charge_is_no_price_of_ours(copy: str) -> None:
    assert warned(copy, OFFER) != []


def test_a_former_price_in_chinese() -> None:
    copy = "下饭三小罐 49 元一组，原价 59 元。"
    assert warned(copy, FRIDAY, product="下饭三小罐") == []
    assert warned(copy, product="下饭三小罐") == ["原价"]
    assert warned(copy.replace("59", "99"), FRIDAY, product="下饭三小罐") == ["原价"]
    assert warned(copy.replace("原价", "市场价"), FRIDAY, product="下饭三小罐") == ["市场价"]


def test_a_former_price_is_quoted_once_and_without_the_mark_behind_it() -> None:
    assert warned("The Keeper Jar is £20, down from £40.") == ["£20, down from £40"]


@pytest.mark.parametrize(
    "copy", ["加我 13812345678 领券。", "Call me on 07700 900123 for a jar.", "Call 020 7946 0958 about it."]
)
def test_somebody_s_number_is_personal_data_and_no_figure_without_a_source(copy: str) -> None:
    language = Language.ZH if "我" in copy else Language.EN
    found = privacy(copy, (), chinese().folding)
    assert [one.rule for one in found] == ["mobile"]
    assert ledger(copy, [], at=AT, language=language).findings
    assert ledger(copy, [], at=AT, language=language, numbering=personal(found)).findings == ()


def test_a_price_beside_a_number_is_still_held_against_the_sources() -> None:
    copy = "打 13812345678 订，只要 99 元。"
    spans = personal(privacy(copy, (), chinese().folding))
    told = ledger(copy, [], at=AT, language=Language.ZH, numbering=spans)
    assert [one.text for one in told.findings] == ["99 元"]
