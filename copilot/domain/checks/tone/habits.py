"""What in a text is unlike the brand's examples, as habits that a person can see: each with a span where there is one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp

from copilot.domain.brands import Language
from copilot.domain.checks.measures import emoji, inside, length, quotations
from copilot.domain.checks.tone.own import Profile, against, speaks_of_brand
from copilot.domain.checks.tone.values import Habit, Trait
from copilot.domain.sentences import sentences

MOST = 3
_TELLING = -0.4  # What a feature has to speak against a text to be named.
_FAR = 15  # Points of a scale.
_TWICE = 1.3  # From how many times the usual length on it is worth a word.

_ZH_SAID: Mapping[str, re.Pattern[str]] = {
    "a_we": re.compile(r"我们|咱们?"),
    "a_everyone": re.compile(r"各位|大家"),
    "a_people": re.compile(r"[㐀-鿿]{2}们"),
    "t_particles": re.compile(r"[呀哦啦哟呢嘛噢耶咯呐哈吧吗啊～~]"),
    "w_请": re.compile(r"请"),
    "w_于": re.compile(r"于"),
    "w_将": re.compile(r"将"),
}
_EN_SAID: Mapping[str, re.Pattern[str]] = {
    "a_everyone": re.compile(r"\b(?:everyone|members|customers|friends|folks)\b", re.I),
    "t_contractions": re.compile(
        r"\b(?:\w+n['’]t|\w+['’](?:re|ve|ll|d|m)|(?:it|that|here|there|what|let|who|he|she)['’]s)\b", re.I
    ),
    "w_please": re.compile(r"\bplease\b", re.I),
    "f_capitals": re.compile(r"\b[A-Z]{2,}\b"),
}
_SAID = {Language.ZH: _ZH_SAID, Language.EN: _EN_SAID}
_MARKS = {
    "m_exclamation": re.compile(r"[!！]+"),
    "m_question": re.compile(r"[?？]+"),
    "m_ellipsis": re.compile(r"…+"),
    "m_dash": re.compile(r"[—–]+"),
    "m_bracket": re.compile(r"[(（]"),
    "m_semicolon": re.compile(r"[;；]"),
    "m_pause": re.compile(r"、"),
}
_WRITTEN_OUT = re.compile(
    r"\b(?:do not|does not|cannot|will not|we will|you will|we are|you are|it is|we have)\b", re.I
)
_MISSED = {"m_exclamation": "no_exclamations", "m_question": "no_questions", "m_emoji": "no_emoji"}
_POLITE, _PLAIN = "您", "你"


def stray_habits(
    text: str, profile: Profile, examples: Sequence[str], language: Language
) -> tuple[Habit, ...]:
    """The most telling first, three at the most; one about the whole where nothing can be named."""
    ranked = sorted(
        (speaks * _FAMILY_WEIGHT.get(name[0], 1.0), name, value)
        for speaks, name, value in against(text, profile, language)
        if speaks < _TELLING
    )
    found: dict[str, Habit] = {}
    if profile.words and not speaks_of_brand(text, profile, language):
        words = brand_words(tuple(examples), profile.words, language)
        found["no_own_words"] = Habit("no_own_words", params={"words": words})
    for _, name, value in ranked:
        more = value > profile.usual(name)
        habit = _named(text, name, more, value, profile, language)
        if habit is not None:
            found.setdefault(habit.name, habit)
        if len(found) == MOST:
            break
    return tuple(found.values()) or (Habit("elsewhere"),)


# A reader hears tone and build before little words.
_FAMILY_WEIGHT = {"s": 1.6, "t": 1.5, "m": 1.2, "a": 1.2}


def _named(
    text: str, name: str, more: bool, value: float, profile: Profile, language: Language
) -> Habit | None:
    if name in ("s_sentence", "s_line"):
        return _length(text, name, more, value, profile, language)
    if name == "s_greets":
        line = re.match(r"[^\n。！!.]*", text.lstrip())
        if not more or line is None:
            return None if more else Habit("no_greeting")
        start = len(text) - len(text.lstrip())
        return Habit("greeting", start, start + line.end(), {"found": line[0]})
    if name in ("a_you", "a_you_polite") and language is Language.ZH:
        return _address(text, name, more, profile)
    if name.startswith("t_") and name[2:] in (Trait.FRIENDLY, Trait.HUMOROUS, Trait.LITERARY):
        if abs(value - profile.usual(name)) * 10 < _FAR:
            return None
        params = {"trait": round(10 * value), "usual": round(10 * profile.usual(name))}
        return Habit(f"{'more' if more else 'less'}_{name[2:]}", params=params)
    if more:
        return _surplus(text, name, language)
    if name == "t_particles":
        return Habit("no_particles")
    if name == "t_contractions":
        written = next(_outside(text, _WRITTEN_OUT), (0, 0))
        return Habit("no_contractions", *written)
    return Habit(_MISSED[name]) if name in _MISSED else None


def _length(
    text: str, name: str, more: bool, value: float, profile: Profile, language: Language
) -> Habit | None:
    """Sentences or lines that are longer than the examples' own; the longest of them is shown."""
    times = exp(value - profile.usual(name)) if more else exp(profile.usual(name) - value)
    if times < _TWICE:
        return None
    kind = "sentences" if name == "s_sentence" else "lines"
    params = {"times": f"{times:.1f}"}
    if not more:
        return Habit(f"short_{kind}", params=params)
    spans = (
        sentences(text, language) if kind == "sentences" else [m.span() for m in re.finditer(r"[^\n]+", text)]
    )
    start, end = max(spans, key=lambda span: length(text[span[0] : span[1]], language), default=(0, 0))
    return Habit(f"long_{kind}", start, end, params)


