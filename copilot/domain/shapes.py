"""What a text of each position is made of, looked for in the text itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.checks.measures import emoji, length
from copilot.domain.positions import (
    BULLET,
    DIGEST,
    DIGEST_AT_MOST,
    NICKNAME,
    POSITIONS,
    Part,
    Position,
)
from copilot.domain.sentences import sentences


def shape_of(channel: Channel, text: str, language: Language, *, marketing: bool = True) -> tuple[Part, ...]:
    """The parts that a text of this position should have and lacks; empty when its form is complete.

    `text` is clean, without `[n]` markers. A one-to-one message that sells nothing (`marketing` False) may go
    without a word on how to refuse it. Lengths that a platform enforces are the business of the limits.
    """
    position = POSITIONS[channel]
    read = _Read(position, text, language)
    wanted = (part for part in position.parts if marketing or part is not Part.DECLINE)
    return tuple(part for part in wanted if not _HAS[part](read))


_MANY = {
    Language.ZH: re.compile("各位|大家|诸位|你们|您们|朋友们|小伙伴们|家人们"),
    Language.EN: re.compile(r"\b(?:everyone|everybody|all of you|you all|folks|hello,? all)\b", re.I),
}
_ANSWER = {
    Language.ZH: re.compile(r"回[我复个一]|[问告]诉?我|跟我说|说一声|[？?]\s*$", re.M),
    Language.EN: re.compile(
        r"\b(?:reply|answer|write back|ask me|tell me|drop me|let me know|say)\b|\?\s*$", re.I | re.M
    ),
}
_DECLINE = {
    Language.ZH: re.compile("不(?:想|要|用|需要)(?:再)?(?:收|发|看|这)|退订|拒收|不打扰"),
    Language.EN: re.compile(
        r"\b(?:no more|not for you|would rather not|rather not|stop|opt out|unsubscribe|fewer)\b", re.I
    ),
}
# What leads on stands at the end, with a sign-off after it at most.
_INVITES = {
    Language.ZH: re.compile(
        "群|直播间|商城|邮件|[问发回找]我|私聊|回复|聊聊|看看|登记|告诉|说来听听|来[看坐说聊]|[？?]"
    ),
    Language.EN: re.compile(
        r"\b(?:group|thread|stream|live|shop|basket|emails?|letter|ask|look|send|reply|answer|tell|come|join|see you)\b|\?",
        re.I,
    ),
}
_SPOKEN = {
    Language.ZH: re.compile("[你您我]|来|先别|听|说"),
    Language.EN: re.compile(r"\b(?:you|your|i|me|we|let)\b|[’']", re.I),
}
_LIVE = {Language.ZH: re.compile("直播"), Language.EN: re.compile(r"\blive\b|\bstream", re.I)}
_ENTRY = {
    Language.ZH: re.compile("(?:进|来|到|在)[^。！？\n]{0,8}直播间|直播间(?:里|见|等|坐)"),
    Language.EN: re.compile(
        r"\b(?:come (?:in|by|and)|join|drop in|step in|tune in|the stream|walk in)\b", re.I
    ),
}
_SIGNATURE = {Language.ZH: re.compile(r"【[^【】\n]{2,20}】"), Language.EN: re.compile(r"[^\n:]{2,40}: ")}
_OPTION = re.compile(r"[A-F][.．、)）]\s*\S")  # a poll's options are no paragraphs, and no sentences
_HASHTAG = re.compile(r"(?<!\w)[#＃][^\s#＃\d]")
_MASS_MENTION = re.compile(r"@\s*(?:所有人|全体|everyone|here|channel|all)\b", re.I)
_STOPS = tuple('。！!.…”"」')
_ENDS = (*_STOPS, "？", "?")
_PARAGRAPH = {Language.ZH: 130, Language.EN: 75}  # Beyond, a phone shows a wall.
_HOOK = {Language.ZH: 32, Language.EN: 16}


class _Read:
    """A text as its position's parts are looked for: its lines, and its paragraphs between blank lines."""

    def __init__(self, position: Position, text: str, language: Language) -> None:
        self.position = position
        self.text = text.strip()
        self.language = language
        self.lines = self.text.splitlines() or [""]
        self.filled = [line.strip() for line in self.lines if line.strip()] or [""]
        self.own = [line for line in self.filled if not _OPTION.match(line)]
        self.blocks = [block.strip() for block in re.split(r"\n\s*\n", self.text) if block.strip()]

    def among(self, patterns: Mapping[Language, re.Pattern[str]], text: str | None = None) -> bool:
        return bool(patterns[self.language].search(self.text if text is None else text))

    def title(self) -> bool:
        least, most = self.position.title
        first = self.lines[0].strip()
        return least <= len(first) <= most and not first.endswith(("。", ".", "；"))

    def digest(self) -> bool:
        second = self.filled[1] if len(self.filled) > 1 else ""
        prefix = DIGEST[self.language].strip()
        return second.startswith(prefix) and 0 < len(second.removeprefix(prefix).strip()) <= DIGEST_AT_MOST

    def headings(self) -> int:
        """Short lines of their own that end nothing and that a paragraph follows; line one is the title."""
        most = 24 if self.language is Language.ZH else 60
        heads = [
            len(block) <= most and "\n" not in block and not block.endswith(_STOPS) for block in self.blocks
        ]
        return sum(head and not after for head, after in pairwise(heads[1:]))

    def paragraphs(self) -> int:
        if self.position.channel is Channel.OFFICIAL_ACCOUNT:
            return sum(block.endswith(_ENDS) or "\n" in block for block in self.blocks[1:])
        return len(self.own if self.language is Language.ZH else self.blocks)

    def short(self) -> bool:
        parts = self.filled if self.language is Language.ZH else self.blocks
        return all(length(part, self.language) <= _PARAGRAPH[self.language] for part in parts)

    def few_sentences(self) -> bool:
        least, most = self.position.sentences
        return least <= len(sentences("\n".join(self.own), self.language)) <= most

    def summary(self) -> bool:
        """One or two sentences between the title and the first point."""
        firsts = [at for at, line in enumerate(self.filled) if line.startswith(BULLET.strip())]
        told = "\n".join(self.filled[1 : firsts[0]] if firsts else self.filled[1:])
        return 1 <= len(sentences(told, self.language)) <= 2


