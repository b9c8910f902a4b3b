"""Rules that habits and edits show, as lines of a profile: in the brand's language, because copy is written by them."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.brands import Language

_RULES: Mapping[Language, Mapping[str, str]] = {
    Language.ZH: {
        "ask": "每条内容问大家一个问题，只问一个。",
        "call": "每条内容只请大家做一件事，并写清怎么做。",
        "lines": "一条内容分 {low} 到 {high} 行写，一行说一件事。",
        "lines_same": "一条内容写 {low} 行，一行说一件事。",
        "words": "常用这些词：{words}。",
        "no_exclamations": "不用感叹号。",
        "no_emoji": "不用表情。",
        "shorter": "比初稿再短一点，说完就收。",
        "longer": "比初稿多写一点，把话说完整。",
        "no_greeting": "不用问候语开头，直接说事。",
        "no_question": "结尾不提问。",
    },
    Language.EN: {
        "ask": "Ask the reader one thing, and only one.",
        "call": "Ask for one action in each post, and say how.",
        "lines": "Set a post in {low} to {high} lines, one thing to a line.",
        "lines_same": "Set a post in {low} lines, one thing to a line.",
        "words": "Words that are ours: {words}.",
        "no_exclamations": "Do not use exclamation marks.",
        "no_emoji": "Do not use emoji.",
        "shorter": "Keep it shorter than the first draft: say it and stop.",
        "longer": "Say a little more than the first draft does.",
        "no_greeting": "Do not open with a greeting; begin with the matter.",
        "no_question": "Do not end on a question.",
    },
}


def rule(name: str, language: Language, **values: object) -> str:
    return _RULES[language][name].format(**values)
