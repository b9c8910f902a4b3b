"""The welcome: welfare first, questions in the middle, rules last; and the same words as a template of WeCom's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.brands import Language
from copilot.domain.sentences import sentences


class Part(StrEnum):
    """What a newcomer is told, in the order in which it is heard."""

    WELFARE = "welfare"
    QUESTIONS = "questions"
    RULES = "rules"


ORDER = tuple(Part)

NICKNAME = "%NICKNAME%"
TEMPLATE_BYTES = 3000
"""What WeCom takes of a group's welcome template (`externalcontact/group_welcome_template/add`), in UTF-8."""

# The name of a part says it in a word; 问候 is a greeting, and asks nothing.
_NAMES = {
    Part.WELFARE: re.compile(r"福利|权益|礼(?!貌)|券|优惠|积分|welfare|benefit|gift|perk|reward|offer", re.I),
    Part.QUESTIONS: re.compile(r"问(?!候)|答疑|咨询|question|faq|help|ask", re.I),
    Part.RULES: re.compile(r"规|公约|须知|红线|rule|guideline|manner", re.I),
}
_WORDS = {
    Language.ZH: {
        Part.WELFARE: r"福利|优惠|新人券|券|礼包|礼物|积分|红包|免费|专享|立减|元|折|领取|可领|送你",
        Part.QUESTIONS: r"疑问|问题|常问|怎么|如何|多久|什么时候|发货|物流|快递|退换?货|换货|退款|售后|客服|咨询|解答|运费|小时内|[?？]",
        Part.RULES: r"群规|规矩|规则|公约|禁止|请勿|不要|别发|不发|不可以|不得|广告|外部链接|刷屏|骂人|争吵|违规|请出|移出|尊重|安静",
    },
    Language.EN: {
        Part.WELFARE: r"\bgifts?\b|\bpoints?\b|\bdiscounts?\b|\bcodes?\b|\bvouchers?\b|\bfree\b|\boffers?\b|\bperks?\b|£|\$|€|% off"
        r"|\bnew members?\b|\bon joining\b",
        Part.QUESTIONS: r"\bquestions?\b|\bask\b|\bhow (?:do|long|to|can)\b|\banswer|\bhelp\b|\bdeliver|\bdispatch|\breturns?\b"
        r"|\bsupport\b|\bworking (?:days|hours)\b|\?",
        Part.RULES: r"\brules?\b|\bmanners\b|\bplease (?:keep|be|do not|don't)\b|\bno (?:ads?|adverts?|advertising|selling|spam|links?)\b"
        r"|\bbe kind\b|\bnot allowed\b|\bremoved?\b|\brespect|\bone subject\b",
    },
}
_COMPILED = {
    language: {part: re.compile(pattern, re.I) for part, pattern in parts.items()}
    for language, parts in _WORDS.items()
}


@dataclass(frozen=True)
class Place:
    """Where a part of the welcome is told: the sentence that says most of it."""

    part: Part
    start: int
    end: int
    text: str


def places(text: str, language: Language) -> tuple[Place, ...]:
    """The parts that the copy tells, in the order in which it tells them; one that is not recognised is missing."""
    best: dict[Part, tuple[int, int, int]] = {}
    for start, end in sentences(text, language):
        said = text[start:end]
        weights = {part: len(set(found.findall(said))) for part, found in _COMPILED[language].items()}
        part = max(weights, key=weights.__getitem__)
        if weights[part] > best.get(part, (0, 0, 0))[0]:
            best[part] = (weights[part], start, end)
    found = [Place(part, start, end, text[start:end]) for part, (_, start, end) in best.items()]
    return tuple(sorted(found, key=lambda place: place.start))


def part_of(name: str) -> Part | None:
    """Which part of a welcome the part of a column's structure is, by its name."""
    return next((part for part, pattern in _NAMES.items() if pattern.search(name)), None)


def in_order(parts: Sequence[Part]) -> bool:
    """Whether these parts stand in the order of a welcome, whatever is missing or told twice."""
    turns = [ORDER.index(part) for part in parts]
    return turns == sorted(turns)


def structure_in_order(structure: Sequence[str]) -> bool:
    """Whether a column's structure has them in order; parts that are none of the three may stand anywhere."""
    return in_order([part for name in structure if (part := part_of(name)) is not None])


@dataclass(frozen=True)
class Welcome:
    """A welcome's copy: where its parts are told, and its words as WeCom keeps them as a template."""

    places: tuple[Place, ...]
    template: str

    @property
    def is_in_order(self) -> bool:
        return in_order([place.part for place in self.places])

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that no sentence was recognised as; a person may know better."""
        told = {place.part for place in self.places}
        return tuple(part for part in ORDER if part not in told)

    @property
    def bytes(self) -> int:
        return len(self.template.encode("utf-8"))

    @property
    def fits(self) -> bool:
        return self.bytes <= TEMPLATE_BYTES


def welcome(text: str, language: Language) -> Welcome:
    return Welcome(places(text, language), as_template(text, language))


def as_template(text: str, language: Language) -> str:
    """The copy with the placeholder at its head for which WeCom puts each newcomer's name."""
    if NICKNAME in text:
        return text
    return f"{NICKNAME}{'，' if language is Language.ZH else ', '}{text.strip()}"
