"""What a fact is called: the words of the material that stand around its figure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from copilot.domain.brands import Language
from copilot.domain.cutting import cut
from copilot.domain.facts.canonical import dimension
from copilot.domain.facts.identity import normalised
from copilot.domain.facts.reading import Value
from copilot.domain.facts.values import FactKind
from copilot.domain.grounding.topics import at_odds, topics
from copilot.domain.quantities.lists import listed

_HAN = re.compile(r"[一-鿿]")
_HAN_LEAD = re.compile(r"^(?:的|是|也|都|就|要|和|与|把|而|并且?|请|先|再|各|之|，|：|:|、|。|\s)+")
_HAN_TAIL = re.compile(
    r"(?:也?是|也|在|就|要|为|有|约|大约|大概|只要|只收|卖|到手|正好是|：|:|，|、|（|\(|得|一?共|收|都|\s)+$"
)
_EN_EDGE = frozenset(
    listed(
        "a an the up s cost costs is are was were be for of on at to with and or its it that which this pay ",
        "pays take takes weighs weigh stands stand measures measure same  needs by about only just has have had from then than so but their they you your we",
    )
)
_ANSWER = re.compile(r"^(?:答|问|A|Q)[：:]")
_VARIANT = re.compile(r" in [A-Z][a-z]+")
_BY_UNIT = {
    "ml": ("容量", "capacity"),
    "g": ("重量", "weight"),
    "mm": ("尺寸", "size"),
    "C": ("温度", "temperature"),
    "s": ("时长", "duration"),
    "month": ("期限", "period"),
}
_GAP = "…"
_MOST_HAN = 20
_MOST_WORDS = 8
_HANGING = " 的了和与、，及或"
_PART = re.compile(r"[a-z0-9]+|[^\W_]")
_PRICE = re.compile(r"价格|价钱|售价|单价|定价|价|(?<![a-z])(?:the|our|its|prices?|costs?)(?![a-z])")
_TURNING = frozenset(listed("非 不 未 无 没 免 除 non not no without before except ex"))
_LIKE = 0.6
_EDGES = " \t，,。.；;：:、!！?？（）()【】「」“”\"'"


def before(text: str, low: int, at: int, mentions: Sequence[tuple[int, int]]) -> str:
    """The words of a clause before its figure, without the product's own name."""
    stretch = [(max(low, start), end) for start, end in mentions if low <= start and end <= at]
    after_name = tidy(text[stretch[-1][1] if stretch else low : at])
    if after_name or not stretch:
        return after_name
    return tidy(text[low : stretch[0][0]])


def widened(text: str, start: int, end: int, context: str) -> str:
    """A product's name with what the title adds to it: 雾蓝色小灶陶锅, Keeper Jar in Slate."""
    low = start
    while low > 0 and _HAN.match(text[low - 1]) and text[low - 1 : end] in context:
        low -= 1
    after = _VARIANT.match(text, end)
    if after and text[start : after.end()] in context:
        return text[start : after.end()]
    return text[low:end]


def usual(kind: FactKind, value: Value, language: str) -> str:
    """What a value without words before it is called."""
    chinese = language == Language.ZH
    if kind is FactKind.PRICE:
        return "价格" if chinese else "price"
    names = _BY_UNIT.get(dimension(value.unit), ("规格", "specification"))
    return names[0] if chinese else names[1]


def tidy(words: str) -> str:
    """A name without what only ties it into its sentence, and short enough for a heading."""
    if _HAN.search(words):
        bare = _HAN_LEAD.sub("", _ANSWER.sub("", words.strip(_EDGES)))
        bare = _HAN_TAIL.sub("", bare).strip(_EDGES)
        return _last(bare)
    kept = words.strip(_EDGES).split()
    while kept and kept[-1].lower().strip(_EDGES) in _EN_EDGE:
        kept.pop()
    while kept and kept[0].lower().strip(_EDGES) in _EN_EDGE:
        kept.pop(0)
    return " ".join(kept[-6:]).strip(_EDGES)


def elided(text: str, low: int, high: int, gap: tuple[int, int]) -> str:
    """A clause with a gap for its figure, cut to the words nearest to it."""
    start, end = max(low, gap[0]), min(high, gap[1])
    left, right = text[low:start].lstrip(), text[end:high].rstrip()
    if _HAN.search(left + right):
        return f"{_last(_ANSWER.sub('', left))}{_GAP}{_first(right)}".strip(_EDGES)
    before, after = left.split()[-6:], right.split()
    if len(after) > _MOST_WORDS:
        after = after[:_MOST_WORDS]
        while after and after[-1].lower().strip(_EDGES) in _EN_EDGE:
            after.pop()
    return " ".join([*before, _GAP, *after]).strip(_EDGES)


def _first(text: str) -> str:
    """The first words of a Chinese text, none of them cut in two and none left hanging."""
    kept = ""
    for word in cut(text):
        if len(kept) + len(word) > _MOST_HAN:
            return kept.rstrip(_HANGING)
        kept += word
    return kept


def _last(text: str) -> str:
    kept = ""
    for word in reversed(cut(text)):
        if len(kept) + len(word) > _MOST_HAN:
            return kept
        kept = word + kept
    return kept


def specific(name: str) -> list[str]:
    """What a name says beyond that it is a price: 会 员 of 会员价, nothing of "the price"."""
    folded = re.sub(r"['’]", "", unicodedata.normalize("NFKC", name).casefold())
    parts = _PART.findall(_PRICE.sub(" ", folded))
    return [part.removesuffix("s") if len(part) > 2 else part for part in parts]


def alike(one: str, other: str) -> bool:
    """Whether one name is the other with something added: 会员专享价 and 会员价, but not 门店价 and 会员价.

    Names that differ in a word on both sides (a child's ticket, an adult's) are of two things, however much
    they share; so are names that a negation parts.
    """
    if topics_at_odds(one, other):
        return False
    short, long = sorted((specific(one), specific(other)), key=len)
    if not short or short == long:
        return short == long
    if SequenceMatcher(None, normalised(one), normalised(other)).ratio() < _LIKE:
        return False
    rest = iter(long)
    added: list[str] = []
    for part in short:
        for candidate in rest:
            if candidate == part:
                break
            added.append(candidate)
        else:
            return False
    return not _TURNING & {*added, *rest}


def topics_at_odds(one: str, other: str) -> bool:
    """Whether two stretches of text measure surely different things."""
    mine, its = ({topic.name for topic in topics(text)} for text in (one, other))
    return bool(mine and its) and all(at_odds(a, b) for a in mine for b in its)
