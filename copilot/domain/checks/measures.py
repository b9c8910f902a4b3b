"""What can be counted in a copy: emoji, exclamation marks, lengths, quotations."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence

from copilot.domain.brands import Language

Span = tuple[int, int]

_PICTURE = (
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a\u231b\u23e9-\u23fa\u203c\u2049\u2122\u2139]"
)
_ONE_PICTURE = f"{_PICTURE}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*"
# WeChat writes its own emoji as names in brackets; only names that it knows count, [姓名] is a placeholder.
_WECHAT = (
    "微笑|呲牙|偷笑|愉快|憨笑|调皮|害羞|色|得意|大哭|流泪|捂脸|奸笑|机智|嘿哈|耶|加油|玫瑰|爱心|心碎|拥抱|强|鼓掌"
    "|胜利|抱拳|握手|OK|啤酒|咖啡|蛋糕|礼物|红包|發|福|烟花|爆竹|太阳|月亮|庆祝|吃瓜|旺柴|社会社会|合十|让我看看"
    "|哇|叹气|苦涩|翻白眼|裂开|Emm|天啊|汗|疑问|嘘|再见|坏笑"
)
_EMOJI = re.compile(
    rf"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE_PICTURE}(?:\u200d{_ONE_PICTURE})*|\[(?:{_WECHAT})\]"
)
_EXCLAMATIONS = re.compile(r"[!！]+")
_QUOTED = re.compile(r"“[^”]{0,300}”|「[^」]{0,300}」|『[^』]{0,300}』|\"[^\"\n]{0,300}\"")
_WORD = re.compile(r"[\w]+(?:['’-][\w]+)*")


def emoji(text: str) -> list[Span]:
    """Every emoji as a reader counts them: a family or a flag is one."""
    return [match.span() for match in _EMOJI.finditer(text)]


def exclamations(text: str) -> list[Span]:
    """Runs of exclamation marks, full or half width."""
    return [match.span() for match in _EXCLAMATIONS.finditer(text)]


def quotations(text: str) -> list[Span]:
    """What stands in quotation marks: somebody else's words, to which the brand's manners do not apply."""
    return [match.span() for match in _QUOTED.finditer(text)]


def inside(spans: Sequence[Span], at: int) -> bool:
    """Whether a place lies in one of these ordered spans that do not overlap."""
    before = bisect_right(spans, (at, sys.maxsize))
    return before > 0 and at < spans[before - 1][1]


def length(text: str, language: Language) -> int:
    """Characters without white space in Chinese, words in English."""
    if language is Language.ZH:
        return sum(not character.isspace() for character in text)
    return len(_WORD.findall(text))
