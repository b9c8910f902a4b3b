"""Names that copy never says: those that would forbid the brand its own words are refused."""

from __future__ import annotations

import pytest

from copilot import rulepacks
from copilot.domain.brands import Brand, Language
from copilot.domain.checks.rivals import LONGEST_NAME, FaultyName, NameFault, faulty_name

HEARTH = Brand(1, "hearth", "迟禾小灶", "Asia/Shanghai", Language.ZH, products=("小灶陶锅", "迟禾新米"))
SLOWMERE = Brand(
    2, "slowmere", "Slowmere", "Europe/London", Language.EN, products=("Drover Pan", "Keeper Jar")
)


@pytest.mark.parametrize(
    ("name", "brand", "fault", "own"),
    [
        ("米", HEARTH, NameFault.SHORT, ""),
        (" - 米。", HEARTH, NameFault.SHORT, ""),
        ("X", SLOWMERE, NameFault.SHORT, ""),
        ("锅" * (LONGEST_NAME + 1), HEARTH, NameFault.LONG, ""),
        ("迟禾小灶", HEARTH, NameFault.OWN, "迟禾小灶"),
        ("遲禾小灶", HEARTH, NameFault.OWN, "迟禾小灶"),  # As a reader sees it, and so as the check reads it.
        ("slowmere", SLOWMERE, NameFault.OWN, "Slowmere"),
        ("陶锅", HEARTH, NameFault.WITHIN, "小灶陶锅"),
        ("pan", SLOWMERE, NameFault.WITHIN, "Drover Pan"),
    ],
)
def test_a_name_that_copy_cannot_do_without_is_refused(
    name: str, brand: Brand, fault: NameFault, own: str
) -> None:
    assert faulty_name(["锅喜盈", name], brand, rulepacks.chinese()) == FaultyName(name, fault, own)


@pytest.mark.parametrize(
    ("names", "brand"),
    [
        ([], HEARTH),
        (["速禾仓", "锅喜盈", "3M", "LV"], HEARTH),
        (["迟禾小灶优选"], HEARTH),  # Longer than our own name, it is another's.
        (["Loafenza", "Slow"], SLOWMERE),  # A Latin name is refused in copy as a whole word only.
        (["锅" * LONGEST_NAME], HEARTH),
    ],
)
def test_a_competitors_name_can_stand(names: list[str], brand: Brand) -> None:
    assert faulty_name(names, brand, rulepacks.chinese()) is None
