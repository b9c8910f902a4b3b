"""Opposite sorts of one thing: what is said of standard shipping is not said of express, and 年度 is not 季度."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

# Of one thing at two times, which are told in clauses of one sentence.
_STATES: tuple[tuple[str, ...], ...] = (
    (
        r"[未没](?:有)?(?:开封|拆封|开盖|拆|用过|使用)",
        r"(?<![未没有])(?:(?:开封|拆封|开盖|拆开)(?:后|之后|以后|了|的)|[拆开]了封|(?:用|拆|开)过的)",
    ),
    (r"unopened|unused", r"once (?:it['’]s )?open(?:ed)?|after opening|(?:an )?opened|used(?= [a-z]+ can)"),
)
_OPPOSITES: tuple[tuple[str, ...], ...] = (
    (r"express", r"standard"),
    (r"weekly", r"fortnightly", r"monthly", r"quarterly", r"annual(?:ly)?|yearly"),
    (r"in[- ]store", r"online"),
    (r"adults?(?:['’]s?)?|grown[- ]ups?", r"child(?:ren)?(?:['’]s)?|kids?(?:['’])?|youth|juniors?"),
    (r"single", r"double", r"family"),
    (r"before (?:meals|eating|food|you eat)", r"after (?:meals|eating|food|you eat)"),
    (
        r"new (?:clients?|customers?|members?)|first[- ]timers?",
        r"existing (?:clients?|customers?|members?)|returning (?:clients?|customers?)|been (?:to|with) us before",
    ),
    (r"hardback|hardcover", r"paperback"),
    (r"eat(?:ing)?[- ]in|dine[- ]in", r"take[- ]?aways?|take[- ]?out"),
    *(
        (rf"first {day}", rf"second {day}", rf"third {day}", rf"last {day}")
        for day in ("(?:mon|tues|wednes|thurs|fri|satur|sun)day",)
    ),
    (r"第一个(?:周|星期)", r"第二个(?:周|星期)", r"第三个(?:周|星期)", r"最后一个(?:周|星期)"),
    (r"季度|按季", r"年度|按年|包年", r"按月|包月"),
    (r"堂食|到店吃", r"外卖|打包带走"),
    (r"普通快递|标准快递|平邮", r"加急|特快"),
    (r"单人", r"双人"),
    (r"[饭餐]前", r"[饭餐]后"),
    (r"新(?:客户?|学员|会员|用户|朋友)", r"老(?:客户?|学员|会员|用户|朋友)"),
    (r"团课|大班课?", r"小班课?", r"一对一|私教"),
    *_STATES,
)
_SORTS = {
    f"s{row}_{number}": row for row, opposites in enumerate(_OPPOSITES) for number, _ in enumerate(opposites)
}
_SPELT = re.compile(
    "|".join(
        f"(?P<s{row}_{number}>"
        + (rf"(?<![A-Za-z])(?:{spelled})(?![A-Za-z])" if spelled.isascii() else spelled)
        + ")"
        for row, opposites in enumerate(_OPPOSITES)
        for number, spelled in enumerate(opposites)
    ),
    re.IGNORECASE,
)


_OF_STATES = frozenset(sort for sort, row in _SORTS.items() if row >= len(_OPPOSITES) - len(_STATES))


@lru_cache(maxsize=4096)
def sorts(text: str) -> frozenset[str]:
    return frozenset(match.lastgroup or "" for match in _SPELT.finditer(text))


def lasting_sorts(text: str) -> frozenset[str]:
    """As `sorts`, without those that hold for one clause only: unopened, and opened, where both are told."""
    found = sorts(text)
    rows = Counter(_SORTS[sort] for sort in found & _OF_STATES)
    return frozenset(sort for sort in found if rows[_SORTS[sort]] < 2)


def sorts_of_things(text: str) -> frozenset[str]:
    """As `sorts`, without states."""
    return sorts(text) - _OF_STATES


def opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the two speak of opposite sorts of one thing, and of no sort together."""
    mine, theirs = ({_SORTS[sort] for sort in said} for said in (one, other))
    return not one & other and bool(mine & theirs)
