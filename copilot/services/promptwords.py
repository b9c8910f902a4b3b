"""Words that prompts take in, by language: values, fences, names of positions. Their sentences live in the files."""

from __future__ import annotations

import re

from copilot.domain.brands import Language
from copilot.domain.channels import Channel

NONE = {Language.ZH: "无", Language.EN: "none"}
COLON = {Language.ZH: "：", Language.EN: ": "}
AND = {Language.ZH: "、", Language.EN: ", "}
WEEKDAYS = {
    Language.ZH: ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FENCES = {
    Language.ZH: ("<<<素材 {n}｜{title}>>>", "<<<素材 {n} 完>>>", "{said}说："),
    Language.EN: ("<<<PASSAGE {n} | {title}>>>", "<<<END OF PASSAGE {n}>>>", "{said}, says:"),
}
NOTE_FENCES = {
    Language.ZH: ("<<<内部参考 {n}>>>", "<<<内部参考 {n} 完>>>"),
    Language.EN: ("<<<INTERNAL NOTE {n}>>>", "<<<END OF INTERNAL NOTE {n}>>>"),
}
EXAMPLE_FENCES = {
    Language.ZH: ("<<<范文 {n}>>>", "<<<范文 {n} 完>>>"),
    Language.EN: ("<<<APPROVED POST {n}>>>", "<<<END OF APPROVED POST {n}>>>"),
}
SENTENCE = {Language.ZH: "句 {n}：{text}", Language.EN: "Sentence {n}: {text}"}
# The order of a post that an editor puts a question into.
LEADS_UP = {
    Language.ZH: "先说这几件事，再请大家答题",
    Language.EN: "first what there is to tell, then an invitation to answer",
}
SOMEBODY = {Language.ZH: "某同行", Language.EN: "another maker"}
TRAITS: dict[Language, dict[str, tuple[str, str, str]]] = {
    Language.ZH: {
        "friendly": ("语气正式", "语气亲切得体", "语气像熟人"),
        "humorous": ("不开玩笑", "偶尔有一点幽默", "爱开小玩笑"),
        "literary": ("用大白话", "用平实的话", "可以有一点文采"),
    },
    Language.EN: {
        "friendly": ("Formal", "Friendly", "Like a friend"),
        "humorous": ("no jokes", "a touch of humour", "fond of a joke"),
        "literary": ("plain words", "simple words", "some literary colour"),
    },
}
EMOJI = {
    Language.ZH: ("不用表情符号。", "表情最多 {n} 个。", "表情最多 {n} 个，只用 {these}。"),
    Language.EN: ("No emoji.", "At most {n} emoji.", "At most {n} emoji, and only of these: {these}"),
}
INSTEAD = {Language.ZH: "写「{use}」，不写「{not_these}」", Language.EN: '"{use}", never "{not_these}"'}
POSITIONS: dict[Language, dict[Channel, str]] = {
    Language.ZH: {
        Channel.OFFICIAL_ACCOUNT: "公众号",
        Channel.WECOM_PRIVATE: "企业微信一对一",
        Channel.COMMUNITY: "社群",
        Channel.MOMENTS: "朋友圈",
        Channel.MALL: "小程序商城",
        Channel.VIDEO_CHANNEL: "视频号",
        Channel.LIVE: "直播",
        Channel.SLACK: "Slack 频道",
        Channel.TELEGRAM: "Telegram 群",
        Channel.DISCORD: "Discord 频道",
        Channel.EMAIL: "邮件",
        Channel.SMS: "短信",
    },
    Language.EN: {
        Channel.OFFICIAL_ACCOUNT: "Official Account article",
        Channel.WECOM_PRIVATE: "WeCom one-to-one message",
        Channel.COMMUNITY: "community group",
        Channel.MOMENTS: "Moments",
        Channel.MALL: "mini-program mall",
        Channel.VIDEO_CHANNEL: "video channel",
        Channel.LIVE: "live stream",
        Channel.SLACK: "Slack channel",
        Channel.TELEGRAM: "Telegram group",
        Channel.DISCORD: "Discord channel",
        Channel.EMAIL: "email",
        Channel.SMS: "text message",
    },
}
CHOOSE = {
    Language.ZH: "从素材里挑一段，最多两段，讲其中的两三件事。",
    Language.EN: "Choose one passage, two at most, and tell two or three things of it.",
}
OWN_GREETING = {
    Language.ZH: "自己写一句问候，或直接进入场景",
    Language.EN: "a greeting of your own, or straight into the scene",
}
# What tells a sentence of an example that states or tells something.
TELLING = {
    Language.ZH: re.compile(r"[\dA-Za-z「“我]|掌柜"),
    Language.EN: re.compile(r"[\d\"“]|\b(?:I|me|my|mine|we|us|our)\b", re.I),
}
# The parts of a column's structure that the prompt spells out anyway.
GIVEN = {
    Language.ZH: frozenset({"问候", "行动", "行动号召", "落款"}),
    Language.EN: frozenset({"greeting", "call to action", "sign-off"}),
}
# (from this hour on, words that greet at this time); the first entry also covers the hours after the last.
DAYPARTS: dict[Language, tuple[tuple[int, tuple[str, ...]], ...]] = {
    Language.ZH: ((5, ("早",)), (11, ("中午", "午安")), (14, ("下午", "午后")), (18, ("晚", "夜"))),
    Language.EN: ((5, ("morning",)), (12, ("noon",)), (13, ("afternoon",)), (18, ("evening", "night"))),
}
