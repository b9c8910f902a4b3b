"""Tone by rules: how official or friendly a text reads, from words that a person can point at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.brands import Language, Scales
from copilot.domain.checks.measures import inside, length, quotations


class Trait(StrEnum):
    FRIENDLY = "friendly"
    HUMOROUS = "humorous"
    LITERARY = "literary"


@dataclass(frozen=True)
class Marker:
    """A stretch that pulls the tone one way, and what says the same the other way (None: reword by hand)."""

    start: int
    end: int
    friendly: bool
    weight: float
    rewrite: str | None


@dataclass(frozen=True)
class ToneScore:
    """A trait of the text from 0 to 100 beside what the voice wants; a score of None is *not scored*."""

    trait: Trait
    score: int | None
    wanted: int
    markers: tuple[Marker, ...] = ()

    @property
    def passes(self) -> bool | None:
        return None if self.score is None else abs(self.score - self.wanted) <= TOLERANCE


TOLERANCE = 35
_PRIOR = 1.5  # Markers of each side that a text is taken to have: two words do not make a tone.
_SHORTEST = {Language.ZH: 12, Language.EN: 6}  # Below, there is too little to judge.
_USUAL = {Language.ZH: 120, Language.EN: 60}  # Longer texts have more markers without being more so.

_ZH_OFFICIAL: Mapping[str, str | None] = {
    "尊敬的": "亲爱的",
    "特此通知": "跟大家说一声",
    "特此公告": "跟大家说一声",
    "特此": "",
    "敬请期待": "等你来",
    "敬请谅解": "多多包涵",
    "敬请": "请",
    "烦请": "请",
    "恳请": "请",
    "请予以": "请",
    "予以": None,
    "兹定于": "定在",
    "兹": None,
    "鉴于": "因为",
    "贵公司": "您那边",
    "贵客": "客人",
    "贵方": "您那边",
    "即日起": "从今天起",
    "请知悉": "记得看一眼",
    "请悉知": "记得看一眼",
    "望周知": "和大家说一声",
    "为盼": "",
    "谨此": "",
    "该商品": "这款",
    "该产品": "这款",
    "届时": "到时候",
    "如若": "如果",
    "若有": "如果有",
    "进行购买": "购买",
    "进行下单": "下单",
    "广大用户": "大家",
    "广大客户": "大家",
    "广大消费者": "大家",
    "公告如下": "说几件事",
    "通知如下": "说几件事",
    "倘若": "如果",
    "务请": "请",
    "谢绝": None,
    "不得": None,
    "凭此": "用这个",
    "解释权": None,
}
_ZH_FRIENDLY: Mapping[str, str | None] = {
    "咱们": "我们",
    "咱": "我们",
    "家人们": "各位",
    "宝子们": "各位",
    "宝宝们": "各位",
    "姐妹们": "各位",
    "小伙伴": "伙伴",
    "哈喽": "您好",
    "嗨": "您好",
    "嘿": "您好",
    "早呀": "早上好",
    "亲爱的": "尊敬的",
    "一起": None,
    "聊聊": None,
    "悄悄": None,
    "慢慢": None,
    "超级": "非常",
    "等你": None,
    "快来": "欢迎",
    "搞定": "完成",
    "安排上": "准备好",
}
_ZH_PARTICLES = re.compile(
    r"[呀哦啦哟呢嘛噢耶咯](?=[，。！？～~…,.!?\s]|$|[^\w])|吧(?=[，。！？～~…,.!?\s]|$)|[～~]+"
)
_ZH_QUESTIONS = re.compile(r"[？?]")

_EN_OFFICIAL: Mapping[str, str | None] = {
    "please be advised that": "",
    "please be advised": "",
    "please note that": "",
    "kindly": "please",
    "we regret to inform you that": "sorry to say,",
    "we regret to inform you": "sorry to say",
    "hereby": "",
    "dear valued customers": "Hello everyone",
    "dear valued customer": "Hello",
    "dear customers": "Hello everyone",
    "dear customer": "Hello",
    "dear sir or madam": "Hello",
    "utilise": "use",
    "utilize": "use",
    "commence": "start",
    "commences": "starts",
    "prior to": "before",
    "in order to": "to",
    "subsequent to": "after",
    "terminate": "end",
    "should you require": "if you need",
    "should you have": "if you have",
    "at your earliest convenience": "when you can",
    "regarding": "about",
    "assistance": "help",
    "pursuant to": "under",
    "herewith": "",
    "in accordance with": "under",
    "we are pleased to announce": None,
    "it is our pleasure": None,
    "do not hesitate to": None,
    "purchase": "buy",
    "purchases": None,
    "furthermore": "also",
    "therefore": "so",
    "inform": "tell",
    "is required": None,
    "are required": None,
    "esteemed": None,
    "valued": None,
}
_EN_PLAIN: Mapping[str, str] = {
    "do not": "don't",
    "does not": "doesn't",
    "cannot": "can't",
    "will not": "won't",
    "we will": "we'll",
    "you will": "you'll",
    "we are": "we're",
    "you are": "you're",
    "it is": "it's",
    "we have": "we've",
}
_EN_FRIENDLY: Mapping[str, str | None] = {
    "hey": "hello",
    "hiya": "hello",
    "hi": "hello",
    "morning": None,
    "folks": "members",
    "friends": None,
    "guys": "members",
    "fancy": None,
    "cosy": None,
    "cozy": None,
    "treat yourself": None,
    "lovely": None,
    "tell us": None,
    "come and": None,
    "we'd love": "we would like",
    "pop in": "visit",
    "a bit": None,
    "loads of": "many",
    "thanks": "thank you",
    "yay": "",
}
_EN_CONTRACTION = re.compile(
    r"\b(?:(?:i|you|we|they)['’](?:re|ve|ll|d|m)|(?:it|that|here|there|what|let|who)['’]s|\w+n['’]t)\b", re.I
)
_EN_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be) (?:\w+ly )?\w{3,}ed\b", re.I)
_EN_QUESTIONS = re.compile(r"\?")
_EXPANDED = {contraction: full for full, contraction in _EN_PLAIN.items()}


def _words(markers: Mapping[str, str | None], *, whole: bool) -> re.Pattern[str]:
    """One pattern for all; the longest wins."""
    listed = "|".join(re.escape(word) for word in sorted(markers, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b" if whole else listed, re.IGNORECASE)


_ZH_OFFICIAL_WORDS = _words(_ZH_OFFICIAL, whole=False)
_ZH_FRIENDLY_WORDS = _words(_ZH_FRIENDLY, whole=False)
_EN_OFFICIAL_WORDS = _words(_EN_OFFICIAL, whole=True)
_EN_FRIENDLY_WORDS = _words(_EN_FRIENDLY, whole=True)
_EN_PLAIN_WORDS = _words(_EN_PLAIN, whole=True)


def tone(text: str, scales: Scales, language: Language) -> tuple[ToneScore, ...]:
    """Every trait of the voice. Humour and literary colour are not words to count, so they stay unscored."""
    found = markers(text, language)
    return (
        ToneScore(Trait.FRIENDLY, _score(text, found, language), _wanted(scales.friendly), found),
        ToneScore(Trait.HUMOROUS, None, _wanted(scales.humorous)),
        ToneScore(Trait.LITERARY, None, _wanted(scales.literary)),
    )


def markers(text: str, language: Language) -> tuple[Marker, ...]:
    """What makes the text official or friendly, in its order, without overlaps; quotations are left out."""
    quoted = quotations(text)
    kept: list[Marker] = []
    furthest = 0
    candidates = _zh_markers(text) if language is Language.ZH else _en_markers(text)
    for marker in sorted(candidates, key=lambda marker: (marker.start, -marker.end)):
        if marker.start >= furthest and not inside(quoted, marker.start):
            kept.append(marker)
            furthest = marker.end
    return tuple(kept)


def _zh_markers(text: str) -> list[Marker]:
    found = _listed(text, _ZH_OFFICIAL_WORDS, _ZH_OFFICIAL, friendly=False)
    found += _listed(text, _ZH_FRIENDLY_WORDS, _ZH_FRIENDLY, friendly=True)
    found += [Marker(*match.span(), True, 1.0, "") for match in _ZH_PARTICLES.finditer(text)]
    found += [Marker(*match.span(), True, 0.5, None) for match in _ZH_QUESTIONS.finditer(text)]
    return found


def _en_markers(text: str) -> list[Marker]:
    found = _listed(text, _EN_OFFICIAL_WORDS, _EN_OFFICIAL, friendly=False)
    found += _listed(text, _EN_FRIENDLY_WORDS, _EN_FRIENDLY, friendly=True)
    found += _listed(text, _EN_PLAIN_WORDS, _EN_PLAIN, friendly=False, weight=0.5)
    found += [Marker(*match.span(), False, 0.5, None) for match in _EN_PASSIVE.finditer(text)]
    found += [Marker(*match.span(), True, 0.5, None) for match in _EN_QUESTIONS.finditer(text)]
    found += [
        Marker(*match.span(), True, 1.0, _cased(match[0], _EXPANDED.get(match[0].lower().replace("’", "'"))))
        for match in _EN_CONTRACTION.finditer(text)
    ]
    return found


def _listed(
    text: str,
    pattern: re.Pattern[str],
    rewrites: Mapping[str, str | None] | Mapping[str, str],
    *,
    friendly: bool,
    weight: float = 1.0,
) -> list[Marker]:
    return [
        Marker(*match.span(), friendly, weight, _cased(match[0], rewrites[match[0].lower()]))
        for match in pattern.finditer(text)
    ]


def _cased(found: str, rewrite: str | None) -> str | None:
    """The rewrite with a capital where the original had one, so that sentences still begin with one."""
    return rewrite[:1].upper() + rewrite[1:] if rewrite and found[:1].isupper() else rewrite


def _score(text: str, found: tuple[Marker, ...], language: Language) -> int | None:
    size = length(text, language)
    if size < _SHORTEST[language]:
        return None
    scale = min(1.0, _USUAL[language] / size)
    friendly = scale * sum(marker.weight for marker in found if marker.friendly)
    official = scale * sum(marker.weight for marker in found if not marker.friendly)
    return round(100 * (friendly + _PRIOR) / (friendly + official + 2 * _PRIOR))


def _wanted(level: int) -> int:
    """A scale's level from 1 to 5 as the middle of its fifth of 0 to 100."""
    return 20 * level - 10
