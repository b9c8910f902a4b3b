"""What a rule finds by a function: where terms and patterns cannot say it, such as an amount above a bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from copilot.domain.quantities import FigureKind, figures

Detector = Callable[[str], Iterator[tuple[int, int]]]
"""Takes folded text (half width, simplified, small letters) and finds spans in it."""

_HIGHEST_PRIZE = Decimal(50_000)  # Yuan: Anti-Unfair Competition Law and SAMR Order 32.
_PRIZE = re.compile(r"奖|抽|价值|市价|市值|现金|豪礼|大礼|轿车|汽车|锦鲤|免单|金条|黄金")
_WORTH = re.compile(r"(?:价值|市价|市值|奖金|大奖|最高奖|特等奖|头奖|首付|现金|赢|送)[^\d,]{0,4}$")
_WON = re.compile(r"^\s?(?:的)?(?:现金|大奖|奖金|豪礼|轿车|汽车|奖品|等你)")
_SENTENCE = re.compile(r"[^。!?;\n]+")


def prizes_above_the_bound(text: str) -> Iterator[tuple[int, int]]:
    """Amounts of money above the highest lawful prize, in sentences that speak of prizes.

    In 8万元, 88,000元 and 八万八 alike; an amount that is said to be reached together is no prize.
    """
    for sentence in _SENTENCE.finditer(text):
        if not _PRIZE.search(sentence[0]):
            continue
        for figure in figures(sentence[0]):
            bare = figure.kind is FigureKind.NUMBER and bool(
                _WORTH.search(sentence[0][: figure.start]) or _WON.search(sentence[0][figure.end :])
            )
            is_money = bare or (figure.kind is FigureKind.PRICE and figure.unit == "CNY")
            amount = figure.high if figure.high is not None else figure.value
            if is_money and amount > _HIGHEST_PRIZE:
                yield sentence.start() + figure.start, sentence.start() + figure.end


DETECTORS: Mapping[str, Detector] = {"prizes_above_the_bound": prizes_above_the_bound}
