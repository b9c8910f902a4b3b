"""Words an offline answer to a member: the passage's own sentences between an authored beginning and end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.materials import Kind
from copilot.domain.replies import Telling
from copilot.domain.replies.talk import apologises

_ENDS = re.compile(r"[。！？!?.…；;][”’」』\"')）]*$")


@dataclass(frozen=True)
class _Phrases:
    """`sorry` comes first where something has gone wrong, `more` last where nothing has."""

    sorry: tuple[str, ...]
    more: tuple[str, ...]
    gap: str
    stop: str


_PHRASES = {
    Language.ZH: _Phrases(
        sorry=("让{you}费心了，先跟{you}说声抱歉。", "这件事让{you}不方便了，先给{you}赔个不是。"),
        more=("还有哪里不清楚，直接问我。", "想问得更细，随时说。"),
        gap="",
        stop="。",
    ),
    Language.EN: _Phrases(
        sorry=("I am sorry about that.", "I am sorry that it has gone like this."),
        more=("Ask again if any of it is unclear.", "Write back if that leaves a question."),
        gap=" ",
        stop=".",
    ),
}  # fmt: skip


def compose(
    question: str, tellings: Sequence[Telling], *, brand: Brand, voice: Voice, is_complaint: bool
) -> str:
    """The answer with its `[n]` markers; the same question gets the same words.

    An apology comes first where something has gone wrong, unless the passage begins with its own.
    """
    phrases = _PHRASES[brand.language]
    turn = int(hashlib.sha256(question.encode()).hexdigest()[:8], 16)
    numbers: dict[int, int] = {}
    told: list[str] = []
    for telling in tellings:
        number = numbers.setdefault(telling.source.passage, len(numbers) + 1)
        text = telling.text.strip()
        told.append(f"{text if _ENDS.search(text) else text.rstrip('，,、：:') + phrases.stop}[{number}]")
    steps = any(telling.is_step for telling in tellings)
    if steps:
        told = [f"{order}. {line}" for order, line in enumerate(told, 1)] if len(told) > 1 else told
    body = ("\n" if steps or _is_long(told, brand.language) else phrases.gap).join(told)
    is_script = any(telling.source.kind is Kind.COMPLAINT for telling in tellings)
    sorry = is_complaint and not apologises(body)
    first = [_said(phrases.sorry, turn, brand, voice)] if sorry else []
    last = [] if is_complaint or is_script else [_said(phrases.more, turn, brand, voice)]
    return "\n".join([*first, body, *last])


def _is_long(told: Sequence[str], language: Language) -> bool:
    return sum(len(line) if language is Language.ZH else len(line.split()) for line in told) > 60


def _said(pool: Sequence[str], turn: int, brand: Brand, voice: Voice) -> str:
    you = voice.address if brand.language is Language.ZH and voice.address in ("你", "您") else "你"
    return pool[turn % len(pool)].format(you=you)
