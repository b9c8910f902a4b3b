"""Orders to whoever writes: what a material may contain, and what is neither evidence nor anything to tell."""

from __future__ import annotations

import re
from functools import lru_cache

# Said to a machine: it stands in no material that a brand wrote for people, and in no copy.
_TO_A_MACHINE = (
    r"(?:ignore|disregard|forget|override|bypass) (?:all |any |every |the |your |of )*(?:previous|prior|above|earlier|preceding|other|these|those|instructions?|rules?|guidelines)\b"
    r"|system ?prompt\b|developer mode|(?:starting|initial|hidden|system) (?:instructions|message)"
    r"|instructions you were given|i was instructed to|(?:this|the) entire conversation|the above text"
    r"|language model|you are now\b|from now on,? you (?:are|will|must)|<script|javascript:|onerror\s?=|drop table"
    r"|系统提示|提示词|系统指令|(?:最初|原始|隐藏|初始)的?指令|(?:以上|上面|全部)对话|开发者模式|你现在是一?[个名位]|从现在起你|作为(?:一[个名])?(?:AI|人工智能|语言模型)"
    r"|(?:忽略|无视|忘掉|忘记|不要理会|不用管)(?:掉)?(?:以上|之前|前面|上面|上述|所有|一切|你的|先前|此前)"
)
# Said to whoever answers: what the answer, the reply, the copy is to be like.
_ABOUT_THE_ANSWER = (
    r"\b(?:your|in (?:the|this|each)) (?:next )?(?:reply|response|output)s?\b"
    r"|\b(?:in|to|of|within|into) your (?:next )?answer\b|\b(?:provide|express|give|write) your answer (?:in \w+ encoding|using|only|as|back)"
    r"|\b(?:modify|augment|enhance|alter|adjust|change|reverse|encrypt|encode|scramble|translate|render|express|rewrite) your answer\b"
    r"|\b(?:reply|respond|answer|output|speak) (?:only )?(?:in|using|with) (?:reverse|base ?\d\d|json|html|markdown|code|emojis?|morse|rhymes?|capitals|english|spanish|french|german|italian|portuguese|russian|chinese|japanese|latin)\b"
    r"|(?:在|把|给|用).{0,16}(?:回复|回答|答案|文案|正文|输出)(?:里|中|的?末尾|的?结尾|的?开头|前|后|全部|都|整[个段篇]).{0,10}(?:加|写|附|插|带|改|换|翻|译|倒)"
    r"|(?:你的|本次|这次|下一[条次])(?:回复|回答|输出)|(?:把|将)(?:回复|回答|输出|文案|正文).{0,6}(?:改|换|翻|译|倒|写)成?"
)
# Says what the copy is to say.
_TO_SAY = (
    r"^\W*(?:please |always |also )*(?:claim|pretend) that\b"
    r"|\b(?:tell|ask|remind|urge|offer|inform) (?:the |all |our )?(?:readers|audience|users)\b"
    r"|(?:告诉|提醒|引导|要求|让)(?:所有|全体)?(?:读者|用户|看到的人)"
)
# Words with which a chat tells its machine who speaks.
_ROLE = r"^\W*(?:<\|?)?(?:system|developer|assistant|im_start|new (?:instructions?|policy|rules?)|系统(?:消息|通知|指令)|管理员指令)(?:\|?>|[\]】)）:：]|: )"
# Asks for a text of its own, which has nothing to do with the material around it.
_FOR_ANOTHER_TEXT = (
    r"^\W*(?:can you |could you |please |now )*(?:write|compose|draft|generate|create|provide|show|give|tell)\b.{0,16}"
    r"\b(?:poem|haiku|limerick|sonnet|essay|joke|song|rap|letter|recipe|python|function|code|program|example of how)\b"
    r"|^\W*(?:请|帮我|给我|麻烦)*(?:写|作|编|来|讲)(?:一|首|篇|个|段|封|则){1,3}.{0,12}(?:诗|作文|论文|代码|程序|笑话|信|歌)"
)
# Wants to be told something. It may well be meant for people, but it states nothing.
_WISH = re.compile(
    r"^\W*(?:can you |could you |please |now )*(?:explain|describe|summari[sz]e|analy[sz]e|break down|outline|elaborate on|translate|discuss"
    r"|suggest|provide (?:an?|some|any|details|insights|examples|information)|give (?:me|us) (?:an?|some|any|details|examples))\b"
    r"|^\W*(?:请|帮我|给我)+(?:解释|描述|总结|概括|分析|翻译|列举|介绍|推荐|讲讲|说说)",
    re.IGNORECASE,
)
_ORDER = re.compile(
    f"{_TO_A_MACHINE}|{_ABOUT_THE_ANSWER}|{_TO_SAY}|{_ROLE}|{_FOR_ANOTHER_TEXT}", re.IGNORECASE
)
# What only a machine, or somebody who steers one, says; "you are now one of us" and "ignore the last message" are
# said to members, too.
_MACHINE = re.compile(
    r"system ?prompt\b|developer mode|(?:initial|hidden|system) instructions|language model|\bas an ai\b"
    r"|instructions you were given|i was instructed to|this entire conversation"
    r"|i(?:['’]m| am) (?:sorry|unable|not able)[^.!?\n]{0,40}(?:assist|help|comply|provide|fulfil)|i(?:['’]m| am) sorry,? but i can(?:['’]t|not)|i can(?:['’]t|not) (?:assist|comply)"
    r"|<script|javascript:|onerror\s?=|drop table"
    r"|系统提示|提示词|系统指令|隐藏的?指令|开发者模式|作为(?:一[个名])?(?:AI|人工智能|语言模型)"
    r"|(?:请|麻烦)(?:你)?(?:先)?提供(?:相关|具体)?的?(?:素材|文案|要求|内容)|(?:按照?|根据)(?:你|您)的(?:要求|建议|指示)"
    r"|我(?:无法|不能)(?:协助|提供|回答|完成|满足)",
    re.IGNORECASE,
)
# What is hidden between letters hides the word from a pattern, too.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


@lru_cache(maxsize=8192)
def is_order(sentence: str) -> bool:
    """Whether a sentence of a material speaks to whoever writes, not to its readers."""
    return _ORDER.search(_UNSEEN.sub("", sentence)) is not None


def wants(sentence: str) -> bool:
    """Whether it orders something of its writer, or wants to be told something."""
    return is_order(sentence) or _WISH.search(sentence) is not None


def states(sentence: str) -> bool:
    """Whether a sentence of a material says something at all: it neither asks nor wants anything."""
    return not sentence.rstrip().endswith(("?", "？")) and not wants(sentence)


def machine_talk(text: str) -> list[tuple[int, int]]:
    """Where a text speaks of prompts and instructions, or refuses, as only a model or who steers one does."""
    return [match.span() for match in _MACHINE.finditer(text)]
