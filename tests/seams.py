"""Copies with words that fixes take out or replace, for whatever closes the seams that these leave."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

_WORDS = {
    "zh": ("顶级", "极品", "小灶", "陶锅", "焖饭", "好吃", "🍚", "群主", "3.5折", "AB"),
    "en": ("fresh", "baked", "sour", "loaf", "cheap", "crust", "rye", "3.5 kg", "www.a.com", "zest"),
}
_MARKS = {
    "zh": (
        "，",
        "，",
        "。",
        "、",
        "",
        "；",
        "：",
        "！",
        "？",
        "\n",
        "\n\n",
        "——",
        "……",
        "\n- ",
        "\n1. ",
        "\n2、",
    ),
    "en": (", ", ". ", " ", " ", "; ", ": ", "! ", "? ", "\n", "\n\n", " — ", " - ", "\n- ", "... "),
}
_HEADS = {"zh": ("", "", "- ", "👉", "1、", "🎉"), "en": ("", "", "- ", "👉", "1. ", "🎉 ")}
_PAIRS = {"zh": ("", "", "", "（）", "“”"), "en": ("", "", "", "()", '""')}
_WITHIN = {"zh": ("，", "、"), "en": (", ", " ")}
_INSTEAD = {"zh": "换词", "en": "other"}
LEFT_OVER = re.compile(
    r"[，、；：,;:—][ ]*[，、。！？；：,.!?;:](?!\.)"
    r"|^[ ]*[，。、；：！？,.!?;:]"
    r"|[^ \n][ ]{2,}|[ ]+[，。！？；：,.!?;:](?![A-Za-z0-9])|[ ]+$"
    r'|（）|“”|\(\)|""|\n{3,}'
    r"|[。！？][，。！？、；：]|[.!?,][ ]*[,;:]|[，、,]$"
    r"|[（“(][，、,。 ]|[，、,][）”)]",
    re.MULTILINE,
)
"""What nobody types on purpose: a comma before a full stop or at the start of a line, two spaces, an empty pair."""


@dataclass(frozen=True)
class Fixed:
    """A copy, no word of which stands there twice, and the findings that take some of its words out."""

    text: str
    findings: tuple[Finding, ...]


def any_copy(some: random.Random) -> Fixed:
    language = some.choice(("zh", "en"))
    words = some.sample(_WORDS[language], some.randint(1, 8))
    text, places = some.choice(_HEADS[language]), []
    while words:
        pair = some.choice(_PAIRS[language])
        within = [words.pop() for _ in range(min(len(words), some.randint(1, 2) if pair else 1))]
        text += pair[:1]
        for number, word in enumerate(within):
            text += some.choice(_WITHIN[language]) if number else ""
            places.append((len(text), word))
            text += word
        text += pair[1:] + some.choice(_MARKS[language])
    text = text.rstrip() if some.random() < 0.7 else text
    return Fixed(
        text,
        tuple(
            finding(start, word, some.choice(("", "", _INSTEAD[language])) if word.isalnum() else "")
            for start, word in places
            if some.random() < 0.45
        ),
    )


def finding(start: int, words: str, put: str) -> Finding:
    end = start + len(words)
    return Finding(Check.TERMS, "any", Severity.BLOCK, start, end, words, Message("x"), put)
