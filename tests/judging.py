"""The ledger of a copy on a few passages, as the tests of grounding ask for it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from copilot.domain.brands import Language
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.materials import Kind, Source

AT = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def judge(copy: str, *passages: str | tuple[str, str], products: tuple[str, ...] = ()) -> Ledger:
    """The ledger of a copy on passages, which may come with a title."""
    sources = [
        Source(
            passage=number,
            text=one if isinstance(one, str) else one[1],
            kind=Kind.SELLING_POINT,
            title="" if isinstance(one, str) else one[0],
        )
        for number, one in enumerate(passages, start=1)
    ]
    language = Language.ZH if any("一" <= character <= "鿿" for character in copy) else Language.EN
    return ledger(copy, sources, at=AT, language=language, products=products)