def _within(least: int, actual: int, most: int) -> bool:
    return least <= actual <= most


_HAS: Mapping[Part, Callable[[_Read], bool]] = {
    Part.TITLE: _Read.title,
    Part.DIGEST: _Read.digest,
    Part.SECTIONS: lambda read: read.headings() >= 2,
    Part.PARAGRAPHS: lambda read: _within(read.position.paragraphs[0], read.paragraphs(), read.position.paragraphs[1]),
    Part.SHORT_PARAGRAPHS: _Read.short,
    Part.NAME: lambda read: NICKNAME in read.filled[0],
    Part.ONE_PERSON: lambda read: not read.among(_MANY),
    Part.FEW_SENTENCES: _Read.few_sentences,
    Part.ANSWER: lambda read: read.among(_ANSWER, read.filled[-1]),
    Part.DECLINE: lambda read: read.among(_DECLINE),
    Part.CALL: lambda read: read.among(_INVITES, "\n".join(read.filled[-2:])),
    Part.HOOK: lambda read: 0 < length(read.lines[0], read.language) <= _HOOK[read.language],
    Part.FEW_LINES: lambda read: len(read.lines) <= read.position.lines,
    Part.NO_HASHTAGS: lambda read: not _HASHTAG.search(read.text),
    Part.SUMMARY: _Read.summary,
    Part.POINTS: lambda read: any(line.startswith(BULLET) for line in read.filled),
    Part.SPOKEN: lambda read: len(read.filled) > 1 and read.among(_SPOKEN, read.filled[1]),
    Part.ANNOUNCED: lambda read: read.among(_LIVE, read.filled[0]),
    Part.ENTRY: lambda read: read.among(_ENTRY),
    Part.SUBJECT: lambda read: read.title() and len(read.lines) > 1 and not read.lines[1].strip(),
    Part.BODY: lambda read: len(read.blocks) > 2,
    Part.SIGNATURE: lambda read: bool(_SIGNATURE[read.language].match(read.text)),
    Part.ONE_BLOCK: lambda read: len(read.blocks) == 1,
    Part.NO_EMOJI: lambda read: not emoji(read.text),
    Part.NO_MASS_MENTION: lambda read: not _MASS_MENTION.search(read.text),
}  # fmt: skip
