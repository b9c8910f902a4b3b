"""Structure: one call to action at most, the length that the column asks for, and the parts of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain.brands import Language
from copilot.domain.checks.measures import length
from copilot.domain.columns import Form
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.forms import missing_parts
from copilot.domain.legible import has_words
from copilot.domain.messages import Message
from copilot.domain.sentences import sentences

# A notice says how to take part and whom to ask; an article goes through many things.
_ASKS_MORE = frozenset({Form.ANNOUNCEMENT, Form.ARTICLE})

# What follows tells an invitation from a remark: 下单后48小时发货 asks for nothing.
_REMARK = "(?!后|的|时|满|前|量|成功|完|过|了|率|截图|规则|名单|榜|结果|情况|顺序|以后|之后|都|也)"
_ZH = re.compile(
    r"(?<![已不别勿未无可])(?:点击|戳(?=这|链|下|小|图|→|👇)|扫码|长按|下单|加购|抢购|私信|私聊|接龙|投票|报名|预约|签到|打卡"
    r"|领取|(?:在)?评论区(?=说|聊|写|留|告诉|见)|留言(?=告|说|聊|写|[^\u4e00-\u9fff]|$)|回复(?=[^\u4e00-\u9fff]|关键|数字|编号|序号|答案|你的)"
    rf"|(?<![就我们会再])在群里[说聊][一两几]句|晒(?:图|单|出)|告诉我们|扣\d){_REMARK}"
)
# What earns points is told, not asked for (打卡一次得 5 积分), and so is what to do in some case (要换的时候私聊掌柜).
_EARNING = re.compile(r"打卡|签到|下单|晒[图单出]|报名|投票|接龙")
_POINTS = re.compile(r"\d\s*(?:个)?积分|积分(?:不|可|到|翻)")
_URGED = re.compile(r"(?:请|来|快|记得|别忘了?|一起|欢迎|赶紧|马上|现在|今天就)[^，。！？；]{0,3}$")
_CASE = re.compile(r"(?:的时候|时)，?(?:请|可以|就|再)?$")
_EN = re.compile(
    r"(?:^|[.!?:;,\n—-]\s*|\b(?:please|just|now|and|then|to (?:join|order|enter|vote)),?\s+)"
    r"(?:reply|order|shop|buy|book|vote|sign up|click|tap|comment|dm us|message us|subscribe|register"
    r"|claim|grab|drop us|tell us|share (?:your|a)|send (?:us|the word)|join us|check in|pre-order|rsvp"
    r"|have a look at (?:it|them|this|these) (?:on|at)|put (?:it|them|one) in(?:to)? your basket|enter the code|use the code)\b",
    re.IGNORECASE,
)


def structure(
    text: str, language: Language, wanted: tuple[int, int] | None, form: Form | None = None
) -> tuple[Finding, ...]:
    """Warns about a second call to action, a length out of the column's range (least, most) and a missing part.

    A text without a word blocks: emoji alone may be kept, and tell a reader nothing that somebody could approve.
    """
    if text.strip() and not has_words(text):
        reason = Message("finding.structure.wordless")
        return (Finding(Check.STRUCTURE, "wordless", Severity.BLOCK, 0, 0, "", reason),)
    return (*_find(text, language, wanted, form), *_missing(text, language, form))


def calls_to_action(text: str, language: Language) -> list[tuple[int, int]]:
    """The sentences that ask the reader to do something, by their offsets."""
    asks = _asks_in_chinese if language is Language.ZH else _EN.search
    return [(a, b) for a, b in sentences(text, language) if asks(text[a:b])]


def _asks_in_chinese(sentence: str) -> bool:
    tells_points = _POINTS.search(sentence) is not None
    return any(
        not _CASE.search(before)
        and not (tells_points and _EARNING.match(found[0]) and not _URGED.search(before))
        for found in _ZH.finditer(sentence)
        for before in (sentence[: found.start()],)
    )


def _missing(text: str, language: Language, form: Form | None) -> Iterator[Finding]:
    for part in missing_parts(form, text, language) if form is not None and text.strip() else ():
        reason = Message(f"finding.structure.missing_{part}")
        yield Finding(Check.STRUCTURE, f"missing_{part}", Severity.WARN, 0, 0, "", reason)


def _find(
    text: str, language: Language, wanted: tuple[int, int] | None, form: Form | None
) -> Iterator[Finding]:
    calls = calls_to_action(text, language) if form not in _ASKS_MORE else []
    for start, end in calls[1:]:
        reason = Message("finding.structure.calls_to_action", {"count": len(calls)})
        yield Finding(Check.STRUCTURE, "calls_to_action", Severity.WARN, start, end, text[start:end], reason)
    if wanted is not None and text.strip():
        least, most = wanted
        actual = length(text, language)
        rule = "too_short" if actual < least else "too_long" if actual > most else ""
        if rule:
            message = Message(
                f"finding.structure.{rule}_{language}", {"least": least, "most": most, "actual": actual}
            )
            yield Finding(Check.STRUCTURE, rule, Severity.WARN, 0, 0, "", message)
