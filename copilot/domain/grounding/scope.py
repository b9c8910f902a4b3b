"""For whom and when: what a source grants some people or some days, and a copy everybody, or always."""

from __future__ import annotations

import re

# Of everybody, everywhere, always.
_ALL = re.compile(
    r"人人|每个人|谁都|任何人|所有(?:人|顾客|会员|朋友)|不管(?:谁|哪|什么时候|买多少|多少|是不是)|无论(?:谁|哪|什么时候|多少|是否)"
    r"|不限(?:身份|会员|新老)|哪天都|任何时候|早晚(?:都|均|皆)|早上晚上都|早晚皆可|全国(?:都|包)|全城(?!热)|新老?(?:朋友|学员|客户?|顾客|会员)?[、和]?老(?:朋友|学员|客户?|顾客|会员)都|不挑(?:人|日子|时间)|全场|全店|一律|每一?[单笔件](?:都|均|皆|全)|无门槛|不限金额|不限[量购]|没有?门槛|想[买要]几|不设门槛|随便[买用]"
    r"|(?<![a-z])(?:every(?:one|body)|every (?:single )?(?:customer|client|member|order|parcel|visitor)|any(?:one|body)(?! (?:who|with))|any (?:day|time|hour|order)(?! soon)|at any (?:point|time)|all (?:customers|clients|orders|visitors)|no matter (?:who|when|where|your)|whatever your|whoever you|whenever you|any day of the week|anywhere in|islands included|weekends? (?:too|included)|all (?:our )?(?:parcels|products)|no minimum|as (?:many|much)[a-z ]{0,30} as you (?:like|want|please)|no limit|without (?:a )?minimum|whatever you (?:buy|order|spend)|no matter how (?:much|little))(?![a-z])",
    re.IGNORECASE,
)
# Of some people, places, days or sums only.
_SOME = re.compile(
    r"仅限?|只限|最多|至多|每[人单]限|限(?:会员|新|首|本人|老|工作日|到店|前)|只(?:对|在|能)|不参加|不参与|不适用|除外|以外|(?:周末|节假日)[^，。；]{0,6}不|首次|新(?:学员|客户?|会员|用户)|岁以上|工作日|单笔满|满[ ]?[0-9]|[不未]满"
    r"|(?<![a-z])(?:only|members|new (?:clients|customers|members)|first[- ]time|except|excluding|not (?:eligible|valid|available|included)|up to|monday to|weekdays|mainland|aged [0-9]+|and over|over £|orders (?:over|under|of)|existing|at most|no more than|or more)(?![a-z])",
    re.IGNORECASE,
)
# How a copy tells of a limit in passing.
_TOLD = re.compile(r"会员(?![日价卡])|本人|才[能可行]")


def says_all(copy: str) -> bool:
    """Whether a sentence of copy speaks of everybody, or of always, and tells of no limit."""
    return bool(_ALL.search(copy)) and not _SOME.search(copy) and not _TOLD.search(copy)


def is_limited(source: str) -> bool:
    """Whether this text of a source grants something to some only, or at times."""
    return bool(_SOME.search(source)) and not _ALL.search(source)
