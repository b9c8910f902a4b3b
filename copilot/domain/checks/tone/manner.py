"""What can be counted of how a text is written, whatever it is about: addresses, little words, marks, lengths, figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from math import log, sqrt

from copilot.domain.brands import Language
from copilot.domain.checks.measures import emoji, quotations
from copilot.domain.checks.tone.lexicon import listed, lowered, pairs, words_of
from copilot.domain.checks.tone.scoring import scored

_ZH_LITTLE = "的了着就也都不是在有把会还很这那一请可以于将为其之与由上下个来去到好说要能给没"
_ZH_LITTLE_NAMED = tuple((f"w_{word}", word) for word in _ZH_LITTLE)
_ZH_GRAMMAR = frozenset(_ZH_LITTLE) - frozenset("上下来去好说") | frozenset(
    "你您我他她它们们什么怎呢吗吧啊呀哦啦"
)
_EN_LITTLE = tuple(
    listed(
        """
        the a an and of to in for with is are it that this but so just or if at on by from as be not
        no was were has have had will would can could all one please when what who how there here
        been should may which than then
        """
    )
)

_ZH_ADDRESS: Mapping[str, tuple[str, ...]] = {
    "a_you": ("你",),
    "a_you_polite": ("您",),
    "a_we": ("我们", "咱"),
    "a_everyone": ("各位", "大家"),
    "a_people": ("们",),
}
_EN_ADDRESS: Mapping[str, tuple[str, ...]] = {
    "a_you": ("you", "your", "yours", "yourself", "you're", "you'll", "you've", "you'd"),
    "a_we": ("we", "our", "us", "ours", "we're", "we'll", "we've", "we'd", "let's"),
    "a_i": ("i", "my", "me", "mine", "i'm", "i'll", "i've", "i'd"),
    "a_everyone": ("everyone", "all", "members", "customers", "friends", "folks"),
    "a_they": ("they", "their", "them", "he", "she", "him", "her", "his"),
}
_EN_LITTLE_NAMED = tuple((f"w_{word}", word) for word in _EN_LITTLE)
_EN_GRAMMAR = frozenset(_EN_LITTLE).union(*_EN_ADDRESS.values()) - {"members", "friends", "folks"}
_ZH_MARKS: Mapping[str, str] = {
    "m_comma": "，,",
    "m_stop": "。",
    "m_exclamation": "！!",
    "m_question": "？?",
    "m_pause": "、",
    "m_colon": "：:",
    "m_semicolon": "；;",
    "m_ellipsis": "…",
    "m_dash": "—",
    "m_bracket": "（(",
    "m_quotation": '“「"',
    "m_title": "《",
}
_EN_MARKS: Mapping[str, str] = {
    "m_comma": ",",
    "m_stop": ".",
    "m_exclamation": "!",
    "m_question": "?",
    "m_colon": ":",
    "m_semicolon": ";",
    "m_ellipsis": "…",
    "m_dash": "—–",
    "m_bracket": "(",
    "m_quotation": '“"',
}
_EN_ENDS: Mapping[str, tuple[str, ...]] = {
    "w_ing": ("ing",),
    "w_ed": ("ed",),
    "w_ly": ("ly",),
    "w_noun": ("ion", "ment", "ance", "ence", "ity"),
}
_PARTICLES = "呀哦啦哟呢嘛噢耶咯呐哈吧吗啊～~"
_DIGITS = "0123456789"

_CLAUSE_ENDS = re.compile(r"[，。！？!?；：、…～\n][，。！？!?；：、…～\s]*")
_SENTENCE_ENDS = {
    Language.ZH: re.compile(r"[。！？!?；;…～\n][。！？!?；;…～\s]*"),
    Language.EN: re.compile(r"[.!?;](?=\s|$)[.!?;\s]*|\n\s*"),
}
_SPACED = re.compile(r"[0-9] [㐀-鿿]|[㐀-鿿] [0-9]")
_LATIN = re.compile(r"[a-z]+")
_FIGURE = re.compile(r"[0-9]+")
_SHORTENED = ("n't", "'re", "'ve", "'ll", "'d", "'m")
_IS_SHORT = frozenset(
    f"{what}'s" for what in ("it", "that", "here", "there", "what", "let", "who", "he", "she")
)
_CAPITALS = re.compile(r"[A-Z][A-Z]+(?![a-z])")

_ZH_GREETING = re.compile(r"早|[上中下晚]午?好|你好|您好|大家好|各位|哈喽|嗨|亲爱的|尊敬的|欢迎|好呀|来啦")
_EN_GREETING = re.compile(r"\b(?:hello|hi|hey|hiya|dear|morning|afternoon|evening|noon|welcome|greetings)\b")
_OPENING = 14  # Characters in which a text greets, if it does; twice as many in English.


def manner(text: str, language: Language) -> dict[str, float]:
    """By feature, its measure: shares of a hundred characters or words as square roots, lengths as logarithms.

    Roots, because the spread of a rare mark grows with its rate; logarithms, because lengths multiply.
    """
    own = _own_words(text)
    found = _zh(own) if language is Language.ZH else _en(own)
    for trait, score, _ in scored(text, language):
        found[f"t_{trait}"] = (50 if score is None else score) / 10
    return found


def _own_words(text: str) -> str:
    """The text without what others say in it."""
    quoted = quotations(text)
    if not quoted:
        return text
    edges = [0, *(edge for span in quoted for edge in span), len(text)]
    return "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _zh(text: str) -> dict[str, float]:
    counts = Counter(text)
    count = counts.get
    size = max(1, len(text) - counts[" "] - counts["\n"])
    each = 100 / size
    found = {name: sqrt(count(word, 0) * each) for name, word in _ZH_LITTLE_NAMED}
    for name, words in _ZH_ADDRESS.items():
        found[name] = sqrt(sum(map(text.count, words)) * each)
    found["a_i"] = sqrt((counts["我"] - text.count("我们")) * each)
    found["t_particles"] = sqrt(sum([count(one, 0) for one in _PARTICLES]) * each)
    for name, marks in _ZH_MARKS.items():
        found[name] = sqrt(sum([count(mark, 0) for mark in marks]) * each)
    found["m_emoji"] = sqrt(_pictures(text) * each)
    found["f_figures"] = sqrt(sum([count(digit, 0) for digit in _DIGITS]) * each)
    found["f_spaced"] = sqrt(len(_SPACED.findall(text)) * each)
    found["f_latin"] = sqrt(len(_LATIN.findall(text)) * each)
    found["s_sentence"] = log(size / _parts(_SENTENCE_ENDS[Language.ZH], text))
    found["s_clause"] = log(size / _parts(_CLAUSE_ENDS, text))
    _lines(text, size, found)
    found["s_greets"] = float(_ZH_GREETING.search(text[:_OPENING]) is not None)
    return found


def _en(text: str) -> dict[str, float]:
    small = lowered(text)
    words = words_of(small)
    count = Counter(words).get
    size = max(1, len(words))
    each = 100 / size
    found = {name: sqrt(count(word, 0) * each) for name, word in _EN_LITTLE_NAMED}
    for name, forms in _EN_ADDRESS.items():
        found[name] = sqrt(sum([count(form, 0) for form in forms]) * each)
    long = [word for word in words if len(word) > 4]
    for name, ends in _EN_ENDS.items():
        found[name] = sqrt(sum([word.endswith(ends) for word in long]) * each)
    found["t_contractions"] = sqrt(
        sum(["'" in word and (word in _IS_SHORT or word.endswith(_SHORTENED)) for word in words]) * each
    )
    for name, marks in _EN_MARKS.items():
        found[name] = sqrt(sum(map(text.count, marks)) * each)
    found["m_emoji"] = sqrt(_pictures(text) * each)
    found["f_figures"] = sqrt(len(_FIGURE.findall(text)) * each)
    found["f_capitals"] = sqrt(len(_CAPITALS.findall(text)) * each)
    found["s_word"] = sum(map(len, words)) / size
    found["s_sentence"] = log(size / _parts(_SENTENCE_ENDS[Language.EN], text))
    _lines(text, size, found)
    found["s_greets"] = float(_EN_GREETING.search(small[: 2 * _OPENING]) is not None)
    return found


def _pictures(text: str) -> int:
    """How many emoji; the first of them stands far behind letters and quotation marks."""
    return len(emoji(text)) if max(text, default="") >= "\u203c" else 0


def _parts(ends: re.Pattern[str], text: str) -> int:
    """Into how many parts these marks cut a text; what comes after the last of them is a part too."""
    found = [match.end() for match in ends.finditer(text)]
    return max(1, len(found) + (not found or found[-1] < len(text)))


def _lines(text: str, size: int, found: dict[str, float]) -> None:
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    found["s_line"] = log(size / max(1, len(lines)))
    found["s_open"] = sum(line[-1].isalnum() for line in lines) / max(1, len(lines))


def is_little(turn: str, language: Language) -> bool:
    """Whether a turn has a little word in it, which makes it grammar and no name."""
    if language is Language.ZH:
        return any(letter in _ZH_GRAMMAR for letter in turn)
    return any(len(word) == 1 or word in _EN_GRAMMAR for word in turn.split("_"))


def turns(text: str, language: Language) -> frozenset[str]:
    """Pairs of characters in Chinese, words and pairs of them in English: what a brand says again and again."""
    if language is Language.ZH:
        return frozenset([pair for pair in pairs(lowered(text)) if pair.isalpha() and not pair.isascii()])
    words = words_of(lowered(text))
    return frozenset(words) | frozenset(map("_".join, pairwise(words)))
