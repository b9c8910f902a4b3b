"""Reported speech: what a sentence has somebody say, between quotation marks or without them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain.brands import Language
from copilot.domain.sentences import HAN

_QUOTED = re.compile(r"[“\"「『](.{12,}?)(?:[”\"」』]|$)")
_ZH = re.compile(
    rf"(?:^|[，。！？；：、\s])([{HAN}]{{2,6}}?)(?:还|总|常|都|也|老|又|曾|常常|笑着|老是)?(?:说|觉得|告诉)(?:过|道)?"
    r"(?!明|法|不定|起|到|服|实话|好|声|一声|一句|说|来|是|的)[，,：:]?(.+)"
)
# Who is a person even where no material knows them; others are one if a material does.
_SOMEBODY = re.compile(
    rf"^[老小阿][{HAN}]$|(?:友|员|人|客|家|姨|姐|妹|哥|弟|叔|婶|妈|爸|爷|奶|师傅|老板|邻居)们?$"
)
# "To put it simply", "in the group, say": what stands before the verb is nobody.
_NOBODY = re.compile(r"[在跟和对给请来可就想能要把用再先怎什么谁你您我咱话常言]|比如|简单|老实|一般")
_EN = re.compile(
    r"(?:^|[,;:.!?—–-]\s*|\b(?:and|but|as|because|when) )((?!(?:I|We|You|It|Who|What|This|That)\b)[A-Z][\w'’-]+"
    r"(?: (?:in|of|from|and) [A-Z][\w'’-]+| [A-Z][\w'’-]+)?|[Aa] (?:member|customer|friend|neighbour|reader|regular)"
    r"|(?:[Ss]he|[Hh]e|[Tt]hey|[Ss]omeone|[Ee]veryone))"
    r" (?:once |always |also |still )?(?:says?|said|tells? (?:us|me)|told (?:us|me)|thinks?|thought|swears?|reckons?)(?: that)?,?"
    r"(?=:? [\w\"“‘'])(.{12,})"
)


def reported(sentence: str, language: Language, known: str) -> Iterator[str]:
    """The words that stand as somebody's. `known` tells who is a person where the words alone do not."""
    yield from (match[1] for match in _QUOTED.finditer(sentence))
    if language is Language.EN:
        yield from (match[2] for match in _EN.finditer(sentence))
        return
    for match in _ZH.finditer(sentence):
        who = match[1]
        if not _NOBODY.search(who) and (_SOMEBODY.search(who) or who in known):
            yield match[2]