def _address(text: str, name: str, more: bool, profile: Profile) -> Habit | None:
    """您 where the examples say 你, or the other way; where they say neither there is nothing to set it right by."""
    found, wanted = (_PLAIN, _POLITE) if name == "a_you" else (_POLITE, _PLAIN)
    other = "a_you_polite" if name == "a_you" else "a_you"
    said = next(_outside(text, re.compile(found)), None)
    if not more or said is None or profile.usual(other) <= profile.usual(name):
        return None
    return Habit("address", *said, {"found": found, "wanted": wanted})


def _surplus(text: str, name: str, language: Language) -> Habit | None:
    if name == "m_emoji":
        quoted = quotations(text)
        spans: Iterator[tuple[int, int]] = (one for one in emoji(text) if not inside(quoted, one[0]))
    elif name in _MARKS or name in _SAID[language]:
        spans = _outside(text, _MARKS[name] if name in _MARKS else _SAID[language][name])
    else:
        return None
    span = next(spans, None)
    if span is None:
        return None
    return Habit("said", *span, {"found": text[span[0] : span[1]]})


def _outside(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    quoted = quotations(text)
    return (match.span() for match in pattern.finditer(text) if not inside(quoted, match.start()))


@lru_cache(maxsize=64)
def brand_words(examples: tuple[str, ...], words: frozenset[str], language: Language) -> str:
    """The most frequent of a brand's own words, as its examples write them."""
    read: Callable[[str, frozenset[str]], Iterator[str]] = _zh_words if language is Language.ZH else _en_words
    seen: Counter[str] = Counter()
    written: dict[str, str] = {}
    for example in examples:
        for word in {word.lower(): word for word in read(example, words)}.values():
            seen[word.lower()] += 1
            written.setdefault(word.lower(), word)
    shown: list[str] = []
    for word, _ in sorted(seen.items(), key=lambda item: (-item[1], -len(item[0]))):
        if len(shown) < MOST and not any(word in longer.lower() for longer in shown):
            shown.append(written[word])
    return ("、" if language is Language.ZH else ", ").join(shown)


def _zh_words(text: str, words: frozenset[str]) -> Iterator[str]:
    """Runs of pairs that overlap are one word: 老板 and 板娘 are 老板娘."""
    start = end = 0
    for at in range(len(text)):
        if text[at : at + 2] in words:
            if at >= end:
                if end > start:
                    yield text[start:end]
                start = at
            end = at + 2
    if end > start:
        yield text[start:end]


def _en_words(text: str, words: frozenset[str]) -> Iterator[str]:
    """Words and pairs as they are written; pairs that overlap are one name."""
    start = end = 0
    said = list(re.finditer(r"[A-Za-z]+(?:['’][A-Za-z]+)*", text))
    for at, match in enumerate(said):
        pair = f"{said[at - 1][0]}_{match[0]}".lower() if at else ""
        is_next = end == said[at - 1].end() and text[end : match.start()].strip(" &") == ""
        if pair in words and is_next:
            end = match.end()
        elif match[0].lower() in words or any(one.startswith(f"{match[0].lower()}_") for one in words):
            if end > start:
                yield text[start:end]
            start, end = match.span()
    if end > start:
        yield text[start:end]
