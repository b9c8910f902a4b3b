"""Whether a text says something or denies it."""

from __future__ import annotations

import re

# What denies a word behind it in its clause, and what does so from behind: 不可进微波炉, 连黄油都没放.
_BEFORE = re.compile(
    r"(?:不(?!但|仅|只|同|少|错|过|妨|光|管|论|然|如)|没|无(?!论|非|线)|别(?!人|致|墅)|勿|未(?!来)|避免"
    r"|(?<![A-Za-z])(?:not|no|never|without|nor|cannot)(?![A-Za-z])|n['’]t(?![A-Za-z]))[^，。；,.;！!？?]{0,14}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[^，。；,.;！!？?]{0,2}(?:都|也)(?:没|不|别)|[^，。；,.;！!？?]{0,3}(?:不行|不可|免了)|[- ]free(?![A-Za-z])"
)
# No milk, egg or nuts: each of the list is denied.
_LISTED = re.compile(
    r"(?<![A-Za-z])(?:no|without|nor)[ ][a-z-]{2,14}(?:,[ ][a-z-]{2,14}){0,4}(?:,[ ]|,?[ ](?:or|nor)[ ])$",
    re.IGNORECASE,
)
# Right before a promise: 不支持退换 and "are not refunded", where "if you are not happy, we refund" promises.
_RIGHT_BEFORE = re.compile(
    r"(?:不(?:予|支持|可以?|能|会|再|接受|提供|享受|参与|做|办理)?|无法|概不|恕不|没有|未)$"
    r"|(?:(?<![A-Za-z])(?:not|no|never|non|cannot|neither|nor)|n['’]t)[- ]"
    r"(?:(?:be|been|offer|do|give|get|any|currently|yet|eligible for|able to|a|the|issue|provide|accept)[ ])*$",
    re.IGNORECASE,
)
_REACH = 45


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether what stands there is denied in its clause."""
    before = text[max(0, start - _REACH) : start]
    return bool(_BEFORE.search(before) or _LISTED.search(before) or _AFTER.match(text[end : end + 8]))


def is_refused(text: str, start: int) -> bool:
    """Whether a promise that begins there is refused, by the words right before it."""
    return bool(_RIGHT_BEFORE.search(text[max(0, start - _REACH) : start]))
