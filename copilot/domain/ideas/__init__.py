"""Ideas for columns of one day: on festivals, on a community's own days, about a hot event.

Each audience has its own, written for it and not translated, without a claim about anything for sale. A festival
without an idea is only marked: on such a day the best column is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.brands import Language
from copilot.domain.columns import Form, Module
from copilot.domain.ideas import british, chinese
from copilot.domain.ideas.values import REWARD, TALK, Idea
from copilot.domain.materials import Kind

__all__ = [
    "FESTIVAL_IDEAS",
    "HOT_IDEAS",
    "KPIS",
    "LENGTHS",
    "NEW_PRODUCT_LINES",
    "NODE_IDEAS",
    "STRUCTURES",
    "Idea",
]

FESTIVAL_IDEAS: Mapping[Language, Mapping[str, Idea]] = {
    Language.ZH: chinese.FESTIVALS,
    Language.EN: british.FESTIVALS,
}
"""The ideas of each audience by the festival's slug."""

NODE_IDEAS: Mapping[Language, Mapping[str, Idea]] = {
    Language.ZH: {
        "first_meeting": Idea(
            "{name}",
            "{name}：时间、地点、流程，到不了的人怎么一起参加",
            "来的回「到」，来不了的回「云参加」。",
            Form.ANNOUNCEMENT,
            (Kind.POLICY, Kind.NEWS, Kind.CULTURE),
            Module.NOTIFICATION,
            before=(3,),
        ),
        "anniversary": Idea(
            "{name}",
            "{name}：翻出老照片和老聊天，谢谢一路在的人",
            "发一张你存的老照片，或写下你进群那天的事。",
            Form.PHOTO_REWARD,
            REWARD,
        ),
        "vote": Idea(
            "{name}",
            "{name}：要定的是什么、有哪几个选项、什么时候截止、结果怎么用",
            "投下你的一票，有别的想法也写出来。",
            Form.POLL,
            (Kind.POLICY, Kind.NEWS, Kind.CONCEPT),
            before=(2,),
        ),
        "other": Idea(
            "{name}", "{name}：这一天的来历，和大家一起做的一件小事", "说一句就算参加。", Form.TOPIC, TALK
        ),
    },
    Language.EN: {
        "first_meeting": Idea(
            "{name}",
            "{name}: when, where and how to join, and what those who cannot come can do",
            "Say whether you are coming, or joining from home.",
            Form.ANNOUNCEMENT,
            (Kind.POLICY, Kind.NEWS, Kind.CULTURE),
            Module.NOTIFICATION,
            before=(3,),
        ),
        "anniversary": Idea(
            "{name}",
            "{name}: old pictures, old threads, and thanks to those who were there",
            "Dig out a picture, or tell us about the day you joined.",
            Form.PHOTO_REWARD,
            REWARD,
        ),
        "vote": Idea(
            "{name}",
            "{name}: what is to be decided, the choices, the deadline, and what follows from it",
            "Cast your vote, and say so if your choice is missing.",
            Form.POLL,
            (Kind.POLICY, Kind.NEWS, Kind.CONCEPT),
            before=(2,),
        ),
        "other": Idea(
            "{name}",
            "{name}: how the day came about, and one small thing to do together",
            "One line is enough to take part.",
            Form.TOPIC,
            TALK,
        ),
    },
}
"""Columns for the community's own days, by the node's kind; `{name}` is what the community calls the day."""

HOT_IDEAS: Mapping[Language, Idea] = {
    Language.ZH: Idea(
        "群里聊聊",
        "「{name}」：先讲清是怎么回事，再听听大家怎么看",
        "你怎么看，说一句。",
        Form.TOPIC,
        (Kind.NEWS, Kind.TREND),
    ),
    Language.EN: Idea(
        "Have you heard?",
        "“{name}”: what happened, plainly told, and what members make of it",
        "What do you make of it?",
        Form.TOPIC,
        (Kind.NEWS, Kind.TREND),
    ),
}
"""The column for a hot event; `{name}` is the title of its material."""

NEW_PRODUCT_LINES: Mapping[Language, str] = {
    Language.ZH: "「{name}」这周登场：来历、做法、用法，一天讲一点",
    Language.EN: "Meet “{name}”: where it comes from, how it is made, a little every day",
}
"""What ties a week together when all that is new is a product."""

STRUCTURES: Mapping[Language, Mapping[Form, tuple[str, ...]]] = {
    Language.ZH: {
        Form.TOPIC: ("问候", "一个小场景", "一个好回答的问题"),
        Form.CHECK_IN: ("问候", "一个小场景", "打卡方法"),
        Form.PHOTO_REWARD: ("问候", "一个小场景", "晒什么", "奖励规则"),
        Form.POLL: ("问候", "要投的事", "选项", "截止时间"),
        Form.QUIZ: ("问候", "一道题", "选项", "揭晓时间"),
        Form.OFFER: ("问候", "优惠内容", "价格与数量", "截止时间", "行动"),
        Form.RED_ENVELOPE: ("祝福", "参与方法", "红包规则"),
        Form.LOTTERY: ("问候", "怎么参加", "奖品", "开奖时间"),
        Form.TEXT: ("问候", "一个场景", "来历", "一个好回答的问题"),
        Form.ANNOUNCEMENT: ("是什么事", "时间地点", "怎么参加"),
    },
    Language.EN: {
        Form.TOPIC: ("greeting", "scene", "question"),
        Form.CHECK_IN: ("greeting", "scene", "how to check in"),
        Form.PHOTO_REWARD: ("greeting", "scene", "what to show", "reward"),
        Form.POLL: ("greeting", "what we vote on", "choices", "deadline"),
        Form.QUIZ: ("greeting", "question", "answer_rule"),
        Form.OFFER: ("greeting", "offer", "conditions", "call_to_action"),
        Form.SOLITAIRE: ("first line", "how to join in"),
        Form.TEXT: ("greeting", "scene", "question"),
        Form.ANNOUNCEMENT: ("what", "when and where", "how to join"),
    },
}
"""The parts of each form, named as the brand's own columns name theirs."""

LENGTHS: Mapping[Language, tuple[int, int]] = {Language.ZH: (50, 200), Language.EN: (30, 120)}
"""Least and most, in characters and words, where no other column says what its readers are used to."""

KPIS: Mapping[Language, Mapping[Module, str]] = {
    Language.ZH: {
        Module.INTERACTION: "参与人数占群人数的比例",
        Module.NOTIFICATION: "当天回复的人数",
        Module.WELFARE: "参与并领取的人数",
        Module.CONVERSION: "询问人数和下单转化率",
        Module.SEEDING: "看完来问的人数",
    },
    Language.EN: {
        Module.INTERACTION: "Members who took part, as a share of active members",
        Module.NOTIFICATION: "Members who answered on the day",
        Module.WELFARE: "Members who took it up",
        Module.CONVERSION: "Questions asked and orders placed",
        Module.SEEDING: "Members who asked about it afterwards",
    },
}
"""What a column of each module is measured by, unless somebody sets another figure."""
